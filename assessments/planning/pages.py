"""What the plan's pages show, from the plan and its stored judgement. Words and pictures; no figure is worked out here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from assessments.continuity.answer_records import Answer, DependencyAnswer, Standing
from assessments.continuity.lint import LEVELS, Message
from assessments.continuity.plan import KINDS, Plan
from assessments.models import PlanRow
from assessments.planning import judging, ledger, shown
from assessments.planning.fields import ORGANISATION, words_of
from assessments.planning.vendors import names_of
from assessments.report.charts.risk import ladder
from assessments.report.plan_figures import sentence
from assessments.report.tokens import SCREEN
from riskboard.locales import duration, figure, figures

NEEDS_TODAY = 5
FINDINGS_PER_PAGE, ANSWERS_PER_PAGE = 100, 20
VERDICT_LOOKS = {"kept": "pass", "at risk": "partial", "cannot be met": "fail", "not known": "unknown"}
LEVEL_WORDS = {
    "error": (gettext_lazy("Errors"), gettext_lazy("the plan does not hold as it stands")),
    "warning": (gettext_lazy("Warnings"), gettext_lazy("it may not hold when it counts")),
    "advice": (gettext_lazy("Advice"), gettext_lazy("it would be stronger")),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A message of the lint with the way to its field, and what its item is called."""

    message: Message
    url: str
    about: str


@dataclass(slots=True)
class Link:
    """One dependency with its answer in words; unknown says so. `ladder` is drawn where it is shown."""

    answer: DependencyAnswer
    process: str
    service: str
    vendor: str
    fallback: str
    look: str
    rto: str
    p90: str
    longest: str
    chance: str
    sides: tuple[tuple[str, Side], ...]
    ladder: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """How a dependency stands, without or with its fallback, in words."""

    standing: Standing
    look: str
    chance: str
    hours: str
    money: str
    rto_gap: str
    rpo_gap: str


def share_text(share: float | None) -> str:
    """A chance as a whole percentage; a little is never nothing."""
    if share is None:
        return gettext("not known")
    return (
        gettext("under 1 %")
        if 0 < share < 0.005
        else gettext("over 99 %")
        if 0.995 < share < 1
        else f"{share:.0%}".replace("%", " %")
    )


def hours_or(hours: float | None) -> str:
    """Hours in words, or the word for not knowing them."""
    return gettext("not known") if hours is None else duration(hours)


def money_or(amount: float | None, currency: str) -> str:
    """Money to the whole unit, or the word for not knowing it."""
    return gettext("not known") if amount is None else f"{figure(amount, ',.0f')} {currency}"


def overview(row: PlanRow, plan: Plan, *, now: datetime) -> dict[str, Any]:
    """The overview: its sentence, what needs somebody today, and the dependencies at a glance."""
    made = judging.newest(row.revision)
    context: dict[str, Any] = {"judgement": made, "is_empty": not _items(plan), "counts": _counts(plan)}
    due = ledger.due(plan, judging.vendors(), now=now)
    context |= {"due": due[:NEEDS_TODAY], "more_due": max(0, len(due) - NEEDS_TODAY)}
    if made is None:
        return context
    findings = list(findings_of(made.messages, made.plan))
    errors = [one for one in findings if one.message.level == "error"]
    links = links_of(made.answer, made.plan)
    room = NEEDS_TODAY - len(context["due"])
    return context | {
        "sentence": sentence(made.answer), "links": links, "processes": _processes(made, links),
        "today": errors[:room], "more_today": len(errors[room:]), "found": _found(made.messages),
    }  # fmt: skip


def _items(plan: Plan) -> int:
    return sum(count for _, _, count in _counts(plan))


def _counts(plan: Plan) -> list[tuple[str, str, int]]:
    return [(kind, many, len(getattr(plan, kind))) for kind, many in shown.kinds_nav()]


def _processes(made: judging.Judgement, links: list[Link]) -> list[dict[str, Any]]:
    """Every process with its own answer and its dependencies, worst verdict first."""
    titles = shown.names(made.plan)["processes"]
    order = list(VERDICT_LOOKS)[::-1]
    return sorted(
        (
            {
                "answer": one, "name": titles.get(one.id, one.id), "look": VERDICT_LOOKS[one.verdict],
                "chance": share_text(one.chance), "kept": share_text(one.chance_kept),
                "rto": hours_or(one.rto_hours), "links": [link for link in links if link.answer.process == one.id],
            }
            for one in made.answer.processes
        ),
        key=lambda one: (not one["answer"].critical, order.index(one["answer"].verdict)),
    )  # fmt: skip


def _levels(messages: Sequence[Message]) -> list[tuple[str, int]]:
    return [(level, sum(one.level == level for one in messages)) for level in LEVELS]


def _found(messages: Sequence[Message]) -> list[str]:
    return [_counted(level, count) for level, count in _levels(messages) if count]


def _counted(level: str, count: int) -> str:
    said = {
        "error": ngettext("%(n)s error", "%(n)s errors", count),
        "warning": ngettext("%(n)s warning", "%(n)s warnings", count),
        "advice": ngettext("%(n)s piece of advice", "%(n)s pieces of advice", count),
    }[level]
    return said % {"n": count}


def checked(row: PlanRow, plan: Plan, *, page: str | None = None) -> dict[str, Any]:
    """The lint by level, FINDINGS_PER_PAGE at a time."""
    made = judging.newest(row.revision)
    if made is None:
        return {"judgement": None, "is_empty": not _items(plan)}
    shown_page = Paginator(made.messages, FINDINGS_PER_PAGE).get_page(page)
    findings = list(findings_of(shown_page.object_list, made.plan))
    counted = dict(_levels(made.messages))
    groups = [
        (level, *LEVEL_WORDS[level], [one for one in findings if one.message.level == level], counted[level])
        for level in LEVELS
    ]
    return {
        "judgement": made, "groups": [group for group in groups if group[3]], "count": len(made.messages),
        "page": shown_page,
    }  # fmt: skip


def findings_of(messages: Iterable[Message], plan: Plan) -> Iterable[Finding]:
    """What the check found, each with the way to mend it and what it is about."""
    items = {(kind, item.id): item for kind in KINDS for item in getattr(plan, kind)}
    for one in messages:
        item = items.get((one.kind, one.item))
        anchor = f"#f-{one.field.replace('.', '-')}" if one.field else ""
        if one.kind == ORGANISATION:
            yield Finding(one, reverse("plan-organisation") + anchor, words_of(ORGANISATION).many)
        elif item is None:
            yield Finding(one, reverse("plan-items", args=[one.kind]), words_of(one.kind).many)
        else:
            url = reverse("plan-edit", args=[one.kind, one.item]) + anchor
            yield Finding(one, url, shown.heading(one.kind, item, plan))


def answers(row: PlanRow, plan: Plan, *, only: str = "", page: str | None = None) -> dict[str, Any]:
    """Every dependency's answer with its ladder (`only` that one), and what credits would pay against the loss."""
    made = judging.newest(row.revision)
    if made is None:
        return {"judgement": None, "is_empty": not _items(plan)}
    currency, titles = made.answer.currency, shown.names(made.plan)
    links = [one for one in links_of(made.answer, made.plan) if not only or one.answer.id == only]
    shown_page = Paginator(links, ANSWERS_PER_PAGE).get_page(page)
    for one in shown_page:
        one.ladder = _ladder(one.answer, made.plan)
    credits = [
        {
            "service": titles["services"].get(one.service, one.service), "answer": one,
            "promised": share_of_month(one.promised), "worst": share_of_month(one.worst),
            "credit": money_or(one.credit, currency), "loss": money_or(one.loss, currency),
        }
        for one in made.answer.credits
    ]  # fmt: skip
    return {
        "judgement": made, "sentence": sentence(made.answer), "page": shown_page, "only": only,
        "credits": credits, "money": money_or(made.answer.money, currency),
        "money_kept": money_or(made.answer.money_kept, currency),
        "any": share_text(made.answer.any_critical), "any_kept": share_text(made.answer.any_critical_kept),
        "levers": [(one.upstream, share_text(one.less)) for one in made.answer.levers if one.less > 0],
        "not_judged": sorted(names_of(made.answer.not_judged).values(), key=str.casefold),
    }  # fmt: skip


def share_of_month(share: float | None) -> str:
    """An availability, to three places."""
    return gettext("not known") if share is None else figures(f"{share * 100:.3f}".rstrip("0").rstrip(".")) + " %"


def links_of(answer: Answer, plan: Plan) -> list[Link]:
    """The dependencies in words, worst first."""
    titles = shown.names(plan)
    vendors = names_of(one.vendor for one in answer.dependencies)
    order = list(VERDICT_LOOKS)[::-1]
    made = [
        Link(
            answer=one,
            process=titles["processes"].get(one.process, one.process),
            service=titles["services"].get(one.service, one.service),
            vendor=vendors[one.vendor],
            fallback=titles["fallbacks"].get(one.fallback or "", gettext("none")),
            look=VERDICT_LOOKS[one.now.verdict],
            rto=hours_or(one.rto_hours),
            p90=hours_or(one.seen and one.seen.p90),
            longest=hours_or(one.seen and one.seen.longest),
            chance=share_text(one.now.chance),
            sides=tuple(
                (name, _side(standing, answer.currency))
                for name, standing in (
                    (gettext("Without a fallback"), one.plain),
                    (gettext("With the fallback"), one.kept),
                )
                if standing
            ),
        )
        for one in answer.dependencies
    ]
    return sorted(made, key=lambda one: (order.index(one.answer.now.verdict), not one.answer.critical))


def _side(standing: Standing, currency: str) -> Side:
    return Side(
        standing, VERDICT_LOOKS[standing.verdict], share_text(standing.chance), hours_or(standing.hours),
        money_or(standing.money, currency), hours_or(standing.rto_gap), hours_or(standing.rpo_gap),
    )  # fmt: skip


def _ladder(one: DependencyAnswer, plan: Plan) -> str:
    """RTO, MTD and takeover above the line, what was seen below; empty where nothing is stated."""
    process = next((p for p in plan.processes if p.id == one.process), None)
    fallback = next((f for f in plan.fallbacks if f.id == one.fallback), None)
    marks = [
        ("RTO", one.rto_hours, "need"),
        ("MTD", process.mtd_hours if process else None, "need"),
        (gettext("takeover"), fallback.takeover_hours if fallback else None, "need"),
        (gettext("one in ten over"), one.seen.p90 if one.seen else None, "seen"),
        (gettext("longest seen"), one.seen.longest if one.seen else None, "seen"),
    ]
    stated = [(label, hours, kind) for label, hours, kind in marks if hours]
    if not stated:
        return ""
    return ladder(stated, SCREEN, key=one.id)
