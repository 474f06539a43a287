"""What leaves this machine is encrypted to a server whose certificate is looked at, or doctor says what is not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from riskboard import ways
from riskboard.commands import doctor


def installation(**given: object) -> SimpleNamespace:
    """An installation on one machine, but for what is given."""
    plain = {"CELERY_BROKER_URL": "redis+socket:///run/broker.sock", "CAN_MAIL": False, "EMAIL_HOST": "localhost"}
    plain |= {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False, "DATABASES": {"default": {"HOST": ""}}}
    return SimpleNamespace(**plain | given)


def database(host: str, **options: object) -> dict[str, object]:
    return {"DATABASES": {"default": {"HOST": host, "OPTIONS": options}}}


def mail(host: str, **given: object) -> dict[str, object]:
    return {"CAN_MAIL": True, "EMAIL_HOST": host} | given


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, []),
        (database("127.0.0.1"), []),
        (database("/var/run/postgresql"), []),
        (database("db"), []),  # a container of this host
        (database("db.example.org"), ["DATABASE_URL"]),
        (database("10.0.0.7"), ["DATABASE_URL"]),
        (database("db.example.org", sslmode="require"), ["DATABASE_URL"]),
        (database("db.example.org", sslmode="verify-full"), []),
        ({"CELERY_BROKER_URL": "redis://[::1]:6379/0"}, []),
        ({"CELERY_BROKER_URL": "redis://broker.example.org:6379/0"}, ["RISKBOARD_BROKER_URL"]),
        ({"CELERY_BROKER_URL": "rediss://broker.example.org/0?ssl_cert_reqs=none"}, ["RISKBOARD_BROKER_URL"]),
        ({"CELERY_BROKER_URL": "rediss://broker.example.org/0?ssl_cert_reqs=required"}, []),
        ({"CELERY_BROKER_URL": "rediss://broker.example.org/0?ssl_cert_reqs=CERT_REQUIRED"}, []),
        (mail("smtp.example.org"), ["EMAIL_URL"]),
        (mail("smtp.example.org", EMAIL_USE_TLS=True), []),
        (mail("localhost"), []),
        ({"EMAIL_HOST": "smtp.example.org"}, []),
    ],
)
def test_each_way_in_the_clear_is_named(given, names):
    assert [name for name, _ in ways.in_the_clear(installation(**given))] == names


def test_doctor_names_them_with_what_to_set(settings):
    settings.CELERY_BROKER_URL = "redis://user:secret@broker.example.org:6379/0"
    told = doctor.connections()
    assert (told.outcome, "RISKBOARD_BROKER_URL" in told.found, "rediss://" in told.fix) == ("warn", True, True)
    assert "secret" not in told.found + told.fix
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:6379/0"
    assert doctor.connections().outcome == "ok"


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (b"A" * 40 + b":3\r\n" + b"B" * 40 + b":1\r\n", "ok"),
        (b"B" * 40 + b"\n" + b"A" * 40, "fail"),
        (b"hunter2\n", "fail"),
        (b"", "fail"),
        (None, "fail"),
    ],
    ids=["a list", "out of order", "words", "empty", "not there"],
)
def test_doctor_looks_at_the_list_of_breached_passwords(settings, tmp_path, content, outcome):
    settings.BREACHED_PASSWORDS = tmp_path / "list"
    if content is not None:
        settings.BREACHED_PASSWORDS.write_bytes(content)
    told = doctor.passwords()
    assert told.outcome == outcome
    assert bool(told.fix) is (outcome == "fail")
