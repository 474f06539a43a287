"""The front matter of a plan's reports: who wrote, checked and approved it, for whom, and how long it holds."""

from __future__ import annotations

from assessments.continuity.plan import Plan
from assessments.report.phrases import clean
from riskboard.locales import _, when


def front_matter(plan: Plan) -> list[tuple[str, str]]:
    """(label, value) in the order an auditor looks for them; a value is empty where the plan does not state it."""
    head = plan.organisation
    return [
        (_("Author"), clean(head.prepared_by, 120)),
        (_("Reviewed by"), clean(head.reviewed_by, 120)),
        (_("Approved by"), clean(head.approved_by, 120)),
        (_("Classification"), clean(head.classification, 60)),
        (
            _("Valid until"),
            ""
            if head.next_review_on is None
            else _("{day}, the day of the next review", day=when(head.next_review_on)),
        ),
    ]
