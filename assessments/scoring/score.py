"""How findings add up: pillars, caps, total, interval, grade, and contributions that sum to the cent.

Method, section 8. All sums are exact: points are hundredths held in `Decimal`, shared out by largest remainder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from assessments.scoring.model import (
    PILLARS,
    Cap,
    CheckMeta,
    CheckResult,
    Confidence,
    Context,
    Finding,
    PillarId,
    PillarResult,
    Profile,
    Score,
)
from assessments.scoring.profiles import weights
from assessments.scoring.rubric import number, rubric

CENT = Decimal("0.01")
Judged = tuple[CheckMeta, Finding]
Weighed = tuple[CheckMeta, Finding, float]
OPEN_ENDED = "–"
_LINKS: tuple[PillarId, ...] = ("outage-history", "backup")
_ESTIMATE = "outage-beyond-rto"  # method, section 8: no total while outage risk is inconclusive


def judge(
    judged: Sequence[Judged], context: Context, profile: Profile | None = None
) -> tuple[Score, tuple[PillarResult, ...]]:
    """The total and its pillars, under the default weights or a profile's. Contributions of checks and caps add up to
    `Score.value` exactly.

    `Score.value` is None (and no check contributes) while less than the rubric's share of weight is conclusive, or while
    the chance of an outage beyond the RTO is not known: a number would then say more than we know. `low` and `high` are
    the totals if everything unknown turned out bad, or good, caps included: no answer can lead outside them.
    """
    points = weights(profile, {meta.id: meta.pillar for meta, _ in judged})
    pillars = [
        _pillar(pillar, [(meta, found, points[meta.id]) for meta, found in judged if meta.pillar == pillar], context)
        for pillar in PILLARS
    ]
    pillars = [pillar for pillar in pillars if pillar.checks]
    applicable = sum(pillar.weight for pillar in pillars)
    coverage = sum(pillar.weight * pillar.coverage for pillar in pillars) / applicable if applicable else 0.0
    low, high = _interval(pillars, context, applicable)
    estimated = any(check.id == _ESTIMATE and check.score is not None for pillar in pillars for check in pillar.checks)
    if not estimated or coverage < number("score", "least_coverage"):
        blank = tuple(_with_contributions(pillar, {}) for pillar in pillars)
        score = Score(
            value=None,
            low=_cents(low),
            high=_cents(high),
            coverage=coverage,
            grade=None,
            confidence=context.forecast.confidence,
        )
        return score, blank
    return _total(pillars, context, coverage, low, high)


def _interval(pillars: Sequence[PillarResult], context: Context, applicable: float) -> tuple[float, float]:
    """The total with everything unknown bad, and with everything unknown good, each under the caps that would then fire."""
    if not applicable:
        return 0.0, 100.0
    scores = {check.id: check.score for pillar in pillars for check in pillar.checks}
    ends = []
    for default in (0.0, 1.0):
        values: dict[PillarId, float | None] = {p.id: p.high if default else p.low for p in pillars if p.weight}
        total = sum(pillar.weight * (values.get(pillar.id) or 0.0) for pillar in pillars) / applicable
        assumed = {name: default if score is None else score for name, score in scores.items()}
        ends.append(min([total, *(ceiling for _, ceiling, _ in _ceilings(values, assumed, context))]))
    return ends[0], ends[1]


def _pillar(pillar: PillarId, judged: Sequence[Weighed], context: Context) -> PillarResult:
    """One pillar, unrounded and without contributions; its cap applied to value and interval."""
    results, got, possible, applicable = [], 0.0, 0.0, 0.0
    for meta, finding, full in judged:
        points = 0.0 if finding.outcome == "not_applicable" else full
        applicable += points
        if finding.score is not None:
            got += points * finding.score
            possible += points
        results.append(
            CheckResult(
                id=meta.id,
                outcome=finding.outcome,
                score=finding.score,
                weight=points,
                contribution=None,
                reason=finding.reason,
                evidence=finding.evidence,
                remedy=None if finding.outcome in ("pass", "not_applicable") else meta.remedy,
            )
        )
    value = 100 * got / possible if possible else None
    low = 100 * got / applicable if applicable else 0.0
    high = 100 * (got + applicable - possible) / applicable if applicable else 100.0
    caps = []
    ceiling = _pillar_ceiling(pillar, context)
    if ceiling is not None and high > ceiling[1]:
        cap_id, limit, reason = ceiling
        if value is not None and value > limit:
            caps.append(Cap(id=cap_id, ceiling=limit, without=value, contribution=0.0, reason=reason))
            value = limit
        low, high = min(low, limit), limit
    return PillarResult(
        id=pillar,
        value=value,
        low=low,
        high=high,
        weight=applicable,
        coverage=possible / applicable if applicable else 0.0,
        checks=tuple(results),
        caps=tuple(caps),
    )


def _pillar_ceiling(pillar: PillarId, context: Context) -> tuple[str, float, str] | None:
    access = {page.access for page in context.facts.pages}
    if pillar != "openness" or "public" in access or "unknown" in access:
        return None
    if "login" in access:
        return "login-only", number("caps", "login_only_openness"), "the page can be read only after signing in"
    return "no-page", number("caps", "no_page_openness"), "there is no status page"


def _total(
    pillars: Sequence[PillarResult], context: Context, coverage: float, low: float, high: float
) -> tuple[Score, tuple[PillarResult, ...]]:
    """The total over conclusive weight, then the caps; every part rounded so that the parts add up."""
    known_weight = sum(pillar.weight * pillar.coverage for pillar in pillars)
    shares: dict[str, float] = {}
    for pillar in pillars:
        for check in pillar.checks:
            if check.score is not None:
                shares[check.id] = 100 * check.weight * check.score / known_weight
    lines: dict[str, float] = dict(shares)
    for pillar in pillars:
        for cap in pillar.caps:
            lines[f"cap:{cap.id}"] = (cap.ceiling - cap.without) * pillar.weight * pillar.coverage / known_weight
    uncapped = sum(lines.values())
    caps = _total_caps(pillars, context, uncapped)
    for cap in caps:
        lines[f"cap:{cap.id}"] = cap.ceiling - cap.without
    rounded = share_out(lines)
    value = sum(rounded.values(), Decimal(0))
    total_caps = tuple(_rounded_cap(cap, rounded) for cap in caps)
    finished = tuple(
        _with_contributions(pillar, {name: float(points) for name, points in rounded.items()}) for pillar in pillars
    )
    shown = float(value)
    low, high = min(_cents(low), shown), max(_cents(high), shown)
    score = Score(
        value=shown,
        low=low,
        high=high,
        coverage=coverage,
        grade=grade(shown, low, high, confidence=context.forecast.confidence, previous=context.needs.previous_grade),
        confidence=context.forecast.confidence,
        caps=total_caps,
    )
    return score, finished


def _total_caps(pillars: Sequence[PillarResult], context: Context, value: float) -> list[Cap]:
    """The ceilings on the total that fire, each applied to what the ones before left."""
    found: list[Cap] = []
    values: dict[PillarId, float | None] = {pillar.id: pillar.value for pillar in pillars}
    scores = {check.id: check.score for pillar in pillars for check in pillar.checks}
    for cap_id, ceiling, reason in _ceilings(values, scores, context):
        if value > ceiling:
            found.append(Cap(id=cap_id, ceiling=ceiling, without=value, contribution=0.0, reason=reason))
            value = ceiling
    return found


def _ceilings(
    values: Mapping[PillarId, float | None], scores: Mapping[str, float | None], context: Context
) -> list[tuple[str, float, str]]:
    """Every ceiling on the total, as (id, points, why), given the values of pillars and the scores of checks.

    The weakest link binds by what is known: backups nobody asked about cannot lift the ceiling of a weak record.
    """
    known = [value for name in _LINKS if (value := values.get(name)) is not None]
    ceilings = []
    if known:
        ceilings.append(
            (
                "weakest-link",
                min(known) + number("caps", "weakest_link"),
                "good prose cannot hide a weak record or weak backups",
            )
        )
    if scores.get("export-self-service") == 0 and scores.get("backup-separation") == 0:
        ceilings.append(
            ("no-copy-no-export", number("caps", "no_copy_no_export"), "neither an export nor a separate backup")
        )
    length = context.facts.window.length
    if length is not None and length.days < number("caps", "short_history_days"):
        ceilings.append(("short-history", number("caps", "short_history_total"), "less than 90 days of record"))
    return ceilings


def share_out(lines: dict[str, float]) -> dict[str, Decimal]:
    """The lines rounded to cents so that they add up to the rounded sum of the unrounded ones (largest remainder)."""
    exact = {name: Decimal(value) for name, value in lines.items()}
    target = sum(exact.values(), Decimal(0)).quantize(CENT, ROUND_HALF_EVEN)
    rounded = {name: value.quantize(CENT, ROUND_HALF_EVEN) for name, value in exact.items()}
    missing = int((target - sum(rounded.values(), Decimal(0))) / CENT)
    step = CENT if missing > 0 else -CENT
    by_need = sorted(exact, key=lambda name: ((rounded[name] - exact[name]) * (1 if missing > 0 else -1), name))
    for name in by_need[: abs(missing)]:
        rounded[name] += step
    return {name: value + 0 for name, value in rounded.items()}  # no negative zero


def grade(value: float, low: float, high: float, *, confidence: Confidence, previous: str | None = None) -> str | None:
    """The letter of the value, or the range of letters the interval spans; None when confidence is insufficient.

    `previous` holds back a letter that is only just crossed; a range is never held back.
    """
    if confidence == "insufficient":
        return None
    worst, best = letter(low), letter(high)
    return letter(value, previous=previous) if worst == best else f"{best}{OPEN_ENDED}{worst}"


def letter(value: float, *, previous: str | None = None) -> str:
    """The letter of that many points. With a `previous` letter, it moves only past edges crossed by two points."""
    bands: dict[str, float] = rubric()["score"]["bands"]
    if previous not in bands:
        return next(name for name, least in bands.items() if value >= least)
    slack = number("score", "hysteresis")
    names = list(bands)
    place = names.index(previous)
    while place > 0 and value >= bands[names[place - 1]] + slack:
        place -= 1
    while place < len(names) - 1 and value < bands[names[place]] - slack:
        place += 1
    return names[place]


def _with_contributions(pillar: PillarResult, points: dict[str, float]) -> PillarResult:
    from msgspec.structs import replace

    checks = tuple(
        replace(check, score=None if check.score is None else round(check.score, 4), contribution=points.get(check.id))
        for check in pillar.checks
    )
    caps = tuple(
        replace(cap, without=_cents(cap.without), contribution=points.get(f"cap:{cap.id}", 0.0)) for cap in pillar.caps
    )
    return replace(
        pillar,
        value=None if pillar.value is None else _cents(pillar.value),
        low=_cents(pillar.low),
        high=_cents(pillar.high),
        weight=_cents(pillar.weight),
        coverage=round(pillar.coverage, 4),
        checks=checks,
        caps=caps,
    )


def _rounded_cap(cap: Cap, rounded: dict[str, Decimal]) -> Cap:
    from msgspec.structs import replace

    points = float(rounded[f"cap:{cap.id}"])
    return replace(cap, ceiling=_cents(cap.ceiling), without=_cents(cap.without), contribution=points)


def _cents(value: float) -> float:
    return round(value, 2)
