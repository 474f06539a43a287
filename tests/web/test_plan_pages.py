"""The plan in the app: entering it, what is refused, two people at once, taking back, and what the pages say of it."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse
from msgspec.structs import replace

from assessments import plans
from assessments.continuity import examples
from assessments.continuity.plan import KINDS, Contact, Plan, Process, Service
from assessments.continuity.plan_file import item_sha256
from assessments.models import PlanRevision
from assessments.planning import editor, judging, shown
from assessments.planning.fields import ORGANISATION

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake")]
BPOS = examples.load("microsoft-bpos-2011")
ORDERS = Process(id="orders", name="Order intake", rto_hours=4.0)


@pytest.fixture
def example():
    return plans.replace_plan(BPOS, seen_revision=0, author="IT manager", summary="began")


@pytest.fixture
def judged(example, run_jobs):
    plans.judge_later(example)
    run_jobs()
    return example


def body(answer) -> str:
    return answer.content.decode()


def save(client, kind, item, **changes):
    data = editor.values_of(kind, item) | {"seen": item_sha256(item)} | changes
    return client.post(reverse("plan-edit", args=[kind, item.id]), data)


def test_an_empty_plan_offers_the_example_and_the_first_process(client):
    page = body(client.get("/plan/"))
    assert "Start from the example" in page
    assert "/plan/processes/new/" in page


def test_the_example_is_loaded_once_and_judged(client):
    answer = client.post("/plan/example/")
    assert answer.status_code == 302
    assert answer.url.startswith("/jobs/")
    assert plans.current().parsed() == BPOS
    assert client.post("/plan/example/").status_code == 409
    assert PlanRevision.objects.count() == 1


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_item_of_the_example_is_shown_and_saving_it_unchanged_makes_no_revision(client, example, kind):
    listed = body(client.get(f"/plan/{kind}/", follow=True))
    for item in getattr(BPOS, kind):
        assert f"/plan/{kind}/{item.id}/" in listed
        page = client.get(f"/plan/{kind}/{item.id}/")
        assert page.status_code == 200
        assert save(client, kind, item).status_code == 302
    assert plans.current().revision == 1


def test_the_organisation_is_edited_like_the_rest(client, example):
    values = editor.values_of(ORGANISATION, BPOS.organisation)
    sent = values | {"seen": item_sha256(BPOS.organisation), "currency": "EUR"}
    assert client.post("/plan/organisation/", sent).status_code == 302
    assert plans.current().parsed().organisation.currency == "EUR"
    assert plans.current().parsed().as_of is None
    page = body(client.get("/plan/organisation/"))
    assert 'name="as_of" value=""' in page


def test_the_day_the_plan_is_read_as_of_is_kept_and_checked(client, example):
    values = editor.values_of(ORGANISATION, BPOS.organisation) | {"seen": item_sha256(BPOS.organisation)}
    assert client.post("/plan/organisation/", values | {"as_of": "2011-05-20"}).status_code == 302
    assert plans.current().revision == 1
    wrong = client.post("/plan/organisation/", values | {"as_of": "May 2011"})
    assert wrong.status_code == 400
    assert re.search(r'id="f-as_of-fault">[^<]*is no date', body(wrong))


def test_the_overview_leads_to_the_one_answer_asked_for(client, judged):
    one = BPOS.dependencies[0]
    assert f"?only={one.id}" in body(client.get("/plan/"))
    page = body(client.get(f"/plan/answers/?only={one.id}"))
    assert f'id="d-{one.id}"' in page
    assert page.count('class="card answer"') == 1


def test_a_long_plan_is_answered_and_checked_page_by_page(client, judged, monkeypatch):
    from assessments.planning import pages

    monkeypatch.setattr(pages, "ANSWERS_PER_PAGE", 2)
    monkeypatch.setattr(pages, "FINDINGS_PER_PAGE", 10)
    seen = [body(client.get(f"/plan/answers/?page={n}")) for n in (1, 2)]
    assert all(sum(f'id="d-{one.id}"' in page for page in seen) == 1 for one in BPOS.dependencies)
    assert "Page 2 of" in body(client.get("/plan/check/?page=2"))


def test_a_new_item_is_named_after_what_it_is_about(client):
    answer = client.post("/plan/processes/new/", {"name": "Order intake", "rto_hours": "4h", "cost_per_hour": "1,800"})
    assert answer.status_code == 302
    assert plans.current().parsed().processes == (replace(ORDERS, id="order-intake", cost_per_hour=1800.0),)
    client.post("/plan/processes/new/", {"name": "Order intake"})
    assert [one.id for one in plans.current().parsed().processes] == ["order-intake", "order-intake-2"]


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"name": ""}, "name", "this is needed"),
        ({"name": "x" * 201}, "name", "at most 200"),
        ({"rto_hours": "4"}, "rto_hours", "Write 4h for hours"),
        ({"rto_hours": "soon"}, "rto_hours", "write it like 4h"),
        ({"rto_hours": "0h"}, "rto_hours", "no length of time"),
        ({"cost_per_hour": "-1"}, "cost_per_hour", "Write a number from 0"),
        ({"cost_per_hour": "much"}, "cost_per_hour", "is no number"),
        ({"cost_per_hour": "nan"}, "cost_per_hour", "Write a number"),
        ({"reviewed_on": "2026-02-30"}, "reviewed_on", "is no date"),
        ({"owner": "nobody"}, "", "not among the contacts"),
        ({"impact.h1": "terrible"}, "impact.h1", "Choose one of the list"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_everything_typed_stays(client, typed, field, told):
    sent = {"name": "Order intake", "workaround": "Paper <forms>"} | typed
    answer = client.post("/plan/processes/new/", sent)
    page = body(answer)
    assert answer.status_code == 400
    assert "Paper &lt;forms&gt;" in page
    assert told in page
    if field:
        beside = re.search(rf'id="f-{field.replace(".", "-")}-fault">([^<]+)<', page)
        assert beside is not None
        assert told in beside.group(1)
        if field != "impact.h1" and typed[field]:
            assert f'value="{typed[field]}"' in page
    assert PlanRevision.objects.count() == 0


def test_rows_are_added_and_removed_without_a_script_and_blank_ones_are_no_rows(client):
    sent = {"name": "Service desk", "channels.0.kind": "phone", "channels.0.address": "555-0100"}
    page = body(client.post("/plan/contacts/new/", sent | {"add": "channels"}))
    assert 'name="channels.1.address"' in page
    assert 'value="555-0100"' in page
    page = body(client.post("/plan/contacts/new/", sent | {"drop": "channels.0"}))
    assert "555-0100" not in page
    client.post("/plan/contacts/new/", sent | {"channels.1.kind": "", "channels.1.address": " "})
    (desk,) = plans.current().parsed().contacts
    assert [one.address for one in desk.channels] == ["555-0100"]


def test_the_steps_of_a_runbook_are_put_in_another_order(client, example):
    book = BPOS.runbooks[0]
    values = editor.values_of("runbooks", book) | {"seen": item_sha256(book)}
    page = body(client.post(f"/plan/runbooks/{book.id}/", values | {"up": "steps.1"}))
    texts = re.findall(r'name="steps\.\d+\.text"[^>]*>\s*([^<]*)</textarea>', page)
    assert [html.unescape(text) for text in texts[:2]] == [book.steps[1].text, book.steps[0].text]
    assert plans.current().revision == 1


def test_who_saves_second_sees_both_and_chooses(client, example):
    mine = next(one for one in BPOS.processes if one.id == "order-intake")
    theirs = replace(mine, rto_hours=2.0)
    plans.save_item("processes", theirs, seen=item_sha256(mine), author="head of sales")
    answer = save(client, "processes", mine, rto_hours="8h")
    page = body(answer)
    assert answer.status_code == 409
    assert "Planned recovery time" in page
    assert re.search(r"8h</td><td[^>]*>2h<", page)
    assert plans.current().parsed().processes == tuple(theirs if one.id == theirs.id else one for one in BPOS.processes)
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    fields.pop("csrfmiddlewaretoken", None)
    assert client.post("/plan/processes/order-intake/", fields).status_code == 302
    assert next(o for o in plans.current().parsed().processes if o.id == "order-intake").rto_hours == 8


def test_what_was_removed_meanwhile_can_be_added_again_as_it_was_written(client):
    plans.save_item("processes", ORDERS, seen=None, author="IT manager")
    plans.remove_item("processes", "orders", seen=item_sha256(ORDERS), author="head of sales")
    answer = save(client, "processes", ORDERS, rto_hours="8h")
    assert answer.status_code == 409
    page = body(answer)
    assert "removed this process" in page
    assert 'action="/plan/processes/new/"' in page


def test_what_is_referred_to_says_by_how_many_and_is_not_removed(client, example):
    page = body(client.get("/plan/services/hosted-email/"))
    assert "refer" in page
    assert "Remove this service" not in page
    service = next(one for one in BPOS.services if one.id == "hosted-email")
    refused = client.post("/plan/services/hosted-email/remove/", {"seen": item_sha256(service)})
    assert refused.status_code == 409
    assert "still used by" in body(refused)
    assert plans.current().revision == 1


def test_a_removal_can_be_taken_back(client):
    plans.save_item("contacts", Contact(id="desk", name="Service desk"), seen=None, author="IT manager")
    seen = item_sha256(Contact(id="desk", name="Service desk"))
    answer = client.post("/plan/contacts/desk/remove/", {"seen": seen})
    page = body(client.get(answer.url))
    assert "removed contact desk" in page
    assert "/plan/undo/2/" in page
    client.post("/plan/undo/2/")
    assert plans.current().parsed().contacts == (Contact(id="desk", name="Service desk"),)
    assert client.post("/plan/undo/99/").status_code == 404


def test_adding_a_new_contact_from_a_form_comes_back_with_it_chosen_and_all_else_kept(client):
    aside = client.post("/plan/processes/new/", {"name": "Order intake", "rto_hours": "4h", "new": "owner"})
    assert aside.url.startswith("/plan/contacts/new/?back=")
    back = client.post(aside.url, {"name": "Head of sales"})
    page = body(client.get(back.url))
    assert 'value="Order intake"' in page
    assert 'value="4h"' in page
    assert '<option value="head-of-sales" selected>' in page


def test_a_copy_starts_from_the_item_and_is_one_of_its_own(client, example):
    page = body(client.get("/plan/processes/new/?from=order-intake"))
    assert "Order intake by e-mail (copy)" in page
    assert 'name="seen" value=""' in page


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("GitHub", "github"),
        ("github", "github"),
        ("https://www.githubstatus.com/", "github"),
        ("Our Printer Ltd", "our-printer-ltd"),
    ],
)
def test_a_vendor_is_known_by_name_slug_or_page_and_an_unknown_one_is_called_by_its_name(client, typed, slug):
    client.post("/plan/services/new/", {"name": "Code", "vendor": typed})
    assert plans.current().parsed().services[0].vendor == slug


def test_lists_are_searched_and_sorted_with_unknown_last(client):
    for name, rto in (("Bee", 8.0), ("Ant", None), ("Cat", 2.0)):
        plans.save_item("processes", Process(id=name.lower(), name=name, rto_hours=rto), seen=None, author="x")

    def order(query: str) -> list[str]:
        return re.findall(r'<th scope="row"><a[^>]*>(\w+)<', body(client.get(f"/plan/processes/?{query}")))

    assert order("sort=rto_hours") == ["Cat", "Bee", "Ant"]
    assert order("sort=-rto_hours") == ["Bee", "Cat", "Ant"]
    assert order("sort=nonsense") == order("") == ["Ant", "Bee", "Cat"]
    assert order("q=be") == ["Bee"]
    assert "None of them holds" in body(client.get("/plan/processes/?q=dog"))


def test_a_dependency_without_a_time_of_its_own_has_the_process_s(client, example):
    assert "the process&#x27;s" in body(client.get("/plan/dependencies/"))


@pytest.mark.parametrize(
    "path",
    ["/plan/history/99999999999999999999/", "/plan/processes/?page=9999999999999999999999", "/plan/?did=" + "9" * 30],
)
def test_numbers_no_database_holds_are_no_failure(client, example, path):
    assert client.get(path).status_code in (200, 404)


def test_a_revision_nobody_made_cannot_be_taken_back(client, example):
    assert client.post("/plan/undo/99999999999999999999/").status_code == 404
    assert client.get("/plan/history/", {"q": "a\x00b"}).status_code == 200


def test_what_is_too_long_to_set_aside_is_told(client):
    sent = {f"channels.{n}.address": "x" * 4000 for n in range(60)} | {"new": "deputy"}
    answer = client.post("/plan/contacts/new/", sent)
    assert answer.status_code == 400
    assert "too long to set aside" in body(answer)


def test_unknown_kinds_and_items_are_not_found(client):
    for path in ("/plan/persons/", "/plan/persons/new/", "/plan/processes/none/"):
        assert client.get(path).status_code == 404


def test_the_overview_begins_with_how_many_critical_processes_would_break_their_promise(client, judged):
    page = body(client.get("/plan/"))
    heading = re.search(r"<h1>([^<]+)</h1>", page)
    assert heading is not None
    assert "All of your three critical processes would break" in heading.group(1)
    assert "Order intake by e-mail" in page
    assert "cannot be met" in page
    assert "changed since" not in page


def test_a_change_since_the_judgement_is_said(client, judged):
    plans.save_item("contacts", Contact(id="desk", name="Service desk"), seen=None, author="x")
    assert "The plan was changed since" in body(client.get("/plan/"))


def test_the_answer_of_every_dependency_is_shown_with_its_figures(client, judged):
    page = body(client.get("/plan/answers/"))
    for one in BPOS.dependencies:
        assert f'id="d-{one.id}"' in page
    assert page.count("<svg") == len(BPOS.dependencies)
    assert "Credit a year" in page


def test_every_message_of_the_check_leads_to_an_element_of_the_form(client, judged):
    found = judging.newest(1)
    assert found is not None
    page = body(client.get("/plan/check/"))
    links = re.findall(r'<a href="(/plan/[^"#.]+)(#[^"]+)?">', page.split("<h1>")[1])
    assert len(links) >= len(found.messages)
    for url, anchor in dict.fromkeys(links):
        form = body(client.get(url))
        assert not anchor or f'id="{anchor[1:]}"' in form, (url, anchor)


def test_in_the_form_the_messages_stand_beside_the_field_until_the_item_changes(client, judged):
    found = judging.newest(1)
    assert found is not None
    message = next(one for one in found.messages if one.kind == "services" and one.field)
    item = next(one for one in BPOS.services if one.id == message.item)
    assert shown.path_label("services", message.field)
    assert '<span class="badge' in body(client.get(f"/plan/services/{item.id}/"))
    plans.save_item("services", replace(item, note="changed"), seen=item_sha256(item), author="x")
    assert 'class="note"' not in body(client.get(f"/plan/services/{item.id}/"))


@pytest.mark.parametrize("path", ["/plan/", "/plan/check/", "/plan/answers/"])
def test_before_a_judgement_the_pages_say_so(client, example, path):
    assert "was not judged yet" in body(client.get(path))


@pytest.mark.parametrize("path", ["/plan/", "/plan/processes/", "/plan/services/", "/plan/dependencies/"])
def test_the_number_of_queries_does_not_grow_with_the_plan(client, django_assert_max_num_queries, path):
    def write(count: int) -> None:
        seen = plans.current().revision
        made = Plan(
            processes=tuple(Process(id=f"p{n}", name=f"P{n}") for n in range(count)),
            services=tuple(Service(id=f"s{n}", name=f"S{n}", vendor=f"vendor-{n}") for n in range(count)),
        )
        plans.replace_plan(made, seen_revision=seen, author="x", summary="x")

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for size in (2, 40):
        write(size)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "\u202egnp.exe", "=cmd|' /C calc'!A0", "{{ 7*7 }}", "\x00"]
)
def test_what_was_typed_never_runs(client, hostile):
    client.post("/plan/contacts/new/", {"name": "Desk", "role": hostile})
    page = body(client.get("/plan/contacts/"))
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "\x00" not in page
