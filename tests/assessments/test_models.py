"""Stored judgements: made once, never changed, reports whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from assessments.models import AssessmentRow, Report
from assessments.models.assessment import Immutable
from assessments.report import pdf
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from assessments.verbs import assess_vendor, make_report
from riskboard.errors import Refused
from riskboard.jobs import queue
from riskboard.jobs.models import Job, State
from vendors.catalogue import index
from vendors.ingest import ingest_facts

pytestmark = pytest.mark.django_db
needs_pdf = pytest.mark.skipif(
    pdf.missing_library() is not None, reason=f"PDF engine: {pdf.missing_library()} is missing"
)


@pytest.fixture
def facts():
    return index.load("microsoft-bpos-2011")


@pytest.fixture
def row(facts) -> AssessmentRow:
    return assess_vendor(ingest_facts(facts), needs=Needs(), as_of=facts.as_of)


def test_a_stored_judgement_is_the_one_a_facts_file_gives(row, facts):
    assert row.parsed() == assess(facts, Needs(), as_of=facts.as_of)
    assert row.parsed_facts() == facts


def test_the_same_input_is_judged_once(row, facts):
    again = assess_vendor(row.vendor, needs=Needs(), as_of=facts.as_of)
    other = assess_vendor(row.vendor, needs=Needs(rto_hours=8), as_of=facts.as_of)
    later = assess_vendor(row.vendor, needs=Needs(), as_of=facts.as_of + timedelta(days=1))
    assert again.pk == row.pk
    assert len({row.pk, other.pk, later.pk}) == 3


def test_a_judgement_cannot_be_changed_or_deleted(row):
    row.value = 99.0
    for change in (
        row.save,
        row.delete,
        lambda: AssessmentRow.objects.update(value=99.0),
        AssessmentRow.objects.all().delete,
    ):
        with pytest.raises(Immutable):
            change()
    assert AssessmentRow.objects.get(pk=row.pk).value != 99.0


@needs_pdf
def test_a_report_is_made_once_and_named_by_its_content(row):
    made = make_report([row])
    assert hashlib.sha256(made.path.read_bytes()).hexdigest() == made.sha256
    assert made.pages > 5
    assert make_report([row]).pk == made.pk
    made.path.unlink()
    assert make_report([row]).path.is_file()
    assert Report.objects.count() == 1


@needs_pdf
def test_a_full_disk_leaves_no_file_and_no_row(row, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    for path in (settings.MEDIA_ROOT / "reports").glob("*"):
        path.unlink()
    with pytest.raises(Refused, match="nothing was changed"):
        make_report([row])
    assert list((settings.MEDIA_ROOT / "reports").glob("*")) == []
    assert Report.objects.count() == 0


def test_without_the_pdf_engine_the_report_is_html_that_says_why(row, monkeypatch):
    monkeypatch.setattr(pdf, "missing_library", lambda: "libpango-1.0.so.0")
    made = make_report([row])
    text = made.path.read_text()
    assert made.format == "html"
    assert "libpango-1.0.so.0" in text
    assert "apt-get install" in text
    assert row.vendor.name in text


def start(kind: str, **args) -> Job:
    job = Job.objects.create(kind=kind, queue="score", args=args, due_at=timezone.now())
    queue.run(job.pk)
    job.refresh_from_db()
    return job


@needs_pdf
def test_the_main_job_ends_with_an_assessment_and_its_report():
    job = start("assess", target="microsoft-bpos-2011", rto_hours=4.0)
    assert job.state == State.DONE, job.error
    assert AssessmentRow.objects.get(uid=job.result["assessment"]).rto_hours == 4.0
    assert Report.objects.get(uid=job.result["report"]).path.is_file()


@needs_pdf
def test_a_portfolio_is_made_from_several_assessments(row):
    other = assess_vendor(ingest_facts(index.load("trello")), needs=Needs(), as_of=index.load("trello").as_of)
    job = start("report", assessments=[str(row.uid), str(other.uid)])
    assert job.state == State.DONE, job.error
    assert Report.objects.get(uid=job.result["report"]).kind == "portfolio"


@pytest.mark.parametrize(
    ("kind", "args", "words"),
    [
        ("assess", {"target": "nobody-knows-it", "rto_hours": 4.0}, "nobody-knows-it"),
        ("assess", {"target": "http://localhost/", "rto_hours": 4.0}, "localhost"),
        ("report", {"assessments": []}, "none was named"),
        ("report", {"assessments": ["00000000-0000-0000-0000-000000000000"]}, "no assessment"),
    ],
)
def test_a_job_that_cannot_be_done_fails_with_a_sentence(kind, args, words):
    job = start(kind, **args)
    assert job.state == State.FAILED
    assert words in job.error
