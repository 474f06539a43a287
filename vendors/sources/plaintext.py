"""Outside HTML to plain text: one place. Tags go, line breaks stay, entities are decoded, control characters vanish."""

from __future__ import annotations

import html

import re2

_BREAKS = re2.compile(r"(?i)<br\s*/?>|</(?:p|li|div|ul|ol|h[1-6]|tr)>")
_CONTROL = re2.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = re2.compile("[ \t\r\f\v\u00a0]+")
MAX_CHARACTERS = 100_000


def plain(text: str | None) -> str:
    """`text` without markup, trimmed; "" for None. Cost: linear; nh3 is loaded only where there is a tag."""
    if not text:
        return ""
    text = text[:MAX_CHARACTERS]
    if "<" in text:
        import nh3

        text = nh3.clean(_BREAKS.sub("\n", text), tags=set())
    text = html.unescape(text) if "&" in text else text
    lines = (_BLANKS.sub(" ", line).strip() for line in _CONTROL.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line)
