"""What the bundled font can show. Text beyond it is boxed on paper, so that every machine sets the same page.

Another font of the machine would do for some readers, but the same input would give other bytes there, and a character no
font holds stops the render. The attached facts keep every character.
"""

from __future__ import annotations

import functools
import unicodedata

from riskboard.fonts import font_dir

FILE = "Inter[opsz,wght].ttf"
BOX = "□"


def showable(text: str) -> str:
    """The text with a box for each character the font lacks; marks and joiners it lacks are left out."""
    missing = {ord(c) for c in set(text)} - _held()
    if not missing:
        return text
    return text.translate(
        {code: "" if unicodedata.category(chr(code)) in ("Mn", "Me", "Cf") else BOX for code in missing}
    )


def is_showable(text: str) -> bool:
    """Whether the font holds every character of the text."""
    return all(ord(c) in _held() for c in text)


@functools.cache
def _held() -> frozenset[int]:
    """Code points the font has glyphs for, and white space. Reads one table of the font, once a process."""
    from fontTools.ttLib import TTFont

    with TTFont(font_dir() / FILE, lazy=True) as font:
        return frozenset(font.getBestCmap()) | {9, 10, 13, 32}
