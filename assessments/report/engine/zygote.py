"""The process that children are forked from: the engine is loaded once, and nothing of the worker ever gets in.

`python -m assessments.report.engine.zygote FOLDER`: a line of JSON on standard input is one order (`order.Job`); what becomes of
it is told in lines on standard output. Ends when its input closes, with the child at work and the folder, or when idle for long.
It has one thread and makes no report itself: a fork of it is always clean.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from types import FrameType

import msgspec

from assessments.report.engine import guard, typesetting
from assessments.report.engine.order import (
    MIB,
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
    line_of,
    too_long,
)
from riskboard.errors import Refused

IDLE_SECONDS = 600  # then its memory is given back; the next report starts another
LOOK_SECONDS = 0.05  # how soon the end of a child, or of the worker, is seen
BREACH_CODE = 77
_FRAMES = 12  # places of a fault that are told
_INPUT = 0


class _TooSlow(BaseException):
    """The soft limit is over. Not an Exception, so that no code on the way takes it for its own."""


def main(folder: Path) -> None:
    """Serve orders until the input closes or stays silent for IDLE_SECONDS."""
    news = os.dup(1)
    os.dup2(2, 1)  # whatever prints, prints there: the news stay whole
    typesetting.warm_up()
    try:
        while _is_there_input(IDLE_SECONDS):
            line = _read_line()
            if not line:
                return
            job = msgspec.json.decode(line, type=Job)
            child = os.fork()
            if child == 0:
                _child(job, news)  # never comes back
            if not _see_end(child, news):
                return
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_there_input(seconds: float) -> bool:
    return bool(select.select([_INPUT], [], [], seconds)[0])


def _read_line() -> bytes:
    """The next order's line; empty once the input is closed. Byte by byte: nothing of a later order is taken from the pipe."""
    line = bytearray()
    while not line.endswith(b"\n"):
        one = os.read(_INPUT, 1)
        if not one:
            return b""
        line += one
    return bytes(line)


def _see_end(child: int, news: int) -> bool:
    """Wait for the child, and tell of an end without a word. False if the worker went away meanwhile: the child is killed then."""
    hang_up = select.poll()
    hang_up.register(_INPUT, 0)  # only POLLHUP: the worker, who holds the other end, is gone
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            if os.WIFSIGNALED(status):
                _tell(news, Ended(signal=os.WTERMSIG(status), code=0))
            elif os.WEXITSTATUS(status) not in (0, BREACH_CODE):
                _tell(news, Ended(signal=0, code=os.WEXITSTATUS(status)))
            return True
        if hang_up.poll(LOOK_SECONDS * 1000):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return False


def _child(job: Job, news: int) -> None:
    """Make one report and end. Nothing is cleaned up by the interpreter: the folder goes with the order."""
    code = 1
    try:
        guard.end_with_parent()
        os.dup2(os.open(os.devnull, os.O_RDONLY), _INPUT)
        _tell(news, Begun())
        _tell(news, _made(job, news))
        code = 0
    except MemoryError:
        _tell(news, Failed(_out_of_memory(job.limits)))
        code = 0
    except BaseException as fault:
        print(_where(fault), file=sys.stderr)  # the worker's log gets it
    finally:
        os._exit(code)


def _where(fault: BaseException) -> str:
    """The fault, and the last places it came through. No line of the code is shown: to read it would open a file."""
    frames = traceback.StackSummary.extract(traceback.walk_tb(fault.__traceback__), lookup_lines=False)[-_FRAMES:]
    places = "".join(f"  {one.filename}:{one.lineno} in {one.name}\n" for one in frames)
    return f"Traceback (the last {_FRAMES} calls):\n{places}{type(fault).__name__}: {str(fault)[:500]}"


def _made(job: Job, news: int) -> News:
    """What became of the order: the file is whole, or why not."""
    spool, limits = Path(job.spool), job.limits
    os.environ["TMPDIR"] = tempfile.tempdir = str(spool)
    guard.limit(limits)

    def breach(what: str) -> None:
        _tell(news, Failed(f"the report tried to {what}, which no report may; it was stopped and nothing of it kept"))
        os._exit(BREACH_CODE)

    def say(doing: str, page: int) -> None:
        _tell(news, Step(doing, page))

    def too_slow(number: int, frame: FrameType | None) -> None:
        raise _TooSlow

    order = msgspec.msgpack.decode((spool / ORDER_FILE).read_bytes(), type=Order)
    guard.watch(spool, breach=breach)
    signal.signal(signal.SIGALRM, too_slow)
    signal.setitimer(signal.ITIMER_REAL, limits.soft_seconds)
    try:
        pages = typesetting.typeset(order, spool / PDF_FILE, say=say)
    except Refused as refusal:
        return Failed(str(refusal))
    except _TooSlow:
        return Failed(too_long(limits.soft_seconds))
    except RecursionError:
        return Failed("the report is nested too deeply to be set; shorten the text that was changed last")
    except OSError as fault:
        return Failed(
            f"the report could not be written ({fault.strerror or fault}); see that there is room on the disk"
        )
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return Done(pages, _peak_kib())


def _out_of_memory(limits: Limits) -> str:
    return (
        f"the report needs more than {limits.memory // MIB} MiB of memory and was stopped; "
        "choose fewer vendors, or shorten the longest texts"
    )


def _peak_kib() -> int:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def _tell(news: int, what: News) -> None:
    os.write(news, line_of(what))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
