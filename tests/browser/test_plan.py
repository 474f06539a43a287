"""The plan in a real browser: every page in both themes on a phone, rows with and without a script, two people at once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from assessments import plans
from assessments.continuity import examples
from assessments.continuity.plan_file import item_sha256
from riskboard.jobs import queue
from riskboard.jobs.models import Job
from tests.browser.test_main_job import _synchronous, browser, violations  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BPOS = examples.load("microsoft-bpos-2011")
PATHS = (
    "/plan/", "/plan/check/", "/plan/answers/", "/plan/register/", "/plan/commitments/", "/plan/history/", "/plan/history/1/",
    "/plan/files/", "/plan/organisation/", "/plan/processes/", "/plan/services/hosted-email/", "/plan/contacts/it-manager/",
    "/plan/runbooks/", "/plan/exercises/new/", "/reports/",
)  # fmt: skip


@pytest.fixture
def example():
    made = plans.replace_plan(BPOS, seen_revision=0, author="IT manager", summary="began with the example")
    job = plans.judge_later(made)
    queue.run(job.pk)
    return made


def opened(browser, url: str, **options):  # noqa: F811
    page = browser.new_page(viewport={"width": 360, "height": 740}, reduced_motion="reduce", **options)
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.goto(url)
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible_and_fits_a_phone(browser, live_server, example, theme):  # noqa: F811
    page = opened(browser, live_server.url, color_scheme=theme)
    for path in PATHS:
        page.goto(live_server.url + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    assert page.complaints == []


def test_from_nothing_to_an_answer(browser, live_server):  # noqa: F811
    page = opened(browser, live_server.url + "/plan/")
    assert violations(page) == []
    page.get_by_role("button", name="Start from the example").click()
    page.wait_for_url("**/jobs/**")
    queue.run(Job.anyone.get(kind="plan").pk)
    page.wait_for_url("**/plan/", timeout=20_000)
    assert "critical processes would break their promise" in page.locator("h1").inner_text()


def test_a_row_is_added_in_place_and_what_was_typed_stays(browser, live_server):  # noqa: F811
    page = opened(browser, live_server.url + "/plan/contacts/new/")
    page.get_by_label("Name", exact=False).first.fill("Service desk")
    page.locator("#f-channels-0-kind").select_option("phone")
    page.locator("#f-channels-0-address").fill("555-0100")
    page.get_by_role("button", name="Add a row").click()
    page.locator("#f-channels-1-address").wait_for()
    page.locator("#f-channels-1-kind:focus").wait_for()
    assert page.locator("#f-channels-0-address").input_value() == "555-0100"
    assert page.locator("#f-name").input_value() == "Service desk"
    assert page.url.endswith("/plan/contacts/new/")
    page.get_by_role("button", name="Remove row 2").click()
    page.locator("#f-channels-1-address").wait_for(state="detached")
    page.locator("button[name=add]:focus").wait_for()
    page.locator("#f-name").press("Enter")
    page.wait_for_url("**/plan/contacts/?did=1")
    assert page.get_by_role("button", name="Undo").is_visible()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**/plan/?did=2")
    assert plans.current().parsed().contacts == ()
    assert page.complaints == []


def test_after_a_fault_the_reader_stands_on_the_field_to_mend(browser, live_server):  # noqa: F811
    page = opened(browser, live_server.url + "/plan/processes/new/")
    page.locator("#f-name").fill("Order intake")
    page.locator("#f-rto_hours").fill("soon")
    page.get_by_role("button", name="Save").last.click()
    page.get_by_text("Everything you typed is still here").wait_for()
    assert page.evaluate("document.activeElement.id") == "f-rto_hours"
    assert page.locator("#f-rto_hours").input_value() == "soon"
    assert violations(page) == []


def test_rows_work_without_a_script(browser, live_server):  # noqa: F811
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url + "/plan/contacts/new/")
    page.locator("#f-name").fill("Service desk")
    page.get_by_role("button", name="Add a row").click()
    assert page.locator("#f-name").input_value() == "Service desk"
    page.locator("#f-channels-1-kind").select_option("phone")
    page.locator("#f-channels-1-address").fill("555-0100")
    page.get_by_role("button", name="Save").last.click()
    assert [one.address for one in plans.current().parsed().contacts[0].channels] == ["555-0100"]


def test_a_vendor_is_found_while_its_name_is_typed(browser, live_server):  # noqa: F811
    page = opened(browser, live_server.url + "/plan/services/new/")
    page.locator("#f-name").fill("Code")
    field = page.locator("#f-vendor")
    field.press_sequentially("githb")
    page.get_by_role("option").first.wait_for()
    assert violations(page) == []
    page.keyboard.press("Enter")
    assert field.input_value() == "GitHub"
    page.get_by_role("button", name="Save").last.click()
    page.wait_for_url("**/plan/services/?did=1")
    assert plans.current().parsed().services[0].vendor == "github"


def test_a_recommendation_is_decided_in_place(browser, live_server, example):  # noqa: F811
    page = opened(browser, live_server.url + "/plan/register/")
    page.get_by_role("link", name="Decide R1 ").first.click()
    page.locator("#f-state").wait_for()
    assert page.url.endswith("/plan/register/")
    assert page.locator("#f-rule").input_value() == "R1"
    assert violations(page) == []
    page.locator("#f-state").select_option("planned")
    page.locator("#f-due_on").fill("2011-07-01")
    page.get_by_role("button", name="Save").last.click()
    page.wait_for_url("**/plan/register/?did=2")
    assert any(one.rule == "R1" and one.state == "planned" for one in plans.current().parsed().decisions)
    assert page.complaints == []


def test_who_saves_second_chooses_between_both(browser, live_server, example):  # noqa: F811
    page = opened(browser, live_server.url + "/plan/processes/invoicing/")
    before = next(one for one in BPOS.processes if one.id == "invoicing")
    plans.save_item("processes", replace(before, rto_hours=24.0), seen=item_sha256(before), author="head of sales")
    page.locator("#f-rto_hours").fill("3d")
    page.get_by_role("button", name="Save").last.click()
    page.get_by_text("Nothing of yours is saved yet").wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Save mine over theirs").click()
    page.wait_for_url("**/plan/processes/?did=3")
    assert next(one for one in plans.current().parsed().processes if one.id == "invoicing").rto_hours == 72
