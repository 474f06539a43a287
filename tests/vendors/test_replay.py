"""A week of polling, replayed from what a scraper saw: the same incidents, first sights, edits and end bounds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.captures import captures, needs_captures
from vendors import models
from vendors.facts import facts_of
from vendors.fetching import Unreachable
from vendors.ingest import refresh_page
from vendors.polling import look, watch
from vendors.sources.base import Raw

pytestmark = [pytest.mark.django_db, needs_captures]
_one_is_enough = pytest.mark.any_database("how answers are stored is tested on both by test_ingest, and by one week")
GRID = timedelta(minutes=15)  # how often the scraper looked
QUIET = timedelta(hours=1)  # how often we look where it saw nothing: more looks at the same page prove nothing more
SITE = "https://replayed.statuspage.io"


def when(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def rows_of(vendor: str, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """What was first seen in that week, as the scraper kept it."""
    files = [c for c in captures("statuspage") if c.vendor == vendor and "reconstructed_incidents" in c.file]
    rows = [json.loads(line) for capture in files for line in capture.read().splitlines() if line.strip()]
    return [row for row in rows if start <= when(row["_first_seen"]) < end]


@dataclass
class Replay:
    """The page as it stood at each moment, by the scraper's own times."""

    rows: list[dict[str, Any]]
    now: datetime

    def fetch(self, url: str, **_: object) -> Raw:
        if not url.endswith("/api/v2/summary.json"):
            raise Unreachable(f"{url} answers with HTTP 404", status=404)
        shown = [self.shown(row) for row in self.rows if when(row["_first_seen"]) <= self.now < when(row["_gone_at"])]
        document = {
            "page": {"id": "replayedpage", "name": "Replayed", "url": SITE, "time_zone": "Etc/UTC"},
            "status": {"indicator": "minor" if shown else "none", "description": ""},
            "components": [], "incidents": shown, "scheduled_maintenances": [],
        }  # fmt: skip
        return Raw(url=url, body=json.dumps(document).encode(), fetched_at=self.now)

    def shown(self, row: dict[str, Any]) -> dict[str, Any]:
        posts = [self.worded(u) for u in row["incident_updates"] if when(u["_first_seen"]) <= self.now]
        return {k: v for k, v in row.items() if not k.startswith("_")} | {
            "incident_updates": posts,
            "resolved_at": None,
        }

    def worded(self, update: dict[str, Any]) -> dict[str, Any]:
        """The post in the words it had then: each earlier wording until just after it was last seen so."""
        bare = {k: v for k, v in update.items() if not k.startswith("_")}
        for edit in update.get("_edits") or []:
            if self.now <= when(edit["seen"]) + GRID:
                return bare | {"body": edit["body"], "status": edit["status"]}
        return bare


def ticks(rows: list[dict[str, Any]], start: datetime, end: datetime) -> list[datetime]:
    """Each moment the scraper saw something, after each change of words, and every hour besides; no two within a minute."""
    moments: set[datetime] = set()
    for row in rows:
        moments |= {when(row["_first_seen"]), when(row["_gone_at"])}
        for update in row["incident_updates"]:
            moments |= {when(update["_first_seen"])}
            edited = {when(edit["seen"]) for edit in update.get("_edits") or []}
            moments |= edited | {at + GRID + timedelta(seconds=62) for at in edited}
    grid = {start + n * QUIET for n in range(int((end - start) / QUIET) + 1)} | {end}
    apart = timedelta(seconds=61)
    kept = [at for at in sorted(moments) if at >= start]
    kept += [at for at in grid if all(abs(at - other) > apart for other in kept)]
    kept.sort()
    return [at for n, at in enumerate(kept) if n == 0 or at - kept[n - 1] > apart]


@pytest.mark.parametrize(
    ("vendor", "week"),
    [
        pytest.param("cloudflare", "2023-10-30", marks=_one_is_enough),
        pytest.param("cloudflare", "2024-03-25", marks=_one_is_enough),
        pytest.param("github", "2026-02-09", marks=_one_is_enough),
        ("bitbucket", "2021-06-28"),
    ],
)
def test_a_week_of_polling_gives_the_incidents_edits_and_end_bounds_the_scraper_saw(vendor, week):
    start = datetime.fromisoformat(f"{week}T00:00:00+00:00")
    rows = rows_of(vendor, start, start + timedelta(days=7))
    end = max(when(row["_gone_at"]) for row in rows) + GRID
    replay = Replay(rows, start)
    page = refresh_page(SITE, as_of=start, fetch=replay.fetch)
    watch(page, now=start)
    times = ticks(rows, start + 2 * GRID, end)

    def seen_at(at: datetime) -> datetime:
        return next(tick for tick in [start, *times] if tick >= at)

    outcomes = set()
    for replay.now in times:
        outcomes.add(look(page.pk, now=replay.now, fetch=replay.fetch))
    assert outcomes == {"read", "unchanged"}

    found = {incident.id: incident for incident in facts_of(page.vendor, as_of=end).incidents}
    assert set(found) == {row["id"] for row in rows}
    edits = 0
    for row in rows:
        incident = found[row["id"]]
        assert incident.end_known == "upper_bound"
        assert incident.resolved_at == max(seen_at(when(row["_gone_at"])), incident.started_at)
        posts = {(when(u["created_at"]).replace(microsecond=0), u["status"]): u for u in row["incident_updates"]}
        assert len(incident.updates) == len(row["incident_updates"])
        for update in incident.updates:
            kept = next(u for (at, _), u in posts.items() if at == update.posted_at)
            if not kept.get("_edits"):
                assert update.first_seen_at == seen_at(when(kept["_first_seen"]))
            edits += len(kept.get("_edits") or [])
            assert update.edited == bool(kept.get("_edits"))
    stored = models.IncidentUpdate.objects.filter(superseded=True).exclude(superseded_at=None).count()
    assert stored == edits
