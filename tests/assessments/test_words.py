"""The specificity engine: what a single status update states. All texts are written for these tests."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.words import measure
from assessments.scoring.words.engine import MAX_CHARACTERS
from vendors.records import ELEMENTS

NOON = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)

STATES = [
    ("component", "Uploads to the photo library are affected.", "Uploads"),
    ("component", "Toll-free numbers are impacted for the moment.", "numbers"),
    ("component", "Some agents are now active again.", "agents"),
    (
        "cause",
        "We have identified an infrastructure change that we have since rolled back.",
        "identified an infrastructure change",
    ),
    ("cause", "We are fighting a DDoS attack on our edge.", "DDoS attack"),
    (
        "cause",
        "It is related to a problem on the EU region of the Heroku platform.",
        "related to a problem on the EU region of the Heroku",
    ),
    ("cause", "A fibre cut in the north was found at noon.", "fibre cut"),
    ("component", "Customers of Aurora Mail are affected right now.", "Aurora Mail"),
    ("symptom", "People cannot log in to the console.", "cannot"),
    ("symptom", "Elevated 503 responses are seen by visitors.", "503"),
    ("scope_number", "Around 300 sites are affected by this.", "300 sites"),
    ("scope_number", "Less than 1 % of customers see this.", "1 %"),
    ("scope_vague", "A small number of customers see this.", "A small number of"),
    ("scope_vague", "Some users see this as well.", "Some users"),
    ("region", "Only servers in eu-west-1 are concerned.", "eu-west-1"),
    ("region", "Servers in Frankfurt are concerned.", "Frankfurt"),
    ("region", "Android app users are concerned.", "Android"),
    ("times", "This lasted from 14:10 UTC until 16:02 UTC.", "14:10 UTC"),
    ("times", "It began at 9:30 PM PDT.", "9:30 PM PDT"),
    ("cause", "This was caused by a failed network switch.", "caused by"),
    ("cause", "Due to a configuration change, mail was held.", "Due to"),
    ("action", "We rolled back the release.", "rolled back"),
    ("action", "Our engineers are restarting the affected hosts.", "restarting"),
    ("action", "We added capacity to the queue.", "added capacity"),
    ("workaround", "Please clear your cache and open the page anew.", "Please clear"),
    ("workaround", "Users can retry the upload after a minute.", "can retry"),
    ("next_update", "Next update by 15:30 UTC.", "update by 15:30 UTC"),
    ("next_update", "We will share more information within 30 minutes.", "within 30 minutes"),
    ("next_update", "We will provide more details within the next hour.", "within the next hour"),
]


@pytest.mark.parametrize(("element", "text", "quoted"), STATES, ids=[f"{e}: {t[:24]}" for e, t, _ in STATES])
def test_element_is_found_with_the_words_that_state_it(element, text, quoted):
    spans = measure(text).elements.get(element, ())
    assert any(quoted in text[begin:end] or text[begin:end] in quoted for begin, end in spans), measure(text).elements


STATES_NOT = [
    ("component", "Times as logged: 2021-08-19T01:51:53Z is when it began for us."),
    ("component", "We are working on this issue with urgency and care."),
    ("cause", "Some updates may have been impacted by it for a while."),
    ("cause", "We saw a spike in errors this morning, now over."),
    ("cause", "Traffic originating in Europe may be slow."),
    ("cause", "An issue with our Slack integration makes syncing slow."),
    ("cause", "None of our parts is down, and no part is impacted by the ongoing AWS outage."),
    ("symptom", "No data was lost in this maintenance."),
    ("component", "We are investigating an issue with our systems."),
    ("symptom", "Customers are impacted by this issue."),
    ("scope_number", "Version 3.7 was published after 20 minutes."),
    ("scope_vague", "All users see this."),
    ("region", "We expect more by Monday, 02:30 US/Pacific."),
    ("times", "Next update by 15:30 UTC."),
    ("times", "It happened on 3 May."),
    ("cause", "We have identified the root cause of the issue."),
    ("cause", "We apologise for any inconvenience caused by this issue."),
    ("action", "A fix is being implemented."),
    ("action", "We will roll back the release soon; we plan to restart the hosts."),
    ("workaround", "Workaround: none at this time."),
    ("workaround", "Please contact support with any question."),
    ("next_update", "The next update follows as soon as possible."),
    ("next_update", "The last update was posted at 10:00 UTC."),
]


@pytest.mark.parametrize(("element", "text"), STATES_NOT, ids=[f"{e}: {t[:24]}" for e, t in STATES_NOT])
def test_element_is_not_read_into_words_that_do_not_state_it(element, text):
    assert element not in measure(text).elements


def test_vague_scope_counts_only_where_no_number_is_given():
    elements = measure("Some users, about 4 % of accounts, see errors.").elements
    assert "scope_number" in elements
    assert "scope_vague" not in elements


def test_names_from_the_vendors_own_component_list_are_recognised():
    text = "Flux Capacitor is not responding."
    begin, end = measure(text, ["Flux Capacitor"]).elements["component"][0]
    assert text[begin:end] == "Flux Capacitor"


def test_a_page_of_a_thousand_parts_is_matched_without_exhausting_the_pattern_engine(capfd):
    parts = [f"Part {n} City{n * 7919 % 10007} Location name (abc{n})" for n in range(1200)]
    text = "Requests through City7919 are slow."
    spans = measure(text, parts).elements["component"]
    assert any("City7919" in text[begin:end] for begin, end in spans)
    assert "out of memory" not in capfd.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "We are continuing to investigate this issue.",
        "A fix has been implemented and we are monitoring the results.",
        "This incident has been resolved.",
        "The issue has been identified and a fix is being implemented.",
        "Resolved",
        "",
    ],
)
def test_stock_phrases_are_canned_and_earn_at_most_ten_points(text):
    measured = measure(text)
    assert measured.canned or measured.language == "unknown"
    assert (measured.points or 0) <= 10


def test_a_text_that_says_something_is_not_canned():
    assert not measure("Mail to Frankfurt was delayed from 14:10 UTC; we rolled back the release.").canned


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Next update by 12:30 UTC.", datetime(2024, 5, 1, 12, 30, tzinfo=UTC)),
        ("Next update at 11:00 UTC.", datetime(2024, 5, 2, 11, 0, tzinfo=UTC)),
        ("More information by Thursday, 2024-05-02 05:30 US/Pacific.", datetime(2024, 5, 2, 12, 30, tzinfo=UTC)),
        ("An update will follow in 45 minutes.", datetime(2024, 5, 1, 12, 45, tzinfo=UTC)),
        ("We will post an update within the next 2 hours.", datetime(2024, 5, 1, 14, 0, tzinfo=UTC)),
        ("We will post an update within half an hour.", datetime(2024, 5, 1, 12, 30, tzinfo=UTC)),
        ("Next update by 3:00 PM CST.", None),  # names several zones
        ("Next update by 15:30.", None),  # no zone
        ("Next update on 2024-02-30 by 15:30 UTC.", datetime(2024, 5, 1, 15, 30, tzinfo=UTC)),
    ],
)
def test_promised_times_are_read_with_their_zone_or_left_unknown(text, due):
    measured = measure(text, posted_at=NOON)
    assert "next_update" in measured.elements
    assert measured.promised_at == due


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wir untersuchen die Störung und melden uns bei den Kunden.", "de"),
        ("Nous avons résolu cet incident pour tous nos clients.", "fr"),
        ("現在、問題を調査しています。", "ja"),
        ("12345 67", "unknown"),
        ("Mail is delayed for users in the region.", "en"),
    ],
)
def test_unsupported_languages_are_unknown_never_zero(text, language):
    measured = measure(text)
    assert measured.language == language
    if language != "en":
        assert measured.points is None
        assert measured.elements == {}


@given(st.text(max_size=400), st.lists(st.text(max_size=30), max_size=4))
def test_any_text_is_measured_with_ordered_disjoint_spans_inside_it(text, components):
    measured = measure(text, components, posted_at=NOON)
    assert list(measured.elements) == [name for name in ELEMENTS if name in measured.elements]
    for spans in measured.elements.values():
        flat = [edge for span in spans for edge in span]
        assert flat == sorted(flat)
        assert all(0 <= begin < end <= len(text) for begin, end in spans)
    assert measured.points is None or 0 <= measured.points <= 100


LONG = ["a" * 200_000, "update by " * 30_000, "<" * 100_000, "we are " * 20_000, "1" * 100_000]


@pytest.mark.parametrize("text", LONG, ids=[text[:9] for text in LONG])
def test_a_text_beyond_the_cap_is_read_up_to_the_cap(text):
    assert measure(text, [text[:400]]) == measure(text[:MAX_CHARACTERS], [text[:400]])


def test_half_a_letter_is_read_as_any_other_sign():
    text = "Uploads are failing \ud83d for some users."
    assert measure(text).elements == measure(text.replace("\ud83d", "\ufffd")).elements


def test_more_words_never_lower_the_points():
    short = "Mail is delayed."
    longer = short + " This was caused by a failed switch in Frankfurt. Next update by 15:30 UTC."
    assert (measure(longer).points or 0) > (measure(short).points or 0)


@pytest.mark.parametrize("mark", ["é", "日本", "😀", "İ"])
def test_spans_count_characters_whatever_letters_stand_before_them(mark):
    plain = "The Search API is down in Frankfurt due to a power failure. We rolled back. Next update by 10:30 UTC."
    expected = {
        name: tuple((a + len(mark) + 1, b + len(mark) + 1) for a, b in spans)
        for name, spans in measure(plain).elements.items()
    }
    assert {"component", "symptom", "region", "cause", "action", "next_update"} <= set(expected)
    assert measure(f"{mark} {plain}").elements == expected
