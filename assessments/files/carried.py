"""What a preview carries to its acceptance in a hidden field: packed, bounded, and read as suspiciously as a file. Pure."""

from __future__ import annotations

import base64
import zlib

from riskboard.errors import Refused

MOST_PACKED = 900_000  # characters, under the limit on what a form may send
MOST_UNPACKED = 8 * 2**20


def packed(data: bytes, *, what: str) -> str:
    """The bytes small enough for a hidden field. Raises Refused where they are not."""
    text = base64.b64encode(zlib.compress(data)).decode()
    if len(text) > MOST_PACKED:
        raise Refused(f"the {what} is too large to be looked at here; split it")
    return text


def unpacked(text: str) -> bytes:
    """The bytes of a hidden field. Raises Refused for what `packed` did not make."""
    try:
        reader = zlib.decompressobj()
        data = reader.decompress(base64.b64decode(text, validate=True), MOST_UNPACKED + 1)
    except (ValueError, zlib.error) as fault:
        raise Refused("the form is not complete; choose the file again") from fault
    if len(data) > MOST_UNPACKED or not data:
        raise Refused("the form is not complete; choose the file again")
    return data
