"""A judgement added up again under other weights: no fact is read anew, no check judged again. Pure."""

from __future__ import annotations

import msgspec

from assessments.scoring.checks.registry import BY_ID
from assessments.scoring.model import Assessment, Context, Finding, Profile, Score
from assessments.scoring.score import judge
from vendors.records import VendorFacts


def under(a: Assessment, facts: VendorFacts, profile: Profile | None) -> Score | None:
    """The total of that assessment, made from `facts`, under the profile's weights; None: the default's.

    None where the assessment holds a check today's method no longer has: its weights cannot be told. No letter is held back. Raises
    ProfileError as `profiles.weights`. Cost: 1 ms.
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
    return judge(judged, context, profile)[0]
