"""Answers as files: out and back unchanged, a look before anything is taken, every fault with its cell, nobody overwritten."""

from __future__ import annotations

import html
import io
import re
from datetime import UTC, datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessments.models import Answer
from assessments.questionnaire import answer_files
from assessments.questionnaire.answers import answers_of, digest, save_answers
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from tests.caiq_workbook import caiq
from vendors.catalogue import index
from vendors.ingest import ingest_facts
from vendors.records import BackupAnswer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake")]
LINK = "https://vendor.example/trust"
PAGE = "/vendors/microsoft-bpos-2011/questionnaire/file/"
TABLE = "/vendors/microsoft-bpos-2011/questionnaire/answers."
GIVEN = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def vendor():
    facts = index.load("microsoft-bpos-2011")
    made = ingest_facts(facts)
    assess_vendor(made, needs=Needs(), as_of=facts.as_of)
    return made


@pytest.fixture
def answered(vendor):
    given = {
        "B1": BackupAnswer(item="B1", answer="yes", evidence=LINK, note="=HYPERLINK(1)"),
        "B5": BackupAnswer(item="B5", answer="withheld", note="'tis 'so"),
    }
    save_answers(vendor, given, seen={}, by="analyst", now=GIVEN)
    return vendor


def look(client, data: bytes, name: str = "answers.xlsx", page: str = PAGE):
    return client.post(page, {"file": SimpleUploadedFile(name, data)})


def accept(client, looked, page: str = PAGE, **more):
    text = looked.content.decode()
    data = html.unescape(re.search(r'name="data" value="([^"]*)"', text)[1])
    taken = [html.unescape(name) for name in re.findall(r'name="take" value="([^"]*)"(?! *>?<span)', text)]
    return client.post(page, {"action": "accept", "data": data, "take": more.pop("take", taken), **more}, follow=True)


def edited(data: bytes, cells: dict[str, object]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        book["Answers"][place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("form", ["xlsx", "csv", "toml"])
def test_what_goes_out_comes_back_and_changes_nothing(client, answered, form):
    out = client.get(TABLE + form)
    assert f"microsoft-bpos-2011-answers.{form}" in out["Content-Disposition"]
    page = look(client, out.content, f"a.{form}")
    assert page.status_code == 200
    assert "would change nothing" in page.content.decode()
    assert Answer.objects.get(item="B1").answered_at == GIVEN


@pytest.mark.parametrize(
    ("taken", "sheet", "brought"), [("de", "Antworten", "fr"), ("fr", "Réponses", "en"), ("en", "Answers", "de")]
)
def test_a_workbook_taken_in_one_language_is_brought_back_in_another(client, answered, taken, sheet, brought):
    out = client.get(TABLE + "xlsx", headers={"Accept-Language": taken}).content
    book = openpyxl.load_workbook(io.BytesIO(out))
    assert book.sheetnames[0] == sheet
    assert [cell.value for cell in book[sheet][1]][:4] == ["vendor", "item", "question", "answer"], (
        "the same in every language"
    )
    book[sheet]["D6"] = "no"
    changed = io.BytesIO()
    book.save(changed)
    page = client.post(
        PAGE, {"file": SimpleUploadedFile("answers.xlsx", changed.getvalue())}, headers={"Accept-Language": brought}
    )
    assert page.status_code == 200
    assert page.context["found"].changes
    assert not page.context["found"].faults


def test_the_workbook_offers_the_words_has_guidance_and_no_formula(client, answered):
    book = openpyxl.load_workbook(io.BytesIO(client.get(TABLE + "xlsx").content))
    sheet = book["Answers"]
    assert sheet.data_validations.dataValidation[0].formula1 == '"yes,partial,no,withheld,unknown"'
    assert [cell.value for cell in sheet["B"]][1:] == [f"B{n}" for n in range(1, 18)]
    assert all(cell.data_type != "f" for row in sheet for cell in row)
    assert all(sheet.cell(row, 9).value for row in range(2, 19)), "full marks beside each item"


def test_a_changed_workbook_is_shown_with_its_effect_and_taken_when_one_says_so(client, answered):
    data = edited(client.get(TABLE + "xlsx").content, {"D3": "partly", "D6": "no", "E6": LINK})
    looked = look(client, data)
    page = looked.content.decode()
    assert "1 new answers, 1 changed, 1 as they are" in page
    assert "the next assessment would say: backup" in page
    assert len(answers_of(answered)) == 2, "nothing is taken by looking"
    done = accept(client, looked)
    assert "2 answers were taken" in done.content.decode()
    assert {one.item: one.answer for one in answers_of(answered)} == {"B1": "yes", "B2": "partial", "B5": "no"}
    assert Answer.objects.get(item="B5").answered_at > GIVEN, "a changed answer counts from today"


FAULTS = [
    ({"D2": "maybe"}, "Answers!D2", "is no answer"),
    ({"B2": "B18"}, "Answers!B2", "they are B1 to B17"),
    ({"B3": "B1", "D3": "no"}, "Answers!B3", "B1 stands at Answers!B2 already"),
    ({"E3": "ftp://x"}, "Answers!E3", "evidence is a web address"),
    ({"E3": "javascript:alert(1)"}, "Answers!E3", "evidence is a web address"),
    ({"F3": "x" * 501, "D3": "no"}, "Answers!F3", "has 501 characters"),
    ({"F3": "said so"}, "Answers!D3", "no answer"),
    ({"G2": "last week"}, "Answers!G2", "is no day"),
    ({"A2": "github"}, "Answers!D2", "not about Microsoft BPOS"),
]


@pytest.mark.parametrize(("cells", "place", "what"), FAULTS)
def test_every_fault_names_its_cell_and_nothing_is_taken(client, answered, cells, place, what):
    page = look(client, edited(client.get(TABLE + "xlsx").content, {"D9": "yes"} | cells))
    text = html.unescape(page.content.decode())
    assert page.status_code == 400
    assert place in text
    assert what in text
    assert 'name="data"' not in text
    assert len(answers_of(answered)) == 2


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"item,answer\n", "holds no answer"),
        (b"a,b\n1,2\n", "has no column"),
        (b'[B1]\nanswer = 5\n', "write it in quotes"),
        (b'[B1]\nanswr = "yes"\n', "there is no such field"),
        (b'B1 = "yes"\n', "is no table"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "locked with a password"),
        (b"PK\x03\x04" + b"\0" * 100, "no workbook that can be read"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"x" * 2_200_000, "larger than"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_answers_is_refused_in_a_sentence(client, vendor, data, told):
    page = look(client, data, "a.bin")
    assert page.status_code == 400
    assert told in html.unescape(page.content.decode())


def test_who_answered_since_the_file_was_taken_is_not_overwritten_unless_one_says_so(client, answered):
    data = edited(client.get(TABLE + "xlsx").content, {"D2": "no", "D4": "yes"})
    stands = {one.item: digest(one) for one in answers_of(answered)}
    save_answers(
        answered, {"B1": BackupAnswer(item="B1", answer="partial")}, seen=stands, by="other", now=timezone.now()
    )
    looked = look(client, data)
    assert "answered meanwhile" in looked.content.decode()
    accept(client, looked, take=["microsoft-bpos-2011 B3"])
    assert {one.item: one.answer for one in answers_of(answered)} == {"B1": "partial", "B3": "yes", "B5": "withheld"}
    accept(client, look(client, data), take=["microsoft-bpos-2011 B1"])
    assert {one.item: one.answer for one in answers_of(answered)}["B1"] == "no"


def test_who_answers_between_look_and_acceptance_is_shown_and_kept(client, answered):
    looked = look(client, edited(client.get(TABLE + "xlsx").content, {"D2": "no", "D4": "yes"}))
    stands = {one.item: digest(one) for one in answers_of(answered)}
    save_answers(
        answered, {"B1": BackupAnswer(item="B1", answer="partial")}, seen=stands, by="other", now=timezone.now()
    )
    again = accept(client, looked)
    assert again.status_code == 409
    assert "Nothing was taken" in again.content.decode()
    assert {one.item: one.answer for one in answers_of(answered)} == {"B1": "partial", "B5": "withheld"}


def test_the_answers_of_all_vendors_go_out_and_come_back_as_one_table(client, answered):
    github = ingest_facts(index.load("github"))
    assess_vendor(github, needs=Needs(), as_of=index.load("github").as_of)
    out = client.get("/imports/answers.csv").content
    assert out.count(b"\r\n") == 3, "the header and two answers"
    assert "would change nothing" in look(client, out, "all.csv", "/imports/answers/").content.decode()
    more = out + b"github,B1,,yes,,,,\r\nnobody,B1,,yes,,,,\r\n"
    wrong = look(client, more, "all.csv", "/imports/answers/").content.decode()
    assert "is no vendor that is followed here" in wrong
    looked = look(client, out + b"github,B1,,yes,,,,\r\n", "all.csv", "/imports/answers/")
    accept(client, looked, "/imports/answers/")
    assert [one.answer for one in answers_of(github)] == ["yes"]


@pytest.mark.parametrize("name", ["answers.xlsx", "answers.csv"])
def test_blank_answers_leave_what_stands(client, answered, name):
    form = name.rpartition(".")[2]
    rows = list(answer_files.rows_of("microsoft-bpos-2011", {}, {}))
    data = answer_files.to_workbook(rows) if form == "xlsx" else answer_files.to_table(rows)
    assert "would change nothing" in look(client, data, name).content.decode()
    assert len(answers_of(answered)) == 2


def test_an_old_answer_brought_into_another_installation_stays_old(client, vendor):
    toml = answer_files.to_toml([BackupAnswer(item="B1", answer="yes", answered_at=GIVEN)])
    accept(client, look(client, toml, "a.toml"))
    assert Answer.objects.get().answered_at.date() == GIVEN.date()
    later = answer_files.to_toml([BackupAnswer(item="B2", answer="yes", answered_at=datetime(2099, 1, 1, tzinfo=UTC))])
    accept(client, look(client, later, "a.toml"))
    assert Answer.objects.get(item="B2").answered_at <= timezone.now(), "no answer is of tomorrow"


# --- CAIQ

TICKED = {"IPY-02.1": ("Yes", "By REST."), "BCR-11.1": ("No", ""), "BCR-08.1": ("NA", ""), "IPY-04.1": ("yes", "=1+1")}


def test_a_caiq_workbook_is_shown_with_its_mapping_and_counts_half(client, answered):
    looked = look(client, caiq(TICKED), "caiq.xlsx")
    page = html.unescape(looked.content.decode())
    assert "This is a CAIQ 4.0.3 workbook" in page
    assert page.count("no counterpart") == 9
    assert "IPY-02.1: yes" in page
    assert "BCR-08.1: not applicable" in page
    accept(client, looked, take=["microsoft-bpos-2011 B2", "microsoft-bpos-2011 B11", "microsoft-bpos-2011 B15"])
    stands = {one.item: one for one in answers_of(answered)}
    assert (stands["B2"].answer, stands["B11"].answer, stands["B15"].answer) == ("partial", "no", "partial")
    assert stands["B2"].note == "CAIQ 4.0.3, IPY-02.1: yes (CAIQv4.0.3!C12). By REST."
    assert stands["B2"].evidence is None, "the vendor's own word"
    assert stands["B1"].answer == "yes", "what stands is not replaced unless it is ticked"
    again = look(client, caiq(TICKED), "caiq.xlsx").content.decode()
    assert 'value="microsoft-bpos-2011 B2"' not in again, "the same again changes nothing"


def test_the_answer_may_be_chosen_by_who_read_the_vendors_words(client, vendor):
    looked = look(client, caiq(TICKED), "caiq.xlsx")
    accept(client, looked, take=["microsoft-bpos-2011 B2"], **{"answer microsoft-bpos-2011 B2": "yes"})
    assert answers_of(vendor)[0].answer == "yes"
