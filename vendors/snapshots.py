"""The bytes behind the facts: kept packed and once, asked for again only if they changed, dropped only if nothing cites them."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from vendors import models
from vendors.sources.base import Raw

LEVEL = 6  # zlib's own middle way: 12 times smaller on status JSON, 40 MB/s
Fetch = Callable[..., Raw]


def keep(page: models.StatusPage, answers: Mapping[str, Raw]) -> int:
    """Keep the answers of one read; how many were new. What is kept already only gets the time it was seen last."""
    new = 0
    for name, raw in answers.items():
        sha256 = hashlib.sha256(raw.body).hexdigest()
        row = models.Snapshot.objects.filter(page=page, name=name, sha256=sha256).select_related("body").first()
        if row is None:
            models.Snapshot.objects.create(
                page=page,
                body=_body(sha256, raw.body),
                name=name,
                url=raw.url,
                sha256=sha256,
                etag=raw.etag,
                last_modified=raw.last_modified,
                first_fetched_at=raw.fetched_at,
                last_fetched_at=raw.fetched_at,
            )
            new += 1
        elif raw.fetched_at > row.last_fetched_at:
            row.last_fetched_at, row.etag, row.last_modified = raw.fetched_at, raw.etag, raw.last_modified
            row.save(update_fields=["last_fetched_at", "etag", "last_modified"])
            if row.body.packed is None:  # dropped long ago, and served again
                models.Body.objects.filter(pk=row.body_id).update(packed=zlib.compress(raw.body, LEVEL))
    return new


def _body(sha256: str, data: bytes) -> models.Body:
    body, _ = models.Body.objects.get_or_create(
        sha256=sha256, defaults={"packed": zlib.compress(data, LEVEL), "size": len(data)}
    )
    return body


@dataclass(slots=True)
class Remembered:
    """A fetcher that asks a page's addresses only for news: what did not change comes from what was kept.

    `asked` counts requests, `unchanged` those answered with "not modified" or with the same bytes as before.
    """

    page: models.StatusPage
    fetch: Fetch
    asked: int = 0
    unchanged: int = 0
    known: dict[str, models.Snapshot] = field(default_factory=dict)
    answers: dict[str, Raw] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = self.page.snapshots.order_by("last_fetched_at").defer("page")
        self.known = {row.url: row for row in rows}

    def __call__(self, url: str) -> Raw:
        """The answer of that address, with its bytes whether it was sent again or not. Asked once; raises as the fetcher does."""
        if url not in self.answers:
            self.answers[url] = self._ask(url)
        return self.answers[url]

    def _ask(self, url: str) -> Raw:
        row = self.known.get(url)
        self.asked += 1
        if row is None or not (row.etag or row.last_modified):
            raw = self.fetch(url)
            self.unchanged += row is not None and hashlib.sha256(raw.body).hexdigest() == row.sha256
            return raw
        raw = self.fetch(url, etag=row.etag or None, last_modified=row.last_modified or None)
        if raw.status != 304:
            self.unchanged += hashlib.sha256(raw.body).hexdigest() == row.sha256
            return raw
        data = row.body.data
        if data is None:  # the bytes were dropped: "not modified" is no use
            return self.fetch(url)
        self.unchanged += 1
        return replace(raw, body=data, status=200, etag=row.etag, last_modified=row.last_modified)


def cite(hashes: Iterable[str]) -> None:
    """Mark the bytes of those hashes as evidence of an assessment: retention leaves them alone for good."""
    models.Body.objects.filter(sha256__in=list(hashes), cited=False).update(cited=True)


@transaction.atomic
def drop_old(*, now: datetime, keep_for: timedelta) -> int:
    """Drop the bytes no assessment cites and no read saw for that long, the newest of each address excepted; how many.

    Rows, hashes and times stay: what was served when remains known, only its bytes go.
    """
    newer = models.Snapshot.objects.filter(
        page=OuterRef("page"), name=OuterRef("name"), last_fetched_at__gt=OuterRef("last_fetched_at")
    )
    in_use = models.Snapshot.objects.filter(body=OuterRef("pk")).annotate(outdated=Exists(newer))
    recent = in_use.filter(last_fetched_at__gte=now - keep_for)
    newest = in_use.filter(outdated=False)
    old = models.Body.objects.filter(cited=False, packed__isnull=False).exclude(Exists(recent)).exclude(Exists(newest))
    return models.Body.objects.filter(pk__in=list(old.values_list("pk", flat=True))).update(packed=None)
