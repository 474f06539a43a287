"""demo: what it prints and leaves, and that it gives up instead of waiting for ever. (`make demo` runs the whole.)"""

from __future__ import annotations

import pytest
from django.utils import timezone

from riskboard import cli
from riskboard.commands import demo
from riskboard.errors import Refused
from riskboard.jobs import queue
from riskboard.jobs.models import Job, State

VENDORS = ("microsoft-bpos-2011", "modal", "together-ai")


@pytest.fixture
def few_vendors(monkeypatch):
    """The catalogue cut down to two vendors with a score and one without."""
    from vendors.catalogue import index

    rows = tuple(row for row in index.bundled() if row.slug in VENDORS)
    monkeypatch.setattr(index, "bundled", lambda: rows)


@pytest.fixture
def worker_at_hand(monkeypatch, run_jobs):
    """In place of broker and workers: every look at the jobs runs those that are due. Reports are HTML: that is quick."""
    import contextlib

    from assessments.report import pdf
    from riskboard import embedded

    monkeypatch.setattr(pdf, "missing_library", lambda: "libpango-1.0.so.0")

    class AtHand:
        tend = staticmethod(run_jobs)

    monkeypatch.setattr(embedded, "ensure_database", lambda: None)
    monkeypatch.setattr(embedded, "runtime", lambda var: contextlib.nullcontext(AtHand))


@pytest.mark.django_db
def test_every_vendor_gets_a_file_and_a_line_and_the_portfolio_one_more(few_vendors, worker_at_hand, tmp_path, capsys):
    assert cli.main(["demo", "--out", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.html" for name in (*VENDORS, "portfolio")}
    out = capsys.readouterr().out
    assert "not known" in next(line for line in out.splitlines() if line.startswith("Together AI"))
    assert "higher = better prepared" in out


@pytest.mark.django_db
def test_done_again_it_changes_nothing(few_vendors, worker_at_hand, tmp_path):
    from assessments.models import AssessmentRow, Report

    def left():
        files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        return files, AssessmentRow.objects.count(), Report.objects.count()

    cli.main(["demo", "--out", str(tmp_path)])
    first = left()
    assert cli.main(["demo", "--out", str(tmp_path)]) == 0
    assert left() == first


@pytest.mark.django_db
def test_without_pdf_libraries_it_warns_and_leaves_html(few_vendors, worker_at_hand, tmp_path, capsys):
    from assessments.report import pdf

    (tmp_path / "portfolio.pdf").write_bytes(b"an older one")
    assert cli.main(["demo", "--out", str(tmp_path)]) == 0
    assert {path.suffix for path in tmp_path.iterdir()} == {".html"}
    assert pdf.INSTALL in capsys.readouterr().err


@pytest.mark.django_db
def test_a_vendor_that_fails_is_named_and_the_others_are_still_done(
    few_vendors, worker_at_hand, tmp_path, monkeypatch, capsys
):
    from vendors.catalogue import index

    load = index.load

    def broken(name):
        if name == "together-ai":
            raise Refused("its history is damaged; restore it")
        return load(name)

    monkeypatch.setattr(index, "load", broken)
    assert cli.main(["demo", "--out", str(tmp_path)]) == 1
    assert "together-ai: its history is damaged; restore it" in capsys.readouterr().err
    assert {path.stem for path in tmp_path.iterdir()} == {"microsoft-bpos-2011", "modal", "portfolio"}


@pytest.mark.django_db
def test_jobs_that_stand_still_are_not_waited_for_for_ever(monkeypatch, no_wake):
    monkeypatch.setattr(demo, "STANDSTILL", 0.1)
    job = Job.objects.create(kind="work", queue="score", due_at=timezone.now())
    with pytest.raises(Refused, match="stood still"):
        demo._wait([job], lambda: None)


@pytest.mark.django_db
def test_a_cancelled_job_ends_the_wait(no_wake):
    job = Job.objects.create(kind="work", queue="score", due_at=timezone.now())
    queue.cancel(job)
    assert [ended.state for ended in demo._wait([job], lambda: None)] == [State.CANCELLED]
