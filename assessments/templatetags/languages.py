"""What a judgement stored, figures and dates, in the language spoken: `{% load languages %}`."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from riskboard import locales, phrasebook

register = template.Library()


@register.filter
def said(text: object) -> str:
    """A stored sentence: `{{ check.reason|said }}`."""
    return phrasebook.said(str(text)) if text else ""


@register.filter
def word(text: object, context: str) -> str:
    """A word of a closed list: `{{ answer.verdict|word:"verdict" }}`."""
    return phrasebook.word(context, str(text)) if text else ""


@register.filter
def figure(value: float | None, form: str = "") -> str:
    """A number, as Python's format writes it in English: `{{ hours|figure:",.1f" }}`; empty for None."""
    return "" if value is None else locales.figure(value, form)


@register.filter
def lasting(hours: float | None) -> str:
    """Hours as a length of time: "4 h 30 min"; empty for None."""
    return "" if hours is None else locales.duration(hours)


@register.filter
def day(at: date | datetime | None) -> str:
    """2026-08-22, 22.08.2026, 22/08/2026; empty for None."""
    return "" if at is None else locales.when(at, locales.DAY)


@register.filter
def minute(at: datetime | None) -> str:
    """2026-08-22 10:00 and its like; empty for None."""
    return "" if at is None else locales.when(at, locales.MINUTE)


@register.filter
def long_day(at: date | datetime | None) -> str:
    """22 August 2026 and its like; empty for None."""
    return "" if at is None else locales.when(at, locales.LONG)


@register.filter
def short_day(at: date | datetime | None) -> str:
    """22 Aug 2026 and its like; empty for None."""
    return "" if at is None else locales.when(at, locales.SHORT)
