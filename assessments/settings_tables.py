"""What the settings list, as tables to take away: the audit trail, people, tokens, links, channels and their messages, operation.

An empty cell is not known, or did not happen. Secrets are in none of them, as on the pages.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.files.sent import sent
from assessments.files.tables import Cell
from assessments.models import Channel, Delivery, SharedLink
from riskboard import operating
from riskboard.accounts.access import needs
from riskboard.accounts.models import AuditEntry, Role
from riskboard.accounts.views import asked_entries
from riskboard.phrasebook import said

Row = tuple[Cell, ...]
AT_ONCE = 500  # rows read at once
AUDIT = ("at", "actor", "via", "did", "kind", "id", "label", "before", "after", "request")
PEOPLE = ("email", "role", "state", "since", "until")
TOKENS = ("name", "ends_in", "role", "kept_to", "made_by", "made_at", "expires_at", "revoked_at", "last_used_at")
LINKS = ("shows", "of", "made_by", "made_at", "expires_at", "revoked_at", "uses", "last_used_at")
CHANNELS = ("name", "kind", "to", "digest", "quiet_from", "quiet_to", "time_zone", "paused_at", "fault")
MESSAGES = ("id", "channel", "kind", "title", "page", "state", "error", "tries", "due_at", "sent_at")
JOBS = ("id", "kind", "queue", "whose", "attempts", "finished_at", "why")
PAGES = ("vendor", "url", "failures", "why", "next_look_at")
HOSTS = ("host", "failures", "not_before")


@require_safe
@never_cache
@needs(Role.ADMIN)
def audit_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """The trail as its page narrows it, every entry; what was before and after is JSON in a cell."""
    entries = asked_entries(request).iterator(chunk_size=AT_ONCE)
    return sent(request, "audit", form, AUDIT, (_entry(one) for one in entries))


def _entry(one: AuditEntry) -> Row:
    before, after = (json.dumps(part, ensure_ascii=False) if part else None for part in (one.before, one.after))
    return (one.at, one.actor, one.via, one.did, one.kind, one.object_id, one.label, before, after, one.request_id)


@require_safe
@never_cache
@needs(Role.ADMIN)
def people_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """Members, then invitations that are open."""
    room = request.who.workspace  # type: ignore[attr-defined]
    rows: list[Row] = [
        (one.user.email, one.role, "member", one.created_at, None) for one in room.memberships.select_related("user")
    ]
    rows += [
        (one.email, one.role, "invited", one.created_at, one.expires_at)
        for one in room.invitations.usable(timezone.now())
    ]
    return sent(request, "people", form, PEOPLE, rows)


@require_safe
@never_cache
@needs(Role.ADMIN)
def tokens_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """Every token, those that ended as well; of the secret its last four characters."""
    listed = request.who.workspace.tokens.select_related("created_by")  # type: ignore[attr-defined]
    rows = (
        (
            one.name, one.hint, one.role, one.scope, one.created_by.email if one.created_by else None, one.created_at,
            one.expires_at, one.revoked_at, one.last_used_at,
        )
        for one in listed.iterator(chunk_size=AT_ONCE)
    )  # fmt: skip
    return sent(request, "tokens", form, TOKENS, rows)


@require_safe
@never_cache
def links_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """Every link that was made, the newest first; where it leads to was shown once and is not kept."""
    listed = SharedLink.objects.select_related("report", "vendor").iterator(chunk_size=AT_ONCE)
    rows = (
        (
            one.kind, one.report.name if one.report else one.vendor.name if one.vendor else None, one.made_by, one.created_at,
            one.expires_at, one.revoked_at, one.uses, one.last_used_at,
        )
        for one in listed
    )  # fmt: skip
    return sent(request, "links", form, LINKS, rows)


@require_safe
@never_cache
@needs(Role.ADMIN)
def channels_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """Every channel; its whole address is sealed, and not in it."""
    rows = [  # now: a fault is said in the language of the request
        (
            one.name, one.kind, one.hint, one.digest, one.quiet_from and f"{one.quiet_from:%H:%M}",
            one.quiet_to and f"{one.quiet_to:%H:%M}", one.time_zone, one.paused_at, said(one.fault) or None,
        )
        for one in Channel.objects.all()
    ]  # fmt: skip
    return sent(request, "channels", form, CHANNELS, rows)


@require_safe
@never_cache
@needs(Role.ADMIN)
def messages_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """What became of each message, of one ?channel= or of all of them, the newest first."""
    found = Delivery.objects.select_related("channel", "notice").order_by("-due_at", "-pk")
    asked = request.GET.get("channel", "")
    if asked:
        found = found.filter(channel__uid=asked) if _is_uid(asked) else found.none()
    rows = (
        (
            str(one.uid), one.channel.name, one.notice.kind, one.notice.title, one.notice.path, one.state, one.error or None,
            one.attempts, one.due_at, one.sent_at,
        )
        for one in found.iterator(chunk_size=AT_ONCE)
    )  # fmt: skip
    return sent(request, "messages", form, MESSAGES, rows)


def _is_uid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _jobs(request: HttpRequest) -> Iterator[Row]:
    for one in operating.given_up().iterator(chunk_size=AT_ONCE):
        told = operating.shown(one, request)
        yield str(one.uid), one.kind, one.queue, told["whose"], one.attempts, one.finished_at, told["error"]


def _pages(_request: HttpRequest) -> Iterator[Row]:
    for one in operating.failing().iterator(chunk_size=AT_ONCE):
        yield one.page.vendor.name, one.page.url, one.failures, one.page.fault or None, one.due_at


def _hosts(_request: HttpRequest) -> Iterator[Row]:
    for one in operating.resting(timezone.now()):
        yield one.host, one.failures, one.not_before


OPERATION: dict[str, tuple[tuple[str, ...], Callable[[HttpRequest], Iterable[Row]]]] = {
    "jobs": (JOBS, _jobs), "pages": (PAGES, _pages), "hosts": (HOSTS, _hosts),
}  # fmt: skip


@require_safe
@never_cache
@operating.only_operator
def operation_table(request: HttpRequest, part: str, form: str) -> HttpResponseBase:
    """Jobs that were given up, pages that cannot be read, or hosts that are left alone: all of them, not only the first."""
    columns, rows = OPERATION[part]
    return sent(request, part, form, columns, list(rows(request)))
