"""What kind of document some bytes are, by their first characters, and reading typed JSON out of them.

Nothing here knows a product. Whatever cannot be read raises SourceChanged with one sentence that names the document.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

import msgspec

from vendors.sources.base import Quarantined, SourceChanged

ROWS_CAP: Final = 20_000  # docs/limits.md: rows of one answer; the longest known history has 4,000
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_T = TypeVar("_T")


def kind_of(body: bytes) -> str:
    """The kind of a document by its shape: "home" (a web page), "atom" (a feed), "lines" or "document" (JSON)."""
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n`")
    if head.startswith(b"<"):
        lower = head.lower()
        return "atom" if b"<feed" in lower or b"<rss" in lower else "home"
    first, _, rest = body.lstrip().partition(b"\n")
    return "lines" if first.rstrip().endswith(b"}") and rest.lstrip()[:1] == b"{" else "document"


def as_utf8(body: bytes) -> bytes:
    """The bytes in UTF-8 without a byte order mark; UTF-16 is told by its mark. Raises UnicodeDecodeError."""
    if body[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return body.decode("utf-16").encode()
    return body.removeprefix(b"\xef\xbb\xbf")


def refuse_what_is_no_json(body: bytes, what: str) -> None:
    """Raise SourceChanged for what plainly is no JSON: nothing, or a web page."""
    head = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n`")
    if not head:
        raise SourceChanged(f"{what} is empty")
    if head.startswith(b"<"):
        raise SourceChanged(
            f"{what} is a web page where JSON was expected: the page may have moved or asks for a login"
        )


def typed(body: bytes, shape: type[_T], what: str) -> _T:
    """The JSON document as `shape`. Raises SourceChanged for a web page, cut-off JSON or another shape, naming the field."""
    refuse_what_is_no_json(body, what)
    try:
        return msgspec.json.decode(as_utf8(body), type=shape)
    except msgspec.ValidationError as fault:
        raise SourceChanged(f"{what} is JSON of another shape than expected: {str(fault)[:300]}") from fault
    except UNREADABLE as fault:
        raise SourceChanged(f"{what} is cut off or no JSON at all: {str(fault)[:200]}") from fault


def peek(body: bytes, shape: type[_T]) -> _T | None:
    """The JSON document as `shape`, or None: for recognising, where no is an answer."""
    head = body[:64].lstrip(b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n")
    if not head or head[:1] not in b"{[":
        return None
    try:
        return msgspec.json.decode(as_utf8(body), type=shape)
    except UNREADABLE:
        return None


def rows_of(raws: list[Any], shape: type[_T], where: str, faults: list[Quarantined]) -> list[_T]:
    """Each row (msgspec.Raw, bytes or already decoded) as `shape`; one that cannot be is kept out with its reason.

    At most ROWS_CAP rows are read; more are told as one fault.
    """
    if len(raws) > ROWS_CAP:
        faults.append(Quarantined(where=where, reason=f"{len(raws)} rows; only the first {ROWS_CAP} are read"))
    rows: list[_T] = []
    decoder = msgspec.json.Decoder(shape)
    for n, raw in enumerate(raws[:ROWS_CAP]):
        try:
            plain = not isinstance(raw, (bytes, msgspec.Raw))
            rows.append(msgspec.convert(raw, shape) if plain else decoder.decode(raw))
        except UNREADABLE as fault:
            faults.append(Quarantined(where=f"{where}[{n}]", reason=str(fault)[:300]))
    return rows
