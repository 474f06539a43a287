"""Log lines carry the request or job they belong to, and no secret."""

from __future__ import annotations

import io
import json
import logging
import logging.config

import pytest
from django.test import Client

from riskboard import logs


@pytest.fixture
def lines(monkeypatch):
    """A function that gives the lines logged so far, read as JSON."""
    out = io.StringIO()
    made = logs.configuration(as_json=True, level="INFO")
    handler = logging.StreamHandler(out)
    formatter = made["formatters"]["line"]
    handler.setFormatter(
        logs.structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"]
        )
    )
    loggers = [logging.getLogger(name) for name in ("riskboard", logs.REQUESTS, "django.request")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel("INFO")
    for logger in (loggers[0], loggers[2]):
        logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


@pytest.mark.parametrize(
    ("said", "kept", "gone"),
    [
        ("no answer from postgresql://app:hunter2@db/riskboard", "postgresql://[cut]@db/riskboard", "hunter2"),
        ("redis://:s3cret@host:6379/0 is down", "redis://[cut]@host:6379/0 is down", "s3cret"),
        ("token rb_abcDEF123456 refused", "rb_[cut]", "abcDEF"),
        ("Authorization: Bearer abc.def.ghi", "Bearer [cut]", "abc.def"),
        ("GET /setup/?token=verysecret&x=1", "token=[cut]&x=1", "verysecret"),
        ("plain https://status.example.com/a@b words", "https://status.example.com/a@b", "[cut]"),
    ],
)
def test_no_secret_is_written(lines, said, kept, gone):
    logging.getLogger("riskboard.test").warning(said)
    (line,) = lines()
    assert kept in line["event"]
    assert gone not in line["event"]


def test_a_secret_in_a_traceback_is_cut_as_well(lines):
    try:
        raise OSError("cannot reach redis://:s3cret@host:6379/0")
    except OSError:
        logging.getLogger("riskboard.test").exception("job failed")
    (line,) = lines()
    assert "OSError" in line["exception"]
    assert "s3cret" not in json.dumps(line)


def test_what_a_line_is_about_ends_with_its_block(lines):
    log = logging.getLogger("riskboard.test")
    with logs.about(job="j-1", kind="assess"):
        log.warning("within")
    log.warning("after")
    within, after = lines()
    assert (within["job"], within["kind"], within["level"], within["logger"]) == (
        "j-1",
        "assess",
        "warning",
        "riskboard.test",
    )
    assert within["timestamp"].endswith("Z")
    assert "job" not in after


@pytest.mark.django_db
def test_each_request_is_told_by_its_route_with_the_id_the_answer_bears(lines):
    answer = Client().get("/vendors/who-knows-what/?token=abc", headers={"X-Request-ID": "abcdef-123456"})
    told = [line for line in lines() if line["event"] == "request"]
    assert [(line["status"], line["request_id"], line["method"]) for line in told] == [
        (answer.status_code, "abcdef-123456", "GET")
    ]
    assert told[0]["route"].startswith("vendors/<")
    assert "who-knows-what" not in told[0]["route"]
    assert told[0]["ms"] >= 0
    assert "who-knows-what" not in json.dumps(lines()), "nor does Django's own line name the path"


@pytest.mark.django_db
def test_probes_are_not_told_of_and_no_route_is_said_to_be_none(lines):
    client = Client()
    client.get("/healthz")
    client.get("/nothing-here-at-all/")
    assert [line["route"] for line in lines() if line["event"] == "request"] == ["no such route"]


def test_a_plain_line_holds_the_same():
    event = {
        "timestamp": "2026-01-02T03:04:05Z",
        "level": "warning",
        "logger": "a.b",
        "event": "it broke",
        "job": "j-1",
    }
    assert logs._plain(None, "", event | {"exception": "Traceback"}) == (
        "2026-01-02T03:04:05Z WARNING a.b it broke job=j-1\nTraceback"
    )


def test_the_configuration_loads():
    logging.config.dictConfig(logs.configuration(as_json=True, level="WARNING"))
    assert logging.getLogger(logs.REQUESTS).isEnabledFor(logging.INFO)
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
