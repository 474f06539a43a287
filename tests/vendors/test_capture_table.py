"""Every real capture is read, recognised as what it is, and never called well where it is not."""

from __future__ import annotations

import pytest

from tests.capture_table import DOC, NOT_SUPPORTED, REASONS, is_one_answer, read, render
from tests.captures import captures, needs_captures

PRODUCT_OF = {  # the manifest's platform -> the source that must recognise it
    "statuspage": "statuspage", "statuspage-html": "statuspage", "oci": "statuspage", "google-cloud": "google-cloud",
    "aws": "aws", "azure": "azure", "slack": "slack", "statusio": "statusio", "firehydrant": "firehydrant", "cstate": "cstate",
    "upptime": "upptime", "uptime-kuma": "uptime-kuma", "heroku": "heroku", "salesforce": "salesforce",
    "incidentio-html": "incidentio", "instatus-html": "instatus", "betterstack-html": "betterstack",
    "pagerduty-html": "pagerduty",
}  # fmt: skip
BESPOKE = {"datocms": "datocms", "yandex-cloud": "yandex", "miro": "incidentio"}  # Miro's page is made with incident.io
ROWS = [read(capture) for capture in captures()]


@needs_captures
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_capture_is_recognised_as_its_product_without_a_hint(row):
    if any(part in row.name for part in NOT_SUPPORTED):
        assert row.source is None
    else:
        assert row.source == (PRODUCT_OF.get(row.capture.platform) or BESPOKE[row.capture.vendor])


@needs_captures
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_capture_agrees_with_the_manifest_or_the_reason_is_written_down(row):
    if row.source is not None:
        assert not row.differs or row.reason


@needs_captures
def test_no_page_in_trouble_in_maintenance_or_deactivated_is_called_well():
    assert [row.name for row in ROWS if row.is_false_all_clear] == []
    assert sum(row.capture.page_state not in ("ok", "") for row in ROWS) >= 30


@needs_captures
def test_every_reason_is_still_needed():
    for part in REASONS:
        assert any(part in row.name and row.differs for row in ROWS), part
    for part in NOT_SUPPORTED:
        assert any(part in row.name and row.source is None for row in ROWS), part


@needs_captures
def test_more_is_read_than_all_peers_together_read():
    raw = [row for row in ROWS if is_one_answer(row.capture)]
    assert len(raw) >= 85
    assert all(row.source is not None for row in raw if "fastly" not in row.name)
    stated = [row for row in raw if row.capture.page_state and row.source is not None]
    right = [row for row in stated if row.state == row.wanted_state]
    assert len(stated) - len(right) <= 2  # the two that we call unknown, and say why
    assert sum(row.incidents for row in raw) > 1_501


@needs_captures
def test_the_table_is_current():
    assert DOC.read_text(encoding="utf-8") == render(), "run: python -m tests.capture_table"
