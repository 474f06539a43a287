"""A judgement added up again under other weights: no fact is read anew, no check judged again. Pure."""

from __future__ import annotations

import msgspec

from assessments.scoring.checks.registry import BY_ID
from assessments.scoring.model import Assessment, Context, Finding, Profile, ProfileScore, Score
from assessments.scoring.profiles import presets
from assessments.scoring.score import judge
from vendors.records import VendorFacts


def under(a: Assessment, facts: VendorFacts, profile: Profile | None) -> Score | None:
    """The total of that assessment, made from `facts`, under the profile's weights; None: the default's.

    Under a profile of the rubric the assessment's own total for it. None where the assessment holds a check today's method no
    longer has: its weights cannot be told. No letter is held back. Raises ProfileError as `profiles.weights`. Cost: 1 ms.
    """
    results = [check for pillar in a.pillars for check in pillar.checks]
    if any(result.id not in BY_ID for result in results):
        return None
    needs = msgspec.structs.replace(a.needs, previous_grade=None)
    context = Context(facts=facts, as_of=a.as_of, needs=needs, forecast=a.forecast)
    judged = [
        (BY_ID[result.id].meta, Finding(outcome=result.outcome, score=result.score, reason=result.reason))
        for result in results
    ]
    score, _ = judge(judged, context, profile)
    printed = None if profile is None or profile not in presets() else _printed(a, profile)
    if printed is None:
        return score
    return msgspec.structs.replace(score, value=printed.value, low=printed.low, high=printed.high, grade=printed.grade)


def _printed(a: Assessment, profile: Profile) -> ProfileScore | None:
    """What the assessment itself says under that profile: added up before its scores were rounded, so up to 0.01 apart from ours."""
    named = (profile.name, profile.version)
    return next((one for one in a.profiles if (one.name, one.version) == named), None)
