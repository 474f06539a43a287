"""`riskboard words`: measure status-update texts from standard input, one JSON document a line."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import msgspec

from assessments.scoring.words import measure
from riskboard.errors import Refused
from vendors.records import UtcTime

HELP = "say which elements status updates state: JSON lines in, JSON lines out"
NEEDS_DJANGO = False


class Line(msgspec.Struct, forbid_unknown_fields=False):
    """One line of input: the text, the page's component names, the vendor, and the post time if promises are to be timed."""

    text: str
    components: tuple[str, ...] = ()
    vendor: str = ""
    posted_at: UtcTime | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: the contract is standard input and standard output."""


def run(args: argparse.Namespace) -> int:
    """Write a line for each line read, in order. Raises Refused naming the first line that cannot be read."""
    encoder, decoder = msgspec.json.Encoder(), msgspec.json.Decoder(Line)
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        if not raw.strip():
            continue
        try:
            line = decoder.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
            raise Refused(
                f'line {number} is not a JSON object like {{"text": "...", "components": []}}: {fault}'
            ) from fault
        sys.stdout.buffer.write(encoder.encode(_answer(line)) + b"\n")
    sys.stdout.buffer.flush()
    return 0


def _answer(line: Line) -> dict[str, Any]:
    measured = measure(line.text, line.components, posted_at=line.posted_at, vendor=line.vendor)
    return {
        "elements": {name: [list(span) for span in spans] for name, spans in measured.elements.items()},
        "points": measured.points,
        "canned": measured.canned,
        "language": measured.language,
        "promised_at": measured.promised_at,
    }
