"""What is printed from a page: every column of every table, dark on white whatever the theme."""

from __future__ import annotations

import pytest

from tests.browser.test_board_pages import followed  # noqa: F401 - a fixture
from tests.browser.test_main_job import browser  # noqa: F401 - fixtures
from tests.browser.test_plan import opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAPER = 718  # pixels across an A4 sheet inside margins of 10 mm
ALL = "v=microsoft-bpos-2011&v=trello&v=together-ai"
LOST = """paper => [...document.querySelectorAll('main table')]
  .filter(t => t.getBoundingClientRect().width > 0)
  .flatMap(t => [...t.querySelectorAll('th, td')].filter(c => c.getBoundingClientRect().right > paper + 1)
    .map(c => c.textContent.trim().slice(0, 40)))"""
LOOKS = "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('h1')).color]"


def brightness(colour: str) -> float:
    numbers = [float(part) for part in colour.partition("(")[2].rstrip(")").replace(",", " ").split()[:3]]
    return sum(numbers) / 3


@pytest.mark.parametrize("path", ["/vendors/microsoft-bpos-2011/", f"/compare/?{ALL}", "/vendors/"])
@pytest.mark.usefixtures("followed")
def test_a_scorecard_and_a_comparison_keep_every_column_on_paper(browser, live_server, path):  # noqa: F811
    page = opened(browser, live_server.url + path)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": PAPER, "height": 1000})
    assert page.evaluate(LOST, PAPER) == []
    paper, ink = page.evaluate(LOOKS)
    assert (brightness(paper) > 240 or paper.endswith(", 0)"), brightness(ink) < 80) == (True, True), (paper, ink)
    assert len(page.pdf(format="A4")) > 10_000
