"""A vendor as judged: what the customer's side is held against."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.scoring.model import Assessment
from vendors.records import VendorFacts


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgement and the facts it was made from."""

    assessment: Assessment
    facts: VendorFacts
