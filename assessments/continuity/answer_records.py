"""The nouns of the answer: `riskboard.answer/1`, what a plan's dependencies risk, without and with their fallbacks."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from vendors.records import UtcTime

Verdict = Literal["kept", "at risk", "cannot be met", "not known"]
VERDICTS: tuple[Verdict, ...] = ("cannot be met", "at risk", "not known", "kept")  # worst first; unknown is no comfort


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part."""


class Seen(Part, frozen=True):
    """The published record of what a dependency relies on: outages that count, their lengths in hours, and those over the RTO.

    Lengths are None where none is known; `over` is None without an RTO. `years` is what the record covers.
    """

    outages: int
    years: float
    longest: float | None
    p90: float | None
    median: float | None
    over: int | None


class Standing(Part, frozen=True):
    """How a dependency stands: the chance within 12 months that it is gone longer than its RTO, and what a year costs.

    `hours` are those of a year in which the process is without it; `money` their cost in the plan's currency. Gaps are hours
    beyond what is needed (0: none): of the longest outage, or the fallback's takeover, beyond the RTO, and of what is lost
    beyond the RPO. None: not known.
    """

    verdict: Verdict
    reason: str
    chance: float | None
    hours: float | None
    money: float | None
    rto_gap: float | None
    rpo_gap: float | None


class Fate(Part, frozen=True):
    """What service and fallback share, in words. `bad`: they fall together as far as is known. `known` False: cannot be said."""

    known: bool
    bad: bool
    shared: tuple[str, ...]
    text: str


class DependencyAnswer(Part, frozen=True):
    """One dependency. `kept` is None without a fallback; the verdict that holds is `kept`'s where there is one."""

    id: str
    process: str
    service: str
    vendor: str
    essential: bool
    critical: bool
    rto_hours: float | None
    rpo_hours: float | None
    confidence: str | None
    seen: Seen | None
    plain: Standing
    fallback: str | None
    kept: Standing | None
    fate: Fate | None
    flags: tuple[str, ...] = ()

    @property
    def now(self) -> Standing:
        """How it stands today: with its fallback where there is one."""
        return self.kept or self.plain


class ProcessAnswer(Part, frozen=True):
    """One process over all services it stops without. Chances are of the next 12 months; None: not known."""

    id: str
    critical: bool
    rto_hours: float | None
    mtd_hours: float | None
    verdict: Verdict
    weakest: str | None
    chance: float | None
    chance_kept: float | None
    chance_over_mtd: float | None
    chance_over_mtd_kept: float | None
    money: float | None
    money_kept: float | None


class CreditAnswer(Part, frozen=True):
    """A contract's credits against the loss, a year: over the months of the record, as if it had held all along.

    `promised` is the availability of a month that was promised, 0-1; `broken_months` those of `months` below it; `worst`
    the lowest. `credit` is the money back, `loss` what the outages cost. None: not known.
    """

    service: str
    months: int
    promised: float | None
    broken_months: int | None
    worst: float | None
    credit: float | None
    loss: float | None


class Lever(Part, frozen=True):
    """How much the chance that any critical process is stopped falls if that upstream never failed."""

    upstream: str
    less: float


class Answer(Part, frozen=True):
    """The whole: dependencies by id, processes by id, credits by service. `any_critical` None: nothing could be simulated.

    `money` sums what is known (`money_known_for` of `money_asked_of` dependencies that stop a process).
    """

    as_of: UtcTime
    plan_sha256: str
    currency: str
    years: int
    seed: int
    dependencies: tuple[DependencyAnswer, ...]
    processes: tuple[ProcessAnswer, ...]
    credits: tuple[CreditAnswer, ...]
    any_critical: float | None
    any_critical_kept: float | None
    money: float | None
    money_kept: float | None
    money_known_for: int
    money_asked_of: int
    levers: tuple[Lever, ...]
    not_judged: tuple[str, ...]
    flags: tuple[str, ...]
    schema: Literal["riskboard.answer/1"] = "riskboard.answer/1"
