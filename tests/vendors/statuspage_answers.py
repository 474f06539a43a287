"""Small answers of an invented Statuspage, built from keyword arguments; every default is a plain, sound one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from vendors.sources.base import Parsed, Raw
from vendors.sources.statuspage.source import STATUSPAGE

PAGE = "https://status.example.com"
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
PAGE_OBJECT = {"id": "abc123def456", "name": "Example", "url": PAGE, "time_zone": "Etc/UTC"}


def at(text: str) -> datetime:
    """A UTC time written "2026-05-01 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def iso(text: str | None) -> str | None:
    return None if text is None else at(text).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def post(created: str, status: str = "investigating", body: str = "Words.", **extra: Any) -> dict[str, Any]:
    """An update; shown at the time it was stored unless `display` says otherwise."""
    shown = extra.pop("display", created)
    identity = extra.pop("id", f"u{created}{status}".replace(" ", "").replace("-", "").replace(":", ""))
    return {"id": identity, "status": status, "body": body, "created_at": iso(created), "updated_at": iso(created),
            "display_at": iso(shown), "affected_components": None, **extra}  # fmt: skip


def incident(identity: str = "inc000000001", *posts: dict[str, Any], **extra: Any) -> dict[str, Any]:
    """A resolved minor incident of 10:00 to 11:00 on 1 May 2026 with two posts, or of the posts given (newest first)."""
    if not posts:
        posts = (post("2026-05-01 11:00", "resolved"), post("2026-05-01 10:00"))
    first, last = posts[-1], posts[0]
    row = {
        "id": identity, "name": "Slow answers", "impact": "minor",
        "status": last["status"], "created_at": first["created_at"], "updated_at": last["updated_at"],
        "started_at": first["created_at"], "monitoring_at": None,
        "resolved_at": last["display_at"] if last["status"] == "resolved" else None,
        "shortlink": "https://stspg.io/xyz", "page_id": "abc123def456",
        "incident_updates": list(posts), "components": [],
    }  # fmt: skip
    return {**row, **extra}


def maintenance(identity: str = "mnt000000001", **extra: Any) -> dict[str, Any]:
    announced = post("2026-05-20 09:00", "scheduled", "Work is announced.")
    row = incident(identity, announced, impact="maintenance", status="scheduled")
    return {**row, "scheduled_for": iso("2026-06-10 02:00"), "scheduled_until": iso("2026-06-10 04:00"), **extra}


def component(identity: str, name: str, *, group: str | None = None, is_group: bool = False) -> dict[str, Any]:
    return {"id": identity, "name": name, "status": "operational", "group": is_group, "group_id": group,
            "created_at": iso("2024-01-01 00:00"), "position": 1}  # fmt: skip


def body(**parts: Any) -> bytes:
    """An answer of the API: the page and the parts given."""
    return json.dumps({"page": PAGE_OBJECT, **parts}).encode()


def summary(*incidents: dict[str, Any], indicator: str = "none", **parts: Any) -> bytes:
    parts = {"components": [], "scheduled_maintenances": [], **parts}
    return body(status={"indicator": indicator, "description": "..."}, incidents=list(incidents), **parts)


def listing(*incidents: dict[str, Any]) -> bytes:
    return body(incidents=list(incidents))


def raw(content: bytes, url: str = f"{PAGE}/api/v2/incidents.json", **extra: Any) -> Raw:
    return Raw(url=url, body=content, fetched_at=NOW, **extra)


def parse(as_of: datetime = NOW, page_url: str = PAGE, /, **documents: bytes | Raw) -> Parsed:
    """One read of those answers; an underscore in a name stands for a dash (`history_1`)."""
    named = {
        name.replace("_", "-"): content if isinstance(content, Raw) else raw(content, f"{PAGE}/{name}")
        for name, content in documents.items()
    }
    return STATUSPAGE.parse(page_url, named, as_of=as_of)
