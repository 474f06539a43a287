"""The operator's page: what stands still is shown with what to press, to nobody else, and each press leaves a line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from riskboard.accounts.models import AuditEntry, Workspace
from riskboard.jobs.models import Job, State
from tests.accounts.test_access import member, signed_in
from vendors.models import HostTurn, StatusPage, Vendor, Watch

pytestmark = pytest.mark.django_db
PAGE = "/settings/operation/"


def dead(**fields) -> Job:
    now = timezone.now()
    given = {"kind": "report", "queue": "report", "state": State.DEAD, "attempts": 3, "due_at": now, "finished_at": now}
    return Job.anyone.create(**given | {"error": "given up after 3 attempts"} | fields)


def test_only_administrators_of_the_first_workspace_find_the_page():
    other = Workspace.objects.create(slug="other", name="Other")
    asked = {
        "operator": signed_in(member("admin")).get(PAGE).status_code,
        "approver": signed_in(member("approver")).get(PAGE).status_code,
        "admin of another": signed_in(member("admin", email="o@example.org", workspace=other)).get(PAGE).status_code,
    }
    assert asked == {"operator": 200, "approver": 403, "admin of another": 404}


def test_it_says_what_is_wrong_with_the_way_to_mend_it(client):
    dead()
    text = client.get(PAGE).content.decode()
    assert "given up: 1" in text
    assert "Mend it:" in text
    assert "given up after 3 attempts" in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", ["Datenträger", "GiB frei unter", "mitgelieferte Anbieter", "aufgegeben: 1"]),
        ("fr", ["disque", "Gio libres sous", "fournisseurs fournis", "abandonnées : 1"]),
    ],
)
def test_what_the_checks_found_is_said_in_the_readers_language(client, language, said):
    dead()
    text = client.get(PAGE, headers={"Accept-Language": language}).content.decode()
    assert [words for words in said if words not in text] == []


def test_a_job_that_was_given_up_is_tried_again_once_and_the_trail_tells_who(client, no_wake):
    job = dead()
    for said in ("It is tried again", "not given up any more"):
        assert said in client.post(reverse("retry-job", args=[job.uid]), follow=True).content.decode()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("queued", 0, "")
    entry = AuditEntry.objects.get(did="retried")
    assert (entry.kind, entry.object_id) == ("job", str(job.uid))


def test_a_job_that_was_given_up_is_put_away(client):
    job = dead()
    client.post(reverse("discard-job", args=[job.uid]))
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert "None. A job is given up" in client.get(PAGE).content.decode()


def test_a_job_that_runs_can_neither_be_retried_nor_put_away(client):
    job = dead(state=State.RUNNING)
    for name in ("retry-job", "discard-job"):
        client.post(reverse(name, args=[job.uid]))
    job.refresh_from_db()
    assert job.state == "running"


def test_what_the_error_of_another_workspaces_job_says_stays_with_it(client):
    dead(workspace=Workspace.objects.create(slug="other", name="Other"), error="their secret vendor")
    text = client.get(PAGE).content.decode()
    assert "told to its workspace" in text
    assert "their secret vendor" not in text


def test_a_queue_that_waits_too_long_says_which_worker_is_missing(client):
    dead(state=State.QUEUED, queue="poll", due_at=timezone.now() - timedelta(minutes=9), error="", finished_at=None)
    text = client.get(PAGE).content.decode()
    assert "too long" in text
    assert "-Q poll" in text


def test_a_page_that_fails_is_looked_at_now_and_a_host_that_rests_is_asked_again(client):
    now = timezone.now()
    vendor = Vendor.objects.create(slug="acme", name="Acme")
    page = StatusPage.objects.create(
        vendor=vendor, url="https://status.acme.example", platform="statuspage", fault="HTTP 500"
    )
    Watch.objects.create(page=page, failures=4, due_at=now + timedelta(hours=5))
    host = HostTurn.objects.create(host="status.acme.example", failures=5, not_before=now + timedelta(minutes=9))
    text = client.get(PAGE).content.decode()
    assert "HTTP 500" in text
    client.post(reverse("look-again", args=[page.pk]))
    client.post(reverse("free-host", args=[host.pk]))
    assert Watch.objects.get().due_at <= timezone.now()
    assert not HostTurn.objects.exists()
    assert set(AuditEntry.objects.values_list("did", flat=True)) >= {"looked", "freed"}


def test_the_page_costs_the_same_however_much_stands_still(client, django_assert_max_num_queries):
    for _ in range(30):
        dead()
    client.get(PAGE)
    with django_assert_max_num_queries(40):
        client.get(PAGE)
