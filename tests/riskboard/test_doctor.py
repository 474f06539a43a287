"""doctor: each fault is named with its fix, and only real faults fail."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from riskboard import cli, embedded
from riskboard.commands import doctor
from riskboard.jobs.models import Job, State

ROOT = Path(__file__).resolve().parents[2]
Usage = namedtuple("Usage", "total used free")


@pytest.mark.django_db
def test_a_sound_installation_exits_0_and_every_line_says_what_was_found(capsys):
    assert cli.main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {"python", "settings", "broker", "database", "disk"} <= {line.split()[1] for line in lines}
    assert "0 failed" in lines[-1]


@pytest.mark.django_db
def test_the_checks_can_be_read_by_a_machine(capsys):
    assert cli.main(["doctor", "--json"]) == 0
    checks = json.loads(capsys.readouterr().out)
    assert all(check["outcome"] in ("ok", "warn", "fail") and check["found"] for check in checks)


@pytest.mark.django_db
def test_a_missing_pdf_library_is_a_warning_with_the_line_to_run(monkeypatch, capsys):
    from assessments.report import pdf

    monkeypatch.setattr(pdf, "missing_library", lambda: "libpango-1.0.so.0")
    assert cli.main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "libpango-1.0.so.0 does not load" in out
    assert f"-> {pdf.INSTALL}" in out


def test_no_server_for_the_broker_fails_and_says_how_to_name_one(monkeypatch):
    monkeypatch.setattr(embedded, "server_binary", lambda: None)
    monkeypatch.setattr(embedded, "broker_answers", lambda var: False)
    check = doctor.broker()
    assert check.outcome == "fail"
    assert "RISKBOARD_BROKER_URL" in check.fix


@pytest.mark.runtime
def test_an_embedded_broker_that_runs_is_seen(valkey):
    assert doctor.broker() == doctor.Check("broker", "ok", "the embedded broker answers")


def test_a_named_broker_that_does_not_answer_fails_without_showing_its_password(monkeypatch, settings):
    monkeypatch.setenv("RISKBOARD_BROKER_URL", "set")
    settings.CELERY_BROKER_URL = "redis://:secret-word@127.0.0.1:1/0"
    check = doctor.broker()
    assert check.outcome == "fail"
    assert "secret-word" not in check.found + check.fix


@pytest.mark.parametrize(("free", "outcome"), [(doctor.LEAST_DISK, "ok"), (doctor.LEAST_DISK - 1, "fail")])
def test_too_little_room_on_the_disk_fails(monkeypatch, free, outcome):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10 * free, 9 * free, free))
    assert doctor.disk().outcome == outcome


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"state": State.QUEUED, "due_at": timedelta(minutes=6)}, "warn"),
        ({"state": State.QUEUED, "due_at": timedelta(minutes=4)}, "ok"),
        ({"state": State.DEAD, "due_at": timedelta(0)}, "warn"),
        ({"state": State.DONE, "due_at": timedelta(days=1)}, "ok"),
    ],
    ids=["nobody works", "just asked for", "given up", "done long ago"],
)
def test_jobs_that_wait_or_were_given_up_are_told(fields, outcome):
    Job.objects.create(kind="work", queue="score", state=fields["state"], due_at=timezone.now() - fields["due_at"])
    assert doctor.background_jobs().outcome == outcome


def test_settings_that_refuse_to_load_are_explained_not_raised(tmp_path):
    environ = {"PATH": os.environ["PATH"], "RISKBOARD_VAR": str(tmp_path), "RISKBOARD_ENV": "production"}
    command = [sys.executable, "-m", "riskboard.cli", "doctor"]
    finished = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert "SECRET_KEY" in finished.stdout
    assert "Traceback" not in finished.stderr
