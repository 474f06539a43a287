"""Encrypted and scheduled backups: nothing plain is left, the right key alone opens them, the old go after a new one is whole."""

from __future__ import annotations

import errno
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from riskboard.backups import keeping, sealing
from riskboard.backups.archive import backup, read
from riskboard.cli import main
from riskboard.commands import doctor
from riskboard.errors import Refused
from tests.riskboard.installations import command
from tests.riskboard.test_backup import NOW, REPORT, in_use, media

__all__ = ["in_use", "media"]  # fixtures
pytest.importorskip("pyrage")


@pytest.fixture
def key(tmp_path) -> tuple[Path, str]:
    """A secret key's file, and the public key."""
    return tmp_path / "key", sealing.new_identity(tmp_path / "key")


def test_an_encrypted_backup_comes_back_by_its_key_and_holds_nothing_plain(in_use, elsewhere, tmp_path, key):
    path, public = key
    made = backup(tmp_path / "a.rbk.age", now=NOW, recipients=sealing.recipients([public]))
    content = (tmp_path / "a.rbk.age").read_bytes()
    assert content.startswith(sealing.MARK)
    assert not any(plain in content for plain in (b"manifest.json", b"tables/", REPORT, b"PK\x03\x04"))
    done = command(elsewhere, "restore", tmp_path / "a.rbk.age", "--identity", path)
    assert done.returncode == 0, done.stderr
    again = command(elsewhere, "backup", tmp_path / "b.rbk")
    assert again.returncode == 0, again.stderr
    assert (read(tmp_path / "b.rbk").tables, read(tmp_path / "b.rbk").files) == (made.tables, made.files)


@pytest.fixture
def sealed_one(in_use, tmp_path, key) -> Path:
    path = tmp_path / "sealed.rbk.age"
    backup(path, now=NOW, recipients=sealing.recipients([key[1]]))
    return path


def test_without_its_key_or_with_another_it_is_refused(sealed_one, tmp_path):
    with pytest.raises(Refused, match="is encrypted; name the file of its secret key: --identity FILE"):
        read(sealed_one)
    sealing.new_identity(tmp_path / "other")
    with pytest.raises(Refused, match="is not opened by that key"):
        read(sealed_one, identities=sealing.identities(tmp_path / "other"))


@pytest.mark.parametrize(
    "spoil", [lambda c: c[:-50], lambda c: c[:-9] + b"x" + c[-8:]], ids=["cut", "one byte changed"]
)
def test_a_spoiled_one_is_refused(sealed_one, key, spoil):
    sealed_one.write_bytes(spoil(sealed_one.read_bytes()))
    with pytest.raises(Refused, match="is not whole"):
        read(sealed_one, identities=sealing.identities(key[0]))


@pytest.mark.parametrize("text", ["age1nonsense", "AGE-SECRET-KEY-1ABC", "", "ssh-rsa x"])
def test_what_is_no_public_key_is_refused(text):
    with pytest.raises(Refused, match="is no public key"):
        sealing.recipients([text])


@pytest.mark.parametrize("content", [b"", b"# only words\n", b"age1qqq\n", b"\xff\xfe"])
def test_what_holds_no_secret_key_is_refused(tmp_path, content):
    (tmp_path / "k").write_bytes(content)
    with pytest.raises(Refused, match="holds no secret key"):
        sealing.identities(tmp_path / "k")


def test_a_new_key_is_private_and_replaces_nothing(tmp_path, capsys):
    assert main(["backup", "--new-key", str(tmp_path / "k")]) == 0
    assert capsys.readouterr().out.startswith("age1")
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    assert main(["backup", "--new-key", str(tmp_path / "k")]) == 1
    assert "exists already" in capsys.readouterr().err


class Full(io.BytesIO):
    """A disk that is full after 100 kB."""

    def write(self, data) -> int:
        if self.tell() > 100_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def test_a_full_disk_is_told_as_such_though_it_is_met_by_another_thread(key):
    def written() -> None:
        with sealing.sealed(Full(), sealing.recipients([key[1]])) as out:
            for _ in range(100):
                out.write(b"x" * 100_000)

    with pytest.raises(OSError, match="No space left") as told:
        written()
    assert told.value.errno == errno.ENOSPC


@pytest.mark.django_db(transaction=True)
def test_a_schedule_keeps_the_newest_and_leaves_other_files_alone(media, tmp_path, key, capsys):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    old = [folder / keeping.name(NOW - timedelta(days=n), sealed=n % 2 == 0) for n in range(1, 5)]
    for path in old:
        path.write_bytes(b"x")
    line = ["backup", "--into", str(folder), "--keep", "3", "--recipient", key[1]]
    assert main(line) == 0
    told = capsys.readouterr().out
    assert "encrypted" in told
    assert "3 kept under" in told
    left = [one.path for one in keeping.kept(folder)]
    assert left[1:] == old[:2]
    assert sealing.is_sealed(left[0])
    assert (folder / "notes.txt").read_text() == "mine"


@pytest.mark.django_db(transaction=True)
def test_nothing_old_goes_where_the_new_one_fails(media, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / keeping.name(NOW, sealed=False)).write_bytes(b"x")

    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("riskboard.backups.archive._file", fails)
    assert main(["backup", "--into", str(folder), "--keep", "1"]) == 1
    assert "No space left" in capsys.readouterr().err
    assert [one.at for one in keeping.kept(folder)] == [NOW]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "name the archive to write, or a folder"),
        (["a.rbk", "--into", "b"], "either a FILE, or a folder"),
        (["a.rbk", "--keep", "3"], "either a FILE, or a folder"),
        (["--into", "b", "--keep", "0"], "from 1 up"),
    ],
)
def test_words_that_do_not_fit_together_are_refused(words, says, capsys):
    assert main(["backup", *words]) == 1
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("hours", "sealed", "production", "outcome", "says"),
    [
        (None, False, False, "warn", "none under"),
        (1, False, False, "ok", "1 kept"),
        (1, False, True, "warn", "not encrypted"),
        (1, True, True, "ok", "1 kept"),
        (25, True, True, "warn", "at most 24 h are wanted"),
    ],
)
def test_doctor_warns_of_a_backup_that_is_missing_old_or_open(
    tmp_path, monkeypatch, hours, sealed, production, outcome, says
):
    monkeypatch.setattr(settings, "BACKUPS", tmp_path)
    monkeypatch.setattr("riskboard.env.is_production", lambda: production)
    if hours is not None:
        at = timezone.now() - timedelta(hours=hours)
        (tmp_path / keeping.name(at, sealed=sealed)).write_bytes(b"x")
    check = doctor.backups()
    assert (check.outcome, says in check.found) == (outcome, True), check


@pytest.mark.parametrize(("production", "outcome"), [(False, "ok"), (True, "warn")])
def test_doctor_asks_a_production_installation_for_a_folder_of_backups(monkeypatch, production, outcome):
    monkeypatch.setattr("riskboard.env.is_production", lambda: production)
    assert doctor.backups().outcome == outcome


def test_names_sort_as_times_do():
    first, second = datetime(2026, 11, 1, 9, tzinfo=UTC), datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert keeping.name(first, sealed=True) < keeping.name(second, sealed=False)
