"""The plan as a file: out and in, with a look before it is accepted."""

from __future__ import annotations

import base64
import html
import re
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from msgspec.structs import replace

from assessments import plans
from assessments.continuity import plan_file
from assessments.continuity.plan import Contact, Plan
from assessments.planning import files
from tests.web.test_plan_pages import BPOS, body, example  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake")]

BOMB = base64.b64encode(zlib.compress(b" " * 60_000_000)).decode()


def look(client, data: bytes, name: str = "plan.json"):
    return client.post("/plan/files/look/", {"file": SimpleUploadedFile(name, data)})


def sent(page: str) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="(seen|document)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


@pytest.mark.parametrize("suffix", list(files.FORMATS))
def test_what_goes_out_comes_back_the_same(client, example, suffix):  # noqa: F811
    out = client.get(f"/plan/files/plan.{suffix}")
    assert out.status_code == 200
    assert f'filename="plan-1.{suffix}"' in out["Content-Disposition"]
    page = body(look(client, out.content, f"plan.{suffix}"))
    assert "holds what the plan says already" in page


def test_the_look_tells_every_change_and_writes_nothing_until_it_is_accepted(client, example):  # noqa: F811
    other = replace(BPOS, contacts=(*BPOS.contacts, Contact(id="desk", name="Service <desk>")), runbooks=())
    page = body(look(client, plan_file.dumps(other)))
    assert "1 added, 1 removed" in page
    assert "Service &lt;desk&gt;" in page
    assert "1 item of the plan is not in the file" in page
    assert plans.current().revision == 1
    answer = client.post("/plan/files/accept/", sent(page))
    assert answer.status_code == 302
    assert plans.current().parsed() == plan_file.normalise(other)
    client.post("/plan/undo/2/")
    assert plans.current().parsed() == BPOS


def test_what_somebody_else_saved_between_look_and_acceptance_is_kept(client, example):  # noqa: F811
    page = body(look(client, plan_file.dumps(Plan())))
    plans.save_item("contacts", Contact(id="desk", name="Desk"), seen=None, author="x")
    assert client.post("/plan/files/accept/", sent(page)).status_code == 409
    assert plans.current().revision == 2


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"{", "plan.json", "Not readable as JSON"),
        (b'{"schema": "riskboard.plan/9"}', "plan.json", "Not a riskboard.plan/1 document"),
        (b"\xff\xfe", "plan.json", "Nothing was changed"),
        (b"x", "plan.exe", "files that end in"),
        (b"x", "plan", "files that end in"),
        (b" " * (files.MOST_BYTES + 1), "plan.json", "at most"),
        (b"", "plan.json", "Choose a file|empty|Not readable"),
        (b"PK\x03\x04" + b"\0" * 100, "plan.xlsx", "."),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_the_reason_and_nothing_changes(client, example, data, name, told):  # noqa: F811
    answer = look(client, data, name)
    assert answer.status_code == 400
    fault = re.search(r'class="fault">([^<]+)<', body(answer))
    assert fault is not None
    assert re.search(told, html.unescape(fault.group(1)))
    assert plans.current().revision == 1


@pytest.mark.parametrize(
    "fields", [{}, {"seen": "x", "document": "{}"}, {"seen": "1", "document": "{"}, {"seen": "1", "document": BOMB}]
)
def test_an_acceptance_that_is_not_ours_changes_nothing(client, example, fields):  # noqa: F811
    assert client.post("/plan/files/accept/", fields).status_code == 400
    assert plans.current().revision == 1


def test_a_plan_of_two_hundred_services_goes_through_the_form(client):
    from assessments.continuity.plan import Service

    many = tuple(Service(id=f"s{n}", name=f"Service {n}", vendor=f"v{n}", note="x y " * 300) for n in range(200))
    page = body(look(client, plan_file.dumps(Plan(services=many))))
    assert client.post("/plan/files/accept/", sent(page)).status_code == 302
    assert len(plans.current().parsed().services) == 200


def test_the_plan_can_be_emptied_and_that_taken_back(client, example):  # noqa: F811
    page = body(client.get("/plan/files/"))
    assert "Empty the plan" in page
    assert client.post("/plan/files/empty/", {"seen": "0"}).status_code == 409
    assert client.post("/plan/files/empty/").status_code == 409
    client.post("/plan/files/empty/", sent(page))
    assert plans.current().parsed() == Plan()
    client.post("/plan/undo/2/")
    assert plans.current().parsed() == BPOS


def test_an_unknown_format_is_not_found(client):
    assert client.get("/plan/files/plan.exe").status_code == 404


def test_an_empty_workbook_is_there_to_be_filled_and_changes_nothing_as_it_is(client, example):  # noqa: F811
    out = client.get("/plan/files/plan.xlsx?empty=1")
    assert 'filename="plan-empty.xlsx"' in out["Content-Disposition"]
    assert "holds what the plan says already" in body(look(client, out.content, "plan.xlsx"))


def test_every_cell_of_a_table_that_cannot_be_read_is_named_on_the_page(client, example):  # noqa: F811
    answer = look(client, b"name,rto_hours,critical\nA,4,maybe\n", "processes.csv")
    page = html.unescape(body(answer))
    assert answer.status_code == 400
    assert "row 2, rto_hours" in page
    assert "row 2, critical" in page
    assert plans.current().revision == 1


def test_a_table_is_taken_through_the_history_and_can_be_taken_back(client, example):  # noqa: F811
    page = body(look(client, b"name,rto_hours\nPay the staff,3d\n", "processes.csv"))
    assert "1 added" in page
    client.post("/plan/files/accept/", sent(page))
    assert "pay-the-staff" in [one.id for one in plans.current().parsed().processes]
    client.post("/plan/undo/2/")
    assert plans.current().parsed() == BPOS
