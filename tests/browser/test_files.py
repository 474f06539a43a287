"""In a real browser: a vendor sends evidence by its link over a lost connection; an analyst brings in a CAIQ workbook."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assessments.models import EvidenceFile
from assessments.questionnaire.answers import answers_of, judged_answers
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from tests.browser.test_main_job import _synchronous, browser, violations  # noqa: F401 - fixtures
from tests.browser.test_vendor_answers import choose
from tests.caiq_workbook import caiq
from vendors.catalogue import index
from vendors.ingest import ingest_facts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"wide": {"width": 1200, "height": 900}, "narrow": {"width": 360, "height": 780}}
PICTURES = os.environ.get("RISKBOARD_PICTURES")  # a folder: pictures of the pages are put there, to be looked at


@pytest.fixture
def vendor(settings, live_server, tmp_path):
    settings.SITE_URL, settings.MEDIA_ROOT = live_server.url, tmp_path / "media"
    facts = index.load("microsoft-bpos-2011")
    made = ingest_facts(facts)
    assess_vendor(made, needs=Needs(), as_of=facts.as_of)
    return made


def seen(page, name: str) -> None:
    """Nothing a reader of the page could stumble over, wide and narrow, light and dark."""
    for size, viewport in SIZES.items():
        for scheme in ("light", "dark"):
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert violations(page) == [], f"{name} {size} {scheme}"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} {size}"
            if PICTURES:
                page.screenshot(path=str(Path(PICTURES) / f"{name}-{size}-{scheme}.png"), full_page=True)


def test_a_vendor_sends_evidence_by_its_link_loses_the_connection_and_comes_back(browser, live_server, vendor):  # noqa: F811
    analyst = browser.new_page(viewport=SIZES["wide"])
    analyst.goto(f"{live_server.url}/vendors/{vendor.slug}/questionnaire/")
    analyst.get_by_role("button", name="Make a link").click()
    link = analyst.locator("code.copy").inner_text()

    context = browser.new_context(viewport=SIZES["narrow"], reduced_motion="reduce")
    guest = context.new_page()
    guest.goto(link)
    choose(guest, "B17", "yes")
    guest.get_by_text("1 of 17 answered.").wait_for()
    context.set_offline(True)
    report = {"name": "restore.txt", "mimeType": "text/plain", "buffer": b"restored in 2 h"}
    guest.locator("#B17-file").set_input_files(report)
    guest.get_by_text("The connection is lost.").wait_for()
    assert not EvidenceFile.objects.exists()
    context.set_offline(False)
    choose(guest, "B16", "no")
    guest.locator("#own-files").get_by_role("link", name="restore.txt").wait_for()
    assert guest.locator("#lost").is_hidden()
    assert EvidenceFile.objects.get().item == "B17", (
        "what was chosen while the connection was lost is sent with the next answer"
    )
    guest.locator("#B2-file").set_input_files({"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
    guest.get_by_text("Not saved: a.svg").wait_for()
    guest.reload()
    seen(guest, "ask")
    with guest.expect_download() as saved:
        guest.locator("#own-files").get_by_role("link", name="restore.txt").click()
    assert Path(saved.value.path()).read_bytes() == b"restored in 2 h"
    guest.get_by_role("button", name="Remove restore.txt").click()
    guest.get_by_role("button", name="Bring back restore.txt").click()
    guest.get_by_role("button", name="Remove restore.txt").wait_for()
    assert next(one.evidence for one in judged_answers(vendor) if one.item == "B17").startswith("restore.txt, sha256 ")
    analyst.reload()
    analyst.locator("#files + div").get_by_role("link", name="restore.txt").wait_for()
    seen(analyst, "questionnaire")
    context.close()


def test_an_analyst_brings_in_a_caiq_workbook_and_sees_the_effect_on_the_score(browser, live_server, vendor):  # noqa: F811
    page = browser.new_page(viewport=SIZES["wide"])
    page.goto(f"{live_server.url}/vendors/{vendor.slug}/questionnaire/")
    page.get_by_role("link", name="Bring in a file or a CAIQ workbook").click()
    seen(page, "file")
    workbook = caiq({"IPY-02.1": ("Yes", "Everything by REST."), "BCR-11.1": ("Yes", ""), "BCR-10.1": ("No", "")})
    page.get_by_label("The file").set_input_files(
        {"name": "caiq.xlsx", "mimeType": "application/x", "buffer": workbook}
    )
    page.get_by_role("button", name="Look at it").click()
    page.get_by_text("This is a CAIQ 4.0.3 workbook.").wait_for()
    page.get_by_text("With the chosen answers, the next assessment would say: backup").wait_for()
    seen(page, "caiq")
    page.set_viewport_size(SIZES["wide"])
    page.get_by_label("Take B17").uncheck()
    page.get_by_label("Answer for B2").select_option("yes")
    page.get_by_role("button", name="Take what is ticked").click()
    page.get_by_text("In the next assessment: backup not known to").wait_for()
    stands = {one.item: one.answer for one in answers_of(vendor)}
    assert stands == {"B1": "partial", "B2": "yes", "B7": "partial", "B11": "partial"}
    page.goto(f"{live_server.url}/plan/files/")
    seen(page, "plan-files")
