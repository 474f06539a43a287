"""An assessment as a workbook: what the document and its facts say, cell by cell. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assessments.files.tables import Cell, Sheet, workbook
from assessments.scoring.model import Assessment, CheckResult, Evidence
from riskboard.locales import N_, _, figure
from riskboard.phrasebook import said, word
from vendors.facts_file import normalise
from vendors.records import VendorFacts

Row = tuple[Cell, ...]


def assessment_workbook(assessment: Assessment, facts: VendorFacts) -> bytes:
    """XLSX of six sheets in the language spoken: summary, checks, incidents, forecast, recommendations, and the evidence.

    It is for people and read by no program: ids, figures and the vendor's own words stay, everything else is said. An empty cell is
    not known. Points are 0 to 100, shares and chances 0 to 1, times UTC. Where the record is too thin to forecast, the forecast's
    figures stay empty. Raises FileError with more incidents than a sheet holds.
    """
    checks = [(pillar.id, check) for pillar in assessment.pillars for check in pillar.checks]
    return workbook(
        [
            Sheet(_("Summary"), _headed(_FIGURES), _summary(assessment)),
            Sheet(_("Checks"), _headed(_CHECKS), [_check(pillar, check) for pillar, check in checks]),
            Sheet(_("Incidents"), _headed(_INCIDENTS), _incidents(facts)),
            Sheet(_("Forecast"), _headed(_FIGURES), _forecast(assessment)),
            Sheet(_("Recommendations"), _headed(_ADVICE), _advice(assessment)),
            Sheet(_("Evidence"), _headed(_EVIDENCE), _evidence(assessment)),
        ]
    )


_FIGURES = (N_("What"), N_("Value"), N_("Unit"))
_CHECKS = (
    N_("Pillar"), N_("Check"), N_("Outcome"), N_("Score 0-1"), N_("Weight"), N_("Points"), N_("Reason"), N_("What to do"),
)  # fmt: skip
_INCIDENTS = (
    N_("Id"), N_("Title"), N_("Impact"), N_("Status"), N_("Started (UTC)"), N_("First posted (UTC)"), N_("Resolved (UTC)"),
    N_("End known"), N_("Hours"), N_("Updates"), N_("Components"), N_("Source"),
)  # fmt: skip
_ADVICE = (
    N_("Rule"), N_("Action"), N_("Why"), N_("Effort"), N_("Reference"), N_("Because"), N_("Figure"), N_("Value before"),
    N_("Value after"), N_("In place"),
)  # fmt: skip
_UNITS = (  # of what a check measured; "h", "d" and "min" are the same everywhere
    N_("chance"), N_("share"), N_("outage"), N_("incident"), N_("post"), N_("promise"), N_("updates"), N_("points"),
    N_("components"),
)  # fmt: skip
_EVIDENCE = (N_("Belongs to"), N_("Claim"), N_("Value"), N_("Unit"), N_("Observed (UTC)"), N_("Source"))


def _headed(columns: Sequence[str]) -> list[str]:
    return [_(name) for name in columns]


def _summary(a: Assessment) -> Iterator[Row]:
    score, record = a.score, a.record
    judged: list[Row] = [
        (_("Vendor"), a.vendor.name, None),
        (_("Category"), word("category", a.vendor.category or ""), None),
        (_(_("As of")), a.as_of, "UTC"),
        (_("Readiness"), score.value, _("points of 100")),
        (_("Readiness, at least"), score.low, _("points of 100")),
        (_("Readiness, at most"), score.high, _("points of 100")),
        (_("Grade"), score.grade, None),
        (_("Evidence known"), score.coverage, _("share")),
        (_("Confidence"), word("confidence", score.confidence), None),
        (_("RTO"), a.needs.rto_hours, _("hours")),
        (_("RPO"), a.needs.rpo_hours, _("hours")),
        (_("Parts relied on"), "; ".join(a.needs.components), None),
    ]
    yield from judged
    for pillar in a.pillars:
        yield _("Pillar {pillar}", pillar=pillar.id), pillar.value, _("points of 100")
    for profile in a.profiles:
        yield _("Under the weights {profile}", profile=profile.name), profile.value, _("points of 100")
    for cap in (*score.caps, *(cap for pillar in a.pillars for cap in pillar.caps)):
        yield _("Cap {id}: {reason}", id=cap.id, reason=said(cap.reason)), cap.ceiling, _("points at most")
    yield from [
        (_("Incidents"), record.incidents, _("in the window")),
        (_("Outages that count"), record.outages, _("in the window")),
        (_("Outages longer than the RTO"), record.over_rto, _("in the window")),
        (_("Longest outage"), record.longest_hours, _("hours")),
        (_("Median outage"), record.median_hours, _("hours")),
        (_("Nine in ten outages at most"), record.p90_hours, _("hours")),
        (_("Window"), record.window_years, _("years")),
    ]
    for dispute in a.disputes:
        yield _("Disputed by the vendor: {about}", about=dispute.about), dispute.statement, dispute.kind
    yield _("Method"), a.method.version, None
    yield _("Facts, SHA-256"), a.facts_sha256, None


def _check(pillar: str, check: CheckResult) -> Row:
    figures = check.score, check.weight, check.contribution
    return (
        pillar,
        check.id,
        word("outcome", check.outcome),
        *figures,
        said(check.reason),
        said(check.remedy or "") or None,
    )


def _incidents(facts: VendorFacts) -> Iterator[Row]:
    for i in normalise(facts).incidents:
        times = i.started_at, i.first_posted_at, i.resolved_at
        counts = i.end_known, i.duration_hours(), len(i.updates)
        yield (
            i.id,
            i.title,
            word("impact", i.impact or "") or None,
            i.status,
            *times,
            *counts,
            "; ".join(i.components),
            i.url,
        )


def _forecast(a: Assessment) -> Iterator[Row]:
    f = a.forecast
    told: list[Row] = [
        (_("RTO"), f.rto_hours, _("hours")),
        (_("Horizon"), f.horizon_days, _("days")),
        (_("Confidence"), word("confidence", f.confidence), None),
        (_("Major outages it rests on"), f.n, None),
        (_("Years watched"), f.exposure_years, _("years")),
        (_("Assumed share published"), f.disclosure_mean, _("share")),
        (_("Of which parts"), f.view, None),
        (_("Read with care"), "; ".join(f.flags), None),
    ]
    yield from told
    known = f.confidence != "insufficient"
    figures: list[tuple[str, float | None, str]] = [
        (_("Chance of an outage longer than the RTO"), f.p_exceed, _("chance")),
        (_("80 % band, from"), f.band80[0], _("chance")),
        (_("80 % band, to"), f.band80[1], _("chance")),
        (_("Of any part at all"), f.p_any, _("chance")),
        (_("By a simple rate"), f.p_baseline, _("chance")),
        (_("Within working hours"), f.p_in_hours, _("chance")),
        (_("Outage hours, mean"), f.hours.mean, _("hours")),
        (_("Outage hours, one in ten below"), f.hours.p10, _("hours")),
        (_("Outage hours, half below"), f.hours.p50, _("hours")),
        (_("Outage hours, nine in ten below"), f.hours.p90, _("hours")),
        (_("Longest outage, half below"), f.worst.p50, _("hours")),
        (_("Longest outage, nine in ten below"), f.worst.p90, _("hours")),
        *(
            (_("Chance of an outage longer than {hours} h", hours=figure(point.hours, "g")), point.p, _("chance"))
            for point in f.curve
        ),
    ]
    for what, value, unit in figures:
        yield what, value if known else None, unit


def _advice(a: Assessment) -> Iterator[Row]:
    """A row for each figure a recommendation moves; one row where its effect was not computed."""
    for item in a.recommendations:
        because = "; ".join(
            f"{said(name)} {_worded(value)}" for name, value in item.trigger.items() if value is not None
        )
        words = item.rule, said(item.action), said(item.why), item.effort, item.reference, because
        for name in item.after or [None]:
            moved = (said(name), item.before.get(name), item.after[name]) if name else (None, None, None)
            yield *words, *moved, _worded(item.in_place)


def _worded(value: object) -> str | None:
    """A value within words: yes and no, figures as the language writes them, stored words in it; None stays."""
    if value is None:
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return figure(value)
    return said(value) if isinstance(value, str) else str(value)


def _evidence(a: Assessment) -> Iterator[Row]:
    for pillar in a.pillars:
        for check in pillar.checks:
            yield from (_claim(check.id, evidence) for evidence in check.evidence)
    for item in a.recommendations:
        yield from (_claim(item.rule, evidence) for evidence in item.evidence)


def _claim(belongs: str, e: Evidence) -> Row:
    return (
        belongs,
        said(e.claim),
        said(e.value) if isinstance(e.value, str) else e.value,
        _(e.unit) if e.unit in _UNITS else e.unit,
        e.observed_at,
        e.url,
    )
