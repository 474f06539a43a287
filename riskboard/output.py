"""Writing a result to a file: whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from riskboard.errors import Refused

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_output(path: Path, data: bytes) -> None:
    """Write `data` to `path` atomically: a full disk or a crash leaves the old file, never half of the new one.

    Raises Refused when the folder is missing, may not be written to, or the disk is full.
    """
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as out:
            temporary = Path(out.name)
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as fault:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise Refused(f"{path} could not be written ({fault.strerror}); nothing was changed there") from fault


def safe_cell(text: str) -> str:
    """The text, made harmless where a spreadsheet would take it for a formula: with an apostrophe more. `plain_cell` undoes it."""
    return f"'{text}" if _runs(text) else text


def plain_cell(text: str) -> str:
    """The text as it was before `safe_cell`."""
    return text[1:] if text.startswith("'") and _runs(text) else text


def bare_cell(text: str) -> str:
    """The text without any mark before a formula: what both formats, and people, bring back of it alike."""
    bare = text.lstrip("' \t\n")
    return bare if _runs(bare) else text


def _runs(text: str) -> bool:
    """Whether it would run once every apostrophe before it were gone; so one more of them never changes the answer."""
    bare = text.lstrip("'")
    return bare.startswith(_DANGEROUS) or bare.lstrip().startswith(_DANGEROUS)
