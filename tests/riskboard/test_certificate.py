"""doctor looks at the certificate people will see: who vouches for it, for which name, and until when."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from cryptography import x509

from riskboard.checkup import protection
from tests.tls import certificate, secured

HOST = "riskboard.example.org"


@pytest.fixture
def public(monkeypatch, settings):
    """An installation in production, whose name leads to a port of this machine."""
    monkeypatch.setattr("riskboard.env.is_production", lambda: True)
    really = socket.create_connection

    def at(port: int, name: str = HOST) -> None:
        settings.SITE_URL = f"https://{name}"
        monkeypatch.setattr(
            protection.socket, "create_connection", lambda place, **how: really(("127.0.0.1", port), **how)
        )

    return at


def pem(folder: Path, days: float) -> Path:
    return certificate(folder, [x509.DNSName(HOST)], days=days)


@pytest.mark.parametrize(("days", "outcome"), [(14.1, "ok"), (60.1, "ok"), (13.9, "warn"), (0.1, "warn")])
def test_a_trusted_certificate_is_well_until_two_weeks_before_its_end(public, monkeypatch, tmp_path, days, outcome):
    own = pem(tmp_path, days)
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with secured(own, b"") as port:
        public(port)
        told = protection.certificate()
    assert (told.outcome, told.found) == (outcome, f"that of {HOST} is trusted and ends in {int(days)} days")
    assert bool(told.fix) is (outcome == "warn")


@pytest.mark.parametrize("fault", ["nobody vouches", "another name"])
def test_one_that_browsers_refuse_is_named_with_the_reason(public, monkeypatch, tmp_path, fault):
    own = pem(tmp_path, 60)
    name = HOST
    if fault == "another name":
        monkeypatch.setenv("SSL_CERT_FILE", str(own))
        name = "other.example.org"
    with secured(own, b"") as port:
        public(port, name)
        told = protection.certificate()
    assert told.outcome == "warn"
    assert told.found.startswith(f"that of {name} is not trusted here (")
    assert ("mismatch" in told.found) is (fault == "another name")
    assert "docs/deploy.md" in told.fix


def test_an_address_that_does_not_answer_is_a_warning_and_no_fault(public):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    public(port)
    told = protection.certificate()
    assert (told.outcome, told.found) == ("warn", f"{HOST} does not show one to this machine (Connection refused)")


def test_an_address_without_tls_is_a_warning_in_production_alone(public, settings, monkeypatch):
    settings.SITE_URL = "http://riskboard.example.org"
    told = protection.certificate()
    assert (told.outcome, told.found) == ("warn", "http://riskboard.example.org is open to all on the way")
    monkeypatch.setattr("riskboard.env.is_production", lambda: False)
    assert protection.certificate().outcome == "ok"
