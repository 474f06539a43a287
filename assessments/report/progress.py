"""What changed since the last milestone, and how what is open burns down over all of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from assessments.continuity.answer_records import Answer
from assessments.continuity.judged import Judged
from assessments.continuity.lint import Message, lint
from assessments.continuity.plan import Plan
from assessments.continuity.register import counts, register
from assessments.report import plan_figures
from assessments.report.charts.burndown import burndown
from assessments.report.phrases import clean
from assessments.report.tokens import Theme
from riskboard.locales import _, when
from vendors.records import UtcTime

FILE = "milestones.json"
MOST = 6  # milestones that are drawn, the newest; each is judged by what was frozen with it
Printed = list[tuple[str, str]]


class Stand(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a plan stood: things of each kind, and what was at risk then. `chance` and `money` None: not known."""

    label: str
    as_of: UtcTime
    errors: int
    warnings: int
    open: int
    planned: int
    accepted: int
    done: int
    broken: int
    critical: int
    chance: float | None
    money: float | None
    currency: str

    @property
    def left(self) -> int:
        """Errors and warnings in the plan, and recommendations neither done nor accepted."""
        return self.errors + self.warnings + self.open + self.planned


def stand_of(
    plan: Plan, judged: Mapping[str, Judged], answer: Answer, messages: Sequence[Message], label: str
) -> Stand:
    """How it stands by that judgement."""
    decided = counts(register(plan, judged, as_of=answer.as_of))
    critical = [one for one in answer.processes if one.critical]
    return Stand(
        label=label,
        as_of=answer.as_of,
        errors=sum(one.level == "error" for one in messages),
        warnings=sum(one.level == "warning" for one in messages),
        open=decided["open"],
        planned=decided["planned"],
        accepted=decided["accepted"],
        done=decided["done"],
        broken=sum(one.verdict == "cannot be met" for one in critical),
        critical=len(critical),
        chance=answer.any_critical_kept,
        money=answer.money_kept,
        currency=answer.currency,
    )


def now_of(plan: Plan, judged: Mapping[str, Judged], answer: Answer) -> Stand:
    """How it stands now, its lint worked out."""
    return stand_of(plan, judged, answer, lint(plan, judged, as_of=answer.as_of, answer=answer), "now")


def sentence(before: Sequence[Stand], now: Stand) -> str:
    """The change since the last milestone, in a sentence; that there is none is said."""
    if not before:
        return _("No milestone was frozen before this, so there is no change to tell.")
    last = before[-1]
    change = now.left - last.left
    moved = _("as many as then")
    if change:
        moved = _("{number} more", number=change) if change > 0 else _("{number} fewer", number=-change)
    return _(
        "Since the milestone {label} of {day}: {left} things are left to do, {moved}; {broken} of {critical} critical processes "
        "cannot keep their promise, {before} of {all} then.",
        label=clean(last.label, 60), day=when(last.as_of), left=now.left, moved=moved, broken=now.broken, critical=now.critical,
        before=last.broken, all=last.critical,
    )  # fmt: skip


def rows(before: Sequence[Stand], now: Stand) -> list[tuple[str, list[str]]]:
    """(figure, then and now for each of the milestones drawn)."""
    stands = [*before[-MOST:], now]
    worded = [
        (_("Errors in the plan"), lambda one: str(one.errors)),
        (_("Warnings in the plan"), lambda one: str(one.warnings)),
        (_("Recommendations open"), lambda one: str(one.open)),
        (_("Recommendations planned"), lambda one: str(one.planned)),
        (_("Risks accepted"), lambda one: str(one.accepted)),
        (_("Recommendations done"), lambda one: str(one.done)),
        (_("Left to do"), lambda one: str(one.left)),
        (
            _("Critical processes that cannot be kept"),
            lambda one: _("{number} of {all}", number=one.broken, all=one.critical),
        ),
        (_("Chance that one is stopped"), lambda one: plan_figures.share(one.chance)),
        (_("What a year costs"), lambda one: plan_figures.money(one.money, one.currency)),
    ]
    shown = stands[-2:]
    return [(name, [say(one) for one in shown]) for name, say in worded]


def progress_context(before: Sequence[Stand], now: Stand, theme: Theme, *, width: float) -> dict[str, Any]:
    """What the partial `_progress.html` shows."""
    stands = [*before[-MOST:], now]
    return {
        "progress_sentence": sentence(before, now),
        "progress_rows": rows(before, now) if before else [],
        "progress_then": before[-1] if before else None,
        "burndown": burndown([(one.as_of, one.left, one.label) for one in stands], theme, width=width)
        if before
        else "",
    }


def printed_progress(before: Sequence[Stand], now: Stand) -> Printed:
    """(path, text on the page) of the change."""
    lines = [("progress", sentence(before, now))]
    if before:
        lines += [(f"progress.{name}", " ".join((name, *cells))) for name, cells in rows(before, now)]
    return lines
