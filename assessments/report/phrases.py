"""Plain words for figures. Sentences before numbers; never more certainty than the model has."""

from __future__ import annotations

import unicodedata

from assessments.report.tokens import GRADE_WORDS, UNKNOWN_WORD
from assessments.scoring.findings import count
from assessments.scoring.model import Assessment, Forecast
from assessments.scoring.score import letter
from assessments.scoring.what_if import Standby, WhatIf
from riskboard.durations import hours_text
from vendors.catalogue.landmarks import landmarks

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
    "independent-observer": "An independent observer's failures were set against what the vendor published.",
    "unproven-kind": "On vendors of this kind the forecast has not been shown to beat a simple rate of such outages; "
    "what that rate says stands beside it.",
    "record-ended": "The record ends more than a month before the time of judgement.",
    "known-issues": "Some incidents stayed open for more than a month; each counts thirty days at most.",
}
HORIZONS = {30.0: "30 days", 91.0: "three months", 365.0: "a year", 1095.0: "three years"}
VIEWS = {"typical": "a typical part", "named": "a part you rely on", "any": "any part"}  # what a forecast is of
NBSP = "\u00a0"
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_BIDI = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def clean(text: str, limit: int = 500) -> str:
    """Outside text made safe to print: no control or direction marks, single spaces, at most `limit` characters."""
    kept = "".join(
        " " if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") else c
        for c in text[: limit * 2 + 200]
        if ord(c) not in _BIDI
    )
    joined = " ".join(kept.split())
    return joined if len(joined) <= limit else joined[: limit - 1].rstrip() + "…"


def hours(length: float) -> str:
    """Hours as people read them, kept on one line."""
    return hours_text(length).replace(" ", NBSP)


def chance(forecast: Forecast) -> str:
    """The headline: how often an outage longer than the RTO is to be expected, in natural frequencies."""
    rto, p = hours(forecast.rto_hours), forecast.p_exceed
    if forecast.confidence == "insufficient":
        return f"Too little is known to say how likely an outage longer than your {rto} is."
    what = f"an outage of {VIEWS[forecast.view]} lasts longer than your {rto}."
    if p >= 0.95:
        return f"In almost every year, {what}"
    if p <= 0.15:
        return f"In about 1 in {max(2, min(100, round(1 / max(p, 0.01))))} years, {what}"
    return f"In about {round(p * 10)} in 10 years, {what}"


def what_if(made: WhatIf, standby: Standby | None) -> str:
    """The answer as a sentence a manager can quote: the chance, over what time, and what a second system leaves of it."""
    f = made.forecast
    if f.confidence == "insufficient":
        return f"Too little is known to say how likely an outage longer than {hours(f.rto_hours)} is."
    span = HORIZONS.get(f.horizon_days, f"{f.horizon_days:.0f} days")
    text = f"The chance of an outage longer than {hours(f.rto_hours)} within {span} is about {f.p_exceed:.0%}"
    text += f" (80% band: {f.band80[0]:.0%} to {f.band80[1]:.0%}), with {f.hours.mean:,.1f} hours lost on average."
    if standby is None or made.chance_left is None or made.hours_left is None:
        return text
    takes = f"With a second system that takes over after {hours(standby.takeover_hours)}"
    if made.chance_left >= f.p_exceed:
        return f"{text} {takes}, the chance stays: that is too late for {hours(f.rto_hours)}. {made.hours_left:,.1f} hours are left."
    return f"{text} {takes}, about {made.chance_left:.0%} and {made.hours_left:,.1f} hours are left."


def hundred_years(forecast: Forecast) -> str:
    """The same, counted out in a hundred years, with the band."""
    if forecast.confidence == "insufficient":
        return "Too little is known to count it out in years."
    low, mid, high = (round(100 * share) for share in (forecast.band80[0], forecast.p_exceed, forecast.band80[1]))
    band = f"between {low} and {high}" if high > low else f"{low} at both ends"
    return f"Of 100 years like the next one, about {mid} would see such an outage (80% band: {band})."


def verdict(assessment: Assessment) -> str:
    """The score in a sentence."""
    score = assessment.score
    if score.value is None:
        return f"Readiness is {UNKNOWN_WORD}: only {score.coverage:.0%} of the evidence could be judged.{disputed(assessment)}"
    word = GRADE_WORDS[letter(score.value)]
    return (
        f"Readiness is {word}: {score.value:.0f} of 100, between {score.low:.0f} and {score.high:.0f}, "
        f"on {score.coverage:.0%} of the evidence.{disputed(assessment)}"
    )


def disputed(assessment: Assessment) -> str:
    """That the vendor objects, as a sentence after the number; empty where it does not."""
    number = len(assessment.disputes)
    return f" Disputed by the vendor in {count(number, 'point')}." if number else ""


def record(assessment: Assessment) -> str:
    """What the published record shows, in a sentence."""
    shown = assessment.record
    if shown.window_years <= 0:
        return "The record covers no span of time; only the present was read."
    span = years(shown.window_years)
    if shown.outages == 0:
        return f"The record of {span} shows no major outage."
    are = "is" if shown.outages == 1 else "are"
    longest = (
        "how long they lasted is not known"
        if shown.longest_hours is None
        else f"the longest lasted {hours(shown.longest_hours)}"
    )
    return (
        f"In {span}, {count(shown.outages, 'major outage')} {are} on record; {longest}, "
        f"and {shown.over_rto} outlasted your {hours(assessment.needs.rto_hours)}."
    )


def years(length: float) -> str:
    """A span in years, or in days where it is short."""
    return f"{length:.1f} years" if length >= 1.5 else count(round(length * 365.25), "day")


def spelled(number: int) -> str:
    """Small numbers in letters, as a sentence begins with them."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def optional_hours(length: float | None) -> str:
    """A length, or the word for not knowing it."""
    return UNKNOWN_WORD if length is None else hours(length)


def measured(value: float | str | None, unit: str | None) -> str:
    """A measured value with its unit as people read it; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value, 60)
    if unit in ("share", "chance", "probability"):
        return f"{value:.0%}"
    if unit == "h":
        return hours(value)
    shown = f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.1f}"
    if unit and unit.isalpha() and len(unit) > 3:  # "promise", "points"
        return f"{shown}{NBSP}{unit if value == 1 or unit.endswith('s') else unit + 's'}"
    return f"{shown}{NBSP}{unit}" if unit else shown


def trigger(figures: dict[str, float | str | None]) -> str:
    """The figures that fired a rule, against their thresholds."""
    ratio = any(word in name for name in figures for word in ("chance", "share"))
    parts = []
    for name, value in figures.items():
        if value is None:
            shown = UNKNOWN_WORD
        elif isinstance(value, str):
            shown = value
        else:
            shown = f"{value:.0%}" if ratio and 0 <= value <= 1 else f"{value:,.4g}"
        parts.append(f"{name.replace('-', ' ')} {shown}")
    return "; ".join(parts)


def effect(before: dict[str, float | None], after: dict[str, float | None]) -> str:
    """What an action does to the risk, figure by figure: "chance beyond the RTO from 83% to 15%"; empty where it is not known."""
    parts = []
    for name, value in after.items():
        was = before.get(name)
        if value is None or was == value:
            continue
        shown, then = _figure_of(name, value), UNKNOWN_WORD if was is None else _figure_of(name, was)
        parts.append(f"{name} from {then} to {shown}")
    return "; ".join(parts)


def _figure_of(name: str, value: float) -> str:
    return f"{value:.0%}" if name.startswith("chance") else f"{value:,.1f}".removesuffix(".0")


def precedent(landmark: str | None) -> str:
    """The outage that taught it, with its lesson; empty where there is none or it is on record no more."""
    if landmark is None:
        return ""
    found = next((one for one in landmarks() if one.id == landmark), None)
    return "" if found is None else f"{found.title} ({found.id[-7:]}). {found.lesson}"
