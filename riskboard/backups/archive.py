"""The archive: written in one pass from one moment of the database; checked whole before a restore writes anything.

A zip of `tables/<label>.jsonl`, `media/<path>`, and `manifest.json` with the rows, sizes and hashes of all of them.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import IO, Any

import msgspec
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model

from riskboard.backups import rows, schema, sealing
from riskboard.errors import Refused

FORMAT = "riskboard.backup/1"
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64 * 2**20
# What an empty installation holds: made by its migrations, and replaced by the archive's. One workspace, the main one.
BORN_WITH = {"contenttypes.ContentType": math.inf, "auth.Permission": math.inf, "accounts.Workspace": 1}
BLOCK = 2**20


class Table(msgspec.Struct, frozen=True):
    """One table: its label, its columns in order, how many rows, and the SHA-256 of its lines."""

    label: str
    columns: list[str]
    rows: int
    sha256: str


class File(msgspec.Struct, frozen=True):
    """One file below the media folder."""

    path: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What the archive holds. `migrations` are the newest of each app: code that has them in its history can take the rows back."""

    format: str
    riskboard: str
    made_at: datetime
    migrations: dict[str, str]
    tables: list[Table]
    files: list[File]


def backup(path: Path, *, now: datetime, recipients: Sequence[Any] = ()) -> Manifest:
    """Write everything to `path`, which appears only when it is whole. Raises Refused where it exists or the schema is another.

    One moment of the database, readers and writers go on meanwhile. One pass; memory does not grow with rows. `recipients`: public
    keys (`sealing.recipients`), of whose secret halves one opens it; none: it is not encrypted.
    """
    schema.must_be_this_version()
    return write(path, rows.tables(), schema.heads(), now=now, recipients=recipients)


def write(
    path: Path, models: Sequence[type[Model]], heads: schema.Heads, *, now: datetime, recipients: Sequence[Any] = ()
) -> Manifest:
    """The archive of those tables and of every file, as a version with those `heads` writes it."""
    if path.exists():
        raise Refused(f"{path} exists already; a backup never replaces a file")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with (
                sealing.sealed(out, recipients) as sink,
                zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
            ):
                with _one_moment():
                    tables = [_table(archive, model) for model in models]
                files = [_file(archive, found) for found in _media()]
                made = Manifest(FORMAT, this_version(), now, heads, tables, files)
                archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(made), indent=1))
            out.flush()
            os.fsync(out.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return made


def read(path: Path, *, identities: Sequence[Any] = ()) -> Manifest:
    """The manifest of an archive whose every byte was checked against it. Raises Refused, naming what is not as it should be."""
    with sealing.opened(path, identities) as source:
        return _read(source, path)


def restore(path: Path, *, identities: Sequence[Any] = ()) -> Manifest:
    """Put everything back into an empty installation, making its tables if it has none; then bring an older schema to this one.

    Raises Refused before anything is written, or with all undone. Rows are read back and compared before they count.
    """
    with sealing.opened(path, identities) as source:
        made = _read(source, path)
        schema.must_know(made.migrations, made_by=made.riskboard)
        apps = schema.bring_to(made.migrations)
        models = {model._meta.label: model for model in rows.tables(apps)}
        if {t.label: sorted(t.columns) for t in made.tables} != {
            label: sorted(rows.columns(model)) for label, model in models.items()
        }:
            raise Refused(f"{path} holds other tables than that version of Riskboard has")
        _must_be_empty(made, models)
        _put_back(source, made, models)
    if made.migrations != schema.heads():
        call_command("migrate", verbosity=0)
    return made


def _read(source: IO[bytes], path: Path) -> Manifest:
    try:
        with zipfile.ZipFile(source) as archive:
            made = _manifest(archive)
            _check(archive, made)
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError) as fault:
        raise Refused(f"{path} is not a whole backup: {fault}") from fault
    return made


def _put_back(source: IO[bytes], made: Manifest, models: Mapping[str, type[Model]]) -> None:
    """Every row and file in one transaction, read back and compared with its hash before it counts."""
    with zipfile.ZipFile(source) as archive, transaction.atomic():
        for label in BORN_WITH.keys() & models.keys():
            rows.clear(models[label])
        for table in made.tables:
            with archive.open(f"tables/{table.label}.jsonl") as lines:
                rows.insert(models[table.label], table.columns, lines)
        rows.reset_counters(list(models.values()))
        connection.check_constraints()
        for table in made.tables:
            if rows.digest(models[table.label], table.columns) != (table.rows, table.sha256):
                raise Refused(f"{table.label} did not come back as it was; nothing was restored")
        _put_files(archive, made.files)


@contextlib.contextmanager
def _one_moment() -> Iterator[None]:
    """Everything read within is of one moment, and nobody is kept from writing."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # atomic() would take the writers' lock
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _table(archive: zipfile.ZipFile, model: type[Model]) -> Table:
    label, count, running = model._meta.label, 0, hashlib.sha256()
    names = rows.columns(model)
    with archive.open(f"tables/{label}.jsonl", "w", force_zip64=True) as out:
        for line in rows.lines(model, names):
            out.write(line)
            running.update(line)
            count += 1
    return Table(label, names, count, running.hexdigest())


def _media() -> Iterator[Path]:
    root = Path(settings.MEDIA_ROOT)
    return (path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink())


def _file(archive: zipfile.ZipFile, path: Path) -> File:
    name = path.relative_to(settings.MEDIA_ROOT).as_posix()
    with path.open("rb") as source, archive.open(f"media/{name}", "w", force_zip64=True) as out:
        size, sha256 = _copy(source, out)
    return File(name, size, sha256)


def _copy(source: IO[bytes], out: IO[bytes] | None) -> tuple[int, str]:
    """(bytes, SHA-256) of what was read; written to `out` if there is one."""
    size, running = 0, hashlib.sha256()
    while block := source.read(BLOCK):
        size += len(block)
        running.update(block)
        if out is not None:
            out.write(block)
    return size, running.hexdigest()


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise Refused("its manifest is larger than any backup's")
        made = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
    except KeyError as fault:
        raise Refused("this is no backup of Riskboard: it has no manifest") from fault
    except (msgspec.ValidationError, msgspec.DecodeError) as fault:
        raise Refused(f"this is no backup of Riskboard: {fault}") from fault
    if made.format != FORMAT:
        raise Refused(f"its format is {made.format}; this version reads {FORMAT}")
    return made


def _check(archive: zipfile.ZipFile, made: Manifest) -> None:
    """Every entry is named once, named by the manifest, and has its hash; no path leads out of the media folder."""
    wanted = {f"tables/{table.label}.jsonl": table.sha256 for table in made.tables}
    wanted |= {f"media/{file.path}": file.sha256 for file in made.files}
    names = archive.namelist()
    if sorted(names) != sorted([*wanted, MANIFEST]):
        raise Refused("it holds other entries than its manifest names")
    for file in made.files:
        if not _is_below(file.path):
            raise Refused(f"it holds a file outside of the media folder: {file.path[:80]}")
    sizes = {f"media/{file.path}": file.size for file in made.files}
    for name, sha256 in wanted.items():
        if name in sizes and archive.getinfo(name).file_size != sizes[name]:
            raise Refused(f"{name} has not the size its manifest says")
        with archive.open(name) as source:
            if _copy(source, None)[1] != sha256:
                raise Refused(f"{name} is not as it was written; take another backup")


def _is_below(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return (
        bool(parts)
        and not path.startswith("/")
        and not {"..", "."} & set(parts)
        and "\\" not in path
        and "\0" not in path
    )


def in_use(models: Iterable[type[Model]]) -> str | None:
    """The label of a table that holds more than an empty installation does; None where there is none."""
    labelled = ((model._meta.label, model) for model in models)
    return next((label for label, model in labelled if model._base_manager.count() > BORN_WITH.get(label, 0)), None)


def _must_be_empty(made: Manifest, models: Mapping[str, type[Model]]) -> None:
    label = in_use(models.values())
    if label is not None:
        raise Refused(
            f"this installation is in use ({label} holds rows); a restore fills an empty one: "
            "name a new database in DATABASE_URL, or a new folder in RISKBOARD_VAR"
        )
    for file in made.files:
        if (Path(settings.MEDIA_ROOT) / file.path).exists():
            raise Refused(f"{file.path} lies in the media folder already; name an empty one in RISKBOARD_MEDIA")


def _put_files(archive: zipfile.ZipFile, files: Iterable[File]) -> None:
    """Write the files; if one cannot be written, none stays."""
    root, put = Path(settings.MEDIA_ROOT), []
    try:
        for file in files:
            target = root / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            with (
                archive.open(f"media/{file.path}") as source,
                tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as out,
            ):
                put.append(Path(out.name))
                if _copy(source, out) != (file.size, file.sha256):
                    raise Refused(f"{file.path} changed while it was read; nothing was restored")
            put[-1] = put[-1].rename(target)
    except BaseException:
        for path in put:
            path.unlink(missing_ok=True)
        raise


def this_version() -> str:
    """The version of this code: as it was installed, else as its source says; "unknown" where neither tells."""
    try:
        return version("riskboard")
    except PackageNotFoundError:
        pass
    try:
        with (Path(__file__).resolve().parents[2] / "pyproject.toml").open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return "unknown"
