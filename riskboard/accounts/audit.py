"""The trail of writes: registered models are watched, and each save or removal leaves one entry with before and after.

Whoever acts is named by `acting`, which the middleware, the jobs and the commands enter; outside of it the actor is "system".
The database refuses to change or remove entries (migration 0002).
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models.signals import post_delete, post_save, pre_save

if TYPE_CHECKING:
    from riskboard.accounts.models import AuditEntry

LONGEST = 2_000  # characters kept of one field
SECRET = ("token_sha256", "password", "secret")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which workspace, by what way. `user` None: no account (this machine, a job, a vendor by its link)."""

    name: str
    via: str
    user: Any = None
    workspace: Any = None
    request_id: str = ""


_SYSTEM = Actor(name="system", via="command")
_actor: ContextVar[Actor] = ContextVar("riskboard_actor", default=_SYSTEM)
_watched: dict[type[models.Model], frozenset[str]] = {}


@contextlib.contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Everything written inside is that actor's doing."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def actor() -> Actor:
    """Who acts now."""
    return _actor.get()


def audited(*, without: tuple[str, ...] = ()):
    """Class decorator: watch this model. `without` names fields whose change alone is no news (last seen, updated)."""

    def register(model: type[models.Model]) -> type[models.Model]:
        _watched[model] = frozenset(without)
        return model

    return register


def watch(label: str, *, without: tuple[str, ...] = ()) -> None:
    """Watch a model by its label, where it cannot be decorated."""
    _watched[apps.get_model(label)] = frozenset(without)


def watch_registered() -> None:
    """Connect the signals, once, for every model."""
    pre_save.connect(_remember, dispatch_uid="audit before")
    post_save.connect(_saved, dispatch_uid="audit save")
    post_delete.connect(_deleted, dispatch_uid="audit delete")
    for name in ("Workspace", "Membership", "Invitation"):
        watch(f"accounts.{name}")
    watch("accounts.ApiToken", without=("last_used_at",))
    watch("accounts.Profile")


def watched() -> list[type[models.Model]]:
    """Every model whose writes are recorded."""
    return list(_watched)


def record(instance: models.Model, did: str, *, before: dict[str, Any] | None = None) -> None:
    """An entry for something done to a row beside saving it, in a word of at most ten letters. `before`: what there was."""
    _write(instance, did, before, None)


def _remember(sender: type[models.Model], instance: models.Model, raw: bool, **_: Any) -> None:
    if sender in _watched and not raw and not instance._state.adding:
        stored = sender._base_manager.filter(pk=instance.pk).first()
        instance._audit_before = None if stored is None else fields_of(stored)  # type: ignore[attr-defined]


def _saved(sender: type[models.Model], instance: models.Model, created: bool, raw: bool, **_: Any) -> None:
    if sender not in _watched or raw:
        return
    after = fields_of(instance)
    before = None if created else getattr(instance, "_audit_before", None)
    if before is not None:
        changed = {name for name in after if before.get(name) != after[name]} - _watched[sender]
        if not changed:
            return
        before = {name: before.get(name) for name in sorted(changed)}
        after = {name: after[name] for name in sorted(changed)}
    _write(instance, "added" if created else "changed", before, after)


def _deleted(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    if sender in _watched:
        _write(instance, "removed", fields_of(instance), None)


Told = dict[str, Any] | None


def record_all(did: str, rows: Iterable[tuple[models.Model, Told, Told]]) -> None:
    """An entry for each (row, before, after) of many that were written at once, which sends no signal. One query for 500."""
    from riskboard.accounts.models import AuditEntry

    AuditEntry.objects.bulk_create([_entry(row, did, before, after) for row, before, after in rows], batch_size=500)


def _write(instance: models.Model, did: str, before: Told, after: Told) -> None:
    _entry(instance, did, before, after).save(force_insert=True)


def _entry(instance: models.Model, did: str, before: Told, after: Told) -> AuditEntry:
    from riskboard.accounts.models import AuditEntry, Workspace

    now = actor()
    workspace = getattr(instance, "workspace", None) if not isinstance(instance, Workspace) else instance
    if did == "removed" and isinstance(instance, Workspace):
        workspace = None
    return AuditEntry(
        workspace=workspace or now.workspace,
        user=now.user,
        actor=now.name[:200],
        via=now.via[:20],
        did=did,
        kind=instance._meta.model_name or "",
        object_id=str(getattr(instance, "uid", instance.pk))[:64],
        label=str(instance)[:200],
        before=before,
        after=after,
        request_id=now.request_id[:40],
    )


def fields_of(instance: models.Model) -> dict[str, Any]:
    """The row's own fields as JSON can hold them: bytes by digest, long text cut, secrets left out."""
    return {
        field.attname: _plain(getattr(instance, field.attname))
        for field in instance._meta.concrete_fields
        if not field.primary_key and not any(word in field.attname for word in SECRET)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview | bytearray):
        return "sha256 " + hashlib.sha256(bytes(value)).hexdigest()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + f" … ({len(text)} characters)"
