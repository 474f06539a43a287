"""/history.json: display times without a year, months where spans end, one zone label, paging without an end signal."""

from __future__ import annotations

import json

import pytest

from tests.vendors.statuspage_answers import NOW, PAGE, at, body, incident, listing, parse, post, raw
from vendors.sources.stamps import span_in
from vendors.sources.statuspage.source import HISTORY_PAGES, HYDRATED, STATUSPAGE
from vendors.sources.zones import label_zone, localise, page_zone

PACIFIC = "Pacific Time (US & Canada)"


def stamp(text: str) -> str:
    """A display span as the archive marks it up: `Dec 31, 22:28 - Jan 1, 02:10 PST`."""
    words = []
    for word in text.split(" "):
        bare = word.rstrip(",")
        kind = "date" if bare.isdigit() else "time" if ":" in bare else None
        words.append(f"<var data-var='{kind}'>{bare}</var>{word[len(bare) :]}" if kind else word)
    return " ".join(words)


def entry(code: str, timestamp: str, impact: str = "minor") -> dict[str, str]:
    return {"code": code, "name": "Slow answers", "message": "Fixed.", "impact": impact, "timestamp": stamp(timestamp)}


def archive(*months: tuple[str, int, list[dict[str, str]]], zone: str | None = "UTC") -> bytes:
    page = {"page": {"id": "abc123def456", "name": "Example", "time_zone": zone}}
    rows = [{"name": name, "year": year, "starts_on": 1, "days": 31, "incidents": rows} for name, year, rows in months]
    return json.dumps({"components": [], "months": rows, "page_status": page}).encode()


PAST_THE_END = archive(("December", 1996, []), ("November", 1996, []), ("October", 1996, []))


@pytest.mark.parametrize(
    ("text", "year", "month", "zone", "start", "end"),
    [
        ("Jan 21, 08:07 - 09:06 UTC", 2026, 1, None, "2026-01-21 08:07", "2026-01-21 09:06"),
        ("Jan 20, 23:50 - Jan 21, 00:20 UTC", 2026, 1, None, "2026-01-20 23:50", "2026-01-21 00:20"),
        ("Dec 31, 22:28 - Jan 1, 02:10 PST", 2026, 1, PACIFIC, "2026-01-01 06:28", "2026-01-01 10:10"),
        ("Oct 30, 10:00 - Nov 2, 10:00 UTC", 2025, 11, None, "2025-10-30 10:00", "2025-11-02 10:00"),
        ("Mar 7, 22:00 - Mar 8, 08:00 PDT", 2026, 3, PACIFIC, "2026-03-08 06:00", "2026-03-08 15:00"),
        ("Mar 7, 22:00 - Mar 8, 08:00 PDT", 2026, 3, None, "2026-03-08 05:00", "2026-03-08 15:00"),
        ("Nov 1, 00:30 - 10:00 PST", 2026, 11, PACIFIC, "2026-11-01 07:30", "2026-11-01 18:00"),
        ("Jan 21, 08:07 PST", 2026, 1, PACIFIC, "2026-01-21 16:07", None),
        ("Jan 21, 08:07 - 09:06 +07", 2026, 1, None, "2026-01-21 01:07", "2026-01-21 02:06"),
        ("Jan 21, 08:07 - 09:06 IST", 2026, 1, "New Delhi", "2026-01-21 02:37", "2026-01-21 03:36"),
        ("Jan 21, 08:07 - 09:06 IST", 2026, 1, "Jerusalem", "2026-01-21 06:07", "2026-01-21 07:06"),
        ("Feb 29, 08:07 - 09:06 UTC", 2024, 2, None, "2024-02-29 08:07", "2024-02-29 09:06"),
    ],
    ids=["one day", "over midnight", "over New Year: the month is where it ends", "over a month",
         "over the spring change: one label, two offsets", "the same with no zone known: the label's offset",
         "over the autumn change", "no end", "an offset for a label", "IST in India", "IST in Israel", "leap day"],
)  # fmt: skip
def test_a_span_is_read_in_the_month_it_stands_in(text, year, month, zone, start, end):
    span = span_in(text, year=year, month=month, own=page_zone(zone))
    assert span is not None
    assert span[:2] == (at(start), None if end is None else at(end))


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "Jan 32, 08:07 - 09:06 UTC", "Feb 29, 08:07 UTC", "Foo 1, 08:07 UTC", "Jan 1, 25:07 UTC",
     "Jan 1, 08:07 QQQ", "May 1, 08:07 UTC"],
    ids=["nothing", "words", "no such day", "no leap year", "no such month", "no such hour", "no such zone", "another month"],
)  # fmt: skip
def test_a_span_that_is_none_is_not_guessed(text):
    months = {"Feb": 2}
    assert span_in(text, year=2026, month=months.get(text[:3], 1), own=None) is None


@pytest.mark.parametrize(
    ("name", "known"),
    [(PACIFIC, True), ("Etc/UTC", True), ("America/New_York", True), ("Kyiv", True), (None, False), ("", False), ("Atlantis", False),
     ("../../etc/passwd", False), ("America", False), ("x" * 500, False), ("\x00", False)],
)  # fmt: skip
def test_zone_names_are_looked_up_and_nothing_else(name, known):
    assert (page_zone(name) is not None) is known


@pytest.mark.parametrize(
    ("label", "hours"),
    [("PST", -8), ("pst", -8), ("IST", 5.5), ("-0330", -3.5), ("+05:45", 5.75), ("", None), ("+99", None), ("QQ", None), ("GMT+2", 2),
     ("UTC-03:30", -3.5)],
)  # fmt: skip
def test_labels_have_one_offset_each(label, hours):
    zone = label_zone(label)
    assert (None if zone is None else zone.utcoffset(None).total_seconds() / 3600) == hours


def test_the_hour_that_happens_twice_is_told_by_its_label():
    own = page_zone("America/Los_Angeles")
    naive = at("2026-11-01 01:30").replace(tzinfo=None)
    assert [localise(naive, label, own) for label in ("PDT", "PST")] == [at("2026-11-01 08:30"), at("2026-11-01 09:30")]


def test_the_archive_gives_spans_without_updates_and_keeps_impact_and_id():
    content = archive(("May", 2026, [entry("aaa000000001", "May 2, 08:00 - 09:30 UTC", "major")]), ("April", 2026, []))
    result = parse(history_1=content)
    (row,) = result.incidents
    assert (row.id, row.impact, row.duration_hours(), row.updates) == ("aaa000000001", "major", 1.5, ())
    assert row.first_posted_at is None
    assert result.window.start == at("2026-04-01 00:00")


def test_a_span_without_an_end_is_not_called_open_nor_given_a_length():
    (row,) = parse(history_1=archive(("May", 2026, [entry("aaa000000001", "May 2, 08:00 UTC")]))).incidents
    assert (row.resolved_at, row.end_known) == (None, "unknown")


def test_maintenance_of_the_archive_is_announced_work():
    result = parse(history_1=archive(("May", 2026, [entry("aaa000000001", "May 2, 08:00 - 09:00 UTC", "maintenance")])))
    assert (result.incidents, [m.completed_at for m in result.maintenances]) == ((), [at("2026-05-02 09:00")])


def test_an_ambiguous_label_without_a_zone_is_read_and_the_reading_told():
    content = archive(("May", 2026, [entry("aaa000000001", "May 2, 08:00 - 09:00 IST")]), zone=None)
    (row,) = parse(history_1=content).incidents
    assert "Israel" in row.conflicts[0].why


def test_a_span_that_cannot_be_read_is_kept_out_with_its_text():
    result = parse(
        history_1=archive(
            ("May", 2026, [entry("aaa000000001", "some day"), entry("aaa000000002", "May 2, 08:00 - 09:00 UTC")])
        )
    )
    assert [i.id for i in result.incidents] == ["aaa000000002"]
    assert "some day" in result.quarantined[0].reason


def test_an_incident_of_the_archive_takes_its_updates_from_the_single_answer():
    single = incident(
        "aaa000000001", post("2026-05-02 09:30", "resolved"), post("2026-05-02 08:00", body="It is down.")
    )
    result = parse(
        history_1=archive(("May", 2026, [entry("aaa000000001", "May 2, 08:00 - 09:30 UTC")])),
        incident_aaa000000001=body(incident=single),
    )
    (row,) = result.incidents
    assert [u.text for u in row.updates] == ["It is down.", "Words."]
    assert row.first_posted_at == at("2026-05-02 08:00")


# -- paging ----------------------------------------------------------------------------------------------------------------


def quarter(*entries: dict[str, str], year: int = 2026) -> bytes:
    return archive(("May", year, list(entries)), ("April", year, []))


def asked(**documents) -> list[str]:
    named = {name.replace("_", "-"): d if not isinstance(d, bytes) else raw(d, name) for name, d in documents.items()}
    return [endpoint.url.removeprefix(PAGE) for endpoint in STATUSPAGE.more(PAGE, named)]


def test_the_next_older_quarter_is_asked_for_one_at_a_time():
    assert asked(history_1=quarter()) == ["/history.json?page=2"]
    assert asked(history_1=quarter(), history_2=quarter(year=2025)) == ["/history.json?page=3"]


@pytest.mark.parametrize(
    "last",
    [PAST_THE_END, b"<html>", raw(b"", "x", status=404),
     raw(quarter(), f"{PAGE}/history.json?page=2", final_url="https://elsewhere.example.com/history.json")],
    ids=["months of 1996", "a web page", "not served", "a redirect that dropped the number"],
)  # fmt: skip
def test_paging_ends_where_the_archive_does(last):
    assert asked(history_1=quarter(), history_2=last) == []


def test_paging_ends_after_ten_years_whatever_the_server_says():
    documents = {f"history_{n}": quarter() for n in range(1, HISTORY_PAGES + 1)}
    assert asked(**documents) == []


def test_after_the_archive_the_incidents_nobody_told_of_are_asked_for_once():
    first = quarter(entry("aaa000000001", "May 2, 08:00 - 09:00 UTC"), entry("known0000001", "May 3, 08:00 - 09:00 UTC"),
                    entry("../../evil", "May 4, 08:00 - 09:00 UTC"),
                    entry("mnt000000001", "May 4, 08:00 - 09:00 UTC", "maintenance"))  # fmt: skip
    documents = {"history_1": first, "history_2": PAST_THE_END, "incidents": listing(incident("known0000001"))}
    assert asked(**documents) == ["/api/v2/incidents/aaa000000001.json"]
    assert asked(**documents, **{"incident_aaa000000001": body(incident=incident("aaa000000001"))}) == []


def test_no_more_single_incidents_are_asked_for_than_the_limit():
    many = quarter(*(entry(f"i{n:011d}", "May 2, 08:00 - 09:00 UTC") for n in range(HYDRATED + 10)))
    assert len(asked(history_1=many, history_2=PAST_THE_END)) == HYDRATED


@pytest.mark.parametrize(
    ("pages", "start", "reason"),
    [
        ({"history_1": quarter()}, "2026-04-01 00:00", "newest quarter"),
        ({"history_1": quarter(), "history_2": quarter(year=2025)}, "2025-04-01 00:00", "newest 2 quarters"),
        ({"history_1": quarter(), "history_2": PAST_THE_END}, "2026-04-01 00:00", "back to its beginning"),
        ({"history_1": quarter(), "history_3": quarter(year=2020)}, "2026-04-01 00:00", "newest quarter"),
    ],
    ids=["one page", "two pages", "to its end", "a page is missing: only what has no gap"],
)
def test_the_window_of_the_archive_has_no_gap(pages, start, reason):
    window = parse(**pages).window
    assert (window.start, window.end, window.complete) == (at(start), NOW, True)
    assert reason in window.reason


def test_an_archive_that_is_none_shortens_the_record_and_is_told():
    result = parse(incidents=listing(incident()), history_1=b"<html>moved</html>")
    assert len(result.incidents) == 1
    assert "web page" in result.quarantined[0].reason
