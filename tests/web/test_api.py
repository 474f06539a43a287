"""The API: the same rows as the pages, for those who may, and a plain word for everything that is wrong."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import AssessmentRow, Report
from riskboard.accounts.models import ApiToken, Role, Workspace, digest
from riskboard.accounts.scope import inside
from riskboard.jobs.models import Job
from tests.accounts.test_access import member, signed_in
from tests.web.test_board import follow, follow_made

pytestmark = pytest.mark.django_db
API = "/api/v1/"
UID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def _people():
    member("admin")


def caller(role: str = "viewer", *, workspace: Workspace | None = None, scope: str = "") -> Client:
    secret = f"rb_{role}{scope}{workspace.pk if workspace else ''}"
    ApiToken.objects.get_or_create(
        token_sha256=digest(secret),
        defaults={
            "workspace": workspace or Workspace.main(), "role": role, "name": role, "hint": secret[-4:], "scope": scope,
            "expires_at": timezone.now() + timedelta(days=1),
        },
    )  # fmt: skip
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_a_program_does_the_main_job(no_wake, run_jobs):
    analyst = caller("analyst")
    made = analyst.post(
        f"{API}assessments/", {"target": "microsoft-bpos-2011", "rto": "4h"}, content_type="application/json"
    )
    assert made.status_code == 202
    again = analyst.post(
        f"{API}assessments/", {"target": "microsoft-bpos-2011", "rto": "4h"}, content_type="application/json"
    )
    assert again.json()["uid"] == made.json()["uid"], "the same question, while it is open, is the same job"
    run_jobs()
    job = analyst.get(made.headers["Location"]).json()
    assert (job["state"], job["progress"]) == ("done", 100)
    row = AssessmentRow.objects.get(uid=job["result"]["assessment"])
    shown = analyst.get(f"{API}assessments/{row.uid}/").json()
    assert (shown["value"], shown["chance"], shown["vendor"]) == (row.value, row.chance, "microsoft-bpos-2011")
    assert analyst.get(f"{API}assessments/{row.uid}/document/").content == bytes(row.document)
    file = analyst.get(f"{API}reports/{job['result']['report']}/file/")
    assert b"".join(file.streaming_content)[:5] in (b"%PDF-", b"<!DOC")


def test_a_document_that_is_known_already_is_not_sent_again():
    row = follow("github").newest
    first = caller().get(f"{API}assessments/{row.uid}/facts/")
    assert json.loads(first.content)["vendor"]["slug"] == "github"
    again = caller().get(f"{API}assessments/{row.uid}/facts/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_list_is_filtered_as_on_the_page_and_comes_in_pages():
    for n in range(5):
        follow_made(f"vendor{n}")
    follow("github")
    found = caller().get(f"{API}vendors/?q=hub").json()["results"]
    assert [one["slug"] for one in found] == ["github"]
    assert set(found[0]["newest"]["pillars"]) == {"outage-history", "openness", "timeliness", "backup"}
    names, address = [], f"{API}vendors/?limit=4"
    while address:
        page = caller().get(address).json()
        names += [one["slug"] for one in page["results"]]
        address = page["next"]
    assert names == [*(f"vendor{n}" for n in range(5)), "github"]


def test_a_list_asks_the_database_as_often_for_many_as_for_few():
    counts = []
    for names in (["one"], [f"v{n}" for n in range(10)]):
        for name in names:
            follow_made(name)
        caller().get(f"{API}vendors/")
        with CaptureQueriesContext(connection) as asked:
            caller().get(f"{API}vendors/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_if_gives_the_pages_sentence_and_null_where_nothing_is_known():
    follow("github")
    made = caller().get(f"{API}vendors/github/what-if/?rto=24h&takeover=1h").json()
    assert made["sentence"].startswith("The chance of an outage longer than")
    assert 0 < made["chance_left"] < made["chance"] < 1
    follow("together-ai")
    thin = caller().get(f"{API}vendors/together-ai/what-if/").json()
    assert (thin["chance"], thin["chance_left"], thin["confidence"]) == (None, None, "insufficient")


def test_incidents_come_as_stored():
    follow("microsoft-bpos-2011")
    found = caller().get(f"{API}vendors/microsoft-bpos-2011/incidents/").json()["results"]
    assert len(found) == 7
    assert all(one["started_at"].startswith("201") for one in found)


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("vendors/?grade=Z", 400, "grade"), ("vendors/?over=7", 400, "over"), ("vendors/nobody/", 404, "No"),
        ("vendors/github/what-if/?rto=soon", 400, "no length of time"), ("vendors/github/what-if/?rto=9w", 400, "at most 720"),
        ("vendors/github/what-if/?parts=No+such", 400, "No such"), ("vendors/?cursor=x", 404, "cursor"),
        (f"assessments/{UID}/", 404, "No"), ("assessments/x/", 404, "nothing here"), (f"assessments/{UID}/document/", 404, "No"),
        (f"reports/{UID}/file/", 404, "No"), (f"jobs/{UID}/", 404, "No"), ("nothing/", 404, "nothing here"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_as_a_problem_a_program_can_read(path, status, text):
    follow("github")
    answer = caller().get(API + path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert text in answer.json()["title"] + answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "target"), ({"target": "github", "rto": "soon"}, "rto"), ({"target": "http://localhost/x"}, "target"),
     ({"target": ["a"]}, "target")],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_names_its_field_and_makes_no_job(body, field):
    answer = caller("analyst").post(f"{API}assessments/", body, content_type="application/json")
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not Job.objects.exists()


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "null", "\x00"])
def test_a_body_that_is_no_object_is_refused(body):
    answer = caller("analyst").post(f"{API}assessments/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_viewers_token_reads_and_an_analysts_asks():
    answer = caller("viewer").post(f"{API}assessments/", {"target": "github"}, content_type="application/json")
    assert answer.status_code == 403
    assert "analyst" in answer.json()["detail"]
    assert caller("analyst").post("/assess/", {"target": "github", "rto": "4h"}).status_code == 403, (
        "pages are for people"
    )


def test_without_a_token_nobody_is_told_anything():
    answer = Client().get(f"{API}vendors/")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert Client(headers={"Authorization": "Bearer rb_wrong"}).get(f"{API}vendors/").status_code == 401


def test_a_browsers_session_writes_with_its_csrf_token_only():
    user = member("analyst")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post(f"{API}assessments/", {"target": "github"}, content_type="application/json")
    assert answer.status_code == 403
    assert not Job.objects.exists()
    assert signed_in(user).get(f"{API}vendors/").status_code == 200


def test_another_workspace_is_not_there():
    row = follow("github").newest
    made = Report.objects.create(kind="vendor", format="pdf", key="k", sha256="0" * 64, size=1, name="x")
    job = Job.objects.create(kind="report", queue="report", due_at=timezone.now())
    stranger = caller("analyst", workspace=Workspace.objects.create(slug="other", name="Other"))
    for path in (f"assessments/{row.uid}/", f"assessments/{row.uid}/facts/", f"reports/{made.uid}/", f"reports/{made.uid}/file/",
                 f"jobs/{job.uid}/", "vendors/github/", "vendors/github/what-if/", "vendors/github/incidents/"):  # fmt: skip
        assert stranger.get(API + path).status_code == 404, path
    assert stranger.post(f"{API}jobs/{job.uid}/cancel/").status_code == 404
    for path in ("vendors/", "assessments/", "reports/"):
        assert stranger.get(API + path).json()["results"] == []
    with inside(Workspace.main()):
        assert Job.objects.get(pk=job.pk).state == "queued"


def test_a_job_is_cancelled_and_an_ended_one_stays(no_wake):
    job = Job.objects.create(kind="assess", queue="score", due_at=timezone.now())
    analyst = caller("analyst")
    assert analyst.post(f"{API}jobs/{job.uid}/cancel/").json()["state"] == "cancelled"
    Job.objects.update(state="done")
    assert analyst.post(f"{API}jobs/{job.uid}/cancel/").json()["state"] == "done"


def test_the_hasty_are_asked_to_wait_each_by_itself(monkeypatch):
    from assessments.api.access import ByAsker

    monkeypatch.setattr(ByAsker, "THROTTLE_RATES", {"api": "2/min"})
    assert [caller().get(f"{API}reports/").status_code for _ in range(3)] == [200, 200, 429]
    assert caller("analyst").get(f"{API}reports/").status_code == 200


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("path", [f"assessments/{UID}/", "reports/", "audit/", "notices/"])
def test_what_is_stored_is_changed_by_no_method(method, path):
    assert getattr(caller("admin"), method)(API + path).status_code == 405


def test_the_committed_schema_is_that_of_the_code_and_raises_no_warning(tmp_path):
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(made))
    kept = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
    assert made.read_text() == kept.read_text(), "run: python manage.py spectacular --file docs/openapi.yaml"


def test_the_roles_of_a_token_are_those_of_people():
    assert [value for value, _ in ApiToken._meta.get_field("role").choices] == Role.values
