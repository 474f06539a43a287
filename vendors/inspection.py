"""inspect(): what one address or one saved answer says, as facts, without storing anything."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from riskboard.errors import Refused
from vendors.facts_file import MAX_BYTES, FactsError, loads, normalise
from vendors.records import SCHEMA, SourceNote, Vendor, VendorFacts
from vendors.sources.base import NOWHERE, Parsed, Quarantined, Raw, Source, SourceChanged
from vendors.sources.registry import LEAST_SURE, SOURCES, by_id
from vendors.sources.shapes import kind_of

Fetch = Callable[[str], Raw]
NOTES_CAP = 50  # rows kept out that are named one by one in the facts; the rest is counted
UNNAMED = "unknown page"


def inspect(
    target: str, *, url: str | None, platform: str | None, as_of: datetime, fetch: Fetch, exact: bool = False
) -> VendorFacts:
    """The facts of the page at an address, or in a file.

    `as_of` is the time of reading. The facts of a file are as of the newest time the file itself states, unless `exact`
    says that `as_of` is the time it was saved. Raises Refused with one sentence for anything that is not understood.
    """
    if is_address(target):
        from vendors.discovery import read_page

        parsed, answers = read_page(target, fetch=fetch, as_of=as_of, platform=platform)
        return facts_from(parsed, as_of=as_of, sources=documents_of(answers))
    return inspect_file(Path(target), as_of=as_of, url=url, platform=platform, exact=exact)


def is_address(target: str) -> bool:
    """Whether the target is to be fetched: it has a scheme, or is no file and looks like a host name."""
    if target.startswith(("http://", "https://")):
        return True
    host = target.split("/", 1)[0]
    return (
        not Path(target).exists()
        and "." in host
        and not host.startswith(".")
        and " " not in target
        and (
            "/" in target or host.rsplit(".", 1)[-1] not in ("json", "jsonl", "gz", "html", "htm", "xml", "atom", "rss")
        )
    )


def inspect_file(
    path: Path, *, as_of: datetime, url: str | None = None, platform: str | None = None, exact: bool = False
) -> VendorFacts:
    """The facts in a saved answer (JSON, JSON lines, Atom or RSS, home page; plain or gzip) or in a facts file.

    Raises Refused for a file that cannot be read or that no source understands.
    """
    body = _read(path)
    if _is_facts(body):
        try:
            return loads(body)
        except FactsError as fault:
            raise Refused(f"{path.name} is {fault}") from fault
    raw = Raw(url=url or path.name, body=body, fetched_at=as_of)
    source = _named(platform) if platform else _recognised(raw, path)
    try:
        parsed = source.parse(page_of(url) if url else NOWHERE, {kind_of(body): raw}, as_of=as_of)
    except SourceChanged as fault:
        raise Refused(str(fault)) from fault
    stated = as_of if exact or parsed.stated_at is None else parsed.stated_at
    retrieved = "not known; as of the newest time in it" if stated != as_of else as_of.isoformat()
    digest = hashlib.sha256(body).hexdigest()
    note = SourceNote(name=path.name[:500], retrieved=retrieved, url=url, sha256=digest)
    return facts_from(_ended_at(parsed, stated), as_of=stated, sources=(note,))


def facts_from(
    parsed: Parsed, *, as_of: datetime, name: str | None = None, sources: tuple[SourceNote, ...] = ()
) -> VendorFacts:
    """The facts of one read of one page; what was kept out of the record is named among the sources."""
    vendor_name = name or vendor_name_of(parsed.page.name, parsed.page.url)
    return normalise(
        VendorFacts(
            vendor=Vendor(name=vendor_name, slug=slug_of(vendor_name)),
            as_of=as_of,
            pages=(parsed.page,),
            window=parsed.window,
            incidents=parsed.incidents,
            maintenances=parsed.maintenances,
            openness=parsed.observations,
            sources=sources + kept_out(parsed.quarantined, as_of),
        )
    )


def kept_out(rows: tuple[Quarantined, ...], as_of: datetime) -> tuple[SourceNote, ...]:
    """A note for each row kept out of the record, the first NOTES_CAP by name, the others by their number."""
    when = as_of.isoformat()
    named = rows[:NOTES_CAP]
    notes = tuple(SourceNote(name=q.where[:500], retrieved=when, note=f"left out: {q.reason}"[:500]) for q in named)
    more = len(rows) - len(named)
    return (*notes, SourceNote(name=f"{more} more rows", retrieved=when, note="left out")) if more else notes


def documents_of(answers: Mapping[str, Raw]) -> tuple[SourceNote, ...]:
    """Where a live read got its facts, with the hash of every answer."""
    return tuple(
        SourceNote(
            name=name,
            url=raw.url,
            retrieved=raw.fetched_at.isoformat(),
            sha256=hashlib.sha256(raw.body).hexdigest(),
            note=None if raw.status < 400 else f"answered with status {raw.status}",
        )
        for name, raw in sorted(answers.items())
    )


def page_of(url: str) -> str:
    """The page an endpoint's address belongs to. Raises Refused for what is no web address."""
    from vendors.discovery import as_url, page_bases

    return page_bases(as_url(url))[0]


def slug_of(name: str) -> str:
    """A slug for a vendor's name: lower-case ASCII letters, digits and dashes, at most 80 characters."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in name.casefold()).split()
    return "-".join(words)[:80].strip("-") or "vendor"


def vendor_name_of(page_name: str, url: str) -> str:
    """The vendor behind a page: its name without "Status" and the like; from the host where the page has no name."""
    host = urlsplit(url).hostname or ""
    name = page_name.strip()
    if not name or name == host or name == "unknown":
        if not host:
            return UNNAMED
        labels = [label for label in host.split(".") if label not in ("www", "status", "statuspage", "com", "io")]
        return labels[0] if labels else host
    for ending in (" status page", " service status", " system status", " status"):
        if name.casefold().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)].rstrip(" -|:") or name
    return name


def _ended_at(parsed: Parsed, at: datetime) -> Parsed:
    """The read with its window ending then: a saved answer says nothing of the time since."""
    window = parsed.window
    if window.end is None or window.end <= at:
        return parsed
    start = window.start if window.start is None or window.start <= at else at
    return replace(parsed, window=msgspec.structs.replace(window, start=start, end=at))


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise Refused(f"there is no file {path}" if not path.exists() else f"{path} is no file")
        with path.open("rb") as stream:
            body = stream.read(MAX_BYTES + 1)
    except OSError as fault:
        raise Refused(f"{path} cannot be read: {fault.strerror}") from fault
    if body[:2] == b"\x1f\x8b":
        unpack = zlib.decompressobj(wbits=31)
        try:
            body = unpack.decompress(body, MAX_BYTES + 1)
        except zlib.error as fault:
            raise Refused(f"{path.name} is no readable gzip file: {fault}") from fault
        if not unpack.eof and len(body) <= MAX_BYTES:
            raise Refused(f"{path.name} is a gzip file that is cut off")
    if len(body) > MAX_BYTES:
        raise Refused(f"{path.name} holds more than {MAX_BYTES // 2**20} MiB, which no status page serves")
    if not body.strip():
        raise Refused(f"{path.name} is empty")
    return body


class _Schema(msgspec.Struct):
    schema: str | None = None


def _is_facts(body: bytes) -> bool:
    """Whether the document says that it is facts; what it holds is checked by whoever loads it."""
    if SCHEMA.encode() not in body:
        return False
    try:
        return msgspec.json.decode(body, type=_Schema).schema == SCHEMA
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return b'"schema":"' + SCHEMA.encode() in body.replace(b" ", b"")


def _named(platform: str) -> Source:
    source = by_id(platform)
    if source is None:
        raise Refused(f"{platform!r} is no known platform; known are: {', '.join(s.id for s in SOURCES)}")
    return source


def _recognised(raw: Raw, path: Path) -> Source:
    """The source surest of the file; the one that says best why not, where none is."""
    best = max(SOURCES, key=lambda source: source.recognise(raw))
    if best.recognise(raw) >= LEAST_SURE:
        return best
    try:
        best.parse(NOWHERE, {kind_of(raw.body): raw}, as_of=raw.fetched_at)
    except SourceChanged as fault:
        raise Refused(str(fault)) from fault
    return best
