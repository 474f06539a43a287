"""Findings from the backup questionnaire. An answer without evidence earns half; refusing to answer earns nothing."""

from __future__ import annotations

from datetime import timedelta

from assessments.scoring import findings
from assessments.scoring.model import Context, Evidence, Finding
from assessments.scoring.rubric import number
from vendors.records import BackupAnswer


def answer_of(context: Context, item: str) -> BackupAnswer | None:
    """The customer's own answer for that item, else the one in the facts; None if nobody asked."""
    for answers in (context.needs.backup, context.facts.backup):
        for answer in answers:
            if answer.item == item:
                return answer
    return None


def _evidence(answer: BackupAnswer) -> Evidence:
    """The answer with its link; a file is told by its name, for there is no address that leads to it."""
    claim = f"{answer.item}: {answer.answer}"
    if answer.evidence is not None and not answer.evidence.startswith(("https://", "http://")):
        return Evidence(claim=f"{claim}; file {answer.evidence}", url=None, observed_at=answer.answered_at)
    return Evidence(claim=claim, url=answer.evidence, observed_at=answer.answered_at)


def from_answer(context: Context, item: str, what: str) -> Finding:
    """The finding for one questionnaire item; `what` says in words what a yes means."""
    answer = answer_of(context, item)
    if answer is None or answer.answer == "unknown":
        return findings.unknown(f"we did not ask whether {what}")
    evidence = (_evidence(answer),)
    if answer.answer == "withheld":
        return findings.withheld(f"the vendor would not say whether {what}", evidence)
    age = None if answer.answered_at is None else context.as_of - answer.answered_at
    if age is not None and age > timedelta(days=number("checks", "backup", "expires_days")):
        return Finding(
            outcome="stale", score=None, reason=f"the answer is {age.days} days old: ask again", evidence=evidence
        )
    if answer.answer == "no":
        return findings.scored(0.0, f"no: not so that {what}", evidence)
    share = 1.0 if answer.answer == "yes" else number("checks", "backup", "partial")
    told = what if answer.answer == "yes" else f"partly: {what}"
    if answer.evidence is None:
        share *= number("checks", "backup", "self_declared")
        return findings.scored(share, f"{told}; self-declared without evidence, so it counts half", evidence)
    return findings.scored(share, told, evidence)
