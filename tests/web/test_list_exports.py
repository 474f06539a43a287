"""Every list exports what it shows, filters included, as CSV, XLSX and JSON."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from assessments import plans
from assessments.continuity.examples import load
from assessments.models import PlanRevision
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from vendors.catalogue import index
from vendors.ingest import ingest_facts
from vendors.models import Incident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake")]


@pytest.fixture
def lists():
    facts = index.load("microsoft-bpos-2011")
    assess_vendor(ingest_facts(facts), needs=Needs(), as_of=facts.as_of)
    plans.replace_plan(load("microsoft-bpos-2011"), seen_revision=0, author="x", summary="x")


LISTS = [
    "/vendors", "/vendors/microsoft-bpos-2011/incidents", "/plan/register", "/plan/processes", "/plan/contacts", "/plan/commitments",
    "/plan/decisions", "/imports/answers", "/plan/check", "/plan/answers", "/plan/promises", "/catalogue",
]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_a_list_goes_out_in_all_three_forms_with_the_same_rows(client, lists, path):
    answers = {form: client.get(f"{path}.{form}") for form in ("csv", "xlsx", "json")}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert all(answer["Content-Disposition"].startswith("attachment; filename=") for answer in answers.values())
    rows = json.loads(answers["json"].content)
    sheet = openpyxl.load_workbook(io.BytesIO(answers["xlsx"].content)).worksheets[0]
    assert sheet.max_row == len(rows) + 1


def test_incidents_are_narrowed_as_the_page_is(client, lists):
    everything = json.loads(client.get("/vendors/microsoft-bpos-2011/incidents.json").content)
    assert len(everything) == Incident.objects.count() > 0
    assert json.loads(client.get("/vendors/microsoft-bpos-2011/incidents.json?q=no-such-words").content) == []
    title = everything[0]["title"]
    some = json.loads(client.get("/vendors/microsoft-bpos-2011/incidents.json", {"q": title}).content)
    assert {one["title"] for one in some} == {title}
    assert client.get("/vendors/nobody/incidents.csv").status_code == 404


def test_a_plans_list_is_searched_and_sorted_as_the_page_is(client, lists):
    names = [one["Name"] for one in json.loads(client.get("/plan/processes.json?sort=name").content)]
    assert names == sorted(names, key=str.casefold)
    assert [one["Name"] for one in json.loads(client.get("/plan/processes.json", {"q": names[0]}).content)] == [
        names[0]
    ]
    assert client.get("/plan/nothing.csv").status_code == 404


def test_incidents_cost_no_more_queries_with_more_rows(client, lists, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    path = "/vendors/microsoft-bpos-2011/incidents.csv"
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    first = Incident.objects.first()
    for n in range(20):
        Incident.objects.create(
            page=first.page, external_id=f"x{n}", started_at=first.started_at, document=first.document, digest="d"
        )
    with django_assert_num_queries(len(few)):
        client.get(path)


def test_the_register_of_information_goes_out_as_a_workbook(client, lists):
    book = openpyxl.load_workbook(io.BytesIO(client.get("/plan/files/dora.xlsx").content))
    assert book.sheetnames[-1] == "Faults"


def test_the_judgement_goes_out_as_its_pages_say_it(client, lists, run_jobs):
    assert json.loads(client.get("/plan/check.json").content) == [], "nothing was judged yet"
    plans.judge_later(PlanRevision.objects.get())
    run_jobs()
    found = json.loads(client.get("/plan/check.json").content)
    shown = client.get("/plan/check/")
    assert len(found) == shown.context["count"] > 0
    assert {one["level"] for one in found} <= {"error", "warning", "advice"}
    answers = json.loads(client.get("/plan/answers.json").content)
    assert [one["process"] for one in answers] == [
        link.process for link in client.get("/plan/answers/").context["page"].paginator.object_list
    ]
    promises = json.loads(client.get("/plan/promises.json").content)
    told = client.get("/plan/commitments/").context["promises"]
    assert [(one["id"], one["state"]) for one in promises] == [
        (k.promise.commitment.id, k.promise.followed.state) for k in told
    ]
    assert promises


def test_the_catalogue_goes_out_as_it_is_narrowed(client):
    every = json.loads(client.get("/catalogue.json").content)
    some = json.loads(client.get("/catalogue.json?q=github").content)
    assert len(every) == client.get("/catalogue/").context["page"].paginator.count
    assert 0 < len(some) < len(every)
