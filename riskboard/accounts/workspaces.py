"""More than one workspace: made, left and deleted by their administrators.

A deleted workspace loses every row and file, but for its audit trail, which nothing may change; so its own row stays, closed,
for the trail to name (ADR 22).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from riskboard.accounts import audit
from riskboard.accounts.models import AuditEntry, Membership, Role, Workspace
from riskboard.accounts.scope import inside
from riskboard.errors import Refused

MOST = 50  # workspaces one person may be in, so that a slip of a program cannot make thousands
KEPT: tuple[type[models.Model], ...] = (AuditEntry,)


@dataclass(frozen=True, slots=True)
class Held:
    """How many rows of one kind a workspace holds, by the kind's plural name."""

    what: str
    count: int


def make(name: str, *, user: Any) -> Workspace:
    """A new, empty workspace with that person as its administrator. Raises Refused for one workspace too many."""
    if Membership.objects.filter(user=user).count() >= MOST:
        raise Refused(_("You are in %(most)s workspaces, which is as many as can be.") % {"most": MOST})
    with transaction.atomic():
        room = Workspace.objects.create(name=name, slug=_free_slug(name))
        Membership.objects.create(workspace=room, user=user, role=Role.ADMIN)
    return room


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def leave(workspace: Workspace, *, user: Any) -> None:
    """End one's own membership. Raises Refused for the last administrator: nobody could let anybody in again."""
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        mine = Membership.objects.get(workspace=workspace, user=user)
        others = workspace.memberships.filter(role=Role.ADMIN).exclude(pk=mine.pk)
        if mine.role == Role.ADMIN and not others.exists():
            raise Refused(_("You are its last administrator: make another one first, or delete the workspace."))
        mine.delete()


def holds(workspace: Workspace) -> list[Held]:
    """What would be deleted with the workspace, the most first; kinds of which it has none are left out. A query a kind."""
    found = [
        Held(str(model._meta.verbose_name_plural), _rows(model, path, workspace).count())
        for model, path in private_tables()
        if not model._meta.auto_created
    ]
    return sorted((one for one in found if one.count), key=lambda one: (-one.count, one.what))


def close(workspace: Workspace, *, now: datetime) -> int:
    """Delete everything of the workspace but its trail; how many rows went. Its files go with the last row that names them.

    Raises Refused for the first workspace: whoever administers it looks after the installation.
    """
    if workspace.slug == "main":
        raise Refused(_("The first workspace cannot be deleted: its administrators look after the installation."))
    with inside(workspace), transaction.atomic():
        room = Workspace.objects.select_for_update().get(pk=workspace.pk)
        held = {one.what: one.count for one in holds(room)}
        files = [path for model in _with_files() for path in model.files_of(room)]  # type: ignore[attr-defined]
        for model, path in private_tables():
            rows = _rows(model, path, room)
            rows._raw_delete(rows.db)  # past signals and "history is never deleted": the whole of it goes
        audit.record(room, "deleted", before=held)
        Workspace.objects.filter(pk=room.pk).update(closed_at=now, slug=f"closed-{room.uid}")
        transaction.on_commit(lambda: _unlink(files))
    return sum(held.values())


def _rows(model: type[models.Model], path: str, workspace: Workspace) -> models.QuerySet[Any]:
    return models.QuerySet(model).filter(**{path: workspace})


def _with_files() -> list[Any]:
    """The models that say which files their rows name (`files_of`)."""
    return [model for model, _path in private_tables() if hasattr(model, "files_of")]


def _unlink(files: list[Any]) -> None:
    for path in files:
        path.unlink(missing_ok=True)


def private_tables() -> list[tuple[type[models.Model], str]]:
    """Every table whose rows belong to a workspace, directly or by what they are of, with the way to it; children first."""
    every = [one for one in apps.get_models(include_auto_created=True) if one not in KEPT]
    found: dict[type[models.Model], str] = {}
    grew = True
    while grew:
        grew = False
        for model in every:
            path = found.get(model) or next(_ways(model, found), "")
            if path and model not in found:
                found[model] = path
                grew = True
    ordered: list[tuple[type[models.Model], str]] = []
    while found:
        named = {target for model in found for target in _targets(model) if target is not model}
        free = sorted((model for model in found if model not in named), key=lambda model: model._meta.label)
        assert free, "private tables name each other in a circle"
        ordered += [(model, found.pop(model)) for model in free]
    return ordered


def _ways(model: type[models.Model], known: dict[type[models.Model], str]) -> Any:
    for field in model._meta.concrete_fields:
        if field.related_model is Workspace:
            yield field.name
    for field in model._meta.concrete_fields:
        if field.related_model in known:
            yield f"{field.name}__{known[field.related_model]}"


def _targets(model: type[models.Model]) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if field.related_model is not None}
