"""Pages by cursor over what is no table: the catalogue, the plan's items. What comes or goes meanwhile shifts nothing."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from assessments.api.access import Pages

LONGEST_CURSOR = 600
PARAMETERS = [
    OpenApiParameter("cursor", OpenApiTypes.STR, description="Where the page begins, as `next` and `previous` say it"),
    OpenApiParameter("limit", OpenApiTypes.INT, description=f"Rows of a page, at most {Pages.max_page_size}"),
]


def sliced(request: Request, rows: Sequence[Any], key: Callable[[Any], str]) -> dict[str, Any]:
    """One page of the rows in the order of their keys, which are unique. Raises NotFound for a cursor that was not given out."""
    ordered = sorted(rows, key=key)
    keys = [key(one) for one in ordered]
    limit = _limit(request.query_params.get("limit", ""))
    way, at = _read(request.query_params.get("cursor", ""))
    if way == "b":
        end = bisect_left(keys, at)
        start = max(0, end - limit)
    else:
        start = bisect_right(keys, at) if way else 0
        end = min(len(ordered), start + limit)
    return {
        "next": _link(request, "a", keys[end - 1]) if start < end < len(keys) else None,
        "previous": _link(request, "b", keys[start]) if 0 < start < end else None,
        "results": ordered[start:end],
    }


def _limit(text: str) -> int:
    """As Pages reads it: what is no number, or none, is the usual size."""
    if not text.isdecimal() or len(text) > 9 or not int(text):
        return Pages.page_size
    return min(int(text), Pages.max_page_size)


def _read(cursor: str) -> tuple[str, str]:
    if not cursor:
        return "", ""
    try:
        text = base64.urlsafe_b64decode(cursor[:LONGEST_CURSOR].encode()).decode()
    except (ValueError, binascii.Error) as fault:
        raise NotFound("That cursor was not given out by this list.") from fault
    if text[:1] not in ("a", "b"):
        raise NotFound("That cursor was not given out by this list.")
    return text[0], text[1:]


def _link(request: Request, way: str, key: str) -> str:
    query = request.query_params.copy()
    query["cursor"] = base64.urlsafe_b64encode(f"{way}{key}".encode()).decode()
    kept = urlencode([(name, value) for name, values in query.lists() for value in values])
    return str(request.build_absolute_uri(f"{request.path}?{kept}"))
