"""PAdES signatures on finished reports, by pyHanko: a step of its own after the report is made.

A signature holds the time it was given, so a signed file is never the same twice. It is appended: the bytes before it are those of
the report, which anybody can make again.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from riskboard.errors import Refused

INSTALL = "pip install 'riskboard[sign]'"
LACKING = f"signatures need pyHanko, which is not installed here; install it with: {INSTALL}"
REASON = "Signed as read"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: whose certificate, who issued that, when it says it was given (by the signer's clock), and whether it holds.

    `holds`: the signed bytes are those that were signed, and nothing but further signatures was added after them. `trusted`: the
    certificate leads to one of those named as trusted; None where none was named. `why` says what is wrong where it does not hold.
    """

    by: str
    issuer: str
    at: datetime | None
    holds: bool
    trusted: bool | None
    why: str = ""


def is_available() -> bool:
    """Whether pyHanko is installed."""
    import importlib.util

    return importlib.util.find_spec("pyhanko") is not None


def sign(data: bytes, p12: bytes, passphrase: bytes | None, *, now: datetime) -> bytes:
    """The PDF with a PAdES signature by the key of that PKCS#12 file appended.

    Raises Refused where pyHanko is missing, the key cannot be read with the passphrase, its certificate is not good `now`, or the
    file is no PDF.
    """
    if not is_available():
        raise Refused(LACKING)
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.general import SigningError

    signer = _signer(p12, passphrase, now)
    out = io.BytesIO()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        number = len(writer.prev.embedded_signatures) + 1
        meta = PdfSignatureMetadata(
            field_name=f"Signature{number}", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=REASON
        )
        PdfSigner(meta, signer=signer).sign_pdf(writer, output=out)
    except SigningError as fault:
        raise Refused(f"it could not be signed: {fault}") from fault
    except (PdfError, ValueError) as fault:
        raise Refused(f"it is no PDF that can be signed: {fault}") from fault
    return out.getvalue()


def _signer(p12: bytes, passphrase: bytes | None, now: datetime) -> Any:
    """The key and certificate of that file, once it is certain that both are there and good today."""
    from cryptography.hazmat.primitives.serialization import pkcs12
    from pyhanko.sign import SimpleSigner

    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(p12, passphrase)
    except ValueError as fault:
        hint = "wrong passphrase (--passphrase-file), or no PKCS#12 file"
        raise Refused(f"the key cannot be read: {hint}") from fault
    if key is None or certificate is None:
        raise Refused("the PKCS#12 file holds no key with its certificate; export both into one file")
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not first <= now <= last:
        raise Refused(f"the certificate is good from {first:%Y-%m-%d} to {last:%Y-%m-%d}, and not now; use one that is")
    signer = SimpleSigner.load_pkcs12_data(p12, other_certs=[], passphrase=passphrase)
    if signer is None:
        raise Refused("the key of the PKCS#12 file is of a kind that cannot sign here; use RSA or an elliptic curve")
    return signer


def signatures(data: bytes, *, trusted: bytes | None = None) -> tuple[Signature, ...]:
    """The signatures of a PDF in the order they were given; empty where it has none. `trusted`: certificates, as PEM or DER.

    Raises Refused where pyHanko is missing, or `trusted` holds no certificate. Nothing is fetched: revocation is not looked up.
    """
    if not is_available():
        raise Refused(LACKING)
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    roots = _certificates(trusted) if trusted is not None else None
    try:
        return tuple(_judged(one, roots) for one in PdfFileReader(io.BytesIO(data), strict=False).embedded_signatures)
    except (PdfError, ValueError) as fault:
        raise Refused(f"the signature cannot be read: {fault}") from fault


def _certificates(data: bytes) -> list[Any]:
    from pyhanko.keys import load_certs_from_pemder_data

    try:
        found = list(load_certs_from_pemder_data(data))
    except ValueError as fault:
        raise Refused(f"no certificate can be read from what is to be trusted: {fault}") from fault
    if not found:
        raise Refused("what is to be trusted holds no certificate; give a PEM or DER file")
    return found


def _judged(embedded: Any, roots: list[Any] | None) -> Signature:
    """One signature, checked."""
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(trust_roots=roots or [], allow_fetching=False)
    certificate = embedded.signer_cert
    status = validate_pdf_signature(embedded, signer_validation_context=context)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    grown = status.modification_level in (
        ModificationLevel.NONE,
        ModificationLevel.LTA_UPDATES,
        ModificationLevel.FORM_FILLING,
    )
    why = ""
    if not status.intact:
        why = "the signed bytes were changed"
    elif not status.valid:
        why = "the signature does not fit the certificate"
    elif not whole and not (status.coverage == SignatureCoverageLevel.ENTIRE_REVISION and grown):
        why = "something was added after it was signed"
    return Signature(
        by=certificate.subject.human_friendly,
        issuer="itself" if certificate.self_issued else certificate.issuer.human_friendly,
        at=status.signer_reported_dt,
        holds=not why,
        trusted=None if roots is None else bool(status.trusted),
        why=why,
    )
