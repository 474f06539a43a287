"""Simple rivals of the model: what a person with a pocket calculator would say. Method, section 3."""

from __future__ import annotations

from math import exp, inf

from assessments.forecast.history import Event, History


def laplace(history: History, over_hours: float, horizon_years: float = 1.0) -> float:
    """1 - exp(-(n + 1/2) / (E + 1/2)) over the horizon, 0-1: n outages seen longer than that, in E years.

    An outage counts by its share; one whose length is only bounded, if it has lasted that long for certain.
    """
    return 1 - exp(-horizon_years * (longer(history, over_hours) + 0.5) / (history.years + 0.5))


def maximum_likelihood(history: History, over_hours: float, horizon_years: float = 1.0) -> float:
    """The Poisson chance at the rate seen, 0-1; 0 where nothing was seen."""
    return 1 - exp(-horizon_years * longer(history, over_hours) / history.years) if history.years > 0 else 0.0


def last_year_repeats(history: History, over_hours: float) -> float:
    """0.9 if the last twelve months saw such an outage, else 0.1."""
    return 0.9 if any(event.age <= 1 and _is_longer(event, over_hours) for event in history.events) else 0.1


def longer(history: History, over_hours: float) -> float:
    """How many outages lasted longer than that, each by its share."""
    return sum(event.share for event in history.events if _is_longer(event, over_hours))


def _is_longer(event: Event, over_hours: float) -> bool:
    return (event.least if event.most == inf else event.most) > over_hours
