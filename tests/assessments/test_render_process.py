"""The render process: it holds nothing of the worker's, opens nothing, ends when told to, and its ends are told in words."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from assessments.report.engine import rendering
from assessments.report.engine.libraries import INSTALL, missing_library
from assessments.report.engine.order import Limits, Order
from riskboard.errors import Refused

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
pytestmark = [
    pytest.mark.renders,
    pytest.mark.skipif(
        missing_library() is not None and os.environ.get("CI") != "true",
        reason=f"the PDF engine lacks {missing_library()}; {INSTALL}",
    ),
    pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks at processes in /proc, which only Linux has"),
]
SHORT = "<p>Mail is delayed."
LONG = "<p class=page>Mail is delayed." * 1500  # begun at once, and not done for half a minute


def order(body: str, *, most_pages: int = 100_000) -> Order:
    html = f"<html lang=en><title>t</title><style>.page {{ break-before: page }}</style><body><h1>t</h1>{body}</body></html>"
    return Order(html.encode(), {"facts.json": b"{}"}, {}, NOW, "pdf/ua-1", most_pages)


def render(body: str, **options) -> rendering.Rendered:
    return rendering.render(order(body), **options)


def zygote() -> int:
    process = rendering._zygote().process
    assert process is not None
    return process.pid


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def gone(pids: list[int], *, within: float) -> bool:
    until = time.monotonic() + within
    while any(map(is_alive, pids)):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def next_is_fine() -> bool:
    return render(SHORT).pages == 1


class Called(Exception):
    """Off, by whoever waits."""


def call_off(doing: str, page: int) -> None:
    if page > 1:
        raise Called


def test_a_render_gives_the_file_its_pages_its_memory_and_news_on_the_way():
    news = []
    made = render("<p>a<p style='break-before: page'>b", hear=lambda doing, page: news.append((doing, page)))
    assert made.data.startswith(b"%PDF")
    assert made.pages == 2
    assert 10 < made.peak_kib / 1024 < 512
    assert ("laying out the pages", 2) in news
    assert ("drawing the pages", 0) in news
    assert render("<p>a<p style='break-before: page'>b").data == made.data


def test_the_process_knows_no_secret_and_holds_no_socket_file_or_pipe_of_ours(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "marked-secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://marked-secret")
    monkeypatch.setenv("RISKBOARD_BROKER_URL", "redis://marked-secret")
    rendering.cool_down()
    with socket.create_server(("127.0.0.1", 0)) as server, (tmp_path / "rows").open("wb") as rows:
        os.set_inheritable(server.fileno(), True)
        os.set_inheritable(rows.fileno(), True)
        rendering.warm_up()
        assert next_is_fine()
        environ = Path(f"/proc/{zygote()}/environ").read_bytes()
        held = [os.readlink(path) for path in Path(f"/proc/{zygote()}/fd").iterdir()]
    assert b"marked-secret" not in environ
    names = {entry.split(b"=")[0].decode() for entry in environ.split(b"\0") if entry}
    assert names <= {*rendering.KEPT, *rendering.environment(Path())}
    assert [name for name in held if name.startswith("socket:") or "rows" in name] == []


def test_called_off_it_leaves_the_processor_at_once_and_the_next_is_fine():
    with pytest.raises(Called):
        render(LONG, hear=call_off)
    before = rendering._zygote()
    assert before.process is None  # waited for: nothing of it is left
    assert next_is_fine()


def test_whoever_calls_it_off_need_not_wait_for_a_silent_engine():
    pids: list[int] = []
    stopped = 0.0

    def stop_then_call_off(doing, page):
        nonlocal stopped
        if not pids and page:
            pids.extend([zygote(), *children(zygote())])
            os.kill(pids[-1], signal.SIGSTOP)
            stopped = time.monotonic()
        elif pids and time.monotonic() - stopped > 0.5:
            raise Called

    with pytest.raises(Called):
        render(LONG, hear=stop_then_call_off)
    assert len(pids) == 2
    assert gone(pids, within=2)


WORKER = """
import os, sys, threading
from tests.assessments.test_render_process import LONG, children, render, zygote
told = False
def hear(doing, page):
    global told
    if page and not told:
        told = True
        print(zygote(), *children(zygote()), rendering._zygote().folder, flush=True)
from assessments.report.engine import rendering
render(LONG, hear=hear)
"""


def test_a_worker_that_is_killed_leaves_no_process_and_no_file():
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen([sys.executable, "-c", WORKER], stdout=subprocess.PIPE, text=True, env=environ, cwd=ROOT)
    assert worker.stdout is not None
    parent, child, folder = worker.stdout.readline().split()
    worker.kill()
    worker.wait()
    worker.stdout.close()
    assert gone([int(parent), int(child)], within=3)
    assert not Path(folder).exists()


def test_a_zygote_that_is_killed_takes_its_child_along_and_is_told_of():
    pids: list[int] = []

    def kill_it(doing, page):
        if page and not pids:
            pids.extend(children(zygote()))
            os.kill(zygote(), signal.SIGKILL)

    with pytest.raises(Refused, match="was killed, most likely because the machine ran out of memory"):
        render(LONG, hear=kill_it)
    assert gone(pids, within=2)
    assert next_is_fine()


@pytest.mark.parametrize(
    ("body", "limits", "told"),
    [
        (LONG, Limits(soft_seconds=1.5), r"longer than 1\.5 s and was stopped; choose fewer vendors"),
        (LONG, Limits(soft_seconds=60, hard_seconds=1.5), r"longer than 1\.5 s and was stopped"),
        (SHORT, Limits(memory=110 * 2**20), "more than 110 MiB of memory and was stopped|engine broke"),
        (SHORT, Limits(file=200), "could not be written"),
    ],
    ids=["soft limit", "hard limit", "memory", "length of a file"],
)
def test_each_limit_ends_it_in_words_and_the_next_is_fine(body, limits, told):
    with pytest.raises(Refused, match=told):
        render(body, limits=limits)
    assert next_is_fine()


@pytest.mark.parametrize(("number", "told"), [(signal.SIGSEGV, "SIGSEGV"), (signal.SIGKILL, "ran out of memory")])
def test_a_crash_is_told_and_the_next_is_fine(number, told):
    def crash(doing, page):
        if page:
            for child in children(zygote()):
                os.kill(child, number)

    with pytest.raises(Refused, match=told):
        render(LONG, hear=crash)
    assert next_is_fine()


def test_a_fault_of_the_engine_is_told_and_its_traceback_is_in_our_log(caplog):
    asked = msgspec.structs.replace(order(SHORT), variant="pdf/none-of-its")  # a name the engine looks up in vain
    with caplog.at_level("ERROR"), pytest.raises(Refused, match=r"PDF engine broke \(code 1\)"):
        rendering.render(asked)
    assert "Traceback" in caplog.text
    assert re.search(r"zygote\.py:\d+ in _made\nValidationError: Invalid enum value 'pdf/none-of-its'", caplog.text)
    assert next_is_fine()


def test_too_many_pages_end_it_when_the_first_of_them_is_reached():
    with pytest.raises(Refused, match="would have 4 pages or more; at most 3"):
        rendering.render(order(LONG, most_pages=3))


def test_an_idle_zygote_that_has_gone_is_not_noticed():
    assert next_is_fine()
    os.kill(zygote(), signal.SIGKILL)
    rendering._zygote().process.wait()
    assert next_is_fine()


def test_a_fork_uses_a_zygote_of_its_own():
    assert next_is_fine()
    ours, (reading, writing) = zygote(), os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os.write(writing, b"%d %d" % (render(SHORT).pages, zygote()))
            rendering.cool_down()
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    pages, theirs = os.read(reading, 100).split()
    os.close(reading)
    assert int(pages) == 1
    assert int(theirs) != ours
    assert next_is_fine()
    assert zygote() == ours


RICH = (
    "<table><thead><tr><th scope=col>a<th scope=col>b</thead><tr><th scope=row>c<td>d</table><ul><li>e<li>f</ul><h2>g</h2>"
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>h</title><rect width="9" height="9" fill="#123456" /></svg>'
)


@pytest.mark.parametrize("variant", ["pdf/ua-1", "pdf/a-3a"])
def test_the_same_order_gives_the_same_bytes_whatever_seed_zone_and_process(variant, monkeypatch):
    asked = msgspec.structs.replace(order(RICH), variant=variant, files={"b.json": b"{}", "a.json": b"[]"})
    made = set()
    for seed, zone in (("1", "UTC"), ("7", "Asia/Tokyo")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        monkeypatch.setenv("TZ", zone)
        rendering.cool_down()
        made |= {rendering.render(asked).data for _ in range(3)}
    rendering.cool_down()  # the next test starts one as the environment is then
    assert len(made) == 1


HOSTILE = {
    "file picture": '<img alt=x src="file://{fifo}">',
    "picture of the network": '<img alt=x src="{url}">',
    "style sheet of the network": '<link rel=stylesheet href="{url}">',
    "import": '<style>@import url("{url}");</style>',
    "import of a file": '<style>@import "file://{fifo}";</style>',
    "font": '<style>@font-face {{ font-family: x; src: url("{url}") }} p {{ font-family: x }}</style><p>x',
    "background": '<p style="background-image: url({url})">x',
    "list picture": '<ul style="list-style-image: url(file://{fifo})"><li>x</ul>',
    "content": '<style>p::before {{ content: url("{url}") }}</style><p>x',
    "attachment": '<link rel=attachment href="file://{fifo}">',
    "attachment of the network": '<a rel=attachment href="{url}">x</a>',
    "svg picture": '<svg xmlns="http://www.w3.org/2000/svg"><title>t</title><image href="file://{fifo}" width=9 height=9 /></svg>',
    "svg use": '<svg xmlns="http://www.w3.org/2000/svg"><title>t</title><use href="{url}#a" /></svg>',
    "picture in data": "<img alt=x src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"{url}\"/></svg>'>",
    "style in data": "<link rel=stylesheet href='data:text/css,@import \"{url}\";'>",
    "object": '<object data="{url}"></object>',
    "embed": '<embed src="file://{fifo}">',
    "base": '<base href="{url}"><img alt=x src="x.png">',
    "metadata": '<link rel="xmp-metadata" href="file://{fifo}">',
}  # fmt: skip


def ended(body: str) -> str:
    """How the render ended; "made" where it loaded nothing because nothing was asked for."""
    try:
        return "made" if render(body).data.startswith(b"%PDF") else "no PDF"
    except Refused as refusal:
        return str(refusal)


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE)
def test_hostile_markup_opens_no_socket_and_no_file(markup, tmp_path):
    """A listener that would hear a socket, and a pipe in the file system whose opening end would wait: both are left alone."""
    fifo = tmp_path / "canary"
    os.mkfifo(fifo)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        body = markup.format(fifo=fifo, url=f"http://127.0.0.1:{server.getsockname()[1]}/x")
        told = ended(body)
        assert told == "made" or "may not load" in told or "was not made" in told, told
        assert "tried to" not in told  # nothing got as far as the watch
        with pytest.raises(BlockingIOError):
            server.accept()
    with pytest.raises(OSError, match="No such device"):  # nobody has the pipe open for reading
        os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)


WATCHED = """
import os, sys, subprocess, socket
from pathlib import Path
from assessments.report.engine import guard
spool = Path(sys.argv[1])
(spool / "inside").write_text("x"); os.symlink("/etc/hostname", spool / "link")
def breach(what):
    os.write(1, what.encode()); os._exit(0)
guard.watch(spool, breach=breach)
{deed}
os.write(1, b"nothing")
"""


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        ("open('/etc/hostname')", "open '/etc/hostname'"),
        ("open(b'/etc/hostname')", "open '/etc/hostname'"),
        ("os.open('/proc/self/environ', os.O_RDONLY)", "open '/proc/self/environ'"),
        ("open(spool / 'link')", "link'"),
        ("open(spool / '..' / 'beside', 'w')", "write"),
        ("open(os.__file__, 'a')", "write"),
        ("os.listdir('/etc')", "list '/etc'"),
        ("os.remove('/etc/none')", "change '/etc/none'"),
        ("os.rename(spool / 'inside', '/tmp/none')", "change '/tmp/none'"),
        ("socket.socket()", "use socket.__new__"),
        ("socket.getaddrinfo('localhost', 80)", "use socket.getaddrinfo"),
        ("subprocess.run(['true'])", "use subprocess.Popen"),
        ("os.system('true')", "use os.system"),
        ("os.fork()", "use os.fork"),
        ("os.execv('/bin/true', ['true'])", "use os.exec"),
        ("import sqlite3; sqlite3.connect(':memory:')", "use sqlite3.connect"),
        ("import ctypes; ctypes.CDLL('libm.so.6')", "use ctypes.dlopen"),
        ("open(spool / 'inside').close(); open(spool / 'new', 'w').close(); os.remove(spool / 'new')", "nothing"),
        ("import wave; os.listdir(spool)", "nothing"),
    ],
)
def test_the_watch_sees_whatever_python_opens(deed, told, tmp_path):
    spool = tmp_path / "spool"
    spool.mkdir()
    command = [sys.executable, "-B", "-P", "-c", WATCHED.replace("{deed}", deed), str(spool)]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environ, cwd="/")
    assert told in done.stdout, done.stdout + done.stderr
