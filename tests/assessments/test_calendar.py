"""The customer's working hours: read as people write them, counted by the clocks of their zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assessments.forecast.calendar import inside_hours, parse, share_inside, text
from assessments.forecast.engine import fit, forecast
from assessments.report import figures
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from riskboard import cli
from riskboard.errors import Refused
from tests.assessments.making import NOW, make_facts, make_incident

BERLIN = parse("mon-fri 8-18 Europe/Berlin")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("mon-fri 8-18 Europe/Berlin", "mon-fri 8-18 Europe/Berlin"),
        ("  Sat   0-24  UTC ", "sat 0-24 UTC"),
        ("MON-SUN 22-24 America/New_York", "mon-sun 22-24 America/New_York"),
    ],
)
def test_hours_are_read_and_said_as_people_write_them(written, said):
    assert text(parse(written)) == said


@pytest.mark.parametrize(
    "written",
    [
        "",
        "always",
        "fri-mon 8-18 UTC",
        "mon-fri 18-8 UTC",
        "mon-fri 8-25 UTC",
        "mon-fri 8-8 UTC",
        "xyz 8-18 UTC",
        "mon-fri 8-18",
        "mon-fri 8-18 Mars/Base",
        "mon-fri 8-18 ../../etc/passwd",
    ],
)
def test_hours_that_cannot_be_are_refused_with_an_example(written):
    with pytest.raises(Refused, match="Europe/Berlin"):
        parse(written)


def at(day: int, hour: float) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC) + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        (at(2, 7), at(2, 17), 10.0),  # a Monday in winter: 8 to 18 in Berlin is 7 to 17 UTC
        (at(2, 0), at(2, 8), 1.0),
        (at(2, 16), at(3, 8), 2.0),
        (at(7, 0), at(9, 0), 0.0),  # a weekend
        (at(6, 16), at(9, 8), 2.0),  # Friday afternoon to Monday morning
        (at(30, 6), at(30, 16), 10.0),  # summer time: 6 to 16 UTC
        (at(2, 7), at(2, 7), 0.0),
    ],
)
def test_hours_inside_follow_the_clocks_of_the_zone(start, end, inside):
    assert inside_hours(start, end, BERLIN) == pytest.approx(inside)


def test_round_the_clock_holds_everything_also_over_a_change_of_clocks():
    always = parse("mon-sun 0-24 Europe/Berlin")
    assert inside_hours(at(27, 0), at(31, 5), always) == pytest.approx(4 * 24 + 5)


def test_few_long_outages_leave_the_share_near_one_half():
    facts = make_facts((make_incident(1, days_ago=31.5, hours=6.0),), components=0)
    outages = fit(facts, as_of=NOW).outages
    begin = outages[0].start
    inside = inside_hours(begin, begin + timedelta(hours=6), BERLIN) / 6
    assert share_inside(outages, BERLIN, over_hours=4) == pytest.approx((inside + 2.5) / 6)
    assert share_inside(outages, BERLIN, over_hours=8) == 0.5
    assert share_inside((), BERLIN, over_hours=4) == 0.5


def test_the_chance_within_working_hours_is_lower_and_printed_only_where_asked():
    facts = make_facts(tuple(make_incident(n, hours=6.0) for n in range(1, 12)), components=0)
    asked = assess(facts, Needs(hours=BERLIN), as_of=NOW)
    plain = assess(facts, Needs(), as_of=NOW)
    assert asked.forecast.p_exceed == plain.forecast.p_exceed
    assert 0.01 < asked.forecast.p_in_hours < asked.forecast.p_exceed
    assert plain.forecast.p_in_hours is None
    assert any("mon-fri 8-18 Europe/Berlin" in what for _, what, _ in figures.forecast_rows(asked))
    assert not any("working hours" in what for _, what, _ in figures.forecast_rows(plain))
    always = forecast(facts, as_of=NOW, rto_hours=4, hours=parse("mon-sun 0-24 UTC"))
    assert always.p_in_hours > asked.forecast.p_in_hours


def test_the_command_takes_working_hours(capsys):
    assert cli.main(["assess", "trello", "--hours", "mon-fri 8-18 Europe/Berlin"]) == 0
    assert "within your working hours" in capsys.readouterr().out
    assert cli.main(["assess", "trello", "--hours", "weekdays"]) == 1
    assert "write them like" in capsys.readouterr().err
