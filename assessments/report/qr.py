"""A code to hold a telephone to: an address as an inline picture."""

from __future__ import annotations

import segno

from assessments.report.charts.svg import number, picture
from assessments.report.tokens import PRINT, Theme
from riskboard.locales import _

LONGEST = 300  # characters of an address; longer ones make a code too fine to read off paper
_QUIET = 4  # modules of margin, as the standard asks


def code(address: str, title: str, theme: Theme = PRINT, *, size: float = 92) -> str:
    """The QR code of that address as SVG with `title`; empty for an address that is empty or too long to print well."""
    if not address or len(address) > LONGEST:
        return ""
    rows = [bytes(row) for row in segno.make_qr(address, error="m").matrix]
    step = size / (len(rows) + 2 * _QUIET)
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                left, top = number((x + _QUIET) * step), number((y + _QUIET) * step)
                runs.append(f"M{left} {top}h{number(length * step)}v{number(step)}h-{number(length * step)}z")
            x += length + 1
    body = f'<rect width="{number(size)}" height="{number(size)}" fill="#ffffff"/><path d="{"".join(runs)}" fill="#000000"/>'
    return picture(size, size, title, _("A QR code of {address}", address=address), body, theme=theme)
