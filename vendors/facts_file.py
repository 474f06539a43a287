"""`VendorFacts` from and to `riskboard.facts/1` bytes: checked on reading, canonical on writing. Pure; no Django."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from vendors.records import Incident, Maintenance, ObservedSpan, Reply, Update, VendorFacts

MAX_BYTES = 64 * 1024 * 1024  # the largest bundled history is under 5 MiB; a thousand times a page's own feed
_NOTHING_OBSERVED = b',"observed":[]'  # facts without evidence of their own
FUTURE_SLACK = timedelta(minutes=5)  # docs/limits.md: clocks differ; anything later is a fault


class FactsError(ValueError):
    """A facts document cannot be used; the message names the path of the first fault."""


def loads(raw: bytes, *, ours: bool = False) -> VendorFacts:
    """The facts in `raw` (JSON, or gzip of JSON), every type checked and every rule of the schema kept.

    `ours`: bytes that `dumps` made, whose times are in UTC already. Raises FactsError with the path of the first fault.
    Cost: one pass, about 20 ms for 3,000 incidents.
    """
    if raw[:2] == b"\x1f\x8b":
        raw = _gunzip(raw)
    if len(raw) > MAX_BYTES:
        raise FactsError(f"the facts are {len(raw)} bytes; at most {MAX_BYTES} are read")
    try:
        facts = msgspec.json.decode(raw, type=VendorFacts)
    except msgspec.ValidationError as fault:
        raise FactsError(f"not a riskboard.facts/1 document: {fault}") from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise FactsError(f"not readable as JSON: {fault}") from fault
    facts = facts if ours else _to_utc(facts)
    for path, what in faults(facts):
        raise FactsError(f"not a riskboard.facts/1 document: {what} - at `{path}`")
    return normalise(facts)


def dumps(facts: VendorFacts) -> bytes:
    """The canonical bytes of `facts`: fixed field and row order, UTC. Equal facts, equal bytes.

    Evidence that is not there is not written, so a record without any keeps the bytes and the digest it always had.
    """
    data = msgspec.json.encode(normalise(facts))
    if not facts.observed:
        data = data.replace(_NOTHING_OBSERVED, b"", 1)  # a quoted text cannot hold it: its quotes are escaped
    return data + b"\n"


def sha256(facts: VendorFacts) -> str:
    """Hex digest of the canonical bytes: the `facts_sha256` of an assessment."""
    return hashlib.sha256(dumps(facts)).hexdigest()


def normalise(facts: VendorFacts) -> VendorFacts:
    """The same facts in canonical order: rows sorted, updates oldest first. Idempotent."""
    return msgspec.structs.replace(
        facts,
        incidents=tuple(sorted((_in_order(i) for i in facts.incidents), key=lambda i: (i.started_at, i.page, i.id))),
        maintenances=tuple(sorted(facts.maintenances, key=_maintenance_order)),
        openness=tuple(sorted(facts.openness, key=lambda o: (o.check, o.observed_at, o.url or ""))),
        backup=tuple(sorted(facts.backup, key=lambda b: int(b.item[1:]))),
        observed=tuple(sorted(facts.observed, key=_span_order)),
        replies=tuple(sorted(facts.replies, key=_reply_order)) if facts.replies else msgspec.UNSET,
    )


def faults(facts: VendorFacts) -> Iterator[tuple[str, str]]:
    """Every broken rule that types alone cannot express, as (JSON path, what is wrong), in document order."""
    window = facts.window
    if window.start and window.end and window.end < window.start:
        yield "$.window.to", "the window ends before it begins"
    seen: set[tuple[str, str]] = set()
    pages = {page.url for page in facts.pages}
    latest = facts.as_of + FUTURE_SLACK
    for n, incident in enumerate(facts.incidents):
        path = f"$.incidents[{n}]"
        if (incident.page, incident.id) in seen:
            yield f"{path}.id", f"incident {incident.id!r} is listed twice for one page"
        seen.add((incident.page, incident.id))
        if incident.page not in pages and not incident.is_reported:
            yield f"{path}.page", f"{incident.page!r} is none of the pages listed"
        yield from _incident_faults(path, incident, latest)
    for n, maintenance in enumerate(facts.maintenances):
        begin, end = maintenance.scheduled_for, maintenance.scheduled_until
        if begin and end and end < begin:
            yield f"$.maintenances[{n}].scheduled_until", "the window ends before it begins"
    yield from _answer_faults(facts, latest)
    yield from _span_faults(facts.observed, latest)


def _answer_faults(facts: VendorFacts, latest: datetime) -> Iterator[tuple[str, str]]:
    items = [answer.item for answer in facts.backup]
    for n, item in enumerate(items):
        if item in items[:n]:
            yield f"$.backup[{n}].item", f"{item} is answered twice"
    for n, reply in enumerate(facts.replies or ()):
        if reply.filed_at > latest:
            yield f"$.replies[{n}].filed_at", "the reply is filed after the record's as_of"
        if reply.check and reply.incident:
            yield f"$.replies[{n}]", "a reply is about a check or an incident, not both"


def _span_faults(spans: tuple[ObservedSpan, ...], latest: datetime) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, datetime]] = set()
    for n, span in enumerate(spans):
        if span.start > latest or (span.end is not None and span.end > latest):
            yield f"$.observed[{n}]", "the service was seen to fail after the record's as_of"
        if span.end is not None and span.end < span.start:
            yield f"$.observed[{n}].end", "the failure ends before it starts"
        if (span.observer, span.start) in seen:
            yield f"$.observed[{n}]", f"{span.observer!r} saw two failures begin at once"
        seen.add((span.observer, span.start))


def _incident_faults(path: str, incident: Incident, latest: datetime) -> Iterator[tuple[str, str]]:
    if incident.started_at > latest:
        yield f"{path}.started_at", "the incident starts after the record's as_of"
    if incident.resolved_at is not None and incident.resolved_at < incident.started_at:
        yield f"{path}.resolved_at", "the incident ends before it starts"
    if (incident.resolved_at is None) != (incident.end_known in ("open", "unknown")):
        yield f"{path}.end_known", "`open` and `unknown` go with no resolved_at, and only with none"
    if incident.is_reported and incident.updates:
        yield f"{path}.updates", "an incident learnt elsewhere carries no posts of the vendor's"
    for n, update in enumerate(incident.updates):
        if (update.text is None) == (update.elements is None):
            yield f"{path}.updates[{n}]", "an update carries either text or elements"
        if update.posted_at > latest:
            yield f"{path}.updates[{n}].posted_at", "the update is posted after the record's as_of"


def _in_order(incident: Incident) -> Incident:
    ordered = tuple(sorted(incident.updates, key=_update_order))
    return incident if ordered == incident.updates else msgspec.structs.replace(incident, updates=ordered)


def _update_order(update: Update) -> tuple[datetime, str, str]:
    return update.posted_at, update.state, update.text or ",".join(update.elements or ())


def _maintenance_order(maintenance: Maintenance) -> tuple[datetime, str]:
    return maintenance.scheduled_for or maintenance.announced_at or datetime.max.replace(tzinfo=UTC), maintenance.id


def _span_order(span: ObservedSpan) -> tuple[datetime, str, datetime, str]:
    return span.start, span.observer, span.end or datetime.max.replace(tzinfo=UTC), span.note or ""


def _reply_order(reply: Reply) -> tuple[datetime, str, str]:
    return reply.filed_at, reply.check or "", reply.incident or ""


def _to_utc(facts: VendorFacts) -> VendorFacts:
    """Every time in UTC, so that an offset in the file changes neither bytes nor hashes."""

    def convert(value: object) -> object:
        if isinstance(value, datetime):
            return value if value.tzinfo is UTC else value.astimezone(UTC)
        if isinstance(value, msgspec.Struct):
            changed = {
                name: new
                for name in value.__struct_fields__
                if (new := convert(old := getattr(value, name))) is not old
            }
            return msgspec.structs.replace(value, **changed) if changed else value
        if isinstance(value, tuple):
            new_items = tuple(convert(item) for item in value)
            return value if all(a is b for a, b in zip(new_items, value, strict=True)) else new_items
        return value

    converted = convert(facts)
    assert isinstance(converted, VendorFacts)
    return converted


def _gunzip(raw: bytes) -> bytes:
    """The unpacked bytes, at most MAX_BYTES of them. Raises FactsError for a bomb or a broken file."""
    unpack = zlib.decompressobj(wbits=31)
    try:
        data = unpack.decompress(raw, MAX_BYTES + 1)
    except zlib.error as fault:
        raise FactsError(f"not a readable gzip file: {fault}") from fault
    if not unpack.eof:
        raise FactsError(f"the gzip file is cut off or unpacks to more than {MAX_BYTES} bytes")
    return data


def pack(facts: VendorFacts) -> bytes:
    """`dumps`, gzip-packed with a fixed header, so that equal facts give equal files."""
    return gzip.compress(dumps(facts), compresslevel=9, mtime=0)
