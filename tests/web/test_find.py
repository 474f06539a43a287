"""Finding anything by a few letters, and the catalogue of vendors one can assess."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import plans
from assessments.board.finder import LONGEST
from assessments.catalogue_views import listed
from assessments.models import Followed
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from tests.records import short
from vendors.catalogue import index
from vendors.catalogue.categories import CATEGORIES
from vendors.ingest import ingest_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return Client()


@pytest.fixture
def followed():
    for slug in ("trello", "together-ai"):
        facts = short(slug)
        assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=4.0), as_of=facts.as_of)


def found(client, text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.name) for one in client.get(reverse("find"), {"q": text}).context["found"]]


def test_nothing_typed_lists_the_pages_one_may_see(client):
    kinds = {kind for kind, _ in found(client, "")}
    assert kinds == {"page"}
    assert ("page", "Portfolio") in found(client, "")


@pytest.mark.parametrize("text", ["trel", "TREL", "tréllo", "ell tr"])
def test_a_vendor_is_found_by_letters_whatever_case_and_accents(client, followed, text):
    assert found(client, text)[0] == ("vendor", "Trello")


def test_a_vendor_that_is_meant_offers_what_can_be_done_with_it(client, followed):
    notes = [one.note for one in client.get(reverse("find"), {"q": "trello"}).context["found"] if one.kind == "vendor"]
    assert notes == ["", "What if", "Incidents", "Backup answers"]


def test_a_listed_vendor_not_followed_is_one_press_from_being_assessed(client, followed):
    hits = client.get(reverse("find"), {"q": "githb"}).context["found"]
    one = next(hit for hit in hits if hit.kind == "not followed yet" and hit.name == "GitHub")
    page = client.get(one.url)
    assert page.context["form"].initial["target"].startswith("https://www.githubstatus.com")


def test_a_followed_vendor_is_not_offered_as_unknown(client, followed):
    assert ("not followed yet", "Trello") not in found(client, "trello")


def test_what_the_plan_holds_is_found_with_its_editor(client):
    client.post(reverse("plan-example"))
    process = plans.current().parsed().processes[0]
    hit = next(
        one for one in client.get(reverse("find"), {"q": process.name}).context["found"] if one.kind == "process"
    )
    assert client.get(hit.url).status_code == 200


@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), "a " * 20, "zzzzqqq"])
def test_what_is_too_long_or_unknown_finds_nothing_and_says_so(client, text):
    page = client.get(reverse("find"), {"q": text})
    assert page.status_code == 200
    assert page.context["found"] == []
    assert b"Nothing is called so" in page.content


def test_the_palette_is_answered_with_options_alone(client):
    page = client.get(reverse("find"), {"q": "method"}, headers={"HX-Request": "true"})
    assert b"<html" not in page.content
    assert b'role="option"' in page.content


def test_markup_typed_is_shown_as_text(client):
    assert b"<b>x" not in client.get(reverse("find"), {"q": "<b>x"}).content


def test_finding_asks_no_more_of_the_database_with_more_vendors(client, followed, django_assert_num_queries):
    client.get(reverse("find"), {"q": "t"})  # the first look at a plan makes it
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("find"), {"q": "t"})
    for row in index.bundled()[:4]:
        facts = short(row.slug)
        assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=4.0), as_of=facts.as_of)
    with django_assert_num_queries(len(few)):
        found = client.get(reverse("find"), {"q": "t"}).context["found"]
    assert len([one for one in found if one.kind == "vendor"]) > 2


def test_the_catalogue_lists_every_vendor_once_with_what_to_do(client, followed):
    assert len({row.slug for row in listed()}) == len(listed()) > 1_300
    page = client.get(reverse("catalogue"), {"q": "trello"})
    assert [(line["row"].slug, line["followed"]) for line in page.context["lines"]] == [("trello", "trello")]


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ({"platform": "statusio"}, lambda row: any(p.platform == "statusio" for p in row.pages)),
        ({"category": "security"}, lambda row: row.category == "security"),
        ({"category": "dev-tools"}, lambda row: row.category == "dev-tools"),  # a bundled record spells it "dev tools"
        ({"q": "STATUS.io"}, lambda row: "status.io" in row.words),
    ],
)
def test_the_catalogue_is_filtered_by_its_address(client, query, holds):
    lines = client.get(reverse("catalogue"), query).context["lines"]
    assert lines
    assert all(holds(line["row"]) for line in lines)


def test_a_catalogue_filtered_to_nothing_says_how_to_go_on(client):
    page = client.get(reverse("catalogue"), {"q": "zzzz"})
    assert page.status_code == 200
    assert b"Show all" in page.content
    assert b"by its address" in page.content


def test_looking_changes_nothing(client, followed):
    before = Followed.objects.count()
    for path in ("/find/?q=t", "/catalogue/?page=99"):
        assert client.get(path).status_code == 200
    assert Followed.objects.count() == before


def test_a_bundled_record_stands_behind_its_own_vendors_pages_and_no_slip_comes_between(client):
    text = client.get(reverse("vendor-search"), {"q": "slack"}).content.decode()
    notes = re.findall(r'<span>([^<]+)</span> <span class="muted">([^<]+)<', text)
    assert [name for name, _ in notes] == ["Slack"] * 3
    assert notes[2][1] == "bundled record, needs no network"


def test_a_category_is_one_whoever_spelled_it_and_has_a_name_people_read(client):
    assert {row.category for row in listed()} <= set(CATEGORIES)
    assert next(row for row in listed() if row.slug == "github").category == "dev-tools"
    page = client.get(reverse("catalogue"), {"q": "github"}).content.decode()
    assert '<option value="cdn-edge">CDN and edge</option>' in page
    assert "<td>dev tools" in page
