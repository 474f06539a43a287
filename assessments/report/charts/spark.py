"""The sparkline: readiness over time, in a line of text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assessments.report.charts.svg import circle, line, path, picture
from assessments.report.tokens import Theme
from riskboard.locales import FULL, _, figure, when

Point = tuple[datetime, float | None, str]  # when, readiness or None, method version


def sparkline(points: Sequence[Point], theme: Theme, *, width: float = 120, height: float = 24, key: str = "") -> str:
    """A line over (time, readiness, method); it breaks where the score is not known or the method changed."""
    points = sorted(points, key=lambda point: point[0])
    known = [(at, value) for at, value, _ in points if value is not None]
    if not known:
        body = line(0, height / 2, width, height / 2, theme.unknown, dash="3 3")
        return picture(width, height, _("Readiness not known so far"), _("No score yet."), body, theme=theme, key=key)
    begin, span = points[0][0], max((points[-1][0] - points[0][0]).total_seconds(), 1.0)

    def place(at: datetime, value: float) -> str:
        return (
            f"{3 + (width - 6) * (at - begin).total_seconds() / span:.1f} {height - 3 - (height - 6) * value / 100:.1f}"
        )

    runs = [part for part in _parts(points) if len(part) > 1]
    shapes = ["M" + "L".join(place(at, value) for at, value in run) for run in runs]
    body = "".join(path(shape, stroke=theme.accent, width=1.6) for shape in shapes)
    x, y = (float(part) for part in place(*known[-1]).split())
    (begun, first), (latest, last) = known[0], known[-1]
    title = _(
        "Readiness {first} on {begun}, {last} on {latest}",
        first=figure(first, ".0f"), begun=when(begun, FULL), last=figure(last, ".0f"), latest=when(latest, FULL),
    )  # fmt: skip
    description = _("A gap: not known, or the method changed.")
    return picture(width, height, title, description, body + circle(x, y, 2.4, theme.accent), theme=theme, key=key)


def _parts(points: Sequence[Point]) -> list[list[tuple[datetime, float]]]:
    """Runs of known scores under one method."""
    parts: list[list[tuple[datetime, float]]] = [[]]
    method = None
    for at, value, version in points:
        if value is None or (method is not None and version != method):
            parts.append([])
        if value is not None:
            parts[-1].append((at, value))
        method = version
    return parts
