"""What a portfolio shares, whether it is getting worse, and what is stale or not known of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from math import sqrt

from assessments.forecast.inferred import Inferred, inferred_upstreams
from assessments.report.charts.matrix import Dot, initials
from assessments.report.charts.score import PILLAR_NAMES
from assessments.report.phrases import clean
from assessments.report.tokens import UNKNOWN_WORD
from assessments.scoring.metrics import as_known, outages
from assessments.scoring.model import Assessment
from assessments.scoring.reading import read_words
from riskboard.locales import _, figure, ngettext, when
from vendors.facts_file import normalise
from vendors.records import VendorFacts

Pair = tuple[Assessment, VendorFacts]
YEAR = timedelta(days=365)
STALE = timedelta(days=31)  # a record that ends so long before the newest one of the report
NAME = 60
_CLEAR = 2.0  # standard deviations of a Poisson count between two years, beyond which a change is called one


def standing_of(a: Assessment, facts: VendorFacts) -> tuple[Inferred, ...]:
    """The upstreams its record shows it to stand on."""
    return inferred_upstreams(read_words(normalise(facts)), as_of=a.as_of)


def shared_rows(pairs: Sequence[Pair]) -> list[tuple[str, tuple[str, ...], str]]:
    """(upstream, the vendors on it, what shows it), the most shared first; a vendor that is the upstream itself counts."""
    slugs = {a.vendor.slug: clean(a.vendor.name, NAME) for a, _ in pairs}
    on: dict[str, dict[str, str]] = {}
    for a, facts in pairs:
        for one in standing_of(a, facts):
            evidence = (
                _("seen: {what}", what=clean(one.seen, 80))
                if one.seen
                else ngettext("{n} incident", "{n} incidents", len(one.incidents))
            )
            on.setdefault(one.upstream, {})[clean(a.vendor.name, NAME)] = evidence
    for upstream, found in on.items():
        if upstream in slugs:
            found[slugs[upstream]] = _("it is the provider itself")
    ordered = sorted(on.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [
        (upstream, tuple(sorted(found)), "; ".join(f"{name}: {found[name]}" for name in sorted(found)))
        for upstream, found in ordered
    ]


def shared_sentence(pairs: Sequence[Pair]) -> str:
    """How many vendors fall together, in a sentence; what is not known is said."""
    rows = [row for row in shared_rows(pairs) if len(row[1]) > 1]
    unknown = sum(not standing_of(a, facts) for a, facts in pairs)
    rest = ""
    if unknown:
        rest = " " + ngettext(
            "Of {n} vendor it is not known what it stands on.",
            "Of {n} vendors it is not known what they stand on.",
            unknown,
        )
    if not rows:
        return _("The records show no provider that two of these vendors stand on.") + rest
    most = rows[0]
    return _(
        "{number} of {all} vendors stand on {upstream}: one outage there may reach them all.",
        number=len(most[1]), all=len(pairs), upstream=most[0],
    ) + rest  # fmt: skip


def dots(pairs: Sequence[Pair]) -> list[Dot]:
    """The vendors for the risk matrix, with the providers they are shown to stand on."""
    rows = shared_rows(pairs)
    return [
        Dot(name, initials(a.vendor.name), a.needs.rto_hours, a.score.value, a.score.grade,
            tuple(upstream for upstream, names, _shown in rows if name in names))
        for a, _facts in pairs
        for name in (clean(a.vendor.name, NAME),)
    ]  # fmt: skip


def trend_of(a: Assessment, facts: VendorFacts) -> tuple[str, str, str]:
    """(major outages of the last 365 days of the record, of those before, what that says)."""
    known = as_known(normalise(facts), a.as_of)
    start, end = known.window.start, known.window.end
    if start is None or end is None or end - start < 2 * YEAR:
        return _(UNKNOWN_WORD), _(UNKNOWN_WORD), _("less than two years of record")
    starts = [one.start for one in outages(known, a.as_of, core_only=True)]
    now, before = (sum(until - YEAR < at <= until for at in starts) for until in (end, end - YEAR))
    clear = abs(now - before) > _CLEAR * sqrt(max(now + before, 1))
    said = _("no clear change")
    if clear:
        said = _("more than before") if now > before else _("fewer than before")
    if "reporting-break" in a.forecast.flags and now < before:
        said = _("publishing fell off: no evidence of fewer")
    return str(now), str(before), said


def grade_mix(pairs: Sequence[Pair]) -> str:
    """How many vendors have which grade, in words."""
    counts = Counter(a.score.grade or "" for a, _ in pairs)
    letters = [f"{grade} {counts[grade]}" for grade in sorted(counts) if grade]
    return " · ".join(letters + ([_("no grade {number}", number=counts[""])] if counts[""] else []))


def stale(pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """(vendor, day its record ends) of records that end more than a month before the newest of the report."""
    latest = max(a.as_of for a, _ in pairs)
    rows = [
        (clean(a.vendor.name, NAME), _("no record") if facts.window.end is None else when(min(facts.window.end, a.as_of)))
        for a, facts in pairs
        if facts.window.end is None or latest - min(facts.window.end, a.as_of) > STALE
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row[1], row[0]))


def gap_rows(pairs: Sequence[Pair]) -> list[tuple[str, str, list[str]]]:
    """(vendor, checks not known, share known of each pillar), the least known first."""
    rows = []
    for a, _facts in pairs:
        checks = [check for pillar in a.pillars for check in pillar.checks if check.outcome != "not_applicable"]
        unknown = sum(check.score is None for check in checks)
        shares = [figure(pillar.coverage, ".0%") for pillar in a.pillars]
        rows.append(
            (
                a.score.coverage,
                clean(a.vendor.name, NAME),
                _("{number} of {all}", number=unknown, all=len(checks)),
                shares,
            )
        )
    return [row[1:] for row in sorted(rows, key=lambda row: row[:2])]


def pillar_names(pairs: Sequence[Pair]) -> list[str]:
    """The headings of `gap_rows`."""
    return [_(PILLAR_NAMES[pillar.id]) for pillar in pairs[0][0].pillars]


def printed_shared(pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """(path, text on the page) of these sections."""
    lines = [("shared", shared_sentence(pairs)), ("grades", _("Grades {grade_mix}.", grade_mix=grade_mix(pairs)))]
    lines += [
        (f"shared.{upstream}", f"{upstream} {len(names)} {evidence}")
        for upstream, names, evidence in shared_rows(pairs)
    ]
    for a, facts in pairs:
        lines.append((f"trend.{a.vendor.slug}", " ".join((clean(a.vendor.name, NAME), *trend_of(a, facts)))))
    lines += [
        (f"gaps[{place}]", " ".join((name, unknown, *shares)))
        for place, (name, unknown, shares) in enumerate(gap_rows(pairs))
    ]
    lines += [(f"stale.{name}", _("{name}, whose record ends {day}", name=name, day=day)) for name, day in stale(pairs)]
    return lines
