"""Which vendors are compared, and reading their comparison: the same for the page and the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from assessments.models import AssessmentRow, Followed
from assessments.report import comparison
from riskboard import jobs
from riskboard.durations import parse_duration
from riskboard.jobs.models import Job

LOOKED_UP = 20  # slugs of an address that are looked for


def chosen(query: QueryDict) -> tuple[list[str], dict[str, Followed]]:
    """The slugs of `?v=` that are followed, in the order they were named, and their rows. One query."""
    slugs = list(dict.fromkeys(query.getlist("v")))
    named = [slug.replace("\0", "") for slug in slugs[:LOOKED_UP]]
    rows = {row.vendor.slug: row for row in Followed.objects.shown().filter(vendor__slug__in=named)}
    return [slug for slug in slugs if slug in rows], rows


def read(slugs: Sequence[str], rows: dict[str, Followed], query: QueryDict, *, only: bool) -> dict[str, Any]:
    """Their newest assessments side by side, as `comparison.compare` gives it, with their `uids`. One query."""
    made = AssessmentRow.objects.in_bulk([rows[slug].newest_id for slug in slugs])
    found = []
    for slug in slugs:
        made[rows[slug].newest_id].vendor = rows[slug].vendor
        found.append(made[rows[slug].newest_id])
    profile, _ = comparison.weights_of(query)
    told = comparison.compare(
        [(row.parsed(), row.parsed_facts) for row in found], baseline=query.get("base", ""), profile=profile, only=only
    )
    return told | {"uids": [row.uid for row in found]}


def judge_alike(slugs: Sequence[str], rto: str) -> list[Job]:
    """A job for each of them that is followed, judging it for that RTO. Raises Refused for an RTO that cannot be read."""
    hours = parse_duration(rto[:40], what="RTO")
    made = []
    for row in Followed.objects.shown().filter(vendor__slug__in=slugs):
        args = {"target": row.vendor.slug, "rto_hours": hours, "components": [], "report": False}
        made.append(jobs.enqueue("assess", args, queue="score", key=f"like {row.vendor_id} {hours:g}"))
    return made
