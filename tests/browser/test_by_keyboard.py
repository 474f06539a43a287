"""The seven journeys again, by keyboard alone: reached by Tab, with the focus in sight at every stop, done by Enter and Space."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from assessments import plans
from assessments.models import Followed
from assessments.questionnaire.answers import answers_of
from riskboard.accounts import first_run
from riskboard.jobs.models import Job, State
from tests.accounts.test_access import PASSWORD
from tests.browser.keys import Keys
from tests.browser.test_journeys import FIVE, follow, page, status_page  # noqa: F401 - fixtures
from tests.browser.test_main_job import _synchronous, browser, worker  # noqa: F401 - fixtures
from vendors.models import Vendor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def keys(page):  # noqa: F811
    yield Keys(page)
    assert page.complaints == []


def test_from_an_empty_installation_to_the_first_score(keys, page, worker, live_server, settings):  # noqa: F811
    settings.OPEN_ON_THIS_MACHINE = False
    page.goto(f"{live_server.url}/setup/?token={first_run.token()}")
    keys.write("Your e-mail address", "it@example.org")
    keys.write("Password", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Your account is made.").wait_for()
    keys.press(r"Microsoft BPOS \(May 2011\), RTO 4 h")
    worker.set()
    page.wait_for_url("**/assessments/**", timeout=60_000)
    assert "8 in 10 years" in page.locator("h1").inner_text()


def test_a_vendor_is_added_by_the_address_of_its_page(keys, page, worker, live_server, monkeypatch):  # noqa: F811
    with status_page() as url:
        monkeypatch.setenv("RISKBOARD_FETCH_ALLOW", url.removeprefix("http://"))
        page.goto(f"{live_server.url}/vendors/")
        keys.press("Add a vendor")
        page.wait_for_url("**/add/")
        keys.write("A vendor's status page, or its name", url)
        page.keyboard.press("Enter")
        page.wait_for_url("**/jobs/**")
        worker.set()
        page.wait_for_url("**/assessments/**", timeout=90_000)
    assert Followed.objects.get().vendor.name == "Mailworks"


def test_five_vendors_are_compared_and_taken_away(keys, page, live_server, tmp_path):  # noqa: F811
    follow(*FIVE)
    page.goto(f"{live_server.url}/vendors/")
    for _ in FIVE:
        keys.tick("", "tbody input[type=checkbox]")
    keys.press("^Compare$", "button")
    page.wait_for_url("**/compare/**")
    assert page.locator("table.versus thead th").count() == 6
    keys.press("Only differences")
    page.get_by_role("link", name="Show all rows").wait_for()
    with page.expect_download() as download:
        keys.press(r"Workbook \(XLSX\)")
    download.value.save_as(tmp_path / "comparison.xlsx")
    assert load_workbook(tmp_path / "comparison.xlsx").active.max_column == 7


def test_a_plan_is_begun_a_process_added_and_taken_back(keys, page, worker, live_server):  # noqa: F811
    page.goto(f"{live_server.url}/plan/")
    keys.press("Start from the example")
    page.wait_for_url("**/jobs/**")
    worker.set()
    page.wait_for_url("**/plan/", timeout=60_000)
    assert "critical processes would break their promise" in page.locator("h1").inner_text()
    before = plans.current().parsed()
    page.goto(f"{live_server.url}/plan/processes/new/")
    keys.write("^Name", "Night shift")
    keys.write("RTO", "4h")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan/processes/?did=**")
    assert len(plans.current().parsed().processes) == len(before.processes) + 1
    keys.press("Undo")
    page.wait_for_url("**did=3")
    assert plans.current().parsed().processes == before.processes


def test_a_vendor_answers_by_its_link(keys, page, live_server, settings):  # noqa: F811
    settings.SITE_URL = live_server.url
    follow("microsoft-bpos-2011")
    page.goto(f"{live_server.url}/vendors/microsoft-bpos-2011/questionnaire/")
    keys.press("Make a link")
    page.locator("code.copy").wait_for()
    link = page.locator("code.copy").inner_text()
    guest = page.context.new_page()
    guest.goto(link)
    hands = Keys(guest)
    hands.choose("^yes$", "#B1 input[type=radio]")
    guest.get_by_text("1 of 17 answered.").wait_for()
    hands.choose("^partly$", "#B2 input[type=radio]")
    guest.get_by_text("2 of 17 answered.").wait_for()
    hands.press("Save and send off")
    guest.get_by_text("2 of 17 are answered.").wait_for()
    told = {one.item: one.answer for one in answers_of(Vendor.objects.get())}
    assert told == {"B1": "yes", "B2": "partial"}


def test_a_report_is_cancelled_and_made_again(keys, page, worker, live_server):  # noqa: F811
    follow("microsoft-bpos-2011", "trello")
    page.goto(f"{live_server.url}/reports/")
    keys.choose("Several vendors together")
    for _ in range(2):
        keys.tick("", "input[name=assessments]")
    keys.press("Make the report", "button")
    page.wait_for_url("**/jobs/**")
    keys.press("Cancel")
    page.get_by_text("Nothing was kept of it.").wait_for()
    page.goto(f"{live_server.url}/reports/")
    keys.press("Try again")
    page.wait_for_url("**/jobs/**")
    worker.set()
    page.wait_for_url("**/reports/**", timeout=90_000)
    with page.expect_download() as download:
        keys.reach("tr[id^=r-] th a")
        page.keyboard.press("Enter")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    assert sorted(Job.objects.values_list("state", flat=True)) == [State.CANCELLED, State.DONE]


def test_a_table_with_errors_is_mended_and_taken(keys, page, live_server, tmp_path):  # noqa: F811
    follow("trello")
    table = tmp_path / "vendors.csv"
    table.write_text("vendor,rto,tags\ntrello,soon,boards\n")
    page.goto(f"{live_server.url}/imports/")
    keys.attach(table)
    keys.press("Look at it")
    page.get_by_text("Nothing was taken: 1 to mend first.").wait_for()
    assert len(page.complaints) == 1, "the browser notes the refusal, and nothing else"
    page.complaints.clear()
    table.write_text("vendor,rto,tags\ntrello,4h,boards\n")
    keys.attach(table)
    keys.press("Look at it")
    page.get_by_role("button", name="Take 1 row").wait_for()
    keys.press("Take 1 row")
    page.locator("input[name=action]").first.wait_for(state="detached")
    assert Followed.objects.get().tags == ["boards"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<button style='outline:none'>Go</button>", "nothing shows that button 'Go'"),
        ("<button style='position:absolute;left:-999px'>Go</button>", "nothing shows that button 'Go'"),
        ("<div role=button>Go</div><a href='/'>Home</a>", "is not reached by Tab; met: a Home"),
    ],
)
def test_what_a_keyboard_cannot_use_is_noticed(keys, page, body, told):  # noqa: F811
    page.set_content(body)
    with pytest.raises(AssertionError, match=told):
        keys.press("Go", "button, div")
