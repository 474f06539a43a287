"""Backups only the holder of a key can read, by age (https://age-encryption.org/v1). The server knows the public half alone.

Sealed while it is written and opened into a file without a name: the plain archive is nowhere on disk for others to find.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from riskboard.errors import Refused

MARK = b"age-encryption.org/"
NO_AGE = "encrypted backups need the package pyrage: scripts/setup.sh full (the extra `vault`)"


def recipients(texts: Sequence[str]) -> list[Any]:
    """The public keys of those texts (age1..., or an SSH public key). Raises Refused for one that is none."""
    if not texts:
        return []
    age = _age()
    found = []
    for text in texts:
        kind = age.ssh if text.startswith("ssh-") else age.x25519
        try:
            found.append(kind.Recipient.from_str(text.strip()))
        except age.RecipientError as fault:
            raise Refused(f"{text[:80]} is no public key of age or SSH ({fault}); one begins with age1") from fault
    return found


def identities(path: Path | None) -> list[Any]:
    """The secret keys in a file as `age-keygen` or `ssh-keygen` write it. Raises Refused where there is none."""
    if path is None:
        return []
    age, content = _age(), path.read_bytes()
    try:
        if b"PRIVATE KEY-----" in content:
            return [age.ssh.Identity.from_buffer(content)]
        lines = [line.strip() for line in content.decode().splitlines()]
        found = [age.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (age.IdentityError, UnicodeDecodeError) as fault:
        raise Refused(f"{path} holds no secret key of age or SSH") from fault
    if not found:
        raise Refused(f"{path} holds no secret key of age or SSH")
    return found


def new_identity(path: Path) -> str:
    """Write a new secret key to `path`, readable by its owner alone; returns the public one. Never replaces a file."""
    key = _age().x25519.Identity.generate()
    try:
        out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as fault:
        raise Refused(f"{path} exists already; a key never replaces a file") from fault
    with os.fdopen(out, "w") as file:
        file.write(f"# public key: {key.to_public()}\n{key}\n")
    return str(key.to_public())


def is_sealed(path: Path) -> bool:
    """Whether the file says that it is encrypted by age."""
    with path.open("rb") as file:
        return file.read(len(MARK)) == MARK


@contextlib.contextmanager
def sealed(out: IO[bytes], keys: Sequence[Any]) -> Iterator[IO[bytes]]:
    """Where to write what `out` shall hold, encrypted to those keys as it comes; `out` itself where there are none.

    Raises OSError where `out` cannot be written, as if it were written without encryption.
    """
    if not keys:
        yield out
        return
    age, target = _age(), _Kept(out)
    reading, writing = os.pipe()

    def seal() -> None:
        with os.fdopen(reading, "rb") as plain:
            try:
                age.encrypt_io(plain, target, list(keys))
            except Exception as fault:  # it is raised below, where somebody hears it
                target.fault = target.fault or fault

    thread = threading.Thread(target=seal, name="sealing", daemon=True)
    thread.start()
    try:
        with os.fdopen(writing, "wb") as sink:
            yield sink
    except BrokenPipeError:
        if target.fault is None:
            raise
    finally:
        thread.join()
    if target.fault is not None:
        raise target.fault


@contextlib.contextmanager
def opened(path: Path, keys: Sequence[Any]) -> Iterator[IO[bytes]]:
    """The archive to read from: the file itself, or what it holds where it is encrypted. Raises Refused without the right key."""
    with path.open("rb") as file:
        if not is_sealed(path):
            yield file
            return
        if not keys:
            raise Refused(f"{path} is encrypted; name the file of its secret key: --identity FILE")
        age = _age()
        with tempfile.TemporaryFile() as plain:
            target = _Kept(plain)
            try:
                age.decrypt_io(file, target, list(keys))
            except (age.DecryptError, OSError) as fault:  # a spoiled part comes as an OSError of the library's
                if target.fault is not None:
                    raise target.fault from None
                raise Refused(f"{path} is not opened by that key, or is not whole: {fault}") from fault
            plain.seek(0)
            yield plain


class _Kept:
    """A file that remembers why it could not be written: the library tells it in its own words."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out
        self.fault: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            return self.out.write(data)
        except OSError as fault:
            self.fault = fault
            raise

    def flush(self) -> None:
        self.out.flush()


def _age() -> Any:
    try:
        import pyrage
    except ImportError as fault:
        raise Refused(NO_AGE) from fault
    return pyrage
