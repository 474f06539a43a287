"""Files by API: evidence, answers, tables in and out. The pages' own bytes and verbs, all of it or nothing."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import plans
from assessments.continuity.examples import load
from assessments.models import Answer, EvidenceFile, PlanRow
from assessments.questionnaire.answers import answers_of
from riskboard.accounts.models import Workspace
from tests.accounts.test_access import member, signed_in
from tests.caiq_workbook import caiq
from tests.web.test_answer_files import TICKED
from tests.web.test_api import API, caller
from tests.web.test_api_pages import get, post
from tests.web.test_board import follow
from vendors import evidence_rows
from vendors.models import Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake")]
SLUG = "microsoft-bpos-2011"
ITEM = f"vendors/{SLUG}/answers/B5/files/"
TEXT = b"restored in 2 h"


@pytest.fixture(autouse=True)
def _world(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    settings.IMPORT_RATE = "1000/h"
    member("admin")
    follow(SLUG)


def send(path: str, data: bytes, kind: str = "text/csv", role: str = "analyst", **headers):
    return caller(role).post(API + path, data, content_type=kind, headers=headers)


def test_a_file_is_kept_listed_fetched_taken_back_and_deleted_for_good():
    made = send(f"{ITEM}?name=restore.txt", TEXT, "text/plain")
    assert (made.status_code, made.json()["vendor"], made.json()["item"]) == (200, SLUG, "B5")
    assert send(f"{ITEM}?name=restore.txt", TEXT, "text/plain").json()["uid"] == made.json()["uid"], "the same once"
    one = f"evidence-files/{made.json()['uid']}/"
    assert [row["name"] for row in get(f"evidence-files/?vendor={SLUG}&item=B5").json()["results"]] == ["restore.txt"]
    assert get("evidence-files/?item=B6").json()["results"] == []
    content = get(one + "content/")
    assert b"".join(content.streaming_content) == TEXT
    assert content["Content-Disposition"].startswith("attachment")
    assert caller().get(API + one + "content/", headers={"If-None-Match": content["ETag"]}).status_code == 304
    assert caller("analyst").delete(API + one).status_code == 409, "it counts still"
    assert post(one + "remove/").json()["removed_at"]
    assert get("evidence-files/").json()["results"] == []
    assert get("evidence-files/?removed=true").json()["results"][0]["uid"] == made.json()["uid"]
    assert post(one + "restore/").json()["removed_at"] is None
    post(one + "remove/")
    assert caller("analyst").delete(API + one).status_code == 204
    assert get(one).status_code == 404


@pytest.mark.parametrize(
    ("path", "data", "status", "words"),
    [
        (f"{ITEM}?name=a.exe", TEXT, 400, "is not kept"),
        (f"{ITEM}?name=a.pdf", TEXT, 400, "plain text"),
        (f"{ITEM}?name=a.txt", b"", 400, "empty"),
        (f"{ITEM}", TEXT, 400, "is not kept"),
        (f"{ITEM}?name=a.txt", b"x" * (10 * 2**20 + 1), 413, "10 MiB"),
        (f"vendors/{SLUG}/answers/B99/files/?name=a.txt", TEXT, 404, "B1 to B17"),
        ("vendors/nobody/answers/B5/files/?name=a.txt", TEXT, 404, ""),
        ("plan/items/processes/orders/files/?name=a.txt", TEXT, 404, ""),
    ],
)
def test_a_file_that_is_not_kept_is_refused_in_a_sentence(path, data, status, words):
    answer = send(path, data, "application/octet-stream")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert words in answer.json()["detail"]
    assert not EvidenceFile.objects.exists()


def test_a_viewer_adds_no_file_and_another_workspace_finds_none():
    assert send(f"{ITEM}?name=a.txt", TEXT, role="viewer").status_code == 403
    uid = send(f"{ITEM}?name=a.txt", TEXT).json()["uid"]
    other = caller("admin", workspace=Workspace.objects.create(slug="other", name="Other"))
    for path in (f"evidence-files/{uid}/", f"evidence-files/{uid}/content/"):
        assert other.get(API + path).status_code == 404
    assert other.get(f"{API}evidence-files/").json()["results"] == []


def test_an_item_of_the_plan_names_the_file_where_it_names_no_evidence_yet():
    plans.replace_plan(load(SLUG), seen_revision=0, author="x", summary="x")
    plan = plans.current().parsed()
    item = plan.decisions[0]
    assert not item.evidence
    made = send(f"plan/items/decisions/{item.id}/files/?name=done.txt", b"it was done").json()
    now = next(one for one in plans.current().parsed().decisions if one.id == item.id)
    assert (made["plan_kind"], made["plan_item"]) == ("decisions", item.id)
    assert made["revision"] == plans.current().revision == 2
    assert made["uid"] in now.evidence
    again = send(f"plan/items/decisions/{item.id}/files/?name=second.txt", b"again").json()
    assert again["revision"] is None, "it names evidence by now"
    found = get(f"evidence-files/?plan_kind=decisions&plan_item={item.id}").json()["results"]
    assert [one["name"] for one in found] == ["done.txt", "second.txt"]


def test_the_list_of_files_costs_the_same_however_many_there_are():
    send(f"{ITEM}?name=a.txt", b"one")
    reader = caller()
    reader.get(f"{API}evidence-files/")
    with CaptureQueriesContext(connection) as few:
        reader.get(f"{API}evidence-files/")
    for n in range(4):
        send(f"{ITEM}?name=f{n}.txt", b"more %d" % n)
    with CaptureQueriesContext(connection) as many:
        assert len(reader.get(f"{API}evidence-files/").json()["results"]) == 5
    assert len(many) == len(few)


EXPORTS = {
    "/vendors": "exports/vendors", f"/vendors/{SLUG}/incidents": f"exports/incidents/{SLUG}",
    f"/vendors/{SLUG}/evidence": f"exports/evidence/{SLUG}", "/imports/answers": "exports/answers",
    "/plan/register": "exports/register", "/plan/processes": "exports/plan/processes", "/catalogue": "exports/catalogue",
    "/plan/promises": "exports/judged/promises",
}  # fmt: skip


@pytest.mark.parametrize("page", EXPORTS)
@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_every_list_goes_out_as_its_page_gives_it(page, form):
    plans.replace_plan(load(SLUG), seen_revision=0, author="x", summary="x")
    person = signed_in(member("viewer", email="v@example.org"))
    query = "" if page in ("/imports/answers", f"/vendors/{SLUG}/evidence", "/plan/promises") else "?q=o"
    told, shown = get(f"{EXPORTS[page]}/{form}/{query}"), person.get(f"{page}.{form}{query}")
    assert told.status_code == shown.status_code == 200
    assert told.content == shown.content
    assert get(f"{EXPORTS[page]}/pdf/").status_code == 404


def test_the_rows_of_the_register_of_information_and_the_tables_to_fill_are_the_pages():
    plans.replace_plan(load(SLUG), seen_revision=0, author="x", summary="x")
    person = signed_in(member("viewer", email="v@example.org"))
    for ours, theirs in (
        ("exports/dora/", "/plan/files/dora.xlsx"), ("imports/vendors/csv/", "/imports/vendors.csv"),
        ("imports/plan/dependencies/csv/", "/plan/files/kinds/dependencies.csv"),
        (f"exports/answers/toml/?vendor={SLUG}", f"/vendors/{SLUG}/questionnaire/answers.toml"),
        ("plan/files/xlsx/?empty=true", "/plan/files/plan.xlsx?empty=1"),
    ):  # fmt: skip
        assert get(ours).content == person.get(theirs).content, ours
    assert get("exports/answers/toml/").status_code == 400
    assert get("imports/plan/nothing/csv/").status_code == 404


def test_a_list_of_the_plan_is_looked_at_taken_once_and_refused_whole():
    plans.replace_plan(load(SLUG), seen_revision=0, author="x", summary="x")
    table = get("imports/plan/dependencies/csv/").content
    tag = get("plan/")["ETag"]
    same = send("imports/plan/dependencies/?dry_run=true", table)
    assert (same.status_code, same.json()["changes"]) == (200, [])
    rows = table.decode("utf-8-sig").splitlines()
    assert send("imports/plan/dependencies/", table).status_code == 428, "a write says what it was made from"
    fewer = "\r\n".join(rows[:2]).encode()
    looked = send("imports/plan/dependencies/?dry_run=true&removes=true", fewer).json()
    assert {one["did"] for one in looked["changes"]} == {"removed"}
    taken = send("imports/plan/dependencies/?removes=true", fewer, **{"If-Match": tag})
    assert taken.status_code == 200
    assert len(plans.current().parsed().dependencies) == 1
    assert send("imports/plan/dependencies/", table, **{"If-Match": tag}).status_code == 412
    revision = PlanRow.objects.get().revision
    wrong = send(
        "imports/plan/dependencies/", b"id,process,service\nx,nobody,nothing\n", **{"If-Match": get("plan/")["ETag"]}
    )
    assert wrong.status_code == 400
    assert any("row 2" in place for place in wrong.json()["errors"])
    assert PlanRow.objects.get().revision == revision
    book = get("plan/files/xlsx/").content
    assert "plan/files/xlsx/" in send("imports/plan/dependencies/?dry_run=true", book).json()["detail"]


def answered() -> None:
    tag = get(f"vendors/{SLUG}/answers/")["ETag"]
    body = {"answers": {"B1": {"answer": "yes", "note": "asked"}, "B2": {"answer": "no"}}}
    assert post(f"vendors/{SLUG}/answers/", body, method="patch", **{"If-Match": tag}).status_code == 200


@pytest.mark.parametrize("form", ["csv", "xlsx", "toml"])
def test_answers_go_out_and_come_back_and_change_nothing(form):
    answered()
    path = f"imports/answers/?vendor={SLUG}"
    before = list(Answer.objects.values_list("item", "answer", "answered_at"))
    file = get(f"exports/answers/{form}/?vendor={SLUG}").content
    told = send(path, file).json()
    assert (told["changes"], told["done"]) == (0, [])
    assert list(Answer.objects.values_list("item", "answer", "answered_at")) == before


def test_a_file_of_answers_is_looked_at_and_taken_whole():
    answered()
    path, table = f"imports/answers/?vendor={SLUG}", b"item,answer,note\nB2,yes,found it\nB3,partial,\n"
    looked = send(path + "&dry_run=true", table).json()
    assert [(one["item"], one["act"], one["stands"]) for one in looked["lines"]] == [
        ("B2", "change", "no"),
        ("B3", "new", None),
    ]
    assert looked["done"] is None
    assert (looked["backup_before"], looked["backup_after"] > 0) == (None, True), (
        "against the newest judgement, made before"
    )
    assert Answer.objects.count() == 2
    assert send(path, table).json()["done"] == [f"{SLUG} B2", f"{SLUG} B3"]
    assert send(path, table).json()["changes"] == 0
    wrong = send(path, b"item,answer\nB4,yes\nB99,perhaps\n")
    assert wrong.status_code == 400
    assert list(wrong.json()["errors"]) == ["row 3, item", "row 3, answer"]
    assert Answer.objects.count() == 3, "nothing was taken"


@pytest.mark.parametrize(("said", "status", "stands"), [("", 409, "no"), ("keep", 200, "no"), ("take", 200, "yes")])
def test_who_answered_since_the_file_was_taken_is_overwritten_only_where_that_is_said(said, status, stands):
    answered()
    rows = get(f"exports/answers/csv/?vendor={SLUG}").content.decode("utf-8-sig").replace("B2,", "B2,", 1)
    lines = rows.splitlines()
    at = next(n for n, line in enumerate(lines) if f"{SLUG},B2," in line)
    lines[at] = lines[at].replace(",no,", ",yes,")
    tag = get(f"vendors/{SLUG}/answers/")["ETag"]
    other = {"answers": {"B2": {"answer": "no", "note": "they said so again"}}}
    post(f"vendors/{SLUG}/answers/", other, method="patch", **{"If-Match": tag})
    answer = send(f"imports/answers/?vendor={SLUG}&conflicts={said}", "\r\n".join(lines).encode())
    assert answer.status_code == status
    assert Answer.objects.get(item="B2").answer == stands
    assert send("imports/answers/?conflicts=maybe", b"x").status_code == 400


def test_the_answers_of_all_vendors_come_in_one_table_and_a_caiq_is_one_vendors():
    follow("github")
    table = b"vendor,item,answer\ngithub,B1,yes\nmicrosoft-bpos-2011,B1,no\n"
    assert len(send("imports/answers/", table).json()["done"]) == 2
    assert [one.answer for one in answers_of(Vendor.objects.get(slug="github"))] == ["yes"]
    book = caiq(TICKED)
    assert send("imports/answers/", book).status_code == 400, "whose would it be?"
    looked = send("imports/answers/?vendor=github&dry_run=true", book).json()
    assert looked["lines"]
    assert all(one["source"] and one["reason"] for one in looked["lines"] if one["act"] in ("new", "change"))


def test_an_answer_is_said_to_be_still_so_and_counts_anew():
    answered()
    Answer.objects.filter(item="B1").update(answered_at="2020-01-01T00:00:00Z")
    line = get(f"vendors/{SLUG}/answers/").json()[0]
    assert line["expires_on"] < "2025"
    tag = get(f"vendors/{SLUG}/answers/")["ETag"]
    path = f"vendors/{SLUG}/answers/"
    wrong = post(path, {"confirmed": ["B9", "B99"]}, method="patch", **{"If-Match": tag})
    assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"B9", "B99"})
    saved = post(path, {"confirmed": ["B1"]}, method="patch", **{"If-Match": tag}).json()
    assert saved["changed"] == ["B1"]
    now = get(path).json()[0]
    assert (now["answer"], now["note"]) == ("yes", "asked")
    assert now["expires_on"] > "2026"


def test_a_table_of_incidents_says_what_each_row_does_and_a_workbook_is_taken_as_well():
    path = f"vendors/{SLUG}/evidence/table/"
    first = b"title,started_at,ended_at\nMail was down,2025-11-01T10:00Z,\n"
    assert send(path, first).json()["new"] == 1
    book = openpyxl.Workbook()
    for row in (["title", "started_at", "ended_at"], ["Mail was down", "2025-11-01T10:00Z", "2025-11-01T12:00Z"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    looked = send(path + "?dry_run=true", out.getvalue()).json()
    assert [(one["act"], one["says"]) for one in looked["lines"]] == [("change", "changes: its end")]
    vendor = Vendor.objects.get(slug=SLUG)
    assert evidence_rows.entered(vendor)[0].incident.resolved_at is None
    assert send(path, out.getvalue()).json()["changed"] == 1
    assert send(path, first).json()["known"] == 1, "an empty cell says nothing"
    assert evidence_rows.entered(vendor)[0].incident.resolved_at is not None


def test_an_assessment_is_asked_for_the_parts_that_are_relied_on(run_jobs):
    made = post(
        "assessments/",
        {"target": SLUG, "rto": "4h", "parts": ["Exchange Online, Americas", "Exchange Online, Americas"]},
    )
    assert made.status_code == 202
    run_jobs()
    uid = get(f"jobs/{made.json()['uid']}/").json()["result"]["assessment"]
    document = json.loads(get(f"assessments/{uid}/document/").content)
    assert document["needs"]["components"] == ["Exchange Online, Americas"]
    assert post("assessments/", {"target": SLUG, "parts": [""]}).status_code == 400


def test_the_example_begins_a_plan_once():
    made = post("plan/example/")
    assert (made.status_code, made.json()["revision"]) == (201, 1)
    assert post("plan/example/").status_code == 409
    assert [one["id"] for one in get("plan/items/processes/?q=mail").json()["results"]] != []
    assert get("plan/items/processes/?q=zzzz").json()["results"] == []


def test_a_vendors_pages_and_what_stands_together_are_told():
    (page,) = get(f"vendors/{SLUG}/pages/").json()["results"]
    assert page["url"].startswith("http")
    assert page["due_at"] is None
    assert get("portfolio/").json()["standing_on"] == {}
