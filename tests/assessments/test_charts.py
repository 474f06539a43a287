"""The pictures: right geometry, words for everyone, nothing the paper engine cannot draw, the same bytes each time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest

from assessments.report.charts import days, incident, risk, score
from assessments.report.charts.spark import sparkline
from assessments.report.charts.svg import picture, text
from assessments.report.tokens import DARK, LIGHT, PRINT, SCREEN
from assessments.scoring.model import CurvePoint, Forecast, Hours, PillarResult, Score, Worst
from tests.assessments.report_samples import NOW, make_incident, rich_facts
from vendors.records import Update, Window

SVG = "{http://www.w3.org/2000/svg}"
WINDOW = Window(start=NOW - timedelta(days=1000), end=NOW, complete=True, reason="made for a test")
END = NOW.date()


def forecast(p=0.4, band=(0.2, 0.6), rto=4.0, confidence="high", curve=True):
    points = tuple(
        CurvePoint(hours=h, p=1 / (1 + h), low=0.8 / (1 + h), high=min(1.2 / (1 + h), 1))
        for h in (0.25, 1, 4, 12, 24, 168)
    )
    return Forecast(
        rto_hours=rto, horizon_days=365, p_exceed=p, band80=band, p_any=p, p_baseline=p, view="typical",
        hours=Hours(mean=20, p10=5, p50=15, p90=40),
        worst=Worst(p50=4, p90=20), n=12, exposure_years=3, disclosure_mean=0.9, flags=(), confidence=confidence,
        curve=points if curve else (),
    )  # fmt: skip


def made_score(value=62.0, low=48.0, high=71.0, grade="C"):
    return Score(value=value, low=low, high=high, coverage=0.78, grade=grade, confidence="high")


PILLARS = (
    PillarResult(id="outage-history", value=40.0, low=30.0, high=50.0, weight=35.0, coverage=0.8, checks=()),
    PillarResult(id="backup", value=None, low=0.0, high=100.0, weight=25.0, coverage=0.0, checks=()),
)


def every_picture(theme):
    facts = rich_facts()
    two_years = days.days_of(facts.incidents, facts.window, end=END, count=728)
    marks = [("your RTO", 4.0, "need"), ("one in ten over", 6.0, "seen"), ("longest seen", 6.5, "seen")]
    return {
        "ring": score.ring(made_score(), theme),
        "ring of nothing": score.ring(made_score(None, 10, 90, None), theme),
        "bars": score.pillar_bars(PILLARS, theme),
        "ninety": days.ninety(two_years[-90:], theme),
        "calendar": days.calendar(two_years, theme),
        "weeks": days.weeks(two_years, theme),
        "strip": incident.strip(facts.incidents[3], theme, rto_hours=4, as_of=NOW),
        "curve": risk.exceedance(forecast(), theme),
        "hundred": risk.hundred(forecast(), theme),
        "hundred of nothing": risk.hundred(forecast(confidence="insufficient"), theme),
        "ladder": risk.ladder(marks, theme),
        "ranking": risk.ranking([("A", 60.0, 50, 70, 0.4), ("B", None, 10, 90, None)], theme),
        "sparkline": sparkline([(NOW, 50.0, "1"), (NOW + timedelta(days=30), 60.0, "1")], theme),
    }


@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
def test_every_picture_is_well_formed_titled_and_free_of_what_paper_cannot_draw(theme):
    seen: list[str] = []
    for name, made in every_picture(theme).items():
        root = ElementTree.fromstring(made)
        assert root.find(f"{SVG}title").text.strip(), name
        assert root.find(f"{SVG}desc").text.strip(), name
        assert not re.search(r"class=|style=|var\(|currentColor|Gradient|<style|nan|inf\b", made), name
        seen += re.findall(r' id="([^"]+)"', made)
        assert all(f'id="{used}"' in made for used in re.findall(r"url\(#([^)]+)\)", made)), name
    assert len(seen) == len(set(seen)) > 3


def test_pictures_are_the_same_bytes_each_time():
    assert every_picture(PRINT) == every_picture(PRINT)


def test_two_of_the_same_picture_on_a_page_need_a_key_for_their_ids():
    one, two = (score.ring(made_score(None, 10, 90, None), PRINT, key=key) for key in ("a", "b"))
    ids = [set(re.findall(r' id="([^"]+)"', made)) for made in (one, two)]
    assert all(ids)
    assert not ids[0] & ids[1]


def test_outside_words_cannot_leave_their_element():
    made = picture(10, 10, '<script>"&', "d\x00\u202e", text(0, 0, "<b>]]>\x07", "#000"))
    root = ElementTree.fromstring(made)
    assert root.find(f"{SVG}title").text == '<script>"&'
    assert root.find(f"{SVG}desc").text == "d"
    assert root.find(f"{SVG}text").text == "<b>]]>"


@pytest.mark.parametrize(
    ("value", "low", "high", "says"),
    [
        (62.0, 48.0, 71.0, "Readiness 62 of 100, between 48 and 71; grade C"),
        (100.0, 100.0, 100.0, "Readiness 100 of 100"),
        (0.0, 0.0, 0.0, "Readiness 0 of 100"),
        (None, 20.0, 90.0, "Readiness not known; it could lie between 20 and 90 of 100"),
    ],
    ids=["typical", "full marks", "no marks", "unknown"],
)
def test_the_ring_says_what_it_shows(value, low, high, says):
    made = score.ring(made_score(value, low, high), PRINT)
    assert says in ElementTree.fromstring(made).find(f"{SVG}title").text
    assert ("not known</text>" in made) == (value is None)


def test_an_unknown_pillar_is_hatched_and_worded_never_zero():
    made = score.pillar_bars(PILLARS, PRINT)
    assert "not known</text>" in made
    assert score.pillar_rows(PILLARS)[1] == ("Backup options", "25", "not known", "0.00 to 100.00", "0%")
    assert "url(#hatch-" in made


@pytest.mark.parametrize(
    ("incidents", "expected"),
    [
        ([], ("clear", 0.0)),
        ([{"hours": 6.0, "impact": "minor"}], ("minor", 6.0)),
        ([{"hours": 6.0, "impact": "minor"}, {"hours": 3.0, "impact": "critical"}], ("critical", 6.0)),
        ([{"hours": 2.0, "impact": None}], ("not stated", 2.0)),
        ([{"hours": 2.0, "impact": "none"}], ("clear", 0.0)),
    ],
    ids=["quiet", "minor", "overlap counts once", "impact not stated", "a notice is no outage"],
)
def test_a_day_has_its_hours_once_and_its_worst_impact(incidents, expected):
    made = [make_incident(n, days_ago=5, **fields) for n, fields in enumerate(incidents, 1)]
    day = next(d for d in days.days_of(made, WINDOW, end=END, count=30) if d.day == date(2025, 12, 27))
    assert (day.shade, day.hours) == expected


def test_an_incident_over_midnight_is_shared_by_its_days_and_an_open_one_runs_on():
    over = make_incident(1, days_ago=5, hours=30.0)
    found = {d.day: d.hours for d in days.days_of([over], WINDOW, end=END, count=30)}
    assert (found[date(2025, 12, 27)], found[date(2025, 12, 28)]) == (24.0, 6.0)
    still = days.days_of([make_incident(1, days_ago=2, hours=None)], WINDOW, end=END, count=30)
    assert [d.hours for d in still[-3:]] == [24.0, 24.0, 24.0]


def test_days_the_record_does_not_cover_are_hatched_not_clear():
    short = Window(start=NOW - timedelta(days=10), end=NOW, complete=True, reason="young")
    made = days.days_of([], short, end=END, count=30)
    assert [d.shade for d in made].count("not covered") == 19
    assert "11 covered days" in days.ninety(made, PRINT)
    nothing = Window(start=None, end=None, complete=False, reason="nothing was read")
    assert "covers none" in days.ninety(days.days_of([], nothing, end=END, count=30), PRINT)


def test_the_calendar_counts_what_it_colours_and_draws_one_path_a_shade():
    two_years = days.days_of(rich_facts().incidents, WINDOW, end=END, count=728)
    rows = days.calendar_rows(two_years)
    assert sum(count for _, count in rows) == 728
    made = days.calendar(two_years, PRINT)
    assert made.count("<path") <= len(rows) + 2  # and one in each hatch
    assert all(f"{name} ({count})" in made for name, count in rows)


@pytest.mark.parametrize(
    ("p", "rto", "says"), [(0.99, 4.0, "99%"), (0.01, 4.0, "1%"), (0.5, 0.1, "50%"), (0.5, 400.0, "50%")]
)
def test_the_curve_stays_inside_its_frame_and_says_the_chance(p, rto, says):
    made = risk.exceedance(forecast(p=p, band=(p, p), rto=rto), PRINT, width=520)
    assert says in ElementTree.fromstring(made).find(f"{SVG}title").text
    xs = [float(x) for x in re.findall(r' (?:c?x|x1|x2)="(-?[\d.]+)"', made)]
    assert min(xs) >= 0
    assert max(xs) <= 520


def test_too_thin_a_record_shows_no_chance_at_all():
    made = risk.exceedance(forecast(confidence="insufficient", curve=False), PRINT)
    assert "not known" in made
    assert "40%</text>" not in made


@pytest.mark.parametrize(
    ("p", "band", "dots"),
    [(0.4, (0.2, 0.6), (20, 20, 20, 40)), (0.99, (0.99, 0.99), (99, 0, 0, 1)), (0.01, (0.01, 0.05), (1, 0, 4, 95))],
)
def test_a_hundred_years_are_a_hundred_dots(p, band, dots):
    made = risk.hundred(forecast(p=p, band=band), PRINT)
    counts = [d.count("M") for d in re.findall(r'<path d="([^"]+)"', made)]
    assert counts == [count for count in dots if count]


def test_the_strip_shades_silence_and_tells_stock_phrases_and_promises_apart():
    start = NOW - timedelta(days=1)
    updates = (
        Update(posted_at=start + timedelta(minutes=10), elements=(), canned=True),
        Update(posted_at=start + timedelta(hours=5), elements=(), canned=False, promised_at=start + timedelta(hours=5, minutes=30)),
        Update(posted_at=start + timedelta(hours=5, minutes=25), elements=(), canned=False, promised_at=start + timedelta(hours=6)),
    )  # fmt: skip
    found = make_incident(days_ago=1, hours=8.0, updates=updates)
    quiet = incident.silences(found, list(updates), found.resolved_at)
    assert [(b - a).total_seconds() / 60 for a, b in quiet] == [290.0, 155.0]
    made = incident.strip(found, PRINT, rto_hours=4, as_of=NOW)
    assert "8 h long, 3 updates, 5 h 25 min beyond an hour without news" in made
    assert made.count(f'fill="{PRINT.ground}" stroke="{PRINT.ink}"') >= 1
    assert "your RTO 4 h" in made
    assert [row[2] for row in incident.rows(found, as_of=NOW)] == [
        "stock phrase",
        "written for the event",
        "written for the event",
    ]
    assert [row[1] for row in incident.rows(found, as_of=NOW)] == ["10", "290", "25"]


@pytest.mark.parametrize("hours", [None, 0.0, 0.01, 2000.0], ids=["open", "no length", "seconds", "months"])
def test_the_strip_holds_for_any_length(hours):
    root = ElementTree.fromstring(
        incident.strip(make_incident(days_ago=100, hours=hours), PRINT, rto_hours=4, as_of=NOW)
    )
    assert root.find("{http://www.w3.org/2000/svg}title").text


def test_the_sparkline_breaks_where_the_method_changed_and_words_the_unknown():
    at = [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 7)]
    one = [(when, 50.0, "1") for when in at]
    changed = [(when, 50.0, "1" if n < 3 else "2") for n, when in enumerate(at)]
    assert sparkline(one, PRINT).count("<path") == 1
    assert sparkline(changed, PRINT).count("<path") == 2
    assert "not known" in sparkline([(at[0], None, "1")], PRINT)


def test_curve_rows_name_chance_and_band():
    assert ("4 h", "20%", "16% to 24%") in risk.curve_rows(forecast())
    assert risk.curve_rows(forecast(curve=False)) == []


def test_a_day_with_an_outage_says_so_to_a_pointer_on_a_page_and_not_on_paper():
    known = days.days_of([make_incident(1)], WINDOW, end=END, count=90)
    hit = [day for day in known if day.covered and day.shade != "clear"]
    assert hit
    for drawn in (days.ninety(known, SCREEN), days.calendar(known, SCREEN, years=1)):
        assert drawn.count("transparent") == len(hit)
        assert f"{hit[0].hours:.1f} h</title>" in drawn
    assert "transparent" not in days.ninety(known, PRINT)
