"""Stripe's own page: one word for the whole service and a sentence. No incident is told in it."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from vendors.records import PageState
from vendors.sources.base import About, Endpoint, Raw
from vendors.sources.own import OwnPage, Reading
from vendors.sources.shapes import peek, typed

# "pending" and "paused" tell of a check that did not run, not of the service.
_STATES: dict[str, PageState] = {"up": "ok", "degraded": "issue", "down": "issue"}


class _Full(Struct, rename={"uptime_status": "UptimeStatus"}):
    uptime_status: str
    message: str


@dataclass(slots=True)
class StripeReading(Reading):
    """The word the page states."""

    word: str = ""

    def take(self, body: bytes, what: str) -> None:
        """Read the one answer there is."""
        self.word = typed(body, _Full, what).uptime_status

    def banner(self) -> PageState:
        """By the word; "unknown" for one that is not known to be about the service."""
        return _STATES.get(self.word, "unknown")


class Stripe(OwnPage):
    """Reads status.stripe.com: its state only."""

    id = "stripe"
    name = "Stripe Status"
    home = "https://status.stripe.com"
    vendor = "Stripe"
    reading = StripeReading
    about = About(
        kind="own",
        tested="written",
        reads="/current/full",
        depth="only the present state, no incidents",
        start="no",
        impact="no",
        hosts=("status.stripe.com",),
        traps="the answer states no time and no incident",
    )

    def recognise(self, raw: Raw) -> float:
        """0.9 for its two keys, 0 else."""
        if raw.status >= 400 or len(raw.body) > 100_000 or b'"UptimeStatus"' not in raw.body:
            return 0.0
        return 0.0 if peek(raw.body, _Full) is None else 0.9

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The present."""
        return (Endpoint(name="current", url=f"{page_url.rstrip('/')}/current/full", required=True),)


STRIPE = Stripe()
