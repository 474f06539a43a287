"""The fault suite's own instruments can fail: the checker sees broken rows, the proxy misbehaves as told, a slope is a slope."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from riskboard.jobs.models import Job
from tests.faults.invariants import NEVER, broken
from tests.faults.pages import BETWEEN, answer
from tests.faults.proxy import FaultProxy
from tests.faults.soak import Look, judged, slope


def ask(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.django_db
def test_an_installation_in_order_breaks_nothing():
    Job.anyone.create(kind="x", queue="score", due_at=timezone.now())
    assert broken(ask) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"attempts": 4}, "a job begun more often than it may"),
        ({"state": "done"}, "a job that ended at no time"),
    ],
)
def test_what_never_may_be_is_found(fields, told):
    assert told in NEVER
    Job.anyone.create(kind="x", queue="score", due_at=timezone.now(), **fields)
    assert broken(ask) == [f"1 x {told}"]


class Echo(socketserver.BaseRequestHandler):
    """Sends back what it hears."""

    def handle(self) -> None:
        while data := self.request.recv(1024):
            self.request.sendall(data)


@pytest.fixture
def proxy():
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with FaultProxy(server.server_address, seconds=0.1).running() as made:
            yield made
        server.shutdown()


def said(proxy: FaultProxy, *, timeout: float = 5.0) -> tuple[bytes, float]:
    """What comes back of ten bytes, and after how long; b"" where it is cut."""
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=timeout) as line:
        try:
            line.sendall(b"0123456789")
            got = b""
            while len(got) < 10 and (data := line.recv(10)):
                got += data
        except ConnectionError:
            got = b""
    return got, time.monotonic() - begun


def test_plain_and_late_pass_everything(proxy):
    assert said(proxy)[0] == b"0123456789"
    proxy.set("late")
    got, seconds = said(proxy)
    assert got == b"0123456789"
    assert seconds >= 0.2  # there and back


def test_drip_passes_a_byte_at_a_time(proxy):
    proxy.set("drip")
    got, seconds = said(proxy, timeout=15)
    assert got == b"0123456789"
    assert seconds >= 0.9


def test_cut_ends_connections_and_half_open_keeps_them_silent_until_it_is_over(proxy):
    proxy.set("cut")
    assert said(proxy)[0] == b""
    proxy.set("half-open")
    with pytest.raises(TimeoutError):
        said(proxy, timeout=0.3)
    proxy.set("plain")
    assert said(proxy)[0] == b"0123456789"


@pytest.mark.parametrize(
    ("points", "per_hour"),
    [([(0, 100), (1, 100), (2, 100)], 0.0), ([(0, 0), (1, 1), (2, 2)], 3600.0), ([(0, 5), (9, 1)], 0.0), ([], 0.0)],
)
def test_a_slope_is_told_an_hour_and_not_of_two_points(points, per_hour):
    assert slope(points) == pytest.approx(per_hour)


def looks(*, end: float, size_an_hour: float = 0.0, held_an_hour: float = 0.0, begin: float = 0.0) -> list[Look]:
    """A look a minute, whose figures grow by so much an hour."""
    return [
        Look(60.0 * n, int(1e8 + size_an_hour * n / 60), int(20 + held_an_hour * n / 60))
        for n in range(int(begin), int(end))
    ]


@pytest.mark.parametrize(
    ("minutes", "grows", "wrong"),
    [
        (120, {"size_an_hour": 0.9 * 2**20}, 0),
        (120, {"size_an_hour": 1.5 * 2**20}, 1),
        (120, {"held_an_hour": 30.0}, 1),
        (30, {"size_an_hour": 50.0 * 2**20}, 0),  # too short to say
    ],
    ids=["steady", "memory grows", "descriptors grow", "short"],
)
def test_a_soak_names_a_process_that_grows(minutes, grows, wrong):
    lines, faults = judged({("web", 7): looks(end=minutes + 1, **grows)}, minutes)
    assert len(lines) == 1
    assert len(faults) == wrong
    assert all("web 7" in line for line in [*lines, *faults])


def test_a_soak_tells_the_most_of_processes_that_were_renewed_and_no_slope_of_theirs():
    seen = {("worker", 1): looks(end=50), ("worker", 2): looks(begin=50, end=121, size_an_hour=9.0 * 2**20)}
    lines, faults = judged(seen, 120)
    assert lines == ["worker, processes renewed: never beyond 113 MiB and 20 descriptors"]
    assert faults == []


def test_a_soak_names_a_process_that_ended_though_nobody_renews_it():
    seen = {("web", 1): looks(end=2), ("web", 2): looks(begin=2, end=121), ("worker", 3): looks(end=50)}
    assert judged(seen, 120)[1] == ["web 1 was there from 0 to 60 s only"]


def test_a_soaked_page_has_news_after_so_many_looks_and_says_so_by_its_validator():
    before, same, after = (answer("incidents.json", looks) for looks in (0, BETWEEN - 1, BETWEEN))
    assert before == same != after
    assert after is not None
    assert b"inc000000001" in after[1]
    assert answer("elsewhere.json", 0) is None


def test_coverage_is_told_by_statements_and_branches(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "scripts"))
    from covered import shares

    totals = {"covered_lines": 9, "num_statements": 10, "covered_branches": 3, "num_branches": 4}
    assert shares(totals) == {"statements": 90.0, "branches": 75.0}
    assert shares({**totals, "covered_branches": 0, "num_branches": 0})["branches"] == 100.0
