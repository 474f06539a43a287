"""What updates tell, as ten bars: how often each of the things customers ask is said."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.report.charts.svg import picture, rect, text
from assessments.report.tokens import Theme
from riskboard.locales import _, figure


def bars(
    shares: Sequence[tuple[str, float]], theme: Theme, *, width: float = 400, row: float = 17, key: str = ""
) -> str:
    """A bar for each of (what is told, share of updates 0-1), in the order given."""
    left, right = 146.0, 40.0
    body = []
    for place, (name, share) in enumerate(shares):
        y = place * row
        body.append(text(left - 8, y + row * 0.68, name, theme.ink, size=10, anchor="end"))
        body.append(rect(left, y + row * 0.24, width - left - right, row * 0.52, theme.hatch))
        body.append(rect(left, y + row * 0.24, (width - left - right) * share, row * 0.52, theme.accent))
        body.append(text(width - right + 6, y + row * 0.68, figure(share, ".0%"), theme.ink, size=10))
    most = max(shares, key=lambda one: one[1])
    title = _(
        "{share} of updates tell {what}: the most told of {number} things customers ask",
        share=figure(most[1], ".0%"), what=most[0], number=len(shares),
    )  # fmt: skip
    return picture(width, row * len(shares) + 2, title, "; ".join(f"{name} {share:.0%}" for name, share in shares),
                   "".join(body), theme=theme, key=key)  # fmt: skip
