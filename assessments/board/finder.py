"""Finding anything by a few letters: pages, vendors followed, what the plan holds, and vendors of the list not followed yet.

The palette (Ctrl+K) and the page /find/ show the same. Accents and case do not matter; every word typed must be found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from django.db.models import Case, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from assessments import plans
from assessments.continuity.plan import KINDS
from assessments.following import folded
from assessments.models import Followed
from assessments.planning.fields import words_of
from riskboard.accounts.access import Who
from riskboard.accounts.models import Role
from vendors.catalogue.search import search

LONGEST, MOST_WORDS = 100, 8
MOST_VENDORS, MOST_ITEMS, MOST_LISTED = 8, 6, 4
_PAGES = (  # its name and the words it is found by
    (gettext_lazy("Portfolio"), gettext_lazy("what needs somebody today"), "home", Role.VIEWER),
    (gettext_lazy("Vendors"), gettext_lazy("list search filter tags"), "vendors", Role.VIEWER),
    (gettext_lazy("Add a vendor"), gettext_lazy("assess a status page"), "add", Role.ANALYST),
    (gettext_lazy("Compare vendors"), gettext_lazy("side by side"), "compare", Role.VIEWER),
    (gettext_lazy("Plan"), gettext_lazy("continuity plan overview"), "plan", Role.VIEWER),
    (gettext_lazy("Answers of the plan"), gettext_lazy("could we carry on gaps money"), "plan-answers", Role.VIEWER),
    (gettext_lazy("Check of the plan"), gettext_lazy("lint faults"), "plan-lint", Role.VIEWER),
    (
        gettext_lazy("Register"),
        gettext_lazy("recommendations risks accepted planned done"),
        "plan-register",
        Role.VIEWER,
    ),
    (gettext_lazy("Promises"), gettext_lazy("commitments of vendors kept broken"), "plan-commitments", Role.VIEWER),
    (gettext_lazy("History of the plan"), gettext_lazy("revisions undo milestones"), "plan-history", Role.VIEWER),
    (gettext_lazy("Plan in and out"), gettext_lazy("import export file"), "plan-files", Role.VIEWER),
    (gettext_lazy("Reports"), gettext_lazy("pdf download verify"), "reports", Role.VIEWER),
    (gettext_lazy("Method"), gettext_lazy("checks weights thresholds sources"), "method", Role.VIEWER),
    (gettext_lazy("The API"), gettext_lazy("programs endpoints schema openapi token"), "program-docs", Role.VIEWER),
    (gettext_lazy("Catalogue"), gettext_lazy("every known status page"), "catalogue", Role.VIEWER),
    (gettext_lazy("Your settings"), gettext_lazy("profile time zone password passkey"), "profile", Role.VIEWER),
    (gettext_lazy("People"), gettext_lazy("members invitations roles"), "people", Role.ADMIN),
    (gettext_lazy("Tokens"), gettext_lazy("api programs"), "tokens", Role.ADMIN),
    (gettext_lazy("Audit trail"), gettext_lazy("who changed what"), "audit", Role.ADMIN),
)


@dataclass(frozen=True, slots=True)
class Found:
    """One line to go to: `kind` in a word ("page", "vendor", ...), its name, a note beside it ("" for none), and its address."""

    kind: str
    name: str
    note: str
    url: str


def find(text: str, who: Who) -> list[Found]:
    """What matches: vendors followed, pages one may see, items of the plan, then listed vendors not followed.

    Where nothing is typed, the pages alone; where too much is, nothing. Three queries, however many vendors.
    """
    words = folded(text).split()
    if len(text) > LONGEST or len(words) > MOST_WORDS:
        return []
    pages = [
        Found(gettext("page"), str(name), "", reverse(view))
        for name, more, view, role in _PAGES
        if who.may(role) and _holds(f"{name} {more}", words)
    ]
    if not words:
        return pages
    return [
        *_vendors(words),
        *pages,
        *_of_the_plan(words),
        *(_listed(text) if who.may(Role.ANALYST) else ()),
    ]


def _vendors(words: list[str]) -> list[Found]:
    """Vendors by name; those that begin with what was typed stand first. One query, which gives back no more than are shown."""
    rows = named(Followed.objects.filter(archived_at=None), " ".join(words))
    first = Case(When(sought__startswith=words[0], then=0), default=1)
    best = list(rows.order_by(first, "sought", "pk").values_list("vendor__slug", "vendor__name")[:MOST_VENDORS])
    found = [Found(gettext("vendor"), name, "", reverse("vendor", args=[slug])) for slug, name in best]
    if len(best) == 1:  # it is this one that is meant: what can be done with it
        ((slug, name),) = best
        acts = (
            (gettext("What if"), "what-if"),
            (gettext("Incidents"), "incidents"),
            (gettext("Backup answers"), "questionnaire"),
        )
        found += [Found(gettext("vendor"), name, word, reverse(view, args=[slug])) for word, view in acts]
    return found


def named(rows: QuerySet[Followed], text: str) -> QuerySet[Followed]:
    """Those whose name holds every word of that text, accents and case aside; all of them where there is none."""
    for word in folded(text[:LONGEST]).split()[:MOST_WORDS]:
        rows = rows.filter(sought__contains=word)
    return rows


def _of_the_plan(words: list[str]) -> list[Found]:
    plan = plans.current().parsed()
    items = ((kind, item) for kind in KINDS for item in getattr(plan, kind))
    hits = (
        Found(str(words_of(kind).one), name, gettext("in the plan"), reverse("plan-edit", args=[kind, item.id]))
        for kind, item in items
        if (name := getattr(item, "name", "")) and _holds(name, words)
    )
    return _first(hits, MOST_ITEMS)


def _listed(text: str) -> list[Found]:
    """Vendors of the list that nobody follows here yet: one press from being assessed."""
    known = search(text, 2 * MOST_LISTED)
    same = Q(vendor__slug__in=[hit.vendor.slug for hit in known]) | Q(
        vendor__name__in=[hit.vendor.name for hit in known]
    )
    followed = Followed.objects.filter(same, archived_at=None).values_list("vendor__slug", "vendor__name")
    taken = {word for pair in followed for word in pair}
    hits = (
        Found(
            gettext("not followed yet"),
            hit.vendor.name,
            gettext("assess it"),
            f"{reverse('add')}?{urlencode({'target': hit.vendor.pages[0].url})}",
        )
        for hit in known
        if hit.vendor.name not in taken and hit.vendor.slug not in taken
    )
    return _first(hits, MOST_LISTED)


def _first(found: Iterable[Found], count: int) -> list[Found]:
    return list(islice(found, count))


def _holds(text: str, words: list[str]) -> bool:
    whole = folded(text)
    return all(word in whole for word in words)
