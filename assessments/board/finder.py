"""Finding anything by a few letters: pages, vendors followed, what the plan holds, and vendors of the list not followed yet.

The palette (Ctrl+K) and the page /find/ show the same. Accents and case do not matter; every word typed must be found.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from django.urls import reverse

from assessments import plans
from assessments.continuity.plan import KINDS
from assessments.models import Followed
from assessments.planning.fields import words_of
from riskboard.accounts.access import Who
from riskboard.accounts.models import Role
from vendors.catalogue.search import search

LONGEST, MOST_WORDS = 100, 8
MOST_VENDORS, MOST_ITEMS, MOST_LISTED = 8, 6, 4
_PAGES = (
    ("Portfolio", "what needs somebody today", "home", Role.VIEWER),
    ("Vendors", "list search filter tags", "vendors", Role.VIEWER),
    ("Add a vendor", "assess a status page", "add", Role.ANALYST),
    ("Compare vendors", "side by side", "compare", Role.VIEWER),
    ("Plan", "continuity plan overview", "plan", Role.VIEWER),
    ("Answers of the plan", "could we carry on gaps money", "plan-answers", Role.VIEWER),
    ("Check of the plan", "lint faults", "plan-lint", Role.VIEWER),
    ("Register", "recommendations risks accepted planned done", "plan-register", Role.VIEWER),
    ("Promises", "commitments of vendors kept broken", "plan-commitments", Role.VIEWER),
    ("History of the plan", "revisions undo milestones", "plan-history", Role.VIEWER),
    ("Plan in and out", "import export file", "plan-files", Role.VIEWER),
    ("Reports", "pdf download verify", "reports", Role.VIEWER),
    ("Method", "checks weights thresholds sources", "method", Role.VIEWER),
    ("Catalogue", "every known status page", "catalogue", Role.VIEWER),
    ("Your settings", "profile time zone password passkey", "profile", Role.VIEWER),
    ("People", "members invitations roles", "people", Role.ADMIN),
    ("Tokens", "api programs", "tokens", Role.ADMIN),
    ("Audit trail", "who changed what", "audit", Role.ADMIN),
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

    Where nothing is typed, the pages alone; where too much is, nothing. Two queries, and one walk over the vendors' names.
    """
    words = _fold(text).split()
    if len(text) > LONGEST or len(words) > MOST_WORDS:
        return []
    pages = [
        Found("page", name, "", reverse(view))
        for name, more, view, role in _PAGES
        if who.may(role) and _holds(f"{name} {more}", words)
    ]
    if not words:
        return pages
    followed = dict(Followed.objects.filter(archived_at=None).values_list("vendor__slug", "vendor__name"))
    return [
        *_vendors(followed, words),
        *pages,
        *_of_the_plan(words),
        *(_listed(text, followed) if who.may(Role.ANALYST) else ()),
    ]


def _vendors(followed: dict[str, str], words: list[str]) -> list[Found]:
    """Vendors by name; those that begin with what was typed stand first."""
    hits = [
        (not _fold(name).startswith(words[0]), _fold(name), slug)
        for slug, name in followed.items()
        if _holds(f"{name} {slug}", words)
    ]
    best = sorted(hits)[:MOST_VENDORS]
    found = [Found("vendor", followed[slug], "", reverse("vendor", args=[slug])) for _, _, slug in best]
    if len(best) == 1:  # it is this one that is meant: what can be done with it
        (_, _, slug) = best[0]
        acts = (("What if", "what-if"), ("Incidents", "incidents"), ("Backup answers", "questionnaire"))
        found += [Found("vendor", followed[slug], word, reverse(view, args=[slug])) for word, view in acts]
    return found


def _of_the_plan(words: list[str]) -> list[Found]:
    plan = plans.current().parsed()
    items = ((kind, item) for kind in KINDS for item in getattr(plan, kind))
    hits = (
        Found(words_of(kind).one, name, "in the plan", reverse("plan-edit", args=[kind, item.id]))
        for kind, item in items
        if (name := getattr(item, "name", "")) and _holds(name, words)
    )
    return _first(hits, MOST_ITEMS)


def _listed(text: str, followed: dict[str, str]) -> list[Found]:
    """Vendors of the list that nobody follows here yet: one press from being assessed."""
    names = set(followed.values())
    hits = (
        Found(
            "not followed yet",
            hit.vendor.name,
            "assess it",
            f"{reverse('add')}?{urlencode({'target': hit.vendor.pages[0].url})}",
        )
        for hit in search(text, 2 * MOST_LISTED)
        if hit.vendor.name not in names and hit.vendor.slug not in followed
    )
    return _first(hits, MOST_LISTED)


def _first(found: Iterable[Found], count: int) -> list[Found]:
    return list(islice(found, count))


def _fold(text: str) -> str:
    """Without case and accents: "Zürich" is found by "zurich"."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _holds(text: str, words: list[str]) -> bool:
    folded = _fold(text)
    return all(word in folded for word in words)
