"""Web pages as documents: parsed without a network, and the JSON that pages carry inside.

Next.js pages carry their data either in one `<script id="__NEXT_DATA__">` or, since 2023, as React's wire format: pieces of
text in `self.__next_f.push([1, "…"])`, which joined give lines `id:JSON`. Both are read as data; nothing is ever run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import re2

from vendors.sources.base import SourceChanged
from vendors.sources.plaintext import short
from vendors.sources.shapes import UNREADABLE

_PUSH = re2.compile(rb'self\.__next_f\.push\(\[1,\s*("(?:[^"\\]|\\.)*")\s*\]\)')
_ROW = re2.compile(r"^([0-9a-f]{1,8}):")
MOST_PIECES: Final = 5_000


def page_root(body: bytes, what: str) -> Any:
    """The page as an lxml tree, comments left out. Raises SourceChanged for what is no web page.

    A stray fence before the page (saved by some collectors) and a byte order mark are skipped.
    """
    from lxml import etree, html  # 30 ms: only where a web page is read

    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(body.lstrip(b"\xef\xbb\xbf \t\r\n`"), parser)
    except (etree.LxmlError, ValueError) as fault:
        raise SourceChanged(f"{what} is no readable web page: {short(str(fault), 200)}") from fault
    if root is None:
        raise SourceChanged(f"{what} is an empty web page")
    return root


def title_of(root: Any) -> str:
    """The page's title on one line; "" where it has none."""
    node = root.find(".//title")
    return "" if node is None else text_in(node)


def text_in(node: Any) -> str:
    """All text below the node, on one line; "" for None."""
    return "" if node is None else " ".join("".join(node.itertext()).split())


def classes_of(node: Any) -> list[str]:
    """The words of its class attribute."""
    return (node.get("class") or "").split()


def with_class(root: Any, name: str) -> Iterator[Any]:
    """Descendants of that class, in document order; the class attribute is compared word by word."""
    return (node for node in root.iterdescendants() if isinstance(node.tag, str) and name in classes_of(node))


def script_json(root: Any, identity: str) -> Any | None:
    """The decoded JSON of `<script id="identity">`; None if there is no such script, or it holds something else."""
    for node in root.iter("script"):
        if node.get("id") == identity:
            try:
                return msgspec.json.decode((node.text or "").encode())
            except UNREADABLE:
                return None
    return None


def flight(body: bytes) -> str:
    """React's wire text: every pushed piece of the page, joined in order; "" if the page has none. Cost: one pass."""
    pieces: list[str] = []
    for match in _PUSH.finditer(body):
        if len(pieces) >= MOST_PIECES:
            break
        try:
            pieces.append(msgspec.json.decode(match.group(1), type=str))
        except UNREADABLE:
            continue  # a broken piece breaks its own row, which then is not found; the others stand
    return "".join(pieces)


def objects_with(text: str, key: str) -> Iterator[Any]:
    """Every JSON value in the text that directly follows `"key":`, decoded; what cannot be decoded is passed over.

    For data laid inside other data, as React's wire text lays it. Cost: linear in the text, plus the values themselves.
    """
    mark = f'"{key}":'
    decoder = _Decoder()
    at = text.find(mark)
    while at >= 0:
        begin = at + len(mark)
        value, end = decoder.value(text, begin)
        if end > begin:
            yield value
        at = text.find(mark, max(begin, end))


class _Decoder:
    """The standard decoder, which can stop where the value ends; msgspec wants the whole text."""

    def __init__(self) -> None:
        import json

        self._decode = json.JSONDecoder(strict=False).raw_decode

    def value(self, text: str, begin: int) -> tuple[Any, int]:
        """(value, where it ends); (None, begin) if none stands there."""
        first = begin
        while text[first : first + 1] in (" ", "\n"):
            first += 1
        try:
            return self._decode(text, first)
        except (ValueError, RecursionError):
            return None, begin
