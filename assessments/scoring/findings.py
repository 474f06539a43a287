"""Making findings: one way for every check to say what it concluded, and when it may not conclude."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assessments.scoring import communication
from assessments.scoring.communication import lasting, recency, talked_about
from assessments.scoring.model import Context, Evidence, Finding, Outcome
from assessments.scoring.rubric import number
from vendors.records import Incident

PASS_FROM, FAIL_BELOW = 0.9, 0.5  # source: Lighthouse's bands (pass from 0.90, fail below 0.50); landscape survey, 4.1
_SHOWN = 3  # incidents quoted as evidence: the extreme ones; the rest are in the incident table


def scored(score: float, reason: str, evidence: Iterable[Evidence] = ()) -> Finding:
    """A conclusive finding: pass from 0.9, fail below 0.5, partial between. Rounded, so that a control point hits its band."""
    score = round(min(1.0, max(0.0, score)), 6)
    outcome: Outcome = "pass" if score >= PASS_FROM else "fail" if score < FAIL_BELOW else "partial"
    return Finding(outcome=outcome, score=score, reason=reason, evidence=tuple(evidence))


def unknown(reason: str, evidence: Iterable[Evidence] = ()) -> Finding:
    """We could not tell: we did not look, did not ask, or saw too little."""
    return Finding(outcome="unknown", score=None, reason=reason, evidence=tuple(evidence))


def withheld(reason: str, evidence: Iterable[Evidence] = ()) -> Finding:
    """The vendor does not show it: that is a finding, and it scores nothing (docs/adr/0003)."""
    return Finding(outcome="fail", score=0.0, reason=reason, evidence=tuple(evidence))


def hidden_record(context: Context) -> Finding | None:
    """The finding for anything about updates where the vendor keeps them from the public; None where it does not.

    Only where there is an outage to talk about: a page that hides nothing that happened is judged by its access alone.
    """
    pages = context.facts.pages
    if not is_closed(context) or any(incident.updates for incident in context.facts.incidents):
        return None
    told = "updates can be read nowhere, so no one outside can tell"
    if any(page.access == "login" for page in pages):
        told = "updates can be read only after signing in, so no one outside can tell"
    return withheld(told, page_evidence(context))


def is_closed(context: Context) -> bool:
    """Whether every page of the vendor is kept from the public, or there is none."""
    pages = context.facts.pages
    return bool(pages) and all(page.access in ("login", "none") for page in pages)


def no_word(context: Context) -> Finding | None:
    """The finding for anything about updates where the vendor publishes none; None where there are some to judge.

    Either they are kept from the public, or an open page lists outages and says nothing about any of them.
    """
    if hidden := hidden_record(context):
        return hidden
    if any(incident.updates for incident in context.facts.incidents):
        return None
    if not any(page.access == "public" for page in context.facts.pages):
        return None
    silent = lasting(context.facts, context.as_of)
    if len(silent) < number("outages", "silent_least"):
        return None
    return withheld(f"nothing was posted about any of {len(silent)} outages", page_evidence(context))


def count(number: int, noun: str) -> str:
    """1 outage, 2 outages, 1,200 outages."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def too_thin(context: Context) -> Finding | None:
    """The finding for an estimate that has nothing to rest on; None where the record carries one.

    Withheld where the page is closed and nothing is on record; unknown on less than the rubric's half year.
    """
    forecast = context.forecast
    if is_closed(context) and not context.facts.incidents:
        return hidden_record(context)
    if forecast.exposure_years < number("confidence", "insufficient", "years"):
        outages = count(forecast.n, "major outage")
        return unknown(f"the record covers {forecast.exposure_years:.1f} years with {outages}: too thin to tell")
    return None


def page_evidence(context: Context) -> tuple[Evidence, ...]:
    """The vendor's pages, as evidence of where was looked."""
    return tuple(
        Evidence(claim=f"{page.name}: access {page.access}", url=page.url, observed_at=context.facts.as_of)
        for page in context.facts.pages
    )


def incident_evidence(incidents: Sequence[tuple[Incident, float]], claim: str, unit: str) -> tuple[Evidence, ...]:
    """The incidents with the largest values, largest first, each with its value and address."""
    largest = sorted(incidents, key=lambda pair: (-pair[1], pair[0].started_at, pair[0].id))[:_SHOWN]
    return tuple(
        Evidence(
            claim=f"{incident.title}: {claim}",
            url=incident.url or incident.page,
            observed_at=incident.started_at,
            value=round(value, 2),
            unit=unit,
        )
        for incident, value in largest
    )


def told(context: Context) -> list[Incident]:
    """The incidents whose communication is judged, newest first; found once per context."""
    found: list[Incident] | None = context.memo.get("told")
    if found is None:
        found = lately(context, talked_about(context.facts, context.as_of))
        context.memo["told"] = found
    return found


def lately(context: Context, incidents: Iterable[Incident]) -> list[Incident]:
    """Those of the incidents that speak for the vendor's habit today: the last 24 months, or the ten latest."""
    return communication.lately(context.facts, incidents, context.as_of)


def apart(incidents: Iterable[Incident]) -> list[Incident]:
    """The incidents, each once, in the order met."""
    return list({(incident.page, incident.id): incident for incident in incidents}.values())


def typical(context: Context, pairs: Sequence[tuple[Incident, float]], share: float = 0.5) -> float:
    """The value at that share of the incidents, younger ones counting more. Raises ValueError for no incidents."""
    value = communication.weighted_quantile([(v, recency(i, context.as_of)) for i, v in pairs], share)
    if value is None:
        raise ValueError("no incidents to take a typical value of")
    return value


def mean(context: Context, pairs: Sequence[tuple[Incident, float]]) -> float:
    """The mean over the incidents, younger ones counting more. Raises ZeroDivisionError for no incidents."""
    weights = [recency(incident, context.as_of) for incident, _ in pairs]
    return sum(weight * value for weight, (_, value) in zip(weights, pairs, strict=True)) / sum(weights)


def cautious(score: float, check: str, count: int) -> float:
    """The score as far as `count` incidents carry it: pulled down towards the panel's, never up. Method, section 4.1.

    Shrinking both ways would lift a poor communicator that publishes less; silence must not pay (docs/adr/0009).
    """
    panel, pseudo = number("checks", check, "panel"), number("timeliness", "pseudo_incidents")
    return min(score, (count * score + pseudo * panel) / (count + pseudo))


def too_few(found: int, least: float, what: str) -> Finding:
    """Unknown for want of evidence, with how much there is and how much it takes."""
    return unknown(f"{what}: {found}; at least {least:.0f} are needed to tell habit from luck")
