"""How much of its outages a vendor publishes, and whether it has stopped doing so. Method, section 2.5."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from assessments.forecast.exceedance import break_chance
from assessments.scoring.metrics import YEAR_DAYS, window_years
from assessments.scoring.rubric import number, rubric
from vendors.evidence.matching import Agreement, posterior
from vendors.records import VendorFacts

PRESS = "press"  # `Page.platform` of a record compiled from independent reports, not from the vendor's own page
TIERS = ("open", "partial", "sparse", "none")
LESS = "publishes-less"  # the observation that a source gives less than it used to (vendors/integrity.py)
_QUARTERS = (1, 4, 7, 10)


def is_press(facts: VendorFacts) -> bool:
    """Whether the record was compiled from independent reports: the vendor's page is then not what thins it."""
    return bool(facts.pages) and all(page.platform == PRESS for page in facts.pages)


def tier_of(facts: VendorFacts) -> str | None:
    """How much of its core outages a vendor publishes, as a tier of the rubric, by what its pages show.

    None for a record compiled from independent reports.
    """
    if is_press(facts):
        return None
    access = {page.access for page in facts.pages}
    if "public" not in access:
        return "none" if not access or access == {"none"} else "sparse"
    feed = any(seen.check == "machine-readable-feed" and seen.outcome == "pass" for seen in facts.openness)
    learned = any(incident.postmortem_url for incident in facts.incidents)
    return "open" if feed and learned and window_years(facts) >= 2.0 else "partial"


def lower(tier: str | None) -> str | None:
    """The next tier down; the lowest stays, and None stays None."""
    return None if tier is None else TIERS[min(TIERS.index(tier) + 1, len(TIERS) - 1)]


def published(tier: str | None, seen: Agreement) -> tuple[float, float] | None:
    """Beta(a, b) of the share published: the tier's, updated by what independent observers saw. None for None.

    Its mean never falls below that of no page at all. Method, section 2.5 c.
    """
    if tier is None:
        return None
    a, b = rubric()["forecast"]["disclosure"][tier]
    silent_a, silent_b = rubric()["forecast"]["disclosure"]["none"]
    return posterior(a, b, seen, floor=silent_a / (silent_a + silent_b))


def reporting_break(facts: VendorFacts, end: datetime) -> datetime | None:
    """When publishing fell off in a way luck does not explain, if it has not come back by `end`; else None.

    Looked for at the start of every quarter and at `end`: the last six months against the eighteen before. Once found,
    the months before the fall remain the measure until publishing is back: a vendor that stays silent for two years must
    not make silence its own baseline. A source seen to give less than it used to is a break, too: the last six months
    are then in doubt. Fewer posts are no evidence of fewer outages.
    """
    start = facts.window.start
    if start is None or is_press(facts):
        return None
    recent, prior = _months("break_recent_months"), _months("break_prior_months")
    shown = sorted(i.started_at for i in facts.incidents if i.impact != "none" and not i.is_reported)
    turn: datetime | None = None
    for at in _looks(start + recent + prior, end):
        since = at - recent if turn is None else turn
        few = break_chance(
            _between(shown, at - recent, at),
            _between(shown, since - prior, since),
            ratio=prior / recent,
            log_sd=number("forecast", "frailty_log_sd"),
        )
        turn = since if few < number("forecast", "break_p") else None
    if turn is None and any(seen.check == LESS and seen.outcome == "fail" for seen in facts.openness):
        return max(start, end - recent)
    return turn


def _months(name: str) -> timedelta:
    return timedelta(days=number("forecast", name) * YEAR_DAYS / 12)


def _looks(first: datetime, end: datetime) -> Iterator[datetime]:
    """The starts of quarters from `first` to before `end`, then `end`; nothing if `end` comes before `first`."""
    if end < first:
        return
    for year in range(first.year, end.year + 1):
        for month in _QUARTERS:
            at = datetime(year, month, 1, tzinfo=UTC)
            if first <= at < end:
                yield at
    yield end


def _between(times: Sequence[datetime], since: datetime, until: datetime) -> int:
    """How many of the ascending `times` lie in [since, until)."""
    return bisect_left(times, until) - bisect_left(times, since)
