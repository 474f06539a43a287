"""The report centre: what can be made, what waits, what was made, and whether it holds."""

from __future__ import annotations

import hashlib
import re

import pytest

from assessments import report_jobs
from assessments.models import Report
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
    assert f"/reports/{made.uid}/" in page
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
