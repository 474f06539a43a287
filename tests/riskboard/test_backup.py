"""Backup and restore: equal by hash in another database, refused before any write when anything is not as it should be."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from assessments.attached import store
from assessments.files import attachable
from assessments.models import AssessmentRow
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard.backups.archive import MANIFEST, backup, read, restore
from riskboard.errors import Refused
from tests.riskboard.installations import command, script
from vendors.catalogue import index
from vendors.ingest import ingest_facts
from vendors.models import Incident, Vendor

NOW = datetime(2026, 11, 1, tzinfo=UTC)
REPORT = b"%PDF-1.7 a report of the test"


@pytest.fixture
def media(tmp_path):
    """A media folder of the test's own, with a file in it."""
    before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path / "media"
    (settings.MEDIA_ROOT / "reports").mkdir(parents=True)
    (settings.MEDIA_ROOT / "reports" / "one.pdf").write_bytes(REPORT)
    yield settings.MEDIA_ROOT
    settings.MEDIA_ROOT = before


@pytest.fixture
def in_use(transactional_db, media):
    facts = index.load("microsoft-bpos-2011")
    assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=4.0), as_of=facts.as_of)


@pytest.fixture
def archive(in_use, tmp_path) -> Path:
    path = tmp_path / "a.zip"
    backup(path, now=NOW)
    return path


NUMBERS_ON = """
import django
django.setup()
from django.db.models import Max
from vendors.models import Vendor
top = Vendor.objects.aggregate(top=Max("pk"))["top"]
print(Vendor.objects.create(slug="x", name="X").pk > top)
"""


@pytest.mark.crosses_databases
def test_another_installation_holds_the_same_rows_and_files_afterwards(archive, bare, tmp_path):
    done = command(bare, "restore", archive)
    assert done.returncode == 0, done.stderr
    assert "restored and read back" in done.stdout
    again = command(bare, "backup", tmp_path / "b.zip")
    assert again.returncode == 0, again.stderr
    first, second = read(archive), read(tmp_path / "b.zip")
    assert second.tables == first.tables
    assert second.files == first.files
    assert (Path(bare["RISKBOARD_VAR"]) / "media/reports/one.pdf").read_bytes() == REPORT
    rows = {table.label: table.rows for table in first.tables}
    assert rows["vendors.Incident"] == Incident.objects.count() > 0
    assert rows["assessments.AssessmentRow"] == AssessmentRow.objects.count() == 1


def test_evidence_files_are_in_the_archive_by_their_digest_and_come_back(in_use, media, elsewhere, tmp_path):
    kept = store.attach(Vendor.objects.get(), "B1", attachable.kept(b"restored in 2 h", "restore.txt"), by="x")
    made = backup(tmp_path / "e.zip", now=NOW)
    assert (kept.path.relative_to(media).as_posix(), kept.sha256) in [(file.path, file.sha256) for file in made.files]
    done = command(elsewhere, "restore", tmp_path / "e.zip")
    assert done.returncode == 0, done.stderr
    assert (
        Path(elsewhere["RISKBOARD_VAR"]) / "media" / kept.path.relative_to(media)
    ).read_bytes() == b"restored in 2 h"


def test_a_second_restore_is_refused_and_changes_nothing(archive, elsewhere, tmp_path):
    if "DATABASE_URL" in elsewhere:
        pytest.skip("the same code path; once is enough")
    assert command(elsewhere, "restore", archive).returncode == 0
    second = command(elsewhere, "restore", archive)
    assert second.returncode == 1
    assert "this installation is in use" in second.stderr
    command(elsewhere, "backup", tmp_path / "b.zip")
    assert read(tmp_path / "b.zip").tables == read(archive).tables


@pytest.mark.crosses_databases
def test_new_rows_are_numbered_after_the_restored_ones(archive, elsewhere):
    assert command(elsewhere, "restore", archive).returncode == 0
    run = script(elsewhere, NUMBERS_ON)
    assert run.stdout.strip() == "True", run.stderr


def test_the_archive_names_no_key_and_holds_no_sign_in(archive, client):
    labels = {table.label for table in read(archive).tables}
    assert not labels & {"sessions.Session", "usersessions.UserSession"}
    with zipfile.ZipFile(archive) as opened:
        everything = b"".join(opened.read(name) for name in opened.namelist())
    assert settings.SECRET_KEY.encode() not in everything


def test_every_table_is_in_the_archive_or_left_out_on_purpose(archive):
    made = read(archive)
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    from riskboard.backups.rows import tables as known

    kept = {model._meta.db_table for model in known()}
    assert tables - kept == {
        "django_migrations",
        "django_session",
        "usersessions_usersession",
        "riskboard_cache",
        "jobs_beat",
        "jobs_served",
    }
    assert len(made.tables) == len(kept)


def rewritten(archive: Path, **entries: bytes | None) -> Path:
    """A copy with some entries replaced, left out (None), or added."""
    out = archive.with_name("changed.zip")
    with zipfile.ZipFile(archive) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            if entries.get(name, b"") is not None:
                after.writestr(name, entries.pop(name, None) or before.read(name))
            else:
                entries.pop(name)
        for name, content in entries.items():
            after.writestr(name, content or b"")
    return out


def manifest(archive: Path, **changes: object) -> bytes:
    with zipfile.ZipFile(archive) as opened:
        return json.dumps(json.loads(opened.read(MANIFEST)) | changes).encode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda a: {"tables/vendors.Incident.jsonl": b"[]\n"}, "is not as it was written"),
        (lambda a: {"media/reports/one.pdf": b"%PDF-1.7 a report of the tesT"}, "is not as it was written"),
        (lambda a: {"media/reports/one.pdf": b"longer" * 99}, "has not the size"),
        (lambda a: {"tables/vendors.Vendor.jsonl": None}, "other entries than its manifest names"),
        (lambda a: {"media/more.bin": b"x"}, "other entries than its manifest names"),
        (lambda a: {MANIFEST: None}, "it has no manifest"),
        (lambda a: {MANIFEST: b"{}"}, "no backup of Riskboard"),
        (lambda a: {MANIFEST: b"not json"}, "no backup of Riskboard"),
        (lambda a: {MANIFEST: manifest(a, format="other/9")}, "its format is other/9"),
    ],
)
def test_an_archive_that_is_not_whole_is_refused_by_name(archive, change, says):
    with pytest.raises(Refused, match=says):
        read(rewritten(archive, **change(archive)))


@pytest.mark.parametrize("path", ["../out.pdf", "/etc/out.pdf", "a/../../out.pdf", "a\\..\\out.pdf"])
def test_a_file_that_leads_out_of_the_media_folder_is_refused(archive, path):
    files = [{"path": path, "size": 1, "sha256": "00"}]
    changed = rewritten(
        archive, **{"media/reports/one.pdf": None, f"media/{path}": b"x", MANIFEST: manifest(archive, files=files)}
    )
    with pytest.raises(Refused, match="outside of the media folder"):
        read(changed)


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 5000])
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(Refused, match="is not a whole backup"):
        read(tmp_path / "x.zip")


@pytest.mark.parametrize("cut", [0.3, 0.9, 0.999])
def test_a_cut_off_archive_is_refused(archive, cut):
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * cut)])
    with pytest.raises(Refused):
        read(archive)


def test_a_newer_versions_archive_is_refused_with_what_to_do(archive):
    heads = read(archive).migrations | {"vendors": "9999_from_the_future"}
    changed = rewritten(archive, **{MANIFEST: manifest(archive, migrations=heads)})
    with pytest.raises(Refused, match=r"does not know \(vendors\); restore it with that version"):
        restore(changed)


def test_the_database_of_a_newer_version_is_not_backed_up_by_halves(in_use, tmp_path):
    recorder = MigrationRecorder(connection)
    recorder.record_applied("vendors", "9999_from_the_future")
    try:
        with pytest.raises(Refused, match=r"migrated by a newer version \(vendors.9999_from_the_future\)"):
            backup(tmp_path / "a.zip", now=NOW)
    finally:
        recorder.record_unapplied("vendors", "9999_from_the_future")
    assert not (tmp_path / "a.zip").exists()


def test_an_older_versions_archive_is_refused_where_there_are_tables_already(archive):
    heads = read(archive).migrations | {"vendors": "0001_initial"}
    changed = rewritten(archive, **{MANIFEST: manifest(archive, migrations=heads)})
    with pytest.raises(Refused, match="has tables already; name one without any in DATABASE_URL"):
        restore(changed)


def test_an_installation_in_use_is_left_alone(archive):
    before = AssessmentRow.objects.count()
    with pytest.raises(Refused, match="is in use"):
        restore(archive)
    assert AssessmentRow.objects.count() == before


def test_a_backup_never_replaces_a_file_and_leaves_none_half_written(in_use, tmp_path, monkeypatch):
    (tmp_path / "there.zip").write_bytes(b"keep me")
    with pytest.raises(Refused, match="exists already"):
        backup(tmp_path / "there.zip", now=NOW)
    assert (tmp_path / "there.zip").read_bytes() == b"keep me"
    monkeypatch.setattr(
        "riskboard.backups.archive._file", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    with pytest.raises(OSError, match="No space left"):
        backup(tmp_path / "new.zip", now=NOW)
    assert not [path for path in tmp_path.iterdir() if "new.zip" in path.name]


def test_only_its_owner_may_read_the_archive(archive):
    assert archive.stat().st_mode & 0o777 == 0o600


WRITES_MEANWHILE = """
import sys, threading
from datetime import UTC, datetime
from pathlib import Path
import django
django.setup()
from django.db import connection
from riskboard.accounts.models import Workspace
from riskboard.backups import archive

real, before = archive._table, Workspace.objects.count()

def write():  # with a connection of its own
    Workspace.objects.create(name="Second", slug="second")
    connection.close()

def table(opened, model):
    made = real(opened, model)
    if model._meta.label == "account.EmailAddress":  # the first table was read: the moment is fixed
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(20)
    return made

archive._table = table
made = archive.backup(Path(sys.argv[1]), now=datetime.now(UTC))
held = next(t.rows for t in made.tables if t.label == "accounts.Workspace")
print(before, held, Workspace.objects.count())
"""


def test_somebody_may_write_while_a_backup_reads_and_is_not_in_it(archive, elsewhere, tmp_path):
    assert command(elsewhere, "restore", archive).returncode == 0
    run = script(elsewhere, WRITES_MEANWHILE, tmp_path / "b.zip")
    assert run.stdout.split() == ["1", "1", "2"], run.stderr


FAILS_AT_THE_FILES = """
import sys
from pathlib import Path
import django
django.setup()
from riskboard.backups import archive
from riskboard.errors import Refused
from vendors.models import Incident, Vendor

real, calls = archive._copy, []

def copy(source, out):
    if out is not None:
        calls.append(out)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
    return real(source, out)

archive._copy = copy
try:
    archive.restore(Path(sys.argv[1]))
except OSError as fault:
    print(fault.strerror)
print(Incident.objects.count(), len(calls))
"""


def test_nothing_stays_where_the_disk_is_full_at_the_second_file(in_use, media, elsewhere, tmp_path):
    (media / "reports" / "two.pdf").write_bytes(REPORT)
    backup(tmp_path / "a.zip", now=NOW)
    run = script(elsewhere, FAILS_AT_THE_FILES, tmp_path / "a.zip")
    assert run.stdout.splitlines() == ["No space left on device", "0 2"], run.stderr
    assert not [path for path in Path(elsewhere["RISKBOARD_VAR"], "media").rglob("*") if path.is_file()]
    assert command(elsewhere, "restore", tmp_path / "a.zip").returncode == 0


@pytest.mark.parametrize("line", [b"[1]\n", b"not json\n", b'{"a": 1}\n', b"7\n"])
def test_rows_that_are_none_are_refused_by_their_table_though_their_hash_is_right(archive, elsewhere, line):
    tables = json.loads(manifest(archive))["tables"]
    for table in tables:
        if table["label"] == "vendors.Vendor":
            table |= {"rows": 1, "sha256": hashlib.sha256(line).hexdigest()}
    changed = rewritten(archive, **{"tables/vendors.Vendor.jsonl": line, MANIFEST: manifest(archive, tables=tables)})
    done = command(elsewhere, "restore", changed)
    assert done.returncode == 1
    assert "vendors.Vendor holds what is no row of it" in done.stderr
    assert "Traceback" not in done.stderr
    assert command(elsewhere, "restore", archive).returncode == 0


def test_an_installation_with_a_second_workspace_is_in_use(archive, elsewhere):
    made = script(elsewhere, SECOND_WORKSPACE)
    assert made.returncode == 0, made.stderr
    done = command(elsewhere, "restore", archive)
    assert "this installation is in use" in done.stderr


SECOND_WORKSPACE = """
import django
django.setup()
from django.core.management import call_command
from riskboard.accounts.models import Workspace
call_command("migrate", verbosity=0)
Workspace.objects.create(name="Second", slug="second")
"""
