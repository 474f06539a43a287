"""Facts made for tests of what is shown: a page with incidents of every kind, built from keyword arguments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from vendors.records import (
    BackupAnswer,
    Component,
    Conflict,
    Incident,
    Maintenance,
    Observation,
    Page,
    SourceNote,
    Update,
    Vendor,
    VendorFacts,
    Window,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = "https://status.vendor.example"
IMPACTS = ("minor", "major", "critical", None, "none")


def make_incident(
    number: int = 1, *, days_ago: float | None = None, hours: float | None = 5.0, **fields: Any
) -> Incident:
    """Incident `number`, begun ten days times the number ago unless told; `hours` None leaves it open."""
    start = NOW - timedelta(days=10 * number if days_ago is None else days_ago)
    end = None if hours is None else start + timedelta(hours=hours)
    made: dict[str, Any] = {
        "id": f"i{number}", "page": PAGE, "title": "Outage", "impact": "major", "status": "open" if end is None else "resolved",
        "started_at": start, "first_posted_at": start, "resolved_at": end, "end_known": "open" if end is None else "stated",
        "updates": (Update(posted_at=start, text="Mail is delayed."),), "url": f"{PAGE}/incidents/i{number}",
    }  # fmt: skip
    return Incident(**(made | fields))


def make_facts(incidents: Any = (), *, name: str = "Vendor", days: float | None = 800, **fields: Any) -> VendorFacts:
    """Facts as of NOW over a window of `days`; None for a record that covers nothing."""
    window = Window(start=None, end=None, complete=False, reason="nothing was read")
    if days is not None:
        window = Window(start=NOW - timedelta(days=days), end=NOW, complete=True, reason="made for a test")
    page = Page(url=PAGE, platform="statuspage", name="Vendor Status", access="public", components=COMPONENTS)
    made: dict[str, Any] = {
        "vendor": Vendor(name=name, slug="vendor"), "as_of": NOW, "pages": (page,), "window": window, "incidents": tuple(incidents),
    }  # fmt: skip
    return VendorFacts(**(made | fields))


COMPONENTS = tuple(
    Component(id=f"c{n}", name=part) for n, part in enumerate(("Mail", "API", "Login", "Search", "Files", "Chat"))
)


def cut_to_summary(html: str) -> str:
    """A vendor's report of its cover, its summary and the head of the record: three pages to lay out instead of twenty."""
    control, summary, rest = (
        html.index(part) for part in ('<h2 id="control"', '<section class="summary">', '<h3 id="days">')
    )
    assert control < summary < html.index('<h2 id="record" class="new-page">') < rest
    return html[:control] + html[summary:rest] + "</body></html>"


def rich_facts(*, incidents: int = 120) -> VendorFacts:
    """A full record: incidents of every impact with updates of every kind, maintenances, observations, answers, conflicts."""
    return make_facts(
        [_told(n) for n in range(1, incidents + 1)],
        days=1500,
        maintenances=tuple(
            Maintenance(
                id=f"m{n}", title="Work on the mail store", announced_at=NOW - timedelta(days=30 * n + 5),
                scheduled_for=NOW - timedelta(days=30 * n), scheduled_until=NOW - timedelta(days=30 * n) + timedelta(hours=2),
            )
            for n in range(1, 8)
        ),
        openness=(Observation(check="access", outcome="pass", observed_at=NOW, url=PAGE, note="read without an account"),),
        backup=(
            BackupAnswer(item="B1", answer="yes", evidence="https://vendor.example/export", answered_at=NOW),
            BackupAnswer(item="B5", answer="withheld", answered_at=NOW),
        ),
        sources=(SourceNote(name="Status page", retrieved="2026-01-01", url=PAGE, sha256="0" * 64),),
    )  # fmt: skip


def _told(number: int) -> Incident:
    """An incident whose length, impact and updates vary with its number; every seventh has sources that disagree."""
    start = NOW - timedelta(days=11.3 * number)
    hours = (0.4, 1.5, 3.0, 6.5, 14.0)[number % 5]
    updates = tuple(
        Update(
            posted_at=start + timedelta(hours=hours * part / 4),
            state="resolved" if part == 4 else "investigating",
            elements=("component", "symptom") if part % 2 else ("component", "symptom", "times", "next_update"),
            canned=part == 3,
            promised_at=start + timedelta(hours=hours * part / 4, minutes=45) if part == 1 else None,
        )
        for part in range(5)
    )
    disagree = (
        Conflict(field="started_at", used="2025-01-01T10:00:00Z", instead_of="10 a.m.", why="the page gives the zone"),
    )
    return make_incident(
        number, days_ago=11.3 * number, hours=hours, impact=IMPACTS[number % 5], title=f"Incident {number}: mail delayed",
        components=(COMPONENTS[number % 6].name,), updates=updates, conflicts=disagree if number % 7 == 0 else (),
    )  # fmt: skip
