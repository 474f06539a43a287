"""The pages: what they say, what they refuse, and that nothing from outside runs in them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from msgspec import structs

from assessments.files import tables
from assessments.files.assessed import assessment_workbook
from assessments.following import follow
from assessments.models import AssessmentRow
from assessments.pages import rto_input
from assessments.scoring.metrics import as_known
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess, encode
from assessments.verbs import assess_vendor, make_report
from riskboard.durations import parse_duration
from riskboard.errors import Refused
from riskboard.jobs import queue
from riskboard.jobs.models import Job, State
from vendors.catalogue import index
from vendors.ingest import ingest_facts
from vendors.records import Reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> AssessmentRow:
    facts = index.load("microsoft-bpos-2011")
    return assess_vendor(ingest_facts(facts), needs=Needs(), as_of=facts.as_of)


def test_the_first_visit_offers_one_field_and_every_bundled_vendor(client):
    page = client.get("/").content.decode()
    assert page.count('name="target"') >= 1
    for vendor in index.bundled():
        assert vendor.name in page
    assert "None yet" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"target": "", "rto": "4h"}, "Paste the address"),
        ({"target": "githb", "rto": "4h"}, "did you mean github"),
        ({"target": "github", "rto": "soon"}, "write it like 4h"),
        ({"target": "github", "rto": ""}, "Say how long"),
        ({"target": "http://127.0.0.1/", "rto": "4h"}, "numeric addresses"),
        ({"target": "http://localhost:6379/", "rto": "4h"}, "not read"),
        ({"target": "file:///etc/passwd", "rto": "4h"}, "."),
        ({"target": "javascript:alert(1)//x.y", "rto": "4h"}, "."),
        ({"target": "https://user:secret@status.vendor.example/", "rto": "4h"}, "user name"),
    ],
)
def test_bad_input_is_answered_400_with_a_sentence_and_nothing_is_lost(client, data, sentence):
    answer = client.post("/assess/", data)
    page = answer.content.decode()
    assert answer.status_code == 400
    fault = re.search(r'class="fault"[^>]*>(.*?)<', page, re.DOTALL)
    assert fault is not None
    assert sentence.casefold() in fault.group(1).casefold()
    if data["target"].isalpha():
        assert f'value="{data["target"]}"' in page
    assert Job.objects.count() == 0


def test_a_vendor_is_assessed_through_a_job_whose_progress_can_be_watched(
    client, no_wake, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/assess/", {"target": "Microsoft BPOS (May 2011)", "rto": "4h"})
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.uid}/"
    assert no_wake == [(job.pk, "score")]
    waiting = client.get(answer.url).content.decode()
    assert "<progress" in waiting
    assert "Cancel" in waiting
    queue.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.DONE, job.error
    assert client.get(answer.url).url == f"/assessments/{job.result['assessment']}/"
    fragment = client.get(answer.url, headers={"HX-Request": "true"})
    assert fragment.status_code == 286
    assert fragment["HX-Redirect"].endswith(f"/assessments/{job.result['assessment']}/")


@pytest.mark.parametrize(
    ("target", "record"),
    [
        ("https://www.githubstatus.com/history", "github"),
        ("https://status.nobody.example/", None),
        ("github", None),
        ("http://[", None),
    ],
)
def test_where_a_page_cannot_be_read_a_bundled_record_of_its_vendor_is_offered(client, target, record):
    args = {"target": target, "rto_hours": 8.0}
    failed = Job.objects.create(kind="assess", due_at=timezone.now(), state=State.FAILED, args=args, error="no answer")
    page = client.get(f"/jobs/{failed.uid}/").content.decode()
    assert ("Assess the bundled record" in page) == (record is not None)
    if record:
        assert f'name="target" value="{record}"' in page
        assert 'name="rto" value="8h"' in page


def test_a_failed_job_says_what_to_do_and_stops_asking(client):
    sentence = "The page at status.vendor.example answers with HTTP 503"
    job = Job.objects.create(
        kind="assess",
        queue="score",
        due_at=timezone.now(),
        state=State.FAILED,
        error=sentence,
        args={"target": "<b>x</b>"},
    )
    fragment = client.get(f"/jobs/{job.uid}/", headers={"HX-Request": "true"})
    assert fragment.status_code == 286
    assert sentence in fragment.content.decode()
    whole = client.get(f"/jobs/{job.uid}/").content.decode()
    assert "<b>x</b>" not in whole
    assert "&lt;b&gt;x" in whole


def test_a_job_can_be_cancelled_by_post_only(client):
    job = Job.objects.create(kind="assess", queue="score", due_at=timezone.now())
    assert client.get(f"/jobs/{job.uid}/cancel/").status_code == 405
    client.post(f"/jobs/{job.uid}/cancel/")
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_the_page_of_an_assessment_shows_what_was_stored(client, row):
    page = client.get(f"/assessments/{row.uid}/").content.decode()
    made = row.parsed()
    assert f"{made.score.value:.0f} of 100" in page
    for pillar in made.pillars:
        for check in pillar.checks:
            if check.contribution is not None:
                assert f"{check.contribution:.2f} points" in page
    assert page.count("not known") >= 6
    assert "What to do first" in page


def test_documents_are_served_byte_for_byte(client, row):
    assert client.get(f"/assessments/{row.uid}/assessment.json").content == bytes(row.document)
    assert b"riskboard.facts/1" in client.get(f"/assessments/{row.uid}/facts.json").content


def test_the_workbook_is_linked_and_served_as_a_file_of_the_stored_document(client, row, monkeypatch):
    address = f"/assessments/{row.uid}/assessment.xlsx"
    assert f'href="{address}"' in client.get(f"/assessments/{row.uid}/").content.decode()
    answer = client.get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="microsoft-bpos-2011-assessment.xlsx"'
    assert answer.content == assessment_workbook(row.parsed(), row.parsed_facts())
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    refused = client.get(address)
    assert refused.status_code == 400
    assert "narrow the list" in refused.content.decode()


def test_what_is_not_there_is_a_404_that_says_where_to_go(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "list of vendors" in answer.content.decode()
    assert client.get("/assessments/00000000-0000-0000-0000-000000000000/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/method/", "/style/", "/nowhere/", "/healthz"])
def test_every_answer_carries_a_strict_policy(client, path):
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert " style=" not in answer.content.decode()


def test_forms_without_a_token_are_refused():
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/assess/", {"target": "github", "rto": "4h"}).status_code == 403


def test_the_method_page_lists_every_check_with_its_source(client):
    from assessments.scoring.checks.registry import CHECKS

    page = client.get("/method/").content.decode()
    for check in CHECKS:
        assert f'id="{check.meta.id}"' in page


def test_the_home_page_asks_as_many_questions_for_ten_rows_as_for_one(client, row, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as before:
        client.get("/")
    for hours in range(5, 14):
        assess_vendor(row.vendor, needs=Needs(rto_hours=hours), as_of=row.as_of)
    with CaptureQueriesContext(connection) as after:
        client.get("/")
    assert len(after) == len(before)


def test_addresses_are_named(row):
    assert reverse("assessment", args=[row.uid]) == f"/assessments/{row.uid}/"


@pytest.mark.parametrize("other", [("1", "8h"), ("2", "4h")])
def test_long_addresses_that_differ_only_at_their_end_are_different_jobs(client, no_wake, other):
    address = "https://status.vendor.example/" + "a" * 200
    first = client.post("/assess/", {"target": address + "1", "rto": "4h"}).url
    assert client.post("/assess/", {"target": address + "1", "rto": "4h"}).url == first
    assert client.post("/assess/", {"target": address + other[0], "rto": other[1]}).url != first


def test_a_finished_job_without_an_assessment_is_not_called_a_failure(client):
    job = Job.objects.create(kind="report", queue="report", due_at=timezone.now(), state=State.DONE, result={})
    page = client.get(f"/jobs/{job.uid}/").content.decode()
    assert "Done." in page
    assert 'class="fault"' not in page


def test_the_list_gives_no_chance_where_the_record_is_too_thin(client):
    facts = index.load("microsoft-bpos-2011")
    window = structs.replace(facts.window, start=None, end=None, complete=False)
    thin = structs.replace(facts, incidents=(), window=window)
    made = assess_vendor(ingest_facts(thin), needs=Needs(), as_of=facts.as_of)
    assert made.parsed().forecast.confidence == "insufficient"
    cells = re.findall(r'<td class="num">(.*?)</td>', client.get("/add/").content.decode())
    assert cells[4] == "not known"
    assert made.chance is None


def test_names_titles_and_addresses_from_outside_stay_text(client):
    facts = index.load("microsoft-bpos-2011")
    vendor = structs.replace(facts.vendor, name="<script>alert(1)</script>\"'><img src=x>", category="<i>c</i>")
    incidents = [
        structs.replace(i, title="<script>alert(2)</script>", url="javascript:alert(3)") for i in facts.incidents
    ]
    hostile = structs.replace(facts, vendor=vendor, incidents=tuple(incidents))
    row = assess_vendor(ingest_facts(hostile), needs=Needs(), as_of=facts.as_of)
    for path in ("/", f"/assessments/{row.uid}/"):
        page = client.get(path).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert not any(tag in page for tag in ("<script>", "<img", "<i>"))
        assert re.findall(r'href="(?!https?://|/|#|\?|data:,)[^"]*', page) == []


def test_the_report_is_sent_once_to_a_reader_who_has_it(client, row):
    make_report([row])
    address = f"/assessments/{row.uid}/report/"
    first = client.get(address)
    assert b"".join(first.streaming_content).startswith((b"%PDF", b"<!DOCTYPE"))
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("hours", "text"), [(4, "4h"), (4 / 3, "1h20m"), (0.5, "30m"), (1 / 120, "0.5m"), (87600, "87600h")]
)
def test_the_form_offers_an_rto_that_it_reads_back(hours, text):
    assert rto_input(hours) == text
    assert parse_duration(text) == pytest.approx(hours)


def test_an_assessment_can_be_asked_again_for_the_parts_one_relies_on(client):
    row = assess_vendor(ingest_facts(index.load("trello")), needs=Needs(), as_of=index.load("trello").as_of)
    page = client.get(reverse("assessment", args=[row.uid])).content.decode()
    assert '<option value="API">API</option>' in page
    made = client.post(reverse("start"), {"target": "trello", "rto": "4h", "parts": ["API"]})
    assert made.status_code == 302
    job = Job.objects.latest("pk")
    assert job.args["components"] == ["API"]
    plain = client.post(reverse("start"), {"target": "trello", "rto": "4h"})
    assert plain.url != made.url
    named = assess_vendor(row.vendor, needs=Needs(components=("API",)), as_of=row.as_of)
    assert "a part you rely on" in client.get(reverse("assessment", args=[named.uid])).content.decode()


def test_a_part_that_does_not_exist_is_refused_with_near_names():
    vendor = ingest_facts(index.load("trello"))
    with pytest.raises(Refused, match="no component 'Apy'; near it: API"):
        assess_vendor(vendor, needs=Needs(components=("Apy",)), as_of=index.load("trello").as_of)


def test_the_page_says_why_the_total_moved_since_the_last_time(client):
    facts = index.load("github")
    early = facts.as_of - timedelta(days=200)
    first = assess_vendor(ingest_facts(as_known(facts, early)), needs=Needs(), as_of=early)
    vendor = ingest_facts(facts)
    second = assess_vendor(vendor, needs=Needs(), as_of=facts.as_of)
    assert first.moved is None
    assert "the total" not in client.get(reverse("assessment", args=[first.uid])).content.decode().split("<h2")[0]
    assert (
        f"Since {first.as_of:%Y-%m-%d} the total"
        in client.get(reverse("assessment", args=[second.uid])).content.decode()
    )
    assert assess_vendor(vendor, needs=Needs(), as_of=facts.as_of) == second


def test_a_dispute_stands_beside_the_number_on_the_first_page_and_its_own(client):
    facts = index.load("trello")
    reply = Reply(kind="not-ours", statement="That was our landlord.", filed_at=facts.as_of)
    made = assess(structs.replace(facts, replies=(reply,)), Needs(), as_of=facts.as_of)
    row = assess_vendor(ingest_facts(facts), needs=Needs(), as_of=facts.as_of)
    assert "disputed" not in client.get("/").content.decode()
    fields = {f.name: getattr(row, f.name) for f in row._meta.fields if f.name not in ("id", "uid", "created_at")}
    row = AssessmentRow.objects.create(
        **fields | {"document": encode(made), "input_sha256": "0" * 64, "disputed": True}
    )
    follow(row)
    assert "disputed" in client.get("/").content.decode()
    page = client.get(reverse("assessment", args=[row.uid])).content.decode()
    assert "Disputed by the vendor in 1 point." in page
    assert "That was our landlord." in page
