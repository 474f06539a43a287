"""What a plan's reports and pages print of its answer, each figure worded in one place."""

from __future__ import annotations

from assessments.continuity.answer_records import Answer, DependencyAnswer, Standing
from assessments.report.phrases import spelled
from assessments.report.tokens import UNKNOWN_WORD
from riskboard.locales import _, duration, figure, ngettext

Printed = list[tuple[str, str]]


def sentence(answer: Answer) -> str:
    """How many of the critical processes would break their promise, in words; what is not known is said, never left out."""
    asked = [one for one in answer.processes if one.critical]
    if not asked:
        return _("No process is marked critical yet, so nothing can be said of the whole.")
    broken, unsure, unknown = (
        sum(one.verdict == word for one in asked) for word in ("cannot be met", "at risk", "not known")
    )
    if len(asked) == 1:
        return _sentence_of_one(broken, unsure, unknown)
    total = spelled(len(asked))
    rest = _rest(unsure, unknown)
    if unknown == len(asked):
        return _("Whether your {total} critical processes would keep their promise is not known.", total=total)
    if not broken and rest:
        return _("Of your {total} critical processes, {rest}.", total=total, rest=rest)
    if not broken:
        return _(
            "None of your {total} critical processes would break its promise in an outage like those seen.", total=total
        )
    if broken == len(asked):
        return _(
            "All of your {total} critical processes would break their promise in an outage like those seen.",
            total=total,
        )
    some = spelled(broken).capitalize()
    told = ngettext(
        "{some} of your {total} critical processes would break its promise in an outage like those seen",
        "{some} of your {total} critical processes would break their promise in an outage like those seen",
        broken, some=some, total=total,
    )  # fmt: skip
    return f"{told}; {rest}." if rest else f"{told}."


def _rest(unsure: int, unknown: int) -> str:
    """What else there is to say of processes that are not broken: "one is at risk and two are not known"; empty for none."""
    parts = []
    if unsure:
        parts.append(_("one is at risk") if unsure == 1 else _("{number} are at risk", number=spelled(unsure)))
    if unknown:
        parts.append(_("one is not known") if unknown == 1 else _("{number} are not known", number=spelled(unknown)))
    return _("{one} and {other}", one=parts[0], other=parts[1]) if len(parts) == 2 else "".join(parts)


def money_sentence(answer: Answer) -> str:
    """What a year of outages costs and what contracts give back of it, for somebody who decides about money."""
    if answer.money_kept is None:
        return _("What a year of outages costs is not known: no process with a cost an hour stands on a judged vendor.")
    cost = money(answer.money_kept, answer.currency)
    given = [one.credit for one in answer.credits if one.credit is not None]
    if not given:
        return _("A year of outages like those seen costs about {cost} as things stand; no contract is known to give any of it back.",
                 cost=cost)  # fmt: skip
    return _("A year of outages like those seen costs about {cost} as things stand; contracts give back about {back} of it.",
             cost=cost, back=money(sum(given), answer.currency))  # fmt: skip


def _sentence_of_one(broken: int, unsure: int, unknown: int) -> str:
    if unknown:
        return _("Whether your one critical process would keep its promise is not known.")
    if unsure:
        return _("The promise of your one critical process is at risk.")
    if broken:
        return _("Your one critical process would break its promise in an outage like those seen.")
    return _("Your one critical process would not break its promise in an outage like those seen.")


def share(value: float | None) -> str:
    """A chance."""
    return _(UNKNOWN_WORD) if value is None else figure(value, ".0%")


def length(value: float | None) -> str:
    """Hours as a length."""
    return _(UNKNOWN_WORD) if value is None else duration(value)


def money(value: float | None, currency: str) -> str:
    """An amount, whole."""
    return _(UNKNOWN_WORD) if value is None else f"{figure(value, ',.0f')} {currency}"


def gap(value: float | None) -> str:
    """Hours beyond what is needed."""
    if value is None:
        return _(UNKNOWN_WORD)
    return _("none") if value == 0 else _("{length} too long", length=duration(value))


def standing_rows(one: DependencyAnswer, currency: str) -> list[tuple[str, str, str]]:
    """(figure, without, with the fallback) of a dependency."""
    kept = one.kept

    def both(name: str, of: str, worded) -> tuple[str, str, str]:
        return name, worded(getattr(one.plain, of)), _("no fallback") if kept is None else worded(getattr(kept, of))

    return [
        both(_("Chance within 12 months of an outage longer than the RTO"), "chance", share),
        both(_("Hours a year without it"), "hours", length),
        both(_("What they cost"), "money", lambda value: money(value, currency)),
        both(_("Beyond the RTO"), "rto_gap", gap),
        both(_("Beyond the RPO"), "rpo_gap", gap),
    ]


def total_rows(answer: Answer) -> list[tuple[str, str, str]]:
    """(figure, without, with fallbacks) of the whole plan."""
    return [
        (_("Chance within 12 months that any critical process is stopped beyond its RTO"),
         share(answer.any_critical), share(answer.any_critical_kept)),
        (_("Cost of a year, of the {known} of {all} dependencies whose cost is known",
           known=answer.money_known_for, all=answer.money_asked_of),
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
        ("$.credits", money_sentence(answer)),
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
