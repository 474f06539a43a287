"""A list saved under a name: the same on the page, by API, as a file and as a report's scope; and the columns a reader wants."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from assessments.models import ListPage, SavedView
from riskboard.accounts.models import Profile, Workspace
from riskboard.jobs.models import Job
from tests.accounts.test_access import member, signed_in
from tests.web.test_api import API, caller
from tests.web.test_board import follow_made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _vendors(no_wake):
    for name in ("alpha", "beta", "gamma"):
        follow_made(name)


@pytest.fixture
def analyst() -> Client:
    return signed_in(member("analyst"))


def save(client: Client, state: str, page: str = "vendors", **more):
    return client.post(f"/views/{page}/", {"state": state, "name": "Mine"} | more)


def names(client: Client, address: str) -> list[str]:
    return [line.followed.vendor.slug for line in client.get(address).context["lines"]]


def test_a_saved_view_shows_the_same_on_every_way_in(analyst):
    answer = save(analyst, "q=a&sort=-name&page=3&nonsense=1", shared="on")
    view = SavedView.objects.get()
    assert (view.query, view.is_shared) == ("q=a&sort=-name", True)
    assert answer.headers["Location"] == f"/vendors/?view={view.uid}"
    assert names(analyst, f"/vendors/?view={view.uid}") == ["gamma", "beta", "alpha"]
    assert names(analyst, f"/vendors/?view={view.uid}&q=bet") == ["beta"], "the address says more than the view"
    narrowed = save(analyst, "q=beta", name="Beta", shared="on").headers["Location"].partition("view=")[2]
    found = caller().get(f"{API}vendors/?view={narrowed}").json()["results"]
    assert [one["slug"] for one in found] == ["beta"]
    for answer in (
        analyst.get(f"/vendors.csv?view={narrowed}"),
        caller().get(f"{API}exports/vendors/csv/?view={narrowed}"),
    ):
        assert b"beta" in answer.content
        assert b"alpha" not in answer.content


def test_a_private_view_is_not_there_for_anybody_else(analyst):
    save(analyst, "q=a")
    uid = SavedView.objects.get().uid
    colleague = signed_in(member("admin"))
    stranger = signed_in(member("admin", email="s@example.org", workspace=Workspace.objects.create(slug="o", name="O")))
    for client in (colleague, stranger, caller("admin")):
        for path in (f"/vendors/?view={uid}", f"/vendors.csv?view={uid}", f"{API}vendors/?view={uid}", f"{API}views/{uid}/",
                     f"{API}exports/vendors/csv/?view={uid}"):  # fmt: skip
            if client in (colleague, stranger) or path.startswith(API):
                assert client.get(path).status_code == 404, path
        assert b"Mine" not in client.get(f"{API}views/").content
    assert colleague.post(f"/views/vendors/{uid}/remove/").status_code == 404
    assert colleague.post("/reports/make/", {"kind": "portfolio", "view": str(uid)}).status_code == 404
    assert SavedView.objects.exists()


def test_one_default_each_and_ones_own_before_everybodys(analyst):
    save(analyst, "q=alpha", shared="on", default="on", name="All")
    save(analyst, "q=beta", shared="on", default="on", name="All 2")
    assert [one.name for one in SavedView.objects.filter(is_default=True)] == ["All 2"]
    assert names(analyst, "/vendors/") == ["beta"]
    save(analyst, "q=gamma", default="on", name="Own")
    assert names(analyst, "/vendors/") == ["gamma"]
    assert names(signed_in(member("viewer")), "/vendors/") == ["beta"]
    assert names(analyst, "/vendors/?view=none") == ["alpha", "beta", "gamma"]
    assert names(analyst, "/vendors/?q=alpha") == ["alpha"], "an address that asks is no bare one"
    assert len(caller().get(f"{API}vendors/").json()["results"]) == 3, "programs are given what they ask for"


def test_a_viewer_saves_for_themselves_alone():
    viewer = signed_in(member("viewer"))
    save(viewer, "q=a", shared="on")
    assert not SavedView.objects.exists()
    save(viewer, "q=a")
    assert SavedView.objects.get().owner.email == "viewer@example.org"


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "\x00"])
def test_a_view_needs_a_name_and_the_list_stays_as_it_was(analyst, name):
    answer = save(analyst, "q=a", name=name)
    assert answer.headers["Location"] == "/vendors/?q=a"
    assert not SavedView.objects.exists()


def test_a_view_is_saved_over_and_removed(analyst):
    save(analyst, "q=a")
    view = SavedView.objects.get()
    page = analyst.get(f"/vendors/?view={view.uid}&q=b").content.decode()
    assert "(changed)" in page
    save(analyst, "q=b", view=str(view.uid))
    view.refresh_from_db()
    assert view.query == "q=b"
    assert analyst.post(f"/views/vendors/{view.uid}/remove/").status_code == 302
    assert not SavedView.objects.exists()


def test_recommendations_have_views_of_their_own(analyst):
    save(analyst, "state=open&q=x", page="recommendations")
    view = SavedView.objects.get()
    assert analyst.get(f"/plan/register/?view={view.uid}").context["asked"] == {"state": "open", "vendor": "", "q": "x"}
    assert analyst.get(f"/vendors/?view={view.uid}").status_code == 404
    assert analyst.get(f"{API}plan/register/?view={view.uid}").json()["results"] == []
    assert analyst.get(f"/plan/register.csv?view={view.uid}").status_code == 200
    assert analyst.post("/views/nothing/", {"name": "x"}).status_code == 404


def test_a_view_is_what_a_report_is_of(analyst):
    save(analyst, "q=et", shared="on")
    view = SavedView.objects.get()
    assert str(view.uid) in analyst.get("/reports/").content.decode()
    assert analyst.post("/reports/make/", {"kind": "portfolio", "view": str(view.uid)}).status_code == 400, (
        "one is too few"
    )
    save(analyst, "q=a&sort=-name", shared="on", view=str(view.uid))
    asked = caller("analyst").post(
        f"{API}reports/", json.dumps({"kind": "portfolio", "view": str(view.uid)}), content_type="application/json"
    )
    assert asked.status_code == 202
    assert len(Job.objects.get(kind="report").args["assessments"]) == 3


def test_views_are_made_and_changed_by_api(analyst):
    def send(method, path, body, client=None):
        return getattr(client or caller("analyst"), method)(
            API + path, json.dumps(body), content_type="application/json"
        )

    made = send("post", "views/", {"page": "vendors", "name": "By API", "query": "q=a&x=1", "is_shared": True})
    assert (made.status_code, made.json()["query"]) == (201, "q=a")
    assert send("post", "views/", {"page": "vendors", "name": "Own"}).status_code == 400, "a token has none of its own"
    uid = made.json()["uid"]
    assert send("patch", f"views/{uid}/", {"is_default": True}).json()["is_default"]
    assert send("patch", f"views/{uid}/", {"name": "x"}, caller("viewer")).status_code == 400
    assert caller("analyst").delete(f"{API}views/{uid}/").status_code == 204
    assert caller().get(f"{API}views/?page=other").status_code == 400


def headings(client: Client, address: str = "/vendors/") -> list[str]:
    return [str(one["label"]) for one in client.get(address).context["headings"]]


def test_a_reader_chooses_columns_their_order_and_density_and_takes_it_back(analyst):
    usual = headings(analyst)
    chosen = {
        "cols": ["rto", "category", "grade"],
        "place-grade": "1",
        "place-rto": "2",
        "density": "compact",
        "back": "q=a&cols=rto",
    }
    assert analyst.post("/views/columns/", chosen).headers["Location"] == "/vendors/?q=a"
    assert headings(analyst) == ["Vendor", "Grade", "RTO", "Category"]
    assert "compact" in analyst.get("/vendors/").content.decode()
    assert headings(analyst, "/vendors/?cols=trend,rto") == ["Vendor", "Trend", "RTO"], "the address comes first"
    assert headings(signed_in(member("viewer"))) == usual, "each reader has their own"
    analyst.post("/views/columns/", {"act": "reset"})
    assert headings(analyst) == usual
    assert Profile.objects.get(user__email="analyst@example.org").tables == {}


@pytest.mark.parametrize(
    "kept",
    [None, [], "x", {"vendors": None}, {"vendors": []}, {"vendors": {"cols": ["gone", 7, None, "rto"], "density": 3}},
     {"vendors": {"cols": "rto"}}, {"vendors": {"cols": ["gone"]}}, {"vendors": {"cols": {"a": 1}, "density": "huge"}}],
)  # fmt: skip
def test_whatever_is_stored_of_columns_the_list_is_shown(analyst, kept):
    from django.contrib.auth import get_user_model

    Profile.objects.update_or_create(
        user=get_user_model().objects.get(email="analyst@example.org"),
        defaults={"tables": kept if kept is not None else {}},
    )
    assert analyst.get("/vendors/").status_code == 200
    assert analyst.get("/vendors/?cols=gone,rto&density=huge").status_code == 200
    analyst.post("/views/columns/", {"cols": ["rto"], "density": "compact"})
    assert headings(analyst) == ["Vendor", "RTO"]


def test_this_machine_without_an_account_keeps_its_columns_and_saves_for_everybody(client):
    client.post("/views/columns/", {"cols": ["rto"]})
    assert headings(client) == ["Vendor", "RTO"]
    save(client, "q=a")
    assert not SavedView.objects.exists(), "one's own needs an account"
    save(client, "q=a", shared="on")
    assert names(client, f"/vendors/?view={SavedView.objects.get().uid}") == ["alpha", "beta", "gamma"]


@pytest.mark.parametrize("view", ["x", "00000000-0000-4000-8000-000000000000", "%00"])
def test_a_view_that_is_none_is_not_there(analyst, view):
    assert analyst.get(f"/vendors/?view={view}").status_code == 404
    assert ListPage.VENDORS == "vendors"
