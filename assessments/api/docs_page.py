"""The API's documentation as a page: the committed schema, drawn without a script or a foreign file. It is English, as the API is."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

METHODS = ("get", "post", "put", "patch", "delete")
PREFIX = "/api/v1/"
REF = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that is asked beside the body: its name, where it stands, what it may be, and what it means."""

    name: str
    place: str
    type: str
    required: bool
    told: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint. `takes` and `gives` are (media type or code, what it is) pairs."""

    id: str
    method: str
    path: str
    told: str
    parameters: tuple[Parameter, ...]
    takes: tuple[tuple[str, str], ...]
    gives: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One type of the schema, with its fields as (name, type, always there, meaning)."""

    name: str
    told: str
    fields: tuple[tuple[str, str, bool, str], ...]


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Every operation and every type."""
    groups, records = read()
    return render(
        request, "api_docs.html", {"groups": groups, "records": records, "prefix": settings.SITE_URL + PREFIX}
    )


@functools.cache
def read() -> tuple[dict[str, list[Operation]], list[Record]]:
    """The operations by the first word of their address, and the types by name. Read once a process, 0.2 s."""
    schema = yaml.load((settings.BASE_DIR / "docs" / "openapi.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    groups: dict[str, list[Operation]] = {}
    for operation in _operations(schema["paths"]):
        groups.setdefault(operation.path.split("/")[0], []).append(operation)
    return groups, [_record(name, one) for name, one in schema["components"]["schemas"].items()]


def _operations(paths: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in paths.items():
        for method in METHODS:
            if (one := methods.get(method)) is None:
                continue
            body = one.get("requestBody", {}).get("content", {})
            yield Operation(
                one["operationId"], method.upper(), path.removeprefix(PREFIX), one.get("description", ""),
                tuple(_parameter(told) for told in one.get("parameters", ())),
                tuple((media, type_of(told.get("schema", {}))) for media, told in body.items()), tuple(_answers(one)),
            )  # fmt: skip


def _answers(operation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for code, told in operation["responses"].items():
        if code >= "400":
            yield code, told["description"]
            continue
        content = told.get("content", {}).items()
        yield code, ", ".join(f"{media}: {type_of(one.get('schema', {}))}" for media, one in content) or "nothing"


def _parameter(told: Mapping[str, Any]) -> Parameter:
    kind, required = type_of(told.get("schema", {})), bool(told.get("required"))
    return Parameter(told["name"], told["in"], kind, required, told.get("description", ""))


def _record(name: str, told: Mapping[str, Any]) -> Record:
    always = told.get("required", ())
    fields = tuple(
        (field, type_of(one), field in always, one.get("description", "") or one.get("title", ""))
        for field, one in told.get("properties", {}).items()
    )
    return Record(name, told.get("description", "") or type_of(told), fields)


def type_of(schema: Mapping[str, Any]) -> str:
    """A schema in a few words, like "string (date-time) or null" or "list of Job"."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REF)
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return " or ".join(dict.fromkeys(type_of(one) for one in schema[word]))
    if "allOf" in schema:
        return " and ".join(type_of(one) for one in schema["allOf"])
    if "enum" in schema:
        return " or ".join(_literal(one) for one in schema["enum"])
    if "const" in schema:
        return _literal(schema["const"])
    kinds = schema.get("type", "anything")
    return " or ".join(_plain(kind, schema) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _literal(value: Any) -> str:
    return "null" if value is None else f"“{value}”" if isinstance(value, str) else str(value)


def _plain(kind: str, schema: Mapping[str, Any]) -> str:
    if kind == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    if kind == "object" and "properties" in schema and "results" in schema["properties"]:
        return f"page of {type_of(schema['properties']['results'].get('items', {}))}"
    form = schema.get("format")
    return f"{kind} ({form})" if form and kind == "string" else str(kind)
