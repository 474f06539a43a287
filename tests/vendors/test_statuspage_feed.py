"""/history.atom and .rss: the start is the first post in the body, and the year is nowhere but in the entry's own time."""

from __future__ import annotations

import json
from html import escape

import pytest

from tests.vendors.statuspage_answers import NOW, PAGE, at, incident, listing, parse, post, raw
from vendors.sources.base import SourceChanged
from vendors.sources.statuspage.source import STATUSPAGE


def posts(*rows: tuple[str, str, str]) -> str:
    """The body of an entry: (stamp, state, HTML of the words), newest first."""
    parts = []
    for stamp, state, words in rows:
        month, day, clock, zone = stamp.replace(",", "").split(" ")
        parts.append(
            f"<p><small>{month} <var data-var='date'>{day}</var>, <var data-var='time'>{clock}</var> {zone}</small>"
            f"<br><strong>{state}</strong> - {words}</p>"
        )
    return "".join(parts)


def entry(content: str, published: str, identity: str = "inc000000001", title: str = "Slow answers") -> str:
    return (
        f"<entry><id>tag:status.example.com,2005:Incident/123</id><published>{published}</published>"
        f"<updated>{published}</updated><link rel='alternate' type='text/html' href='{PAGE}/incidents/{identity}'/>"
        f"<title>{escape(title)}</title><content type='html'>{escape(content)}</content></entry>"
    )


def feed(*entries: str) -> bytes:
    return (
        "<?xml version='1.0' encoding='UTF-8'?><feed xml:lang='en-US' xmlns='http://www.w3.org/2005/Atom'>"
        f"<id>tag:status.example.com,2005:/history</id><link rel='alternate' type='text/html' href='{PAGE}'/>"
        f"<link rel='self' type='application/atom+xml' href='{PAGE}/history.atom'/>"
        "<title>Example Status - Incident History</title><updated>2026-05-30T10:00:00Z</updated>"
        f"<author><name>Example</name></author>{''.join(entries)}</feed>"
    ).encode()


TWO = posts(("May 2, 11:00 UTC", "Resolved", "All is well."), ("May 2, 10:00 UTC", "Investigating", "It is slow."))


def test_the_start_is_the_first_post_in_the_body_never_published():
    (row,) = parse(atom=feed(entry(TWO, "2026-05-02T11:00:07Z"))).incidents
    assert (row.started_at, row.resolved_at) == (at("2026-05-02 10:00"), at("2026-05-02 11:00"))
    assert (row.impact, row.start_stated, row.id) == (None, False, "inc000000001")
    assert [(u.state, u.text) for u in row.updates] == [("investigating", "It is slow."), ("resolved", "All is well.")]


@pytest.mark.parametrize(
    ("stamps", "published", "start", "end"),
    [
        (("Jan 1, 02:00 UTC", "Dec 31, 22:00 UTC"), "2026-01-01T02:00:30Z", "2025-12-31 22:00", "2026-01-01 02:00"),
        (("Dec 31, 22:00 PST", "Dec 31, 20:00 PST"), "2026-01-01T06:00:30Z", "2026-01-01 04:00", "2026-01-01 06:00"),
        (("Mar 1, 02:00 UTC", "Feb 29, 22:00 UTC"), "2024-03-01T02:00:00Z", "2024-02-29 22:00", "2024-03-01 02:00"),
        (("May 2, 11:00 CEST", "May 2, 10:00 CEST"), "2026-05-02T09:00:00Z", "2026-05-02 08:00", "2026-05-02 09:00"),
        (("May 2, 11:00 -0300", "May 2, 10:00 -0300"), "2026-05-02T14:00:00Z", "2026-05-02 13:00", "2026-05-02 14:00"),
    ],
    ids=["over New Year", "New Year in another zone", "leap day", "summer time", "an offset"],
)
def test_the_year_comes_from_the_entry_and_posts_run_backwards(stamps, published, start, end):
    content = posts((stamps[0], "Resolved", "x"), (stamps[1], "Investigating", "y"))
    (row,) = parse(atom=feed(entry(content, published))).incidents
    assert (row.started_at, row.resolved_at) == (at(start), at(end))


def test_paragraphs_and_links_inside_a_post_stay_in_it():
    words = "See <a href='https://example.com/a'>the page</a>.<p>And more.</p>"
    content = posts(("May 2, 11:00 UTC", "Resolved", words), ("May 2, 10:00 UTC", "Investigating", "x"))
    (row,) = parse(atom=feed(entry(content, "2026-05-02T11:00:00Z"))).incidents
    assert row.updates[-1].text == "See the page.And more." or row.updates[-1].text == "See the page.\nAnd more."


def test_announced_work_in_the_feed_is_no_incident():
    content = posts(
        ("May 2, 11:00 UTC", "Completed", "x"),
        ("May 2, 10:00 UTC", "In progress", "y"),
        ("May 1, 10:00 UTC", "Scheduled", "z"),
    )
    result = parse(atom=feed(entry(content, "2026-05-02T11:00:00Z")))
    assert (len(result.incidents), len(result.maintenances)) == (0, 1)
    assert result.maintenances[0].completed_at == at("2026-05-02 11:00")


@pytest.mark.parametrize(
    ("content", "published", "said"),
    [(TWO, "yesterday", "cannot be read"), ("<p>No stamps.</p>", "2026-05-02T11:00:00Z", "no dated post"),
     (TWO.replace("UTC", "QQQ"), "2026-05-02T11:00:00Z", "cannot be read")],
    ids=["no time", "no posts", "no such zone"],
)  # fmt: skip
def test_an_entry_that_cannot_be_read_is_kept_out_with_a_reason(content, published, said):
    result = parse(atom=feed(entry(content, published), entry(TWO, "2026-05-02T11:00:00Z", "inc000000002")))
    assert [i.id for i in result.incidents] == ["inc000000002"]
    assert any(said in fault.reason for fault in result.quarantined)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (feed(entry(TWO, "2026-05-02T11:00:00Z"))[:-30], "cut off"),
        (b"<html><body>hello</body></html>", "neither"),
        (b"<feed", "cut off"),
        (b"", "cut off or no feed"),
        (
            b'<!DOCTYPE f [<!ENTITY a "b">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>',
            "document type|cut off",
        ),
    ],
    ids=["cut off", "a web page", "a fragment", "nothing", "entities"],
)
def test_what_is_no_feed_is_refused_in_one_sentence(content, said):
    with pytest.raises(SourceChanged, match=said):
        parse(atom=content)


def test_the_feed_adds_nothing_to_what_the_api_already_told():
    told = incident(
        "inc000000001",
        post("2026-05-02 11:00", "resolved", "All is well."),
        post("2026-05-02 10:00", body="It is slow."),
    )
    result = parse(incidents=listing(told), atom=feed(entry(TWO, "2026-05-02T11:00:00Z")))
    assert result.incidents == parse(incidents=listing(told)).incidents


def test_a_post_only_the_feed_has_is_added_to_the_apis_incident():
    told = incident("inc000000001", post("2026-05-02 10:00", body="It is slow."))
    (row,) = parse(incidents=listing(told), atom=feed(entry(TWO, "2026-05-02T11:00:00Z"))).incidents
    assert [u.text for u in row.updates] == ["It is slow.", "All is well."]
    assert (row.impact, row.resolved_at) == ("minor", at("2026-05-02 11:00"))


def test_the_rss_feed_is_read_like_the_atom_feed():
    rss = (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Example Status - Incident History</title>"
        f"<link>{PAGE}</link><pubDate>Sat, 30 May 2026 10:00:00 +0000</pubDate><item><title>Slow answers</title>"
        f"<description>{escape(TWO)}</description><pubDate>Sat, 02 May 2026 11:00:00 +0000</pubDate>"
        f"<link>{PAGE}/incidents/inc000000001</link><guid>{PAGE}/incidents/inc000000001</guid></item></channel></rss>"
    ).encode()
    assert parse(atom=rss).incidents == parse(atom=feed(entry(TWO, "2026-05-02T11:00:00Z"))).incidents


def test_a_body_escaped_twice_is_still_read():
    assert parse(atom=feed(entry(escape(TWO), "2026-05-02T11:00:00Z"))).incidents[0].updates[0].text == "It is slow."


@pytest.mark.parametrize(("count", "reason"), [(25, "newest 25"), (2, "all 2 entries")])
def test_the_window_reaches_to_the_oldest_entry(count, reason):
    entries = [entry(TWO, "2026-05-02T11:00:00Z", f"inc{n:09d}") for n in range(count)]
    window = parse(NOW, "", atom=feed(*entries)).window
    assert (window.start, window.complete) == (at("2026-05-02 10:00"), True)
    assert reason in window.reason


def test_a_saved_feed_names_its_page():
    page = parse(NOW, "", atom=feed(entry(TWO, "2026-05-02T11:00:00Z"))).page
    assert (page.url, page.name, page.state) == (PAGE, "Example", "unknown")


def test_the_feed_is_recognised_by_its_entries():
    assert STATUSPAGE.recognise(raw(feed(entry(TWO, "2026-05-02T11:00:00Z")))) >= 0.8
    assert STATUSPAGE.recognise(raw(b"<feed xmlns='http://www.w3.org/2005/Atom'><title>My blog</title></feed>")) == 0.0


def collected(**changes: object) -> bytes:
    """A row that a collector made of a feed entry."""
    row = {
        "id": "123", "entry_id": "tag:status.example.com,2005:Incident/123", "title": "Slow answers",
        "url": f"{PAGE}/incidents/inc000000001", "published_at": "2026-05-02T11:00:00Z", "updated_at": "2026-05-02T11:00:00Z",
        "updates": [{"at": "2026-05-02T10:00:00Z", "status": "Investigating", "message": "It is slow."},
                    {"at": "2026-05-02T11:00:00Z", "status": "Resolved", "message": "All is well."}],
        "impact": "major", "components": ["API"], **changes,
    }  # fmt: skip
    return json.dumps(row).encode()


def test_rows_a_collector_made_of_the_feed_are_read_like_its_entries():
    result = parse(NOW, "", lines=collected() + b"\n")
    (row,) = result.incidents
    assert (result.page.url, row.id, row.impact, row.components) == (PAGE, "inc000000001", "major", ("API",))
    assert (row.started_at, row.resolved_at, len(row.updates)) == (at("2026-05-02 10:00"), at("2026-05-02 11:00"), 2)
    assert (result.window.start, result.window.complete) == (at("2026-05-02 10:00"), False)


@pytest.mark.parametrize(
    "changes",
    [{"updates": []}, {"url": "elsewhere"}, {"updates": [{"at": "soon", "status": "Resolved"}]}, {"components": 3}],
    ids=["no posts", "no link", "no time", "no list of parts"],
)
def test_a_collectors_row_that_cannot_be_read_is_kept_out_and_alone_refused(changes):
    result = parse(lines=collected() + b"\n" + collected(**changes))
    assert (len(result.incidents), len(result.quarantined)) == (1, 1)
    with pytest.raises(SourceChanged, match="no incident"):
        parse(lines=collected(**changes))
