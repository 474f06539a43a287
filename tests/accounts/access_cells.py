"""Every route, method and asker, from the URLconf: the cells of docs/access.tsv, and how one is driven for real."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

TABLE = Path(__file__).resolve().parents[2] / "docs" / "access.tsv"
ROLES = ("viewer", "analyst", "approver", "admin")
ASKERS = (
    "anonymous", *(f"other {role}" for role in ROLES), *ROLES, "token read", "token write", "token admin", "token reports",
    "share link",
)  # fmt: skip
PLAIN_METHODS = ("GET", "POST")  # of a page: what it does not take is 405, and is so in the table
VENDOR = "microsoft-bpos-2011"  # the smallest record
UID = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Route:
    """One address as the URLconf writes it, with its view and the methods that lead somewhere."""

    pattern: str
    view: Any
    methods: tuple[str, ...]


def routes(resolver: Any = None, prefix: str = "") -> Iterator[Route]:
    """Every route, in the URLconf's order; two patterns of one address are one."""
    seen: set[str] = set()
    for pattern, view in _walk(resolver or get_resolver(), prefix):
        if pattern not in seen:
            seen.add(pattern)
            yield Route(pattern, view, _methods(view))


def _walk(resolver: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        text = prefix + str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(entry, URLResolver):
            yield from _walk(entry, text)
        elif isinstance(entry, URLPattern):
            yield text, entry.callback


def _methods(view: Any) -> tuple[str, ...]:
    acts = getattr(view, "actions", None)
    if acts:
        return tuple(sorted(method.upper() for method in acts if method != "head"))
    return ("GET",) if getattr(view, "cls", None) else PLAIN_METHODS


FILLED = {
    "slug": VENDOR, "kind": "processes", "item_id": "orders", "item": "B5", "what": "check", "part": "jobs", "suffix": "json",
    "number": "1", "pk": "1", "page": "1",
    "form": "csv", "token": "no-such-token", "uidb36": "1", "key": "x", "uid": UID,
}  # fmt: skip


def address(pattern: str, known: dict[str, str]) -> str:
    """The pattern with its parameters filled: with what lies in the first workspace where `known` says so."""

    def fill(found: Any) -> str:
        name = found.group("name")
        return known.get(f"{pattern} {name}") or known.get(name) or FILLED.get(name, "x")

    path = re.sub(r"\(\?P<(?P<name>\w+)>[^()]*\)", fill, pattern)
    path = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", fill, path)
    return "/" + path.replace("\\.", ".").replace("\\-", "-").replace("/?", "/")


def verdict(response: HttpResponseBase) -> str:
    """What an answer means for who asked: `in` (the view answered), `sign in`, `refused`, `not there`, `no such method`, `gone`."""
    status = response.status_code
    target = response.headers.get("Location", "")
    if status == 401 or (status == 302 and (target.startswith("/account/login/") or target == "/setup/")):
        return "sign in"
    if status == 302 and target.startswith("/account/reauthenticate/"):
        return "password first"
    return {403: "refused", 404: "not there", 405: "no such method", 410: "gone"}.get(status, "in")


def drive(client: Client, method: str, path: str) -> HttpResponseBase:
    """One request, as small as it can be."""
    send = getattr(client, method.lower())
    if method in ("GET", "DELETE"):
        return send(path)
    if path.startswith("/api/"):
        return send(path, b"{}", content_type="application/json", headers={"If-Match": '"none"'})
    return send(path, {})


def read_table() -> dict[tuple[str, str], dict[str, str]]:
    """The committed table: (route, method) to what each asker is told."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    head = lines[0].split("\t")
    assert tuple(head[2:]) == ASKERS, "the askers of the table are not those of the test"
    rows = [line.split("\t") for line in lines[1:] if line]
    return {(row[0], row[1]): dict(zip(head[2:], row[2:], strict=True)) for row in rows}


def write_table(rows: dict[tuple[str, str], dict[str, str]]) -> None:
    """Write it, a route and method a line."""
    lines = ["\t".join(("route", "method", *ASKERS))]
    lines += ["\t".join((*where, *(cells[asker] for asker in ASKERS))) for where, cells in sorted(rows.items())]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
