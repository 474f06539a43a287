"""The home page as HTML: what it shows is read, what it does not show is unknown, a deactivated page is never ok."""

from __future__ import annotations

import pytest

from tests.vendors.statuspage_answers import NOW, PAGE, at, incident, listing, parse, post, raw, summary
from vendors.sources.base import SourceChanged
from vendors.sources.statuspage.source import STATUSPAGE

ISSUED = str(int(at("2021-01-22 16:00").timestamp()))


def update(stamp: str, state: str, words: str, *, small: str = "") -> str:
    month, day, clock, zone = stamp.replace(",", "").split(" ")
    return (
        f"<div class='update font-regular {state.lower()}'><strong>{state}</strong> -\n {words}<br>"
        f"<small>{small}{month} <var data-var='date'>{day}</var>, <var data-var='time'>{clock}</var> {zone}</small></div>"
    )


def past(identity: str, *updates: str, impact: str = "minor") -> str:
    return (
        f"<div class='incident-container'><div class='incident-title impact-{impact} font-large'>"
        f"<a href='/incidents/{identity}'>Slow &amp; odd answers</a></div>"
        f"<div class='updates-container'>{''.join(updates)}</div></div>"
    )


def day(month: str, number: int, year: int, *incidents: str) -> str:
    date = f"{month} <var data-var='date'>{number}</var>, <var data-var='year'>{year}</var>"
    return f"<div class='status-day font-regular'><div class='date border-color'>{date}</div>{''.join(incidents)}</div>"


def still_open(identity: str, *updates: str, impact: str = "major") -> str:
    return (
        f"<div class='unresolved-incident impact-{impact}'><div class='incident-title font-large'>"
        f"<a class='actual-title' href='/incidents/{identity}'>It is down</a><a href='#subscribe'>Subscribe</a></div>"
        f"<div class='updates'>{''.join(updates)}</div></div>"
    )


COMPONENTS = """
<div class='component-container is-group'>
 <div data-component-id='g1' class='component-inner-container'><span class='name'><i></i> <span> Apps </span></span></div>
 <div class='child-components-container'>
  <div data-component-id='c1' class='component-inner-container'><span class='name'> Web </span></div>
 </div></div>
<div class='component-container'>
 <div data-component-id='c2' class='component-inner-container'><span class='name'>API</span></div></div>
"""


def home(*parts: str, banner: str | None = "none", issued: str | None = ISSUED, title: str = "Example Status") -> bytes:
    shown = (
        "" if banner is None else f"<div class=\"page-status status-{banner}\"><span class='status'>...</span></div>"
    )
    made = "" if issued is None else f"<meta name='issued' content='{issued}'>"
    return (
        f"```<!DOCTYPE html><html><head><title>{title}</title>{made}"
        f"<link rel='alternate' type='application/atom+xml' href='{PAGE}/history.atom'></head>"
        f"<body class='status index status-none'>{shown}<div data-component-status='operational'></div>"
        f"<div class='incidents-list'>{''.join(parts)}</div><span>Powered by Statuspage</span></body></html>\n```"
    ).encode()


TWO = (
    update("Jan 21, 08:30 PST", "Resolved", "All is<br />well."),
    update("Jan 21, 08:00 PST", "Investigating", "It is slow."),
)


def test_a_past_incident_is_read_with_its_impact_times_and_words():
    (row,) = parse(home=home(day("Jan", 21, 2021, past("inc000000001", *TWO)))).incidents
    assert (row.id, row.title, row.impact) == ("inc000000001", "Slow & odd answers", "minor")
    assert (row.started_at, row.resolved_at, row.end_known) == (
        at("2021-01-21 16:00"),
        at("2021-01-21 16:30"),
        "stated",
    )
    assert [u.text for u in row.updates] == ["It is slow.", "All is\nwell."]


@pytest.mark.parametrize(
    ("banner", "parts", "state"),
    [
        ("none", (), "ok"),
        ("minor", (), "issue"),
        ("critical", (), "issue"),
        ("maintenance", (), "maintenance"),
        ("purple", (), "unknown"),
        (None, (), "unknown"),
        (None, (still_open("inc000000001", TWO[1]),), "issue"),
        (None, (still_open("inc000000001", TWO[1], impact="none"),), "issue"),
        (None, (still_open("mnt000000001", TWO[1], impact="maintenance"),), "maintenance"),
        ("none", (still_open("inc000000001", TWO[1]),), "ok"),
    ],
    ids=["ok", "minor", "critical", "maintenance", "a new word", "no banner at all", "an open incident in its place",
         "an open incident without impact", "open maintenance in its place", "the banner has the last word"],
)  # fmt: skip
def test_the_state_is_the_banners_or_what_stands_in_its_place(banner, parts, state):
    assert parse(home=home(*parts, banner=banner)).page.state == state


@pytest.mark.parametrize("mark", ["title", "class"])
def test_a_deactivated_page_is_unknown_and_covers_nothing(mark):
    title = "Example Status - Page Inactive" if mark == "title" else "Example Status"
    content = home(title=title, banner=None)
    if mark == "class":
        content = content.replace(b"class='status index status-none'", b"class='status inactive'")
    result = parse(home=content)
    assert (result.page.state, result.page.access, result.incidents) == ("unknown", "none", ())
    assert (result.window.start, result.window.complete) == (None, False)
    assert "deactivated" in result.window.reason


def test_components_know_their_group_and_headings_are_none():
    page = parse(home=home(COMPONENTS)).page
    assert [(c.id, c.name, c.group) for c in page.components] == [("c1", "Web", "Apps"), ("c2", "API", None)]


def test_maintenance_among_the_past_incidents_is_announced_work():
    rows = (update("Jan 16, 00:30 PST", "Completed", "x"), update("Jan 15, 23:59 PST", "In progress", "y"))
    result = parse(home=home(day("Jan", 16, 2021, past("mnt000000001", *rows, impact="maintenance"))))
    assert (len(result.incidents), result.maintenances[0].completed_at) == (0, at("2021-01-16 08:30"))


def test_announced_work_to_come_is_read_with_its_exact_time():
    stamp = int(at("2021-02-15 16:00").timestamp())
    block = (
        "<div class='scheduled-maintenance'><div class='incident-title'><a href='https://status.example.com/incidents/mnt000000001'>"
        f"Work</a><small data-unix-time='{stamp}'>Feb <var data-var='date'>15</var></small></div>"
        f"{update('Jan 20, 17:03 UTC', 'Scheduled', 'We will work.', small='Posted on ')}</div>"
    )
    (row,) = parse(home=home(block)).maintenances
    assert (row.scheduled_for, row.announced_at) == (at("2021-02-15 16:00"), at("2021-01-20 17:03"))


@pytest.mark.parametrize(
    ("shown_day", "stamps", "start", "end"),
    [
        (("Jan", 1, 2021), ("Jan 1, 02:00 UTC", "Dec 31, 22:00 UTC"), "2020-12-31 22:00", "2021-01-01 02:00"),
        (("Jan", 21, 2021), ("Jan 21, 23:30 PST", "Jan 21, 23:00 PST"), "2021-01-22 07:00", "2021-01-22 07:30"),
    ],
    ids=["over New Year", "the page's day ends after UTC's"],
)
def test_the_year_is_that_of_the_day_it_stands_under(shown_day, stamps, start, end):
    rows = (update(stamps[0], "Resolved", "x"), update(stamps[1], "Investigating", "y"))
    (row,) = parse(home=home(day(*shown_day, past("inc000000001", *rows)))).incidents
    assert (row.started_at, row.resolved_at) == (at(start), at(end))


def test_a_post_mortem_weeks_later_is_linked_and_keeps_its_year():
    later = update("Jan 20, 08:53 PST", "Postmortem", "<a href='/incidents/inc000000001'>Read details</a>")
    (row,) = parse(home=home(day("Jan", 8, 2021, past("inc000000001", later, *TWO)))).incidents
    assert row.postmortem_url == f"{PAGE}/incidents/inc000000001"
    assert row.updates[-1].posted_at == at("2021-01-20 16:53")


def test_an_open_incident_without_a_year_is_read_as_late_as_possible_and_that_is_told():
    (row,) = parse(
        home=home(still_open("inc000000001", update("Feb 14, 15:36 UTC", "Investigating", "x")), banner=None)
    ).incidents
    assert (row.started_at, row.end_known) == (at("2020-02-14 15:36"), "open")
    assert "no year" in row.conflicts[0].why


def test_a_saved_page_that_does_not_say_when_it_was_made_is_dated_by_its_days():
    content = home(day("Jan", 21, 2021, past("inc000000001", *TWO)), issued=None)
    (row,) = parse(NOW, "", home=content).incidents
    assert row.started_at == at("2021-01-21 16:00")


def test_one_resolved_post_gives_no_length():
    (row,) = parse(home=home(day("Jan", 21, 2021, past("inc000000001", TWO[0])))).incidents
    assert (row.resolved_at, row.end_known, row.backfilled) == (None, "unknown", True)


def test_the_home_page_completes_the_api_without_counting_anything_twice():
    told = incident(
        "inc000000001",
        post("2021-01-21 16:30", "resolved", "All is<br />well."),
        post("2021-01-21 16:00", body="It is slow."),
    )
    result = parse(
        summary=summary(),
        incidents=listing(told),
        home=home(COMPONENTS, day("Jan", 21, 2021, past("inc000000001", *TWO))),
    )
    assert [len(i.updates) for i in result.incidents] == [2]
    assert len(result.page.components) == 2


def test_a_saved_home_page_names_its_page_its_vendor_and_its_days():
    result = parse(NOW, "", home=home(day("Jan", 21, 2021), day("Jan", 20, 2021)))
    assert (result.page.url, result.page.name, result.stated_at) == (PAGE, "Example", at("2021-01-22 16:00"))
    assert (result.window.start, result.window.reason) == (at("2021-01-20 00:00"), "the home page lists 2 days")


@pytest.mark.parametrize(
    "content",
    [b"<html><body><h1>All systems operational</h1></body></html>", b"<html></html>", b"<!-- -->", b"",
     home().replace(b"Powered by Statuspage", b"incident-io-status-page-logos")],
    ids=["another page", "an empty one", "a comment", "nothing", "another product that looks alike"],
)  # fmt: skip
def test_any_other_web_page_is_refused_and_not_recognised(content):
    assert STATUSPAGE.recognise(raw(content)) == 0.0
    with pytest.raises(SourceChanged):
        parse(home=content)


def test_the_home_page_is_recognised():
    assert STATUSPAGE.recognise(raw(home(), PAGE)) >= 0.9


def test_a_broken_day_or_stamp_is_kept_out_with_a_reason():
    rows = (update("Jan 21, 08:30 QQQ", "Resolved", "x"), TWO[1])
    result = parse(
        home=home(
            day("Foo", 99, 2021),
            day("Jan", 21, 2021, past("inc000000001", *rows), "<div class='incident-container'></div>"),
        )
    )
    assert [len(i.updates) for i in result.incidents] == [1]
    assert len(result.quarantined) == 3


def test_an_exact_time_is_taken_where_the_page_gives_one():
    exact = f"<span data-datetime-unix='{int(at('2019-02-14 15:36').timestamp())}000'></span> "
    stamp = update("Feb 14, 15:36 UTC", "Investigating", "x", small=exact)
    (row,) = parse(home=home(still_open("inc000000001", stamp), banner=None)).incidents
    assert (row.started_at, row.conflicts) == (at("2019-02-14 15:36"), ())


def test_a_translated_state_is_told_by_its_class():
    translated = TWO[0].replace("<strong>Resolved</strong>", "<strong>Behoben</strong>")
    (row,) = parse(home=home(day("Jan", 21, 2021, past("inc000000001", translated, TWO[1])))).incidents
    assert (row.updates[-1].state, row.end_known) == ("resolved", "stated")
