"""What every page knows of who asks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from riskboard.accounts.access import Who
from riskboard.accounts.models import Role


def account(request: HttpRequest) -> dict[str, Any]:
    """The asker and what they may. Error pages may come before anyone is known."""
    asking: Who = getattr(request, "who", None) or Who()
    return {
        "section": _section(request.path),
        "who": asking,
        "may_write": asking.may(Role.ANALYST),
        "may_approve": asking.may(Role.APPROVER),
        "may_admin": asking.may(Role.ADMIN),
        "may_operate": asking.is_operator,
    }


def _section(path: str) -> str:
    """Which entry of the main navigation a page belongs to."""
    first = path.split("/")[1] if path.startswith("/") else ""
    return {"": "portfolio", "add": "vendors", "assessments": "vendors", "compare": "vendors"}.get(first, first)
