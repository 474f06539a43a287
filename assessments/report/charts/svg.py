"""Writing SVG that page and paper draw alike: literal colours, no CSS, a title and a description in every picture."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape

from assessments.report.tokens import PRINT, Theme

FONT = "Inter, sans-serif"
HATCH = "url(#hatch)"  # nothing is known: the record does not cover it, or nobody could judge
HATCH_DARK = "url(#dense)"  # something happened, and nobody states how bad it was
_CONTROL = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160), *range(8234, 8239), *range(8294, 8298)))


def picture(
    width: float, height: float, title: str, description: str, body: str, *, theme: Theme = PRINT, key: str = ""
) -> str:
    """A whole picture. Its title is what a screen reader says, so it states the finding.

    Ids inside are made from the content and `key`: pass a key where one page holds the same picture twice.
    """
    title, description = title.translate(_CONTROL), description.translate(_CONTROL)
    identity = hashlib.sha256(f"{key}{title}{description}{body}".encode()).hexdigest()[:10]
    patterns = ""
    for name, ground, stroke in (("hatch", theme.hatch, theme.unknown), ("dense", theme.unknown, theme.hatch)):
        if f"#{name})" in body:
            body = body.replace(f"#{name})", f"#{name}-{identity})")
            patterns += (
                f'<pattern id="{name}-{identity}" width="5" height="5" patternUnits="userSpaceOnUse">'
                f'<rect width="5" height="5" fill="{ground}"/><path d="M0 5L5 0" stroke="{stroke}" stroke-width="1.1"/></pattern>'
            )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" '
        f'height="{number(height)}" role="img"><title>{escape(title)}</title><desc>{escape(description)}</desc>'
        f"{f'<defs>{patterns}</defs>' if patterns else ''}{body}</svg>"
    )


def number(value: float) -> str:
    """At most two decimals, so that equal pictures are equal bytes."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def rect(x: float, y: float, width: float, height: float, fill: str, *, stroke: str = "none", radius: float = 0) -> str:
    """A box."""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" height="{number(max(height, 0))}" '
        f'rx="{number(radius)}" fill="{fill}" stroke="{stroke}"/>'
    )


def box(x: float, y: float, width: float, height: float) -> str:
    """The path of a box, to be joined with others of its shade into one path."""
    return f"M{number(x)} {number(y)}h{number(width)}v{number(height)}h-{number(width)}z"


def disc(x: float, y: float, radius: float) -> str:
    """The path of a disc, to be joined with others of its shade into one path."""
    r = number(radius)
    return (
        f"M{number(x - radius)} {number(y)}a{r} {r} 0 1 0 {number(2 * radius)} 0a{r} {r} 0 1 0 -{number(2 * radius)} 0z"
    )


def circle(x: float, y: float, radius: float, fill: str, *, stroke: str = "none", width: float = 1) -> str:
    """A dot."""
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{number(width)}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, *, width: float = 1, dash: str = "") -> str:
    """A straight line."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" stroke="{stroke}" '
        f'stroke-width="{number(width)}"{dashes}/>'
    )


def text(
    x: float, y: float, content: str, fill: str, *, size: float = 12, anchor: str = "start", weight: int = 400
) -> str:
    """One line of text."""
    return (
        f'<text x="{number(x)}" y="{number(y)}" fill="{fill}" font-family="{FONT}" font-size="{number(size)}" '
        f'font-weight="{weight}" text-anchor="{anchor}">{escape(content.translate(_CONTROL))}</text>'
    )


def hover(x: float, y: float, width: float, height: float, said: str) -> str:
    """An unseen box that says something to a pointer resting on it. For pages alone: paper has no pointer."""
    return rect(x, y, width, height, "transparent").replace(
        "/>", f"><title>{escape(said.translate(_CONTROL))}</title></rect>"
    )


def path(d: str, *, fill: str = "none", stroke: str = "none", width: float = 1, dash: str = "") -> str:
    """A path."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{number(width)}"{dashes}/>'


def legend(x: float, y: float, items: Sequence[tuple[str, str, str]], theme: Theme, *, size: float = 9.5) -> str:
    """One line of swatches: (fill, stroke, label). Widths are guessed from the label's length."""
    body = []
    for fill, stroke, label in items:
        body.append(rect(x, y - 8, 9, 9, fill, stroke=stroke))
        body.append(text(x + 13, y, label, theme.muted, size=size))
        x += 13 + len(label) * size * 0.56 + 14
    return "".join(body)
