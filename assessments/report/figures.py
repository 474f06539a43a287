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
from assessments.scoring.model import Assessment, Cap, PillarResult, Threshold
from assessments.scoring.rubric import rubric
from riskboard.locales import N_, _, figure, figures, ngettext, when

DISPUTES = {
    "wrong-fact": N_("a fact is wrong"),
    "not-ours": N_("not its service"),
    "outdated": N_("changed since"),
    "missing-context": N_("not the whole"),
    "method": N_("the way of judging"),
}
Row = tuple[str, str, str]  # name of the field, what it is, text


def record_rows(a: Assessment) -> list[Row]:
    """The published record."""
    r = a.record
    return [
        ("incidents", _("Incidents published, of any impact"), figure(r.incidents, ",")),
        ("outages", _("Major outages, overlapping ones joined"), figure(r.outages, ",")),
        ("over_rto", _("Of these longer than your {rto}", rto=hours(a.needs.rto_hours)), figure(r.over_rto, ",")),
        ("open_now", _("Open when the record was taken"), figure(r.open_now, ",")),
        ("longest_hours", _("Longest major outage"), phrases.optional_hours(r.longest_hours)),
        ("median_hours", _("Half of them were longer than"), phrases.optional_hours(r.median_hours)),
        ("p90_hours", _("One in ten was longer than"), phrases.optional_hours(r.p90_hours)),
        ("window_years", _("Years covered"), figure(r.window_years, ".2f")),
    ]


def forecast_rows(a: Assessment) -> list[Row]:
    """The estimate for the next twelve months."""
    f = a.forecast
    rto, part = hours(f.rto_hours), _(VIEWS[f.view])
    return [
        (
            "p_exceed",
            _("Chance that {part} is down for longer than {rto}", part=part, rto=rto),
            figure(f.p_exceed, ".1%"),
        ),
        ("band80[0]", _("Lower end of its 80% band"), figure(f.band80[0], ".1%")),
        ("band80[1]", _("Upper end of its 80% band"), figure(f.band80[1], ".1%")),
        ("p_any", _("Chance that any part at all is down so long"), _share(f.p_any)),
        ("p_baseline", _("What a simple rate of such outages says"), _share(f.p_baseline)),
        *(
            [
                (
                    "p_in_hours",
                    _("The same within your working hours ({hours})", hours=hours_said(a.needs.hours)),
                    _share(f.p_in_hours),
                )
            ]
            if a.needs.hours
            else []
        ),
        ("hours.mean", _("Hours of service lost, on average"), _hours(f.hours.mean)),
        ("hours.p10", _("Hours lost in a good year (one in ten)"), _hours(f.hours.p10)),
        ("hours.p50", _("Hours lost in a middling year"), _hours(f.hours.p50)),
        ("hours.p90", _("Hours lost in a bad year (one in ten)"), _hours(f.hours.p90)),
        ("worst.p50", _("Longest outage of a middling year"), hours(f.worst.p50)),
        ("worst.p90", _("Longest outage of a bad year (one in ten)"), hours(f.worst.p90)),
        ("n", _("Major outages it rests on"), figure(f.n, ",")),
        ("exposure_years", _("Years of record it rests on"), figure(f.exposure_years, ".2f")),
        ("disclosure_mean", _("Share of outages assumed to be published"), figure(f.disclosure_mean, ".0%")),
    ]


def _hours(length: float, form: str = ".1f") -> str:
    return f"{figure(length, form)} h"


def _share(chance: float | None) -> str:
    return _(UNKNOWN_WORD) if chance is None else figure(chance, ".1%")


def _to(low: float, high: float, form: str = ".2f") -> str:
    """An interval, as cells print it."""
    return _("{low} to {high}", low=figure(low, form), high=figure(high, form))


PRESETS = {"typical": N_("typical"), "strict": N_("strict"), "lenient": N_("lenient")}


def accounting_rows(a: Assessment) -> list[tuple[str, str, str, str]]:
    """Downtime under the three ways of counting: (preset, weight of a minor one, hours, hours a year)."""
    presets = rubric()["presets"]
    return [
        (
            _(PRESETS[line.preset]),
            figure(presets[line.preset]["minor"], ".0%"),
            _hours(line.hours, ",.1f"),
            _(UNKNOWN_WORD) if line.hours_per_year is None else _hours(line.hours_per_year, ",.1f"),
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
                told = (
                    figure(check.weight, "g"),
                    figure(check.score or 0.0, ".4f"),
                    figure(check.contribution, ".2f"),
                )
                lines.append((path, check.id, *told))
        lines += [_cap_row(f"$.pillars[{n}].caps[{place}]", cap) for place, cap in enumerate(pillar.caps)]
    lines += [_cap_row(f"$.score.caps[{place}]", cap) for place, cap in enumerate(a.score.caps)]
    return lines


def _cap_row(path: str, cap: Cap) -> tuple[str, str, str, str, str]:
    return f"{path}.contribution", _("cap: {id}", id=cap.id), "", "", figure(cap.contribution, ".2f")


def total_row(a: Assessment) -> tuple[str, str]:
    """The last line of the contributions."""
    return _("Total"), _("not shown") if a.score.value is None else figure(a.score.value, ".2f")


def interval_sentence(a: Assessment) -> str:
    """What the total could be, and on how much weight it rests."""
    return _(
        "Unknown checks could move it to anywhere between {low} and {high}; it rests on {coverage} of the weight.",
        low=figure(a.score.low, ".2f"), high=figure(a.score.high, ".2f"), coverage=figure(a.score.coverage, ".2%"),
    )  # fmt: skip


def profile_rows(a: Assessment) -> list[tuple[str, str, str, str, str]]:
    """The total under other weights: (profile, total, interval, grade, share known); the default first."""
    lines = [(_("default"), a.method.version, a.score), *((p.name, p.version, p) for p in a.profiles)]
    return [
        (
            f"{clean(name, 60)} ({clean(version, 20)})",
            _(UNKNOWN_WORD) if line.value is None else figure(line.value, ".2f"),
            _to(line.low, line.high),
            line.grade or _("none"),
            figure(line.coverage, ".0%"),
        )
        for name, version, line in lines
    ]


def dispute_rows(a: Assessment) -> list[tuple[str, str, str, str, str]]:
    """The vendor's objections: (about, kind, in its words, filed, link or empty)."""
    return [
        (
            clean(d.about, 90),
            _(DISPUTES[d.kind]),
            clean(d.statement, 400),
            when(d.filed_at),
            d.evidence or "",
        )
        for d in a.disputes
    ]


def pillar_heading(pillar: PillarResult) -> str:
    """The name of a pillar with its value."""
    value = _(UNKNOWN_WORD) if pillar.value is None else _("{value} of 100", value=figure(pillar.value, ".2f"))
    return _("{pillar}: {value}", pillar=_(PILLAR_NAMES[pillar.id]), value=value)


def pillar_sentence(pillar: PillarResult) -> str:
    """Weight, interval and share known of a pillar."""
    weight, coverage = figure(pillar.weight, "g"), figure(pillar.coverage, ".2%")
    if pillar.low == pillar.high:
        return _("Weight {weight} of 100; {coverage} of it could be judged.", weight=weight, coverage=coverage)
    return _(
        "Weight {weight} of 100; {coverage} of it could be judged; between {low} and {high} as the unknown turns out.",
        weight=weight, coverage=coverage, low=figure(pillar.low, ".2f"), high=figure(pillar.high, ".2f"),
    )  # fmt: skip


def waiting_sentence(pillar: PillarResult) -> str:
    """How many checks of a pillar are not known and what they weigh together; empty where every one is known."""
    open_weights = [check.weight for check in pillar.checks if check.outcome == "unknown"]
    if not open_weights:
        return ""
    return ngettext(
        "{n} check of weight {weight} is not known.",
        "{n} checks of weight {weight} together are not known.",
        len(open_weights), weight=figure(sum(open_weights), ".1f"),
    )  # fmt: skip


def portfolio_cells(a: Assessment) -> list[str]:
    """The figures of one row of the portfolio table, in the order of its columns."""
    insufficient = a.forecast.confidence == "insufficient"
    value = _(UNKNOWN_WORD) if a.score.value is None else figure(a.score.value, ".0f")
    return [
        when(a.as_of),
        hours(a.needs.rto_hours),
        _("{value} disputed", value=value) if a.disputes else value,
        _to(a.score.low, a.score.high, ".0f"),
        a.score.grade or _("none"),
        figure(a.score.coverage, ".0%"),
        _(UNKNOWN_WORD) if insufficient else figure(a.forecast.p_exceed, ".0%"),
        _(UNKNOWN_WORD) if insufficient else _hours(a.forecast.hours.mean, ".0f"),
    ]


def threshold_rows() -> list[tuple[str, str, str]]:
    """Every threshold judged by: (check, values with their unit, source and date). The backup items share theirs."""
    merged: dict[tuple[str, str, str], dict[str, None]] = {}
    for check in BY_ID.values():
        name = _("backup questionnaire") if check.meta.pillar == "backup" else check.meta.id
        for threshold in check.meta.thresholds:
            called, unit, source = threshold_words(threshold)
            values = merged.setdefault((name, source, unit), {})
            values[f"{called} {figure(threshold.value, 'g')}"] = None
    rows: dict[tuple[str, str], list[str]] = {}
    for (name, source, unit), values in merged.items():
        rows.setdefault((name, source), []).append(f"{', '.join(values)} ({unit})")
    return [(name, "; ".join(values), source) for (name, source), values in rows.items()]


def threshold_words(threshold: Threshold) -> tuple[str, str, str]:
    """What a threshold is called, its unit, and its source with the date it was set, in the language spoken."""
    called, source = _(threshold.name.replace("_", " ")), _(threshold.source)
    return called, _(threshold.unit), f"{source} ({figures(str(threshold.dated))})"


def weight_rows(a: Assessment) -> list[tuple[str, str, str]]:
    """Weights: (pillar, its weight, its checks with theirs)."""
    return [
        (
            _(PILLAR_NAMES[pillar.id]),
            figure(pillar.weight, "g"),
            ", ".join(f"{check.id} {figure(check.weight, 'g')}" for check in pillar.checks),
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
        if waiting := waiting_sentence(pillar):
            out.append((f"$.pillars[{n}].checks", waiting))
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
