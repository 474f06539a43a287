"""Saved views: a list's filters, order and columns under a name, private or for everybody; opened by `?view=` on every way in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from assessments.models import ListPage, SavedView
from riskboard.accounts.access import Who
from riskboard.accounts.models import Role
from riskboard.errors import Refused

MOST = 100  # views of one list that one person sees
LONGEST_NAME, LONGEST_QUERY = 80, 2000
NONE = "none"  # ?view=none: the list as it is, without a default
STATE: dict[str, tuple[str, ...]] = {
    ListPage.VENDORS: ("q", "category", "grade", "tag", "over", "state", "away", "sort", "cols", "density"),
    ListPage.RECOMMENDATIONS: ("state", "vendor", "q"),
}


def visible(asking: Who, page: str) -> Any:
    """The views of that list the asker may open. One query when read."""
    return SavedView.objects.of(asking.user).filter(page=page)


def opened(
    asking: Who, page: str, query: QueryDict, *, use_default: bool = False
) -> tuple[QueryDict, SavedView | None]:
    """The query with the view's state under what the address says itself, and the view; as it is where none is asked for.

    `use_default`: an address that asks for nothing opens the asker's default. Raises Http404 for a view they may not see.
    """
    named = query.get("view", "")
    asked = any(query.get(name) for name in STATE[page])
    view = None
    if named and named != NONE:
        view = find(asking, page, named)
    elif use_default and not named and not asked:
        view = default_of(asking, page)
    if view is None:
        return query, None
    made = QueryDict(view.query, mutable=True)
    for name in [name for name in made if name not in STATE[page]]:
        del made[name]
    for name in STATE[page]:
        if name in query:
            made.setlist(name, query.getlist(name))
    made["view"] = str(view.uid)
    return made, view


def context(asking: Who, page: str, query: QueryDict, view: SavedView | None) -> dict[str, Any]:
    """What a list shows of its saved views: all of them, the one that is open, and whether it is still as it was saved."""
    state = state_of(page, query)
    return {
        "views": list(visible(asking, page)), "view": view, "list_page": page, "list_state": state,
        "view_changed": view is not None and state != view.query,
    }  # fmt: skip


def find(asking: Who, page: str, uid: str) -> SavedView:
    """The view. Raises Http404 for what is none, or another person's."""
    try:
        found = visible(asking, page).filter(uid=UUID(uid)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404("there is no such view")
    return found


def default_of(asking: Who, page: str) -> SavedView | None:
    """One's own default, else everybody's. One query."""
    rows = visible(asking, page).filter(is_default=True).order_by("is_shared", "pk")
    found: SavedView | None = rows.first()
    return found


def state_of(page: str, query: QueryDict) -> str:
    """The list's state in that query, in a fixed order: what a view keeps."""
    kept = QueryDict(mutable=True)
    for name in STATE[page]:
        values = [value for value in query.getlist(name) if value]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


def save(
    asking: Who, page: str, *, name: str, query: str, is_shared: bool = False, is_default: bool = False, view: SavedView | None = None
) -> SavedView:  # fmt: skip
    """The view, new or changed. Raises Refused for a name that cannot be one, one view too many, and what the role does not allow."""
    name = " ".join(name.replace("\0", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused(_("Give the view a name of at most %(most)s characters.") % {"most": LONGEST_NAME})
    if len(query) > LONGEST_QUERY:
        raise Refused(_("These filters are too long to be saved."))
    was_shared = view is not None and view.is_shared
    if (is_shared or was_shared) and not asking.may(str(Role.ANALYST)):
        raise Refused(_("Views for everybody are made and changed by analysts."))
    if asking.user is None and not is_shared:
        raise Refused(_("A view of one's own needs an account; save it for everybody."))
    row = view or SavedView(page=page, owner=asking.user)
    if view is None and visible(asking, page).count() >= MOST:
        raise Refused(_("There are %(most)s views already; remove one first.") % {"most": MOST})
    if was_shared and not is_shared:
        row.owner = asking.user  # whoever takes it back from everybody keeps it
    row.name, row.query, row.is_shared, row.is_default = name, query, is_shared, is_default
    with transaction.atomic():
        if is_default:
            _one_default(row)
        row.save()
    return row


def _one_default(row: SavedView) -> None:
    """Where another is the default, it is no more: saved one by one, so that each leaves its line in the trail."""
    others = SavedView.objects.filter(page=row.page, is_default=True, is_shared=row.is_shared).exclude(pk=row.pk)
    for one in others if row.is_shared else others.filter(owner=row.owner):
        one.is_default = False
        one.save(update_fields=["is_default"])


def remove(asking: Who, view: SavedView) -> None:
    """Remove it. Raises Refused where the role does not allow it."""
    if view.is_shared and not asking.may(str(Role.ANALYST)):
        raise Refused(_("Views for everybody are removed by analysts."))
    view.delete()
