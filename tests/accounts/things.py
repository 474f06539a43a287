"""The ids of what `_write_canaries` wrote in the main workspace, by the names routes give them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assessments.models import (
    AssessmentRow,
    Channel,
    Delivery,
    EvidenceFile,
    Milestone,
    QuestionnaireLink,
    Report,
    SharedLink,
)
from riskboard.accounts.models import Membership, new_secret
from riskboard.accounts.models import digest as token_digest
from riskboard.jobs.models import Job
from tests.accounts.access_cells import VENDOR, routes
from vendors.models import Incident, Vendor


def known_things() -> dict[str, dict[str, str]]:
    """`things`: parameters by "pattern name" or name; `links`: good tokens, for who holds a link."""
    vendor = Vendor.objects.get(slug=VENDOR)
    uids: dict[str, Any] = {
        "assessments/": AssessmentRow.objects.first(), "jobs/": Job.objects.first(), "reports/": Report.objects.first(),
        "settings/notifications/": Channel.objects.first(), "api/v1/channels/": Channel.objects.first(),
        "api/v1/deliveries/": Delivery.objects.first(), "api/v1/links/": SharedLink.objects.first(),
        "evidence-files/": EvidenceFile.objects.first(), "settings/links/": SharedLink.objects.first(),
        "plan/milestones/": Milestone.objects.first(),
    }  # fmt: skip
    return {"things": _by_pattern(uids, vendor), "links": _links(vendor)}


def _by_pattern(uids: dict[str, Any], vendor: Vendor) -> dict[str, str]:
    incident = str(Incident.objects.filter(page__vendor=vendor).values_list("pk", flat=True)[0])
    made: dict[str, str] = {}
    for route in routes():
        pattern = route.pattern
        for start, row in uids.items():
            if pattern.startswith((start, f"api/v1/{start}")) and row is not None:
                made[f"{pattern} uid"] = str(row.uid)
        if "deliveries/" in pattern and "notifications" in pattern:
            made[f"{pattern} uid"] = str(uids["api/v1/deliveries/"].uid)
        if "incidents/" in pattern:
            made[f"{pattern} pk"] = made[f"{pattern} number"] = incident
        if pattern.startswith("settings/people/<"):
            made[f"{pattern} pk"] = str(Membership.objects.filter(workspace__slug="main").first().pk)
    return made


def _links(vendor: Vendor) -> dict[str, str]:
    from django.utils import timezone

    report, secrets = Report.objects.first(), {}
    for pattern, kind, of in (
        ("shared/report/<str:token>/", "report", {"report": report, "expires_at": timezone.now() + timedelta(days=7)}),
        ("shared/badge/<str:token>.svg", "badge", {"vendor": vendor}),
        ("shared/badge/<str:token>.json", "badge", {"vendor": vendor}),
        ("shared/calendar/<str:token>.ics", "calendar", {}),
    ):  # fmt: skip
        secret = secrets[f"{pattern} token"] = new_secret()
        SharedLink.objects.create(kind=kind, token_sha256=token_digest(secret), made_by="t", **of)
    secret = secrets["ask/<str:token>/ token"] = new_secret()
    QuestionnaireLink.objects.create(
        vendor=vendor, token_sha256=token_digest(secret), expires_at=timezone.now() + timedelta(days=7), made_by="t"
    )
    return secrets
