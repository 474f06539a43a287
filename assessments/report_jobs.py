"""Having reports made: what can be asked for, of what, and how many at once. The report centre and the API ask here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from assessments.board import saved
from assessments.board.listing import listed
from assessments.models import ListPage, Report
from assessments.plans import newest_judgement
from riskboard import jobs
from riskboard.accounts.access import Who
from riskboard.errors import Refused
from riskboard.jobs.models import Job, State
from riskboard.locales import ENGLISH, LANGUAGES

MOST_OPEN = 5  # reports at work or waiting; a report takes seconds to a minute of one worker
FAILED = (State.FAILED, State.DEAD, State.CANCELLED)


class TooManyOpen(Refused):
    """As many reports as one workspace may ask for are being made already."""


@dataclass(frozen=True, slots=True)
class Made:
    """A kind of report that can be made: what goes in, and how many assessments it takes."""

    kind: str
    title: str
    contents: str
    least: int
    most: int


KINDS: tuple[Made, ...] = (
    Made(
        "vendor",
        gettext_lazy("One vendor"),
        gettext_lazy(
            "Summary on one page, score and pillars, the chance of an outage, incidents and how they were told, what to do first."
        ),
        1,
        1,
    ),
    Made(
        "portfolio",
        gettext_lazy("Several vendors together"),
        gettext_lazy("Who stands where, what the vendors share, and what falls together. At least two assessments."),
        2,
        40,
    ),
    Made(
        "comparison",
        gettext_lazy("Vendors beside each other"),
        gettext_lazy(
            "What differs between two to five vendors, check by check, who leads and how firm that is. Sideways, for a meeting."
        ),
        2,
        5,
    ),
    Made(
        "continuity",
        gettext_lazy("The continuity plan"),
        gettext_lazy(
            "Could we carry on, what is wrong with the plan, what is to be done, and a runbook on paper for each critical service."
        ),
        0,
        0,
    ),
    Made(
        "improvement",
        gettext_lazy("What to improve"),
        gettext_lazy(
            "Every recommendation with its effect and owner, and everything the lint found, for working through."
        ),
        0,
        0,
    ),
)


def asked_for(
    kind: str, uids: Sequence[str], *, paper: str = "", archive: bool = False, language: str = ""
) -> dict[str, Any]:
    """What `enqueued` takes for that report of those assessments (by uid, each once; what is no uid is left out), or of the plan.

    Raises Refused saying what is missing.
    """
    chosen = next((one for one in KINDS if one.kind == kind), None)
    if chosen is None:
        raise Refused(gettext("Choose what kind of report."))
    more: dict[str, Any] = ({"paper": "letter"} if paper == "letter" else {}) | ({"archive": True} if archive else {})
    if language in LANGUAGES and language != ENGLISH:  # English is what is made where nothing is said
        more["language"] = language
    if chosen.most == 0:
        judgement = newest_judgement()
        if judgement is None:
            raise Refused(
                gettext("%(title)s: the plan was not judged yet. Open the plan first.") % {"title": chosen.title}
            )
        return {"kind": chosen.kind, "judgement": str(judgement.uid), "assessments": []} | more
    known = list(dict.fromkeys(uid for uid in uids if is_uid(uid)))[: chosen.most + 1]
    if not chosen.least <= len(known) <= chosen.most:
        many = (
            gettext("exactly one assessment")
            if chosen.most == 1
            else gettext("%(least)s to %(most)s assessments") % {"least": chosen.least, "most": chosen.most}
        )
        raise Refused(gettext("%(title)s: choose %(many)s.") % {"title": chosen.title, "many": many})
    return {"kind": chosen.kind, "assessments": known} | more


def shown_by(asking: Who, view: str) -> list[str]:
    """The newest assessments of the vendors a saved view shows, in its order, by uid; one more than a report takes at most.

    Raises Http404 for a view the asker may not see, Refused where its filters can no longer be used.
    """
    query, _ = saved.opened(asking, ListPage.VENDORS, QueryDict(f"view={view}"))
    found = listed(query)
    if not found.form.is_valid():
        raise Refused("The view's filters cannot be used any more; open it and save it anew.")
    most = max(one.most for one in KINDS)
    return [str(uid) for uid in found.qs.values_list("newest__uid", flat=True)[: most + 1]]


def enqueued(args: dict[str, Any]) -> Job:
    """The job of those arguments, the open one where it was asked for already. Raises TooManyOpen."""
    key = hashlib.sha256(json.dumps(args, sort_keys=True).encode()).hexdigest()
    waiting = Job.objects.open().filter(kind="report")
    if waiting.count() >= MOST_OPEN and not waiting.filter(key=key).exists():
        raise TooManyOpen(
            gettext(
                "%(most_open)s reports are being made already. Wait for one to finish, or cancel one in the report centre."
            )
            % {"most_open": MOST_OPEN}
        )
    return jobs.enqueue("report", args, queue="report", key=key)


def check(made: Report) -> Job:
    """The job that works every figure of a report out again from the data it carries."""
    return jobs.enqueue("verify", {"report": str(made.uid)}, queue="report", key=str(made.uid))


def is_uid(text: str) -> bool:
    """Whether that is a uid as addresses and forms write it."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
