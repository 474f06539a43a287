"""The same request again, because nobody knows whether it arrived: it is done once, and answered the same."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.api import idempotency
from assessments.models import KeptAnswer, PlanRevision, SharedLink
from riskboard.accounts.models import Workspace
from tests.accounts.test_access import member
from tests.web.test_api import API, caller

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people(no_wake):
    member("admin")


def share(key: str | None = "one", body=None, *, client=None):
    headers = {} if key is None else {"Idempotency-Key": key}
    body = {"kind": "calendar"} if body is None else body
    return (client or caller("analyst")).post(
        f"{API}links/", json.dumps(body), content_type="application/json", headers=headers
    )


def test_the_same_request_under_the_same_key_is_done_once_and_answered_the_same():
    first, again = share(), share()
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert SharedLink.objects.count() == 1
    assert share("two").json()["uid"] != first.json()["uid"]


def test_without_a_key_each_request_is_done():
    share(None)
    share(None)
    assert SharedLink.objects.count() == 2
    assert not KeptAnswer.objects.exists()


def test_what_is_shown_once_is_not_readable_in_the_row():
    secret = share().json()["url"]
    kept = KeptAnswer.objects.get()
    assert secret.rsplit("/", 1)[-1] not in kept.body_secret + json.dumps(kept.headers)


def test_another_request_under_the_same_key_is_refused():
    share()
    answer = share(body={"kind": "badge", "vendor": "github"})
    assert answer.status_code == 422
    assert SharedLink.objects.count() == 1


def test_one_that_is_still_being_done_is_asked_to_wait_until_its_worker_is_taken_for_dead():
    share()
    KeptAnswer.objects.update(status=None)
    waiting = share()
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (409, "2")
    assert SharedLink.objects.count() == 1
    KeptAnswer.objects.update(claimed_at=timezone.now() - idempotency.GIVEN_UP - timedelta(seconds=1))
    assert share().status_code == 201


def test_what_was_refused_is_not_kept_and_may_be_asked_again():
    assert share(body={"kind": "badge"}).status_code == 400
    assert share(body={"kind": "calendar"}).status_code == 201


def test_a_key_is_its_askers_alone():
    first = share()
    assert share(client=caller("approver")).json()["uid"] != first.json()["uid"]
    other = Workspace.objects.create(slug="other", name="Other")
    assert share(client=caller("analyst", workspace=other)).json()["uid"] != first.json()["uid"]


def test_a_key_is_forgotten_after_a_day():
    share()
    KeptAnswer.objects.update(claimed_at=timezone.now() - idempotency.KEPT - timedelta(seconds=1))
    share()
    assert SharedLink.objects.count() == 2
    assert KeptAnswer.objects.count() == 1


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 201, "a\tb"])
def test_a_key_that_cannot_be_one_is_refused(key):
    assert share(key).status_code == 400
    assert not SharedLink.objects.exists()


def test_a_body_too_large_for_a_key_is_refused_before_it_is_read():
    answer = caller("analyst").post(
        f"{API}plan/files/json/", b" " * 1_100_000, content_type="application/json", headers={"Idempotency-Key": "k"}
    )
    assert answer.status_code == 413
    assert not PlanRevision.objects.exists()


def test_a_fault_of_ours_frees_the_key(monkeypatch):
    from assessments.api import reports

    def broken(*_, **__):
        raise RuntimeError("made to fail")

    with monkeypatch.context() as patch:
        patch.setattr(reports, "new_link", broken)
        client = caller("analyst")
        client.raise_request_exception = False
        assert share(client=client).status_code == 500
    assert share().status_code == 201
