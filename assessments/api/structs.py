"""Typed records as the API gives and takes them: their JSON and their place in the schema come from one definition."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from assessments.api.conditions import unchanged

PREFIX = "#/components/schemas/"
_described: dict[str, Any] = {}


def described(kind: Any) -> dict[str, Any]:
    """Where the schema describes that struct or dataclass; the schema's hook writes it there. Its name must be its alone."""
    known = _described.setdefault(kind.__name__, kind)
    assert known is kind, f"two types of the API are called {kind.__name__}"
    return {"$ref": f"{PREFIX}{kind.__name__}"}


def components() -> dict[str, Any]:
    """The schema of everything described, by name."""
    _, found = msgspec.json.schema_components(_described.values(), ref_template=PREFIX + "{name}")
    assert _described.keys() <= found.keys(), "a name stands for two types; give one of them another"
    return found


def page_of(item: dict[str, Any]) -> dict[str, Any]:
    """The schema of a page of what that schema describes."""
    link = {"type": ["string", "null"], "format": "uri"}
    rows = {"type": "array", "items": item}
    return {"type": "object", "properties": {"next": link, "previous": link, "results": rows}, "required": ["results"]}


def told(
    made: Any, *, status: int = 200, tag: str = "", request: Request | None = None, headers: Any = None
) -> HttpResponse:
    """The record as an answer; 304 where the asker has that `tag` already."""
    plain: HttpRequest | None = request._request if request is not None else None
    known = unchanged(plain, tag) if plain is not None and tag and status == 200 else None
    if known is not None:
        return known
    response = HttpResponse(
        msgspec.json.encode(made), content_type="application/json", status=status, headers=headers or {}
    )
    if tag:
        response["ETag"] = tag
    return response


def taken(data: Any, kind: Any) -> Any:
    """What was sent as that type. Raises ValidationError naming the place of the first fault."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as fault:
        said, _, place = str(fault).partition(" - at `")
        field = place.rstrip("`").removeprefix("$").lstrip(".") or "body"
        raise serializers.ValidationError({field: [said + "."]}) from fault
