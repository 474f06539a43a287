"""First requests that come at once end no process: msgspec's knowledge of records is built before there are threads."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from riskboard import structs

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = """
import sys, threading
from riskboard.wsgi import application
from django.test import Client
sys.setswitchinterval(1e-5)
paths = ("/vendors/", "/method/", "/catalogue/", "/plan/", "/api/v1/vendors/", "/compare/", "/find/?q=git")
together = threading.Barrier(4)
wrong = []
def ask(first):
    together.wait()
    client = Client(raise_request_exception=False)
    for path in paths[first:] + paths[:first]:
        status = client.get(path).status_code
        if status != 200:
            wrong.append((path, status))
threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
for one in threads:
    one.start()
for one in threads:
    one.join()
assert not wrong, wrong
print("answered")
"""


def test_every_module_with_records_that_web_or_workers_use_is_found():
    found = set(structs.modules())
    assert {
        "vendors.records",
        "assessments.continuity.plan",
        "vendors.sources.statuspage.wire",
        "vendors.catalogue.landmarks",
    } <= found
    left = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in structs.PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"(?m)^class .*Struct", path.read_text(encoding="utf-8"))
    } - found
    assert {name for name in left if not structs.ELSEWHERE.search(name) and not name.endswith(".__init__")} == set()


def test_what_is_built_holds_the_records_of_those_modules():
    from assessments.continuity.plan import Plan
    from vendors.records import VendorFacts

    count = structs.build_all()
    known = set(structs._below(structs.msgspec.Struct))
    assert {Plan, VendorFacts} <= known
    assert count == len(known) > 300


@pytest.mark.runtime
def test_first_requests_that_come_at_once_are_answered(tmp_path):
    """Without build_all, two of three such processes ended with a segmentation fault."""
    environ = os.environ | {
        "RISKBOARD_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "riskboard.settings",
        "ALLOWED_HOSTS": "testserver",
    }
    for command in (["-m", "django", "migrate", "-v0"], ["-c", AT_ONCE]):
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == "answered\n"
