"""Plain words for figures. Sentences before numbers; never more certainty than the model has."""

from __future__ import annotations

from assessments.report.tokens import GRADE_WORDS, UNKNOWN_WORD
from assessments.scoring.model import Assessment, Forecast
from assessments.scoring.score import letter
from riskboard.durations import hours_text

EFFORT = {"S": "under a day", "M": "under two weeks", "L": "more than two weeks"}
CONFIDENCE = {
    "high": "three years of record and more, at least twenty major outages, an open page",
    "medium": "a year of record and more, at least five major outages, mostly published",
    "low": "a short or thin record, or publishing that has changed",
    "insufficient": "too little to judge by",
}
FLAGS = {
    "reporting-break": "Publishing fell off; fewer posts are no evidence of fewer outages.",
    "short-record": "The record covers less than a year.",
    "no-outages": "No major outage is on record.",
    "open-now": "An incident was open when the record was taken.",
    "stale-open": "An incident stayed open without a word for more than two weeks; its length is not counted.",
    "upper-bound-ends": "Most ends are upper bounds: when the incident was gone from the page, not when it ended.",
    "impact-not-stated": "The source states no impact for many incidents; they count as major.",
    "login-only": "The vendor shows its status to signed-in customers only.",
    "press-record": "The record was compiled from press reports, not from the vendor's own page.",
    "record-ended": "The record ends more than a month before the time of judgement.",
    "known-issues": "Some incidents stayed open for more than a month; each counts thirty days at most.",
}


def chance(forecast: Forecast) -> str:
    """The headline: how often an outage longer than the RTO is to be expected, in natural frequencies."""
    rto = hours_text(forecast.rto_hours)
    if forecast.confidence == "insufficient":
        return f"Too little is known to say how likely an outage longer than your {rto} is."
    if forecast.p_exceed >= 0.95:
        return f"In almost every year, an outage lasts longer than your {rto}."
    if forecast.p_exceed <= 0.05:
        return f"In about 1 in {round(1 / forecast.p_exceed)} years, an outage lasts longer than your {rto}."
    return f"In about {max(1, round(forecast.p_exceed * 10))} in 10 years, an outage lasts longer than your {rto}."


def verdict(assessment: Assessment) -> str:
    """The score in a sentence."""
    score = assessment.score
    if score.value is None:
        return f"Readiness is {UNKNOWN_WORD}: only {score.coverage:.0%} of the evidence could be judged."
    word = GRADE_WORDS[letter(score.value)]
    return (
        f"Readiness is {word}: {score.value:.0f} of 100, between {score.low:.0f} and {score.high:.0f}, "
        f"on {score.coverage:.0%} of the evidence."
    )


def record(assessment: Assessment) -> str:
    """What the published record shows, in a sentence."""
    shown = assessment.record
    if shown.window_years <= 0:
        return "The record covers no span of time; only the present was read."
    if shown.outages == 0:
        return f"The record of {shown.window_years:.1f} years shows no major outage."
    longest = "of unknown length" if shown.longest_hours is None else f"the longest {hours_text(shown.longest_hours)}"
    return (
        f"In {shown.window_years:.1f} years the vendor published {count(shown.outages, 'major outage')}, {longest}; "
        f"{shown.over_rto} outlasted your {hours_text(assessment.needs.rto_hours)}."
    )


def count(number: int, noun: str) -> str:
    """1 outage, 2 outages, 1,200 outages."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def optional_hours(hours: float | None) -> str:
    """A length, or the word for not knowing it."""
    return UNKNOWN_WORD if hours is None else hours_text(hours)
