"""How the API knows who asks, says what is wrong, turns pages and slows down the hasty."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle

from riskboard.errors import Refused

PROBLEM = "application/problem+json"


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


class ByAsker(SimpleRateThrottle):
    """So many requests a minute for each token or person, whatever address they come from."""

    scope = "api"

    def get_cache_key(self, request: Any, view: Any) -> str:
        """The asker, by workspace."""
        asking = request._request.who
        workspace = asking.workspace.pk if asking.workspace else 0
        return self.cache_format % {"scope": self.scope, "ident": f"{workspace}:{asking.name}"[:200].replace(" ", "_")}


class Pages(CursorPagination):
    """Pages by cursor: rows that come or go meanwhile shift nothing. `?limit=` up to 200."""

    page_size, max_page_size, page_size_query_param = 50, 200, "limit"
    ordering = "pk"


def problem(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as RFC 9457: `title`, `status`, `detail`, and `errors` by field."""
    from rest_framework.views import exception_handler  # views read the settings that name this function

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
        body["errors"] = data
    response.data, response.content_type = body, PROBLEM
    return response


def said(code: int, title: str, detail: str) -> Response:
    """A problem in words."""
    return Response({"title": title, "status": code, "detail": detail}, status=code, content_type=PROBLEM)
