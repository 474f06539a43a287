"""What one workspace writes, another never sees; and no private row can be asked for outside of a workspace."""

from __future__ import annotations

import base64
import io
import pickle
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from assessments import plans
from assessments.attached import store
from assessments.continuity.examples import load
from assessments.files import attachable
from assessments.models import (
    Answer,
    AssessmentRow,
    Channel,
    Delivery,
    KeptAnswer,
    Notice,
    PlanJudgement,
    Report,
    SavedView,
    SharedLink,
)
from assessments.notify import outbox
from assessments.notify.found import KINDS, Found
from assessments.plan_reports import make_plan_report
from assessments.report.page_text import page_texts
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor, make_report
from riskboard.accounts.models import Membership, Role, Workspace
from riskboard.accounts.scope import ScopeError, current_or_none, inside
from riskboard.jobs import queue, registry
from riskboard.jobs.models import Job
from tests.accounts.test_access import member, signed_in
from tests.records import short
from vendors.evidence.reported import read_row
from vendors.evidence_rows import enter
from vendors.ingest import ingest_facts

pytestmark = pytest.mark.django_db
CANARY = "canary-7f3a"
FORMS = ("csv", "xlsx", "json")
SHARED = {  # nobody's: public facts, and the tables by which people get in (their pages name the workspace themselves)
    "vendors": {
        "Vendor", "StatusPage", "PageProduct", "PageReach", "Watch", "HostTurn", "Body", "Snapshot", "Component", "Incident",
        "IncidentUpdate", "Maintenance", "Observation",
    },
    "jobs": {"Beat", "Served"},
    "accounts": {"Workspace", "Membership", "Invitation", "ApiToken", "Profile", "AuditEntry"},
}  # fmt: skip
OURS = ("accounts", "assessments", "jobs", "vendors")


@pytest.fixture
def other():
    return Workspace.objects.create(slug="other", name="Other")


@pytest.mark.parametrize("label", [m._meta.label for m in apps.get_models() if m._meta.app_label in OURS])
def test_every_table_is_said_to_be_shared_or_refuses_to_be_read_outside_a_workspace(label):
    model = apps.get_model(label)
    with inside(None):
        if model.__name__ in SHARED.get(model._meta.app_label, set()):
            assert model._default_manager.count() >= 0
        else:
            with pytest.raises(ScopeError):
                model._default_manager.first()


def test_a_private_row_made_outside_a_workspace_is_refused():
    with inside(None), pytest.raises(ScopeError):
        Report(kind="vendor", format="pdf", key="k", sha256="0" * 64, size=1, name="x")


def _write_canaries(slug: str = "github") -> dict[str, str]:
    """Something of every kind, in the workspace worked in: the addresses of what was written."""
    vendor = ingest_facts(short(slug))
    row = assess_vendor(vendor, needs=Needs(rto_hours=4.0), as_of=short(slug).as_of)
    now = timezone.now()
    Answer.objects.create(vendor=vendor, item="B1", answer="yes", note=CANARY, answered_at=now, by=CANARY)
    started = (now - timedelta(days=2)).isoformat()
    told, wrong = read_row({"title": CANARY, "started_at": started, "source_kind": "ticket", "note": CANARY}, as_of=now)
    assert told is not None, wrong
    enter(vendor, [told], now=now)
    made = Report.objects.create(kind="vendor", format="pdf", key=CANARY, sha256="0" * 64, size=1, name=CANARY)
    job = Job.objects.create(kind="report", queue="report", due_at=now, message=CANARY, args={"target": CANARY})
    channel = Channel.objects.create(name=CANARY, kind="mail", address_secret="x", hint=CANARY, fault=CANARY)
    notice = Notice.objects.create(key=CANARY, kind="plan-due", title=CANARY, path="/", at=now)
    Delivery.objects.create(channel=channel, notice=notice, due_at=now, error=CANARY)
    SharedLink.objects.create(kind="badge", vendor=vendor, token_sha256="c" * 64, made_by=CANARY)
    kept = store.attach(vendor, "B1", attachable.kept(CANARY.encode(), f"{CANARY}.txt"), by=CANARY)
    view = SavedView.objects.create(page="vendors", name=CANARY, query=f"q={CANARY}", is_shared=True)
    KeptAnswer.objects.create(asker=CANARY, key=CANARY, request_sha256="0" * 64, claimed_at=now)
    plan = load("microsoft-bpos-2011")
    plans.replace_plan(plan, seen_revision=0, author=CANARY, summary=CANARY)
    milestone = plans.freeze(CANARY, author=CANARY, as_of=now)
    return {
        "assessment": reverse("assessment", args=[row.uid]),
        "json": reverse("assessment-json", args=[row.uid]),
        "workbook": reverse("assessment-xlsx", args=[row.uid]),
        "facts": reverse("facts-json", args=[row.uid]),
        "report": reverse("download-report", args=[made.uid]),
        "evidence file": reverse("evidence-file", args=[kept.uid]),
        "deleting an evidence file": reverse("delete-evidence-file", args=[kept.uid]),
        "job": reverse("job", args=[job.uid]),
        "channel": reverse("notification-channel", args=[channel.uid]),
        "milestone": f"{reverse('plan-compare')}?from={milestone.uid}&to={milestone.uid}",
        "revision": reverse("plan-revision", args=[1]),
        "view": f"{reverse('vendors')}?view={view.uid}",
        "view by API": reverse("api-views-detail", args=[view.uid]),
        "report by API": reverse("api-reports-detail", args=[made.uid]),
        "channel by API": reverse("api-channels-detail", args=[channel.uid]),
        "messages by API": reverse("api-channels-deliveries", args=[channel.uid]),
        "milestone by API": reverse("api-plan-milestones-uid", args=[milestone.uid]),
        "revision by API": reverse("api-plan-history-number", args=[1]),
    }


def _plain_routes() -> list[str]:
    """Every address without arguments, and those of the vendor both workspaces know."""
    names = {pattern.name for pattern in _patterns(get_resolver()) if pattern.name}
    found = []
    for name in sorted(names):
        for arguments in (
            [],
            ["github"],
            ["services"],
            *([*of, form] for of in ([], ["github"], ["services"]) for form in FORMS),
        ):
            try:
                found.append(reverse(name, args=arguments))
            except NoReverseMatch:
                continue
    return found


def _patterns(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace is None and "account" not in str(pattern.pattern):
                yield from _patterns(pattern)
        else:
            yield pattern


def _said(response) -> bytes:
    """What an answer holds; of a workbook or another archive every part, unpacked."""
    with inside(None):  # as on a server, where a streamed answer is read when the request is over
        body = b"".join(response.streaming_content) if response.streaming else response.content
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_a_member_of_another_workspace_meets_no_trace_of_this_one(other):
    addresses = _write_canaries()
    stranger = signed_in(member("admin", email="stranger@example.org", workspace=other))
    for name, address in addresses.items():
        status = stranger.get(address).status_code
        assert status in (404, 400), f"{name} is answered with {status}"
    seen = 0
    for address in [*_plain_routes(), *(f"{path}?q=canary" for path in ("/find/", "/vendors/", "/api/v1/find/"))]:
        response = stranger.get(address)
        assert CANARY.encode() not in _said(response), f"{address} shows another workspace's rows"
        seen += response.status_code == 200
    assert seen > 110, "the crawl reached the pages"
    with inside(None):
        kept = b"".join(map(str.encode, _cached()))
    assert CANARY.encode() not in kept, "the cache is shared: it may hold counters, not what a workspace wrote"


def _cached() -> list[str]:
    """Every key of the shared cache, and what it holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM riskboard_cache")
        return [f"{key} {pickle.loads(base64.b64decode(value))!r}" for key, value in cursor.fetchall()]


def test_a_report_made_in_another_workspace_bears_no_trace_of_this_one(other, no_wake, settings, tmp_path):
    """The same vendor and a plan of its own, printed there: pages and every file attached."""
    settings.MEDIA_ROOT = tmp_path
    _write_canaries("microsoft-bpos-2011")
    with inside(other):
        facts = short("microsoft-bpos-2011")
        row = assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=2.0), as_of=facts.as_of)
        plan = plans.replace_plan(
            load("microsoft-bpos-2011"), seen_revision=0, author="somebody else", summary="theirs"
        )
        queue.run(plans.judge_later(plan).pk)
        judgement = PlanJudgement.objects.latest("pk")
        made = [make_report([row]).path.read_bytes(), make_plan_report(judgement, kind="continuity").path.read_bytes()]
    for data in made:
        words = " ".join(page_texts(data)).encode()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            files = [spec.get_file().read_bytes() for spec in pdf.attachments.values()]
        assert files
        assert all(CANARY.encode() not in part for part in (words, data, *files))


def test_nothing_that_happens_here_is_told_to_a_channel_of_another_workspace(other):
    _write_canaries()
    with inside(other):
        Channel.objects.create(name="Theirs", kind="mail", address_secret="x", hint="t@example.org", events=list(KINDS))
    now = timezone.now()
    outbox.collect([Found(f"{CANARY} again", "plan-due", CANARY, "/plan/", now)], now=now)
    with inside(other):
        assert Delivery.objects.count() == Notice.objects.count() == 0


def test_the_canaries_are_seen_by_the_workspace_that_wrote_them():
    _write_canaries()
    owner = signed_in(member("admin"))
    pages = [
        owner.get(address).content
        for address in (
            "/reports/",
            "/plan/history/",
            "/vendors/github/evidence/",
            "/vendors/github/questionnaire/",
            "/imports/answers.csv",
            "/settings/notifications/",
            "/settings/links/",
        )
    ]
    assert all(CANARY.encode() in page for page in pages)


@pytest.mark.parametrize("form", FORMS)
def test_every_list_is_read_to_its_end_after_the_request_is_over(form):
    _write_canaries()
    owner, held = signed_in(member("admin")), set()
    for address in _plain_routes():
        if address.endswith(f".{form}"):  # of every kind of name, so that some are of nothing
            response = owner.get(address)
            assert response.status_code in (200, 404, 410), address
            held |= {address} if CANARY.encode() in _said(response) else set()
    assert {
        f"/settings/{name}.{form}" for name in ("audit", "links", "notifications", "notifications/messages")
    } <= held
    assert {f"/reports.{form}", f"/plan/history.{form}", f"/plan/milestones.{form}"} <= held


def test_the_same_question_in_two_workspaces_makes_two_assessments_and_evidence_moves_only_its_own(other):
    facts = short("github")
    vendor = ingest_facts(facts)
    now = timezone.now()
    first = assess_vendor(vendor, needs=Needs(rto_hours=4.0), as_of=facts.as_of)
    Answer.objects.create(vendor=vendor, item="B1", answer="yes", answered_at=now, by="analyst")
    with inside(other):
        second = assess_vendor(vendor, needs=Needs(rto_hours=4.0), as_of=facts.as_of)
        assert AssessmentRow.objects.count() == 1
    assert first.uid != second.uid
    assert bytes(first.document) == bytes(second.document), "the answer of one workspace does not reach the other"
    third = assess_vendor(vendor, needs=Needs(rto_hours=4.0), as_of=facts.as_of)
    assert bytes(third.document) != bytes(first.document)


def test_a_job_works_in_the_workspace_of_who_asked_for_it(other, no_wake, monkeypatch):
    seen = []
    monkeypatch.setitem(registry._HANDLERS, "look", lambda job: {"n": seen.append(current_or_none())})
    with inside(other):
        queue.run(queue.enqueue("look", {}, queue="score", key="one").pk)
        again = queue.enqueue("look", {}, queue="score", key="one")
    mine = queue.enqueue("look", {}, queue="score", key="one")
    assert mine.pk != again.pk, "open jobs of one key are one a workspace"
    with inside(None):
        own = queue.enqueue("look", {}, queue="score", key="one")
        assert queue.enqueue("look", {}, queue="score", key="one").pk == own.pk
        queue.run(own.pk)
    assert seen == [other, None]


def test_a_command_works_in_the_workspace_it_is_told(other, monkeypatch):
    from riskboard.cli import in_workspace
    from riskboard.errors import Refused

    monkeypatch.setenv("RISKBOARD_WORKSPACE", "other")
    with in_workspace():
        assert current_or_none() == other
    monkeypatch.setenv("RISKBOARD_WORKSPACE", "nowhere")
    with in_workspace(), pytest.raises(Refused, match="nowhere"):
        AssessmentRow.objects.count()


def test_who_belongs_to_two_workspaces_sees_one_at_a_time(other):
    user = member("admin")
    Membership.objects.create(workspace=other, user=user, role=Role.ADMIN)
    _write_canaries()
    client: Client = signed_in(user)
    assert CANARY in client.get("/reports/").content.decode()
    client.post("/workspace/", {"workspace": str(other.uid)})
    assert CANARY not in client.get("/reports/").content.decode()
