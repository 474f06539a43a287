"""Which workspace is worked in. Private rows belong to one; asking for them outside of any raises `ScopeError`.

Pages enter the asker's workspace (access.AccessMiddleware), jobs that of who enqueued them (jobs.queue), commands the one named
by RISKBOARD_WORKSPACE (cli). Vendors' public facts belong to nobody and need no workspace.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.functional import SimpleLazyObject
from django_scopes import ScopedManager, get_scope
from django_scopes.exceptions import ScopeError
from django_scopes.state import state

__all__ = ["Owned", "ScopeError", "current", "current_or_none", "current_pk", "inside", "inside_named", "owned"]


@contextlib.contextmanager
def inside(workspace: Any) -> Iterator[None]:
    """Work in that workspace, or with None in none at all, whatever was entered before."""
    token = state.set({} if workspace is None else {"_enabled": True, "workspace": workspace})
    try:
        yield
    finally:
        state.reset(token)


@contextlib.contextmanager
def inside_named(slug: str) -> Iterator[None]:
    """Work in the workspace of that slug; it is looked up when first needed, so what needs no database needs none here.

    Looking it up raises Refused where there is none of that name; "main" is made where it is missing.
    """
    with inside(SimpleLazyObject(lambda: _named(slug))):
        yield


def _named(slug: str) -> Any:
    from riskboard.accounts.models import Workspace
    from riskboard.errors import Refused

    if slug == "main":
        return Workspace.main()
    found = Workspace.objects.filter(slug=slug).first()
    if found is None:
        raise Refused(f"there is no workspace {slug[:60]!r} (RISKBOARD_WORKSPACE)")
    return found


def current_or_none() -> Any:
    """The workspace worked in; None outside of any."""
    return get_scope().get("workspace")


def current() -> Any:
    """The workspace worked in. Raises ScopeError outside of any."""
    workspace = current_or_none()
    if workspace is None:
        raise ScopeError("no workspace is worked in: enter one with riskboard.accounts.scope.inside")
    return workspace


def current_pk() -> int:
    """Its key: what a new private row belongs to unless told otherwise. Raises ScopeError outside of any."""
    key: int = current().pk
    return key


def owned(through: str = "workspace", queries: type[models.QuerySet[Any]] = models.QuerySet) -> Any:
    """A manager that finds the rows of the workspace worked in alone. `through`: the path to their workspace."""
    return ScopedManager(workspace=through, _manager_class=models.Manager.from_queryset(queries))


def nothing_of(model: type[Any]) -> models.QuerySet[Any]:
    """No row of that model, for a view class to name: it is loaded before anybody asks, and where no database may answer yet."""
    return model._base_manager.none()


class Owned(models.Model):
    """A row of one workspace."""

    workspace = models.ForeignKey(
        "accounts.Workspace", on_delete=models.PROTECT, default=current_pk, editable=False, related_name="+"
    )

    objects = owned()

    class Meta:
        abstract = True
