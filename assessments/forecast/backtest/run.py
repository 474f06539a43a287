"""backtest(): fit at every origin on the other vendors' priors, forecast, look up what came, and score it all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import log1p

from msgspec import Struct

from assessments.forecast.backtest import measures
from assessments.forecast.backtest.panel import Row
from assessments.forecast.backtest.predict import Climatology, Fitted, Simulator, fitted
from assessments.forecast.backtest.priors import estimate
from assessments.forecast.baseline import laplace, last_year_repeats, maximum_likelihood
from assessments.forecast.fitting import Prior, Settings, panel_prior, shipped
from assessments.forecast.history import History
from assessments.scoring.rubric import number

RTOS = (1.0, 4.0, 8.0, 24.0)
RIVALS = ("Laplace-Poisson", "climatology", "last year repeats", "maximum likelihood")
MAIN = "Laplace-Poisson"
GATE_RTO = 4.0
COVERAGE = (0.75, 0.85)  # source: method, section 3, ship gates
LEAST_VENDORS = 2  # of a class that is called proven: one vendor says nothing of another


@dataclass(frozen=True, slots=True)
class Said:
    """What was forecast of one row: the chance at each RTO by forecaster, and the hours' place, score and bounds."""

    row: Row
    chances: dict[tuple[str, float], float]
    place: float
    crps: float
    middle: float

    def score(self, who: str, rto: float) -> float:
        """The Brier score of that forecaster."""
        return measures.brier(self.chances[who, rto], self.row.came_true(rto))


class Line(Struct, frozen=True):
    """One forecast horizon against every rival. `skill` by rival: (skill, 95 % low, 95 % high)."""

    rto_hours: float
    rows: int
    base_rate: float
    mean_said: float
    brier: float
    log_score: float
    rival_log_score: float
    skill: dict[str, tuple[float, float, float]]


class Calibration(Struct, frozen=True):
    """How the yearly hours fell among those forecast. `histogram`: share of rows in each fifth of the forecast."""

    cover80: float
    cover95: float
    above80: float
    crps: float
    histogram: tuple[float, ...]
    rank_correlation: float


class Class(Struct, frozen=True):
    """A class of rows at the gate's RTO. `proven`: the 95 % interval of the skill lies above 0, over two vendors or more."""

    name: str
    rows: int
    vendors: int
    base_rate: float
    mean_said: float
    skill: tuple[float, float, float]
    proven: bool


class Trial(Struct, frozen=True):
    """One choice of settings against the shipped one: vendor-balanced skill at the gate's RTO, CRPS and coverage."""

    name: str
    skill: float
    crps: float
    cover80: float
    chosen_by: int


class Result(Struct, frozen=True):
    """Everything the page prints. Weights give every vendor the same say unless a field says rows."""

    panel: dict[str, int]
    lines: tuple[Line, ...]
    by_rows: tuple[Line, ...]
    calibration: Calibration
    calibration_by_rows: Calibration
    reliability: dict[str, tuple[tuple[float, float, int], ...]]
    classes: tuple[Class, ...]
    trials: tuple[Trial, ...]
    nested: tuple[float, float, float]
    nested_cover80: float
    worst: dict[str, float]
    passes: bool


def backtest(panel: Sequence[Row]) -> Result:
    """The whole experiment on those rows (`panel.rows`), one at least. Deterministic.

    Cost: about 20 s on one core for the 5,200 rows of the bundled vendors.
    """
    simulator = Simulator()
    common = {rto: Climatology(panel, rto) for rto in RTOS}
    priors = {span: _priors(panel, span) for span in sorted({settings.half_life for settings in trials().values()})}
    tried = {
        name: [
            _said(row, fitted(row, priors[s.half_life][row.vendor, row.origin, row.kind], s), common, simulator)
            for row in panel
        ]
        for name, s in trials().items()
    }
    shipped_prior = [_said(row, fitted(row, panel_prior(), shipped()), common, simulator) for row in panel]
    said = tried["shipped"]
    blocks = [one.row.vendor for one in said]
    equal, plain = measures.balanced(blocks), [1 / len(said)] * len(said)
    chosen, nested = _nested(tried)
    lines = tuple(_line(said, rto, equal) for rto in RTOS)
    calibration = _calibration(said, equal)
    gate = next(line for line in lines if line.rto_hours == GATE_RTO)
    return Result(
        panel={
            "vendors": len(set(blocks)),
            "pages": len({one.row.vendor for one in said if one.row.kind == "page"}),
            "components": len({(one.row.vendor, one.row.name) for one in said if one.row.kind == "component"}),
            "rows": len(said),
        },
        lines=lines,
        by_rows=tuple(_line(said, rto, plain) for rto in RTOS),
        calibration=calibration,
        calibration_by_rows=_calibration(said, plain),
        reliability={
            f"{rto:g} h": tuple(
                measures.reliability(
                    [one.chances["model", rto] for one in said], [one.row.came_true(rto) for one in said], equal
                )
            )
            for rto in RTOS
        },
        classes=tuple(_classes(said)),
        trials=(
            *(_trial(name, made, chosen) for name, made in tried.items()),
            _trial("shipped, with the rubric's priors", shipped_prior, {}),
        ),
        nested=_skill(nested, GATE_RTO, measures.balanced([one.row.vendor for one in nested])),
        nested_cover80=_covered(nested, measures.balanced([one.row.vendor for one in nested]), 0.1),
        worst=_worst(panel, priors[shipped().half_life]),
        passes=gate.skill[MAIN][1] > 0 and COVERAGE[0] <= calibration.cover80 <= COVERAGE[1],
    )


def trials() -> dict[str, Settings]:
    """The settings compared. The first is what ships; "method" is the reference of the method's Appendix A."""
    ours = shipped()
    reference = replace(ours, year_log_sd=0.0, drift=0.0, sibling_alpha=0.0)
    return {
        "shipped": ours,
        "method (Appendix A)": reference,
        "no yearly swing of counts": replace(ours, year_log_sd=0.0),
        "no drift of lengths": replace(ours, drift=0.0),
        "no siblings": replace(ours, sibling_alpha=0.0),
        "half-life 2 y": replace(ours, half_life=2.0),
        "smaller swing and drift": replace(ours, year_log_sd=0.4, drift=0.3),
        "larger swing and drift": replace(ours, year_log_sd=0.8, drift=0.7),
    }


def _said(row: Row, model: Fitted, common: dict[float, Climatology], simulator: Simulator) -> Said:
    import numpy as np

    chances = {}
    for rto in RTOS:
        chances["model", rto] = model.chance(rto)
        chances["Laplace-Poisson", rto] = laplace(row.past, rto)
        chances["climatology", rto] = common[rto].chance(row)
        chances["last year repeats", rto] = last_year_repeats(row.past, rto)
        chances["maximum likelihood", rto] = maximum_likelihood(row.past, rto)
    hours = np.log1p(simulator.hours(model))
    value = log1p(row.hours)
    return Said(
        row=row,
        chances=chances,
        place=measures.place(hours, value),
        crps=measures.crps(hours, value),
        middle=float(hours[len(hours) // 2]),
    )


def _priors(panel: Sequence[Row], half_life: float) -> dict[tuple[str, datetime, str], Prior]:
    """By vendor, origin and kind: estimated from every other vendor's pages and components as known at that origin."""
    at: dict[tuple[datetime, str], list[Row]] = defaultdict(list)
    for row in panel:
        at[row.origin, row.kind].append(row)
    made = {}
    for (origin, kind), there in sorted(at.items()):
        for vendor in sorted({row.vendor for row in there}):
            others: dict[str, list[History]] = defaultdict(list)
            for row in there:
                if row.vendor != vendor:
                    others[row.vendor].append(row.past)
            made[vendor, origin, kind] = estimate(list(others.values()), half_life)
    return made


def _line(said: Sequence[Said], rto: float, weights: Sequence[float]) -> Line:
    happened = [one.row.came_true(rto) for one in said]
    ours = [one.chances["model", rto] for one in said]
    blocks = [one.row.vendor for one in said]
    scores = [one.score("model", rto) for one in said]
    skills = {}
    for rival in RIVALS:
        theirs = [one.score(rival, rto) for one in said]
        skills[rival] = (
            measures.skill(scores, theirs, weights),
            *measures.skill_interval(scores, theirs, weights, blocks),
        )
    rival_log = [
        measures.log_score(min(max(one.chances[MAIN, rto], 0.01), 0.99), one.row.came_true(rto)) for one in said
    ]
    return Line(
        rto_hours=rto,
        rows=len(said),
        base_rate=_mean([float(y) for y in happened], weights),
        mean_said=_mean(ours, weights),
        brier=_mean(scores, weights),
        log_score=_mean([measures.log_score(p, y) for p, y in zip(ours, happened, strict=True)], weights),
        rival_log_score=_mean(rival_log, weights),
        skill=skills,
    )


def _calibration(said: Sequence[Said], weights: Sequence[float]) -> Calibration:
    fifths = [0.0] * 5
    for one, weight in zip(said, weights, strict=True):
        fifths[min(4, int(one.place * 5))] += weight
    return Calibration(
        cover80=_covered(said, weights, 0.1),
        cover95=_covered(said, weights, 0.025),
        above80=_mean([float(one.place > 0.9) for one in said], weights),
        crps=_mean([one.crps for one in said], weights),
        histogram=tuple(fifths),
        rank_correlation=measures.rank_correlation([one.middle for one in said], [one.row.hours for one in said]),
    )


def _covered(said: Sequence[Said], weights: Sequence[float], tail: float) -> float:
    """The share of rows whose hours fell inside the forecast's interval."""
    return _mean([float(tail <= one.place <= 1 - tail) for one in said], weights)


def _classes(said: Sequence[Said]) -> Iterable[Class]:
    groups: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        groups["whole pages" if one.row.kind == "page" else "components"].append(one)
        groups[f"category {one.row.category}"].append(one)
    for name, inside in sorted(groups.items()):
        blocks = [one.row.vendor for one in inside]
        weights = measures.balanced(blocks)
        found = _skill(inside, GATE_RTO, weights)
        yield Class(
            name=name,
            rows=len(inside),
            vendors=len(set(blocks)),
            base_rate=_mean([float(one.row.came_true(GATE_RTO)) for one in inside], weights),
            mean_said=_mean([one.chances["model", GATE_RTO] for one in inside], weights),
            skill=found,
            proven=len(set(blocks)) >= LEAST_VENDORS and found[1] > 0,
        )


def _skill(said: Sequence[Said], rto: float, weights: Sequence[float]) -> tuple[float, float, float]:
    ours = [one.score("model", rto) for one in said]
    theirs = [one.score(MAIN, rto) for one in said]
    low, high = measures.skill_interval(ours, theirs, weights, [one.row.vendor for one in said])
    return measures.skill(ours, theirs, weights), low, high


def _worst(panel: Sequence[Row], priors: dict[tuple[str, datetime, str], Prior]) -> dict[str, float]:
    """How often the longest outage of a whole page's year stayed within the figure for a middling and for a bad year."""
    pages = [row for row in panel if row.kind == "page"]
    weights = measures.balanced([row.vendor for row in pages])
    models = [fitted(row, priors[row.vendor, row.origin, row.kind], shipped()) for row in pages]
    cap = number("outages", "cap_hours")
    return {
        name: _mean(
            [
                float(min(cap, max(row.lengths, default=0.0)) <= model.worst(share))
                for row, model in zip(pages, models, strict=True)
            ],
            weights,
        )
        for name, share in (("middling", 0.5), ("bad", 0.9))
    }


def _nested(tried: dict[str, list[Said]]) -> tuple[dict[str, str], list[Said]]:
    """For each vendor, the settings that did best on all others (Brier at every RTO plus CRPS), and what they said of it."""
    vendors = sorted({one.row.vendor for one in tried["shipped"]})
    loss = {(name, vendor): 0.0 for name in tried for vendor in vendors}
    size: dict[str, int] = defaultdict(int)
    for one in tried["shipped"]:
        size[one.row.vendor] += 1
    for name, said in tried.items():
        for one in said:
            worth = sum(one.score("model", rto) for rto in RTOS) / len(RTOS) + one.crps
            loss[name, one.row.vendor] += worth / size[one.row.vendor]
    chosen = {
        vendor: min(tried, key=lambda name: sum(loss[name, other] for other in vendors if other != vendor))
        for vendor in vendors
    }
    by_place = {name: dict(enumerate(said)) for name, said in tried.items()}
    return chosen, [by_place[chosen[one.row.vendor]][n] for n, one in enumerate(tried["shipped"])]


def _trial(name: str, said: Sequence[Said], chosen: dict[str, str]) -> Trial:
    weights = measures.balanced([one.row.vendor for one in said])
    ours, theirs = ([one.score(who, GATE_RTO) for one in said] for who in ("model", MAIN))
    return Trial(
        name=name,
        skill=measures.skill(ours, theirs, weights),
        crps=_mean([one.crps for one in said], weights),
        cover80=_covered(said, weights, 0.1),
        chosen_by=sum(picked == name for picked in chosen.values()),
    )


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True))
