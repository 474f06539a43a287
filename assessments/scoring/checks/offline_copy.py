"""offline-copy: Is there a copy people can read while the service is down?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="offline-copy",
    pillar="backup",
    question="Is there a copy people can read while the service is down?",
    why="Reading is most of the work on a bad day: an address book, a ticket, a contract.",
    how="Questionnaire item B10: an offline client or a static export that users can read. Half without a link or file as evidence.",
    remedy="Print or export what people need on day one: contacts, open cases, runbooks.",
    effort="S",
    thresholds=thresholds("backup"),
    references=("NIST SP 800-34 3.4",),
)


def evaluate(context: Context) -> Finding:
    """The answer to B10: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B10", "users can read an offline copy")
