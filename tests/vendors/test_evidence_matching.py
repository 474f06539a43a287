"""What was seen against what was told: which span is which incident, what is counted, and what one more span may do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from vendors.evidence.matching import Agreement, agree, posterior
from vendors.records import Incident, Maintenance, ObservedSpan, Update, Window

DAY = datetime(2026, 3, 1, tzinfo=UTC)
NOW = DAY + timedelta(days=30)
WINDOW = Window(start=DAY - timedelta(days=1), end=NOW, complete=True, reason="made for a test")
PAGE = "https://status.vendor.example"


def t(minute: float) -> datetime:
    return DAY + timedelta(minutes=minute)


def told(start: float, end: float | None, *, posted: float | None = None, **fields: Any) -> Incident:
    first = t(start if posted is None else posted)
    given: dict[str, Any] = {
        "id": f"i{start}", "page": PAGE, "title": "x", "impact": "major", "status": "resolved", "started_at": t(start),
        "first_posted_at": first, "resolved_at": None if end is None else t(end),
        "end_known": "open" if end is None else "stated", "updates": (Update(posted_at=first, elements=()),),
    }  # fmt: skip
    return Incident(**(given | fields))


def seen(start: float, end: float | None, observer: str = "probe") -> ObservedSpan:
    return ObservedSpan(start=t(start), end=None if end is None else t(end), observer=observer)


def compare(spans: list[ObservedSpan], incidents: list[Incident], works: tuple[Maintenance, ...] = (), **options: Any):
    return agree(spans, incidents, works, options.pop("window", WINDOW), as_of=NOW, **options)


def test_nothing_seen_is_no_share_at_all() -> None:
    assert compare([], [told(0, 60)]) == Agreement()
    assert Agreement().share is None


@pytest.mark.parametrize(
    ("span", "incident", "delay"),
    [
        (seen(0, 30), told(10, 40), 10.0),
        (seen(0, 30), told(-10, 40), -10.0),
        (seen(0, 30), told(85, 100), 85.0),
        (seen(0, 30), told(-58, -50), -58.0),
        (seen(0, 30), told(-300, -200, posted=20), 20.0),
        (seen(0, None), told(20, 40), 20.0),
        (seen(0, 30), told(10, None), 10.0),
        (seen(0, 30), told(10, 40, first_posted_at=None, updates=()), None),
    ],
    ids=[
        "overlap",
        "vendor first",
        "post after",
        "post before",
        "post inside",
        "span open",
        "incident open",
        "no post",
    ],
)
def test_a_span_is_the_incident_it_overlaps_or_that_was_posted_about_within_the_hour(span, incident, delay) -> None:
    found = compare([span], [incident])
    assert [match.delay_minutes for match in found.matches] == [delay]
    assert (found.told_count, found.seen_count, found.share) == (1, 1, 1.0)


@pytest.mark.parametrize(
    "incident",
    [
        told(95, 100),
        told(-100, -90),
        told(
            -300, -200, updates=(Update(posted_at=t(-300), elements=()), Update(posted_at=t(9), state="postmortem", elements=()))
        ),
        told(0, 30, reported="press", updates=()),
        told(-300, None, resolved_at=None, end_known="unknown"),
        told(-40 * 1440, None),
    ],
    ids=["posted too late", "over long before", "a post-mortem is no notice", "not the vendor's", "end not known", "open for weeks"],
)  # fmt: skip
def test_what_has_nothing_to_do_with_the_span_leaves_it_missed(incident) -> None:
    found = compare([seen(0, 30)], [incident])
    assert (found.told_count, found.missed_count, found.share) == (0, 1, 0.0)


def test_the_largest_overlap_is_matched_first_and_each_only_once() -> None:
    found = compare([seen(0, 30), seen(40, 100)], [told(20, 90), told(-50, -40)])
    assert [(m.span, m.incident.id, m.overlap_minutes) for m in found.matches] == [
        (seen(0, 30), "i-50", 0.0),
        (seen(40, 100), "i20", 50.0),
    ]


def test_a_flapping_outage_told_once_is_one_event_told() -> None:
    found = compare([seen(0, 10), seen(20, 30), seen(40, 50)], [told(0, 60)])
    assert len(found.matches) == 1
    assert len(found.repeated) == 2
    assert (found.told_count, found.seen_count) == (1, 1)


def test_several_monitors_of_one_event_count_once_told_or_missed() -> None:
    spans = [seen(0, 30, name) for name in "abc"]
    assert compare(spans, []).missed_count == 1
    assert compare(spans, [told(0, 30), told(1, 29)]).told_count == 1


@pytest.mark.parametrize(
    ("span", "field"),
    [
        (seen(0, 4), "short"),
        (seen(-3000, -2900), "outside"),
        (seen(30 * 1440 - 30, None), "outside"),
        (seen(30 * 1440 + 30, None), "outside"),
        (seen(200, 260), "maintenance"),
        (seen(110, 130), "maintenance"),
        (seen(259, 270), "maintenance"),
    ],
)
def test_what_the_vendor_need_not_have_told_is_not_counted(span, field) -> None:
    works = (
        Maintenance(id="m", title="Work", scheduled_for=t(120), scheduled_until=t(240), completed_at=t(260)),
        Maintenance(id="n", title="No end", scheduled_for=t(0)),
    )
    found = compare([span], [told(0, 4), told(120, 260)], works)
    assert getattr(found, field) == (span,)
    assert found.share is None


def test_a_record_without_a_window_says_nothing() -> None:
    nothing = Window(start=None, end=None, complete=False, reason="none")
    assert compare([seen(0, 30)], [told(0, 30)], window=nothing).share is None


def test_the_minimum_can_be_set() -> None:
    assert compare([seen(0, 4)], [], shortest_minutes=3).missed_count == 1
    assert compare([seen(0, 9)], [], shortest_minutes=10).missed_count == 0


spans = st.lists(
    st.builds(
        lambda start, length, observer: seen(start, None if length < 0 else start + length, observer),
        st.integers(0, 900), st.integers(-1, 90), st.sampled_from("ab"),
    ),
    max_size=8, unique_by=lambda s: (s.start, s.observer),
)  # fmt: skip
incidents = st.lists(
    st.builds(
        lambda start, length, late: told(start, start + length, posted=start + late),
        st.integers(0, 900),
        st.integers(0, 120),
        st.integers(-5, 90),
    ),
    max_size=5,
    unique_by=lambda i: i.id,
)


@settings(max_examples=200)
@given(spans, spans, incidents)
def test_one_more_span_makes_neither_the_told_nor_the_missed_fewer(some, more, record) -> None:
    few, many = compare(some, record), compare(some + more, record)
    assert many.told_count >= few.told_count
    assert many.missed_count >= few.missed_count
    if not few.missed_count < many.missed_count and few.share is not None:
        assert many.share >= few.share


@settings(max_examples=150)
@given(spans, incidents, st.randoms(use_true_random=False))
def test_every_span_has_one_fate_and_the_order_does_not_matter(some, record, random) -> None:
    found = compare(some, record)
    fates = (
        *(m.span for m in found.matches),
        *found.repeated,
        *found.missed,
        *found.short,
        *found.outside,
        *found.maintenance,
    )
    assert sorted(fates, key=repr) == sorted(some, key=repr)
    assert len({m.incident.id for m in found.matches}) == len(found.matches)
    other, turned = list(some), list(record)
    random.shuffle(other)
    random.shuffle(turned)
    assert compare(other, turned) == found


def brute(some: list[ObservedSpan], record: list[Incident]) -> set[tuple[datetime, str]]:
    """The spans of five minutes and more that nothing published fits, found without any sweep."""
    hour = timedelta(hours=1)
    missed = set()
    for span in some:
        until = span.end or span.start + timedelta(minutes=5)
        if until - span.start >= timedelta(minutes=5) and not any(
            (span.start <= i.resolved_at and i.started_at <= until)
            or any(span.start - hour <= at <= until + hour for at in (i.first_posted_at, i.updates[0].posted_at))
            for i in record
        ):
            missed.add((span.start, span.observer))
    return missed


@settings(max_examples=200)
@given(spans, incidents)
def test_the_sweep_misses_no_fit(some, record) -> None:
    assert {(s.start, s.observer) for s in compare(some, record).missed} == brute(some, record)


def test_the_posterior_moves_with_what_was_seen_and_stops_at_the_floor() -> None:
    assert posterior(8, 4, Agreement(), floor=0.1) == (8, 4)
    assert posterior(8, 4, Agreement(told_count=3, missed_count=1), floor=0.1) == (11, 5)
    a, b = posterior(8, 4, Agreement(missed_count=10_000), floor=0.1)
    assert a / (a + b) == pytest.approx(0.1)
    assert posterior(1, 9, Agreement(missed_count=5), floor=0.1) == (1, pytest.approx(9))


def test_ten_thousand_spans_and_incidents_are_compared_in_a_second_or_two() -> None:
    wide = replace(WINDOW, start=DAY - timedelta(days=9000))
    many = [seen(-n * 1000, -n * 1000 + 20) for n in range(1, 10_000)]
    record = [told(-n * 1000 + 3, -n * 1000 + 30) for n in range(1, 10_000)]
    assert compare(many, record, window=wide).share == 1.0


def test_a_thousand_incidents_left_open_do_not_multiply_the_work() -> None:
    wide = replace(WINDOW, start=DAY - timedelta(days=9000))
    many = [seen(-n * 2000, -n * 2000 + 20) for n in range(1, 5_000)]
    record = [told(-n * 9000, None) for n in range(1, 1_000)]
    found = compare(many, record, window=wide)
    assert found.told_count == 999
