"""Turns at a host to the point: from when one may be had and why not now, and how failures are counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from riskboard.errors import NotNow
from vendors import models
from vendors.addresses import FetchPolicy
from vendors.discovery import READ_SECONDS
from vendors.fetching import NotAPage, TooLarge, TooSlow, TryLater, Unreachable
from vendors.sources.base import Raw
from vendors.turns import APART, BREAKER_AFTER, LOST_AFTER, Turns, give_back, take

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOST = "status.vendor.example"


def test_a_lost_turn_is_longer_than_a_read_may_take_and_reads_lie_a_minute_apart():
    assert timedelta(seconds=READ_SECONDS + FetchPolicy().seconds) < LOST_AFTER == timedelta(minutes=3)
    assert timedelta(minutes=1) == APART
    assert BREAKER_AFTER == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "apart", "until"),
    [
        ({}, True, None),
        ({"busy_until": NOW}, True, NOW + 30 * SECOND),
        ({"busy_until": NOW - SECOND}, True, None),
        ({"busy_until": NOW + LOST_AFTER}, False, NOW + 30 * SECOND),
        ({"read_at": NOW - APART}, True, None),
        ({"read_at": NOW - APART + SECOND}, True, NOW + SECOND),
        ({"read_at": NOW - APART + SECOND}, False, None),
        ({"read_at": NOW + APART}, True, NOW + 2 * APART),
        ({"not_before": NOW}, True, None),
        ({"not_before": NOW + SECOND}, False, NOW + SECOND),
        ({"not_before": NOW + SECOND, "read_at": NOW}, True, NOW + APART),
        ({"not_before": NOW + 10 * APART, "read_at": NOW}, True, NOW + 10 * APART),
        ({"not_before": NOW - APART, "read_at": NOW}, True, NOW + APART),
    ],
)
def test_a_turn_is_had_or_it_is_said_from_when(fields, apart, until):
    models.HostTurn.objects.create(host=HOST, **fields)
    if until is None:
        take(HOST, "me", now=NOW, apart=apart)
        row = models.HostTurn.objects.get()
        assert (row.holder, row.busy_until) == ("me", NOW + LOST_AFTER)
    else:
        with pytest.raises(NotNow) as refusal:
            take(HOST, "me", now=NOW, apart=apart)
        assert refusal.value.until == until
        assert models.HostTurn.objects.get().holder == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"busy_until": NOW + SECOND, "failures": 9}, "is being read right now; try again in a minute"),
        ({"read_at": NOW}, "was read a moment ago; it is asked again in 1 min"),
        ({"read_at": NOW, "not_before": NOW}, "was read a moment ago; it is asked again in 1 min"),
        ({"not_before": NOW + 4 * APART}, "asked for some rest; it is asked again in 4 min"),
        ({"not_before": NOW + SECOND}, "asked for some rest; it is asked again in 1 min"),
        ({"not_before": NOW + 4 * APART, "failures": 4}, "asked for some rest; it is asked again in 4 min"),
        (
            {"not_before": NOW + 4 * APART, "failures": 5},
            "did not answer several times in a row; it is asked again in 4 min",
        ),
    ],
)
def test_a_refused_turn_says_why(fields, told):
    models.HostTurn.objects.create(host=HOST, **fields)
    with pytest.raises(NotNow) as refusal:
        take(HOST, "me", now=NOW)
    assert str(refusal.value) == f"{HOST} {told}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "asked", "failures", "rest"),
    [
        (0, None, 1, None), (3, None, 4, None), (4, None, 5, 1), (5, None, 6, 2), (6, None, 7, 4), (7, None, 8, 8),
        (8, None, 9, 15), (40, None, 41, 15), (4, 30, 5, 30), (5, 1, 6, 2),
    ],
)  # fmt: skip
def test_each_failure_after_the_fifth_doubles_the_rest_up_to_a_quarter_of_an_hour(before, asked, failures, rest):
    wish = None if asked is None else NOW + timedelta(minutes=asked)
    models.HostTurn.objects.create(host=HOST, holder="me", busy_until=NOW, failures=before, not_before=wish)
    give_back(HOST, "me", now=NOW, failed=True)
    row = models.HostTurn.objects.get()
    assert (row.failures, row.holder, row.busy_until, row.read_at) == (failures, "", None, NOW)
    assert row.not_before == (None if rest is None else NOW + timedelta(minutes=rest))


def answering(outcome: Raw | Exception):
    def read(url: str, **options: str | None) -> Raw:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return read


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "counts"),
    [
        (TooSlow("x"), True), (TooLarge("x"), False), (NotAPage("x"), False), (Unreachable("x"), True),
        (Unreachable("x", status=399), True), (Unreachable("x", status=400), False), (Unreachable("x", status=499), False),
        (Unreachable("x", status=500), True),
    ],
)  # fmt: skip
def test_what_counts_as_a_failure_of_the_host(fault, counts):
    reader = Turns(answering(fault), lambda: NOW)
    with pytest.raises(type(fault)):
        reader(f"https://{HOST}/")
    reader.give_back()
    assert models.HostTurn.objects.get().failures == int(counts)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wait", "until"), [(timedelta(0), NOW), (timedelta(hours=2), NOW + timedelta(hours=2)), (None, NOW + APART)]
)
def test_a_host_that_asks_for_rest_gets_it(wait, until):
    reader = Turns(answering(TryLater("x", status=429, wait=wait)), lambda: NOW)
    with pytest.raises(TryLater):
        reader(f"https://{HOST}/")
    assert models.HostTurn.objects.get().not_before == until


@pytest.mark.django_db
def test_one_reader_takes_each_host_once_and_its_last_answer_counts():
    raw = Raw(url="x", body=b"", fetched_at=NOW)
    reader = Turns(answering(raw), lambda: NOW)
    assert reader(f"https://{HOST}/a") is raw
    assert reader(f"https://{HOST.upper()}/b") is raw
    assert reader("https://other.example/") is raw
    assert sorted(reader.held) == ["other.example", HOST]
    reader.fetch = answering(Unreachable("x"))
    with pytest.raises(Unreachable):
        reader(f"https://{HOST}/c")
    assert reader.held == {HOST: True, "other.example": False}
    reader.fetch = answering(raw)
    reader(f"https://{HOST}/d")
    assert reader.held[HOST] is False
    reader.give_back()
    reader.give_back()
    assert not reader.held
    assert {row.failures for row in models.HostTurn.objects.all()} == {0}


@pytest.mark.django_db
def test_a_reader_keeps_apart_from_others_unless_told_otherwise_and_takes_no_turn_without_a_host():
    models.HostTurn.objects.create(host=HOST, read_at=NOW - SECOND)
    raw = Raw(url="x", body=b"", fetched_at=NOW)
    with pytest.raises(NotNow):
        Turns(answering(raw), lambda: NOW)(f"https://{HOST}/")
    assert Turns(answering(raw), lambda: NOW, apart=False)(f"https://{HOST}/") is raw
    nowhere = Turns(answering(raw), lambda: NOW)
    assert nowhere("no-address") is raw
    nowhere.fetch = answering(TryLater("x", status=503, wait=None))
    with pytest.raises(TryLater):
        nowhere("no-address")
    assert not nowhere.held
    assert models.HostTurn.objects.count() == 1
