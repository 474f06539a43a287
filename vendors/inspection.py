"""inspect(): what one address or one saved answer says, as facts, without storing anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import re2

from riskboard.errors import Refused
from vendors.facts_file import FactsError, loads, normalise
from vendors.records import SourceNote, Vendor, VendorFacts
from vendors.sources.base import Parsed, Raw, SourceChanged
from vendors.sources.registry import SOURCES, by_id

Fetch = Callable[[str], Raw]
NOWHERE = "https://status.invalid"


def facts_from(
    parsed: Parsed, *, as_of: datetime, name: str | None = None, sources: tuple[SourceNote, ...] = ()
) -> VendorFacts:
    """The facts of one read of one page."""
    vendor_name = name or _vendor_name(parsed.page.name)
    notes = tuple(
        SourceNote(name=q.where, retrieved=as_of.isoformat(), note=f"left out: {q.reason}") for q in parsed.quarantined
    )
    return normalise(
        VendorFacts(
            vendor=Vendor(name=vendor_name, slug=slug_of(vendor_name)),
            as_of=as_of,
            pages=(parsed.page,),
            window=parsed.window,
            incidents=parsed.incidents,
            maintenances=parsed.maintenances,
            openness=parsed.observations,
            sources=sources + notes,
        )
    )


def inspect_file(path: Path, *, as_of: datetime, url: str | None = None, platform: str | None = None) -> VendorFacts:
    """The facts in a saved answer (any endpoint, the feed, incident lines) or a facts file.

    Raises Refused for a file that cannot be read or that no source understands.
    """
    try:
        body = path.read_bytes()
    except OSError as fault:
        raise Refused(f"{path} cannot be read: {fault.strerror}") from fault
    if body[:2] == b"\x1f\x8b" or b'"riskboard.facts/1"' in body[:20_000] or path.name.endswith(".facts.json"):
        try:
            return loads(body)
        except FactsError as fault:
            raise Refused(f"{path.name} is {fault}") from fault
    if platform is not None and by_id(platform) is None:
        raise Refused(f"{platform!r} is no known platform; known are: {', '.join(source.id for source in SOURCES)}")
    source = by_id(platform or "statuspage")
    assert source is not None
    raw = Raw(url=url or path.name, body=body, fetched_at=as_of)
    try:
        parsed = source.parse(page_of(url) if url else NOWHERE, {endpoint_of(body): raw}, as_of=as_of)
    except SourceChanged as fault:
        raise Refused(f"{path.name} is no answer of a status page that is understood: {fault}") from fault
    return facts_from(parsed, as_of=as_of)


def endpoint_of(body: bytes) -> str:
    """Which endpoint of a Statuspage a saved answer came from, by its shape."""
    head = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        return "atom"
    first, _, _ = head.partition(b"\n")
    if b'"incident_updates"' in first and first.rstrip().endswith(b"}") and b'"page"' not in first[:200]:
        return "lines"
    if b'"months"' in head and b'"incident_updates"' not in head:
        return "history-1"
    if b'"indicator"' in head and b'"components"' in head:
        return "summary"
    return "incidents" if b'"incidents"' in head else "incident"


def page_of(url: str) -> str:
    """The page an endpoint's address belongs to: scheme and host."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def slug_of(name: str) -> str:
    """A slug for a vendor's name: lower-case letters, digits and dashes, at most 80 characters."""
    slug = re2.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:80].strip("-")
    return slug or "vendor"


def _vendor_name(page_name: str) -> str:
    cleaned = re2.sub(r"(?i)\s*(?:public\s+)?(?:system\s+)?status(?:\s+page)?\s*$", "", page_name).strip(" -|:")
    return cleaned or page_name


def documents_of(answers: Mapping[str, Raw]) -> tuple[SourceNote, ...]:
    """Where a live read got its facts, with the hash of every answer."""
    import hashlib

    return tuple(
        SourceNote(
            name=name, url=raw.url, retrieved=raw.fetched_at.isoformat(), sha256=hashlib.sha256(raw.body).hexdigest()
        )
        for name, raw in sorted(answers.items())
    )
