"""What msgspec knows of our records is built before there are threads.

It builds that when a record is first read, without a lock: where two threads read the first one at the same time, the process ends
with a segmentation fault (seen with 0.22, under gunicorn's threads right after a start). So a process that will have threads builds
all of it first.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("riskboard", "vendors", "assessments")
# Run by hand, in one thread; and the process that reports are made in.
ELSEWHERE = re.compile(r"\.(commands|build|backtest|engine)\.|\.recheck$")
_DEFINES = re.compile(r"^class \w+\(.*\bStruct\b", re.MULTILINE)


def modules() -> Iterator[str]:
    """Names of our modules that define records and are used by web or workers, found by their source."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if not ELSEWHERE.search(name) and _DEFINES.search(path.read_text(encoding="utf-8")):
                yield name


def build_all() -> int:
    """Import those modules and build what msgspec knows of every record there is by now; how many. A fifth of a second or two."""
    for name in modules():
        importlib.import_module(name)
    found = list(_below(msgspec.Struct))
    for record in found:
        msgspec.json.Decoder(record)
    return len(found)


def _below(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
