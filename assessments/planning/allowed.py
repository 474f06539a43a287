"""What takes more than the right to write a plan: accepting a risk. The same for pages, files and the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from assessments.continuity.plan import Plan


def faults_of(kind: str, item: Any, *, may_approve: bool) -> dict[str, str]:
    """Why a decision cannot stand, by field: a risk is accepted by an approver and for a time, a plan has a day, a deed shows
    something. Nothing for other kinds.
    """
    if kind != "decisions":
        return {}
    if item.state == "accepted" and not may_approve:
        return {"state": _("Accepting a risk takes the role approver; ask one, or plan it instead.")}
    asked = {
        "accepted": [
            ("approver", _("Say who accepts the risk.")),
            ("accepted_until", _("Say until when; then it is open again.")),
        ],
        "planned": [("due_on", _("Say by what day it will be done."))],
        "done": [("done_on", _("Say on what day it was done."))],
    }
    return {field: told for field, told in asked.get(item.state, ()) if not getattr(item, field)}


def newly_accepted(before: Plan, after: Plan) -> list[str]:
    """The ids of risks that `after` accepts otherwise than `before` did: what a whole plan may bring only with an approver."""
    stood = {one.id: one for one in before.decisions}
    return [one.id for one in after.decisions if one.state == "accepted" and stood.get(one.id) != one]
