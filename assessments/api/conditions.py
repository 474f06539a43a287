"""Who changed it first? A write says which state it was made from (`If-Match`), and is refused where that is no longer so."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request

IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag of the state that was before you"
)


class Unconditional(APIException):
    """A write that does not say what it was made from."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Read it first, and send its ETag as If-Match: so nobody's work is overwritten unseen."
    default_code = "precondition_required"


class Stale(APIException):
    """Somebody saved first. `tag`: the state that stands now; "" where it is gone."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"

    def __init__(self, detail: str, *, tag: str = "") -> None:
        super().__init__(detail)
        self.tag = tag


class Unsuitable(APIException):
    """What is asked for does not fit what there is."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


def etag(state: Any) -> str:
    """A state as a strong ETag."""
    return f'"{state}"'


def seen(request: Request) -> str:
    """The state a write was made from, without its quotes. Raises Unconditional where none was said."""
    given = str(request.headers.get("If-Match", "")).strip()
    if not given:
        raise Unconditional()
    return given.removeprefix("W/").strip('"')[:200]


def unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """304 where the asker has it already, else None."""
    return get_conditional_response(request, etag=tag)
