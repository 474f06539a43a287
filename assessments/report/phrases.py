"""Plain words for figures. Sentences before numbers; never more certainty than the model has."""

from __future__ import annotations

import unicodedata

from assessments.report.charts.score import PILLAR_NAMES
from assessments.report.tokens import GRADE_WORDS, UNKNOWN_WORD
from assessments.scoring.findings import count as count
from assessments.scoring.model import Assessment, Forecast
from assessments.scoring.score import letter
from assessments.scoring.what_if import Standby, WhatIf
from riskboard.locales import ENGLISH, N_, _, duration, figure, figures, language, ngettext
from riskboard.phrasebook import said, word
from vendors.catalogue.categories import SPELLINGS
from vendors.catalogue.landmarks import landmarks

EFFORT = {"S": N_("under a day"), "M": N_("under two weeks"), "L": N_("more than two weeks")}
CONFIDENCE = {
    "high": N_("three years of record and more, at least twenty major outages, an open page"),
    "medium": N_("a year of record and more, at least five major outages, mostly published"),
    "low": N_("a short or thin record, or publishing that has changed"),
    "insufficient": N_("too little to judge by"),
}
FLAGS = {
    "reporting-break": N_("Publishing fell off; fewer posts are no evidence of fewer outages."),
    "short-record": N_("The record covers less than a year."),
    "no-outages": N_("No major outage is on record."),
    "open-now": N_("An incident was open when the record was taken."),
    "stale-open": N_("An incident stayed open without a word for more than two weeks; its length is not counted."),
    "upper-bound-ends": N_("Most ends are upper bounds: when the incident was gone from the page, not when it ended."),
    "impact-not-stated": N_("The source states no impact for many incidents; they count as major."),
    "login-only": N_("The vendor shows its status to signed-in customers only."),
    "press-record": N_("The record was compiled from press reports, not from the vendor's own page."),
    "independent-observer": N_("An independent observer's failures were set against what the vendor published."),
    "unproven-kind": N_(
        "On vendors of this kind the forecast has not been shown to beat a simple rate of such outages; "
        "what that rate says stands beside it."
    ),
    "record-ended": N_("The record ends more than a month before the time of judgement."),
    "known-issues": N_("Some incidents stayed open for more than a month; each counts thirty days at most."),
}
PLAN_FLAGS = {  # what the answer to a plan, and to a portfolio, is to be read with
    "vendor-not-judged": N_("The vendor has not been judged, so nothing is estimated."),
    "components-not-known": N_("A part that is named stands on no page of the vendor; the estimate leaves it out."),
    "fallback-not-judged": N_(
        "The vendor of the fallback has not been judged; it is taken to fail as the vendors we know do."
    ),
    "takeover-not-stated": N_("How long the fallback takes to take over is not stated."),
    "capacity-not-stated": N_("How much of the work the fallback carries is not stated."),
    "more-shocks-than-outages": N_(
        "The providers below these services would explain more outages than their records show."
    ),
    "no-dependencies-known": N_("What these services stand on is not known, so none is taken to fall with another."),
    "analyst-only": N_("What these services stand on is an analyst's word alone."),
}
HORIZONS = {30.0: N_("30 days"), 91.0: N_("three months"), 365.0: N_("a year"), 1095.0: N_("three years")}
VIEWS = {
    "typical": N_("a typical part"),
    "named": N_("a part you rely on"),
    "any": N_("any part"),
}  # what a forecast is of
OF_VIEWS = {"typical": N_("of a typical part"), "named": N_("of a part you rely on"), "any": N_("of any part")}
NBSP = "\u00a0"
_NUMBERS = (
    N_("no"), N_("one"), N_("two"), N_("three"), N_("four"), N_("five"), N_("six"), N_("seven"), N_("eight"), N_("nine"), N_("ten"),
    N_("eleven"), N_("twelve"),
)  # fmt: skip
_YES_NO = {"true": N_("yes"), "false": N_("no")}
_BIDI = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def clean(text: str, limit: int = 500) -> str:
    """Outside text made safe to print: no control or direction marks, single spaces, at most `limit` characters."""
    kept = text[: limit * 2 + 200]
    if not (kept.isascii() and kept.isprintable()):  # the most are, and nothing need be taken out of them
        kept = "".join(
            " " if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") else c
            for c in kept
            if ord(c) not in _BIDI
        )
    joined = " ".join(kept.split())
    return joined if len(joined) <= limit else joined[: limit - 1].rstrip() + "…"


def hours(length: float) -> str:
    """Hours as people read them, kept on one line."""
    return duration(length).replace(" ", NBSP)


def share(value: float, form: str = ".0%") -> str:
    """A share of one as a percentage: 83%."""
    return figure(value, form)


def chance(forecast: Forecast) -> str:
    """The headline: how often an outage longer than the RTO is to be expected, in natural frequencies."""
    rto, p = hours(forecast.rto_hours), forecast.p_exceed
    if forecast.confidence == "insufficient":
        return _("Too little is known to say how likely an outage longer than your {rto} is.", rto=rto)
    what = _(OF_VIEWS[forecast.view])
    if p >= 0.95:
        return _("In almost every year, an outage {of_part} lasts longer than your {rto}.", of_part=what, rto=rto)
    if p <= 0.15:
        years = max(2, min(100, round(1 / max(p, 0.01))))
        return _(
            "In about 1 in {years} years, an outage {of_part} lasts longer than your {rto}.",
            years=years,
            of_part=what,
            rto=rto,
        )
    return _(
        "In about {years} in 10 years, an outage {of_part} lasts longer than your {rto}.",
        years=round(p * 10),
        of_part=what,
        rto=rto,
    )


def what_if(made: WhatIf, standby: Standby | None) -> str:
    """The answer as a sentence a manager can quote: the chance, over what time, and what a second system leaves of it."""
    f = made.forecast
    rto = hours(f.rto_hours)
    if f.confidence == "insufficient":
        return _("Too little is known to say how likely an outage longer than {rto} is.", rto=rto)
    span = (
        _(HORIZONS[f.horizon_days])
        if f.horizon_days in HORIZONS
        else ngettext("{n} day", "{n} days", round(f.horizon_days))
    )
    text = _(
        "The chance of an outage longer than {rto} within {span} is about {chance} (80% band: {low} to {high}), with {hours} hours "
        "lost on average.",
        rto=rto, span=span, chance=share(f.p_exceed), low=share(f.band80[0]), high=share(f.band80[1]),
        hours=figure(f.hours.mean, ",.1f"),
    )  # fmt: skip
    if standby is None or made.chance_left is None or made.hours_left is None:
        return text
    takeover, left = hours(standby.takeover_hours), figure(made.hours_left, ",.1f")
    if made.chance_left >= f.p_exceed:
        after = _(
            "With a second system that takes over after {takeover}, the chance stays: that is too late for {rto}. "
            "{hours} hours are left.",
            takeover=takeover, rto=rto, hours=left,
        )  # fmt: skip
        return f"{text} {after}"
    after = _(
        "With a second system that takes over after {takeover}, about {chance} and {hours} hours are left.",
        takeover=takeover, chance=share(made.chance_left), hours=left,
    )  # fmt: skip
    return f"{text} {after}"


def hundred_years(forecast: Forecast) -> str:
    """The same, counted out in a hundred years, with the band."""
    if forecast.confidence == "insufficient":
        return _("Too little is known to count it out in years.")
    low, mid, high = (round(100 * part) for part in (forecast.band80[0], forecast.p_exceed, forecast.band80[1]))
    if high > low:
        return _(
            "Of 100 years like the next one, about {mid} would see such an outage (80% band: between {low} and {high}).",
            mid=mid, low=low, high=high,
        )  # fmt: skip
    return _(
        "Of 100 years like the next one, about {mid} would see such an outage (80% band: {low} at both ends).",
        mid=mid,
        low=low,
    )


def verdict(assessment: Assessment) -> str:
    """The score in a sentence."""
    score = assessment.score
    if score.value is None:
        text = _(
            "Readiness is not known: only {coverage} of the evidence could be judged.", coverage=share(score.coverage)
        )
    else:
        text = _(
            "Readiness is {grade}: {value} of 100, between {low} and {high}, on {coverage} of the evidence.",
            grade=_(GRADE_WORDS[letter(score.value)]), value=figure(score.value, ".0f"), low=figure(score.low, ".0f"),
            high=figure(score.high, ".0f"), coverage=share(score.coverage),
        )  # fmt: skip
    return text + disputed(assessment)


def disputed(assessment: Assessment) -> str:
    """That the vendor objects, as a sentence after the number; empty where it does not."""
    number = len(assessment.disputes)
    if not number:
        return ""
    return " " + ngettext("Disputed by the vendor in {n} point.", "Disputed by the vendor in {n} points.", number)


def record(assessment: Assessment) -> str:
    """What the published record shows, in a sentence."""
    shown = assessment.record
    if shown.window_years <= 0:
        return _("The record covers no span of time; only the present was read.")
    span = years(shown.window_years)
    if shown.outages == 0:
        return _("The record of {span} shows no major outage.", span=span)
    rto, over = hours(assessment.needs.rto_hours), figure(shown.over_rto)
    if shown.longest_hours is None:
        return ngettext(
            "In {span}, {n} major outage is on record; how long they lasted is not known, and {over} outlasted your {rto}.",
            "In {span}, {n} major outages are on record; how long they lasted is not known, and {over} outlasted your {rto}.",
            shown.outages, span=span, over=over, rto=rto,
        )  # fmt: skip
    return ngettext(
        "In {span}, {n} major outage is on record; the longest lasted {longest}, and {over} outlasted your {rto}.",
        "In {span}, {n} major outages are on record; the longest lasted {longest}, and {over} outlasted your {rto}.",
        shown.outages, span=span, longest=hours(shown.longest_hours), over=over, rto=rto,
    )  # fmt: skip


def years(length: float) -> str:
    """A span in years, or in days where it is short."""
    if length >= 1.5:
        return _("{years} years", years=figure(length, ".1f"))
    return ngettext("{n} day", "{n} days", round(length * 365.25))


def spelled(number: int) -> str:
    """Small numbers in letters, as a sentence begins with them."""
    return _(_NUMBERS[number]) if number < len(_NUMBERS) else figure(number, ",")


def optional_hours(length: float | None) -> str:
    """A length, or the word for not knowing it."""
    return _(UNKNOWN_WORD) if length is None else hours(length)


def measured(value: float | str | None, unit: str | None) -> str:
    """A measured value with its unit as people read it; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _(_YES_NO[value]) if value in _YES_NO else clean(said(value), 60)
    if unit in ("share", "chance", "probability"):
        return share(value)
    if unit == "h":
        return hours(value)
    shown = f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.1f}"
    if unit and unit.isalpha() and len(unit) > 3:  # "promise", "points"
        return said(f"{shown} {unit if value == 1 or unit.endswith('s') else unit + 's'}").replace(" ", NBSP)
    return figures(f"{shown} {unit}").replace(" ", NBSP) if unit else figures(shown)


def trigger(figures_: dict[str, float | str | None]) -> str:
    """The figures that fired a rule, against their thresholds."""
    ratio = any(word in name for name in figures_ for word in ("chance", "share"))
    parts = []
    for name, value in figures_.items():
        if value is None:
            shown = _(UNKNOWN_WORD)
        elif isinstance(value, str):
            shown = said(value)
        else:
            shown = (
                share(value) if ratio and 0 <= value <= 1 else figure(value, ",.4g" if abs(value) < 1000 else ",.0f")
            )
        parts.append(f"{_figure_name(name)} {shown}")
    return "; ".join(parts)


def _figure_name(name: str) -> str:
    """A figure's name in words; a check's id stays one where the words of another language stand around it."""
    if language() == ENGLISH:
        return name.replace("-", " ")
    return _(PILLAR_NAMES[name]) if name in PILLAR_NAMES else said(name)


def category(text: str) -> str:
    """What a vendor is for, as its record spells it; in another language by the closed list that spelling stands for."""
    found = word("category", text)
    return word("category", SPELLINGS.get(text, text)) if found == text and language() != ENGLISH else found


def effect(before: dict[str, float | None], after: dict[str, float | None]) -> str:
    """What an action does to the risk, figure by figure: "chance beyond the RTO from 83% to 15%"; empty where it is not known."""
    parts = []
    for name, value in after.items():
        was = before.get(name)
        if value is None or was == value:
            continue
        shown, then = _figure_of(name, value), _(UNKNOWN_WORD) if was is None else _figure_of(name, was)
        parts.append(_("{figure} from {before} to {after}", figure=said(name), before=then, after=shown))
    return "; ".join(parts)


def _figure_of(name: str, value: float) -> str:
    return share(value) if name.startswith("chance") else figures(f"{value:,.1f}".removesuffix(".0"))


def precedent(landmark: str | None) -> str:
    """The outage that taught it, with its lesson; empty where there is none or it is on record no more."""
    if landmark is None:
        return ""
    found = next((one for one in landmarks() if one.id == landmark), None)
    return "" if found is None else f"{said(found.title)} ({found.id[-7:]}). {said(found.lesson)}"
