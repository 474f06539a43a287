"""The fetcher let loose on hostile addresses, in a network namespace that has loopback alone: nothing inside is reached."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNSHARE = ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]


def namespaces() -> bool:
    """Whether this machine lets us make a network of our own."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    return subprocess.run([*UNSHARE, "ip", "link", "set", "lo", "up"], capture_output=True, check=False).returncode == 0


@pytest.mark.runtime
@pytest.mark.skipif(
    not namespaces(), reason="no network namespace can be made here (needs unshare, ip and the right to)"
)
def test_no_hostile_address_reaches_anything_inside():
    done = subprocess.run(
        [*UNSHARE, sys.executable, "-m", "tests.vendors.hostile_network"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={
            "PATH": os.environ["PATH"],
            "HOME": "/nonexistent",
            "PYTHONPATH": str(ROOT),
            "http_proxy": "http://10.0.0.1:80",
        },
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout)
    assert result["good"]["code"] == 0, result["good"]  # the page that may be read is read: the guard is not just "no"
    assert result["good"]["named"]
    assert result["hits"] == []
    assert result["strange"] == []
    assert result["tried"] >= 120
    assert any(name.startswith("rebind-") for name in result["names"])
