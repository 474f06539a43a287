"""Starts told only in words: read where the words leave no choice, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vendors.sources.prose import REACH, start_in_prose

POSTED = datetime(2026, 8, 2, 12, 0, tzinfo=UTC)


def told(text: str, *, first_post: datetime = POSTED, posted: datetime = POSTED) -> datetime | None:
    return start_in_prose([(text, posted)], first_post=first_post)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 8, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Start Time: August 1, 2026 21:45 UTC", at(1, 21, 45)),
        ("Between 09:07 and 10:04 UTC requests failed.", at(2, 9, 7)),
        ("On August 1, 2026, between approximately 16:31 UTC and 23:57 UTC, requests failed.", at(1, 16, 31)),
        ("On August 1st, 2026, the search was slow in intervals between ~08:05 UTC and ~16:30 UTC.", at(1, 8, 5)),
        ("From 08:45 UTC on July 30th to 02:00 UTC on August 1st, answers were wrong.", datetime(2026, 7, 30, 8, 45, tzinfo=UTC)),
        ("between 01:13 UTC and 03:25 UTC on 1 August 2026 a switch failed", at(1, 1, 13)),
        ("From 2:05 AM to 2:26 AM PDT logins failed.", at(2, 9, 5)),
        ("from 2:05 to 2:26 AM PDT logins failed.", at(2, 9, 5)),
        ("Logins fail since 11:10 UTC.", at(2, 11, 10)),
        ("Beginning at 11:10 UTC we see errors.", at(2, 11, 10)),
        ("Between 11:48 PM PDT and 1:05 AM PDT builds were slow.", at(2, 6, 48)),
        ("Errors from 20:00 to 23:00 UTC.", at(1, 20)),
    ],
)  # fmt: skip
def test_a_start_told_in_words_is_read(text, start):
    assert told(text) == start


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We are investigating.",
        "The next update comes between 09:00 and 10:00 UTC.",
        "We will provide an update from 10:00 to 11:00 UTC.",
        "Scheduled from 09:00 to 10:00 UTC.",
        "between 09:00 and 10:00",  # no zone
        "between 09:00 and 10:00 CST",  # two zones share that name
        "between 25:00 and 26:00 UTC",
        "between 09:00 and 10:00 XYZT",
        "Rules did not run today between 13:06 and 13:51 UTC.",  # after the post: a slip, not a start
        "Since 13:00 PM UTC",
        "On 31 February between 09:00 and 10:00 UTC",
        "Start Time: June 1, 2026 10:00 UTC",  # two months before the post
    ],
)
def test_words_that_leave_a_choice_are_not_read(text):
    assert told(text) is None


def test_the_earliest_of_several_starts_counts():
    texts = [("errors since 11:40 UTC", POSTED), ("errors between 10:15 and 11:50 UTC", POSTED + timedelta(hours=1))]
    assert start_in_prose(texts, first_post=POSTED) == at(2, 10, 15)


@given(
    st.text(max_size=200), st.integers(0, 23), st.integers(0, 59), st.sampled_from(["UTC", "PDT", "CEST", "IST", "?"])
)
def test_whatever_is_read_lies_within_reach_before_the_first_post(noise, hour, minute, zone):
    start = told(f"{noise} between {hour}:{minute:02d} and {hour}:{minute:02d} {zone} {noise}")
    assert start is None or POSTED - REACH <= start <= POSTED
