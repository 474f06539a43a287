"""What reports are given besides their judgement, read from rows: the plan's word on a vendor, what was judged before, milestones."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from assessments.continuity.lint import lint
from assessments.models import AssessmentRow, Milestone, PlanJudgement, PlanRow
from assessments.plans import judged
from assessments.report.beside import Beside, beside_files, beside_of
from assessments.report.progress import MOST, Stand, stand_of


def beside_for(row: AssessmentRow) -> Beside:
    """What stands beside that assessment: the plan's promises and fallback for its vendor, and the judgement before it.

    Cost: two queries; the earlier judgement's facts are unpacked where there is one.
    """
    plan = PlanRow.objects.filter(slug="main").first()
    given = Beside() if plan is None else beside_of(plan.parsed(), row.vendor.slug)
    before = (
        AssessmentRow.objects.filter(vendor=row.vendor, rto_hours=row.rto_hours, as_of__lt=row.as_of)
        .order_by("-as_of", "-pk")
        .first()
    )
    since = None if before is None else (before.parsed(), before.parsed_facts())
    return replace(given, since=since, live=live_address("vendor", row.vendor.slug))


def digest(given: Beside) -> str:
    """What a report's key depends on besides the judgement; empty where nothing stands beside it."""
    files = beside_files(given)
    if not files and not given.live:
        return ""
    parts = [given.live.encode(), *(name.encode() + data for name, data in sorted(files.items()))]
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def live_address(route: str, *args: str) -> str:
    """The address of that page for a reader elsewhere; empty where this Riskboard only answers its own machine."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost" or host.endswith(".localhost")
    return "" if here else settings.SITE_URL.rstrip("/") + reverse(route, args=args)


def stands_before(judgement: PlanJudgement) -> list[Stand]:
    """How the plan stood at the newest milestones before that judgement, oldest first; none that was not judged counts."""
    rows = (
        Milestone.objects.filter(
            revision__plan=judgement.revision.plan_id, judgement__isnull=False, as_of__lt=judgement.as_of
        )
        .select_related("revision", "judgement")
        .order_by("-as_of", "-pk")[:MOST]
    )
    return [_stand(row) for row in reversed(rows)]


def _stand(row: Milestone) -> Stand:
    plan, known = row.revision.parsed(), judged(row.judgement)
    answer = row.judgement.parsed()
    messages = lint(plan, known, as_of=answer.as_of, answer=answer)
    return stand_of(plan, known, answer, messages, row.label)
