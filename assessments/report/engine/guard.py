"""What binds the render child: limits of the kernel, an end with its parent, and a watch over every file and socket.

The watch is an audit hook of the interpreter: it sees whatever Python code opens, however it got there. Libraries in C are not
seen by it; they are given no configuration that names a file of the machine (`zygote.environment`).
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path

from assessments.report.engine.order import Limits

_PR_SET_PDEATHSIG = 1
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Events of https://docs.python.org/3/library/audit_events.html that a report has no business with, by their first word.
_NEVER = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "ftplib.",
          "http.client.", "imaplib.", "nntplib.", "poplib.", "smtplib.", "telnetlib.", "sqlite3.", "webbrowser.",
          "pty.", "syslog.", "ctypes.dlopen")  # fmt: skip
_NEVER_WHOLE = frozenset({"os.system", "os.fork", "os.forkpty", "os.kill", "os.killpg", "os.chown", "os.chmod"})
# Events whose arguments are paths that change something.
_CHANGING = frozenset(
    {"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "shutil.rmtree"}
)
_LOOKING = frozenset({"os.listdir", "os.scandir"})


def end_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends. Linux; elsewhere the closed pipe tells it."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def limit(limits: Limits) -> None:
    """Bind this process for good: memory, the length and number of files, seconds of processor time, no core dump."""
    seconds = int(limits.hard_seconds) + 5  # only if nobody is left to watch the clock
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        if sys.platform == "darwin" and what == resource.RLIMIT_AS:
            continue  # macOS knows the limit and refuses to set it
        _, highest = resource.getrlimit(what)
        if highest != resource.RLIM_INFINITY:
            most = min(most, highest)
        resource.setrlimit(what, (most, most))


def watch(spool: Path, *, breach: Callable[[str], None]) -> None:
    """From now on and for good: files are read under Python's own folders and written under `spool`; nothing else is opened.

    Nothing is started, and nobody asked. Whatever breaks this is told to `breach`, which must not come back.
    """
    write_in = _folders([spool])
    read_in = (*write_in, *_folders(_own_folders()))

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            writing = isinstance(arguments[2], int) and arguments[2] & _WRITING
            paths, doing, folders = arguments[:1], "write" if writing else "open", write_in if writing else read_in
        elif event in _CHANGING:
            paths, doing, folders = arguments[:2], "change", write_in
        elif event in _LOOKING:
            paths, doing, folders = arguments[:1], "list", read_in
        elif event.startswith(_NEVER) or event in _NEVER_WHOLE:
            return breach(f"use {event}")
        else:
            return None
        for path in paths:  # a descriptor is none: what it is of was opened before, and seen then
            if isinstance(path, str | bytes | os.PathLike) and not _within(path, folders):
                breach(f"{doing} {os.fsdecode(path)!r:.200}")
        return None

    sys.addaudithook(hook)


def _own_folders() -> list[Path]:
    """Where Python keeps its own modules and those installed beside them: never a folder of a person's or the app's data."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return [Path(sysconfig.get_path(name)) for name in names]


def _folders(paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(os.path.realpath(path) for path in paths))


def _within(path: str | bytes | os.PathLike[str], folders: tuple[str, ...]) -> bool:
    """Whether the path, with every link followed, is one of the folders or lies in one."""
    real = os.path.realpath(os.fsdecode(path))
    return any(real == folder or real.startswith(folder + os.sep) for folder in folders)
