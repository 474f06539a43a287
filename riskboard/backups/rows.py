"""Rows as lines, the same for every database: what a backup holds of each table, and how it goes back."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
from django.apps import apps as here
from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models
from django.utils.duration import duration_string

from riskboard.errors import Refused

# sign-ins end with their machine; whether beat lives and who was served last is of the machine, too
LEFT_OUT = frozenset({"sessions.Session", "usersessions.UserSession", "jobs.Beat", "jobs.Served"})
ROWS_AT_ONCE = 500
_encode = msgspec.json.Encoder(order="sorted").encode


def tables(apps: Apps = here) -> list[type[models.Model]]:
    """Every table with rows of its own, by label; of an older schema where `apps` is that. Those of sign-ins are left out."""
    found = apps.get_models(include_auto_created=True)
    kept = (m for m in found if m._meta.managed and not m._meta.proxy and m._meta.label not in LEFT_OUT)
    return sorted(kept, key=lambda model: str(model._meta.label))


def columns(model: type[models.Model]) -> list[str]:
    """The names of its columns, in the order they are written in."""
    return [field.attname for field in model._meta.concrete_fields]


def lines(model: type[models.Model], names: Sequence[str]) -> Iterator[bytes]:
    """Its rows by primary key, each a JSON array of those columns and a line feed. Streamed: memory does not grow with rows."""
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        yield _encode([_plain(value) for value in row]) + b"\n"


def digest(model: type[models.Model], names: Sequence[str]) -> tuple[int, str]:
    """(rows, SHA-256 of its lines) as the table stands now."""
    count, running = 0, hashlib.sha256()
    for line in lines(model, names):
        count += 1
        running.update(line)
    return count, running.hexdigest()


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[bytes]) -> None:
    """Write those lines of those columns into its table as they are: no default, no signal, no clock touches them.

    Raises Refused, naming the table, where a line is no row of it.
    """
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in names]
    quote = connection.ops.quote_name
    listed, marks = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({listed}) VALUES ({marks})"  # names of our own models # noqa: S608 # nosec B608
    rows = iter(rows)
    with connection.cursor() as cursor:
        try:
            while batch := [_values(fields, line) for line in islice(rows, ROWS_AT_ONCE)]:
                cursor.executemany(statement, batch)
        except (ValueError, TypeError, ValidationError, DatabaseError) as fault:
            reason = str(fault).splitlines()[0]
            raise Refused(f"{model._meta.label} holds what is no row of it: {reason}; nothing was restored") from fault


def clear(model: type[models.Model]) -> None:
    """Take every row out of its table, without a signal: nothing is noted in the audit trail."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # a name of our own models # noqa: S608 # nosec B608


def reset_counters(restored: Sequence[type[models.Model]]) -> None:
    """Let new rows of those tables be numbered after the highest restored one."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(restored)):
            cursor.execute(statement)


def _values(fields: Iterable[models.Field[Any, Any]], line: bytes) -> list[Any]:
    row = msgspec.json.decode(line)
    return [field.get_db_prep_save(_typed(field, value), connection) for field, value in zip(fields, row, strict=True)]


def _typed(field: models.Field[Any, Any], value: Any) -> Any:
    """A value of that field's type from its plain form."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value, validate=True)
    return field.target_field.to_python(value) if isinstance(field, models.ForeignKey) else field.to_python(value)


def _plain(value: Any) -> Any:
    """A value as JSON can say it without loss: times to the microsecond, decimals and durations as text, bytes in base 64."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_string(value)
    return str(value) if isinstance(value, Decimal | UUID) else value
