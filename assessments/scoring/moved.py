"""Why a score moved: new method, time gone by, new incidents, new evidence; the parts add up to the cent. Pure."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import msgspec
from msgspec import Struct

from assessments.scoring.model import Assessment, Needs
from assessments.scoring.pipeline import assess
from vendors.records import UtcTime, VendorFacts


class Moved(Struct, frozen=True, forbid_unknown_fields=True):
    """Points by which the total moved between two assessments of one vendor, by cause; they add up to `now - then`.

    `method`: the same facts at the same time, judged by today's method. `decay`: the same incidents judged later, as if the
    record had gone on without one. `record`: what was published since. `evidence`: everything else that is newly known:
    observations of the page, what others saw, answers about backups, and what the customer said of their needs.
    """

    since: UtcTime
    then: float
    now: float
    method: float
    decay: float
    record: float
    evidence: float


def moved(before: Assessment, old_facts: VendorFacts, after: Assessment, new_facts: VendorFacts) -> Moved | None:
    """What moved the total from `before` to `after`; None where either, or a step between, shows no total.

    Raises ValueError for two vendors, or where `after` is not later. Cost: three assessments.
    """
    if before.vendor.slug != after.vendor.slug:
        raise ValueError(
            f"{before.vendor.slug!r} and {after.vendor.slug!r} are two vendors; their totals are compared, not moved"
        )
    if after.as_of <= before.as_of:
        raise ValueError("the later assessment is not later")
    needs, later = msgspec.structs.replace(before.needs, previous_grade=None), after.as_of
    quiet = msgspec.structs.replace(old_facts, as_of=max(new_facts.as_of, old_facts.as_of), window=new_facts.window)
    told = msgspec.structs.replace(quiet, incidents=new_facts.incidents, maintenances=new_facts.maintenances)
    steps = [
        before.score.value,
        _total(old_facts, needs, before.as_of),
        _total(quiet, needs, later),
        _total(told, needs, later),
        after.score.value,
    ]
    shown = [step for step in steps if step is not None]
    if len(shown) < len(steps):
        return None
    method, decay, record, evidence = (round(b - a, 2) + 0.0 for a, b in pairwise(shown))
    return Moved(
        since=before.as_of, then=shown[0], now=shown[-1], method=method, decay=decay, record=record, evidence=evidence
    )


def _total(facts: VendorFacts, needs: Needs, as_of: datetime) -> float | None:
    return assess(facts, needs, as_of=as_of).score.value


CAUSES = (
    ("record", "new incidents"),
    ("decay", "time gone by"),
    ("evidence", "new evidence"),
    ("method", "a new method"),
)


def sentence(change: Moved) -> str:
    """The line for people: "Since 2026-08-01 the total moved by -3.10: new incidents -2.90, time gone by -0.20."."""
    total = round(change.now - change.then, 2)
    if total == 0:
        return f"Since {change.since:%Y-%m-%d} the total has not moved."
    parts = [f"{words} {getattr(change, name):+.2f}" for name, words in CAUSES if getattr(change, name)]
    return f"Since {change.since:%Y-%m-%d} the total moved by {total:+.2f}: {', '.join(parts)}."
