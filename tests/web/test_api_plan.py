"""The plan by API: written from a state that was seen, with the pages' own rules, and every way back."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments import plans
from assessments.continuity.examples import load
from assessments.models import PlanRevision
from tests.accounts.test_access import member, signed_in
from tests.web.test_api import API, caller

pytestmark = pytest.mark.django_db
ORDERS = {"id": "orders", "name": "Orders", "mtd_hours": 8, "rto_hours": 4}


@pytest.fixture(autouse=True)
def _people(no_wake):
    member("admin")


def send(method: str, path: str, body=None, *, role: str = "analyst", seen: str = "", **headers):
    more = {"If-Match": seen} if seen else {}
    return getattr(caller(role), method)(
        API + path, json.dumps(body), content_type="application/json", headers=headers | more
    )


def test_an_item_is_added_read_changed_and_removed_from_the_state_that_was_seen():
    made = send("post", "plan/items/processes/", ORDERS)
    assert (made.status_code, made.json()["revision"]) == (201, 1)
    assert made.json()["changes"][0]["did"] == "added"
    read = caller().get(f"{API}plan/items/processes/orders/")
    assert read.headers["ETag"] == made.headers["ETag"]
    assert read.json()["rto_hours"] == 4
    again = caller().get(f"{API}plan/items/processes/orders/", headers={"If-None-Match": read.headers["ETag"]})
    assert again.status_code == 304
    changed = send("put", "plan/items/processes/orders/", ORDERS | {"rto_hours": 2}, seen=read.headers["ETag"])
    assert changed.status_code == 200
    late = send("put", "plan/items/processes/orders/", ORDERS | {"rto_hours": 1}, seen=read.headers["ETag"])
    assert late.status_code == 412
    assert late.headers["ETag"] == changed.headers["ETag"], "the state that stands is named"
    assert send("delete", "plan/items/processes/orders/", seen=read.headers["ETag"]).status_code == 412
    assert send("delete", "plan/items/processes/orders/", seen=changed.headers["ETag"]).status_code == 200
    assert caller().get(f"{API}plan/items/processes/orders/").status_code == 404
    assert PlanRevision.objects.count() == 3


def test_a_write_that_names_no_state_is_refused():
    send("post", "plan/items/processes/", ORDERS)
    assert send("put", "plan/items/processes/orders/", ORDERS).status_code == 428
    assert send("delete", "plan/items/processes/orders/").status_code == 428
    assert send("put", "plan/", {}).status_code == 428


@pytest.mark.parametrize(
    ("kind", "body", "status", "field"),
    [
        ("processes", {"id": "orders"}, 400, "body"), ("processes", ORDERS | {"rto_hours": -1}, 400, "rto_hours"),
        ("processes", ORDERS | {"colour": "red"}, 400, "body"), ("processes", ORDERS | {"id": "Or ders"}, 400, "id"),
        ("processes", ORDERS | {"owner": "nobody"}, 400, "body"), ("processes", [], 400, "body"), ("nothing", ORDERS, 404, ""),
        ("decisions", {"id": "r1-github", "rule": "R1", "vendor": "github", "state": "planned"}, 400, "due_on"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_and_nothing_is_written(kind, body, status, field):
    answer = send("post", f"plan/items/{kind}/", body)
    assert answer.status_code == status
    assert not field or field in answer.json()["errors"]
    assert not PlanRevision.objects.exists()


def test_an_id_that_is_taken_is_no_new_item():
    send("post", "plan/items/processes/", ORDERS)
    assert send("post", "plan/items/processes/", ORDERS | {"name": "Other"}).status_code == 409


def test_what_is_referred_to_is_not_removed():
    plans.replace_plan(load("microsoft-bpos-2011"), seen_revision=0, author="t", summary="t")
    kept = next(iter(plans.current().parsed().services))
    tag = caller().get(f"{API}plan/items/services/{kept.id}/").headers["ETag"]
    answer = send("delete", f"plan/items/services/{kept.id}/", seen=tag)
    assert answer.status_code == 409
    assert "still used" in answer.json()["detail"]


ACCEPTED = {
    "id": "r1-github", "rule": "R1", "vendor": "github", "state": "accepted", "approver": "The board",
    "accepted_until": "2030-01-01",
}  # fmt: skip


def test_only_an_approver_accepts_a_risk_whatever_way_it_comes():
    assert send("post", "plan/items/decisions/", ACCEPTED).status_code == 403
    plan = {"decisions": [ACCEPTED]}
    assert send("put", "plan/", plan, seen='"r0"').status_code == 403
    assert send("post", "plan/files/json/", plan, seen='"r0"').status_code == 403
    assert not PlanRevision.objects.exists()
    assert send("post", "plan/items/decisions/", ACCEPTED, role="approver").status_code == 201
    tag = caller().get(f"{API}plan/items/decisions/r1-github/").headers["ETag"]
    assert send("delete", "plan/items/decisions/r1-github/", seen=tag).status_code == 200
    assert send("post", "plan/history/2/undo/").status_code == 403, "taking the removal back accepts it again"
    assert send("post", "plan/history/2/undo/", role="approver").status_code == 200


def test_the_whole_plan_is_replaced_exported_and_restored_from_what_was_seen():
    document = json.loads(caller().get(f"{API}plan/").content)
    document["processes"] = [ORDERS]
    assert send("put", "plan/", document, seen='"r0"').json()["revision"] == 1
    assert send("put", "plan/", document, seen='"r0"').status_code == 412
    file = caller().get(f"{API}plan/files/json/")
    looked = caller("analyst").post(
        f"{API}plan/files/json/?dry_run=true", b'{"schema": "riskboard.plan/1"}', content_type="application/json"
    )
    assert (looked.json()["revision"], looked.json()["changes"][0]["did"]) == (1, "removed")
    assert send("put", "plan/", {}, seen='"r1"').json()["revision"] == 2
    assert send("post", "plan/history/1/restore/", seen='"r1"').status_code == 412
    assert send("post", "plan/history/1/restore/", seen='"r2"').json()["revision"] == 3
    assert caller().get(f"{API}plan/files/json/").content == file.content
    assert [one["number"] for one in caller().get(f"{API}plan/history/").json()["results"]] == [1, 2, 3]
    assert caller().get(f"{API}plan/history/2/").json()["changes"][0]["did"] == "removed"


def test_the_plan_is_taken_in_every_format_it_is_given_in_and_changes_nothing():
    plans.replace_plan(load("microsoft-bpos-2011"), seen_revision=0, author="t", summary="t")
    for suffix in ("json", "toml", "xlsx"):
        given = caller().get(f"{API}plan/files/{suffix}/")
        back = caller("analyst").post(
            f"{API}plan/files/{suffix}/", given.content, content_type=given.headers["Content-Type"].partition(";")[0],
            headers={"If-Match": given.headers["ETag"]},
        )  # fmt: skip
        assert (back.status_code, back.json()["changes"]) == (200, []), suffix


def test_a_page_takes_no_risk_accepted_by_a_file_from_who_may_not_accept_it():
    file = json.dumps({"decisions": [ACCEPTED]}).encode()
    looked = signed_in(member("viewer")).post("/plan/files/look/", {"file": SimpleUploadedFile("plan.json", file)})
    assert looked.status_code == 403
    looked = signed_in(member("analyst")).post("/plan/files/look/", {"file": SimpleUploadedFile("plan.json", file)})
    sent = {"seen": "0", "document": looked.context["document"]}
    assert (
        signed_in(get_user_model().objects.get(email="analyst@example.org"))
        .post("/plan/files/accept/", sent)
        .status_code
        == 400
    )
    assert not PlanRevision.objects.exists()
    assert signed_in(member("approver")).post("/plan/files/accept/", sent).status_code == 302


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"schema": "riskboard.plan/2"}', b"[" * 100_000])
def test_a_file_that_is_no_plan_is_refused(body):
    answer = caller("analyst").post(f"{API}plan/files/json/?dry_run=true", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_what_is_worked_out_of_the_plan_is_that_of_the_pages(run_jobs):
    for path in ("answers", "lint"):
        assert caller().get(f"{API}plan/{path}/").status_code == 404, "nothing was judged yet"
    plans.replace_plan(load("microsoft-bpos-2011"), seen_revision=0, author="t", summary="t")
    assert send("post", "plan/judge/").status_code == 202
    run_jobs()
    answers = caller().get(f"{API}plan/answers/").json()
    made = plans.newest_judgement()
    assert answers["judgement"] == {
        "uid": str(made.uid), "revision": 1, "as_of": answers["judgement"]["as_of"], "behind": False
    }  # fmt: skip
    assert answers["answer"] == json.loads(bytes(made.answer))
    found = caller().get(f"{API}plan/lint/?level=error").json()["findings"]
    assert {one["level"] for one in found} <= {"error"}
    entries = caller().get(f"{API}plan/register/?limit=2").json()
    assert len(entries["results"]) == 2
    second = caller().get(entries["next"]).json()
    assert second["results"][0]["rule"] != entries["results"][0]["rule"]
    back = caller().get(second["previous"]).json()
    assert [one["rule"] for one in back["results"]] == [one["rule"] for one in entries["results"]]
    assert isinstance(caller().get(f"{API}plan/promises/").json(), list)
    assert isinstance(caller().get(f"{API}plan/due/").json(), list)
    first = send("post", "plan/milestones/", {"label": "Spring"})
    assert first.status_code == 201
    both = f"from={first.json()['uid']}&to={first.json()['uid']}"
    assert caller().get(f"{API}plan/milestones/compare/?{both}").json()["changes"] == []
    assert caller().get(f"{API}plan/milestones/compare/?from=x&to=y").status_code == 400


def test_the_organisation_is_changed_from_what_was_seen():
    read = caller().get(f"{API}plan/organisation/")
    body = read.json() | {"as_of": "2011-05-12"}
    body["organisation"]["name"] = "Works"
    assert send("put", "plan/organisation/", body, seen=read.headers["ETag"]).status_code == 200
    assert send("put", "plan/organisation/", body, seen=read.headers["ETag"]).status_code == 412
    assert str(plans.current().parsed().as_of) == "2011-05-12"
