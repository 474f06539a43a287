"""Which badge a standing wears, in one place."""

from __future__ import annotations

from assessments.continuity.commitments import State

PROMISE_LOOKS: dict[State, str] = {
    "broken": "fail", "late": "fail", "due soon": "partial", "open": "unknown", "kept late": "partial", "kept": "pass",
}  # fmt: skip
