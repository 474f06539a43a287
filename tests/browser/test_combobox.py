"""The target field in a real browser: typing, arrows, Enter, Escape, a phone's width, and no script at all."""

from __future__ import annotations

import pytest

from tests.browser.test_main_job import _synchronous, browser, violations  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LABEL = "A vendor's status page, or its name"


@pytest.fixture
def page(browser, live_server):  # noqa: F811
    opened = browser.new_page(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    opened.complaints = []
    opened.on("console", lambda m: opened.complaints.append(m.text) if m.type == "error" else None)
    opened.goto(live_server.url)
    return opened


def marked(page) -> str:
    return page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.innerText"
    )


def test_typing_and_enter_fill_in_the_page_of_the_vendor(page):
    field = page.get_by_role("combobox", name=LABEL)
    assert field.get_attribute("aria-expanded") == "false"
    field.press_sequentially("githb")
    page.get_by_role("option").first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert "www.githubstatus.com" in marked(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("Enter")
    assert field.input_value() == "https://www.githubstatus.com"
    assert field.get_attribute("aria-expanded") == "false"
    assert not page.get_by_role("listbox").is_visible()
    assert page.url.endswith("/")
    assert page.complaints == []


def test_arrows_go_round_and_escape_closes_without_losing_what_was_typed(page):
    field = page.get_by_role("combobox", name=LABEL)
    field.press_sequentially("s")
    page.get_by_role("option").first.wait_for()
    first = marked(page)
    page.keyboard.press("ArrowUp")
    last = marked(page)
    assert last != first
    page.keyboard.press("ArrowDown")
    assert marked(page) == first
    page.keyboard.press("Escape")
    assert not page.get_by_role("listbox").is_visible()
    assert field.input_value() == "s"


def test_an_option_can_be_tapped_and_an_address_is_left_alone(page):
    field = page.get_by_role("combobox", name=LABEL)
    field.press_sequentially("slack")
    page.get_by_role("option").first.click()
    assert field.input_value() == "https://slack-status.com"
    field.fill("https://status.example.com/")
    page.wait_for_timeout(400)
    assert not page.get_by_role("listbox").is_visible()


def test_without_a_script_it_is_a_plain_field_with_suggestions(browser, live_server):  # noqa: F811
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(live_server.url)
    assert plain.get_by_label(LABEL).get_attribute("list") == "vendors"
    assert not plain.locator("#id_target_options").is_visible()
