"""One incident as it was told: to scale, and post by post with what each says and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assessments.report.charts.incident import SLACK, rows, strip
from assessments.report.context import safe_link, view_of
from assessments.report.phrases import clean
from assessments.report.tokens import SCREEN
from assessments.scoring.words import Measured, measure
from riskboard.durations import hours_text
from vendors.records import Element, Incident, Update

MINUTE = timedelta(minutes=1)
LONGEST_TEXT, MOST_POSTS = 20_000, 400
TELLS: dict[Element, str] = {
    "component": "which part",
    "symptom": "what goes wrong",
    "scope_number": "how many, in figures", "scope_vague": "some are affected",
    "region": "where", "times": "when it began or ended", "cause": "why", "action": "what is being done",
    "workaround": "what to do meanwhile", "next_update": "when news comes next",
}  # fmt: skip
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
class Post:
    """One update as shown. `pieces` empty: the words are not kept here, only what they told. `points` None: not measured."""

    at: datetime
    phase: str
    since: str
    pieces: tuple[Piece, ...]
    tells: tuple[str, ...]
    lacks: tuple[str, ...]
    points: float | None
    notes: tuple[str, ...]


def incident_page(
    incident: Incident, *, listed: Sequence[str], vendor: str, rto_hours: float, as_of: datetime
) -> dict[str, Any]:
    """Everything the page of one incident shows. `listed`: the components its page lists; `as_of` ends what is still open."""
    names = (*listed, *(name for name in incident.components if name not in listed))
    posts = list(_posts(incident, names, vendor, as_of))
    read = _read(incident, names, vendor)
    return {
        "i": view_of(read, rto_hours, as_of), "incident": incident, "posts": posts[:MOST_POSTS],
        "left_out": max(0, len(posts) - MOST_POSTS), "strip": strip(read, SCREEN, rto_hours=rto_hours, as_of=as_of, width=1040),
        "rows": rows(read, as_of=as_of)[:MOST_POSTS], "components": [clean(name, 80) for name in incident.components][:20],
        "link": safe_link(incident.url) or safe_link(incident.page), "postmortem": safe_link(incident.postmortem_url),
        "conflicts": [(clean(c.field, 30), clean(c.used, 80), clean(c.instead_of, 80), clean(c.why, 200)) for c in incident.conflicts],
        "is_open": incident.end_known == "open", "rto": hours_text(rto_hours),
    }  # fmt: skip


def _read(incident: Incident, names: Sequence[str], vendor: str) -> Incident:
    """The incident with what its posts tell, as the score reads them."""
    import msgspec

    updates = []
    for one in incident.updates:
        found = _measured(one, names, vendor)
        if found is not None and found.points is not None:
            one = msgspec.structs.replace(
                one,
                elements=tuple(found.elements),
                canned=found.canned,
                promised_at=one.promised_at or found.promised_at,
            )
        updates.append(one)
    return msgspec.structs.replace(incident, updates=tuple(updates))


def _measured(update: Update, names: Sequence[str], vendor: str) -> Measured | None:
    if update.text is None:
        return None
    return measure(update.text, tuple(names), posted_at=update.posted_at, vendor=vendor)


def _posts(incident: Incident, names: Sequence[str], vendor: str, as_of: datetime) -> Iterator[Post]:
    last = incident.started_at
    told = sorted(incident.updates, key=lambda one: one.posted_at)
    for n, update in enumerate(told):
        found = _measured(update, names, vendor)
        elements = set(found.elements if found else update.elements or ())
        measured = update.elements is not None if found is None else found.points is not None
        promised = update.promised_at or (found.promised_at if found else None)
        canned = found.canned if found and measured else update.canned
        yield Post(
            at=update.posted_at,
            phase="" if update.state == "unknown" else update.state.replace("_", " "),
            since=_since(last, update.posted_at, first=n == 0),
            pieces=tuple(pieces(update.text, found)) if update.text is not None else (),
            tells=tuple(TELLS[name] for name in TELLS if name in elements),
            lacks=tuple(TELLS[name] for name in ASKED if name not in elements)
            if measured and not _is_last(update)
            else (),
            points=found.points if found else None,
            notes=tuple(_notes(update, promised, _next(told, n), canned=canned, measured=measured, as_of=as_of)),
        )
        last = update.posted_at


def _since(last: datetime, at: datetime, *, first: bool) -> str:
    """How long after the post before, or the claimed start."""
    length = hours_text(max(0.0, (at - last) / timedelta(hours=1)))
    return f"{length} after the {'claimed start' if first else 'last'}"


def _is_last(update: Update) -> bool:
    """Whether the post ends the matter: it need not say when news comes next, nor what to do meanwhile."""
    return update.state in ("resolved", "postmortem")


def _next(told: list[Update], n: int) -> datetime | None:
    return told[n + 1].posted_at if n + 1 < len(told) else None


def _notes(
    update: Update,
    promised: datetime | None,
    following: datetime | None,
    *,
    canned: bool | None,
    measured: bool,
    as_of: datetime,
) -> Iterator[str]:
    if canned:
        yield "a stock phrase"
    if update.automated:
        yield "posted by a machine"
    if update.edited:
        yield "edited after it was posted"
    if update.withdrawn_at is not None:
        yield f"taken off the page by {update.withdrawn_at:%Y-%m-%d %H:%M} UTC"
    if not measured:
        yield "not measured: no rules for its language"
    if promised is None:
        return
    if following is None and as_of <= promised + SLACK:
        yield f"promised news by {promised:%H:%M} UTC: not due yet"
    elif following is not None and following <= promised + SLACK:
        yield f"promised news by {promised:%H:%M} UTC: kept"
    else:
        late = "never came" if following is None else f"{hours_text((following - promised) / timedelta(hours=1))} late"
        yield f"promised news by {promised:%H:%M} UTC: broken, {late}"


def pieces(text: str, found: Measured | None) -> Iterator[Piece]:
    """The text cut where something is told; where two elements share words, the first to begin has them."""
    text = text[:LONGEST_TEXT]
    spans = sorted(
        (start, end, name) for name, places in (found.elements if found else {}).items() for start, end in places
    )
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
