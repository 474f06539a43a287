"""When a page is read next, and reading it: seldom when all is quiet, every quarter of an hour while something is open.

One tick enqueues what is due; the job rows make sure that each page is read once however many beats tick. Most looks cost
one conditional request and change nothing but the time of the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import CharField, F, Max
from django.db.models.functions import Cast
from django.dispatch import Signal

from riskboard import jobs
from riskboard.errors import NotNow, Refused
from vendors import models
from vendors.discovery import Found
from vendors.ingest import read_and_store
from vendors.snapshots import Fetch, Remembered
from vendors.sources.registry import by_id
from vendors.standing import Look
from vendors.turns import APART, Turns

OPEN: Final = timedelta(minutes=15)  # while an incident or maintenance is open (method §2.1: first seen within 15 min)
RECENT: Final = timedelta(minutes=30)  # for a week after the last news
QUIET: Final = timedelta(hours=1)
RECENTLY: Final = timedelta(days=7)
FULL: Final = timedelta(hours=24)  # a full read at least so often, whatever the first document says
LONGEST: Final = timedelta(hours=24)  # between tries of a page that fails
JITTER: Final = 0.1  # of the interval, either way, so that a thousand pages added at once spread out
facts_changed = Signal()  # a look brought news: `page`, `now`. Who judges facts listens; facts know nothing of judges
A_TICK: Final = 500  # pages enqueued by one tick


def interval(*, busy: bool, changed_at: datetime | None, failures: int, now: datetime) -> timedelta:
    """How long until the next look. Doubled with each failure in a row, at most LONGEST."""
    if failures:
        return min(OPEN * 2 ** min(failures, 10), LONGEST)
    if busy:
        return OPEN
    return RECENT if changed_at is not None and now - changed_at <= RECENTLY else QUIET


def jittered(length: timedelta, *, page: int, now: datetime) -> timedelta:
    """The interval, longer or shorter by at most JITTER: by a hash, so that the same look gives the same time."""
    digest = hashlib.sha256(f"{page} {now.isoformat()}".encode()).digest()
    share = int.from_bytes(digest[:4]) / 2**32
    return length * (1 + JITTER * (2 * share - 1))


def watch(page: models.StatusPage, *, now: datetime) -> models.Watch:
    """Begin to watch the page (idempotent): it is due after one interval."""
    row, made = models.Watch.objects.get_or_create(
        page=page, defaults={"due_at": now + jittered(OPEN, page=page.pk, now=now)}
    )
    if not made and row.due_at is None:
        row.due_at = now + jittered(OPEN, page=page.pk, now=now)
        row.save(update_fields=["due_at"])
    return row


def unwatch(page: models.StatusPage) -> None:
    """Stop watching; what is known stays."""
    models.Watch.objects.filter(page=page).update(due_at=None)


def is_watched(vendor: models.Vendor) -> bool:
    """Whether any page of the vendor is looked at: then its facts are newer than any record that came bundled."""
    return models.Watch.objects.filter(page__vendor=vendor, due_at__isnull=False).exists()


def tick(*, now: datetime) -> int:
    """Enqueue a look at the pages that are due and not enqueued yet, the longest due first, A_TICK at most; how many.

    Two ticks at once enqueue each page once.
    """
    from riskboard.jobs.models import Job

    set_right(now=now)
    waiting = Job.anyone.open().filter(kind="poll").values("key")
    due = (
        models.Watch.objects.filter(due_at__lte=now).annotate(key=Cast("page_id", CharField())).exclude(key__in=waiting)
    )
    pages = list(due.order_by("due_at").values_list("page_id", flat=True)[:A_TICK])
    for page_id in pages:
        jobs.enqueue("poll", {"page": page_id}, queue="poll", key=str(page_id))
    return len(pages)


def set_right(*, now: datetime) -> int:
    """Bring looks back that a clock which was set back has left in the future; how many pages.

    All by the same step, which the newest look tells: they stay as far apart as they were, and nothing is read all at once.
    """
    ahead = models.Watch.objects.filter(checked_at__gt=now + APART)
    newest = ahead.aggregate(at=Max("checked_at"))["at"]
    if newest is None:
        return 0
    step = newest - now
    return ahead.update(due_at=F("due_at") - step, checked_at=F("checked_at") - step)


def look(
    page_id: int,
    *,
    now: datetime,
    fetch: Fetch,
    clock: Callable[[], datetime] | None = None,
    look_at: Look | None = None,
) -> str:
    """Look at one page once, and say when next. What came of it: "unchanged", "read", "failed", "not now" or "not watched".

    A failure changes no fact: it is noted on the page, which is looked at again later and later.
    """
    row = models.Watch.objects.select_related("page").filter(page_id=page_id).first()
    if row is None or row.due_at is None:
        return "not watched"
    turns = Turns(fetch, clock or (lambda: now))
    memory = Remembered(row.page, turns)
    try:
        outcome = _read(row, memory, now, look_at)
    except NotNow as refusal:
        row.due_at = max(refusal.until, now) + jittered(timedelta(seconds=20), page=page_id, now=now)
        row.save(update_fields=["due_at"])
        return "not now"
    except Refused as refusal:
        return _failed(row, str(refusal), now)
    finally:
        turns.give_back()
    return outcome


def _read(row: models.Watch, memory: Remembered, now: datetime, look_at: Look | None) -> str:
    page = row.page
    source = by_id(page.platform)
    stale = row.read_at is None or now - row.read_at >= FULL or row.failures
    if source is not None and not stale:
        first = source.endpoints(page.url)[0]
        memory(first.url)
        if memory.unchanged:
            _next(row, now, news=False, full=False)
            return "unchanged"
    found = None if source is None else Found(page.url, source, 1.0, {}, ())
    known = None if row.failures else found
    news = read_and_store(page.url, as_of=now, fetch=memory, found=known, look=look_at).news
    _next(row, now, news=news, full=True)
    if news:
        facts_changed.send(sender=models.StatusPage, page=page, now=now)
    return "read"


def _next(row: models.Watch, now: datetime, *, news: bool, full: bool) -> None:
    row.checked_at, row.failures = now, 0
    row.changed_at = now if news else row.changed_at
    row.read_at = now if full else row.read_at
    page = models.StatusPage.objects.get(pk=row.page_id) if full else row.page
    busy = page.state in ("issue", "maintenance") or page.incidents.filter(document__end_known="open").exists()
    length = interval(busy=busy, changed_at=row.changed_at, failures=0, now=now)
    row.due_at = now + jittered(length, page=row.page_id, now=now)
    row.save(update_fields=["checked_at", "failures", "changed_at", "read_at", "due_at"])


def _failed(row: models.Watch, why: str, now: datetime) -> str:
    row.checked_at, row.failures = now, row.failures + 1
    length = interval(busy=False, changed_at=None, failures=row.failures, now=now)
    row.due_at = now + jittered(length, page=row.page_id, now=now)
    row.save(update_fields=["checked_at", "failures", "due_at"])
    models.StatusPage.objects.filter(pk=row.page_id).update(fault=why[:500], state="unknown")
    return "failed"
