"""A signature on a report: appended, told by `verify` with who gave it, and broken by any change."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from assessments.report import signing
from assessments.report.attachments import attachments
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from riskboard import cli
from riskboard.errors import Refused
from tests.assessments.report_samples import NOW, make_facts

pytestmark = pytest.mark.skipif(not signing.is_available(), reason=signing.LACKING)
PASSPHRASE = b"correct horse"


def key_of(name: str, *, days: int = 30, passphrase: bytes | None = PASSPHRASE) -> tuple[bytes, bytes]:
    """(PKCS#12 file, certificate as PEM) made for the test, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    packed = pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, encryption)
    return packed, certificate.public_bytes(Encoding.PEM)


def signed_now(report: bytes, key: bytes, passphrase: bytes | None) -> bytes:
    return signing.sign(report, key, passphrase, now=datetime.now(UTC))


@pytest.fixture(scope="module")
def approver():
    return key_of("A. Approver (test)")


@pytest.fixture(scope="module")
def report() -> bytes:
    """A PDF that carries the data of a report, without its pages: what a signature is put on matters here, not what it looks like."""
    facts = make_facts()
    files = attachments([(assess(facts, Needs(), as_of=NOW), facts)], kind="continuity")
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, data in files.items():
            document.attachments[name] = pikepdf.AttachedFileSpec(document, data, filename=name)
        document.save(out)
    return out.getvalue()


def test_the_signature_is_appended_and_tells_who_gave_it(report, approver):
    signed = signed_now(report, approver[0], PASSPHRASE)
    assert signed.startswith(report)
    (one,) = signing.signatures(signed)
    assert one.holds
    assert one.trusted is None
    assert "A. Approver (test)" in one.by
    assert one.issuer == "itself"
    assert one.at is not None
    assert abs(one.at - datetime.now(UTC)) < timedelta(minutes=5)
    assert signing.signatures(report) == ()


def test_a_second_person_signs_what_the_first_did(report, approver):
    second = key_of("B. Second (test)", passphrase=None)
    signed = signed_now(signed_now(report, approver[0], PASSPHRASE), second[0], None)
    first, other = signing.signatures(signed, trusted=second[1])
    assert (first.holds, other.holds) == (True, True)
    assert (first.trusted, other.trusted) == (False, True)


def test_a_changed_byte_and_an_added_page_break_it(report, approver):
    signed = signed_now(report, approver[0], PASSPHRASE)
    place = signed.index(b"incidents") if b"incidents" in signed[: len(report)] else len(report) // 2
    changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    (one,) = signing.signatures(changed)
    assert (one.holds, one.why) == (False, "the signed bytes were changed")
    (added,) = signing.signatures(with_another_page(signed))
    assert (added.holds, added.why) == (False, "something was added after it was signed")


def with_another_page(signed: bytes) -> bytes:
    """The file with a page appended the way a signature is: nothing before it changes."""
    from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, pdf_name
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = DictionaryObject(
        {pdf_name("/Type"): pdf_name("/Page"), pdf_name("/MediaBox"): ArrayObject(map(NumberObject, (0, 0, 99, 99)))}
    )
    writer.insert_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("key", "passphrase", "told"),
    [
        (lambda packed: packed, b"wrong", "wrong passphrase"),
        (lambda packed: b"no key", PASSPHRASE, "no PKCS#12 file"),
        (lambda packed: key_of("Over (test)", days=-1)[0], PASSPHRASE, "and not now"),
    ],
    ids=["wrong passphrase", "no key", "certificate over"],
)
def test_a_key_that_cannot_sign_is_refused_in_words(report, approver, key, passphrase, told):
    with pytest.raises(Refused, match=told):
        signed_now(report, key(approver[0]), passphrase)


def test_what_is_no_pdf_is_refused(approver):
    with pytest.raises(Refused, match="no PDF that can be signed"):
        signed_now(b"no pdf", approver[0], PASSPHRASE)


def test_without_pyhanko_it_says_what_to_install(monkeypatch, report, approver, tmp_path, capsys):
    monkeypatch.setattr(signing, "is_available", lambda: False)
    with pytest.raises(Refused, match=r"pip install 'riskboard\[sign\]'"):
        signed_now(report, approver[0], PASSPHRASE)


def test_the_command_signs_beside_the_report_and_verify_tells_of_it(report, approver, tmp_path, capsys, monkeypatch):
    path, key, secret, trust = (tmp_path / name for name in ("plan.pdf", "key.p12", "pass", "trust.pem"))
    path.write_bytes(report)
    key.write_bytes(approver[0])
    secret.write_bytes(PASSPHRASE + b"\n")
    trust.write_bytes(approver[1])
    assert cli.main(["sign", str(path), "--p12", str(key), "--passphrase-file", str(secret)]) == 0
    assert path.read_bytes() == report
    signed = tmp_path / "plan-signed.pdf"
    assert "A. Approver (test)" in capsys.readouterr().out
    assert cli.main(["verify", str(signed)]) == 0
    told = capsys.readouterr().out
    assert "signed by Common Name: A. Approver (test)" in told
    assert "the signature holds" in told
    assert "figures agree" in told
    assert cli.main(["verify", str(signed), "--trust", str(trust)]) == 0
    assert "leads to a certificate you trust" in capsys.readouterr().out
    trust.write_bytes(key_of("Another (test)")[1])
    assert cli.main(["verify", str(signed), "--trust", str(trust)]) == 1
    signed.write_bytes(with_another_page(signed.read_bytes()))
    assert cli.main(["verify", str(signed)]) == 1
    assert "does NOT hold" in capsys.readouterr().out
    assert cli.main(["verify", str(path), "--trust", str(trust)]) == 1
    assert "is not signed" in capsys.readouterr().err
    monkeypatch.setattr(signing, "is_available", lambda: False)
    assert cli.main(["verify", str(signed)]) == 0
    assert "was not checked" in capsys.readouterr().out


def test_the_command_refuses_what_is_no_report(tmp_path, capsys, approver):
    path, key = tmp_path / "other.pdf", tmp_path / "key.p12"
    key.write_bytes(approver[0])
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(path)
    assert cli.main(["sign", str(path), "--p12", str(key)]) == 1
    assert "carries no data" in capsys.readouterr().err
    assert cli.main(["sign", str(tmp_path / "none.pdf"), "--p12", str(key)]) == 1
    assert "cannot be read" in capsys.readouterr().err
