"""A report that another test has had made is not made again: it takes seconds, and the same order makes the same bytes.

That it does is what tests/assessments/test_report.py shows, so a test that orders the same report twice, or once more than its
module's fixtures did, gets the second one from the engine, as does every test marked `renders`.
The files lie in the folder of one run (scripts/test.sh), never longer.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from assessments.report.engine.order import Limits, Order
from assessments.report.engine.rendering import Hear, Rendered, nobody

Render = Callable[..., Rendered]


class Kept(msgspec.Struct):
    """A finished file as it is kept."""

    data: bytes
    pages: int
    peak_kib: int


class MadeOnce:
    """The engine's `render` for a run of tests, where `folder` holds what others had made."""

    def __init__(self, real: Render, folder: Path):
        self.real, self.folder = real, folder
        self.module, self.always, self.in_test = "", False, False
        self.of_test: set[str] = set()
        self.of_module: set[str] = set()  # ordered by fixtures that several tests share

    def begin(self, module: str, *, always: bool) -> None:
        """Another test: what it orders is new to it, but for what its module's fixtures ordered. `always`: by the engine."""
        if module != self.module:
            self.of_module.clear()
        self.module, self.always, self.in_test = module, always, False
        self.of_test.clear()

    def __call__(self, order: Order, *, hear: Hear = nobody, limits: Limits | None = None) -> Rendered:
        """The report from the folder, or from the engine: for the second time in this test, or under other limits."""
        if limits is not None or self.always:
            return self.real(order, hear=hear, **({} if limits is None else {"limits": limits}))
        name = hashlib.sha256(msgspec.msgpack.encode(order)).hexdigest()
        again, path = name in self.of_test | self.of_module, self.folder / name
        (self.of_test if self.in_test else self.of_module).add(name)
        if path.exists() and not again:
            kept = msgspec.msgpack.decode(path.read_bytes(), type=Kept)
            hear("laying out the pages", 1)
            hear("drawing the pages", kept.pages)
            return Rendered(kept.data, kept.pages, kept.peak_kib)
        made = self.real(order, hear=hear)
        self.keep(path, Kept(made.data, made.pages, made.peak_kib))
        return made

    def keep(self, path: Path, made: Kept) -> None:
        """Write it whole or not at all: another process may look at the same time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}")
        half.write_bytes(msgspec.msgpack.encode(made))
        half.replace(path)
