"""What every test gets: a private data folder, and no network beyond this machine."""

from __future__ import annotations

import os
import tempfile

# Before settings load: nothing of a developer's own installation is read or written.
os.environ["RISKBOARD_VAR"] = os.path.join(tempfile.mkdtemp(prefix="riskboard-test-"), "var")
os.environ["RISKBOARD_ENV"] = "embedded"
os.environ["RISKBOARD_LOG_LEVEL"] = "CRITICAL"
for name in ("SECRET_KEY", "RISKBOARD_BROKER_URL", "RISKBOARD_FETCH_ALLOW", "DEBUG"):
    os.environ.pop(name, None)

import pytest
import pytest_socket


@pytest.fixture(autouse=True)
def _loopback_only():
    """Sockets reach this machine alone: a test that tries another address fails."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()
    pytest_socket._remove_restrictions()


@pytest.fixture
def no_wake(monkeypatch):
    """Jobs are enqueued without a broker; returns the list of (job id, queue) that would have been woken."""
    from riskboard.jobs import queue

    woken: list[tuple[int, str]] = []
    monkeypatch.setattr(queue, "wake", lambda job_id, name: woken.append((job_id, name)) or True)
    return woken
