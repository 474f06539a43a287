"""The worker's side of a render: start the zygote, hand over an order, watch it, and kill it where it must end.

One render at a time for each process; threads wait for one another. A kill takes the whole group, zygote and child: nothing of a
render that was ended is asked anything again, and the next order starts another zygote (about 0.6 s).
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from assessments.report.engine.order import (
    ORDER_FILE,
    PDF_FILE,
    Begun,
    Done,
    Ended,
    Failed,
    Job,
    Limits,
    News,
    Order,
    Step,
    read_line,
    too_long,
)
from riskboard.errors import Refused

logger = logging.getLogger(__name__)
LOOK_SECONDS = 0.4  # how often a silent render is looked at, and whoever waits may call it off
START_SECONDS = 60.0  # until a child must be there; a cold engine takes 0.6 s, a busy machine ten times that
KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "PYTHONHASHSEED", "TZ", "LC_ALL")
_ROOT = Path(__file__).resolve().parents[3]
_NO_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{folder}/none</dir><cachedir>{folder}/none</cachedir></fontconfig>
"""
_SAID = 2000  # bytes of what a crashed engine said that go into the log


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF, its pages, and the most memory the process that made it held."""

    data: bytes
    pages: int
    peak_kib: int


Hear = Callable[[str, int], None]


def nobody(doing: str, page: int) -> None:
    """Hears progress and does nothing with it."""


def render(order: Order, *, hear: Hear = nobody, limits: Limits = Limits()) -> Rendered:  # noqa: B008 - frozen
    """The PDF of that order. `hear` is told what is done and on which page, at least every LOOK_SECONDS.

    Whatever `hear` raises ends the render at once and is raised on: that is how it is called off. Raises Refused, in a sentence
    that says what to do, for whatever the render process refuses, and where it crashes or meets a limit.
    """
    with _TURN:
        return _zygote().render(order, hear, limits)


def warm_up() -> None:
    """Start the zygote now, so that the first report need not wait for it. Does not wait either."""
    with _TURN:
        _zygote().start()


def cool_down() -> None:
    """End the zygote of this process, if there is one."""
    with _TURN:
        _zygote().end()


def environment(folder: Path) -> dict[str, str]:
    """All that a render process is told of its surroundings: no secret, no address, no home, and no font of the machine."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {"LC_ALL": "C.UTF-8"} | kept | {
        "HOME": str(folder), "TMPDIR": str(folder), "FONTCONFIG_FILE": str(folder / "fonts.conf"), "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip


class Zygote:
    """One zygote, or none yet."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.folder = Path()
        self.said: IO[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """The running zygote, started where there is none."""
        if self.process is not None and self.process.poll() is None:
            return self.process
        self.end()
        self.folder = Path(tempfile.mkdtemp(prefix="riskboard-report-"))
        (self.folder / "fonts.conf").write_text(_NO_FONTS.format(folder=self.folder), encoding="utf-8")
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the zygote
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-m", "assessments.report.engine.zygote", str(self.folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, env=environment(self.folder),
            cwd="/", bufsize=0, start_new_session=True,
        )  # fmt: skip
        return self.process

    def render(self, order: Order, hear: Hear, limits: Limits) -> Rendered:
        """As the function of that name."""
        try:
            done = self._ordered(order, hear, limits) or self._ordered(
                order, hear, limits
            )  # it may just have gone idle
        except Refused:
            raise  # told by the render itself, which is over
        except BaseException:
            self.end()
            raise
        if done is None:
            said = self._last_words()
            self.end()
            raise Refused(
                f"the PDF engine does not start; riskboard doctor says why ({said[-300:] or 'it said nothing'})"
            )
        return done

    def _ordered(self, order: Order, hear: Hear, limits: Limits) -> Rendered | None:
        """The finished file; None if the zygote ended before it began with it."""
        process = self.start()
        spool = self.folder / "spool"
        try:
            spool.mkdir(mode=0o700)
            (spool / ORDER_FILE).write_bytes(msgspec.msgpack.encode(order))
            assert process.stdin is not None
            process.stdin.write(msgspec.json.encode(Job(str(spool), limits)) + b"\n")
            done = self._followed(process, hear, limits)
            return Rendered((spool / PDF_FILE).read_bytes(), done.pages, done.peak_kib) if done else None
        except (BrokenPipeError, FileNotFoundError):  # an idle zygote ends and takes its folder with it
            return None
        except OSError as fault:
            raise Refused(
                f"the report could not be begun ({fault.strerror}); see that there is room on the disk"
            ) from fault
        finally:
            shutil.rmtree(spool, ignore_errors=True)

    def _followed(self, process: subprocess.Popen[bytes], hear: Hear, limits: Limits) -> Done | None:
        """How the render ended, heard line by line; None if it never began. Raises Refused for every bad end."""
        until = time.monotonic() + START_SECONDS
        begun, doing, page = False, "starting the PDF engine", 0
        for news in _lines(process):
            match news:
                case Begun():
                    begun, until = True, time.monotonic() + limits.hard_seconds
                case Step():
                    doing, page = news.doing, news.page
                case Done():
                    return news
                case Failed():
                    raise Refused(news.why)
                case Ended():
                    raise Refused(self._why_ended(news))
            if time.monotonic() > until:
                self.end()
                raise Refused(too_long(limits.hard_seconds if begun else START_SECONDS))
            hear(doing, page)
        if begun:  # the zygote was killed under its child
            raise Refused(self._why_ended(Ended(signal=signal.SIGKILL, code=0)))
        return None

    def _why_ended(self, ended: Ended) -> str:
        """The sentence for a render that ended without one of its own; the log gets what the engine said last."""
        logger.error("the render process ended by signal %s, code %s: %s", ended.signal, ended.code, self._last_words())
        if ended.signal == signal.SIGKILL:
            return "the report was killed, most likely because the machine ran out of memory; choose fewer vendors, or add memory"
        how = signal.Signals(ended.signal).name if ended.signal else f"code {ended.code}"
        return (
            f"the PDF engine broke ({how}), which may be for want of memory; make the report again, with fewer vendors "
            "if it happens again"
        )

    def _last_words(self) -> str:
        if self.said is None:
            return ""
        size = self.said.seek(0, os.SEEK_END)
        self.said.seek(max(0, size - _SAID))
        return self.said.read().decode(errors="replace").strip()

    def end(self) -> None:
        """Kill the zygote and its child, at once, and remove their folder. Harmless where there is none."""
        process, self.process = self.process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            shutil.rmtree(self.folder, ignore_errors=True)
        if self.said is not None:
            self.said.close()
            self.said = None


def _lines(process: subprocess.Popen[bytes]) -> Iterator[News | None]:
    """The zygote's news as they come, and None whenever it is silent for LOOK_SECONDS; ends when the zygote does."""
    assert process.stdout is not None
    kept = b""
    while True:
        if not select.select([process.stdout], [], [], LOOK_SECONDS)[0]:
            yield None
            continue
        got = os.read(process.stdout.fileno(), 65536)
        if not got:
            return
        *lines, kept = (kept + got).split(b"\n")
        for line in lines:
            yield read_line(line)


_TURN = threading.RLock()
_ONE = Zygote()


def _zygote() -> Zygote:
    """This process's own."""
    return _ONE


def _forked() -> None:
    """A fork has its own: what it was left of its parent's is dropped, so that this one sees its pipe close in time."""
    global _TURN, _ONE
    _TURN, _ONE = threading.RLock(), Zygote()


os.register_at_fork(after_in_child=_forked)
atexit.register(cool_down)
