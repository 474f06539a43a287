"""What is left to do, milestone by milestone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assessments.report.charts.svg import circle, line, path, picture, text
from assessments.report.tokens import Theme
from riskboard.locales import _, when

Point = tuple[datetime, int, str]  # when, how many are left, the milestone's name


def burndown(points: Sequence[Point], theme: Theme, *, width: float = 656, height: float = 130, key: str = "") -> str:
    """A step from each of (when, how many are left, name) to the next, oldest first; its end stands out."""
    left, right, top, bottom = 30.0, 40.0, 16.0, height - 22
    most = max(1, *(point[1] for point in points))
    begin, span = points[0][0], max((points[-1][0] - points[0][0]).total_seconds(), 1.0)

    def place(at: datetime, count: int) -> tuple[float, float]:
        across = left + (width - left - right) * (at - begin).total_seconds() / span
        return across, bottom - (bottom - top) * count / most

    body = []
    for count in (0, most):
        y = bottom - (bottom - top) * count / most
        body += [line(left, y, width - right, y, theme.line, width=0.8)]
        body += [text(left - 6, y + 3.5, str(count), theme.muted, size=9.5, anchor="end")]
    spots = [place(at, count) for at, count, _name in points]
    shape = f"M{spots[0][0]:.1f} {spots[0][1]:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in spots[1:])
    body.append(path(shape, stroke=theme.accent, width=2))
    body += [circle(x, y, 3.6, theme.accent, stroke=theme.ground) for x, y in spots]
    body.append(text(spots[-1][0] + 8, spots[-1][1] + 4, str(points[-1][1]), theme.ink, size=12, weight=700))
    for place_of, (at, _count, _name) in ((0, points[0]), (-1, points[-1])):
        anchor = "start" if place_of == 0 else "end"
        body.append(text(spots[place_of][0], height - 6, when(at), theme.muted, size=9.5, anchor=anchor))
    title = _(
        "Left to do: {before} on {then}, {left} on {now}",
        before=points[0][1], then=when(points[0][0]), left=points[-1][1], now=when(points[-1][0]),
    )  # fmt: skip
    told = "; ".join(f"{name} {when(at)}: {count}" for at, count, name in points)
    return picture(width, height, title, told, "".join(body), theme=theme, key=key)
