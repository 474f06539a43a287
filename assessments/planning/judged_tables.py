"""What the last judgement says of the plan, as tables to take away: the check, the answers, the promises. As the pages order them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments import plans
from assessments.files.tables import Cell, to_file
from assessments.planning import judging, ledger, pages

Row = tuple[Cell, ...]
CHECK = ("level", "rule", "kind", "item", "about", "field", "text", "mend")
ANSWERS = (
    "process", "service", "vendor", "verdict", "reason", "critical", "essential", "rto_hours", "rpo_hours", "chance",
    "hours_a_year", "cost_a_year", "fallback", "chance_with_fallback", "hours_with_fallback", "cost_with_fallback",
)  # fmt: skip
PROMISES = ("id", "vendor", "kind", "said", "source", "link", "made_on", "due_on", "state", "why", "shown_by", "note")


def check_rows() -> Iterator[Row]:
    """What the check found, worst first; nothing before the first judgement."""
    made = judging.newest(plans.current().revision)
    for one in pages.findings_of(made.messages, made.plan) if made else ():
        told = one.message
        yield told.level, told.rule, told.kind, told.item, one.about, told.field, told.text, told.mend


def answer_rows() -> Iterator[Row]:
    """Every dependency's answer, worst first. An empty cell is not known, or there is no fallback."""
    made = judging.newest(plans.current().revision)
    for link in pages.links_of(made.answer, made.plan) if made else ():
        one, kept = link.answer, link.answer.kept
        yield (
            link.process, link.service, link.vendor, one.now.verdict, one.now.reason, one.critical, one.essential, one.rto_hours,
            one.rpo_hours, one.plain.chance, one.plain.hours, one.plain.money, link.fallback if one.fallback else None,
            kept and kept.chance, kept and kept.hours, kept and kept.money,
        )  # fmt: skip


def promise_rows() -> Iterator[Row]:
    """What vendors promised and how it stands, broken and late ones first."""
    row = plans.current()
    for one in ledger.commitments(row, row.parsed(), now=timezone.now())["promises"]:
        asked, followed = one.promise.commitment, one.promise.followed
        yield (
            asked.id, one.promise.vendor, asked.kind, asked.said, asked.source, asked.link, asked.made_on, asked.due_on,
            followed.state, followed.why, followed.evidence, asked.note,
        )  # fmt: skip


TABLES: dict[str, tuple[str, tuple[str, ...], Callable[[], Iterator[Row]]]] = {
    "check": ("Check", CHECK, check_rows), "answers": ("Answers", ANSWERS, answer_rows),
    "promises": ("Promises", PROMISES, promise_rows),
}  # fmt: skip


@require_safe
@never_cache
def judged_table(request: HttpRequest, what: str, form: str) -> HttpResponse:
    """One of TABLES as a file. No cell begins as a formula."""
    title, columns, rows = TABLES[what]
    body, kind = to_file(form, title, columns, rows())
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="plan-{what}.{form}"'}
    )
