"""Sign-in by SAML: who its provider vouches for comes in; an answer that is not its own, or not for us, opens nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured

from riskboard.env import single_sign_on
from tests.accounts.saml_installation import ENTITY

ROOT = Path(__file__).resolve().parents[2]


def _pair(folder: Path, name: str) -> str:
    """A key and its self-signed certificate, written there; the certificate."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        who, who, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    )
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / f"{name}.key").write_bytes(key.private_bytes(*plain))
    (folder / f"{name}.pem").write_text(certificate)
    return certificate


def test_only_a_signed_fresh_answer_for_us_that_we_asked_for_lets_a_person_in(tmp_path):
    pytest.importorskip("onelogin", reason="the extra saml is not installed")
    (tmp_path / "var").mkdir()
    given = {
        "RISKBOARD_VAR": str(tmp_path / "var"), "RISKBOARD_ENV": "embedded", "RISKBOARD_SAML_ENTITY_ID": ENTITY,
        "RISKBOARD_SAML_SSO_URL": "https://idp.works.example/sso", "RISKBOARD_SAML_CERTIFICATE": _pair(tmp_path, "idp"),
        "RISKBOARD_SSO_DOMAINS": "works.example", "ALLOWED_HOSTS": "riskboard.example",
    }  # fmt: skip
    _pair(tmp_path, "other")
    done = subprocess.run(
        [sys.executable, "-m", "tests.accounts.saml_installation", str(tmp_path)],
        env=os.environ | given, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told.pop("form-action")[1:] == ["https://idp.works.example"]
    assert told.pop("metadata") == 200
    assert told.pop("good") == ["viewer", True]
    assert told == {
        name: [None, False] for name in ("unsigned", "another key", "another audience", "expired", "never asked")
    }


@pytest.mark.parametrize("only", ["RISKBOARD_SAML_ENTITY_ID", "RISKBOARD_SAML_SSO_URL", "RISKBOARD_SAML_CERTIFICATE"])
def test_half_a_configuration_is_refused_at_start(monkeypatch, only):
    monkeypatch.setenv(only, "https://idp.works.example")
    with pytest.raises(ImproperlyConfigured, match="RISKBOARD_SAML_ENTITY_ID, _SSO_URL and _CERTIFICATE together"):
        single_sign_on()
