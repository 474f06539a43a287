"""What people come for, from beginning to end in a real browser.

Journeys that stand elsewhere: the plan from nothing to an answer (test_plan), a vendor answers by link (test_vendor_answers),
putting away and back by keyboard (test_board_pages), seven of them by keyboard alone (test_by_keyboard).
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from openpyxl import load_workbook

from assessments.models import AssessmentRow, Followed
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard.accounts import first_run
from riskboard.jobs.models import Job, State
from tests.accounts.test_access import PASSWORD
from tests.browser.test_main_job import _synchronous, browser, worker  # noqa: F401 - fixtures
from tests.vendors.statuspage_answers import component, incident, listing, summary
from vendors.catalogue import index
from vendors.ingest import ingest_facts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIVE = ("microsoft-bpos-2011", "trello", "together-ai", "modal", "pagerduty")


@pytest.fixture
def page(browser):  # noqa: F811
    opened = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce").new_page()
    opened.set_default_timeout(90_000)  # the first page of a process loads every template
    opened.complaints = []
    opened.on("console", lambda m: opened.complaints.append(m.text) if m.type == "error" else None)
    return opened


def follow(*slugs: str) -> None:
    for slug in slugs:
        facts = index.load(slug)
        assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=4.0), as_of=facts.as_of)


def test_from_an_empty_installation_to_the_first_score_in_five_clicks(page, worker, live_server, settings):  # noqa: F811
    settings.OPEN_ON_THIS_MACHINE = False
    link = f"{live_server.url}/setup/?token={first_run.token()}"
    page.goto(link)
    page.get_by_label("E-mail", exact=False).fill("it@example.org")
    page.get_by_label("Password", exact=False).fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_text("Your account is made.").wait_for()
    page.get_by_role("button", name="Microsoft BPOS (May 2011), RTO 4 h").click()
    worker.set()
    page.wait_for_url("**/assessments/**", timeout=60_000)
    assert "8 in 10 years" in page.locator("h1").inner_text()
    assert page.goto(link).status == 403, "the token opens once"


@contextlib.contextmanager
def status_page() -> Iterator[str]:
    """A small Statuspage on loopback: its address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers(f"http://127.0.0.1:{self.server.server_address[1]}").get(self.path.split("?")[0])
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body or b"")

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            """Nothing on the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def answers(url: str) -> dict[str, bytes]:
    """What it answers by path, under that address."""

    def here(body: bytes) -> bytes:
        told = json.loads(body)
        told["page"] |= {"url": url, "name": "Mailworks"}
        return json.dumps(told).encode()

    return {
        "/api/v2/summary.json": here(summary(components=[component("c1", "Mail")])),
        "/api/v2/incidents.json": here(listing(incident())),
        "/api/v2/scheduled-maintenances.json": here(summary()),
    }


def test_a_vendor_is_added_by_the_address_of_its_page(page, worker, live_server, monkeypatch):  # noqa: F811
    with status_page() as url:
        monkeypatch.setenv("RISKBOARD_FETCH_ALLOW", url.removeprefix("http://"))
        page.goto(f"{live_server.url}/add/")
        page.get_by_label("A vendor's status page, or its name").fill(url)
        page.get_by_role("button", name="Assess", exact=True).first.click()
        page.wait_for_url("**/jobs/**")
        worker.set()
        page.wait_for_url("**/assessments/**", timeout=90_000)
    assert Followed.objects.get().vendor.pages.get().url.startswith(url)
    page.goto(f"{live_server.url}/vendors/")
    assert page.get_by_role("rowheader").filter(has_text="Mailworks").is_visible()


def test_five_vendors_are_compared_and_taken_away(page, live_server, tmp_path):
    follow(*FIVE)
    page.goto(f"{live_server.url}/vendors/")
    for name in page.locator("tbody input[type=checkbox]").all():
        name.check()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_url("**/compare/**")
    assert page.locator("table.versus thead th").count() == 6
    assert "stands first" in page.locator("h1").inner_text()
    rows = page.locator("table.versus tbody tr").count()
    page.get_by_role("link", name="Only differences").click()
    page.get_by_role("link", name="Show all rows").wait_for()
    assert page.locator("table.versus tbody tr").count() < rows
    page.get_by_role("link", name="make it the baseline").first.click()
    page.get_by_text("the baseline", exact=True).wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Workbook (XLSX)").click()
    download.value.save_as(tmp_path / "comparison.xlsx")
    assert load_workbook(tmp_path / "comparison.xlsx").active.max_column == 7
    assert page.complaints == []


def test_what_to_compare_is_found_while_its_name_is_typed_and_stays_ticked(page, live_server):
    follow("trello", "together-ai")
    page.goto(f"{live_server.url}/compare/")
    page.get_by_role("checkbox", name="Trello").check()
    page.get_by_label("Find a vendor").press_sequentially("together")
    page.get_by_role("checkbox", name="Together", exact=False).check()
    assert page.get_by_role("checkbox", name="Trello").is_checked()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_url(lambda url: "v=trello" in url and "v=together-ai" in url)
    assert page.locator("table.versus thead th").count() == 3


def test_a_report_is_cancelled_and_made_again(page, worker, live_server):  # noqa: F811
    follow("microsoft-bpos-2011", "trello")
    page.goto(f"{live_server.url}/reports/")
    page.get_by_label("Several vendors together").check()
    for box in page.locator("input[name=assessments]").all():
        box.check()
    page.get_by_role("button", name="Make the report").click()
    page.wait_for_url("**/jobs/**")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Nothing was kept of it.").wait_for()
    page.goto(f"{live_server.url}/reports/")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url("**/jobs/**")
    worker.set()
    page.wait_for_url("**/reports/**", timeout=90_000)
    with page.expect_download() as download:
        page.locator("tr[id^=r-] th a").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    assert sorted(Job.objects.values_list("state", flat=True)) == [State.CANCELLED, State.DONE]


def test_a_table_with_errors_changes_nothing_and_the_mended_one_is_taken(page, live_server, tmp_path):
    follow("trello")
    table = tmp_path / "vendors.csv"
    table.write_text("vendor,rto,tags\ntrello,soon,boards\n")
    page.goto(f"{live_server.url}/imports/")
    page.locator("input[type=file]").set_input_files(table)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_text("Nothing was taken: 1 to mend first.").wait_for()
    assert page.get_by_role("cell", name="rto", exact=True).is_visible()
    assert Followed.objects.get().tags == []
    table.write_text("vendor,rto,tags\ntrello,4h,boards\n")
    page.locator("input[type=file]").set_input_files(table)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Take 1 row").click()
    page.locator("input[name=action]").first.wait_for(state="detached")
    assert Followed.objects.get().tags == ["boards"]


def test_by_keyboard_alone_from_the_portfolio_to_a_what_if_and_a_note(page, live_server):
    follow("trello", "microsoft-bpos-2011")
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to the content
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Control+k")
    page.locator("#palette-q:focus").wait_for()
    page.keyboard.type("trello what")
    for _ in range(5):
        page.keyboard.press("Backspace")
    page.locator(
        "#palette-found [aria-selected=true][data-url='/vendors/trello/']"
    ).wait_for()  # never what an older text found
    page.keyboard.press("Enter")
    page.wait_for_url("**/vendors/trello/")
    _tab_to(page, "a", "What if?")
    page.keyboard.press("Enter")
    page.wait_for_url("**/what-if/")
    _tab_to(page, "input[name=rto]")
    page.keyboard.press("Control+a")
    page.keyboard.type("24h")
    page.locator("#answer .quote", has_text="longer than 1 d").wait_for()
    page.go_back()
    page.wait_for_url("**/vendors/trello/")
    _tab_to(page, "#note")
    page.keyboard.type("renewal in May")
    page.keyboard.press("Enter")
    page.get_by_text("Saved.").wait_for()
    assert Followed.objects.get(vendor__slug="trello").note == "renewal in May"
    assert page.complaints == []


def _tab_to(page, selector: str, text: str = "") -> None:
    """Press Tab until that element has the focus: what cannot be reached so fails."""
    script = "([s, t]) => document.activeElement.matches(s) && document.activeElement.textContent.includes(t)"
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(script, [selector, text]):
            return
    raise AssertionError(f"{selector} {text!r} is not reached by Tab")


def test_offline_a_form_stays_with_what_was_typed_and_goes_once_the_line_is_back(page, live_server):
    follow("trello")
    page.goto(f"{live_server.url}/vendors/trello/")
    page.locator("#note").fill("renewal in May")
    page.context.set_offline(True)
    page.locator("#note").press("Enter")
    page.get_by_text("You are offline. Nothing was sent").wait_for()
    assert page.locator("#note").input_value() == "renewal in May"
    page.context.set_offline(False)
    page.get_by_text("You are offline.").wait_for(state="hidden")
    page.locator("#note").press("Enter")
    page.get_by_text("Saved.").wait_for()
    assert Followed.objects.get().note == "renewal in May"


def test_a_button_pressed_twice_does_its_work_once(page, live_server):
    follow("trello")
    page.goto(f"{live_server.url}/vendors/trello/")
    before = AssessmentRow.objects.count()
    page.get_by_role("button", name="Save", exact=True).dblclick()
    page.get_by_text("Saved.").wait_for()
    assert page.get_by_text("Saved.").count() == 1
    assert AssessmentRow.objects.count() == before


def test_two_tabs_save_the_notes_of_one_vendor_and_the_second_chooses(page, live_server):
    follow("trello")
    second = page.context.new_page()
    for tab in (page, second):
        tab.goto(f"{live_server.url}/vendors/trello/")
    page.locator("#note").fill("first")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved.").wait_for()
    second.locator("#note").fill("second")
    second.get_by_role("button", name="Save", exact=True).click()
    second.get_by_text("Nothing of yours is saved yet").wait_for()
    assert Followed.objects.get().note == "first"
    second.get_by_role("button", name="Save mine over theirs").click()
    second.get_by_text("Saved.").wait_for()
    assert Followed.objects.get().note == "second"
