"""What goes into the render process and what comes out of it: plain records, so that neither side needs the other's code."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Variant = Literal["pdf/ua-1", "pdf/a-3a"]
MIB = 1024 * 1024
LINE = 4096  # bytes of one piece of news: what a pipe takes whole, so that two writers never mix
ORDER_FILE, PDF_FILE = "order", "report.pdf"  # in the spool folder


class Order(msgspec.Struct, frozen=True):
    """One report to be set: the HTML, whole in itself, and the files attached to it, each with its description."""

    html: bytes  # UTF-8
    files: dict[str, bytes]
    descriptions: dict[str, str]
    at: datetime  # what every date in the file says
    variant: Variant  # PDF/UA-1, or PDF/A-3a
    most_pages: int


class Limits(msgspec.Struct, frozen=True):
    """What one render may take. The soft limit ends it from within and says so; the hard one kills it from outside."""

    soft_seconds: float = 60.0
    hard_seconds: float = 75.0
    memory: int = 1536 * MIB  # address space
    file: int = 64 * MIB  # the longest file written; `verify` reads no longer ones
    open_files: int = 64


class Job(msgspec.Struct, frozen=True):
    """What the zygote is told of an order: where it lies, and its limits."""

    spool: str
    limits: Limits


class Begun(msgspec.Struct, frozen=True, tag=True):
    """The child is there."""


class Step(msgspec.Struct, frozen=True, tag=True):
    """What is being done, and on which page; 0 where that is not by page."""

    doing: str
    page: int = 0


class Done(msgspec.Struct, frozen=True, tag=True):
    """The file is whole. `peak_kib`: the most memory the child held, resident."""

    pages: int
    peak_kib: int


class Failed(msgspec.Struct, frozen=True, tag=True):
    """It was not made; why, in a sentence that says what to do."""

    why: str


class Ended(msgspec.Struct, frozen=True, tag=True):
    """The child ended without a word: by a signal, or with an exit code. One of both is 0."""

    signal: int
    code: int


News = Begun | Step | Done | Failed | Ended


def line_of(news: News) -> bytes:
    """The news as a line of JSON of at most LINE bytes."""
    line = msgspec.json.encode(news)
    if len(line) >= LINE and isinstance(news, Failed):
        line = msgspec.json.encode(Failed(news.why[: LINE // 8]))  # a character takes six bytes at most, escaped
    return line + b"\n"


def read_line(line: bytes) -> News:
    """The news of that line. Raises msgspec.MsgspecError for another text."""
    return msgspec.json.decode(line, type=News)


def too_long(seconds: float) -> str:
    """Why a render ended that met a limit of time, and what to do."""
    return (
        f"the report took longer than {seconds:g} s and was stopped; choose fewer vendors, "
        "or make it again when the machine has less to do"
    )
