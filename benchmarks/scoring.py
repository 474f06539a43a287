"""Scoring all bundled vendors, against a plain read of their facts; and the largest one alone."""

from __future__ import annotations

from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from benchmarks.table import Row, median_of
from vendors.catalogue import index
from vendors.facts_file import loads

ALL_AIM = 6.0  # judging reads every post three times over, and simulates 4,000 years a vendor


def rows() -> list[Row]:
    """All vendors against reading their files, and the largest against the 0.3 s it may take."""
    packed = [row.path.read_bytes() for row in index.bundled()]
    facts = [loads(data) for data in packed]
    largest = max(facts, key=lambda one: len(one.incidents))
    read = median_of(lambda: [loads(data) for data in packed], rounds=3)
    judged = median_of(lambda: [assess(one, Needs(), as_of=one.as_of) for one in facts], rounds=3)
    alone = median_of(lambda: assess(largest, Needs(), as_of=largest.as_of), rounds=5)
    return [
        Row(f"judging {len(facts)} vendors, against reading their facts", judged, read, ALL_AIM),
        Row(f"judging {len(largest.incidents)} incidents, against 0.3 s", alone, 0.3, 1.0),
    ]
