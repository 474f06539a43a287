"""Facts made to measure: valid by default, shaped by keyword."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from assessments.forecast.engine import forecast
from assessments.scoring.model import Context, Needs
from vendors.records import (
    BackupAnswer,
    Component,
    Incident,
    Maintenance,
    Observation,
    Page,
    Update,
    Vendor,
    VendorFacts,
    Window,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = "https://status.vendor.example"


def make_incident(
    number: int = 1,
    *,
    days_ago: float | None = None,
    hours: float | None = 2.0,
    gap: float | None = 30.0,
    **fields: Any,
) -> Incident:
    """One incident; `gap` minutes between its updates (None: a single one), `hours` None: open."""
    start = NOW - timedelta(days=20.0 * number if days_ago is None else days_ago)
    length = timedelta(hours=2.0 if hours is None else hours)
    posts = [start]
    while gap is not None and posts[-1] + timedelta(minutes=gap) < start + length:
        posts.append(posts[-1] + timedelta(minutes=gap))
    return Incident(
        **(
            {
                "id": f"i{number}",
                "page": PAGE,
                "title": f"Incident {number}",
                "impact": "major",
                "status": "resolved",
                "started_at": start,
                "first_posted_at": start,
                "resolved_at": None if hours is None else start + length,
                "end_known": "open" if hours is None else "stated",
                "components": ("Mail",),
                "updates": tuple(Update(posted_at=at, elements=("component", "symptom"), canned=False) for at in posts),
            }
            | fields
        )
    )


def make_facts(
    incidents: tuple[Incident, ...] = (),
    *,
    access: str = "public",
    years: float = 3.0,
    maintenances: tuple[Maintenance, ...] = (),
    openness: tuple[Observation, ...] = (),
    backup: tuple[BackupAnswer, ...] = (),
    components: int = 6,
    **fields: Any,
) -> VendorFacts:
    """One vendor with one page and `years` of record up to NOW."""
    listed = tuple(Component(id=f"c{n}", name="Mail" if n == 0 else f"Part {n}") for n in range(components))
    return VendorFacts(
        **(
            {
                "vendor": Vendor(name="Vendor", slug="vendor", category="email"),
                "as_of": NOW,
                "pages": (
                    Page(url=PAGE, platform="statuspage", name="Vendor Status", access=access, components=listed),
                ),
                "window": Window(
                    start=NOW - timedelta(days=365.25 * years), end=NOW, complete=True, reason="made for a test"
                ),
                "incidents": tuple(incidents),
                "maintenances": tuple(maintenances),
                "openness": tuple(openness),
                "backup": tuple(backup),
            }
            | fields
        )
    )


def make_context(facts: VendorFacts, **needs: Any) -> Context:
    """What a check sees for those facts."""
    wanted = Needs(**needs)
    return Context(
        facts=facts, as_of=NOW, needs=wanted, forecast=forecast(facts, as_of=NOW, rto_hours=wanted.rto_hours)
    )


def posts(incident: Incident, *minutes: float, **fields: Any) -> Incident:
    """The incident with human updates at those minutes after its start."""
    updates = tuple(
        Update(
            posted_at=incident.started_at + timedelta(minutes=m),
            **({"elements": ("symptom",), "canned": False} | fields),
        )
        for m in minutes
    )
    return msgspec.structs.replace(incident, updates=updates)


def looked_at(outcome: str = "partial") -> tuple[Observation, ...]:
    """What one look at a public page shows: every observation that can be made from outside, all with that outcome."""
    checks = (
        "same-for-all", "machine-readable-feed", "subscriptions", "uptime-figures", "independent-hosting", "integrity",
        "language", "accessibility",
    )  # fmt: skip
    return tuple(
        Observation(check=check, outcome=outcome, observed_at=NOW, value="email", url=PAGE) for check in checks
    )
