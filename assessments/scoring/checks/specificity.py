"""specificity: do the updates of an incident, taken together, tell customers what they need?"""

from __future__ import annotations

from datetime import timedelta

from assessments.scoring import curves, findings
from assessments.scoring.communication import elements_of, human_updates
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds
from assessments.scoring.words.points import points_of
from vendors.records import ELEMENTS, Incident

META = CheckMeta(
    id="specificity",
    pillar="timeliness",
    question="Do updates say what is hit, where, for whom, why, and what to do?",
    why="A general update cannot answer the one question a customer has: are we hit?",
    how="Points (0-100) of the elements stated: seven tenths for all human updates of an incident together, three for the best one of its first hour; mean over incidents, younger ones counting more.",
    remedy="Pre-write your internal notice, so that only the facts must be filled in.",
    effort="S",
    thresholds=thresholds("specificity"),
    references=("CSA CCM BCR-07",),
)


def evaluate(context: Context) -> Finding:
    """Linear to 70 points. Unknown below five incidents with readable updates; more updates never lower it."""
    if hidden := findings.no_word(context):
        return hidden
    points = [(i, value) for i in findings.told(context) if (value := incident_points(i)) is not None]
    least = number("checks", "specificity", "least")
    if len(points) < least:
        return findings.too_few(len(points), least, "incidents with readable updates")
    mean = findings.mean(context, points)
    score = curves.linear(mean, good=number("checks", META.id, "good"), bad=number("checks", META.id, "bad"))
    return findings.scored(
        findings.cautious(score, META.id, len(points)),
        f"updates of an incident earn {mean:.0f} of 100 points on average; {_missing(points)}",
        (
            Evidence(
                claim="mean points of the elements an incident's updates state", value=round(mean, 2), unit="points"
            ),
            *findings.incident_evidence([(i, 100 - v) for i, v in points], "points its updates leave out", "points"),
        ),
    )


def incident_points(incident: Incident) -> float | None:
    """Points 0-100 of what the incident's human updates state; 0 without any, None where none could be read.

    Seven tenths for all of them together, three for the best one of the first hour: both only grow with more posts.
    """
    posts = human_updates(incident)
    if not posts:
        return 0.0
    stated = [elements for update in posts if (elements := elements_of(update)) is not None]
    if not stated:
        return None
    first = min([incident.first_posted_at or incident.started_at, *(update.posted_at for update in incident.updates)])
    hour = first + timedelta(minutes=number("checks", META.id, "early_minutes"))
    early = [elements_of(update) or frozenset() for update in posts if update.posted_at <= hour]
    share = number("checks", META.id, "early_share")
    return (1 - share) * points_of(frozenset().union(*stated)) + share * max(map(points_of, early), default=0.0)


def _missing(points: list[tuple[Incident, float]]) -> str:
    """Which element is stated least often, in words."""
    counts = dict.fromkeys(ELEMENTS, 0)
    for incident, _ in points:
        union = frozenset().union(*(elements_of(u) or frozenset() for u in human_updates(incident)))
        for name in ELEMENTS:
            counts[name] += name in union
    rare = sorted((name for name in ELEMENTS if name != "scope_vague"), key=lambda name: (counts[name], name))[0]
    return f"stated least: {rare.replace('_', ' ')} ({counts[rare]} of {len(points)} incidents)"
