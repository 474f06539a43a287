"""What background jobs do. Each step is idempotent, so a job that runs again after a crash ends the same."""

from __future__ import annotations

from typing import Any

from riskboard import jobs
from riskboard.errors import Refused
from riskboard.locales import ENGLISH

SHOWN_DIFFERENCES = 20


@jobs.handler("assess")
def assess_job(job: jobs.RunningJob) -> dict[str, Any]:
    """Read or look up the vendor, judge it, write its report.

    Arguments: `target` (an address, or a bundled or stored vendor's name), `rto_hours`, optionally `rpo_hours`, `components` (the
    parts relied on), `report`, and `tags` with `note`, `owner` and `criticality` for a vendor that an import brought.
    """
    from django.utils import timezone

    from assessments.noted import Words, mark
    from assessments.scoring.model import Needs
    from assessments.verbs import assess_vendor, make_report

    job.progress(5, "reading the page" if _is_url(job.args["target"]) else "looking up the record")
    vendor, as_of = _vendor(job, timezone.now().replace(microsecond=0))
    job.progress(50, "judging the record")
    needs = Needs(
        rto_hours=job.args["rto_hours"],
        rpo_hours=job.args.get("rpo_hours"),
        components=tuple(job.args.get("components", ())),
    )
    row = assess_vendor(vendor, needs=needs, as_of=as_of)
    if "tags" in job.args:
        mark(vendor.slug, Words.from_args(job.args))
    result = {"assessment": str(row.uid), "vendor": vendor.slug}
    if job.args.get("report", True):
        result["report"] = str(make_report([row], language=job.args.get("language", ENGLISH), report=job.progress).uid)
    return result


@jobs.handler("report")
def report_job(job: jobs.RunningJob) -> dict[str, Any]:
    """One report: over several assessments (`assessments`, their uids in order), or on the plan (`kind` and `judgement`, its uid).

    `kind` "comparison": beside each other. `paper`: "a4" or "letter". `archive`: as PDF/A. `language`: "en", "de" or
    "fr".
    """
    from assessments.models import AssessmentRow, PlanJudgement
    from assessments.plan_reports import KINDS, make_plan_report
    from assessments.verbs import make_report

    paper = "letter" if job.args.get("paper") == "letter" else "a4"
    language = job.args.get("language", ENGLISH)
    form = {"paper": paper, "archive": bool(job.args.get("archive")), "language": language}
    if job.args.get("kind") in KINDS:
        judgement = PlanJudgement.objects.select_related("revision").filter(uid=job.args["judgement"]).first()
        if judgement is None:
            raise Refused("the plan was not judged yet; judge it first")
        return {"report": str(make_plan_report(judgement, kind=job.args["kind"], report=job.progress, **form).uid)}
    uids = job.args["assessments"]
    rows = {str(row.uid): row for row in AssessmentRow.objects.select_related("vendor").filter(uid__in=uids)}
    missing = [uid for uid in uids if uid not in rows]
    if missing or not uids:
        raise Refused(f"there is no assessment {missing[0] if missing else '(none was named)'}")
    job.progress(20, f"collecting {len(uids)} assessments")
    compared = job.args.get("kind") == "comparison"
    return {"report": str(make_report([rows[u] for u in uids], compared=compared, report=job.progress, **form).uid)}


@jobs.handler("plan")
def plan_job(job: jobs.RunningJob) -> dict[str, Any]:
    """Judge one revision of the plan. Arguments: `plan`, its row's key, and `revision`, the number."""
    from django.utils import timezone

    from assessments.models import PlanRevision
    from assessments.plans import judge_plan

    revision = PlanRevision.objects.filter(plan=job.args["plan"], number=job.args["revision"]).first()
    if revision is None:
        raise Refused(f"the plan has no revision {job.args['revision']}")
    made = judge_plan(revision, now=timezone.now().replace(microsecond=0), report=job.progress)
    return {"judgement": str(made.uid)}


@jobs.handler("verify")
def verify_job(job: jobs.RunningJob) -> dict[str, Any]:
    """Work a report out again from the data it carries. Argument: `report`, its uid. Its file is read, nothing is written."""
    from assessments.models import Report
    from assessments.report.verify import verify_report

    made = Report.objects.filter(uid=job.args["report"]).first()
    if made is None or made.format != "pdf" or not made.path.is_file():
        raise Refused("there is no file of that report to check")
    job.progress(20, "working every figure out again")
    found = verify_report(made.path)
    return {
        "checked": str(made.uid), "name": made.name, "agreeing": found.agreeing,
        "differences": [str(one)[:300] for one in found.differences[:SHOWN_DIFFERENCES]], "count": len(found.differences),
    }  # fmt: skip


@jobs.handler("notify")
def notify_job(job: jobs.RunningJob) -> dict[str, Any]:
    """Send what is due by one channel. Argument: `channel`, its key. What was sent is noted at once: a second run sends the rest."""
    from django.utils import timezone

    from assessments.models import Channel
    from assessments.notify.outbox import deliver

    channel = Channel.objects.filter(pk=job.args["channel"], paused_at=None).first()
    return {"sent": 0 if channel is None else deliver(channel, now=timezone.now(), clock=timezone.now)}


def _is_url(target: str) -> bool:
    return target.startswith(("http://", "https://"))


def _vendor(job: jobs.RunningJob, now: Any) -> tuple[Any, Any]:
    """The vendor row and the time to judge at: now for a page just read or watched, the end of the record for a bundled one."""
    from vendors.catalogue import index
    from vendors.ingest import ingest_facts, refresh_page
    from vendors.models import Vendor
    from vendors.polling import is_watched, watch

    target = job.args["target"]
    if _is_url(target):
        page = refresh_page(target, as_of=now, report=job.progress)
        watch(page, now=now)
        return page.vendor, now
    stored = Vendor.objects.filter(slug=target).first()
    if stored is not None and (target not in {row.slug for row in index.bundled()} or is_watched(stored)):
        return stored, now
    facts = index.load(target)
    job.progress(20, "storing the bundled facts")
    return ingest_facts(facts), facts.as_of
