"""The recommendation rules: when each fires, and what to do then. Data and small predicates only. Method, section 7.

A trigger returns the figures that fired it, or None. Unknown never fires a rule that needs a bad answer; where the rule
is about not knowing, it says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assessments.continuity.situation import Situation
from assessments.scoring.model import Effort
from assessments.scoring.rubric import number

Figures = dict[str, float | str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `relief` ranks rules of equal effort: the share of the risk it takes on, 0-1 (a design choice)."""

    id: str
    action: str
    why: str
    effort: Effort
    reference: str
    relief: float
    trigger: Callable[[Situation], Figures | None]


def _bar(name: str) -> float:
    return number("recommend", name)


def _chance_over(bar: str) -> Callable[[Situation], Figures | None]:
    def fires(s: Situation) -> Figures | None:
        if not s.needs.critical or s.forecast.confidence == "insufficient" or s.forecast.p_exceed <= _bar(bar):
            return None
        return {"chance beyond the RTO": s.forecast.p_exceed, "threshold": _bar(bar)}

    return fires


def _category(*words: str) -> Callable[[Situation], Figures | None]:
    def fires(s: Situation) -> Figures | None:
        named = set(s.category.replace("/", " ").replace("-", " ").split())
        return {"category": s.category} if named & set(words) else None

    return fires


def _failed(check: str) -> Callable[[Situation], Figures | None]:
    def fires(s: Situation) -> Figures | None:
        return {check: s.score(check)} if s.failed(check) else None

    return fires


def _failed_or_unanswered(check: str) -> Callable[[Situation], Figures | None]:
    def fires(s: Situation) -> Figures | None:
        if s.unanswered(check):
            return {check: "not known"}
        return {check: s.score(check)} if s.failed(check) else None

    return fires


def _below(pillar: str, bar: str) -> Callable[[Situation], Figures | None]:
    def fires(s: Situation) -> Figures | None:
        value = s.pillar.get(pillar)
        return None if value is None or value >= _bar(bar) else {pillar: value, "threshold": _bar(bar)}

    return fires


def _tail(s: Situation) -> Figures | None:
    hours, bar = s.forecast.hours.p90, _bar("tail_hours")
    return {"hours lost in a bad year": hours, "threshold": bar} if hours > bar else None


def _day_long(s: Situation) -> Figures | None:
    worst, bar = s.forecast.worst.p90, _bar("tail_hours")
    return {"worst outage of one year in ten (h)": worst, "threshold": bar} if worst > bar else None


def _closed_page(s: Situation) -> Figures | None:
    if s.login_only:
        return {"status page": "for signed-in customers only"}
    return _below("openness", "weak_openness")(s)


def _reporting_break(s: Situation) -> Figures | None:
    return {"flag": "reporting-break"} if "reporting-break" in s.forecast.flags else None


def _late_notice(s: Situation) -> Figures | None:
    result = s.checks.get("first-notice-delay")
    if result is None or result.score is None or result.score >= 0.5:
        return None  # the curve gives 0.5 at the rubric's 30 minutes
    return {"first-notice-delay score": result.score, "threshold (min)": _bar("late_notice_minutes")}


def _vague(s: Situation) -> Figures | None:
    points, bar = s.measured("specificity", "points"), _bar("weak_specificity")
    return None if points is None or points >= bar else {"points of an incident's updates": points, "threshold": bar}


def _unexplained(s: Situation) -> Figures | None:
    share, bar = s.measured("post-mortems", "share"), _bar("few_postmortems")
    return None if share is None or share >= bar else {"post-mortem share": share, "threshold": bar}


def _short_lead(s: Situation) -> Figures | None:
    lead, bar = s.lead_hours, _bar("short_lead_hours")
    return None if lead is None or lead >= bar else {"median notice (h)": round(lead, 1), "threshold": bar}


def _thin(s: Situation) -> Figures | None:
    if s.forecast.confidence not in ("low", "insufficient"):
        return None
    return {
        "confidence": s.forecast.confidence,
        "years of record": round(s.forecast.exposure_years, 1),
        "outages": s.forecast.n,
    }


RULES: tuple[Rule, ...] = (
    Rule(
        id="R1",
        action="Write an outage playbook: who decides, at what minute you switch, and how you switch back.",
        why="An outage longer than your RTO is to be expected within about three years.",
        effort="S",
        reference="ISO/IEC 27001:2022 A.5.29; CSA CCM BCR-09",
        relief=0.5,
        trigger=_chance_over("playbook_chance"),
    ),
    Rule(
        id="R2",
        action="Run a secondary emergency system that takes over, and test it every quarter.",
        why="An outage longer than your RTO is more likely than not within a year.",
        effort="L",
        reference="CSA CCM BCR-11; DORA Art. 11",
        relief=1.0,
        trigger=_chance_over("standby_chance"),
    ),
    Rule(
        id="R3",
        action="Prepare a manual process (paper or spreadsheet) that carries one working day.",
        why="In a bad year more than a day of service is lost.",
        effort="M",
        reference="ISO 22301 8.3; NIST SP 800-34",
        relief=0.6,
        trigger=_tail,
    ),
    Rule(
        id="R4",
        action="Keep a weekly copy of your data that can be used without the vendor.",
        why="An outage of a day or more has at least one chance in ten: that takes data, not patience.",
        effort="M",
        reference="CSA CCM BCR-08",
        relief=0.7,
        trigger=_day_long,
    ),
    Rule(
        id="R5",
        action="Set up an independent probe and a user-report feed that alarm a phone.",
        why="The vendor's page will not tell you.",
        effort="S",
        reference="DORA Art. 10",
        relief=0.4,
        trigger=_closed_page,
    ),
    Rule(
        id="R6",
        action="Ask the vendor in writing for the full incident list of 24 months, and keep the old outage rate until it comes.",
        why="Publishing fell off; fewer posts are no evidence of fewer outages.",
        effort="S",
        reference="DORA Art. 28(4)",
        relief=0.3,
        trigger=_reporting_break,
    ),
    Rule(
        id="R9",
        action="Run your own escalation clock: check at 15 minutes, ticket at 30, decide to switch at 60. Do not wait for posts.",
        why="Updates come too slowly or say too little to decide by.",
        effort="S",
        reference="ISO/IEC 27001:2022 A.5.26",
        relief=0.4,
        trigger=_below("timeliness", "weak_timeliness"),
    ),
    Rule(
        id="R10",
        action="Detect outages yourself: a synthetic log-in every one to five minutes.",
        why="The first notice lags the start by more than half an hour.",
        effort="S",
        reference="DORA Art. 10",
        relief=0.4,
        trigger=_late_notice,
    ),
    Rule(
        id="R11",
        action="Pre-write your internal notice, and agree scope by region and tenant with the account manager.",
        why="The posts cannot answer whether you are hit.",
        effort="S",
        reference="CSA CCM BCR-07",
        relief=0.2,
        trigger=_vague,
    ),
    Rule(
        id="R12",
        action="Put a root-cause report within ten working days, for outages over four hours, into the contract.",
        why="Most major outages are never explained in public.",
        effort="M",
        reference="DORA Art. 30; ISO/IEC 27001:2022 A.5.27",
        relief=0.2,
        trigger=_unexplained,
    ),
    Rule(
        id="R13",
        action="Ask for seven days' notice of maintenance, and freeze your own changes around it.",
        why="Maintenance is announced at short notice.",
        effort="S",
        reference="DORA Art. 30(2)",
        relief=0.2,
        trigger=_short_lead,
    ),
    Rule(
        id="R14",
        action="Buy a third-party backup or an extractor, and make self-service export a condition of renewal.",
        why="Without an export you are locked in while the outage lasts.",
        effort="M",
        reference="EU Data Act Art. 23-25",
        relief=0.7,
        trigger=_failed("export-self-service"),
    ),
    Rule(
        id="R16",
        action="Assume the vendor's backups lose 24 hours, and copy your most valuable data daily.",
        why="No recovery point is known; unknown counts as none.",
        effort="M",
        reference="CSA CCM BCR-08",
        relief=0.6,
        trigger=_failed_or_unanswered("vendor-backup-rpo"),
    ),
    Rule(
        id="R17",
        action="Copy to a different provider and a different account, unchangeable for 30 days.",
        why="Copies in one place or one account are lost together, as in 2021 and 2024.",
        effort="M",
        reference="ISO/IEC 27001:2022 A.8.13, A.8.14",
        relief=0.7,
        trigger=_failed("backup-separation"),
    ),
    Rule(
        id="R19",
        action="Ask for the last failover report; until it comes, plan with an RTO of 24 hours.",
        why="An untested plan is hope.",
        effort="S",
        reference="CSA CCM BCR-10",
        relief=0.4,
        trigger=_failed_or_unanswered("standby-failover"),
    ),
    Rule(
        id="R20",
        action="Negotiate RTO and RPO into the contract, with a right to leave after two breaches.",
        why="Numbers bind.",
        effort="M",
        reference="DORA Art. 30(3)",
        relief=0.3,
        trigger=lambda s: _failed("contract-rto-rpo")(s) if s.needs.critical else None,
    ),
    Rule(
        id="R25",
        action="Do not rank this vendor on its score alone: run a trial with your own monitoring for 60 to 90 days.",
        why="The record is too thin to judge by.",
        effort="S",
        reference="method, section 8",
        relief=0.3,
        trigger=_thin,
    ),
    Rule(
        id="R26",
        action="Set up an e-mail continuity service: a second mail exchanger that queues for five days, and a web inbox for staff.",
        why="Mail is the first tool in a crisis; in May 2011 it was held up for nine hours.",
        effort="M",
        reference="ISO/IEC 27001:2022 A.5.29",
        relief=0.9,
        trigger=_category("email", "mail"),
    ),
    Rule(
        id="R27",
        action="Keep an offline address book and the phone numbers of key customers, printed or on phones, renewed monthly.",
        why="The directory goes down with the mail.",
        effort="S",
        reference="NIST SP 800-34",
        relief=0.5,
        trigger=_category("email", "mail"),
    ),
    Rule(
        id="R30",
        action="Agree an out-of-band channel at another vendor with another identity provider, and drill it twice a year.",
        why="The chat you need in an outage is the one that is down.",
        effort="S",
        reference="CSA CCM BCR-07",
        relief=0.5,
        trigger=_category("chat", "collaboration", "communication"),
    ),
    Rule(
        id="R40",
        action="Mirror your repositories to a second host hourly, keep packages cached, and document how to deploy by hand.",
        why="Development platforms fail often enough to stop releases every year.",
        effort="M",
        reference="ISO/IEC 27001:2022 A.8.14",
        relief=0.7,
        trigger=_category("dev", "development"),
    ),
    Rule(
        id="R46",
        action="Put a second model provider behind one interface, with a queue or a reduced mode for the time between.",
        why="Language-model services fail more often than the software they are built into.",
        effort="M",
        reference="ISO/IEC 27001:2022 A.8.14",
        relief=0.7,
        trigger=_category("ai", "llm"),
    ),
)
