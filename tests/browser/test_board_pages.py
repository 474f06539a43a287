"""The pages of every day in a real browser: accessible in both themes on a phone, live answers, undo by keyboard."""

from __future__ import annotations

import pytest
from django.utils import timezone

from assessments.models import Channel, Followed, SharedLink
from assessments.notify import outbox
from assessments.notify.found import Found
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from tests.browser.test_main_job import _synchronous, browser, violations  # noqa: F401 - fixtures
from tests.browser.test_plan import opened
from vendors.catalogue import index
from vendors.ingest import ingest_facts
from vendors.models import Incident

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def followed():
    for slug, rto in (("microsoft-bpos-2011", 4.0), ("trello", 8.0), ("together-ai", 24.0)):
        facts = index.load(slug)
        assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=rto), as_of=facts.as_of)
    return Incident.objects.filter(page__vendor__slug="microsoft-bpos-2011").latest("pk").pk


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_the_board_is_accessible_and_fits_a_phone(browser, live_server, followed, theme):  # noqa: F811
    told = Channel.objects.create(
        events=["plan-due"], name="On call", kind="webhook", address_secret="x", hint="https://hooks.example.org/…"
    )
    outbox.collect([Found("k", "plan-due", "Overdue: a drill", "/plan/", timezone.now())], now=timezone.now())
    SharedLink.objects.create(kind="calendar", token_sha256="c" * 64, made_by="this machine")
    page = opened(browser, live_server.url, color_scheme=theme)
    for path in (
        "/", "/vendors/", "/vendors/?q=nothing", "/vendors/?away=true", "/vendors/microsoft-bpos-2011/",
        "/vendors/microsoft-bpos-2011/incidents/", f"/vendors/microsoft-bpos-2011/incidents/{followed}/",
        "/vendors/trello/what-if/?rto=4h&takeover=1h", "/compare/", "/compare/?v=trello&v=microsoft-bpos-2011", "/add/",
        "/find/?q=tr", "/find/?q=zzzz", "/imports/", "/catalogue/", "/catalogue/?q=zzzz",
        "/settings/notifications/", f"/settings/notifications/{told.uid}/", "/settings/links/", "/reports/", "/settings/operation/",
    ):  # fmt: skip
        page.goto(live_server.url + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    assert page.complaints == []


def test_the_answer_follows_the_question_and_its_address_can_be_shared(browser, live_server, followed):  # noqa: F811
    page = opened(browser, live_server.url + "/vendors/trello/what-if/")
    before = page.locator("#answer .quote").inner_text()
    page.get_by_label("How long can your work do without it?").fill("24h")
    page.locator("#answer .quote", has_text="longer than 1 d").wait_for()
    assert page.locator("#answer .quote").inner_text() != before
    page.wait_for_url("**rto=24h**")
    again = opened(browser, page.url)
    assert again.locator("#answer .quote").inner_text() == page.locator("#answer .quote").inner_text()


def test_a_slash_leads_to_the_search_and_is_typed_inside_it(browser, live_server, followed):  # noqa: F811
    page = opened(browser, live_server.url + "/vendors/")
    page.keyboard.press("/")
    page.locator("#q:focus").wait_for()
    page.keyboard.type("a/b")
    assert page.locator("#q").input_value() == "a/b"


def test_a_vendor_is_put_away_and_brought_back_by_keyboard_alone(browser, live_server, followed):  # noqa: F811
    page = opened(browser, live_server.url + "/vendors/")
    page.get_by_role("checkbox", name="Choose Trello").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Put away", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Bring it back").wait_for()
    assert Followed.objects.shown().count() == 2
    page.get_by_role("button", name="Bring it back").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Brought 1 vendor back").wait_for()
    assert Followed.objects.shown().count() == 3


def test_control_k_finds_a_vendor_and_goes_there_by_keyboard_alone(browser, live_server, followed):  # noqa: F811
    page = opened(browser, live_server.url + "/method/")
    page.keyboard.press("Control+k")
    page.locator("#palette-q:focus").wait_for()
    page.get_by_role("option", name="Portfolio").wait_for()
    page.keyboard.type("trel")
    page.get_by_role("option", name="Trello", exact=False).first.wait_for()
    page.locator("#palette-found:not(:has-text('Portfolio'))").wait_for()
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/vendors/trello/")
    assert page.complaints == []


def test_a_question_mark_shows_the_keys_and_single_keys_can_be_switched_off(browser, live_server, followed):  # noqa: F811
    page = opened(browser, live_server.url + "/vendors/")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    assert violations(page) == []
    page.get_by_label("Single keys (/ and ?) do something").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("?")
    page.keyboard.press("/")
    assert not page.get_by_role("dialog").is_visible()
    assert page.evaluate("document.activeElement.id") != "q"
    page.keyboard.press("Control+k")
    page.locator("#palette-q:focus").wait_for()


def test_enter_before_the_answer_came_goes_nowhere_wrong_but_to_the_page_of_finds(browser, live_server, followed):  # noqa: F811
    page = opened(browser, live_server.url + "/method/")
    page.keyboard.press("Control+k")
    page.get_by_role("option", name="Portfolio").wait_for()
    page.route("**/find/?q=*", lambda route: None if route.request.headers.get("hx-request") else route.continue_())
    page.keyboard.type("trel")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/?q=trel")
    assert page.get_by_role("link", name="Trello", exact=True).first.is_visible()


def test_on_a_phone_two_vendors_stand_beside_each_other_and_the_second_is_picked(browser, live_server, followed):  # noqa: F811
    page = opened(browser, f"{live_server.url}/compare/?v=microsoft-bpos-2011&v=trello&v=together-ai")

    def shown() -> list[str]:
        heads = page.locator("table.versus thead th").all()
        return [one.get_attribute("class").split()[0] for one in heads[1:] if one.is_visible()]

    assert shown() == ["c1", "c2"]
    page.get_by_role("radio", name="Together", exact=False).check()
    assert shown() == ["c1", "c3"]
    assert page.locator("table.versus tbody").first.locator("tr:nth-child(2) td:visible").count() == 2
    assert violations(page) == []
    page.get_by_role("link", name="make it the baseline").first.click()
    page.wait_for_url("**base=together-ai**")
    assert shown() == ["c1", "c3"]
    page.set_viewport_size({"width": 1200, "height": 800})
    assert shown() == ["c1", "c2", "c3"]
    assert page.get_by_role("radio").count() == 0
