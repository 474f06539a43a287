"""The shared nouns: what a vendor said in public, as frozen typed records.

These records are both what the pure cores compute with and the `riskboard.facts/1` file format: one definition, so the
two cannot drift. They are msgspec structs rather than dataclasses for three reasons measured in docs/adr/0002: decoding
a facts file validates every type, names the path of the first fault, and costs a fifth of `json` plus checks.

Conventions: every time is an aware UTC `datetime`; None means "not known", never "no"; tuples keep the source's order
unless a docstring says otherwise. Nothing here reads a clock, a file or a socket.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

SCHEMA = "riskboard.facts/1"

UtcTime = Annotated[datetime, Meta(tz=True)]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
ShortText = Annotated[str, Meta(max_length=500)]
Url = Annotated[str, Meta(max_length=2000)]
LongText = Annotated[str, Meta(max_length=100_000)]

Impact = Literal["none", "minor", "major", "critical"]
IMPACT_ORDER: tuple[Impact, ...] = ("none", "minor", "major", "critical")
Access = Literal["public", "login", "none", "unknown"]
PageState = Literal["ok", "issue", "maintenance", "unknown"]
EndKnown = Literal["stated", "upper_bound", "open", "unknown"]
ReplyKind = Literal["wrong-fact", "not-ours", "outdated", "missing-context", "method"]
ReportKind = Literal["press", "letter", "login-dashboard", "ticket", "other"]
Phase = Literal["investigating", "identified", "monitoring", "update", "resolved", "postmortem", "unknown"]
Element = Literal[
    "component", "symptom", "scope_number", "scope_vague", "region", "times", "cause", "action", "workaround",
    "next_update",
]  # fmt: skip
ELEMENTS: tuple[Element, ...] = (
    "component", "symptom", "scope_number", "scope_vague", "region", "times", "cause", "action", "workaround",
    "next_update",
)  # fmt: skip


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every record: immutable, compared by value, unknown fields refused on reading."""


class Vendor(Record, frozen=True):
    """Who is judged. `category` is one of the catalogue's words ("email", "dev tools", ...) or "unknown"."""

    name: ShortText
    slug: Slug
    category: ShortText = "unknown"


class Component(Record, frozen=True):
    """A part of the service the page lists. `id` is the source's own; `group` None when the page has no groups."""

    id: ShortText
    name: ShortText
    group: ShortText | None = None


class Page(Record, frozen=True):
    """One status page. `state` is the page's own banner at `VendorFacts.as_of`; "unknown" when it could not be read.

    `window` is what the record of this page alone covers, and why it stops there; None where only the whole is known.
    """

    url: Url
    platform: ShortText
    name: ShortText
    access: Access = "unknown"
    state: PageState = "unknown"
    components: tuple[Component, ...] = ()
    window: Window | None = None


class Window(Record, frozen=True, rename={"start": "from", "end": "to"}):
    """The span the record covers. `start`/`end` are None when nothing is covered at all.

    `complete` is True only if every incident the page ever published inside the span is believed to be here; `reason`
    says in words why the span stops where it does ("50-incident cap", "snapshots began", ...).
    JSON names: `from` and `to` (`from` is a Python keyword, so the attribute cannot carry it).
    """

    start: UtcTime | None
    end: UtcTime | None
    complete: bool
    reason: ShortText

    @property
    def length(self) -> timedelta | None:
        """How long the window is; None when either side is not known."""
        return None if self.start is None or self.end is None else self.end - self.start


class Update(Record, frozen=True):
    """One post about an incident.

    Exactly one of `text` (the vendor's words) or `elements` (which elements the words were measured to contain) is
    given; bundled histories carry only elements, because the words belong to the vendor. `canned` says whether the text
    was a stock phrase, None if that was not measured. `promised_at` is the time by which a next update was promised,
    None if none was promised. `edited`: its words were changed after it was posted. `withdrawn_at`: when our polling first
    found it missing though older and newer posts stood; it was said, so it stays. `first_seen_at` is when Riskboard or the
    collector first saw the post, None if unknown. `upstreams`: where only elements are given, the upstreams of the method's
    list that the words blamed; left out of the document where there are none.
    """

    posted_at: UtcTime
    state: Phase = "unknown"
    first_seen_at: UtcTime | None = None
    text: LongText | None = None
    elements: tuple[Element, ...] | None = None
    canned: bool | None = None
    promised_at: UtcTime | None = None
    automated: bool = False
    edited: bool = False
    withdrawn_at: UtcTime | None = None
    upstreams: tuple[ShortText, ...] | UnsetType = UNSET


class Conflict(Record, frozen=True):
    """Two sources disagree about one field of one incident: what each said, which was used, and why."""

    field: ShortText
    used: ShortText
    instead_of: ShortText
    why: ShortText


class Incident(Record, frozen=True):
    """One unplanned event, updates oldest first.

    `started_at` is the claimed start; `start_stated` is True only if the source states a start apart from the post.
    `first_posted_at` is the first public post. `resolved_at` is None while open or when no source tells the end.
    `end_known`: the end was stated, is only an upper bound (the incident vanished from the page by then), is open, or is
    unknown (it ended, nobody says when: the incident counts, its length does not). `impact` None: the source gives none.
    `backfilled`: first posted at or after its own end. `start_in_prose`: the start is told only in the text of a post.
    `gone_at`: when our polling first found that the page no longer shows it though it should; the facts stay. `also`: the
    other pages and instances of the vendor that tell the same event, which is counted once.
    """

    id: ShortText
    page: Url
    title: ShortText
    impact: Impact | None
    status: ShortText
    started_at: UtcTime
    first_posted_at: UtcTime | None
    resolved_at: UtcTime | None
    end_known: EndKnown
    raw_impact: ShortText | None = None
    start_stated: bool = False
    components: tuple[ShortText, ...] = ()
    url: Url | None = None
    postmortem_url: Url | None = None
    backfilled: bool = False
    updates: tuple[Update, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    start_in_prose: bool = False
    gone_at: UtcTime | None = None
    also: tuple[Url, ...] = ()
    reported: ReportKind | UnsetType = UNSET

    @property
    def is_reported(self) -> bool:
        """Whether it was learnt elsewhere than from the vendor's own page: no word of the vendor's can be judged by it."""
        return self.reported is not UNSET

    def duration_hours(self) -> float | None:
        """Claimed length in hours, >= 0; None while the incident is open."""
        if self.resolved_at is None:
            return None
        return (self.resolved_at - self.started_at).total_seconds() / 3600


class ObservedSpan(Record, frozen=True):
    """One time an independent observer saw the service fail.

    `end` is None where it still failed when the export was made. `observer` names who watched: a monitor, a product.
    `note` says where it comes from. Short ones are kept; what is too short to count is for who counts to say.
    """

    start: UtcTime
    end: UtcTime | None
    observer: ShortText
    note: ShortText | None = None


class Maintenance(Record, frozen=True):
    """One announced window. Never an outage by itself; `completed_at` None when not stated."""

    id: ShortText
    title: ShortText
    announced_at: UtcTime | None = None
    scheduled_for: UtcTime | None = None
    scheduled_until: UtcTime | None = None
    completed_at: UtcTime | None = None
    components: tuple[ShortText, ...] = ()
    url: Url | None = None


class Observation(Record, frozen=True):
    """One thing seen (or looked for and not seen) about a page: the evidence of an openness check.

    `check` is the check's id; `outcome` what was seen; `value` a figure or word, None if there is none; `sha256` the hash
    of the bytes it was read from, None where it was not read from one document.
    """

    check: ShortText
    outcome: Literal["pass", "partial", "fail", "unknown", "not_applicable"]
    observed_at: UtcTime
    value: float | str | bool | None = None
    url: Url | None = None
    note: ShortText | None = None
    sha256: ShortText | None = None


class BackupAnswer(Record, frozen=True):
    """One questionnaire answer. `item` is "B1".."B17"; "withheld" means the vendor was asked and would not say.

    `evidence` is a link or a file name; None means self-declared only, which counts half.
    """

    item: Annotated[str, Meta(pattern=r"^B([1-9]|1[0-7])$")]
    answer: Literal["yes", "partial", "no", "withheld", "unknown"]
    evidence: Url | None = None
    answered_at: UtcTime | None = None
    note: ShortText | None = None


class Reply(Record, frozen=True):
    """The vendor's own objection, from a closed vocabulary: shown wherever the number is, never changing it.

    About one check (`check`, its id), one incident (`incident`, its id on `page`) or, with neither, the whole judgement.
    `wrong-fact`: it did not happen so; `not-ours`: another's service; `outdated`: changed since; `missing-context`: true,
    and not the whole; `method`: the way of judging. `statement` is the vendor's, `evidence` where anyone can look.
    """

    kind: ReplyKind
    statement: ShortText
    filed_at: UtcTime
    check: ShortText | None = None
    incident: ShortText | None = None
    evidence: Url | None = None


class SourceNote(Record, frozen=True):
    """Where facts came from: a person can go there and look."""

    name: ShortText
    retrieved: ShortText
    url: Url | None = None
    sha256: ShortText | None = None
    note: ShortText | None = None


class VendorFacts(Record, frozen=True):
    """Everything known about one vendor at `as_of`: the single input of scoring and forecast.

    Incidents are ordered by (started_at, page, id), maintenances by (scheduled_for, id): `facts_file.normalise` sees to
    it, so equal facts give equal bytes whatever order they arrived in. `observed`, by (start, observer), is left out of the
    document where it is empty, and so are `replies`, by (filed_at, check, incident).
    """

    vendor: Vendor
    as_of: UtcTime
    pages: tuple[Page, ...]
    window: Window
    schema: Literal["riskboard.facts/1"] = "riskboard.facts/1"
    incidents: tuple[Incident, ...] = ()
    maintenances: tuple[Maintenance, ...] = ()
    openness: tuple[Observation, ...] = ()
    backup: tuple[BackupAnswer, ...] = ()
    sources: tuple[SourceNote, ...] = ()
    observed: tuple[ObservedSpan, ...] = ()
    replies: tuple[Reply, ...] | UnsetType = UNSET
