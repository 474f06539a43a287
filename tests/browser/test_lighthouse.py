"""Lighthouse's accessibility audit of the main pages: 100 each. Another judge than axe, with rules of its own.

Its one version is pinned here; npm fetches it once into a folder of the user's cache. Without npm the test is skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from tests.browser.test_main_job import CHROMIUM, FLAGS, _synchronous  # noqa: F401 - fixture
from vendors.catalogue import index
from vendors.ingest import ingest_facts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VERSION = "12.8.2"
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
    """Its program, fetched if it is not there yet."""
    npm = shutil.which("npm")
    if npm is None or CHROMIUM is None:
        pytest.skip("Lighthouse needs npm and Chromium")
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "riskboard" / f"lighthouse-{VERSION}"
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            npm,
            "install",
            "--prefix",
            str(folder),
            "--no-package-lock",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
        ]
        done = subprocess.run(
            [*command, f"lighthouse@{VERSION}"], capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode or not program.is_file():
            pytest.skip(f"npm could not fetch Lighthouse: {done.stderr.strip()[-200:]}")
    return program


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
