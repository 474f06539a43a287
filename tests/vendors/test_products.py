"""What holds for every product: its states, refusals instead of empty records, and no bytes that break it."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.captures import captures, needs_captures
from tests.vendors.mutating import mutated, shuffled
from tests.vendors.own_page_answers import EXAMPLES, as_bytes
from tests.vendors.product_answers import STATES
from vendors import facts_file
from vendors.inspection import facts_from
from vendors.sources.base import NOWHERE, Parsed, Raw, SourceChanged
from vendors.sources.registry import SOURCES, by_id, judge
from vendors.sources.shapes import kind_of

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PAGE = "https://status.example.com"
CASES = [(name, body, state) for name, rows in STATES.items() for body, state in rows]
IDS = [f"{name} {n}" for name, rows in STATES.items() for n in range(len(rows))]
every_case = pytest.mark.parametrize(("name", "body", "state"), CASES, ids=IDS)
every_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
IN_HTML = ("pagerduty", "incidentio")


def raw(body: bytes, url: str = "saved.bin", status: int = 200) -> Raw:
    return Raw(url=url, body=body, fetched_at=NOW, status=status)


def read(name: str, body: bytes, *, page_url: str = "", as_of: datetime = NOW) -> Parsed:
    source = by_id(name)
    assert source is not None
    return source.parse(page_url, {kind_of(body): raw(body)}, as_of=as_of)


@every_case
def test_a_page_is_in_the_state_its_document_tells_and_never_better(name, body, state):
    assert read(name, body).page.state == state


@every_case
def test_a_document_is_recognised_as_its_products_and_nobody_elses(name, body, state):
    own = {"statuscake": "https://app.statuscake.com/x", "sorry": "https://api.sorryapp.com/v1/pages/x/components"}
    source, sureness = judge(raw(body, own.get(name, f"{PAGE}/x")))
    assert source is not None
    assert source.id == name
    others = {other.id: other.recognise(raw(body)) for other in SOURCES if other.id not in (name, "feed")}
    assert {key: value for key, value in others.items() if value >= sureness} == {}


@every_case
def test_an_error_page_is_not_recognised(name, body, state):
    source = by_id(name)
    assert source.recognise(raw(body, status=500)) == 0
    assert source.recognise(raw(b"")) == 0


def test_every_source_has_a_document_to_be_tested_on():
    tested = set(STATES) | set(EXAMPLES) | {"statuspage", "statuscake", "sorry"}
    assert {source.id for source in SOURCES} == tested


@every_source
def test_a_source_says_what_it_is(source):
    about = source.about
    assert all(text and len(text) < 250 for text in (about.reads, about.depth, about.start, about.impact))
    assert source.id == source.id.lower()
    assert about.login == (source.id == "microsoft365")


@every_source
@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><title>Sign in</title><body>Sign in</body></html>",
        b"", b"   ", b"\xff\xfe\x00", b'{"unrelated": 1}', b'[{"unrelated": 1}]', b"[[]]", b"null", b'"words"', b"{",
        b"[" * 100_000, b'{"a":' * 100_000, b"<rss><channel>", b"<rss version='2.0'><channel><title>Recipes</title></channel></rss>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><rss><channel><title>Status</title></channel></rss>', b"a: b\nc: d\n",
    ],
    ids=lambda body: body[:24].decode("latin-1"),
)  # fmt: skip
def test_what_is_no_answer_of_the_product_is_refused_with_a_sentence_that_names_it(source, body):
    assert source.recognise(raw(body)) < 0.35
    with pytest.raises(SourceChanged) as refusal:
        source.parse(PAGE, {kind_of(body): raw(body)}, as_of=NOW)
    assert "saved.bin" in str(refusal.value)


@every_source
def test_a_page_that_serves_nothing_is_refused(source):
    for status in (404, 503):
        with pytest.raises(SourceChanged):
            source.parse(PAGE, {source.endpoints(PAGE)[0].name: raw(b"", PAGE, status=status)}, as_of=NOW)
    with pytest.raises(SourceChanged):
        source.parse(PAGE, {}, as_of=NOW)


@every_source
def test_endpoints_are_web_addresses_under_names_of_their_own(source):
    endpoints = source.endpoints(PAGE)
    assert endpoints[0].required
    assert len({e.name for e in endpoints}) == len(endpoints)
    assert all(e.url.startswith("https://") for e in endpoints)
    assert source.base_of("http://[bad") is None
    assert source.base_of("https://unrelated.example.org/") is None


@every_case
def test_a_read_page_has_the_address_it_was_read_at_and_is_sound_facts(name, body, state):
    parsed = read(name, body, page_url=PAGE)
    assert parsed.page.url == PAGE
    assert {incident.page for incident in parsed.incidents} <= {PAGE}
    for as_of in (NOW, NOW - timedelta(days=365)):
        earlier = read(name, body, as_of=as_of)
        assert earlier.stated_at is None or earlier.stated_at <= as_of
        content = facts_file.dumps(facts_from(earlier, as_of=as_of))
        assert facts_file.dumps(facts_file.loads(content)) == content
        assert earlier.page.url == NOWHERE or earlier.page.url.startswith("https://")


@every_case
def test_a_cut_off_document_is_refused_or_tells_no_more(name, body, state):
    for share in (0.4, 0.7, 0.95):
        cut = body[: int(len(body) * share)]
        try:
            parsed = read(name, cut)
        except SourceChanged:
            continue
        assert len(parsed.incidents) <= len(read(name, body).incidents)
        assert parsed.page.state in ("unknown", state) or name in (
            "upptime",
            "betterstack",
            "statuscast",
            "hund",
            "statuspal",
        )


@pytest.mark.parametrize("seed", range(3))
@every_case
def test_the_order_of_rows_and_fields_means_nothing(name, body, state, seed):
    if body[:1] not in b"{[":
        pytest.skip("no JSON")
    mixed = json.dumps(shuffled(json.loads(body), random.Random(seed))).encode()
    ours, other = read(name, body), read(name, mixed)
    assert (ours.page.state, ours.incidents, ours.maintenances) == (
        other.page.state,
        other.incidents,
        other.maintenances,
    )


@needs_captures
def test_no_capture_is_taken_for_another_product():
    for capture in captures():
        body = capture.read()
        sure = {s.id: value for s in SOURCES if (value := s.recognise(raw(body, f"{PAGE}/"))) >= 0.35}
        assert len(sure) <= 1, (capture.file, sure)


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, bytes]:
    """An example with some of its values replaced or removed."""
    name, body, _ = draw(st.sampled_from([case for case in CASES if case[1][:1] in b"{["]))
    return name, mutated(draw, body)


@settings(max_examples=1000)
@given(mutations())
def test_any_mutation_of_a_document_is_read_or_refused_and_an_open_incident_is_never_ok(case):
    name, body = case
    by_id(name).recognise(raw(body))
    try:
        parsed = read(name, body)
    except SourceChanged:
        return
    facts_file.dumps(facts_from(parsed, as_of=NOW))
    if any(incident.end_known == "open" for incident in parsed.incidents):
        assert parsed.page.state in ("issue", "maintenance")


@settings(max_examples=400)
@given(st.sampled_from([source.id for source in SOURCES]), st.binary(max_size=300), st.sampled_from(CASES))
def test_any_bytes_are_read_or_refused(name, noise, case):
    _, body, _ = case
    for content in (noise, body + noise, noise + body, body[:50] + noise + body[60:]):
        by_id(name).recognise(raw(content))
        try:
            parsed = read(name, content)
        except SourceChanged:
            continue
        assert parsed.page.platform == by_id(name).id


@pytest.mark.parametrize("name", [source.id for source in SOURCES])
@pytest.mark.parametrize(
    "failure", ["timeout", "a web page", "an empty list", "cut off", "too many requests", "moved home"]
)
def test_a_failed_read_is_refused_or_unknown_and_never_well(name, failure):
    """No failure of a page is read as good news, whatever product it is of."""
    bodies = {
        "a web page": b"<html><body>Sorry</body></html>", "an empty list": b"[]", "cut off": b'{"page": {"id": "abc',
        "moved home": b"<html><body><a href='/'>Welcome home</a></body></html>",
    }  # fmt: skip
    source = by_id(name)
    endpoint = source.endpoints(PAGE)[0]
    documents = {}
    if failure in bodies:
        documents = {endpoint.name: raw(bodies[failure], endpoint.url)}
    elif failure == "too many requests":
        documents = {endpoint.name: raw(b"slow down", endpoint.url, status=429)}
    try:
        parsed = source.parse(PAGE, documents, as_of=NOW)
    except SourceChanged:
        return
    assert parsed.page.state != "ok" or (name, failure) == ("aws", "an empty list")  # AWS's word for all is well
    assert parsed.incidents == ()


def test_the_examples_of_own_pages_are_told_apart_from_products():
    for name, examples in EXAMPLES.items():
        for example in examples:
            body = as_bytes(example)
            others = {s.id: v for s in SOURCES if s.id != name and (v := s.recognise(raw(body))) >= 0.35}
            assert others == {}, name


@pytest.mark.parametrize(
    ("name", "n", "lists_open"),
    [
        ("betterstack", 0, True),
        ("betterstack", 5, False),
        ("statuspal", 0, True),
        ("statuspal", 3, False),
        ("instatus", 0, True),
        ("cachet", 0, False),
        ("cachet", 4, True),
        ("upptime", 0, False),
        ("uptime-kuma", 0, False),
        ("statushub", 0, False),
        ("statuscast", 0, False),
        ("feed", 0, False),
        ("firehydrant", 0, True),
        ("statusio", 0, True),
    ],
)
def test_only_a_read_that_would_show_every_open_incident_says_so(name, n, lists_open):
    assert read(name, STATES[name][n][0]).lists_open is lists_open


def test_kuma_lists_everything_open_only_with_its_page_and_its_beats():
    page = json.dumps({"config": {"slug": "x", "title": "X"}, "publicGroupList": [], "incident": None}).encode()
    documents = {"page": raw(page), "beats": raw(STATES["uptime-kuma"][0][0])}
    for names in (["page", "beats"], ["beats", "page"]):
        parsed = by_id("uptime-kuma").parse(PAGE, {name: documents[name] for name in names}, as_of=NOW)
        assert parsed.lists_open
