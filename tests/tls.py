"""TLS on loopback: certificates of an authority of their own, and a server that shows one."""

from __future__ import annotations

import functools
import ssl
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.vendors.test_fetching import serve


def certificate(folder: Path, names: list[x509.GeneralName], *, days: float = 1) -> Path:
    """A certificate of its own authority for these names and so many days from now, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Own Issuer"), x509.NameAttribute(NameOID.COMMON_NAME, "own")]
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "own.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def secured(pem: Path, *answers: bytes) -> AbstractContextManager[int]:
    """A server that speaks TLS with that certificate, and answers as `serve` does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return serve(*answers, wrap=functools.partial(context.wrap_socket, server_side=True))
