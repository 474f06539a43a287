"""Lighthouse's accessibility audit of the main pages: 100 each. Another judge than axe, with rules of its own.

Its version is pinned in scripts/test.sh, which fetches it in CI. Where it is not there the test is skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from tests.browser.test_main_job import CHROMIUM, FLAGS, _synchronous  # noqa: F401 - fixture
from vendors.catalogue import index
from vendors.ingest import ingest_facts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROGRAM = Path(sys.prefix) / "lighthouse/node_modules/lighthouse/cli/index.js"
PAGES = (
    "/",
    "/vendors/",
    "/vendors/microsoft-bpos-2011/",
    "/compare/?v=trello&v=microsoft-bpos-2011",
    "/plan/",
    "/reports/",
)


@pytest.fixture(scope="session")
def lighthouse() -> Path:
    """Its program, which scripts/test.sh fetches before the tests: a test itself asks no network for anything."""
    if not PROGRAM.is_file() or CHROMIUM is None:
        pytest.skip(
            "Lighthouse is not here: scripts/test.sh fetches it in CI where there is npm; Chromium is needed, too"
        )
    return PROGRAM


def test_lighthouse_gives_the_main_pages_a_hundred_for_accessibility(lighthouse, live_server, tmp_path):
    for slug, rto in (("microsoft-bpos-2011", 4.0), ("trello", 8.0)):
        facts = index.load(slug)
        assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=rto), as_of=facts.as_of)
    found = {}
    for path in PAGES:
        told = tmp_path / "told.json"
        subprocess.run(
            ["node", str(lighthouse), live_server.url + path, "--quiet", "--output=json", f"--output-path={told}",
             "--only-categories=accessibility", "--chrome-flags=" + " ".join(["--headless=new", *FLAGS])],
            env=os.environ | {"CHROME_PATH": str(CHROMIUM)}, check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        report = json.loads(told.read_text(encoding="utf-8"))
        faults = [name for name, one in report["audits"].items() if one["score"] == 0]
        found[path] = (report["categories"]["accessibility"]["score"], faults)
    assert found == dict.fromkeys(PAGES, (1, []))
