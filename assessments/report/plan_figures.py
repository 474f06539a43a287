"""What a plan's reports and pages print of its answer, each figure worded in one place."""

from __future__ import annotations

from assessments.continuity.answer_records import Answer, DependencyAnswer, Standing
from assessments.report.phrases import spelled
from assessments.report.tokens import UNKNOWN_WORD
from riskboard.durations import hours_text

Printed = list[tuple[str, str]]


def sentence(answer: Answer) -> str:
    """How many of the critical processes would break their promise, in words; what is not known is said, never left out."""
    asked = [one for one in answer.processes if one.critical]
    if not asked:
        return "No process is marked critical yet, so nothing can be said of the whole."
    broken, unsure, unknown = (
        sum(one.verdict == word for one in asked) for word in ("cannot be met", "at risk", "not known")
    )
    if len(asked) == 1:
        return _sentence_of_one(broken, unsure, unknown)
    total = f"your {spelled(len(asked))} critical processes"
    rest = " and ".join(
        f"{'one is' if count == 1 else f'{spelled(count)} are'} {word}"
        for count, word in ((unsure, "at risk"), (unknown, "not known")) if count
    )  # fmt: skip
    if unknown == len(asked):
        return f"Whether {total} would keep their promise is not known."
    if not broken:
        return (
            f"Of {total}, {rest}." if rest else f"None of {total} would break its promise in an outage like those seen."
        )
    some = "All" if broken == len(asked) else spelled(broken).capitalize()
    told = f"{some} of {total} would break {'its' if broken == 1 else 'their'} promise in an outage like those seen"
    return f"{told}; {rest}." if rest else f"{told}."


def _sentence_of_one(broken: int, unsure: int, unknown: int) -> str:
    if unknown:
        return "Whether your one critical process would keep its promise is not known."
    if unsure:
        return "The promise of your one critical process is at risk."
    return f"Your one critical process would {'' if broken else 'not '}break its promise in an outage like those seen."


def share(value: float | None) -> str:
    """A chance."""
    return UNKNOWN_WORD if value is None else f"{value:.0%}"


def length(value: float | None) -> str:
    """Hours as a length."""
    return UNKNOWN_WORD if value is None else hours_text(value)


def money(value: float | None, currency: str) -> str:
    """An amount, whole."""
    return UNKNOWN_WORD if value is None else f"{value:,.0f} {currency}"


def gap(value: float | None) -> str:
    """Hours beyond what is needed."""
    return UNKNOWN_WORD if value is None else "none" if value == 0 else f"{hours_text(value)} too long"


def standing_rows(one: DependencyAnswer, currency: str) -> list[tuple[str, str, str]]:
    """(figure, without, with the fallback) of a dependency."""
    kept = one.kept

    def both(name: str, of: str, worded) -> tuple[str, str, str]:
        return name, worded(getattr(one.plain, of)), "no fallback" if kept is None else worded(getattr(kept, of))

    return [
        both("Chance within 12 months of an outage longer than the RTO", "chance", share),
        both("Hours a year without it", "hours", length),
        both("What they cost", "money", lambda value: money(value, currency)),
        both("Beyond the RTO", "rto_gap", gap),
        both("Beyond the RPO", "rpo_gap", gap),
    ]


def total_rows(answer: Answer) -> list[tuple[str, str, str]]:
    """(figure, without, with fallbacks) of the whole plan."""
    return [
        ("Chance within 12 months that any critical process is stopped beyond its RTO",
         share(answer.any_critical), share(answer.any_critical_kept)),
        (f"Cost of a year, of the {answer.money_known_for} of {answer.money_asked_of} dependencies whose cost is known",
         money(answer.money, answer.currency), money(answer.money_kept, answer.currency)),
    ]  # fmt: skip


def printed_in_plan(answer: Answer) -> Printed:
    """(path in the answer, text on the page) of the figures a plan's report prints."""
    currency = answer.currency
    rows = [
        ("$.any_critical", share(answer.any_critical)),
        ("$.any_critical_kept", share(answer.any_critical_kept)),
        ("$.money", money(answer.money, currency)),
        ("$.money_kept", money(answer.money_kept, currency)),
    ]
    for n, one in enumerate(answer.dependencies[:LISTED]):
        parts: list[tuple[str, Standing]] = [("plain", one.plain)] + ([("kept", one.kept)] if one.kept else [])
        for name, standing in parts:
            rows += [
                (f"$.dependencies[{n}].{name}.chance", share(standing.chance)),
                (f"$.dependencies[{n}].{name}.hours", length(standing.hours)),
                (f"$.dependencies[{n}].{name}.money", money(standing.money, currency)),
            ]
    return rows


LISTED = 40  # dependencies printed one by one; all are in the attached answer.json
