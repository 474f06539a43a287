"""The nouns of a continuity plan: `riskboard.plan/1`, the customer's own side. Pure; no Django, no clock.

One typed document holds what a workspace knows of itself: its processes and what an interruption costs them, the vendors'
services they depend on, what stands in for those, who is called, what was exercised, what vendors promised, and what was
decided about each recommendation. It is what the pages edit, what files carry in and out, what a milestone freezes and
what the continuity report prints; the judgement of a vendor stays in `assessments.scoring`.

Conventions: hours are hours, shares 0-1, money is in the plan's one currency, days are calendar days without a zone. None
means "not known" or "not stated", never zero and never "no". Items are told apart by `id`, unique within their kind.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from vendors.records import Slug

SCHEMA = "riskboard.plan/1"

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Line = Annotated[str, Meta(max_length=500)]
Note = Annotated[str, Meta(max_length=5_000)]
Link = Annotated[str, Meta(max_length=2_000)]
HoursOf = Annotated[float, Meta(ge=0, le=87_600)]
Wait = Annotated[float, Meta(gt=0, le=87_600)]
Share = Annotated[float, Meta(ge=0, le=1)]
Money = Annotated[float, Meta(ge=0, le=1e12)]
Count = Annotated[int, Meta(ge=0, le=10_000_000)]

Severity = Literal["none", "minimal", "moderate", "severe"]
SEVERITIES: tuple[Severity, ...] = ("none", "minimal", "moderate", "severe")
IMPACT_HOURS: tuple[float, ...] = (
    1.0,
    4.0,
    24.0,
    72.0,
    120.0,
)  # the steps of the impact curve: 1 h, 4 h, 24 h, 3 d, 5 d
ChannelKind = Literal["phone", "sms", "e-mail", "chat", "meeting", "radio", "in person", "other"]
ExerciseKind = Literal["tabletop", "switchover", "restore", "notification", "exit", "vendor-failover"]
ExerciseResult = Literal["passed", "partly", "failed"]
CommitmentKind = Literal[
    "post-mortem", "open-dashboard", "faster-updates", "specific-updates", "rto", "rpo", "notice", "credit", "other"
]
RegisterState = Literal["open", "accepted", "planned", "done"]
Phase = Literal["first 15 minutes", "first hour", "first four hours", "first day", "several days", "return", "exit"]
PHASES: tuple[Phase, ...] = (
    "first 15 minutes", "first hour", "first four hours", "first day", "several days", "return", "exit",
)  # fmt: skip
Audience = Literal["staff", "customers", "management", "regulator", "vendor"]
Ease = Literal["easy", "difficult", "highly complex"]
Level = Literal["low", "medium", "high"]


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part of a plan: immutable, compared by value, unknown fields refused on reading."""


class Keyed(Item, frozen=True):
    """Base of what a plan lists: `id` tells an item from the others of its kind."""

    id: Slug


class Impact(Item, frozen=True):
    """How hard the interruption of a process hits after 1 h, 4 h, 24 h, 3 days and 5 days. None: not assessed."""

    h1: Severity | None = None
    h4: Severity | None = None
    h24: Severity | None = None
    d3: Severity | None = None
    d5: Severity | None = None

    def steps(self) -> tuple[tuple[float, Severity | None], ...]:
        """(hours, severity) at each step of IMPACT_HOURS."""
        return tuple(zip(IMPACT_HOURS, (self.h1, self.h4, self.h24, self.d3, self.d5), strict=True))


class Process(Keyed, frozen=True):
    """A business process. `mtd_hours`: the maximum tolerable downtime; `rto_hours` and `rpo_hours`: what it is planned for.

    `cost_per_hour` is what an hour without it costs; `minimum_service` what must go on meanwhile, and `workaround` how it
    does by hand. `owner` is a contact's id. `working_hours` as in "mon-fri 8-18 Europe/Berlin"; empty: around the clock.
    The last four are what a register of information asks of a function.
    """

    name: Name
    description: Note = ""
    owner: Slug | None = None
    critical: bool = False
    impact: Impact = Impact()
    mtd_hours: Wait | None = None
    rto_hours: Wait | None = None
    rpo_hours: HoursOf | None = None
    cost_per_hour: Money | None = None
    minimum_service: Note = ""
    workaround: Note = ""
    working_hours: Line = ""
    reviewed_on: date | None = None
    function_id: Line = ""
    licensed_activity: Line = ""
    critical_because: Note = ""
    impact_of_discontinuing: Level | None = None


class CreditTier(Item, frozen=True):
    """Below this availability of a month (0-1) the vendor gives back that share of the month's fee."""

    below: Share
    credit: Share


class Contract(Item, frozen=True):
    """What was agreed with the vendor. `availability` is the promised share of a month, 0-1; fees are per month.

    `rto_hours` and `rpo_hours` are promised in writing; None: no number is. `chronic_exit`: a right to leave after repeated
    breaches. `notice_days` is the customer's own notice, `transition_days` how long the vendor serves on after it.
    """

    reference: Line = ""
    monthly_fee: Money | None = None
    availability: Share | None = None
    credits: tuple[CreditTier, ...] = ()
    credit_cap: Share | None = None
    rto_hours: Wait | None = None
    rpo_hours: HoursOf | None = None
    chronic_exit: bool | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    notice_days: Count | None = None
    transition_days: Count | None = None
    link: Link = ""


class OwnCopy(Item, frozen=True):
    """The customer's own copy of the data in a service: how often it is taken, where it lies, and whether it was opened.

    `provider` and `region` name where it is kept, `account` whether another account holds it; `immutable_days` how long it
    cannot be changed. `usable_without_vendor`: it can be read while the vendor is down.
    """

    every_hours: Wait | None = None
    last_on: date | None = None
    kept_at: Line = ""
    provider: Line = ""
    region: Line = ""
    own_account: bool | None = None
    immutable_days: Count | None = None
    usable_without_vendor: bool | None = None


class ExitPlan(Item, frozen=True):
    """How the customer leaves the vendor: in good time, or after an interruption that does not end.

    `tested_on` None: never tried. `alternatives` are named replacements; `days` and `cost` what the move takes.
    """

    strategy: Note = ""
    triggers: Note = ""
    alternatives: tuple[Line, ...] = ()
    days: Count | None = None
    cost: Money | None = None
    reviewed_on: date | None = None
    tested_on: date | None = None
    reintegration: Ease | None = None


class Registration(Item, frozen=True):
    """What a register of information asks of a service beyond the rest: DORA templates b_05 to b_07. Empty: not stated."""

    provider_id: Line = ""
    provider_id_kind: Line = ""
    provider_country: Line = ""
    service_type: Line = ""
    data_country: Line = ""
    substitutability: (
        Literal["not substitutable", "highly complex", "medium complexity", "easily substitutable"] | None
    ) = None
    substitutability_reason: Line = ""
    last_audit_on: date | None = None
    impact_of_discontinuing: Level | None = None


class Service(Keyed, frozen=True):
    """A vendor's service the customer relies on. `vendor` is the slug of a vendor Riskboard knows or may come to know.

    `components` are the parts that matter (none: a typical part is judged). `stands_on` are upstream ids of the rubric's
    list ("aws-us-east-1", "cloudflare"); empty means not known, never independent. `holds_data`: what is in it must not be
    lost. `owner` is a contact's id.
    """

    name: Name
    vendor: Slug
    owner: Slug | None = None
    components: tuple[Name, ...] = ()
    stands_on: tuple[Slug, ...] = ()
    sign_in_by: Line = ""
    holds_data: bool | None = None
    used_since: date | None = None
    contract: Contract = Contract()
    own_copy: OwnCopy | None = None
    exit: ExitPlan | None = None
    registration: Registration = Registration()
    note: Note = ""


class Dependency(Keyed, frozen=True):
    """A process relies on a service. `rto_hours`/`rpo_hours` None: those of the process.

    `essential`: the process stops without it; otherwise it goes on with `workaround`. `share` of the process's cost an hour
    without it brings; None: all of it where essential, not known otherwise.
    """

    process: Slug
    service: Slug
    essential: bool = True
    rto_hours: Wait | None = None
    rpo_hours: HoursOf | None = None
    share: Share | None = None
    workaround: Note = ""


class Fallback(Keyed, frozen=True):
    """What takes over when a service fails: the secondary emergency system.

    `by_vendor` is the vendor that provides it; None: done by hand or with the customer's own means. `takeover_hours` runs
    from the decision to working; `capacity` is the share of the work it carries; `data_age_hours` how old its data are.
    `stands_on` and `sign_in_by` as for a service; `last_drill` is told by the exercises, not here.
    """

    name: Name
    service: Slug
    takes_over: Note = ""
    by_vendor: Slug | None = None
    takeover_hours: HoursOf | None = None
    capacity: Share | None = None
    data_age_hours: HoursOf | None = None
    people_trained: Count | None = None
    provider: Line = ""
    region: Line = ""
    stands_on: tuple[Slug, ...] = ()
    sign_in_by: Line = ""
    switch_back: Note = ""
    cost_per_month: Money | None = None
    owner: Slug | None = None


class Exercise(Keyed, frozen=True):
    """A drill, a restore test, a switchover, a test of the exit: what was expected and what came of it.

    About a fallback, a service or neither (the whole plan). Hours are from the start to working again; `lost_hours` how old
    the restored data were. `reported_to`: who in the management heard of the deficiencies.
    """

    kind: ExerciseKind
    held_on: date
    result: ExerciseResult
    scenario: Note = ""
    service: Slug | None = None
    fallback: Slug | None = None
    lead: Line = ""
    participants: Line = ""
    expected_hours: HoursOf | None = None
    actual_hours: HoursOf | None = None
    expected_lost_hours: HoursOf | None = None
    lost_hours: HoursOf | None = None
    deficiencies: Note = ""
    actions: Note = ""
    reported_to: Line = ""
    evidence: Link = ""


class Channel(Item, frozen=True):
    """One way to reach somebody. `via` are the vendors (slugs) without whom it does not work; empty: none that is known."""

    kind: ChannelKind
    address: Line
    via: tuple[Slug, ...] = ()


class Contact(Keyed, frozen=True):
    """A person or a desk with a part in an outage. `deputy` is another contact's id; `role` says what they decide or do."""

    name: Name
    role: Line = ""
    organisation: Line = ""
    deputy: Slug | None = None
    channels: tuple[Channel, ...] = ()
    note: Line = ""


class Step(Item, frozen=True):
    """One line of a runbook. `who` is a contact's id."""

    phase: Phase
    text: Note
    who: Slug | None = None


class Message(Item, frozen=True):
    """A text ready to send, and by which channel."""

    audience: Audience
    text: Note
    channel: Line = ""


class Runbook(Keyed, frozen=True):
    """What to do when one service fails, for reading on paper: when it starts and ends, who decides, what is done.

    `switch_after_hours`: at what point of an outage the fallback is used. `kept_at`: where the printed copy lies.
    """

    service: Slug
    activation: Note = ""
    deactivation: Note = ""
    decides: Slug | None = None
    switch_after_hours: HoursOf | None = None
    steps: tuple[Step, ...] = ()
    messages: tuple[Message, ...] = ()
    data_access: Note = ""
    kept_at: Line = ""
    crisis_channel: Line = ""
    reviewed_on: date | None = None
    approved_by: Line = ""


class Commitment(Keyed, frozen=True):
    """Something a vendor promised, in public or in a contract. Whether it was kept is worked out, not written here.

    `said` is the promise in the customer's words; `source` says where it stands, `link` where to look. `due_on` None: no day
    was named. `about`: the incident it followed. `limit_hours` is the figure promised, where there is one (a post-mortem's
    days count in `due_on`). `kept_on` with `evidence`: when the promise was seen kept; `broken_on`: seen broken.
    `checked_on`: when somebody last looked.
    """

    vendor: Slug
    kind: CommitmentKind
    said: Note
    source: Line
    made_on: date
    link: Link = ""
    due_on: date | None = None
    about: Line = ""
    limit_hours: HoursOf | None = None
    checked_on: date | None = None
    kept_on: date | None = None
    broken_on: date | None = None
    evidence: Link = ""
    note: Note = ""


class Decision(Keyed, frozen=True):
    """What was decided about one recommendation for one vendor: the register. An undecided one is open.

    `rule` is the recommendation's ("R14"). Accepted: who approved and until when; planned: who does it by when; done: what
    shows it. `id` is rule and vendor ("r14-github").
    """

    rule: Annotated[str, Meta(pattern=r"^R[1-9][0-9]?$")]
    vendor: Slug
    state: RegisterState = "open"
    approver: Line = ""
    accepted_until: date | None = None
    owner: Slug | None = None
    due_on: date | None = None
    done_on: date | None = None
    evidence: Link = ""
    note: Note = ""
    decided_on: date | None = None


class Organisation(Item, frozen=True):
    """Whose plan it is. `currency` is an ISO 4217 code; the identifiers are what a register of information asks."""

    name: Name = "Our organisation"
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")] = "EUR"
    lei: Line = ""
    country: Annotated[str, Meta(pattern=r"^([A-Z]{2})?$")] = ""
    financial_entity: bool = False
    prepared_by: Line = ""
    reviewed_by: Line = ""
    approved_by: Line = ""
    next_review_on: date | None = None
    classification: Line = "Internal"


class Plan(Item, frozen=True):
    """The whole plan. Items of each kind are in order of their ids (`plan_file.normalise`), so equal plans are equal bytes.

    `as_of` is the day it is read as of, for a case of the past; None: today.
    """

    schema: Literal["riskboard.plan/1"] = "riskboard.plan/1"
    as_of: date | None = None
    organisation: Organisation = Organisation()
    processes: tuple[Process, ...] = ()
    services: tuple[Service, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    contacts: tuple[Contact, ...] = ()
    runbooks: tuple[Runbook, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    decisions: tuple[Decision, ...] = ()


Kind = Literal[
    "processes",
    "services",
    "dependencies",
    "fallbacks",
    "exercises",
    "contacts",
    "runbooks",
    "commitments",
    "decisions",
]
KINDS: dict[Kind, type[Keyed]] = {
    "processes": Process,
    "services": Service,
    "dependencies": Dependency,
    "fallbacks": Fallback,
    "exercises": Exercise,
    "contacts": Contact,
    "runbooks": Runbook,
    "commitments": Commitment,
    "decisions": Decision,
}
ONE: dict[Kind, str] = dict(  # what one of a kind is called in sentences
    zip(
        KINDS,
        ("process", "service", "dependency", "fallback", "exercise", "contact", "runbook", "commitment", "decision"),
        strict=True,
    )
)
