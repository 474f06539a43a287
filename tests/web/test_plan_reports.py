"""The report centre: what can be made, what waits, what was made, and whether it holds."""

from __future__ import annotations

import hashlib
import re
import uuid

import pikepdf
import pytest

from assessments import report_jobs
from assessments.models import Report
from assessments.report.engine.libraries import missing_library
from riskboard import jobs
from riskboard.jobs.models import Job
from tests.web.test_pages import row  # noqa: F401 - fixture
from tests.web.test_plan_pages import body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake")]


def test_without_an_assessment_the_centre_says_what_to_do_first(client):
    page = body(client.get("/reports/"))
    assert "Assess a vendor first" in page
    assert "None yet" in page


def test_a_report_is_made_listed_downloaded_and_verified(client, row, run_jobs):  # noqa: F811
    asked = client.post("/reports/make/", {"kind": "vendor", "assessments": [str(row.uid)]})
    assert asked.url == f"/jobs/{Job.objects.get().uid}/"
    assert "Being made" in body(client.get("/reports/"))
    assert "Making the report" in body(client.get(asked.url))
    run_jobs()
    made = Report.objects.get()
    assert client.get(asked.url).url == f"/reports/#r-{made.uid}"
    page = body(client.get("/reports/"))
    assert made.sha256 in page
    assert (
        f'/reports/{made.uid}/">Microsoft BPOS (May 2011)</a><br><span class="muted small">microsoft-bpos-2011.' in page
    )
    file = b"".join(client.get(f"/reports/{made.uid}/").streaming_content)
    assert hashlib.sha256(file).hexdigest() == made.sha256
    if made.format == "pdf":
        checking = client.post(f"/reports/{made.uid}/check/")
        run_jobs()
        told = body(client.get(client.get(checking.url).url))
        assert re.search(r"Every figure of microsoft-bpos-2011 holds:</strong> \d+ were worked out again", told)


@pytest.mark.parametrize(
    ("kind", "count", "told"),
    [
        ("vendor", 0, "choose exactly one"),
        ("vendor", 2, "choose exactly one"),
        ("portfolio", 1, "choose 2 to 40"),
        ("novel", 1, "Choose what kind"),
        ("", 1, "Choose what kind"),
    ],
)
def test_the_wrong_number_or_kind_is_told_and_what_was_chosen_stays(client, row, kind, count, told):  # noqa: F811
    chosen = [str(row.uid), "00000000-0000-0000-0000-000000000000"][:count]
    answer = client.post("/reports/make/", {"kind": kind, "assessments": chosen})
    assert answer.status_code == 400
    assert told in body(answer)
    assert (f'id="a-{row.uid}" checked' in body(answer)) == (count > 0)
    assert Job.objects.count() == 0


def test_an_unknown_assessment_fails_in_words_and_can_be_tried_again(client, row, run_jobs):  # noqa: F811
    asked = client.post("/reports/make/", {"kind": "vendor", "assessments": ["00000000-0000-0000-0000-000000000000"]})
    run_jobs()
    assert "there is no assessment" in body(client.get(asked.url)).casefold()
    failed = Job.objects.get()
    page = body(client.get("/reports/"))
    assert f"/reports/again/{failed.uid}/" in page
    again = client.post(f"/reports/again/{failed.uid}/")
    assert again.status_code == 302
    assert Job.objects.count() == 2
    assert client.post(f"/reports/again/{Job.objects.open().get().uid}/").status_code == 404


def test_no_more_than_a_few_wait_at_once_and_the_same_asked_twice_is_one(client, row):  # noqa: F811
    for n in range(report_jobs.MOST_OPEN - 1):
        jobs.enqueue("report", {"assessments": [], "n": n}, queue="report", key=f"k{n}")
    data = {"kind": "vendor", "assessments": [str(row.uid)]}
    first = client.post("/reports/make/", data)
    assert client.post("/reports/make/", data).url == first.url
    refused = client.post(
        "/reports/make/", {"kind": "portfolio", "assessments": [str(row.uid), "00000000-0000-0000-0000-000000000000"]}
    )
    assert refused.status_code == 429
    assert "Nothing was added" in body(refused)
    assert Job.objects.open().count() == report_jobs.MOST_OPEN


def test_a_file_that_is_gone_says_how_to_have_it_again(client, row):  # noqa: F811
    gone = Report.objects.create(kind="vendor", format="pdf", key="first", sha256="0" * 64, size=1, name="x")
    answer = client.get(f"/reports/{gone.uid}/")
    assert answer.status_code == 410
    assert "Make the report again" in body(answer)


@pytest.mark.parametrize("checked", ["x", "00000000-0000-0000-0000-000000000000", "<b>"])
def test_a_check_nobody_made_is_not_shown(client, checked):
    assert "holds:" not in body(client.get("/reports/", {"checked": checked}))


def test_the_number_of_queries_does_not_grow(client, row):  # noqa: F811
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    Report.objects.create(kind="vendor", format="pdf", key="first", sha256="0" * 64, size=1, name="x")
    jobs.enqueue("report", {"assessments": []}, queue="report", key="first")
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/reports/")
        counts.append(len(queries))
        for n in range(12):
            Report.objects.create(
                kind="vendor", format="pdf", key=f"k{len(counts)}-{n}", sha256="0" * 64, size=1, name="x"
            )
            jobs.enqueue("report", {"assessments": []}, queue="report", key=f"k{len(counts)}-{n}")
    assert counts[0] == counts[1]


def test_to_look_at_a_report_makes_none_and_asking_for_it_does(client, row, run_jobs):  # noqa: F811
    address = f"/assessments/{row.uid}/report/"
    page = body(client.get(address))
    assert "It was not made yet" in page
    assert "Make the report" in page
    assert client.head(address).status_code == 200
    assert Job.objects.count() == Report.objects.count() == 0
    asked = client.post("/reports/make/", {"kind": "vendor", "assessments": [str(row.uid)]})
    assert client.get(address).url == asked.url  # on to its progress, not to a second one
    run_jobs()
    assert b"".join(client.get(address).streaming_content).startswith((b"%PDF", b"<!DOCTYPE"))
    assert client.get(f"/assessments/{uuid.uuid4()}/report/").status_code == 404


def test_three_reports_in_ten_seconds_are_enough_and_the_form_is_kept(client, row):  # noqa: F811
    data = {"kind": "vendor", "assessments": [str(row.uid)], "paper": "letter", "archive": "1"}
    for _ in range(3):
        assert client.post("/reports/make/", data).status_code == 302
    refused = client.post("/reports/make/", data)
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 10
    page = body(refused)
    assert "asked for too often" in page
    assert f'id="a-{row.uid}" checked' in page
    assert 'value="letter" selected' in page
    assert re.search(r'id="archive"[^>]* checked', page)
    assert Job.objects.count() == 1


def test_so_many_reports_an_hour_are_enough(client, row, settings, monkeypatch):  # noqa: F811
    settings.REPORT_RATE = "2/hour"
    data = {"kind": "vendor", "assessments": [str(row.uid)]}
    answers = [client.post("/reports/make/", data) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert 3500 <= int(answers[2]["Retry-After"]) <= 3600


def test_a_report_for_an_archive_is_another_file_of_another_name(client, row, run_jobs):  # noqa: F811
    if missing_library():
        pytest.skip(f"the PDF engine lacks {missing_library()}")
    for archive in ({}, {"archive": "1"}):
        client.post("/reports/make/", {"kind": "vendor", "assessments": [str(row.uid)]} | archive)
    run_jobs()
    made = Report.objects.order_by("pk")
    assert [one.name for one in made] == ["microsoft-bpos-2011", "microsoft-bpos-2011-archive"]
    for one, is_archive in zip(made, (False, True), strict=True):
        with pikepdf.open(one.path) as document:
            assert ("/OutputIntents" in document.Root) == is_archive


@pytest.mark.renders
def test_progress_of_the_pages_reaches_the_job_and_cancel_ends_it(client, row, no_wake, monkeypatch):  # noqa: F811
    from assessments.report.engine import rendering
    from riskboard.jobs import queue

    if missing_library():
        pytest.skip(f"the PDF engine lacks {missing_library()}")
    asked = client.post("/reports/make/", {"kind": "vendor", "assessments": [str(row.uid)]})
    told, job = [], Job.objects.get()
    real = queue._reporter

    def seen(job):
        report = real(job)

        def cancel_at_the_third_page(percent, message):
            told.append(Job.objects.get().message)
            if message == "laying out the pages: page 3":
                client.post(f"/jobs/{job.uid}/cancel/")
            report(100 if percent > 70 and len(told) % 2 else percent, message)

        return cancel_at_the_third_page

    monkeypatch.setattr(queue, "_reporter", seen)
    queue.run(job.pk)
    assert any(message.startswith("laying out the pages: page") for message in told)
    assert Job.objects.get().state == "cancelled"
    assert Report.objects.count() == 0
    assert rendering._zygote().process is None
    assert "Cancelled" in body(client.get(asked.url))
