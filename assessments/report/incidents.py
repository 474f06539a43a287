"""Incidents as a report prints them: the costliest, the one told at greatest length, and where sources disagree. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from assessments.report.links import safe_link
from assessments.report.phrases import clean, hours
from assessments.report.tokens import UNKNOWN_WORD
from assessments.scoring.communication import human_updates
from assessments.scoring.metrics import elapsed_hours, impact_weight, is_core
from assessments.scoring.model import Assessment
from riskboard.locales import MINUTE, SECOND, _, ngettext, when
from riskboard.phrasebook import said, word
from vendors.records import Incident

LISTED = 20  # incidents printed; all are in the attached incidents.csv


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident as printed."""

    title: str
    start: str
    length: str
    impact: str
    updates: int
    url: str
    over_rto: bool


def incident_views(incidents: Iterable[Incident], assessment: Assessment) -> list[IncidentView]:
    """The incidents that cost most, largest first: impact weight times length; at most LISTED."""
    as_of = assessment.as_of
    ranked = sorted(
        incidents, key=lambda i: (-(impact_weight(i) * min(elapsed_hours(i, as_of) or 0, 720)), i.started_at, i.id)
    )[:LISTED]
    return [view_of(i, assessment.needs.rto_hours, as_of) for i in ranked]


def view_of(incident: Incident, rto_hours: float, as_of: datetime) -> IncidentView:
    """One incident in words."""
    length = elapsed_hours(incident, as_of)
    title = clean(incident.title, 110) or _("(no title)")
    return IncidentView(
        title=_("{title} (learnt elsewhere: {source})", title=title, source=incident.reported)
        if incident.is_reported
        else title,
        start=when(incident.started_at, MINUTE),
        length=_(UNKNOWN_WORD) if length is None else _length(incident, length),
        impact=word("impact", incident.impact) if incident.impact else _("not stated"),
        updates=len(human_updates(incident)),
        url=safe_link(incident.url) or safe_link(incident.page),
        over_rto=length is not None and length > rto_hours,
    )


def _length(incident: Incident, length: float) -> str:
    if incident.end_known == "upper_bound":
        return _("at most {length}", length=hours(length))
    return _("open, {length}", length=hours(length)) if incident.end_known == "open" else hours(length)


def longest_told(incidents: Iterable[Incident], as_of: datetime) -> Incident | None:
    """The longest recent incident that was talked about: of the last two years, major ones first; None if none was."""
    told = [i for i in incidents if (i.resolved_at or i.end_known == "open") and len(human_updates(i)) > 1]
    recent = [i for i in told if (as_of - i.started_at).days <= 730 and (elapsed_hours(i, as_of) or 0) <= 168]
    core = [i for i in recent if is_core(i) and len(human_updates(i)) > 2]
    return max(core or recent or told, key=lambda i: (elapsed_hours(i, as_of) or 0, i.id), default=None)


def told_words(found: Incident, assessment: Assessment) -> str:
    """What the timeline shows, in a sentence."""
    updates = human_updates(found)
    at = sorted({found.started_at, *(u.posted_at for u in updates), found.resolved_at or assessment.as_of})
    longest = max(((later - earlier).total_seconds() / 3600 for earlier, later in pairwise(at)), default=0.0)
    length = hours(elapsed_hours(found, assessment.as_of) or 0)
    if found.end_known == "upper_bound":
        length = _("At most {length}", length=length)
    return ngettext(
        "{length} from the claimed start, {n} update; the longest silence lasted {longest}.",
        "{length} from the claimed start, {n} updates; the longest silence lasted {longest}.",
        len(updates), length=length, longest=hours(longest),
    )  # fmt: skip


def conflicts(incidents: Iterable[Incident]) -> list[tuple[str, str, str, str, str]]:
    """Where sources disagree: (incident, field, used, instead of, why)."""
    return [
        (
            clean(i.title, 60),
            clean(c.field, 30).replace("_", " "),
            _time_or(c.used),
            _time_or(c.instead_of),
            clean(said(c.why), 200),
        )
        for i in incidents
        for c in i.conflicts
    ]


def _time_or(text: str) -> str:
    """An ISO time to the second, as tables print it; any other text as it is."""
    try:
        return when(datetime.fromisoformat(text), SECOND)
    except ValueError:
        return clean(text, 90)
