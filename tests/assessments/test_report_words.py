"""The words of the report: natural frequencies, no more certainty than there is, nothing hostile let through."""

from __future__ import annotations

import inspect
import re

import msgspec
import pytest

from assessments.continuity import answer
from assessments.forecast import portfolio_result
from assessments.report import phrases
from assessments.report.context import vendor_context
from assessments.report.figures import contribution_rows, printed, threshold_rows, total_row
from assessments.report.incidents import LISTED, longest_told
from assessments.report.links import safe_link
from assessments.report.portfolio import headline, portfolio_context
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from tests.assessments.report_samples import NOW, make_facts, make_incident, rich_facts
from vendors.records import Update


@pytest.fixture(scope="module")
def rich():
    facts = rich_facts()
    return assess(facts, Needs(), as_of=NOW), facts


def with_chance(assessment, p, confidence="high"):
    return msgspec.structs.replace(assessment.forecast, p_exceed=p, confidence=confidence)


@pytest.mark.parametrize(
    ("p", "says"),
    [
        (0.99, "In almost every year"),
        (0.95, "In almost every year"),
        (0.94, "In about 9 in 10 years"),
        (0.42, "In about 4 in 10 years"),
        (0.16, "In about 2 in 10 years"),
        (0.15, "In about 1 in 7 years"),
        (0.05, "In about 1 in 20 years"),
        (0.01, "In about 1 in 100 years"),
        (0.0, "In about 1 in 100 years"),
    ],
)
def test_a_chance_is_told_in_years_and_never_as_certain(rich, p, says):
    told = phrases.chance(with_chance(rich[0], p))
    assert told.startswith(says)
    assert "longer than your 4\u00a0h" in told
    assert " will " not in told


def test_too_thin_a_record_names_no_chance(rich):
    future = with_chance(rich[0], 0.42, "insufficient")
    assert phrases.chance(future).startswith("Too little is known")
    assert not any(digit in phrases.hundred_years(future) for digit in "0123456789")


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.1254, "share", "13%"),
        (0.99, "chance", "99%"),
        (69.05, "h", "2\u00a0d\u00a021\u00a0h"),
        (2781.81, "min", "2,782\u00a0min"),
        (0.5, "min", "0.5\u00a0min"),
        (1.0, "promise", "1\u00a0promise"),
        (3.0, "promise", "3\u00a0promises"),
        (5.0, "updates", "5\u00a0updates"),
        (4567.0, "d", "4,567\u00a0d"),
        ("public", None, "public"),
        (None, "h", ""),
        (0.0, "h", "0\u00a0min"),
    ],
)
def test_measured_values_read_like_prose(value, unit, shown):
    assert phrases.measured(value, unit) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x00b\x1bc", "a b c"),
        ("user\u202egpj.exe", "usergpj.exe"),
        ("  many \n\t spaces ", "many spaces"),
        ("x" * 600, "x" * 499 + "…"),
        ("<script>", "<script>"),
        ("خدمة", "خدمة"),
    ],
    ids=[
        "control characters",
        "direction override",
        "spaces",
        "too long",
        "markup is left to the escaping",
        "right to left",
    ],
)
def test_outside_text_is_cleaned(raw, shown):
    assert phrases.clean(raw) == shown


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://status.vendor.example/incidents/1?a=b#c", True),
        ("http://127.0.0.1:8000/", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("/relative", False),
        ("data:text/html,x", False),
        ("https://", False),
        ("https://a b.example/", False),
        ('https://x.example/"><script>', False),
        ("https://[::1", False),
        (None, False),
    ],
)
def test_a_report_links_only_to_the_web(url, kept):
    assert safe_link(url) == (url if kept else "")


def test_contributions_and_caps_add_up_to_the_printed_total(rich):
    for needs in (Needs(), Needs(rto_hours=24.0), Needs(rto_hours=0.5)):
        made = assess(rich[1], needs, as_of=NOW)
        total = sum(round(float(points) * 100) for *_, points in contribution_rows(made))
        assert total == round(float(total_row(made)[1]) * 100)


def test_every_number_of_the_printed_list_has_words_around_it(rich):
    figures = printed(rich[0])
    assert len({path for path, _ in figures}) > 50
    assert all(len(text.split()) > 1 for _, text in figures)


def test_unknown_checks_are_listed_with_what_would_settle_them(rich):
    context = vendor_context(*rich)
    unknown = {check.id for pillar in rich[0].pillars for check in pillar.checks if check.score is None}
    assert unknown
    assert {gap.result.id for gap in context["gaps"]} == unknown
    assert all(gap.finding and gap.how for gap in context["gaps"])


def test_failed_checks_come_first(rich):
    for *_, checks in vendor_context(*rich)["pillars"]:
        outcomes = [check.result.outcome for check in checks]
        assert outcomes == sorted(
            outcomes, key=("error", "fail", "partial", "stale", "unknown", "pass", "not_applicable").index
        )


def test_the_longest_recent_incident_is_a_major_one_that_was_told():
    told = (Update(posted_at=NOW, text="x"),) * 3
    minor = make_incident(1, days_ago=20, hours=50, impact="minor", updates=told)
    major = make_incident(2, days_ago=30, hours=8, impact="major", updates=told)
    silent = make_incident(3, days_ago=40, hours=90, impact="critical")
    old = make_incident(4, days_ago=1200, hours=100, impact="critical", updates=told)
    assert longest_told([minor, major, silent, old], NOW) is major
    assert longest_told([minor, silent, old], NOW) is minor
    assert longest_told([silent], NOW) is None


def test_only_the_costliest_incidents_are_printed_and_the_rest_is_counted():
    facts = make_facts([make_incident(n, days_ago=n, hours=1 + n % 9) for n in range(1, 400)])
    context = vendor_context(assess(facts, Needs(), as_of=NOW), facts)
    assert len(context["incidents"]) == LISTED
    assert context["incident_count"] == 399
    assert all(view.length == "9\u00a0h" for view in context["incidents"])


def test_every_threshold_has_a_source_and_a_date():
    rows = threshold_rows()
    assert len(rows) > 15
    assert all(values and source.endswith(")") and "(20" in source for _, values, source in rows)


def test_the_portfolio_begins_with_the_unknown_and_the_least_prepared():
    rich, empty = rich_facts(), make_facts(days=None, name="Nothing known")
    pairs = [(assess(facts, Needs(), as_of=NOW), facts) for facts in (rich, empty)]
    context = portfolio_context(pairs)
    assert [vendor["name"] for vendor in context["vendors"]] == ["Nothing known", "Vendor"]
    assert "Of one, too little is known to say." in headline(pairs)
    assert context["vendors"][0]["cells"][2] == "not known"


def test_a_large_portfolio_ranks_in_parts():
    facts = rich_facts(incidents=20)
    pair = (assess(facts, Needs(), as_of=NOW), facts)
    assert portfolio_context([pair] * 16)["ranking"]
    many = portfolio_context([pair] * 40)
    assert (many["ranking"], len(many["rankings"])) == ("", 2)


@pytest.mark.parametrize("named", [answer._flags, portfolio_result._flags], ids=["a plan", "a portfolio"])
def test_every_flag_of_an_answer_has_words(named):
    flags = set(re.findall(r'^ +"([a-z-]+)":', inspect.getsource(named), re.M))
    assert len(flags) >= 3
    assert flags <= phrases.PLAN_FLAGS.keys()
