"""Reports on the plan, made of what a judgement stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Literal

from assessments.continuity.lint import lint
from assessments.models import PlanJudgement, PlanRevision, Report
from assessments.plans import judged
from assessments.report import files
from assessments.report.continuity import TOLD, PlanReport
from assessments.report.pdf import Paper
from assessments.report_beside import live_address, stands_before
from assessments.verbs import form_of, keep_report
from riskboard.locales import ENGLISH

PlanKind = Literal["continuity", "improvement"]
KINDS: tuple[PlanKind, ...] = ("continuity", "improvement")


def given_of(judgement: PlanJudgement) -> PlanReport:
    """What a report on that judgement is made from, with the newest revisions up to it as its history."""
    plan, known, answer = judgement.revision.parsed(), judged(judgement), judgement.parsed()
    revisions = PlanRevision.objects.filter(plan=judgement.revision.plan_id, number__lte=judgement.revision.number)
    rows = revisions.defer("document").order_by("-number")[:TOLD]
    return PlanReport(
        plan=plan,
        judged=known,
        answer=answer,
        messages=lint(plan, known, as_of=judgement.as_of, answer=answer),
        as_of=judgement.as_of,
        version=judgement.revision.version,
        before=stands_before(judgement),
        live=live_address("plan"),
        history=[(str(row.number), f"{row.author}, {row.created_at:%Y-%m-%d %H:%M} UTC", row.summary) for row in rows],
    )


def make_plan_report(
    judgement: PlanJudgement,
    *,
    kind: PlanKind,
    paper: Paper = "a4",
    archive: bool = False,
    language: str = ENGLISH,
    report: Callable[[int, str], None] = lambda percent, message: None,
) -> Report:
    """The report on that judgement, or the one made before. Raises Refused as `verbs.make_report`."""
    form = form_of(paper, archive=archive, language=language)
    key = hashlib.sha256(f"{kind} {files.edition()}{form} {judgement.key} {live_address('plan')}".encode()).hexdigest()
    known = Report.objects.filter(key=key).first()
    if known is not None and known.path.is_file():
        return known
    report(30, "collecting the plan")
    given = given_of(judgement)
    report(60, "writing the report")
    made = files.make_plan(
        given, kind=kind, paper=paper, archive=archive, language=language, hear=files.hearer(report, start=60)
    )
    return keep_report(key, made, kind=kind, name=f"plan{form}", rows=list(judgement.assessments.all()))
