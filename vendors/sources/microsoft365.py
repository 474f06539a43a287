"""Microsoft 365 through Graph: service health as customers with credentials see it, and nobody else.

The detail needs ServiceHealth.Read.All in the customer's own tenant, so the page is marked as open to customers only,
whatever it tells. Shape: learn.microsoft.com, resources `serviceHealthIssue` and `serviceHealth` of Graph 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as of
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from vendors.records import Access, Impact, PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.ledger import Draft, Post
from vendors.sources.own import OwnPage, Reading, instant, oldest
from vendors.sources.pagedata import rows_in
from vendors.sources.plaintext import plain
from vendors.sources.shapes import ROWS_CAP, typed

HOME = "https://status.cloud.microsoft"
GRAPH = "https://graph.microsoft.com/v1.0/admin/serviceAnnouncement"
# A state that neither says that a service is well nor that it is not (investigationSuspended, mitigated) is left unknown.
STATES: dict[str, PageState] = {
    "serviceOperational": "ok", "serviceRestored": "ok", "postIncidentReviewPublished": "ok", "falsePositive": "ok",
    "resolved": "ok", "resolvedExternal": "ok",
    "investigating": "issue", "restoringService": "issue", "verifyingService": "issue", "serviceDegradation": "issue",
    "serviceInterruption": "issue", "extendedRecovery": "issue", "confirmed": "issue", "reported": "issue",
}  # fmt: skip
IMPACTS: dict[str, Impact] = {"advisory": "minor", "incident": "major"}
_REVIEW = "post-incident"


class _Post(Struct):
    createdDateTime: str | None = None
    postType: str | None = None
    description: dict[str, Any] | None = None


class _Issue(Struct):
    id: str
    title: str = ""
    service: str = ""
    feature: str | None = None
    classification: str | None = None
    status: str = ""
    startDateTime: str | None = None
    endDateTime: str | None = None
    lastModifiedDateTime: str | None = None
    isResolved: bool | None = None
    posts: list[Any] = []


class _Overview(Struct):
    service: str
    status: str


class _Answer(Struct):
    value: list[Any]
    next: str | None = field(default=None, name="@odata.nextLink")


@dataclass(slots=True)
class GraphReading(Reading):
    """The services' states and the issues."""

    access: Access = "login"
    lists_open: bool = False
    states: set[PageState] = of(default_factory=set)
    issues: int = 0
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the overview of services or the issues."""
        answer = typed(body, _Answer, what)
        rows = answer.value[:ROWS_CAP]
        if len(answer.value) > ROWS_CAP:
            self.ledger.keep_out(what, f"{len(answer.value)} rows; only the first {ROWS_CAP} are read")
            self.unread += 1
        faults = self.ledger.quarantined
        known = len(faults)
        is_issue = any(isinstance(row, dict) and ("startDateTime" in row or "classification" in row) for row in rows)
        issues = rows_in(rows, _Issue, f"{what} issues", faults) if is_issue else []
        services = [] if is_issue else rows_in(rows, _Overview, f"{what} services", faults)
        if rows and not issues and not services:
            raise SourceChanged(f"{what} holds rows of another shape than Graph's service health")
        self.unread += len(faults) - known
        if is_issue:
            self.lists_open = answer.next is None  # the rest of a list in pages may hold open ones
        for issue in issues:
            self._add(issue)
        for service in services:
            self.part(service.service)
            self.states.add(STATES.get(service.status, "unknown"))

    def _add(self, issue: _Issue) -> None:
        self.issues += 1
        begun, ended = instant(issue.startDateTime), instant(issue.endDateTime)
        self.note(instant(issue.lastModifiedDateTime))
        over = STATES.get(issue.status) == "ok" if issue.isResolved is None else issue.isResolved
        posts = []
        ordered = rows_in(issue.posts, _Post, f"issue {issue.id} posts", self.ledger.quarantined)
        for n, post in enumerate(sorted(ordered, key=lambda p: p.createdDateTime or "")):
            words = plain(str((post.description or {}).get("content") or ""))
            state: Phase = "resolved" if over and n == len(ordered) - 1 else "update" if n else "investigating"
            if _REVIEW in words[:300].lower() and n:
                state = "postmortem"
            posts.append(Post(posted_at=instant(post.createdDateTime), text=words, state=state))
        self.ledger.add(
            Draft(
                id=issue.id, title=issue.title, impact=IMPACTS.get(issue.classification or ""), status=issue.status,
                raw_impact=issue.classification, started_at=begun, resolved_at=ended if over else None,
                open=False if over and ended is None and not posts else None if over else True,
                posts=posts, components=[part for part in (issue.service,) if part],
            )
        )  # fmt: skip
        self.oldest = oldest([self.oldest, begun], self.ledger.as_of)

    def banner(self) -> PageState:
        """By the overview of services: well only where each is."""
        if "issue" in self.states:
            return "issue"
        return "ok" if self.states == {"ok"} else "unknown"

    def window(self) -> Window:
        """Back to the oldest issue; Graph keeps them for about a month after they end."""
        if self.oldest is None:
            return Window(start=None, end=None, complete=False, reason="only the overview of services was read")
        reason = f"{self.issues} issues as Graph keeps them for the customer who signs in"
        return Window(start=self.oldest, end=self.ledger.as_of, complete=False, reason=reason)


class Microsoft365(OwnPage):
    """Reads saved answers of Graph's service health; nothing of it is asked without the customer's credentials."""

    id = "microsoft365"
    name = "Microsoft 365"
    home = HOME
    vendor = "Microsoft 365"
    reading = GraphReading
    about = About(
        kind="own",
        tested="written",
        reads="Graph /admin/serviceAnnouncement/healthOverviews and issues, saved by the customer",
        depth="as Graph keeps issues",
        start="`startDateTime`",
        impact="advisory or incident",
        hosts=("status.cloud.microsoft", "status.office365.com", "graph.microsoft.com"),
        traps="the public page is a fallback that shows little: openness counts as customers only",
        login=True,
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for answers of Graph's service health by their keys."""
        head = raw.body[:100_000]
        if raw.status >= 400 or b'"value"' not in head:
            return 0.0
        return (
            0.95 if b"serviceAnnouncement" in head or (b'"isResolved"' in head and b'"classification"' in head) else 0.0
        )

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The overview and the issues. Without credentials both are refused, which is what openness records."""
        return (
            Endpoint(name="healthOverviews", url=f"{GRAPH}/healthOverviews", required=True),
            Endpoint(name="issues", url=f"{GRAPH}/issues"),
        )


MICROSOFT365 = Microsoft365()
