"""TLS on loopback: certificates of an authority of their own, and a server that shows one."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


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


@contextmanager
def secured(pem: Path, *answers: bytes) -> Iterator[int]:
    """A TLS server on loopback that answers in turn, the last again and again."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)

        def work() -> None:
            served = 0
            while not stop.is_set():
                try:
                    line, _ = listener.accept()
                    line.settimeout(2)
                    with context.wrap_socket(line, server_side=True) as secret:
                        if secret.recv(65536):
                            secret.sendall(answers[min(served, len(answers) - 1)])
                            served += 1
                except OSError:
                    continue  # nobody came, or whoever came did not trust us

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stop.set()
            thread.join(5)
