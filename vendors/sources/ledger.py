"""What a page tells, in the form every source hands over, and the one set of rules that makes records of it.

Five times are kept apart: the start the vendor claims, when the incident was posted, when each update was, the time the
vendor shows for an update (which may be backdated), and when we first saw it. A start is what the vendor states or tells
in its text, else the earliest time the page speaks of. An end is stated, follows from a closing post, or is not known; an
end before the start, a time in the future or before any status page existed is kept out, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from vendors.records import Conflict, EndKnown, Impact, Incident, Maintenance, Phase, Update
from vendors.sources.base import Quarantined
from vendors.sources.plaintext import MAX_CHARACTERS, short
from vendors.sources.prose import start_in_prose

STATED_APART = timedelta(minutes=5)  # docs/limits.md: a start this far before the first post was typed, not clocked
SAME_MOMENT = timedelta(minutes=1)  # display times have minutes
FUTURE = timedelta(minutes=5)  # vendors.facts_file.FUTURE_SLACK: clocks differ
FAR_AHEAD = timedelta(days=5 * 366)  # announced work may lie ahead, but not for decades
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before any status page; also what a server writes for "no time"
UPDATES_CAP = 2_000  # docs/limits.md: posts of one incident
TEXT_CAP = 500


@dataclass(slots=True, kw_only=True)
class Post:
    """One post as a source read it: `text` already plain; `posted_at` when it became public, `shown_at` the vendor's own time.

    `promised_at`: the time by which the page itself (not its text) promises the next update. `automated`: a machine wrote it.
    """

    posted_at: datetime | None
    text: str
    state: Phase = "unknown"
    shown_at: datetime | None = None
    automated: bool = False
    edited: bool = False
    promised_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Draft:
    """One unplanned event as a source read it, not yet checked.

    `started_at`: the start the page states, None if it states none. `created_at`: when the incident itself was posted,
    used where no post tells. `open`: True or False where the page says so, None where only its posts and `resolved_at`
    tell. `guess`: what of its times is our reading, None where the page left no choice.
    """

    id: str
    title: str
    impact: Impact | None = None
    raw_impact: str | None = None
    status: str = ""
    started_at: datetime | None = None
    created_at: datetime | None = None
    resolved_at: datetime | None = None
    open: bool | None = None
    posts: list[Post] = field(default_factory=list)
    components: Iterable[str] = ()
    url: str | None = None
    postmortem_url: str | None = None
    guess: str | None = None


@dataclass(slots=True, kw_only=True)
class DraftMaintenance:
    """One announced window as a source read it, not yet checked."""

    id: str
    title: str
    announced_at: datetime | None = None
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    completed_at: datetime | None = None
    components: Iterable[str] = ()
    url: str | None = None


@dataclass(slots=True)
class Ledger:
    """The records of one page so far, and what was kept out. `as_of`: the time of reading."""

    page_url: str
    as_of: datetime
    incidents: dict[str, Incident] = field(default_factory=dict)
    maintenances: dict[str, Maintenance] = field(default_factory=dict)
    quarantined: list[Quarantined] = field(default_factory=list)

    def keep_out(self, where: str, reason: str) -> None:
        """Note something that is not in the record, and why."""
        self.quarantined.append(Quarantined(where=short(where, 200), reason=short(reason, 300)))

    def sound(self, at: datetime | None, where: str, *, ahead: bool = False) -> datetime | None:
        """`at` in UTC to the second if it can be true, else None and a note. `ahead`: the future is allowed.

        A time without a zone raises ValueError: a source must say which zone it means.
        """
        if at is None:
            return None
        if at.tzinfo is None:
            raise ValueError(f"{where}: a time without a zone came from a source")
        if at < EARLIEST:
            if at.year > 1:  # year 1 is how some servers write "no time"
                self.keep_out(where, f"{at.date().isoformat()} is before any status page existed")
            return None
        if at > self.as_of + (FAR_AHEAD if ahead else FUTURE):
            self.keep_out(where, f"{at.isoformat()} lies after the time of reading ({iso(self.as_of)})")
            return None
        return (at if at.tzinfo is UTC else at.astimezone(UTC)).replace(microsecond=0)

    def add(self, draft: Draft) -> None:
        """Check one event and put it in; an id that was there before keeps its first telling, and that is noted."""
        where = f"incident {short(draft.id, 100)}"
        if not is_id(draft.id):
            self.keep_out(where, "its id is none a status page gives")
            return
        if draft.id in self.incidents:
            self.keep_out(where, "it is listed twice; the first telling is used")
            return
        incident = self._incident(draft, where)
        if incident is not None:
            self.incidents[draft.id] = incident

    def add_maintenance(self, draft: DraftMaintenance) -> None:
        """Check one announced window and put it in."""
        where = f"maintenance {short(draft.id, 100)}"
        if not is_id(draft.id):
            self.keep_out(where, "its id is none a status page gives")
            return
        begin = self.sound(draft.scheduled_for, f"{where} scheduled_for", ahead=True)
        until = self.sound(draft.scheduled_until, f"{where} scheduled_until", ahead=True)
        if begin is not None and until is not None and until < begin:
            self.keep_out(f"{where} scheduled_until", "the announced end lies before the announced begin")
            until = None
        self.maintenances[draft.id] = Maintenance(
            id=draft.id,
            title=short(draft.title, TEXT_CAP),
            announced_at=self.sound(draft.announced_at, f"{where} announced"),
            scheduled_for=begin,
            scheduled_until=until,
            completed_at=self.sound(draft.completed_at, f"{where} completed"),
            components=names(draft.components),
            url=web(draft.url),
        )

    def in_order(self) -> tuple[tuple[Incident, ...], tuple[Maintenance, ...], tuple[Quarantined, ...]]:
        """Everything, in an order that does not depend on the document's."""
        return (
            tuple(sorted(self.incidents.values(), key=lambda i: (i.started_at, i.id))),
            tuple(self.maintenances[key] for key in sorted(self.maintenances)),
            tuple(sorted(self.quarantined, key=lambda row: (row.where, row.reason))),
        )

    def _incident(self, draft: Draft, where: str) -> Incident | None:
        posts = self._posts(draft, where)
        live = [post for post in posts if post.state != "postmortem"] or posts
        created = self.sound(draft.created_at, f"{where} created_at")
        first_post = min((post.posted_at for post in live if post.posted_at), default=created)
        told = self._start(draft, live, where, first_post)
        if told is None:
            return None
        started, stated, in_prose, conflicts = told
        resolved, end_known = self._end(draft, live, where)
        if resolved is not None and resolved < started:
            why = "the stated end lies before the start; its length is not counted"
            conflicts += (conflict("resolved_at", None, resolved, why),)
            self.keep_out(f"{where} resolved_at", why)
            resolved, end_known = None, "unknown"
        if draft.guess:
            conflicts += (conflict("started_at", started, None, draft.guess),)
        url = web(draft.url)
        reviewed = any(post.state == "postmortem" for post in posts)
        return Incident(
            id=draft.id,
            page=self.page_url,
            title=short(draft.title, TEXT_CAP),
            impact=draft.impact,
            status=short(draft.status, TEXT_CAP) or (live[-1].state if live else "unknown"),
            started_at=started,
            first_posted_at=first_post,
            resolved_at=resolved,
            end_known=end_known,
            raw_impact=short(draft.raw_impact, TEXT_CAP) if draft.raw_impact else None,
            start_stated=stated,
            start_in_prose=in_prose,
            components=names(draft.components),
            url=url,
            postmortem_url=web(draft.postmortem_url) or (url if reviewed else None),
            backfilled=_entered_afterwards(live, first_post, resolved),
            updates=tuple(_update(post) for post in posts),
            conflicts=conflicts,
        )

    def _posts(self, draft: Draft, where: str) -> list[Post]:
        """The posts whose time can be true, oldest first."""
        posts: list[Post] = []
        if len(draft.posts) > UPDATES_CAP:
            self.keep_out(where, f"{len(draft.posts)} updates; only {UPDATES_CAP} are kept")
        for post in draft.posts[:UPDATES_CAP]:
            if post.posted_at is None:
                self.keep_out(f"{where} update", "it has no time")
                continue
            at = self.sound(post.posted_at, f"{where} update")
            if at is None:
                continue
            shown = at if post.shown_at is None else self.sound(post.shown_at, f"{where} update shown") or at
            post.posted_at, post.shown_at = at, shown
            post.promised_at = self.sound(post.promised_at, f"{where} promise", ahead=True)
            posts.append(post)
        posts.sort(key=lambda post: (post.posted_at, post.state == "resolved", post.state == "postmortem", post.text))
        return posts

    def _start(
        self, draft: Draft, live: list[Post], where: str, first_post: datetime | None
    ) -> tuple[datetime, bool, bool, tuple[Conflict, ...]] | None:
        """(start, stated apart from the post?, told in prose?, conflicts); None, and a note, if no time is usable."""
        stated = self.sound(draft.started_at, f"{where} started_at")
        prose = None
        if first_post is not None and (stated is None or first_post - stated <= STATED_APART):
            told = ((post.text, post.posted_at) for post in live if post.posted_at is not None)
            prose = start_in_prose(told, first_post=first_post)
        times = [at for at in (stated, prose, first_post, *(post.shown_at for post in live)) if at is not None]
        if not times:
            self.keep_out(where, "it has no time that can be true")
            return None
        started = min(times)
        conflicts: tuple[Conflict, ...] = ()
        if stated is not None and stated - started > STATED_APART:
            why = "its text tells an earlier start" if started == prose else "the page speaks of it before that"
            conflicts = (conflict("started_at", started, stated, why),)
        apart = first_post is not None and first_post - started > STATED_APART
        return started, apart, prose is not None and started == prose and apart, conflicts

    def _end(self, draft: Draft, live: list[Post], where: str) -> tuple[datetime | None, EndKnown]:
        """(end, what is known of it). What went on after its "resolved" is open, whatever end is left in it."""
        resolved = self.sound(draft.resolved_at, f"{where} resolved_at")
        if draft.open is True:
            return None, "open"
        closing = [post for post in live if post.state == "resolved"]
        reopened = draft.open is None and bool(closing) and live[-1].state in ("investigating", "identified")
        if reopened:
            return None, "open"
        if resolved is None and closing:
            last = closing[-1]
            resolved = min(at for at in (last.posted_at, last.shown_at) if at is not None)
            if len(live) == 1 and draft.started_at is None:
                return None, "unknown"  # one post that says it is over: it happened, nobody says how long
        if resolved is not None:
            return resolved, "stated"
        return (None, "unknown") if draft.open is False else (None, "open")


def names(parts: Iterable[str]) -> tuple[str, ...]:
    """The names on one line each, each once, in their order; empty ones left out."""
    return tuple(dict.fromkeys(name for part in parts if (name := short(part, TEXT_CAP))))


def web(url: str | None) -> str | None:
    """The address if it is a web address of bearable length, else None: a link is shown, so `javascript:` is none."""
    text = (url or "").strip()
    good = text.lower().startswith(("https://", "http://")) and len(text) <= 2000
    return text if good and not any(c.isspace() or ord(c) < 32 for c in text) else None


def conflict(name: str, used: datetime | None, instead_of: datetime | None, why: str) -> Conflict:
    """Two readings of one time: which was used (None: neither), which was not (None: another than the text's), and why."""
    return Conflict(
        field=name,
        used="unknown" if used is None else iso(used),
        instead_of="another reading" if instead_of is None else iso(instead_of),
        why=short(why),
    )


def iso(at: datetime) -> str:
    """The time in UTC, to the second. For times that `sound` let pass: the ends of the calendar have no UTC form."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_id(text: str) -> bool:
    """Whether the text can be an incident's id: 1 to 200 printable characters without blanks."""
    return 0 < len(text) <= 200 and text.isprintable() and not any(c.isspace() for c in text)


def _update(post: Post) -> Update:
    assert post.posted_at is not None
    return Update(
        posted_at=post.posted_at,
        state=post.state,
        text=post.text[:MAX_CHARACTERS],
        automated=post.automated,
        edited=post.edited,
        promised_at=post.promised_at,
    )


def _entered_afterwards(live: list[Post], first_post: datetime | None, resolved: datetime | None) -> bool:
    """Whether the first public word came at or after the end."""
    if first_post is None:
        return False
    if len(live) == 1 and live[0].state == "resolved":
        return True
    return resolved is not None and bool(live) and first_post >= resolved
