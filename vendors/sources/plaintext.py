"""Outside HTML to plain text, in one place.

Tags go, line breaks and list items stay lines, entities are decoded, control and direction-changing characters vanish.
Words in angle brackets that are no HTML (`<your token>`) are words of the vendor, and stay.
"""

from __future__ import annotations

import html
import re
from typing import Final

import re2

MAX_CHARACTERS: Final = 100_000  # docs/limits.md: vendors.records.LongText; the longest post seen has 9,000
_LINE_ENDS = re2.compile(r"(?i)<br[^<>]{0,200}>|</(?:p|li|div|ul|ol|h[1-6]|tr|pre|blockquote)\s*>")
_TAG = re2.compile(
    r"(?i)</?(?:a|abbr|article|b|blockquote|body|br|button|center|cite|code|dd|del|details|div|dl|dt|em|embed|figure|font|"
    r"footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|math|meta|nav|noscript|"
    r"object|ol|p|pre|q|s|samp|script|section|small|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template|"
    r"textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video)(?:[\s/][^<>]*)?>|<!--|<!\[CDATA\[|<!DOCTYPE|<\?"
)
_OPENING = re2.compile("<")
# `re` for what every text passes: single characters and fixed pairs only, hence linear, and ten times re2's wrapper.
_unwanted = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
).sub
_is_messy = re.compile(
    "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\xa0\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|  | \\n|\\n |\\n\\n"
).search


def plain(text: str | None) -> str:
    """`text` without markup, trimmed, blank lines dropped; "" for None.

    At most MAX_CHARACTERS are kept, with an ellipsis where more came. Cost: linear; text without `<`, `&` and odd
    white space is only looked over once, and the HTML cleaner is loaded for text with a tag alone.
    """
    if not text:
        return ""
    if len(text) > MAX_CHARACTERS:
        text = text[: MAX_CHARACTERS - 1] + "…"
    if "<" in text and _TAG.search(text):
        text = _without_tags(text)
    elif "&" in text:
        text = html.unescape(text)
    if _is_messy(text):
        lines = (" ".join(line.split()) for line in _unwanted("", text).split("\n"))
        return "\n".join(line for line in lines if line)[:MAX_CHARACTERS]
    return text.strip()[:MAX_CHARACTERS]


def short(text: str | None, limit: int = 500) -> str:
    """`plain(text)` on one line of at most `limit` characters, cut with an ellipsis."""
    line = plain(text).replace("\n", " ")
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _without_tags(text: str) -> str:
    import nh3  # 10 ms: only where a tag is

    known = [match.start() for match in _TAG.finditer(text)]
    text = _escape_other_brackets(text, known)
    return html.unescape(nh3.clean(_LINE_ENDS.sub("\n", text), tags=set()))


def _escape_other_brackets(text: str, tags: list[int]) -> str:
    """`text` with every `<` that opens no HTML tag escaped, so that the cleaner keeps the words after it."""
    opens = {match.start() for match in _OPENING.finditer(text)} - set(tags)
    if not opens:
        return text
    return "".join("&lt;" if n in opens else character for n, character in enumerate(text))
