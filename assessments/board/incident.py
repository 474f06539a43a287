"""One incident as it was told: to scale, and post by post with what each says and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from assessments.report.charts.incident import SLACK, rows, strip
from assessments.report.incidents import view_of
from assessments.report.links import safe_link
from assessments.report.phrases import clean
from assessments.report.tokens import SCREEN
from assessments.scoring.communication import human_updates
from assessments.scoring.reading import measured, read_incident
from assessments.scoring.words import Measured
from riskboard.locales import MINUTE, duration, when
from vendors.records import Element, Incident, Update

LONGEST_TEXT, MOST_POSTS = 20_000, 400
TELLS: dict[Element, str] = {
    "component": gettext_lazy("which part"),
    "symptom": gettext_lazy("what goes wrong"),
    "scope_number": gettext_lazy("how many, in figures"),
    "scope_vague": gettext_lazy("some are affected"),
    "region": gettext_lazy("where"),
    "times": gettext_lazy("when it began or ended"),
    "cause": gettext_lazy("why"),
    "action": gettext_lazy("what is being done"),
    "workaround": gettext_lazy("what to do meanwhile"),
    "next_update": gettext_lazy("when news comes next"),
}
ASKED: tuple[Element, ...] = (
    "component",
    "symptom",
    "scope_number",
    "region",
    "times",
    "action",
    "workaround",
    "next_update",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a post's text; `tells` names what it tells, empty for none."""

    text: str
    tells: str


@dataclass(frozen=True, slots=True)
class Note:
    """What else is to be said of a post, and how it looks: "pass" for a kept promise, "fail" for a broken one, else "unknown"."""

    text: str
    look: str = "unknown"


@dataclass(frozen=True, slots=True)
class Post:
    """One update as shown. `pieces` empty: the words are not kept here, only what they told."""

    at: datetime
    phase: str
    since: str
    pieces: tuple[Piece, ...]
    tells: tuple[str, ...]
    lacks: tuple[str, ...]
    notes: tuple[Note, ...]


def incident_page(
    incident: Incident, *, listed: Sequence[str], vendor: str, rto_hours: float, as_of: datetime
) -> dict[str, Any]:
    """Everything the page of one incident shows. `listed`: the components its page lists; `as_of` ends what is still open."""
    read = read_incident(incident, tuple(listed), vendor)
    posts = list(_posts(read, tuple(listed), vendor, as_of))
    wordless = not any(post.pieces for post in posts)
    return {
        "i": view_of(read, rto_hours, as_of), "incident": incident, "posts": posts[:MOST_POSTS], "wordless": wordless,
        "left_out": max(0, len(posts) - MOST_POSTS), "strip": strip(read, SCREEN, rto_hours=rto_hours, as_of=as_of, width=1040),
        "rows": rows(read, as_of=as_of)[:MOST_POSTS], "components": [clean(name, 80) for name in incident.components][:20],
        "link": safe_link(incident.url) or safe_link(incident.page), "postmortem": safe_link(incident.postmortem_url),
        "conflicts": [(clean(c.field, 30), clean(c.used, 80), clean(c.instead_of, 80), clean(c.why, 200)) for c in incident.conflicts],
        "is_open": incident.end_known == "open", "rto": duration(rto_hours),
    }  # fmt: skip


def _posts(read: Incident, listed: tuple[str, ...], vendor: str, as_of: datetime) -> Iterator[Post]:
    last: datetime | None = read.started_at if read.start_stated else None
    people = [one.posted_at for one in human_updates(read)]
    for n, update in enumerate(sorted(read.updates, key=lambda one: one.posted_at)):
        elements = set(update.elements or ())
        asked = update.elements is not None and not _is_last(update)
        following = min((at for at in people if at > update.posted_at), default=None)
        yield Post(
            at=update.posted_at,
            phase="" if update.state == "unknown" else update.state.replace("_", " "),
            since="" if last is None else _since(last, update.posted_at, first=n == 0),
            pieces=() if update.text is None else tuple(pieces(update.text, measured(update, read, listed, vendor))),
            tells=tuple(TELLS[name] for name in TELLS if name in elements),
            lacks=tuple(TELLS[name] for name in ASKED if name not in elements) if asked else (),
            notes=tuple(_notes(update, following, as_of)),
        )
        last = update.posted_at


def _since(last: datetime, at: datetime, *, first: bool) -> str:
    """How long after the post before, or the claimed start."""
    length = duration(max(0.0, (at - last) / timedelta(hours=1)))
    said = gettext("%(length)s after the claimed start") if first else gettext("%(length)s after the last")
    return said % {"length": length}


def _is_last(update: Update) -> bool:
    """Whether the post ends the matter: it need not say when news comes next, nor what to do meanwhile."""
    return update.state in ("resolved", "postmortem")


def _notes(update: Update, following: datetime | None, as_of: datetime) -> Iterator[Note]:
    """What else is to be said of a post. People promise news and people keep it: a machine's post does neither, as in the score."""
    if update.canned:
        yield Note(gettext("a stock phrase"))
    if update.automated:
        yield Note(gettext("posted by a machine"))
    if update.edited:
        yield Note(gettext("edited after it was posted"))
    if update.withdrawn_at is not None:
        yield Note(gettext("taken off the page by %(when)s UTC") % {"when": when(update.withdrawn_at, MINUTE)})
    if update.elements is None:
        yield Note(gettext("not measured: no rules for its language"))
    if update.promised_at is not None and not update.automated:
        yield _promise(update.promised_at, following, as_of)


def _promise(promised: datetime, following: datetime | None, as_of: datetime) -> Note:
    """Whether news came by the time a post named."""
    told = {"when": f"{promised:%H:%M}"}
    if following is None and as_of <= promised + SLACK:
        return Note(gettext("promised news by %(when)s UTC: not due yet") % told)
    if following is None:
        return Note(gettext("promised news by %(when)s UTC: broken, never came") % told, "fail")
    if following <= promised + SLACK:
        return Note(gettext("promised news by %(when)s UTC: kept") % told, "pass")
    late = duration((following - promised) / timedelta(hours=1))
    return Note(gettext("promised news by %(when)s UTC: broken, %(late)s late") % {**told, "late": late}, "fail")


def pieces(text: str, found: Measured) -> Iterator[Piece]:
    """The text cut where something is told; where two elements share words, the first to begin has them."""
    text = text[:LONGEST_TEXT]
    spans = sorted((start, end, name) for name, places in found.elements.items() for start, end in places)
    at = 0
    for start, end, name in spans:
        start = max(start, at)
        if end <= start:
            continue
        if start > at:
            yield Piece(text[at:start], "")
        yield Piece(text[start:end], TELLS[name])
        at = end
    if at < len(text):
        yield Piece(text[at:], "")
