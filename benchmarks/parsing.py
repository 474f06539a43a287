"""Parsing the largest Statuspage capture, against msgspec's bare decode of the same bytes in the same run."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta

import msgspec

from benchmarks.table import Row, median_of, printed
from tests.captures import ROOT
from vendors.sources.base import Raw
from vendors.sources.statuspage.source import STATUSPAGE

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PAGE = "https://status.example.com"
LARGEST = ROOT / "status-pages" / "statuspage" / "claude" / "incidents.jsonl"
PARSE_AIM = 3.0  # typed decode is 0.4 of the floor; the rest is 900 merged incidents and 2,900 cleaned texts


def rows() -> list[Row]:
    """One row: an answer of some 900 incidents to records, against the bare decode of the same bytes."""
    answer, name = _answer()
    raw = {"incidents": Raw(url=f"{PAGE}/api/v2/incidents.json", body=answer, fetched_at=NOW)}
    ours = median_of(lambda: STATUSPAGE.parse(PAGE, raw, as_of=NOW))
    bare = median_of(lambda: msgspec.json.decode(answer))
    return [Row(f"Statuspage to records, {name}", ours, bare, PARSE_AIM)]


def _answer() -> tuple[bytes, str]:
    """The largest capture as /incidents.json would serve it; where it is missing, an invented one of its size."""
    if LARGEST.is_file():
        lines = [line for line in LARGEST.read_bytes().split(b"\n") if line.strip()]
        name = f"{len(lines)} incidents"
    else:
        lines = [json.dumps(invented(n)).encode() for n in range(900)]
        name = f"{len(lines)} invented incidents"
    return b'{"page":{"id":"abc123def456","name":"Example"},"incidents":[' + b",".join(lines) + b"]}", name


def invented(number: int, *, every: float = 20.0) -> dict[str, object]:
    """An incident of the usual size, `every` so many hours one: three posts that each name six components, and these in full."""
    dice = random.Random(number)
    begun = NOW - timedelta(hours=every * number + 5)
    words = "We are looking into slower answers than usual for some requests. "
    times = [(begun + timedelta(minutes=40 * n)).isoformat() for n in range(3)]
    named = [{"code": f"c{n:011d}", "name": f"Part {n} (api.example.com)", "old_status": "operational", "new_status": "partial_outage"}
             for n in range(6)]  # fmt: skip
    updates = [
        {"id": f"u{number:07d}{n:04d}", "status": "resolved" if n == 2 else "investigating", "body": words * dice.randint(1, 4),
         "incident_id": f"i{number:011d}", "created_at": at, "updated_at": at, "display_at": at, "affected_components": named,
         "deliver_notifications": True, "custom_tweet": None, "tweet_id": None}
        for n, at in enumerate(times)
    ]  # fmt: skip
    parts = [{"id": part["code"], "name": part["name"], "status": "operational", "created_at": times[0], "updated_at": times[0],
              "position": 1, "description": None, "showcase": False, "start_date": "2024-01-01", "group_id": None,
              "page_id": "abc123def456", "group": False, "only_show_if_degraded": False} for part in named]  # fmt: skip
    return {"id": f"i{number:011d}", "name": "Slow answers", "status": "resolved", "impact": "minor", "created_at": times[0],
            "started_at": times[0], "updated_at": times[2], "resolved_at": times[2], "page_id": "abc123def456",
            "shortlink": "https://stspg.io/x", "incident_updates": updates, "components": parts}  # fmt: skip


if __name__ == "__main__":
    print(printed(rows()))
