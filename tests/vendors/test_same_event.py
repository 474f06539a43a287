"""One event on several pages is one; two events that are only alike stay two."""

from __future__ import annotations

import random
from datetime import timedelta

import msgspec
import pytest

from tests.assessments.making import NOW, make_incident
from vendors.same_event import WITHIN, counted_once

JIRA, CONFLUENCE, TRELLO = (f"https://{name}.status.example.com" for name in ("jira", "confluence", "trello"))
POSTED = NOW - timedelta(days=10)


def telling(page: str, identity: str, *, later: timedelta = timedelta(0), title: str = "Search is slow", **extra):
    base = make_incident(1)
    return msgspec.structs.replace(
        base, id=identity, page=page, title=title, started_at=POSTED + later, first_posted_at=POSTED + later,
        url=f"{page}/incidents/{identity}", **{"components": (identity,), **extra},
    )  # fmt: skip


def test_one_event_on_three_pages_is_one_with_all_its_components():
    three = [
        telling(JIRA, "a"),
        telling(CONFLUENCE, "b", later=timedelta(minutes=5)),
        telling(TRELLO, "c", later=WITHIN),
    ]
    (kept,) = counted_once(three)
    assert kept.id == "a"
    assert kept.components == ("a", "b", "c")
    assert kept.also == (f"{CONFLUENCE}/incidents/b", f"{TRELLO}/incidents/c")


def test_the_telling_with_the_most_posts_stands_for_the_event():
    rich = telling(CONFLUENCE, "b", updates=(*make_incident(1).updates, *make_incident(2).updates))
    (kept,) = counted_once([telling(JIRA, "a"), rich])
    assert kept.id == "b"


@pytest.mark.parametrize(
    "other",
    [
        telling(CONFLUENCE, "b", later=WITHIN + timedelta(seconds=1)),
        telling(CONFLUENCE, "b", title="Search is down"),
        telling(JIRA, "b"),
        telling(CONFLUENCE, "b", title=""),
    ],
    ids=["later", "another title", "the same page", "no title"],
)
def test_what_is_only_alike_stays_apart(other):
    one = telling(JIRA, "a", title=other.title if other.title == "" else "Search is slow")
    assert len(counted_once([one, other, telling(TRELLO, "z", title="Unrelated")])) == 3


def test_titles_are_compared_without_case_and_blanks():
    assert len(counted_once([telling(JIRA, "a"), telling(CONFLUENCE, "b", title="  search IS\tslow ")])) == 1


def test_counting_once_twice_and_in_any_order_is_the_same():
    many = [
        telling(page, f"{name}{n}", later=timedelta(minutes=7 * n))
        for n in range(12)
        for name, page in (("a", JIRA), ("b", CONFLUENCE), ("c", TRELLO))
    ]
    once = counted_once(many)
    assert counted_once(once) == once
    mixed = many[:]
    random.Random(1).shuffle(mixed)
    assert set(counted_once(mixed)) == set(once)
    assert len(once) == 12
