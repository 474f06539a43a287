"""Owner and criticality of many vendors at once: set, asked about with a count, taken back, in the trail, by page, table and API."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from assessments import noted
from assessments.models import Followed
from riskboard.accounts.models import AuditEntry
from tests.web.test_board import follow, follow_made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake")]
ACT = "/portfolio/bulk/"


def said(field: str) -> dict[str, str]:
    return dict(Followed.objects.values_list("vendor__slug", field))


@pytest.fixture
def three():
    for name in ("a", "b", "c"):
        follow_made(name)


def chosen(client, act, **typed):
    return client.post(ACT, {"act": act, "vendors": ["a", "b"], **typed}, follow=True).content.decode()


def test_owner_and_criticality_are_set_on_those_chosen_and_leave_a_line_each(client, three):
    assert "Set the owner of 2 vendors: Ops team." in chosen(client, "owner", owner="  Ops   team ")
    assert said("owner") == {"a": "Ops team", "b": "Ops team", "c": ""}
    assert "Set the criticality of 2 vendors: high." in chosen(client, "criticality", criticality="high")
    assert said("criticality") == {"a": "high", "b": "high", "c": ""}
    entries = AuditEntry.objects.filter(kind="followed", did="changed")
    assert {tuple(one.after.items()) for one in entries} == {(("owner", "Ops team"),), (("criticality", "high"),)}
    assert entries.count() == 4
    chosen(client, "owner", owner="Ops team")
    assert entries.count() == 4, "nothing changed, nothing to tell"


def test_an_empty_value_takes_the_words_away(client, three):
    chosen(client, "owner", owner="Ops")
    assert "Taken away from 2 vendors." in chosen(client, "owner", owner=" ")
    assert set(said("owner").values()) == {""}


@pytest.mark.parametrize(
    ("act", "typed", "text"),
    [
        ("owner", {"owner": "x" * 101}, "longer than 100 characters"),
        ("criticality", {"criticality": "immense"}, "choose one of low, medium, high, critical"),
    ],
)
def test_what_cannot_be_changes_nothing_and_says_why(client, three, act, typed, text):
    page = chosen(client, act, **typed)
    assert text in page
    assert "Nothing was changed" in page
    assert set(said(act).values()) == {""}


@pytest.mark.parametrize(
    ("act", "typed", "field"),
    [
        ("owner", {"owner": "New"}, "owner"),
        ("criticality", {"criticality": "low"}, "criticality"),
        ("tag", {"tag": "eu"}, "tag_line"),
    ],
)
def test_the_last_change_is_offered_back_once_and_puts_back_what_stood_there(client, three, act, typed, field):
    noted.put(["a"], "owner", "Old")
    noted.put(["a"], "criticality", "critical")
    noted.tag(["a"], add=["pay"])
    before = said(field)
    assert "Take the change back" in chosen(client, act, **typed)
    assert said(field) != before
    assert "Take the change back" not in client.get("/vendors/").content.decode()
    assert "It is as before at 2 vendors." in client.post(ACT, {"act": "undo"}, follow=True).content.decode()
    assert said(field) == before
    assert "nothing to take back" in client.post(ACT, {"act": "undo"}, follow=True).content.decode()


def test_what_somebody_wrote_since_is_not_taken_back(client, three):
    chosen(client, "owner", owner="New")
    noted.put(["b"], "owner", "Somebody else")
    page = client.post(ACT, {"act": "undo"}, follow=True).content.decode()
    assert "It is as before at 1 vendor." in page
    assert "1 was changed by somebody since, and stays." in page
    assert said("owner") == {"a": "", "b": "Somebody else", "c": ""}


def test_very_many_are_asked_about_with_the_count_and_the_value(client):
    names = [f"v{n}" for n in range(26)]
    for name in names:
        follow_made(name)
    asked = client.post(ACT, {"act": "criticality", "criticality": "high", "vendors": names}).content.decode()
    assert "Set the criticality of 26 vendors?" in asked
    assert 'name="criticality" value="high"' in asked
    assert set(said("criticality").values()) == {""}
    client.post(ACT, {"act": "criticality", "criticality": "high", "vendors": names, "sure": "yes"})
    assert set(said("criticality").values()) == {"high"}


def test_each_vendor_costs_the_same_few_queries(client, three, django_assert_max_num_queries):
    with django_assert_max_num_queries(3 + 4 * 3):  # one read; then each row, what it was, its line in the trail
        noted.put(["a", "b", "c"], "owner", "Ops")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("criticality=high", "a"), ("criticality=none", "bc"), ("owner=Ops", "b"), ("q=ops", "b"),
        ("sort=criticality", "cab"), ("sort=-criticality", "acb"), ("sort=owner", "bca"),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_and_sorted_by_them_and_what_is_not_stated_stands_last(client, three, query, found):
    noted.put(["a"], "criticality", "high")
    noted.put(["b"], "owner", "Ops")
    if query.startswith("sort"):
        noted.put(["c"], "criticality", "low")
        noted.put(["c"], "owner", "Sales")
    rows = json.loads(client.get(f"/vendors.json?{query}").content)
    assert [one["slug"] for one in rows] == list(found)
    assert {"owner", "criticality"} <= set(rows[0])


def test_a_vendors_page_shows_and_saves_them(client):
    follow("github")
    page = client.get("/vendors/github/")
    typed = {"tags": "", "note": "", "owner": "Ops", "criticality": "high", "seen": page.context["seen"]}
    saved = client.post(reverse("vendor-note", args=["github"]), typed, follow=True).content.decode()
    assert "looked after by Ops" in saved
    assert "criticality: high" in saved
    second = client.post(reverse("vendor-note", args=["github"]), typed | {"owner": "Other"})
    assert second.status_code == 409
    assert "Other" in second.content.decode()
    assert Followed.objects.get().owner == "Ops"


def test_the_columns_can_be_shown(client, three):
    noted.put(["a"], "owner", "Ops <team>")
    page = client.get("/vendors/?cols=owner,criticality").content.decode()
    assert "Ops &lt;team&gt;" in page
    assert "not stated" in page


def test_by_api_the_same(client, three):
    def post(body, status=200):
        answer = client.post("/api/v1/vendors/bulk/", body, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    assert post({"act": "set-owner", "vendors": ["a", "b", "nobody"], "owner": "Ops"}) == {"changed": 2}
    assert post({"act": "set-criticality", "vendors": ["a"], "criticality": "high"}) == {"changed": 1}
    assert "owner" in post({"act": "set-owner", "vendors": ["a"]}, 400)["errors"]
    assert "criticality" in post({"act": "set-criticality", "vendors": ["a"], "criticality": "x"}, 400)["errors"]
    assert post({"act": "set-owner", "vendors": ["b"], "owner": ""}) == {"changed": 1}
    one = client.patch("/api/v1/vendors/a/", {"criticality": "low"}, content_type="application/json").json()
    assert (one["owner"], one["criticality"]) == ("Ops", "low")
    found = client.get("/api/v1/vendors/?criticality=low").json()["results"]
    assert [one["slug"] for one in found] == ["a"]


def test_a_table_says_what_it_changes_of_them_and_brings_them_back(client, three):
    def look(text):
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("v.csv", text.encode())
        return client.post("/imports/", {"action": "look", "file": file})

    page = look("vendor,owner,criticality\na,Ops,High\nb,,\n")
    assert (
        "is looked after by Ops instead of nobody; has the criticality high instead of not stated"
        in page.content.decode()
    )
    client.post("/imports/", {"action": "accept", "data": page.context["data"]})
    assert (said("owner")["a"], said("criticality")["a"]) == ("Ops", "high")
    wrong = look("vendor,criticality\na,immense\n")
    assert [(one.row, one.column) for one in wrong.context["faults"]] == [(2, "criticality")]
    listed = client.get("/imports/vendors.csv").content.decode("utf-8-sig")
    again = look(listed)
    assert not again.context["found"].changes
    assert not look(client.get("/vendors.csv").content.decode("utf-8-sig")).context["found"].changes
