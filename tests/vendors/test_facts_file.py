"""The facts file: round trip, canonical bytes, and the path of the first fault."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from vendors import facts_file
from vendors.facts_file import MAX_BYTES, FactsError, dumps, loads, normalise, pack
from vendors.records import Incident, Maintenance, ObservedSpan, Page, Update, Vendor, VendorFacts, Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = "https://status.example.com"


def document() -> dict[str, Any]:
    """A small valid document as plain JSON, to be spoilt by each case."""
    return {
        "schema": "riskboard.facts/1",
        "vendor": {"name": "Example", "slug": "example", "category": "email"},
        "as_of": "2026-03-02T00:00:00Z",
        "pages": [{"url": PAGE, "platform": "statuspage", "name": "Example status"}],
        "window": {"from": "2026-01-01T00:00:00Z", "to": "2026-03-02T00:00:00Z", "complete": True, "reason": "all"},
        "incidents": [
            {
                "id": "a", "page": PAGE, "title": "Major incident: Mail", "impact": "major", "status": "resolved",
                "started_at": "2026-03-01T12:00:00Z", "first_posted_at": "2026-03-01T12:05:00Z",
                "resolved_at": "2026-03-01T14:00:00Z", "end_known": "stated",
                "updates": [{"posted_at": "2026-03-01T12:05:00Z", "elements": ["component"]}],
            }
        ],
        "maintenances": [
            {"id": "m", "title": "Maintenance", "scheduled_for": "2026-02-01T00:00:00Z",
             "scheduled_until": "2026-02-01T02:00:00Z"}
        ],
        "backup": [{"item": "B1", "answer": "yes"}],
    }  # fmt: skip


def encoded(spoilt: dict[str, Any]) -> bytes:
    return json.dumps(spoilt).encode()


def test_reading_what_was_written_gives_the_same_facts_and_the_same_bytes() -> None:
    facts = loads(encoded(document()))
    assert loads(dumps(facts)) == facts
    assert dumps(loads(dumps(facts))) == dumps(facts)


def test_a_packed_file_is_read_like_a_plain_one_and_is_the_same_every_time() -> None:
    facts = loads(encoded(document()))
    assert loads(pack(facts)) == facts
    assert pack(facts) == pack(loads(pack(facts)))


def test_times_with_an_offset_give_the_bytes_and_digest_of_the_same_moment_in_utc() -> None:
    shifted = document()
    shifted["incidents"][0]["started_at"] = "2026-03-01T14:00:00+02:00"
    assert facts_file.sha256(loads(encoded(shifted))) == facts_file.sha256(loads(encoded(document())))


FAULTS: dict[str, tuple[str, Any, str]] = {
    "a wrong type": ("incidents.0.title", 5, "$.incidents[0].title"),
    "a wrong type deep inside": ("incidents.0.updates.0.automated", "yes", "$.incidents[0].updates[0].automated"),
    "a word outside its list": ("incidents.0.impact", "terrible", "$.incidents[0].impact"),
    "an unknown field": ("incidents.0.severity", "high", "$.incidents[0]"),
    "a time without a zone": ("incidents.0.started_at", "2026-03-01T12:00:00", "$.incidents[0].started_at"),
    "a time that is none": ("as_of", "yesterday", "$.as_of"),
    "an end before the start": ("incidents.0.resolved_at", "2026-03-01T11:59:59Z", "$.incidents[0].resolved_at"),
    "an open incident with an end": ("incidents.0.end_known", "open", "$.incidents[0].end_known"),
    "an ended incident without an end": ("incidents.0.resolved_at", None, "$.incidents[0].end_known"),
    "a start after as_of": ("incidents.0.started_at", "2026-03-02T00:05:01Z", "$.incidents[0].started_at"),
    "an update after as_of": ("incidents.0.updates.0.posted_at", "2026-03-03T00:00:00Z", "$.incidents[0].updates[0].posted_at"),
    "an update with text and elements": ("incidents.0.updates.0.text", "words", "$.incidents[0].updates[0]"),
    "an update with neither": ("incidents.0.updates.0.elements", None, "$.incidents[0].updates[0]"),
    "a page that is not listed": ("incidents.0.page", "https://other.example.com", "$.incidents[0].page"),
    "a window that ends before it begins": ("window.to", "2025-01-01T00:00:00Z", "$.window.to"),
    "maintenance that ends before it begins": (
        "maintenances.0.scheduled_until", "2026-01-01T00:00:00Z", "$.maintenances[0].scheduled_until",
    ),
    "another schema": ("schema", "riskboard.facts/2", "$.schema"),
    "a slug with a space": ("vendor.slug", "my vendor", "$.vendor.slug"),
    "a questionnaire item that does not exist": ("backup.0.item", "B18", "$.backup[0].item"),
}  # fmt: skip


@pytest.mark.parametrize(("where", "value", "path"), FAULTS.values(), ids=FAULTS)
def test_the_first_fault_is_named_by_its_path(where: str, value: Any, path: str) -> None:
    spoilt = document()
    *parents, last = where.split(".")
    target: Any = spoilt
    for key in parents:
        target = target[int(key)] if key.isdigit() else target[key]
    target[last] = value
    with pytest.raises(FactsError) as caught:
        loads(encoded(spoilt))
    assert f"`{path}`" in str(caught.value)


def test_an_incident_listed_twice_for_one_page_is_refused() -> None:
    spoilt = document()
    spoilt["incidents"].append(spoilt["incidents"][0])
    with pytest.raises(FactsError, match=r"listed twice.*`\$\.incidents\[1\]\.id`"):
        loads(encoded(spoilt))


def test_an_item_answered_twice_is_refused() -> None:
    spoilt = document()
    spoilt["backup"].append({"item": "B1", "answer": "no"})
    with pytest.raises(FactsError, match=r"answered twice.*`\$\.backup\[1\]\.item`"):
        loads(encoded(spoilt))


@pytest.mark.parametrize(
    ("started_at", "accepted"),
    [("2026-03-02T00:05:00Z", True), ("2026-03-02T00:05:01Z", False)],
    ids=["five minutes of clock difference", "a second more"],
)
def test_a_start_may_lie_ahead_of_as_of_by_the_difference_of_two_clocks(started_at: str, accepted: bool) -> None:
    edge = document()
    edge["incidents"][0] |= {"started_at": started_at, "resolved_at": None, "end_known": "open", "updates": []}
    if accepted:
        assert len(loads(encoded(edge)).incidents) == 1
    else:
        with pytest.raises(FactsError):
            loads(encoded(edge))


def test_an_end_nobody_tells_is_kept_as_unknown() -> None:
    unknown = document()
    unknown["incidents"][0] |= {"resolved_at": None, "end_known": "unknown"}
    assert loads(encoded(unknown)).incidents[0].duration_hours() is None


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"<html>", encoded(document())[:-20], b"\xff\xfe\x00"],
    ids=["nothing", "cut at once", "a web page", "cut off late", "not text"],
)
def test_bytes_that_are_no_document_are_refused_in_one_sentence(raw: bytes) -> None:
    with pytest.raises(FactsError, match="not readable as JSON"):
        loads(raw)


@pytest.mark.parametrize("cut", [5, 12, 200], ids=["in the header", "after the header", "in the data"])
def test_a_cut_off_packed_file_is_refused(cut: int) -> None:
    with pytest.raises(FactsError, match="gzip"):
        loads(pack(loads(encoded(document())))[:cut])


def test_a_packed_file_with_a_broken_byte_is_refused() -> None:
    broken = bytearray(pack(loads(encoded(document()))))
    broken[len(broken) // 2] ^= 0xFF
    with pytest.raises(FactsError):
        loads(bytes(broken))


def test_a_packed_file_that_unpacks_beyond_the_limit_is_refused_without_being_unpacked_whole() -> None:
    bomb = gzip.compress(b" " * (MAX_BYTES + 2**20), compresslevel=9)
    assert len(bomb) < MAX_BYTES / 500
    with pytest.raises(FactsError, match="unpacks to more than"):
        loads(bomb)


def test_a_plain_file_beyond_the_limit_is_refused() -> None:
    with pytest.raises(FactsError, match="at most"):
        loads(b" " * (MAX_BYTES + 1))


def with_evidence(**changes: Any) -> VendorFacts:
    """Facts with an incident learnt elsewhere and two failures seen by a monitor."""
    start = NOON - timedelta(days=2)
    reported = Incident(
        id="r1", page="https://news.example/outage", title="Mail down", impact=None, status="reported", started_at=start,
        first_posted_at=None, resolved_at=None, end_known="unknown", reported="press",
    )  # fmt: skip
    spans = (
        ObservedSpan(start=start + timedelta(hours=1), end=None, observer="probe"),
        ObservedSpan(start=start, end=start + timedelta(minutes=9), observer="probe", note="plain CSV"),
    )
    base = VendorFacts(
        vendor=Vendor(name="Example", slug="example"),
        as_of=NOON,
        pages=(Page(url=PAGE, platform="statuspage", name="Example status"),),
        window=Window(start=None, end=None, complete=False, reason="none"),
        incidents=(reported,),
        observed=spans,
    )
    return replace(base, **changes)


def test_evidence_from_elsewhere_comes_back_in_order() -> None:
    facts = loads(dumps(with_evidence()))
    assert facts == normalise(with_evidence())
    assert facts.incidents[0].is_reported
    assert facts.observed[0].note == "plain CSV"


def test_evidence_that_is_not_there_leaves_no_trace_in_the_bytes() -> None:
    plain = replace(with_evidence().incidents[0], page=PAGE, reported=UNSET)
    data = dumps(with_evidence(incidents=(plain,), observed=()))
    assert b"observed" not in data
    assert b'"reported":' not in data
    assert loads(data).observed == ()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"observed": (ObservedSpan(start=NOON, end=NOON - timedelta(hours=1), observer="a"),)}, "$.observed[0].end"),
        ({"observed": (ObservedSpan(start=NOON + timedelta(hours=1), end=None, observer="a"),)}, "$.observed[0]"),
        ({"observed": (ObservedSpan(start=NOON, end=None, observer="a"),) * 2}, "$.observed[1]"),
    ],
)
def test_impossible_observations_are_faults(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(FactsError, match=re.escape(f"`{path}`")):
        loads(dumps(with_evidence(**changes)))


def test_an_incident_learnt_elsewhere_carries_no_posts_and_one_from_a_page_needs_its_page() -> None:
    (reported,) = with_evidence().incidents
    posted = replace(reported, updates=(Update(posted_at=NOON, text="We are down."),))
    for broken in (posted, replace(reported, reported=UNSET)):
        with pytest.raises(FactsError):
            loads(dumps(with_evidence(incidents=(broken,))))


moments = st.integers(0, 50_000).map(lambda minutes: NOON - timedelta(minutes=minutes))


@st.composite
def incidents(draw: st.DrawFn) -> list[Incident]:
    """Incidents with distinct ids, some starting together, with updates in any order."""
    found = []
    for number in range(draw(st.integers(0, 6))):
        started = draw(moments)
        posts = draw(st.lists(moments, max_size=4))
        found.append(
            Incident(
                id=f"i{number}", page=PAGE, title="Incident", impact=None, status="resolved", started_at=started,
                first_posted_at=None, resolved_at=started, end_known="stated",
                updates=tuple(Update(posted_at=at, elements=()) for at in posts),
            )
        )  # fmt: skip
    return found


@settings(max_examples=60)
@given(incidents(), st.randoms(use_true_random=False))
def test_the_order_rows_arrive_in_changes_neither_facts_nor_bytes(rows: list[Incident], random: Any) -> None:
    windows = [Maintenance(id=f"m{n}", title="Maintenance", scheduled_for=row.started_at) for n, row in enumerate(rows)]
    facts = VendorFacts(
        vendor=Vendor(name="Example", slug="example"),
        as_of=NOON,
        pages=(Page(url=PAGE, platform="statuspage", name="Example status"),),
        window=Window(start=None, end=None, complete=False, reason="none"),
        incidents=tuple(rows),
        maintenances=tuple(windows),
    )
    shuffled = [replace(row, updates=tuple(random.sample(row.updates, len(row.updates)))) for row in rows]
    random.shuffle(shuffled)
    random.shuffle(windows)
    other = replace(facts, incidents=tuple(shuffled), maintenances=tuple(windows))
    assert dumps(other) == dumps(facts)
    assert normalise(normalise(other)) == normalise(facts)
    assert loads(dumps(other)) == normalise(facts)
