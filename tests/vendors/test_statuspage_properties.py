"""What holds for every page: order means nothing, reading twice changes nothing, no bytes raise anything but a refusal."""

from __future__ import annotations

import contextlib
import json
import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vendors.statuspage_answers import NOW, PAGE, body, incident, listing, maintenance, raw, summary
from vendors import facts_file
from vendors.inspection import facts_from
from vendors.sources.base import SourceChanged
from vendors.sources.registry import SOURCES
from vendors.sources.shapes import kind_of
from vendors.sources.statuspage.source import STATUSPAGE

MINUTES = st.integers(min_value=0, max_value=60 * 24 * 400)
STATES = st.sampled_from(["investigating", "identified", "monitoring", "resolved", "postmortem", "odd"])


def when(minutes: int) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@st.composite
def updates(draw: st.DrawFn) -> dict:
    created, shown = draw(MINUTES), draw(MINUTES)
    return {"id": draw(st.none() | st.sampled_from("abcdef")), "status": draw(STATES), "body": draw(st.text(max_size=30)),
            "created_at": when(created), "display_at": draw(st.sampled_from([when(shown), None, when(created)])),
            "updated_at": when(draw(MINUTES)), "affected_components": None}  # fmt: skip


@st.composite
def incidents(draw: st.DrawFn) -> dict:
    row = maintenance() if draw(st.booleans()) else incident()
    row["id"] = f"inc{draw(st.integers(0, 5)):09d}"
    row["incident_updates"] = draw(st.lists(updates(), max_size=5))
    for name in ("created_at", "started_at", "resolved_at", "updated_at"):
        row[name] = draw(st.none() | MINUTES.map(when))
    row["impact"] = draw(st.sampled_from(["none", "minor", "major", "critical", "maintenance", None, "odd"]))
    row["status"] = draw(STATES)
    return row


def facts(documents: dict[str, bytes]) -> bytes:
    named = {name: raw(content, f"{PAGE}/{name}") for name, content in documents.items()}
    return facts_file.dumps(facts_from(STATUSPAGE.parse(PAGE, named, as_of=NOW), as_of=NOW))


def shuffled(rows: list, seed: int) -> list:
    rows = [dict(row, incident_updates=list(row["incident_updates"])) for row in rows]
    dice = random.Random(seed)
    dice.shuffle(rows)
    for row in rows:
        dice.shuffle(row["incident_updates"])
    return rows


@settings(max_examples=150)
@given(st.lists(incidents(), max_size=6), st.lists(incidents(), max_size=4), st.integers(0, 1000))
def test_the_order_of_answers_incidents_and_updates_means_nothing(listed, unresolved, seed):
    first = facts({"incidents": listing(*listed), "summary": summary(*unresolved)})
    other = facts({"summary": summary(*shuffled(unresolved, seed)), "incidents": listing(*shuffled(listed, seed))})
    assert first == other


@settings(max_examples=100)
@given(st.lists(incidents(), max_size=6))
def test_what_is_read_is_always_sound_facts_and_reading_it_again_changes_nothing(rows):
    content = facts({"incidents": listing(*rows)})
    assert facts_file.dumps(facts_file.loads(content)) == content
    assert (
        facts({"incidents": listing(*rows), "unresolved": listing(*rows)}).split(b'"sources"')[0]
        == content.split(b'"sources"')[0]
    )


@settings(max_examples=100)
@given(st.lists(incidents(), max_size=6))
def test_no_incident_is_lost_without_a_word(rows):
    parsed = STATUSPAGE.parse(PAGE, {"incidents": raw(listing(*rows))}, as_of=NOW)
    told = {i.id for i in parsed.incidents} | {m.id for m in parsed.maintenances}
    kept_out = " ".join(q.where for q in parsed.quarantined)
    assert all(row["id"] in told or row["id"] in kept_out for row in rows)


KEYS = [
    "page", "incidents", "id", "status", "components", "months", "incident_updates", "created_at", "name", "year", "incident",
    "timestamp", "code",
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(KEYS), inner, max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip
MARKS = [
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>:Incident/1</id>", b'<html class="page-status status-day">',
    b"Powered by Statuspage", b"```<!DOCTYPE html>", b'{"page":{"id":"', b'{"incidents":[', b"\x1f\x8b", b"\xef\xbb\xbf",
]  # fmt: skip
NAMES = ["incidents", "summary", "atom", "home", "lines", "history-1", "document"]
BYTES = st.binary(max_size=300) | st.lists(st.sampled_from(MARKS) | st.binary(max_size=40), max_size=6).map(b"".join)


@settings(max_examples=300)
@given(BYTES | JSON.map(lambda value: json.dumps(value).encode()), st.sampled_from(NAMES))
def test_no_bytes_raise_anything_but_a_refusal(content, name):
    answer = raw(content, PAGE)
    for source in SOURCES:
        assert 0.0 <= source.recognise(answer) <= 1.0
        for document in (name, kind_of(content)):
            with contextlib.suppress(SourceChanged):
                source.parse(PAGE, {document: answer}, as_of=NOW)
        source.more(PAGE, {name: answer})


@settings(max_examples=100)
@given(st.integers(0, 3000), st.binary(min_size=1, max_size=3))
def test_no_damage_to_a_sound_answer_raises_anything_but_a_refusal(position, damage):
    sound = body(incidents=[incident(), maintenance()], scheduled_maintenances=[maintenance()])
    content = sound[:position] + damage + sound[position + len(damage) :]
    with contextlib.suppress(SourceChanged):
        STATUSPAGE.parse(PAGE, {"incidents": raw(content)}, as_of=NOW)
