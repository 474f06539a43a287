"""What must hold of every vendor's record, on the real ones: silence never beats honesty, and nothing odd moves a score."""

from __future__ import annotations

import functools
from datetime import timedelta
from itertools import pairwise

import msgspec
import pytest

from assessments.forecast.engine import forecast
from assessments.scoring.metrics import weighted_hours
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from vendors.catalogue import index
from vendors.records import Update

SLUGS = tuple(row.slug for row in index.bundled())
LITTLE = 0.005  # of a point: totals are rounded to the cent


@functools.cache
def facts_of(slug: str):
    return index.load(slug)


@functools.cache
def judged(slug: str):
    return assess(facts_of(slug), Needs(), as_of=facts_of(slug).as_of)


def again(slug: str, **changes):
    facts = msgspec.structs.replace(facts_of(slug), **changes)
    return assess(facts, Needs(), as_of=facts.as_of)


def outage_points(assessment) -> float:
    """Value of the outage pillar; what is not known counts as its middle."""
    pillar = next(p for p in assessment.pillars if p.id == "outage-history")
    return (pillar.low + pillar.high) / 2 if pillar.value is None else pillar.value


def later_by(assessment, other) -> float:
    """How much lower the total is; of its interval where no total is shown."""
    if assessment.score.value is None or other.score.value is None:
        return max(assessment.score.low - other.score.low, assessment.score.high - other.score.high)
    return assessment.score.value - other.score.value


def a_minor_one(slug: str):
    """A minor incident of an hour in the middle of the last year, told like the vendor's latest minor one."""
    facts = facts_of(slug)
    model = max(
        (i for i in facts.incidents if i.impact == "minor" and i.updates),
        key=lambda i: i.started_at,
        default=max(facts.incidents, key=lambda i: i.started_at),
    )
    start = (facts.window.end or facts.as_of) - timedelta(days=40)
    shift = start - model.started_at
    return msgspec.structs.replace(
        model,
        id="one-more",
        impact="minor",
        started_at=start,
        first_posted_at=None if model.first_posted_at is None else model.first_posted_at + shift,
        resolved_at=start + timedelta(hours=1),
        end_known="stated",
        status="resolved",
        updates=tuple(msgspec.structs.replace(u, posted_at=u.posted_at + shift) for u in model.updates),
        postmortem_url=None,
        conflicts=(),
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_one_more_minor_incident_costs_a_point_at_most(slug):
    one_more = again(slug, incidents=(*facts_of(slug).incidents, a_minor_one(slug)))
    assert abs(outage_points(one_more) - outage_points(judged(slug))) <= 1
    assert later_by(judged(slug), one_more) <= 1


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("access", ["login", "none"])
def test_closing_the_page_never_raises_the_total_or_lowers_the_risk(slug, access):
    facts = facts_of(slug)
    pages = tuple(msgspec.structs.replace(page, access=access) for page in facts.pages)
    dark = again(slug, pages=pages)
    assert later_by(dark, judged(slug)) <= LITTLE
    assert dark.forecast.p_exceed >= judged(slug).forecast.p_exceed - 1e-9


@pytest.mark.parametrize("slug", SLUGS)
def test_a_post_mortem_for_every_outage_never_lowers_the_total(slug):
    facts = facts_of(slug)
    told = tuple(
        i if i.postmortem_url or i.impact == "minor" else msgspec.structs.replace(i, postmortem_url=f"{i.page}/pm")
        for i in facts.incidents
    )
    assert later_by(judged(slug), again(slug, incidents=told)) <= LITTLE


@pytest.mark.parametrize("slug", SLUGS)
def test_a_word_in_the_longest_silence_never_lowers_the_total(slug):
    facts = facts_of(slug)
    spoken = tuple(_with_a_word(incident) for incident in facts.incidents)
    assert later_by(judged(slug), again(slug, incidents=spoken)) <= LITTLE


def _with_a_word(incident):
    """The incident with one more post, stating a part and a symptom, in the middle of its longest silence."""
    at = sorted(
        {incident.started_at, *(u.posted_at for u in incident.updates), incident.resolved_at or incident.started_at}
    )
    gaps = [(b - a, a) for a, b in pairwise(at)]
    if not gaps or not incident.updates or max(gaps)[0] < timedelta(minutes=20):
        return incident
    length, begin = max(gaps)
    word = Update(posted_at=begin + length / 2, elements=("component", "symptom"), canned=False)
    if word.posted_at < incident.updates[0].posted_at:
        return incident
    return msgspec.structs.replace(
        incident, updates=tuple(sorted((*incident.updates, word), key=lambda u: u.posted_at))
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_cutting_every_incident_in_two_changes_neither_hours_nor_risk(slug):
    facts = facts_of(slug)
    halves = tuple(half for incident in facts.incidents for half in _halves(incident))
    cut = msgspec.structs.replace(facts, incidents=halves)
    for preset in ("strict", "typical", "lenient"):
        assert weighted_hours(cut, facts.as_of, preset) == pytest.approx(weighted_hours(facts, facts.as_of, preset))
    whole, split = (forecast(one, as_of=facts.as_of, rto_hours=4) for one in (facts, cut))
    assert (split.n, split.p_exceed) == (whole.n, pytest.approx(whole.p_exceed))


def _halves(incident):
    """Two incidents that meet where the one had its middle.

    One too short to be cut stays, one without an end, and one longer than the thirty days that count of any (docs/limits.md).
    """
    length = timedelta(0) if incident.resolved_at is None else incident.resolved_at - incident.started_at
    if not timedelta(minutes=30) <= length <= timedelta(days=30):
        return (incident,)
    middle = incident.started_at + length / 2
    return (
        msgspec.structs.replace(incident, resolved_at=middle),
        msgspec.structs.replace(incident, id=f"{incident.id}-2", started_at=middle, first_posted_at=middle, updates=()),
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_the_chance_falls_with_the_rto_and_rises_with_the_horizon(slug):
    facts = facts_of(slug)
    chances = [forecast(facts, as_of=facts.as_of, rto_hours=rto).p_exceed for rto in (0.1, 1, 4, 24, 300)]
    assert chances == sorted(chances, reverse=True)
    ahead = [forecast(facts, as_of=facts.as_of, rto_hours=24, horizon_days=days).p_exceed for days in (30, 365, 1095)]
    assert ahead == sorted(ahead)
    assert all(0.01 <= chance <= 0.99 for chance in (*chances, *ahead))
