"""Words that come as something else than text or HTML: ProseMirror documents, Markdown, objects of translations.

Each becomes plain text by `plaintext.plain` in the end, so that whatever hides in them is cleaned once, the same way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import re2

from vendors.sources.plaintext import plain

_DEPTH: Final = 60  # nested blocks of one post; the deepest seen has 6
_NODES: Final = 20_000
_BLOCKS = frozenset(
    {"paragraph", "heading", "listItem", "list_item", "blockquote", "codeBlock", "code_block", "tableRow"}
)
_BREAKS = frozenset({"hardBreak", "hard_break", "horizontalRule", "horizontal_rule"})
_LINK = re2.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))+(?:\s+\"[^\"]*\")?\)")
_HEADING = re2.compile(r"(?m)^\s{0,3}#{1,6}\s+|^\s{0,3}>\s?|^\s{0,3}(?:[-*_]\s?){3,}$")
_BULLET = re2.compile(r"(?m)^(\s*)[*+-]\s+")
_STRONG = re2.compile(r"(\*\*|__)([^*_\n]+?)(\*\*|__)")
_EMPHASIS = re2.compile(r"(^|[\s(\"'])([*_])([^*_\n]+?)([*_])($|[\s).,;:!?\"'])")
_a_mark = re.compile(r"[*_`#>]|^\s*[-+]\s|^\s*---", re.MULTILINE).search  # single characters: linear
_CODE = re2.compile(r"`{1,3}([^`]+)`{1,3}")


def prosemirror(document: object) -> str:
    """The plain text of a ProseMirror (TipTap) document, a paragraph a line; "" for anything else.

    At most 20,000 nodes and 60 levels are read.
    """
    pieces: list[str] = []
    budget = [_NODES]
    _walk(document, pieces, _DEPTH, budget)
    return plain_without_markup("".join(pieces))


def _walk(node: object, pieces: list[str], depth: int, budget: list[int]) -> None:
    if depth < 0 or budget[0] <= 0 or not isinstance(node, Mapping):
        return
    budget[0] -= 1
    kind = node.get("type")
    text = node.get("text")
    if isinstance(text, str):
        pieces.append(text)
    if kind in _BREAKS:
        pieces.append("\n")
    attributes = node.get("attrs")
    if kind in ("mention", "emoji") and isinstance(attributes, Mapping):
        label = attributes.get("label") or attributes.get("name")
        pieces.append(label if isinstance(label, str) else "")
    content = node.get("content")
    if isinstance(content, list):
        for child in content:
            _walk(child, pieces, depth - 1, budget)
    if kind in _BLOCKS:
        pieces.append("\n")


def plain_without_markup(text: str) -> str:
    """Text that never was HTML, cleaned like all other: a `<` in it stays one."""
    return plain(text.replace("&", "&amp;").replace("<", "&lt;"))


def markdown(text: str | None) -> str:
    """The plain text of Markdown (and of HTML in it): marks go, link texts and code stay. Cost: linear."""
    if not text:
        return ""
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if _a_mark(text) is None:  # most texts have none, and looking is quicker than six substitutions
        return plain(text)
    text = _HEADING.sub("", text)
    text = _BULLET.sub(r"\1", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\1\3\5", text)
    return plain(_CODE.sub(r"\1", text))


def translated(value: object, *, wanted: str = "en") -> str:
    """One text of an object of translations (`{"default": "…", "en": "…"}`), or the text itself; "" for anything else.

    The wanted language first, then the default, then the first there is.
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        return ""
    texts = {str(key): text for key, text in value.items() if isinstance(text, str) and text.strip()}
    if not texts:
        return ""
    return texts.get(wanted) or texts.get("default") or next(iter(texts.values()))


def text_of(value: Any) -> str:
    """Plain text of whatever a page serves as words: text, HTML, a ProseMirror document, or translations of them."""
    if isinstance(value, Mapping) and ("content" in value or value.get("type") == "doc"):
        return prosemirror(value)
    return plain(translated(value))
