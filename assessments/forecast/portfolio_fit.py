"""A vendor's fitted model as the simulation takes it, and an upstream about which little is stated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from math import exp, sqrt

import msgspec

from assessments.forecast.engine import fit
from assessments.forecast.fitting import shipped
from assessments.forecast.portfolio_records import Upstream
from assessments.forecast.shared_fate import kind_of
from assessments.scoring.rubric import number
from vendors.records import VendorFacts


def rate_and_length(facts: VendorFacts, *, as_of: datetime, components: Sequence[str] = ()) -> dict[str, float]:
    """`alpha`, `beta`, `log_mean`, `log_variance` and `drift` of a `Service`: the vendor's own at that time, of the named components.

    Part of a year's swing is common to all services of a vendor and drawn in the simulation; the fit keeps the rest. The
    mixture over what was published becomes the one gamma of the same mean and variance.
    """
    common, swing = number("portfolio", "frailty_log_sd"), shipped().year_log_sd
    own = replace(shipped(), year_log_sd=sqrt(max(0.0, swing * swing - common * common)))
    model = fit(facts, as_of=as_of, components=components, settings=own)
    raised = exp(common * common / 2)
    mean = raised * sum(weight * rate.mean for weight, rate in model.mixture)
    square = raised**2 * sum(weight * (rate.alpha + rate.alpha**2) / rate.beta**2 for weight, rate in model.mixture)
    variance = square - mean * mean
    return {
        "alpha": mean * mean / variance,
        "beta": mean / variance,
        "log_mean": model.duration.mean,
        "log_variance": model.duration.variance,
        "drift": model.drift,
    }


def unknown_vendor() -> dict[str, float]:
    """The same of a vendor of which nothing is known: the panel's prior."""
    return {
        "alpha": number("forecast", "rate_alpha"),
        "beta": number("forecast", "rate_beta"),
        "log_mean": number("portfolio", "upstream", "log_mean"),
        "log_variance": number("portfolio", "upstream", "log_variance"),
    }


def upstream(identity: str, *, name: str | None = None, kind: str | None = None, rate: float | None = None) -> Upstream:
    """That upstream; what is left out is the rubric's. Raises ValueError where its kind is neither given nor listed."""
    kind = kind or kind_of(identity)
    if kind is None:
        raise ValueError(f"{identity} needs a kind: cloud-region, cdn, identity or dns")
    fields = {
        "id": identity,
        "name": name or identity,
        "kind": kind,
        "rate": number("portfolio", "upstream", "rate") if rate is None else rate,
        "log_mean": number("portfolio", "upstream", "log_mean"),
        "log_variance": number("portfolio", "upstream", "log_variance"),
    }
    return msgspec.convert(fields, Upstream)
