"""Weights: the default of the rubric, and named profiles laid over it. Pure.

A profile never replaces the default result; it stands beside it, with its name and version.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import msgspec

from assessments.scoring.model import PILLARS, PillarId, Profile
from assessments.scoring.rubric import rubric


class ProfileError(ValueError):
    """A profile cannot be used; the message says which part of it."""


@functools.cache
def presets() -> tuple[Profile, ...]:
    """The rubric's own profiles, in its order."""
    table: dict[str, dict[str, object]] = rubric()["profiles"]
    return tuple(
        msgspec.convert(
            {"name": name, "version": rubric()["version"], "pillars": {p: body[p] for p in PILLARS if p in body}},
            Profile,
        )
        for name, body in table.items()
    )


def named(name: str) -> Profile:
    """The rubric's profile of that name. Raises ProfileError naming those there are."""
    found = next((profile for profile in presets() if profile.name == name), None)
    if found is None:
        known = ", ".join(profile.name for profile in presets())
        raise ProfileError(f"there is no profile {name!r}; there are {known}")
    return found


def weights(profile: Profile | None, pillar_of: Mapping[str, PillarId]) -> dict[str, float]:
    """Points of 100 of each check of `pillar_of`; they add up to 100. None: the default.

    Inside a pillar, checks keep their proportions but for the profile's factors. Raises ProfileError for a check that
    does not exist, or a pillar left without any.
    """
    base = {check: float(rubric()["weights"][check]) for check in pillar_of}
    if profile is None:
        return base
    unknown = sorted(set(profile.checks) - set(base))
    if unknown:
        raise ProfileError(f"profile {profile.name!r} names no check of ours: {', '.join(unknown[:5])}")
    points = {check: value * profile.checks.get(check, 1.0) for check, value in base.items()}
    wanted = {pillar: _share(pillar, profile, base, pillar_of) for pillar in PILLARS}
    total = sum(wanted.values())
    inside = {pillar: sum(points[c] for c in points if pillar_of[c] == pillar) for pillar in PILLARS}
    empty = [pillar for pillar in PILLARS if not inside[pillar]]
    if empty:
        raise ProfileError(f"profile {profile.name!r} leaves nothing to judge in {', '.join(empty)}")
    return {c: points[c] / inside[pillar_of[c]] * wanted[pillar_of[c]] / total * 100 for c in points}


def _share(pillar: PillarId, profile: Profile, base: Mapping[str, float], pillar_of: Mapping[str, PillarId]) -> float:
    return profile.pillars.get(pillar) or sum(value for check, value in base.items() if pillar_of[check] == pillar)


def from_toml(data: bytes) -> Profile:
    """The profile in a TOML document. Raises ProfileError with the path of the first fault."""
    try:
        return msgspec.toml.decode(data, type=Profile)
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise ProfileError(f"not a profile: {fault}") from fault
