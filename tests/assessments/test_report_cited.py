"""What is cited in the text has a number, and the number a line with an address that can be read on paper."""

from __future__ import annotations

import re

import pytest

from assessments.report.cited import Citations
from assessments.report.vendor import report_context
from riskboard.locales import speaking
from tests.assessments.test_report_checkers import rich
from tests.assessments.test_report_continuity import given
from vendors.catalogue.landmarks import landmarks


def test_a_source_is_numbered_once_in_the_order_of_the_text():
    citations = Citations()
    first = citations.number("A summary", "https://vendor.example/a")
    second = citations.number("Told on paper")
    assert (first, second, citations.number("Called otherwise", "https://vendor.example/a")) == (1, 2, 1)
    assert [(one.number, one.title, one.url) for one in citations.rows] == [
        (1, "A summary", "https://vendor.example/a"),
        (2, "Told on paper", ""),
    ]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//vendor.example", ""]
)
def test_an_address_that_is_not_safe_to_print_is_left_out_and_the_title_stays(url):
    citations = Citations()
    assert citations.number("A summary", url) == 1
    assert citations.rows[0].url == ""
    assert citations.number("", url) == 0


def test_every_landmark_that_is_a_precedent_has_a_source_to_cite():
    citations = Citations()
    assert all(citations.of_landmark(one.id) for one in landmarks())
    assert citations.of_landmark(None) == citations.of_landmark("no-such-outage") == ()


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_every_number_in_a_vendor_report_leads_to_its_line(language):
    from assessments.report import pdf

    with speaking(language):
        page = pdf.html_of("report/vendor.html", report_context(*rich()))
    asked = set(re.findall(r'href="#cited-(\d+)"', page))
    assert asked == set(re.findall(r'id="cited-(\d+)"', page)) == {str(n) for n in range(1, len(asked) + 1)}
    assert len(asked) > 3


@pytest.mark.parametrize("kind", ["continuity", "improvement"])
def test_every_number_in_a_plan_leads_to_its_line(kind):
    from assessments.report import pdf
    from assessments.report.continuity import plan_context

    page = pdf.html_of(f"report/{kind}.html", plan_context(given(), kind=kind))
    asked = set(re.findall(r'href="#cited-(\d+)"', page))
    assert asked == set(re.findall(r'id="cited-(\d+)"', page)) == {str(n) for n in range(1, len(asked) + 1)}
    assert len(asked) > 3
