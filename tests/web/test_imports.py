"""A table of vendors: shown before it is taken, taken whole or not at all, and taken twice it changes nothing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import following, noted
from assessments.files import carried
from assessments.files.reading import read_any
from assessments.files.tables import to_csv, to_xlsx
from assessments.imports import vendors
from assessments.models import Followed
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard.accounts.models import AuditEntry
from riskboard.jobs import queue
from riskboard.jobs.models import Job
from tests.records import short
from vendors.catalogue import index
from vendors.catalogue.pages import known_vendors
from vendors.evidence.tables import read_table
from vendors.ingest import ingest_facts

pytestmark = pytest.mark.django_db


def follow(slug: str, **fields: object) -> Followed:
    facts = short(slug)
    assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=4.0), as_of=facts.as_of)
    row = Followed.objects.get(vendor__slug=slug)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def shown(client, text: str | bytes, name: str = "vendors.csv"):
    data = text.encode() if isinstance(text, str) else text
    return client.post("/imports/", {"file": SimpleUploadedFile(name, data)})


def accepted(client, page):
    return client.post("/imports/", {"action": "accept", "data": page.context["data"]}, follow=True)


def test_an_upload_is_shown_with_what_it_would_do_and_changes_nothing(client):
    follow("github", tags=["code"])
    page = shown(
        client, 'vendor,rto,tags,note\nGitHub,8h,"ci, code",ours\nSlack,2h,chat,\nhttps://status.acme.example/,,,\n'
    )
    told = [(line.act, line.name) for line in page.context["found"].lines]
    assert told == [("change", "GitHub"), ("follow", "Slack"), ("follow", "https://status.acme.example/")]
    text = page.content.decode()
    assert "is judged for an RTO of 8 h instead of 4 h; has the tags ci, code instead of code; has another note" in text
    assert "Take 3 rows" in text
    assert Followed.objects.get().tags == ["code"]
    assert not Job.objects.exists()


def test_what_was_shown_is_taken_whole_and_the_same_table_again_changes_nothing(client, run_jobs):
    follow("github")
    text = "vendor,rto,tags,note\nGitHub,4h,code,kept\nslack,2h,chat,the office\n"
    answer = accepted(client, shown(client, text))
    assert "2 of 2 rows did something" in answer.content.decode()
    run_jobs()
    rows = {row.vendor.slug: row for row in Followed.objects.with_newest()}
    assert (rows["github"].tags, rows["github"].note) == (["code"], "kept")
    assert (rows["slack"].tags, rows["slack"].note, rows["slack"].newest.rto_hours) == (["chat"], "the office", 2.0)
    again = shown(client, text)
    assert again.context["found"].changes == 0
    assert "It is all so already" in again.content.decode()


def test_the_list_as_it_is_exported_can_be_brought_back_and_changes_nothing(client):
    follow("github", tags=["code"], note="=SUM(A1)")
    follow("slack")
    for url in ("/imports/vendors.csv", "/imports/vendors.xlsx", "/vendors.csv"):
        taken = client.get(url)
        assert taken.status_code == 200, url
        page = shown(client, taken.content, url.rpartition("/")[2])
        assert page.context["found"].faults == (), url
        assert page.context["found"].changes == 0, url


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ("Nobodys Cloud,4h,,", "vendor", "not in the catalogue"),
        (",4h,,", "vendor", "say which vendor"),
        ("http://127.0.0.1/,4h,,", "vendor", "numeric"),
        ("slack,soon,,", "rto", "soon"),
        ("slack,-4h,,", "rto", "RTO"),
        (f"slack,4h,{'x' * 41},", "tags", "longer than 40"),
        (f"slack,4h,,{'n' * 501}", "note", "longer than 500"),
        ("GitHub,4h,,", "vendor", "the same vendor as in row 2"),
    ],
)
def test_one_row_that_cannot_be_keeps_all_of_them_out_and_says_where(client, row, column, told):
    page = shown(client, f"vendor,rto,tags,note\ngithub,4h,,\n{row}\n")
    (fault,) = page.context["found"].faults
    assert (page.status_code, fault.row, fault.column) == (400, 3, column)
    assert told in fault.what
    assert "Take" not in page.content.decode().split("<h2>Another file")[0]
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,rto\nGitHub,4h\n", "no column"),
        ("vendor,budget\nGitHub,4\n", "is not a column of this table"),
        ("vendor\n", "no row below the header"),
        ("", "empty"),
    ],
)
def test_a_table_of_another_kind_says_what_the_columns_are(client, text, told):
    page = shown(client, text)
    assert page.status_code == 400
    assert told in page.content.decode()


def test_a_table_that_was_changed_on_its_way_back_is_judged_again(client):
    data = carried.packed(b"vendor,rto\nNobodys Cloud,4h\n", what="table")
    answer = client.post("/imports/", {"action": "accept", "data": data})
    assert answer.status_code == 400
    assert "nothing was taken" in answer.content.decode().lower()
    assert not Job.objects.exists()


def test_a_fault_in_the_middle_of_taking_leaves_nothing_behind(client, monkeypatch):
    follow("github")
    found = vendors.read(read_table(b"vendor,tags\ngithub,code\nslack,chat\n", what="table"))

    def breaks(line, **_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(vendors, "_begin", breaks)
    with pytest.raises(RuntimeError):
        vendors.take(found)
    assert Followed.objects.get().tags == []


def test_columns_that_are_left_out_leave_what_is_there(client):
    follow("github", tags=["code"], note="kept")
    assert shown(client, "vendor\ngithub\n").context["found"].changes == 0


def test_a_vendor_that_was_put_away_is_brought_back(client):
    row = follow("github")
    assert following.put_away(["github"], now=timezone.now()) == 1
    accepted(client, shown(client, "vendor\ngithub\n"))
    row.refresh_from_db()
    assert row.archived_at is None


def test_a_listed_vendor_is_followed_by_its_page(client):
    dotted = next(one for one in known_vendors() if "." in one.name)
    found = shown(client, f'vendor\nNotion\n"{dotted.name}"\n').context["found"]
    assert found.faults == ()
    assert [line.target.startswith("https://") for line in found.lines] == [True, True]
    assert found.lines[1].target == dotted.pages[0].url, "a name with a dot is a name first"


def test_taking_a_table_leaves_its_lines_in_the_audit_trail(client):
    follow("github")
    before = AuditEntry.objects.count()
    accepted(client, shown(client, "vendor,tags\ngithub,code\n"))
    entry = AuditEntry.objects.order_by("-pk").first()
    assert AuditEntry.objects.count() == before + 1
    assert (entry.before["tag_line"], entry.after["tag_line"]) == ("", ",code,")


def test_looking_at_a_table_costs_the_same_however_many_rows_it_has(client, django_assert_max_num_queries):
    names = [(row.slug,) for row in index.bundled()]
    vendors.read(read_table(to_csv(("vendor",), names[:2]), what="table"))
    with django_assert_max_num_queries(5):
        vendors.read(read_table(to_csv(("vendor",), names), what="table"))


def test_a_workbook_is_taken_as_well(client):
    page = shown(client, to_xlsx("V", ("Vendor", "RTO"), [("Slack", "2h")]), "v.xlsx")
    assert [line.target for line in page.context["found"].lines] == ["slack"]


def test_two_thousand_vendors_with_long_notes_fit_through_look_and_acceptance(client, no_wake):
    note = "ü" * 400
    rows = [
        (f"https://status.vendor-{n}.example", "4h", "bulk, new", f"{n} {note}", "Ops", "high")
        for n in range(vendors.MOST_ROWS)
    ]
    page = shown(client, to_csv(vendors.COLUMNS, rows))
    assert page.status_code == 200
    assert page.context["found"].changes == vendors.MOST_ROWS
    answer = client.post("/imports/", {"action": "accept", "data": page.context["data"]})
    assert answer.status_code == 302
    assert Job.objects.filter(kind="assess").count() == vendors.MOST_ROWS
    more = shown(client, to_csv(vendors.COLUMNS, [*rows, ("https://status.one-more.example", "4h", "", "", "", "")]))
    assert (more.status_code, "more than 2,000 rows" in more.content.decode()) == (400, True)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'", "+1", "@x", "007", "yes"])
def test_text_that_looks_like_a_formula_comes_back_as_it_went(form, text):
    columns = ("vendor", "note")
    out = to_csv(columns, [("x", text)]) if form == "csv" else to_xlsx("V", columns, [("x", text)])
    assert read_any(out, what="file").rows[0][1]["note"] == text


@settings(max_examples=60, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    note=st.one_of(
        st.sampled_from(
            ["=SUM(A1)", "'=1", "'", "+1", "-1", "@x", "\t=1", '"', '";', "a,b", "''=1", " x ", "007", "1e5", "yes"]
        ),
        st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40),
    ),
    tags=st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=","), max_size=12), max_size=3
    ),
    form=st.sampled_from(["csv", "xlsx"]),
)
def test_whatever_people_wrote_goes_out_and_comes_back_as_it_was(client, followed, note, tags, form):
    row = Followed.objects.get()
    words = noted.Words.typed(tags=",".join(tags), note=note, owner=note)
    noted.annotate("github", words, seen=noted.words_digest(row))
    out = client.get(f"/imports/vendors.{form}").content
    found = vendors.read(read_any(out, what="file"))
    assert (found.faults, found.changes, [one.says for one in found.lines]) == ((), 0, ["stays as it is"])
    Followed.objects.update(tag_line="", note="")
    vendors.take(vendors.read(read_any(out, what="file")))
    assert client.get(f"/imports/vendors.{form}").content == out


@pytest.fixture
def followed():
    return follow("github")


def test_of_many_jobs_a_few_workers_are_told_at_once_and_the_ticks_tell_the_others(
    client, monkeypatch, django_capture_on_commit_callbacks
):
    told: list[int] = []
    monkeypatch.setattr(queue, "wake", lambda pk, name: told.append(pk) or True)
    rows = [(f"https://status.vendor-{n}.example",) for n in range(vendors.WOKEN + 30)]
    with django_capture_on_commit_callbacks(execute=True):
        vendors.take(vendors.read(read_table(to_csv(("vendor",), rows), what="table")))
    assert len(told) == vendors.WOKEN
    assert queue.wake_due() == 30 + vendors.WOKEN, "none of them was noted as told by this test's wake"
    assert set(told) == set(Job.objects.values_list("pk", flat=True))
