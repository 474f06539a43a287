"""Writing SVG that page and paper draw alike: literal colours, no CSS, a title and a description in every picture."""

from __future__ import annotations

import hashlib
from html import escape

FONT = "Inter, sans-serif"


def picture(width: float, height: float, title: str, description: str, body: str) -> str:
    """A whole picture. Its title is what a screen reader says, so it states the finding."""
    identity = hashlib.sha256(f"{title}{description}{body}".encode()).hexdigest()[:10]
    body = body.replace("#hatch)", f"#hatch-{identity})")
    pattern = ""
    if f"#hatch-{identity})" in body:
        pattern = (
            f'<defs><pattern id="hatch-{identity}" width="5" height="5" patternUnits="userSpaceOnUse">'
            '<rect width="5" height="5" fill="#e4e4e2"/><path d="M0 5L5 0" stroke="#8a8f98" stroke-width="1.2"/></pattern></defs>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}" '
        f'height="{number(height)}" role="img"><title>{escape(title)}</title><desc>{escape(description)}</desc>'
        f"{pattern}{body}</svg>"
    )


HATCH = "url(#hatch)"


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
        f'font-weight="{weight}" text-anchor="{anchor}">{escape(content)}</text>'
    )


def path(d: str, *, fill: str = "none", stroke: str = "none", width: float = 1, dash: str = "") -> str:
    """A path."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{number(width)}"{dashes}/>'
