"""docs/how-often-were-we-right.md, from a backtest's result: `riskboard backtest --write`. A test compares the two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from assessments.forecast.backtest.run import COVERAGE, GATE_RTO, MAIN, RIVALS, Calibration, Class, Line, Result

PATH = Path(__file__).resolve().parents[3] / "docs" / "how-often-were-we-right.md"
Triple = tuple[float, float, float]


def text(result: Result) -> str:
    """The whole page."""
    panel = result.panel
    parts = [
        "# How often were we right?",
        "Made by `riskboard backtest --write` from the bundled records; change the method, not this file.",
        f"{panel['rows']:,} forecasts for {panel['pages']} status pages and {panel['components']} components of "
        f"{panel['vendors']} vendors, each made at the start of a half-year from what was on record then, and held against "
        "what was published in the twelve months after it. Priors for a vendor come from the other vendors alone. Every "
        "vendor has the same say, however many components it lists; rows of one vendor are not independent, so intervals "
        "draw whole vendors again (95 %, 1,000 times). Outages count as in the product: major, critical, or of an impact "
        "nobody states. Outcomes are published outages, so the correction for what is not published is left out here: it "
        "cannot be tested on what nobody published.",
        _verdict(result),
        "## Against simple rivals",
        "Skill is 1 − our Brier score ÷ the rival's: above 0 we are better, 1 would be perfect. *Laplace-Poisson* is "
        "1 − exp(−(n + ½)/(E + ½)) for n such outages in E years: the honest simple rival.",
        _lines(result.lines),
        f"Mean log score at 4 h: {_four(result.lines).log_score:.3f} against {_four(result.lines).rival_log_score:.3f} "
        f"for {MAIN} (lower is better).",
        "The same with every row counting once, so that vendors with many components rule:",
        _lines(result.by_rows),
        "## When we said so, did it happen?",
        "Each cell: mean chance said → share that happened (forecasts in the bin).",
        _reliability(result.reliability),
        "## Hours of outage in the year",
        _calibration(result.calibration, result.calibration_by_rows),
        f"The longest outage of a page's year stayed within the figure printed for a middling year in "
        f"{result.worst['middling']:.0%} (50 % would be right) and within that for a bad one in {result.worst['bad']:.0%} "
        "(90 % would be right).",
        "## By kind of vendor",
        f"At {GATE_RTO:g} h against {MAIN}. *Proven* means the whole 95 % interval lies above 0 over at least two vendors; "
        "where it does not, the product says so and prints the rival's chance beside its own.",
        _classes(result.classes),
        "## What was tried",
        "Skill at 4 h, continuous ranked probability score of ln(1 + hours) (lower is better), and how many of the "
        "vendors would have chosen the settings if only the others had been seen. The rubric's priors ship; they come from "
        "a panel that overlaps with this one, so they are no fair test and are only compared.",
        _table(
            ("settings", "skill", "CRPS", "80 % covers", "chosen by"),
            (
                (t.name, f"{t.skill:+.3f}", f"{t.crps:.3f}", f"{t.cover80:.1%}", f"{t.chosen_by} of {panel['vendors']}")
                for t in result.trials
            ),
        ),
        f"Nested (each vendor judged with the settings the others chose): skill {_triple(result.nested)}, the 80 % "
        f"interval covers {result.nested_cover80:.1%}.",
        "## Where it fails",
        _failures(result),
    ]
    return "\n\n".join(parts) + "\n"


def _verdict(result: Result) -> str:
    line = _four(result.lines)
    word = "Both ship gates are met" if result.passes else "**A ship gate is not met**"
    return (
        f"{word}: at {GATE_RTO:g} h the skill against {MAIN} is {_triple(line.skill[MAIN])} (gate: above 0 with its "
        f"interval), and {result.calibration.cover80:.1%} of years fell inside the 80 % interval of hours (gate: "
        f"{COVERAGE[0]:.0%} to {COVERAGE[1]:.0%})."
    )


def _four(lines: Sequence[Line]) -> Line:
    return next(line for line in lines if line.rto_hours == GATE_RTO)


def _lines(lines: Iterable[Line]) -> str:
    return _table(
        ("outage longer than", "happened", "mean said", "Brier", *(f"skill against {rival}" for rival in RIVALS)),
        (
            (
                f"{line.rto_hours:g} h",
                f"{line.base_rate:.1%}",
                f"{line.mean_said:.1%}",
                f"{line.brier:.3f}",
                *(_triple(line.skill[rival]) for rival in RIVALS),
            )
            for line in lines
        ),
    )


def _reliability(by_rto: Mapping[str, Sequence[tuple[float, float, int]]]) -> str:
    rows = (
        (rto, *(f"{said:.0%} → {seen:.0%} ({count:,})" for said, seen, count in bins)) for rto, bins in by_rto.items()
    )
    return _table(("outage longer than", "0–20 %", "20–40 %", "40–60 %", "60–80 %", "80–100 %"), rows)


def _calibration(*both: Calibration) -> str:
    names = ("every vendor the same say", "every row once")
    return _table(
        (
            "weights",
            "80 % covers",
            "95 % covers",
            "above it",
            "CRPS of ln(1 + h)",
            "by fifth of the forecast",
            "Spearman",
        ),
        (
            (
                name,
                f"{c.cover80:.1%}",
                f"{c.cover95:.1%}",
                f"{c.above80:.1%}",
                f"{c.crps:.3f}",
                " ".join(f"{share:.0%}" for share in c.histogram),
                f"{c.rank_correlation:.2f}",
            )
            for name, c in zip(names, both, strict=True)
        ),
    )


def _classes(classes: Iterable[Class]) -> str:
    return _table(
        ("class", "rows", "vendors", "happened", "mean said", "skill", "proven"),
        (
            (
                c.name,
                f"{c.rows:,}",
                str(c.vendors),
                f"{c.base_rate:.1%}",
                f"{c.mean_said:.1%}",
                _triple(c.skill) if c.vendors > 1 else f"{c.skill[0]:+.3f}",
                "yes" if c.proven else "no",
            )
            for c in classes
        ),
    )


def _failures(result: Result) -> str:
    lines = []
    for line in result.lines:
        low = line.skill[MAIN][1]
        if low <= 0:
            lines.append(
                f"- At {line.rto_hours:g} h the skill is {_triple(line.skill[MAIN])}: not shown to beat {MAIN}."
            )
        if abs(line.mean_said - line.base_rate) > 0.05:
            word = "few" if line.mean_said < line.base_rate else "many"
            lines.append(
                f"- At {line.rto_hours:g} h we said {line.mean_said:.0%} where {line.base_rate:.0%} happened: too {word}."
            )
    unproven = [c.name for c in result.classes if not c.proven]
    if unproven:
        lines.append(f"- Not proven: {', '.join(unproven)}.")
    lines += [
        f"- {result.calibration.above80:.0%} of years were worse than the upper bound of the 80 % interval (10 % would be "
        "right): records that grow from year to year are under-called.",
        f"- {result.panel['vendors']} vendors, mostly for developers; none for payments, CRM or payroll is in the panel.",
        "- Twelve-month windows overlap by half, and what a record says of its past may have been mended since.",
    ]
    return "\n".join(lines)


def _triple(value: Triple) -> str:
    return f"{value[0]:+.3f} [{value[1]:+.2f}, {value[2]:+.2f}]"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for row in rows:
        cells = [*row, *("" for _ in range(len(head) - len(row)))]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
