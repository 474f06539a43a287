"""In a real browser: a vendor answers by its link, loses the connection half-way, comes back, finishes; the analyst sees it."""

from __future__ import annotations

import pytest

from assessments.questionnaire.answers import answers_of
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from tests.browser.test_main_job import _synchronous, browser, violations  # noqa: F401 - fixtures
from vendors.catalogue import index
from vendors.ingest import ingest_facts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def choose(page, item: str, word: str) -> None:
    page.locator(f"#{item}").get_by_label(word, exact=True).check()


def test_a_vendor_answers_loses_the_connection_and_finishes(browser, live_server, settings):  # noqa: F811
    settings.SITE_URL = live_server.url
    facts = index.load("microsoft-bpos-2011")
    vendor = ingest_facts(facts)
    assess_vendor(vendor, needs=Needs(), as_of=facts.as_of)
    analyst = browser.new_page(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    analyst.goto(f"{live_server.url}/vendors/{vendor.slug}/questionnaire/")
    assert violations(analyst) == []
    analyst.get_by_role("button", name="Make a link").click()
    link = analyst.locator("code.copy").inner_text()

    context = browser.new_context(viewport={"width": 360, "height": 780}, reduced_motion="reduce")
    guest = context.new_page()
    guest.goto(link)
    assert violations(guest) == []
    assert guest.evaluate("document.documentElement.scrollWidth <= innerWidth")
    choose(guest, "B1", "yes")
    guest.get_by_text("1 of 17 answered.").wait_for()
    context.set_offline(True)
    choose(guest, "B2", "partly")
    guest.get_by_text("The connection is lost.").wait_for()
    assert guest.locator("#B2").get_by_label("partly", exact=True).is_checked()
    context.set_offline(False)
    choose(guest, "B3", "we would rather not say")
    guest.get_by_text("3 of 17 answered.").wait_for()
    assert guest.locator("#lost").is_hidden()
    assert guest.locator("#B2-state").inner_text() == "saved"
    guest.get_by_role("button", name="Save and send off").click()
    guest.get_by_text("3 of 17 are answered.").wait_for()
    guest.goto(link)
    guest.get_by_text("This link is no longer good").wait_for()

    assert {one.item: one.answer for one in answers_of(vendor)} == {"B1": "yes", "B2": "partial", "B3": "withheld"}
    analyst.reload()
    analyst.get_by_text("3 of 17 answered.").wait_for()
    analyst.get_by_text("sent off").wait_for()
    choose(analyst, "B7", "yes")
    analyst.get_by_role("button", name="Save the answers").click()
    analyst.get_by_text("In the next assessment: backup not known to").wait_for()
    context.close()
