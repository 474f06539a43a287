"""The embedded runtime: a private broker, one supervisor, and nothing left behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import kombu
import pytest
import redis

from riskboard import embedded
from riskboard.commands.up import must_be_free
from riskboard.errors import Refused
from tests.faults.harness import ROOT, group_lives

SLEEPER = [sys.executable, "-c", "import subprocess, time; subprocess.Popen(['sleep', '300']); time.sleep(300)"]


def until(true_yet, seconds: float = 15.0) -> bool:
    """Whether it became true in time."""
    end = time.monotonic() + seconds
    while not true_yet():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def broker(tmp_path):
    """A function that starts the broker of a folder; all are stopped after the test."""
    if embedded.server_binary() is None:
        pytest.skip(embedded.NO_BROKER)
    started = []

    def start(var: Path) -> subprocess.Popen:
        child = subprocess.Popen(embedded.broker_command(var), stdout=subprocess.DEVNULL)
        started.append((child, embedded.socket_path(var).parent))
        embedded.wait_for_broker(var)
        return child

    yield start
    for child, folder in started:
        child.kill()
        child.wait(10)
        if not folder.is_relative_to(tmp_path):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.runtime
def test_the_broker_keeps_every_write_evicts_nothing_and_opens_no_port(tmp_path, broker):
    broker(tmp_path)
    with redis.Redis(unix_socket_path=str(embedded.socket_path(tmp_path))) as line:
        assert line.config_get("port") == {"port": "0"}
        assert line.config_get("appendonly") == {"appendonly": "yes"}
        assert line.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert embedded.socket_path(tmp_path).stat().st_mode & 0o777 == 0o700


@pytest.mark.runtime
def test_what_was_written_survives_a_kill_without_warning(tmp_path, broker):
    first = broker(tmp_path)
    path = str(embedded.socket_path(tmp_path))
    with redis.Redis(unix_socket_path=path) as line:
        line.rpush("score", "wake 7")
        line.execute_command("WAITAOF", 1, 0, 5000)
    first.kill()
    first.wait(10)
    assert not embedded.broker_answers(tmp_path)
    broker(tmp_path)
    with redis.Redis(unix_socket_path=path) as line:
        assert line.lrange("score", 0, -1) == [b"wake 7"]


@pytest.mark.runtime
@pytest.mark.parametrize("name", ["my files", "100%", "a#b?c", "x" * 120], ids=["space", "percent", "marks", "long"])
def test_the_address_of_the_broker_works_wherever_the_folder_lies(tmp_path, broker, name):
    var = tmp_path / name
    var.mkdir()
    broker(var)
    assert len(os.fsencode(embedded.socket_path(var))) <= 107
    with kombu.Connection(embedded.broker_url(var)) as connection:
        connection.ensure_connection(max_retries=1, timeout=5)


def test_two_deep_folders_do_not_share_a_socket(tmp_path):
    deep = [tmp_path / ("x" * 120) / name for name in ("a", "b")]
    assert embedded.socket_path(deep[0]) != embedded.socket_path(deep[1])


def test_a_folder_others_may_write_to_is_no_place_for_the_broker(tmp_path):
    (tmp_path / "broker").mkdir(mode=0o700)
    (tmp_path / "broker").chmod(0o777)
    with pytest.raises(Refused, match="RISKBOARD_VAR"):
        embedded.broker_command(tmp_path)


def test_where_no_server_runs_the_message_says_how_to_name_one(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "server_binary", lambda: None)
    with pytest.raises(Refused, match="RISKBOARD_BROKER_URL"):
        embedded.broker_command(tmp_path)


def test_a_server_that_does_not_start_is_passed_over(tmp_path, monkeypatch):
    broken = tmp_path / "valkey-server"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert embedded.server_binary() != broken


def test_a_second_start_is_refused_with_the_address_of_the_first(tmp_path):
    with (
        embedded.only_one(tmp_path, "at http://127.0.0.1:8765"),
        pytest.raises(Refused, match=r"already running at http://127\.0\.0\.1:8765"),
        embedded.only_one(tmp_path, "at http://127.0.0.1:9999"),
    ):
        pass
    with embedded.only_one(tmp_path, "a demo"):
        pass


def test_a_busy_port_is_refused_with_another_one_to_try():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"port {port} is taken.*make run PORT={port + 1}"):
            must_be_free("127.0.0.1", port)
    must_be_free("127.0.0.1", port)


@pytest.mark.runtime
def test_a_child_that_dies_is_started_again_and_stopping_ends_what_it_started(tmp_path):
    supervisor = embedded.Supervisor(tmp_path)
    child = supervisor.start("sleeper", SLEEPER)
    first = child.process.pid
    os.killpg(first, signal.SIGKILL)
    child.process.wait(10)
    supervisor.tend()
    second = child.process.pid
    assert second != first
    supervisor.stop()
    assert not group_lives(first)
    assert not group_lives(second)


def test_a_child_that_keeps_dying_is_given_up_with_its_log_named(tmp_path, monkeypatch):
    pauses: list[float] = []
    supervisor = embedded.Supervisor(tmp_path)
    child = supervisor.start("broken", ["false"])

    def tend_once_it_died() -> None:
        child.process.wait(10)
        with monkeypatch.context() as patched:
            patched.setattr(embedded.time, "sleep", pauses.append)
            supervisor.tend()

    try:
        for _ in range(5):
            tend_once_it_died()
        with pytest.raises(Refused, match=r"broken keeps ending; see .*broken\.log"):
            tend_once_it_died()
    finally:
        supervisor.stop()
    assert pauses == sorted(pauses)
    assert len(pauses) == 5


@pytest.mark.runtime
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells children of their parent's end")
def test_a_supervisor_killed_without_warning_takes_its_children_along(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from riskboard.embedded import Supervisor; "
        "child = Supervisor(Path(sys.argv[1])).start('sleeper', ['sleep', '300']); "
        "print(child.process.pid, flush=True); time.sleep(300)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT)
    with supervisor:
        child = int(supervisor.stdout.readline())
        assert group_lives(child)
        # not before the child has asked the kernel to be told
        assert until(lambda: b"sleep" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")[0])
        supervisor.kill()
        assert until(lambda: not group_lives(child))
