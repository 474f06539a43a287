"""Figures and letters as the board's tables show them."""

from __future__ import annotations

from django import template

from assessments.report.tokens import UNKNOWN_WORD

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """A share as a whole percentage; the word for not knowing it."""
    return UNKNOWN_WORD if share is None else f"{share:.0%}".replace("%", "\u202f%")


@register.filter
def grade_look(grade: str | None) -> str:
    """The class of a grade's badge: its letter, "range" for several, "unknown" for none."""
    if not grade:
        return "unknown"
    return f"g-{grade.lower()}" if len(grade) == 1 else "range"
