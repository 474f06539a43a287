"""What holds for every vendor's own page: one address, refusals instead of empty records, and no bytes that break it."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.captures import captures, needs_captures
from tests.vendors.cloud_answers import CLOUD_EXAMPLES
from tests.vendors.mutating import mutated, shuffled
from tests.vendors.own_page_answers import EXAMPLES as FIRST_EXAMPLES
from tests.vendors.own_page_answers import NOW, as_bytes, raw, read
from vendors import facts_file
from vendors.inspection import facts_from
from vendors.sources.base import NOWHERE, SourceChanged
from vendors.sources.own import OwnPage, instant, moment
from vendors.sources.registry import by_id, recognise
from vendors.sources.shapes import kind_of

EXAMPLES = FIRST_EXAMPLES | CLOUD_EXAMPLES
OWN: dict[str, OwnPage] = {name: source for name in EXAMPLES if isinstance(source := by_id(name), OwnPage)}
CASES = [(OWN[name], as_bytes(example)) for name, examples in EXAMPLES.items() for example in examples]
IDS = [f"{name} {n}" for name, examples in EXAMPLES.items() for n in range(len(examples))]


every_source = pytest.mark.parametrize("source", OWN.values(), ids=OWN)
every_example = pytest.mark.parametrize(("source", "body"), CASES, ids=IDS)


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("https://status.slack.com/2026-05/0123", "https://slack-status.com"),
        ("https://slack-status.com/api/v2.0.0/current", "https://slack-status.com"),
        ("http://SLACK-STATUS.com", "https://slack-status.com"),
        ("https://status.salesforce.com/products/x", "https://status.salesforce.com"),
        ("https://api.status.salesforce.com/v1/incidents", "https://status.salesforce.com"),
        ("https://trust.salesforce.com", "https://status.salesforce.com"),
        ("https://status.heroku.com/incidents/1", "https://status.heroku.com"),
        ("https://status.cloud.yandex.com/dashboard", "https://status.yandex.cloud"),
        ("https://status.cloud.yandex.ru", "https://status.yandex.cloud"),
        ("https://status.yandex.cloud/ru/incidents/9", "https://status.yandex.cloud"),
        ("https://status.stripe.com/current", "https://status.stripe.com"),
        ("https://status.okta.com/", "https://status.okta.com"),
        ("https://data.status.adobe.com/adobestatus/StatusEvents", "https://status.adobe.com"),
        ("https://status.zendesk.com/api/components", "https://status.zendesk.com"),
        ("https://status.algolia.com/1/status", "https://status.algolia.com"),
        ("https://status.datocms.com/incidents/x", "https://status.datocms.com"),
        ("https://status.cloud.google.com/incidents/x", "https://status.cloud.google.com"),
        ("https://www.google.com/appsstatus/dashboard/summary", "https://www.google.com/appsstatus/dashboard"),
        ("https://status.aws.amazon.com/data.json", "https://health.aws.amazon.com"),
        ("https://health.aws.amazon.com/health/status", "https://health.aws.amazon.com"),
        ("https://rssfeed.azure.status.microsoft/en-us/status/feed/", "https://azure.status.microsoft/en-us/status"),
        ("https://status.azure.com", "https://azure.status.microsoft/en-us/status"),
        ("https://status.office365.com", "https://status.cloud.microsoft"),
        ("https://cloud.ibm.com/status?selected=incident", "https://cloud.ibm.com/status"),
        ("https://www.apple.com/support/systemstatus/", "https://www.apple.com/support/systemstatus"),
        ("https://developer.apple.com/system-status/", "https://www.apple.com/support/systemstatus"),
    ],
)
def test_every_address_of_the_vendors_page_leads_to_the_one_page(address, home):
    homes = {source.base_of(address) for source in OWN.values()}
    assert homes == {home, None}


@every_source
def test_an_address_elsewhere_is_not_the_vendors(source):
    host = source.home.removeprefix("https://")
    elsewhere = (f"https://{host.split('/')[0]}.example.com/", f"https://evil-{host}", "https://cloud.ibm.com/docs")
    for address in (*elsewhere, "https://www.google.com/search", "https://www.apple.com/", "http://[bad", ""):
        assert source.base_of(address) is None


@every_source
def test_endpoints_are_secure_addresses_on_the_vendors_own_hosts_and_the_first_is_required(source):
    first, *_ = endpoints = source.endpoints(source.home)
    assert first.required
    elsewhere = ("https://api.github.com/repos/datocms/",) if source.id == "datocms" else ()
    assert all(e.url.startswith(("https://", *elsewhere)) for e in endpoints)
    assert all(source.base_of(e.url) == source.home or e.url.startswith(elsewhere) for e in endpoints)
    assert source.more(source.home, {}) == ()


@every_example
def test_an_example_is_recognised_as_its_vendors_and_nobody_elses(source, body):
    found = recognise(raw(body, f"{source.home}/"))
    assert found is source
    assert source.recognise(raw(body)) <= source.recognise(raw(body, f"{source.home}/"))
    others = {other.id: other.recognise(raw(body)) for other in OWN.values() if other is not source}
    assert set(others.values()) == {0.0}


@every_example
def test_an_error_page_and_an_empty_answer_are_not_recognised(source, body):
    assert source.recognise(raw(body, status=500)) == 0
    assert source.recognise(raw(b"")) == 0


@needs_captures
@every_source
def test_no_capture_of_another_page_is_taken_for_the_vendors(source):
    for capture in captures():
        if capture.platform == source.id or capture.vendor.removesuffix("-cloud") == source.id:
            continue
        url = "https://status.example.com/"
        assert source.recognise(raw(capture.read(), url)) == 0, capture.file


@every_example
def test_a_saved_document_is_of_the_vendors_page_and_a_read_one_of_the_address_it_was_read_at(source, body):
    for saved in ("", NOWHERE):
        page = read(source, body, page_url=saved).page
        access = "login" if source.about.login else "public"
        assert (page.url, page.access, page.platform) == (source.home, access, source.id)
    assert read(source, body, page_url="https://mirror.example.com").page.url == "https://mirror.example.com"


@every_source
@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><title>Sign in</title><body>Sign in</body></html>",
        b"",
        b"   ",
        b"\xff\xfe\x00",
        b"\xff\xfe{\x00",
        b'{"unrelated": 1}',
        b'[{"unrelated": 1}]',
        b"[[]]",
        b"[1, 2]",
        b"null",
        b'"words"',
        b"{",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda body: body[:20].decode("latin-1"),
)
def test_what_is_no_answer_of_the_page_is_refused_with_a_sentence_that_names_it(source, body):
    with pytest.raises(SourceChanged) as refusal:
        source.parse("", {kind_of(body): raw(body, "saved.bin")}, as_of=NOW)
    assert "saved.bin" in str(refusal.value)


@every_example
def test_a_cut_off_answer_is_refused(source, body):
    end = body.index(b"Status__c") if b"Status__c" in body else len(body) * 2 // 3
    body = body[:end]
    with pytest.raises(SourceChanged):
        read(source, body)


@every_source
def test_a_page_that_serves_nothing_is_refused(source):
    first = source.endpoints(source.home)[0].name
    for status in (304, 404, 503):
        with pytest.raises(SourceChanged):
            source.parse(source.home, {first: raw(b"", source.home, status=status)}, as_of=NOW)
    with pytest.raises(SourceChanged):
        source.parse(source.home, {}, as_of=NOW)


@every_source
def test_an_optional_answer_that_is_something_else_is_left_out_and_named(source):
    required, *optional = source.endpoints(source.home)
    if not optional:
        pytest.skip("it has one endpoint")
    body = as_bytes(EXAMPLES[source.id][-1 if source.id == "algolia" else 0])
    documents = {required.name: raw(body, required.url), optional[0].name: raw(b"<html>moved</html>", optional[0].url)}
    parsed = source.parse(source.home, documents, as_of=NOW)
    assert optional[0].url in {row.where for row in parsed.quarantined}
    documents = {required.name: raw(b"<html>moved</html>", required.url), optional[0].name: raw(body, optional[0].url)}
    with pytest.raises(SourceChanged):
        source.parse(source.home, documents, as_of=NOW)


@every_example
def test_a_stated_time_never_lies_after_the_reading_and_what_is_read_is_sound_facts(source, body):
    for as_of in (NOW, NOW - timedelta(days=365)):
        parsed = read(source, body, as_of=as_of)
        assert parsed.stated_at is None or parsed.stated_at <= as_of
        content = facts_file.dumps(facts_from(parsed, as_of=as_of))
        assert facts_file.dumps(facts_file.loads(content)) == content


@pytest.mark.parametrize("seed", range(5))
@every_example
def test_the_order_of_rows_and_fields_means_nothing(source, body, seed):
    if body.startswith(b"<"):
        pytest.skip("no JSON")
    other = json.dumps(shuffled(json.loads(body), random.Random(seed))).encode()
    assert read(source, body) == read(source, other)


@st.composite
def mutations(draw: st.DrawFn) -> tuple[OwnPage, bytes]:
    """An example with some of its values replaced or removed."""
    source, body = draw(st.sampled_from([case for case in CASES if not case[1].startswith(b"<")]))
    return source, mutated(draw, body)


@settings(max_examples=600)
@given(mutations())
def test_any_mutation_of_an_answer_is_read_or_refused(case):
    source, body = case
    source.recognise(raw(body))
    try:
        parsed = read(source, body)
    except SourceChanged:
        return
    facts_file.dumps(facts_from(parsed, as_of=NOW))
    if any(incident.end_known == "open" for incident in parsed.incidents):
        assert parsed.page.state == "issue"


@settings(max_examples=300)
@given(st.sampled_from(sorted(OWN)), st.binary(max_size=300), st.sampled_from(CASES))
def test_any_bytes_are_read_or_refused(name, noise, case):
    source, (_, body) = OWN[name], case
    for content in (noise, body + noise, noise + body, body[:50] + noise + body[60:]):
        source.recognise(raw(content))
        try:
            parsed = read(source, content)
        except SourceChanged:
            continue
        assert parsed.page.platform == by_id(source.id).id


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1_777_629_600, "2026-05-01T10:00:00+00:00"),
        (1_777_629_600_000, "2026-05-01T10:00:00+00:00"),
        (1_777_629_600.25, "2026-05-01T10:00:00+00:00"),
        (0, None), (-1, None), (1e30, None), (float("nan"), None), (float("inf"), None), (None, None),
    ],
)  # fmt: skip
def test_a_number_is_a_time_only_in_the_years_of_status_pages(value, expected):
    found = moment(value)
    assert (found.isoformat() if found else None) == expected


@pytest.mark.parametrize(
    "text", ["2026-05-01T10:00:00", "May 1", "", "9999-12-31T23:59:59-14:00", None, True, [], "x" * 99]
)
def test_a_text_without_a_zone_or_meaning_is_no_time(text):
    assert instant(text) is None
