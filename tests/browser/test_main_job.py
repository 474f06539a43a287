"""The whole way in a real browser: a vendor, an RTO, the progress, the score, the report."""

from __future__ import annotations

import os
import shutil
import threading

import pytest

from riskboard.jobs import queue
from riskboard.jobs.models import Job, State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MISSING = "no Chromium on this machine; install it (Debian: apt-get install chromium) to run the browser tests"


@pytest.fixture(autouse=True)
def _synchronous(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in this thread
    monkeypatch.setattr(queue, "wake", lambda job_id, name: True)


@pytest.fixture
def browser():
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def worker():
    """Runs due jobs in this process, as a worker would; `release` lets it begin."""
    release, stop = threading.Event(), threading.Event()

    def work() -> None:
        from django.db import connection

        release.wait(60)
        while not stop.is_set():
            for job in Job.anyone.filter(state=State.QUEUED):
                queue.run(job.pk)
            stop.wait(0.1)
        connection.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield release
    release.set()
    stop.set()
    thread.join(60)


def violations(page) -> list[tuple[str, str]]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(fault["id"], node["html"][:120]) for fault in found for node in fault["nodes"]]


def test_from_the_first_page_to_the_report(browser, worker, live_server, tmp_path):
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(live_server.url)
    page.get_by_label("A vendor's status page, or its name").fill("Microsoft BPOS (May 2011)")
    page.get_by_label("How long can your work do without it? (RTO)").fill("4h")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/**")
    page.reload()
    assert page.get_by_role("progressbar").is_visible()
    worker.set()
    page.wait_for_url("**/assessments/**", timeout=60_000)
    assert "8 in 10 years" in page.locator("h1").inner_text()
    page.get_by_text("Would a year pass without an outage longer than your RTO?").click()
    assert page.get_by_text("Why it matters.").first.is_visible()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("link", name="Download the report").click()
    path = tmp_path / "report.pdf"
    download.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/method/", "/style/", "/nowhere/"])
def test_pages_are_accessible_and_fit_a_phone(browser, live_server, path, theme):
    page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme=theme)
    page.goto(live_server.url + path)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_form_can_be_used_by_keyboard_alone_and_keeps_what_was_typed(browser, live_server):
    page = browser.new_page()
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_label("A vendor's status page, or its name").focus()
    page.keyboard.type("nobody-knows-it")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".fault")
    assert page.get_by_label("A vendor's status page, or its name").input_value() == "nobody-knows-it"


def test_the_chosen_theme_is_remembered(browser, live_server):
    page = browser.new_page(color_scheme="light")
    page.goto(live_server.url)
    page.get_by_role("button", name="Theme: auto").click()
    page.get_by_role("button", name="Theme: light").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_watching_keeps_the_focus_and_outlives_a_lost_connection(browser, worker, live_server):
    context = browser.new_context()
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_role("button", name="Assess Trello with an RTO of 4 hours").click()
    page.wait_for_url("**/jobs/**")
    page.get_by_role("button", name="Cancel").focus()
    context.set_offline(True)
    page.wait_for_timeout(1500)
    context.set_offline(False)
    with page.expect_response("**/jobs/**"):
        pass
    assert page.evaluate("document.activeElement.textContent") == "Cancel"
    page.keyboard.press("Enter")
    page.get_by_text("Nothing was kept of it.").wait_for()


def test_evidence_is_entered_without_scripts_on_a_phone(browser, live_server, tmp_path):
    from tests.assessments.making import make_facts, make_incident
    from vendors.ingest import ingest_facts

    ingest_facts(make_facts((make_incident(1),)))
    address = f"{live_server.url}/vendors/vendor/evidence/"
    page = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    page.goto(address)
    page.get_by_label("What happened?").fill("Mail was down")
    page.get_by_label("When did it begin?").fill("2025-11-01 10:00")
    page.get_by_role("button", name="Enter", exact=True).click()
    assert page.get_by_text("Incident: 1 added.").is_visible()
    export = tmp_path / "probe.csv"
    export.write_text("start,end\n2025-12-01T10:00Z,2025-12-01T10:20Z\n")
    page.get_by_label("File").nth(1).set_input_files(export)
    page.get_by_role("button", name="Look at it first").nth(1).click()
    page.get_by_role("button", name="Take 1 failure").click()
    assert page.get_by_text("Failures seen: 1 added.").is_visible()
    page.get_by_role("button", name="Withdraw Mail was down").click()
    page.get_by_role("button", name="Bring back Mail was down").click()
    for theme in ("light", "dark"):
        checked = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme=theme)
        checked.goto(address)
        assert violations(checked) == []
        assert checked.evaluate("document.documentElement.scrollWidth") <= 360
        checked.get_by_label("File").nth(1).set_input_files(export)
        checked.get_by_role("button", name="Look at it first").nth(1).click()
        checked.wait_for_selector("text=Nothing is taken until you say so")
        assert violations(checked) == []
        assert checked.evaluate("document.documentElement.scrollWidth") <= 360
