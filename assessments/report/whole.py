"""What a report prints beyond each vendor's own figures: the sections on the whole, as `verify` looks for them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.report.beside import Beside, printed_beside, with_standby
from assessments.report.clauses import printed_clauses
from assessments.report.incidents import longest_told
from assessments.report.quoted import printed_told, told
from assessments.report.sections import comparison_sections, portfolio_sections, vendor_sections
from assessments.report.shared import printed_shared, standing_of
from assessments.scoring.model import Assessment
from assessments.scoring.reading import read_words
from vendors.facts_file import normalise
from vendors.records import VendorFacts

Pair = tuple[Assessment, VendorFacts]


def sections_of_vendor(a: Assessment, facts: VendorFacts, beside: Beside) -> dict[str, str]:
    """What the sections of a vendor report hold. `facts` normalised and with its words read."""
    known = [one for one in facts.incidents if one.started_at <= a.as_of]
    return vendor_sections(
        a,
        was_told=longest_told(known, a.as_of) is not None,
        was_quoted=told(facts, a.as_of) is not None,
        has_fallback=with_standby(a, facts, beside) is not None,
    )


def sections_of_portfolio(pairs: Sequence[Pair]) -> dict[str, str]:
    """What the sections of a portfolio report hold."""
    return portfolio_sections([a for a, _ in pairs], shares=any(standing_of(a, facts) for a, facts in pairs))


def printed_on_whole(kind: str, pairs: Sequence[Pair], beside: Beside) -> list[tuple[str, str]]:
    """(path, text on the page); empty for the reports on a plan, which print figures of their answer."""
    if kind == "vendor":
        ((a, given),) = pairs
        facts = read_words(normalise(given))
        return [
            *printed_told(facts, a.as_of),
            *printed_beside(a, facts, beside),
            *printed_clauses("vendor", sections_of_vendor(a, facts, beside)),
        ]
    if kind == "portfolio":
        return [*printed_shared(pairs), *printed_clauses("portfolio", sections_of_portfolio(pairs))]
    if kind == "comparison":
        return printed_clauses("comparison", comparison_sections([a for a, _ in pairs]))
    return []
