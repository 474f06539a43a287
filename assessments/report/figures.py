"""The figures a report prints, as rows: what it is, and its text. And the list of them that `verify` looks for.

A printed figure is a path in the assessment with the words it stands among on the page, so that finding "3" somewhere
on some page does not pass for finding it where it belongs.
"""

from __future__ import annotations

from assessments.forecast.calendar import text as hours_said
from assessments.report import phrases
from assessments.report.charts.score import PILLAR_NAMES
from assessments.report.phrases import VIEWS, clean, hours
from assessments.report.tokens import UNKNOWN_WORD
from assessments.scoring.checks.registry import BY_ID
from assessments.scoring.model import Assessment, PillarResult
from assessments.scoring.rubric import rubric

DISPUTES = {
    "wrong-fact": "a fact is wrong",
    "not-ours": "not its service",
    "outdated": "changed since",
    "missing-context": "not the whole",
    "method": "the way of judging",
}
Row = tuple[str, str, str]  # name of the field, what it is, text


def record_rows(a: Assessment) -> list[Row]:
    """The published record."""
    r = a.record
    return [
        ("incidents", "Incidents published, of any impact", f"{r.incidents:,}"),
        ("outages", "Major outages, overlapping ones joined", f"{r.outages:,}"),
        ("over_rto", f"Of these longer than your {hours(a.needs.rto_hours)}", f"{r.over_rto:,}"),
        ("open_now", "Open when the record was taken", f"{r.open_now:,}"),
        ("longest_hours", "Longest major outage", phrases.optional_hours(r.longest_hours)),
        ("median_hours", "Half of them were longer than", phrases.optional_hours(r.median_hours)),
        ("p90_hours", "One in ten was longer than", phrases.optional_hours(r.p90_hours)),
        ("window_years", "Years covered", f"{r.window_years:.2f}"),
    ]


def forecast_rows(a: Assessment) -> list[Row]:
    """The estimate for the next twelve months."""
    f = a.forecast
    return [
        ("p_exceed", f"Chance that {VIEWS[f.view]} is down for longer than {hours(f.rto_hours)}", f"{f.p_exceed:.1%}"),
        ("band80[0]", "Lower end of its 80% band", f"{f.band80[0]:.1%}"),
        ("band80[1]", "Upper end of its 80% band", f"{f.band80[1]:.1%}"),
        ("p_any", "Chance that any part at all is down so long", _share(f.p_any)),
        ("p_baseline", "What a simple rate of such outages says", _share(f.p_baseline)),
        *(
            [("p_in_hours", f"The same within your working hours ({hours_said(a.needs.hours)})", _share(f.p_in_hours))]
            if a.needs.hours
            else []
        ),
        ("hours.mean", "Hours of service lost, on average", f"{f.hours.mean:.1f} h"),
        ("hours.p10", "Hours lost in a good year (one in ten)", f"{f.hours.p10:.1f} h"),
        ("hours.p50", "Hours lost in a middling year", f"{f.hours.p50:.1f} h"),
        ("hours.p90", "Hours lost in a bad year (one in ten)", f"{f.hours.p90:.1f} h"),
        ("worst.p50", "Longest outage of a middling year", hours(f.worst.p50)),
        ("worst.p90", "Longest outage of a bad year (one in ten)", hours(f.worst.p90)),
        ("n", "Major outages it rests on", f"{f.n:,}"),
        ("exposure_years", "Years of record it rests on", f"{f.exposure_years:.2f}"),
        ("disclosure_mean", "Share of outages assumed to be published", f"{f.disclosure_mean:.0%}"),
    ]


def _share(chance: float | None) -> str:
    return UNKNOWN_WORD if chance is None else f"{chance:.1%}"


def accounting_rows(a: Assessment) -> list[tuple[str, str, str, str]]:
    """Downtime under the three ways of counting: (preset, weight of a minor one, hours, hours a year)."""
    presets = rubric()["presets"]
    return [
        (
            line.preset,
            f"{presets[line.preset]['minor']:.0%}",
            f"{line.hours:,.1f} h",
            UNKNOWN_WORD if line.hours_per_year is None else f"{line.hours_per_year:,.1f} h",
        )
        for line in a.record.accounting
    ]


def contribution_rows(a: Assessment) -> list[tuple[str, str, str, str, str]]:
    """The lines that add up to the total: (path, check or cap, weight, score, points)."""
    lines = []
    for n, pillar in enumerate(a.pillars):
        for place, check in enumerate(pillar.checks):
            if check.contribution is not None:
                path = f"$.pillars[{n}].checks[{place}].contribution"
                lines.append((path, check.id, f"{check.weight:g}", f"{check.score:.4f}", f"{check.contribution:.2f}"))
        for place, cap in enumerate(pillar.caps):
            lines.append(
                (f"$.pillars[{n}].caps[{place}].contribution", f"cap: {cap.id}", "", "", f"{cap.contribution:.2f}")
            )
    for place, cap in enumerate(a.score.caps):
        lines.append((f"$.score.caps[{place}].contribution", f"cap: {cap.id}", "", "", f"{cap.contribution:.2f}"))
    return lines


def total_row(a: Assessment) -> tuple[str, str]:
    """The last line of the contributions."""
    return "Total", "not shown" if a.score.value is None else f"{a.score.value:.2f}"


def interval_sentence(a: Assessment) -> str:
    """What the total could be, and on how much weight it rests."""
    return (
        f"Unknown checks could move it to anywhere between {a.score.low:.2f} and {a.score.high:.2f}; "
        f"it rests on {a.score.coverage:.2%} of the weight."
    )


def profile_rows(a: Assessment) -> list[tuple[str, str, str, str, str]]:
    """The total under other weights: (profile, total, interval, grade, share known); the default first."""
    lines = [("default", a.method.version, a.score), *((p.name, p.version, p) for p in a.profiles)]
    return [
        (
            f"{clean(name, 60)} ({clean(version, 20)})",
            UNKNOWN_WORD if line.value is None else f"{line.value:.2f}",
            f"{line.low:.2f} to {line.high:.2f}",
            line.grade or "none",
            f"{line.coverage:.0%}",
        )
        for name, version, line in lines
    ]


def dispute_rows(a: Assessment) -> list[tuple[str, str, str, str, str]]:
    """The vendor's objections: (about, kind, in its words, filed, link or empty)."""
    return [
        (
            clean(d.about, 90),
            DISPUTES[d.kind],
            clean(d.statement, 400),
            f"{d.filed_at:%Y-%m-%d}",
            d.evidence or "",
        )
        for d in a.disputes
    ]


def pillar_heading(pillar: PillarResult) -> str:
    """The name of a pillar with its value."""
    value = UNKNOWN_WORD if pillar.value is None else f"{pillar.value:.2f} of 100"
    return f"{PILLAR_NAMES[pillar.id]}: {value}"


def pillar_sentence(pillar: PillarResult) -> str:
    """Weight, interval and share known of a pillar."""
    known = f"Weight {pillar.weight:g} of 100; {pillar.coverage:.2%} of it could be judged"
    if pillar.low == pillar.high:
        return f"{known}."
    return f"{known}; between {pillar.low:.2f} and {pillar.high:.2f} as the unknown turns out."


def portfolio_cells(a: Assessment) -> list[str]:
    """The figures of one row of the portfolio table, in the order of its columns."""
    insufficient = a.forecast.confidence == "insufficient"
    return [
        f"{a.as_of:%Y-%m-%d}",
        hours(a.needs.rto_hours),
        (UNKNOWN_WORD if a.score.value is None else f"{a.score.value:.0f}") + (" disputed" if a.disputes else ""),
        f"{a.score.low:.0f} to {a.score.high:.0f}",
        a.score.grade or "none",
        f"{a.score.coverage:.0%}",
        UNKNOWN_WORD if insufficient else f"{a.forecast.p_exceed:.0%}",
        UNKNOWN_WORD if insufficient else f"{a.forecast.hours.mean:.0f} h",
    ]


def threshold_rows() -> list[tuple[str, str, str]]:
    """Every threshold judged by: (check, values with their unit, source and date). The backup items share theirs."""
    merged: dict[tuple[str, str, str], dict[str, None]] = {}
    for check in BY_ID.values():
        name = "backup questionnaire" if check.meta.pillar == "backup" else check.meta.id
        for threshold in check.meta.thresholds:
            source = f"{threshold.source} ({threshold.dated})"
            values = merged.setdefault((name, source, threshold.unit), {})
            values[f"{threshold.name.replace('_', ' ')} {threshold.value:g}"] = None
    rows: dict[tuple[str, str], list[str]] = {}
    for (name, source, unit), values in merged.items():
        rows.setdefault((name, source), []).append(f"{', '.join(values)} ({unit})")
    return [(name, "; ".join(values), source) for (name, source), values in rows.items()]


def weight_rows(a: Assessment) -> list[tuple[str, str, str]]:
    """Weights: (pillar, its weight, its checks with theirs)."""
    return [
        (
            PILLAR_NAMES[pillar.id],
            f"{pillar.weight:g}",
            ", ".join(f"{check.id} {check.weight:g}" for check in pillar.checks),
        )
        for pillar in a.pillars
    ]


def printed(a: Assessment) -> list[tuple[str, str]]:
    """(path, text on the page) of every figure a vendor report promises to print."""
    out = [
        ("$.forecast.p_exceed", phrases.chance(a.forecast)),
        ("$.score", phrases.verdict(a)),
        ("$.record", phrases.record(a)),
        ("$.score.value", " ".join(total_row(a))),
        ("$.score.low, $.score.high, $.score.coverage", interval_sentence(a)),
    ]
    out += [(f"$.record.{name}", f"{what} {text}") for name, what, text in record_rows(a)]
    out += [(f"$.forecast.{name}", f"{what} {text}") for name, what, text in forecast_rows(a)]
    out += [(f"$.record.accounting[{n}]", " ".join(row)) for n, row in enumerate(accounting_rows(a))]
    for n, pillar in enumerate(a.pillars):
        out.append((f"$.pillars[{n}].value", pillar_heading(pillar)))
        out.append((f"$.pillars[{n}]", pillar_sentence(pillar)))
    out += [(path, " ".join(part for part in parts if part)) for path, *parts in contribution_rows(a)]
    out += [(f"$.profiles[{n - 1}]" if n else "$.score", " ".join(row)) for n, row in enumerate(profile_rows(a))]
    out += [(f"$.disputes[{n}]", " ".join(row[:4])) for n, row in enumerate(dispute_rows(a))]
    return out


def printed_in_portfolio(a: Assessment) -> list[tuple[str, str]]:
    """(path, text on the page) of every figure a portfolio report promises to print of one vendor."""
    return [
        ("$.score, $.forecast", " ".join(portfolio_cells(a))),
        ("$.forecast.p_exceed", phrases.chance(a.forecast)),
        ("$.score.value", phrases.verdict(a)),
        ("$.record", phrases.record(a)),
    ]


def printed_in_comparison(a: Assessment) -> list[tuple[str, str]]:
    """(path, text on the page) of every figure a comparison promises to print of one vendor."""
    return [("$.score, $.forecast", " ".join(portfolio_cells(a)))]
