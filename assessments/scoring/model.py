"""The nouns of judgement: checks, findings, and the `riskboard.assessment/1` document. Pure; no Django.

Units: scores of one check are ratios 0-1 (higher = better prepared), pillar and total values are points 0-100, hours
are hours, probabilities are 0-1. None always means "not known". Figures are rounded once, where the document is made
(`pipeline.assess`), so that the same facts give the same bytes on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from vendors.records import BackupAnswer, ReplyKind, UtcTime, VendorFacts

SCHEMA = "riskboard.assessment/1"

PillarId = Literal["outage-history", "openness", "timeliness", "backup"]
PILLARS: tuple[PillarId, ...] = ("outage-history", "openness", "timeliness", "backup")
Outcome = Literal["pass", "partial", "fail", "unknown", "not_applicable", "error", "stale"]
Confidence = Literal["high", "medium", "low", "insufficient"]
Effort = Literal["S", "M", "L"]


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part of the assessment document."""


class Evidence(Document, frozen=True):
    """One claim a finding rests on, and where a reader can check it. `unit` names the unit of `value`."""

    claim: str
    url: str | None = None
    observed_at: UtcTime | None = None
    value: float | str | None = None
    unit: str | None = None


class CheckResult(Document, frozen=True):
    """One check, judged. `weight` is its share of 100 in the total (0 when not applicable).

    `score` is None unless the outcome is pass, partial or fail; `contribution` is its points in the printed total,
    None when it carries none. Contributions and cap lines of an assessment add up to `Score.value` exactly.
    """

    id: str
    outcome: Outcome
    score: float | None
    weight: float
    contribution: float | None
    reason: str
    evidence: tuple[Evidence, ...] = ()
    remedy: str | None = None


class Cap(Document, frozen=True):
    """A ceiling that fired: its rubric id, the ceiling, what the value was without it, the points it took, and why."""

    id: str
    ceiling: float
    without: float
    contribution: float
    reason: str


class PillarResult(Document, frozen=True):
    """One pillar: `value` 0-100 over its conclusive checks, None if none is; `coverage` 0-1 by weight."""

    id: PillarId
    value: float | None
    low: float
    high: float
    weight: float
    coverage: float
    checks: tuple[CheckResult, ...]
    caps: tuple[Cap, ...] = ()


class Score(Document, frozen=True):
    """The total. `value` None when too little is known; `low`/`high` take every unknown as bad / as good.

    `grade` is a letter, a range like "B-D" (en dash in the document) when the interval spans letters, or None.
    """

    value: float | None
    low: float
    high: float
    coverage: float
    grade: str | None
    confidence: Confidence
    caps: tuple[Cap, ...] = ()


class ProfileScore(Document, frozen=True):
    """The total under other weights, beside the default; the fields are those of `Score`."""

    name: str
    version: str
    value: float | None
    low: float
    high: float
    coverage: float
    grade: str | None


class Dispute(Document, frozen=True):
    """The vendor's objection, as it stands in the facts; `about` is a check, an incident, or the whole judgement."""

    about: str
    kind: ReplyKind
    statement: str
    filed_at: UtcTime
    evidence: str | None = None


class Hours(Document, frozen=True):
    """Expected outage hours over the horizon: mean and quantiles."""

    mean: float
    p10: float
    p50: float
    p90: float


class Worst(Document, frozen=True):
    """Length in hours of the longest outage of the horizon, not exceeded with that probability."""

    p50: float
    p90: float


class CurvePoint(Document, frozen=True):
    """The chance of an outage longer than `hours` over the horizon, with its 80 % band."""

    hours: float
    p: float
    low: float
    high: float


class Forecast(Document, frozen=True):
    """What the record implies for the next `horizon_days` (method.md section 2).

    `p_exceed` is the chance of at least one qualifying outage longer than `rto_hours`; `band80` the 10 % and 90 %
    posterior bounds of that chance. `n` and `exposure_years` are what it rests on (unweighted), `disclosure_mean` the
    assumed share of outages that get published. `flags` are closed words such as "reporting-break", "independent-observer".
    `view` says what it is of: a typical part of the service, or those the customer named; `p_any` is the chance that any
    part at all is down so long, `p_baseline` what a simple rate of such outages gives for the same view. Documents of
    before version 2 are of any part, and lack both (None). `p_in_hours`: the chance that so long an outage falls into the
    customer's working hours; None where they named none.
    """

    rto_hours: float
    horizon_days: float
    p_exceed: float
    band80: tuple[float, float]
    hours: Hours
    worst: Worst
    n: int
    exposure_years: float
    disclosure_mean: float
    flags: tuple[str, ...]
    confidence: Confidence
    curve: tuple[CurvePoint, ...] = ()
    view: Literal["typical", "named", "any"] = "any"
    p_any: float | None = None
    p_baseline: float | None = None
    p_in_hours: float | None = None


class Recommendation(Document, frozen=True):
    """One rule that fired. `trigger` holds the figures that fired it; `before`/`after` the risk without and with it.

    `after` is empty where the effect was not computed: nothing is guessed. `precedent` is the id of a landmark outage that taught
    it; `in_place`: an answer or the customer's plan says that it is done already.
    """

    rule: str
    action: str
    why: str
    effort: Effort
    reference: str
    trigger: dict[str, float | str | None]
    before: dict[str, float | None] = {}
    after: dict[str, float | None] = {}
    evidence: tuple[Evidence, ...] = ()
    precedent: str | None = None
    in_place: bool = False


class Method(Document, frozen=True):
    """Which method judged: the version of rubric.toml and the digest over the rubric and every check's META."""

    version: str
    sha256: str


class Profile(Document, frozen=True):
    """Other weights under a name: what a pillar weighs of 100, and factors on single checks inside their pillar.

    `version` is its owner's, so that two results under one name can be told apart; the rubric's own bear its version.
    Weights are above 0;
    a factor of 0 leaves a check out. A pillar or check that is not named keeps the default.
    """

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    version: Annotated[str, Meta(min_length=1, max_length=20)] = "1"
    pillars: dict[PillarId, Annotated[float, Meta(gt=0, le=100)]] = {}
    checks: dict[str, Annotated[float, Meta(ge=0, le=10)]] = {}


class WorkingHours(Document, frozen=True):
    """When the customer works: weekdays (0 Monday to 6 Sunday) from `begin` to `end` o'clock in an IANA time zone."""

    zone: Annotated[str, Meta(min_length=1, max_length=64)]
    days: tuple[Annotated[int, Meta(ge=0, le=6)], ...]
    begin: Annotated[int, Meta(ge=0, le=23)]
    end: Annotated[int, Meta(ge=1, le=24)]


class Own(Document, frozen=True):
    """What the customer's plan says of this vendor, where recommendations need it. None: not known.

    Money is in the plan's currency, a year. `restore_tested`: whether a restore was ever tested, `restore_test_days` how long ago.
    `copy_shares`: what the own copy and the service have in common, in words. `critical_together`: the critical services that
    stand on one upstream with this one. `previous_chance`: that of the last report. `in_place`: rules that are done.
    """

    cost_per_hour: float | None = None
    credit_a_year: float | None = None
    restore_tested: bool | None = None
    restore_test_days: float | None = None
    copy_shares: str | None = None
    critical_together: tuple[str, ...] = ()
    previous_chance: float | None = None
    in_eu: bool | None = None
    in_place: tuple[str, ...] = ()


class Needs(Document, frozen=True):
    """The customer's own side, part of the input: RTO and RPO in hours, and how critical the vendor is to them.

    `rpo_hours` None: not stated. `components`: those that matter to them; none named, a typical part of the service is
    judged. `hours`: when they work; None: around the clock. `backup` holds answers given beside the facts file; they win
    over those in it. `profile` None: only the rubric's own profiles are shown beside the default. `previous_grade` is the
    letter printed last time, so that a letter changes only two points beyond a band's edge; None: there was none. `own` is what
    the customer's plan says of the vendor; None: there is no plan.
    """

    rto_hours: float = 4.0
    rpo_hours: float | None = None
    critical: bool = True
    components: tuple[Annotated[str, Meta(min_length=1, max_length=300)], ...] = ()
    hours: WorkingHours | None = None
    backup: tuple[BackupAnswer, ...] = ()
    profile: Profile | None = None
    previous_grade: str | None = None
    own: Own | None = None


class VendorRef(Document, frozen=True):
    """The vendor as named in the facts."""

    name: str
    slug: str
    category: str


class Accounting(Document, frozen=True):
    """Downtime of the record under one way of counting: weighted hours in the window, and per covered year."""

    preset: Literal["strict", "typical", "lenient"]
    hours: float
    hours_per_year: float | None


class PublishedRecord(Document, frozen=True):
    """The published record in figures (facts, not estimates), over the covered window.

    Durations are hours of qualifying outages after overlaps are joined; None when there is none. `over_rto` counts
    those longer than the RTO. `incidents` counts every incident of the window, `outages` the qualifying joined ones.
    """

    incidents: int
    outages: int
    over_rto: int
    open_now: int
    longest_hours: float | None
    median_hours: float | None
    p90_hours: float | None
    window_years: float
    accounting: tuple[Accounting, ...]


class Assessment(Document, frozen=True):
    """The whole judgement: `riskboard.assessment/1`. With the facts it names, it can be recomputed to the byte.

    `profiles` are the rubric's own and the customer's, in that order; `disputes` change no figure.
    """

    method: Method
    as_of: UtcTime
    vendor: VendorRef
    facts_sha256: str
    needs: Needs
    score: Score
    pillars: tuple[PillarResult, ...]
    record: PublishedRecord
    forecast: Forecast
    recommendations: tuple[Recommendation, ...]
    profiles: tuple[ProfileScore, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    schema: Literal["riskboard.assessment/1"] = "riskboard.assessment/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A number a check judges by, with where it comes from and when that was read."""

    name: str
    value: float
    unit: str
    source: str
    dated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMeta:
    """The words of a check, kept beside its code; docs/checks.md and the report's appendix are made from these."""

    id: str
    pillar: PillarId
    question: str
    why: str
    how: str
    remedy: str
    effort: Effort
    thresholds: tuple[Threshold, ...]
    references: tuple[str, ...]
    lifecycle: Literal["experimental", "stable", "deprecated"] = "stable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check concluded. `score` is 0-1 for pass, partial and fail, and None for every other outcome."""

    outcome: Outcome
    score: float | None
    reason: str
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        conclusive = self.outcome in ("pass", "partial", "fail")
        if conclusive != (self.score is not None) or (self.score is not None and not 0 <= self.score <= 1):
            raise ValueError(f"outcome {self.outcome!r} cannot carry score {self.score!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that a check may look at: the facts, the time judged at, the customer's needs, and the forecast.

    Checks read derived figures through `assessments.scoring.metrics`, which takes the same context. `memo` holds figures
    several checks need, by name, so that each is found once.
    """

    facts: VendorFacts
    as_of: datetime
    needs: Needs
    forecast: Forecast
    memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its words and its pure judgement."""

    meta: CheckMeta
    evaluate: Callable[[Context], Finding]
