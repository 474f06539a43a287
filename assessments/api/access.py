"""How the API knows who asks, says what is wrong, turns pages and slows down the hasty."""

from __future__ import annotations

import json
from typing import Any

from rest_framework import status
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import APIException, ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import BaseParser
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle

from assessments.continuity.plan_file import MAX_BYTES as PLAN_BYTES
from assessments.report_jobs import TooManyOpen
from riskboard.accounts.limits import TooOften
from riskboard.errors import Refused

PROBLEM = "application/problem+json"
LARGEST = PLAN_BYTES + 64 * 1024  # docs/limits.md: the largest body is a plan


class ByWho(BaseAuthentication):
    """The asker whom AccessMiddleware has let in. Writes of a browser's session need the CSRF token; a token brings no cookies."""

    def authenticate(self, request: Any) -> tuple[Any, Any]:
        """(user, asker). Raises PermissionDenied where the CSRF token is missing."""
        asking = request._request.who
        if not asking.token:
            SessionAuthentication().enforce_csrf(request)
        return request._request.user, asking

    def authenticate_header(self, request: Any) -> str:
        """What a 401 says."""
        return 'Bearer realm="riskboard"'


class TooLarge(APIException):
    """A body beyond what is read."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = f"At most {LARGEST // 2**20} MiB are read."
    default_code = "too_large"


def body_of(stream: Any, context: Any, *, most: int = LARGEST) -> bytes:
    """The body, read no further than one byte beyond what is allowed. Raises TooLarge."""
    data: bytes = stream.read(most + 1)
    if len(data) > most:
        raise TooLarge(f"At most {most // 2**20} MiB are read.")
    return data


class StrictJSON(BaseParser):
    """JSON in UTF-8, as RFC 8259 has it: no NaN, no endless nesting, nothing half of a character."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The document. Raises ParseError saying what is wrong with it, and TooLarge."""
        try:
            text = body_of(stream, parser_context).decode()
            made = json.loads(text, parse_constant=_no_constant)
            json.dumps(made, ensure_ascii=False).encode()  # half a surrogate pair is no text that can be stored
        except (ValueError, RecursionError) as fault:
            raise ParseError(f"The body is no JSON that can be read: {str(fault)[:200]}") from fault
        return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


class ByteParser(BaseParser):
    """A file as the body, as it is: a table, a monitor's export."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> bytes:
        """Its bytes. Raises TooLarge."""
        return body_of(stream, parser_context)


class ByAsker(SimpleRateThrottle):
    """So many requests a minute for each token or person, whatever address they come from."""

    scope = "api"

    def get_cache_key(self, request: Any, view: Any) -> str:
        """The asker, by workspace."""
        asking = request._request.who
        workspace = asking.workspace.pk if asking.workspace else 0
        return self.cache_format % {"scope": self.scope, "ident": f"{workspace}:{asking.key}"[:200].replace(" ", "_")}


class Pages(CursorPagination):
    """Pages by cursor: rows that come or go meanwhile shift nothing. `?limit=` up to 200."""

    page_size, max_page_size, page_size_query_param = 50, 200, "limit"
    ordering = "pk"


def problem(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as RFC 9457: `title`, `status`, `detail`, and `errors` by field."""
    from rest_framework.views import exception_handler  # views read the settings that name this function

    if isinstance(exception, TooOften):
        response = said(
            status.HTTP_429_TOO_MANY_REQUESTS, "That was asked for too often", f"Nothing was done: {exception}."
        )
        response["Retry-After"] = str(exception.wait)
        return response
    if isinstance(exception, TooManyOpen):
        return said(status.HTTP_429_TOO_MANY_REQUESTS, "Too many reports at once", str(exception))
    if isinstance(exception, Refused):
        return said(status.HTTP_400_BAD_REQUEST, "That cannot be done", str(exception))
    response = exception_handler(exception, context)
    if response is None:
        return None
    data = response.data
    detail = data.get("detail") if isinstance(data, dict) else None
    body: dict[str, Any] = {"title": response.status_text, "status": response.status_code}
    body["detail"] = str(detail) if detail is not None else "Some fields cannot be used; see errors."
    if detail is None:
        body["errors"] = data if isinstance(data, dict) else {"body": data}
    response.data, response.content_type = body, PROBLEM
    if tag := getattr(exception, "tag", ""):
        response["ETag"] = tag
    return response


def said(code: int, title: str, detail: str) -> Response:
    """A problem in words."""
    return Response({"title": title, "status": code, "detail": detail}, status=code, content_type=PROBLEM)
