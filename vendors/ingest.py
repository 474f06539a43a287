"""Writing facts: from a bundled file, or from reading a page. Idempotent: the same payload again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from riskboard.errors import Refused
from vendors import models, snapshots
from vendors.discovery import Found
from vendors.inspection import documents_of, kept_out, slug_of, vendor_name_of
from vendors.integrity import watched_over
from vendors.records import Page, Vendor, VendorFacts, Window
from vendors.sources.base import Parsed, Raw
from vendors.standing import Look
from vendors.store import Seen, digest_of, keep_observations, store

Fetch = Callable[[str], Raw]


@dataclass(frozen=True, slots=True)
class Stored:
    """A page as stored after a read, and whether the read told anything new."""

    page: models.StatusPage
    news: bool


@transaction.atomic
def ingest_facts(facts: VendorFacts) -> models.Vendor:
    """The vendor row with all of `facts` stored; what was there before and is not in them stays."""
    vendor = _vendor(facts.vendor)
    for number, page in enumerate(facts.pages):
        row = _page(vendor, page, window=page.window or facts.window, as_of=facts.as_of)
        _served_by(row, page.platform, facts.as_of)
        if number == 0:
            row.sources = msgspec.to_builtins(facts.sources)
            row.backup = msgspec.to_builtins(facts.backup)
            row.save(update_fields=["sources", "backup"])
        store(
            row,
            components=page.components,
            incidents=[incident for incident in facts.incidents if incident.page == page.url],
            maintenances=facts.maintenances if number == 0 else (),
            observations=facts.openness if number == 0 else (),
        )
    return vendor


def refresh_page(
    url: str,
    *,
    as_of: datetime,
    fetch: Fetch | None = None,
    report: Callable[[int, str], None] = lambda percent, message: None,
) -> models.StatusPage:
    """Read the page at `url` and store what it says; the page row, with its vendor.

    A read that fails (no answer, not understood) changes no fact: it is noted on the page if there is one, and raised
    as Refused. The answers are kept byte for byte in the transaction that stores what they say. Without `fetch` the real
    one is used, which takes its turn at every host it asks.
    """
    from vendors.turns import Turns

    turns, look = None, None
    if fetch is None:
        from django.utils import timezone

        from vendors.fetching import fetch as real_fetch
        from vendors.fetching import look_at_host

        look = look_at_host
        fetch = turns = Turns(real_fetch, timezone.now, apart=False)
    try:
        stored = read_and_store(url, as_of=as_of, fetch=fetch, look=look, report=report)
    except Refused as refusal:
        models.StatusPage.objects.filter(url=url.rstrip("/")).update(fault=str(refusal)[:500], state="unknown")
        raise
    finally:
        if turns is not None:
            turns.give_back()
    return stored.page


def read_and_store(
    url: str,
    *,
    as_of: datetime,
    fetch: Fetch,
    found: Found | None = None,
    look: Look | None = None,
    report: Callable[[int, str], None] = lambda percent, message: None,
) -> Stored:
    """Read the page at `url` (or the one already `found`) and store what it says. Raises Refused; then nothing changed."""
    from vendors.discovery import read_page

    parsed, answers = read_page(url, fetch=fetch, as_of=as_of, found=found, look=look)
    report(40, "keeping the evidence")
    return store_read(parsed, answers, as_of=as_of)


@transaction.atomic
def store_read(parsed: Parsed, answers: Mapping[str, Raw], *, as_of: datetime) -> Stored:
    """One read of one page, stored: raw bytes, then what they say."""
    known = models.StatusPage.objects.select_related("vendor").filter(url=parsed.page.url).first()
    if known is None:
        name = vendor_name_of(parsed.page.name, parsed.page.url)
        vendor = _vendor(Vendor(name=name, slug=_free_slug(slug_of(name), parsed.page.url)))
    else:
        vendor = known.vendor
    same_product = known is None or known.platform == parsed.page.platform
    row = _page(vendor, parsed.page, window=_joined(known, parsed.window), as_of=as_of)
    _served_by(row, parsed.page.platform, as_of)
    row.sources = msgspec.to_builtins(documents_of(answers) + kept_out(parsed.quarantined, as_of))
    row.fetched_at, row.fault = as_of, ""
    row.save(update_fields=["sources", "fetched_at", "fault"])
    snapshots.keep(row, answers)
    _reached(row, parsed, as_of)
    news = store(
        row,
        components=parsed.page.components,
        incidents=parsed.incidents,
        maintenances=parsed.maintenances,
        observations=parsed.observations,
        seen=Seen(as_of, parsed.window, lists_open=parsed.lists_open, same_product=same_product),
    )
    keep_observations(row, watched_over(row, as_of=as_of))
    return Stored(row, news or known is None or known.state != parsed.page.state)


def _served_by(page: models.StatusPage, platform: str, at: datetime) -> None:
    """Note which product serves the page; a change ends the time of the one before."""
    now = page.products.filter(until=None).first()
    if now is not None and now.platform == platform:
        return
    if now is not None:
        page.products.filter(pk=now.pk).update(until=max(at, now.since))
    models.PageProduct.objects.create(page=page, platform=platform, since=at)


def _reached(page: models.StatusPage, parsed: Parsed, at: datetime) -> None:
    """Note, once a day, how far back the page reached and how much it listed."""
    start = parsed.window.start
    models.PageReach.objects.update_or_create(
        page=page,
        day=at.date(),
        defaults={
            "platform": parsed.page.platform,
            "reach_days": None if start is None else max(0.0, (at - start) / timedelta(days=1)),
            "incidents": len(parsed.incidents),
        },
    )


def _vendor(vendor: Vendor) -> models.Vendor:
    row, _ = models.Vendor.objects.get_or_create(
        slug=vendor.slug, defaults={"name": vendor.name, "category": vendor.category}
    )
    return row


def _free_slug(slug: str, url: str) -> str:
    """The slug, or one made unique by the page's address where another vendor has it."""
    if not models.Vendor.objects.filter(slug=slug).exists():
        return slug
    return f"{slug[:60]}-{digest_of(url)[:8]}"


def _page(vendor: models.Vendor, page: Page, *, window: Window, as_of: datetime) -> models.StatusPage:
    row, _ = models.StatusPage.objects.update_or_create(
        url=page.url,
        defaults={
            "vendor": vendor,
            "platform": page.platform,
            "name": page.name,
            "access": page.access,
            "state": page.state,
            "window_start": window.start,
            "window_end": window.end,
            "window_complete": window.complete,
            "window_reason": window.reason,
            "facts_as_of": as_of,
        },
    )
    return row


def _joined(known: models.StatusPage | None, window: Window) -> Window:
    """The window of all reads so far: joined where they touch, else the new one alone."""
    if known is None or known.window_start is None or known.window_end is None:
        return window
    if window.start is None:
        return Window(
            start=known.window_start, end=known.window_end, complete=known.window_complete, reason=known.window_reason
        )
    if window.start > known.window_end:  # nobody looked in between: the gap is told, not bridged
        return msgspec.structs.replace(
            window, complete=False, reason=f"{window.reason}; not read for a time before"[:500]
        )
    return msgspec.structs.replace(window, start=min(window.start, known.window_start))
