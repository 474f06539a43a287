"""What `riskboard doctor` finds: one look each. The command has those at what runs, `protection` at what keeps it safe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Check:
    """One look. `warn`: works, but less well. `fix` says what to do, empty when ok."""

    name: str
    outcome: Literal["ok", "warn", "fail"]
    found: str
    fix: str = ""
