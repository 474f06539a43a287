"""backup-separation: Are backups kept apart: other region, other account, unchangeable?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="backup-separation",
    pillar="backup",
    question="Are backups kept apart: other region, other account, unchangeable?",
    why="In 2021 three copies burned in one building; in 2024 one mistake deleted two regions.",
    how="Questionnaire item B7: geo-separate, another account or trust domain, and immutable. Half without a link or file as evidence.",
    remedy="Copy to another provider and account, immutable for 30 days.",
    effort="M",
    thresholds=thresholds("backup"),
    references=("CSA CCM BCR-11", "DORA Art. 12(3)", "ISO/IEC 27001:2022 A.8.14"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B7: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B7", "backups are geographically separate, in another trust domain and immutable")
