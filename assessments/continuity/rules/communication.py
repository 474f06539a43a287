"""Rules on what the vendor tells, and when: R5 to R13."""

from __future__ import annotations

from assessments.continuity.rules.rule import Figures, Rule, bar, below, failed, measured_below
from assessments.continuity.situation import Situation


def _closed_page(s: Situation) -> Figures | None:
    if s.login_only:
        return {"status page": "for signed-in customers only"}
    return below("openness", "weak_openness")(s)


def _reporting_break(s: Situation) -> Figures | None:
    return {"flag": "reporting-break"} if "reporting-break" in s.forecast.flags else None


def _pushes(s: Situation) -> Figures | None:
    ways = s.word("subscriptions")
    found = [way for way in ways.split(", ") if way in ("webhook", "Slack")]
    return {"ways to subscribe": ", ".join(found)} if found else None


def _late_notice(s: Situation) -> Figures | None:
    result = s.checks.get("first-notice-delay")
    if result is None or result.score is None or result.score >= 0.5:
        return None  # the curve gives 0.5 at the rubric's 30 minutes
    return {"first-notice-delay score": result.score, "threshold (min)": bar("late_notice_minutes")}


def _short_lead(s: Situation) -> Figures | None:
    lead, least = s.lead_hours, bar("short_lead_hours")
    return None if lead is None or lead >= least else {"median notice (h)": round(lead, 1), "threshold": least}


RULES: tuple[Rule, ...] = (
    Rule(
        id="R5",
        action="Set up an independent probe and a user-report feed that alarm a phone.",
        why="The vendor's page will not tell you.",
        effort="S",
        clause="DORA Art. 10",
        effect="probe",
        relief=0.4,
        precedent="microsoft-bpos-2011-05",
        check="access",
        trigger=_closed_page,
    ),
    Rule(
        id="R6",
        action="Ask the vendor in writing for the full incident list of 24 months, and keep the old outage rate until it comes.",
        why="Publishing fell off; fewer posts are no evidence of fewer outages.",
        effort="S",
        clause="DORA Art. 28(4)",
        relief=0.3,
        trigger=_reporting_break,
    ),
    Rule(
        id="R7",
        action="Subscribe by SMS or e-mail, and mirror the vendor's feed on another provider.",
        why="The status page stands on what it reports on, and falls with it.",
        effort="S",
        clause="CSA CCM BCR-07",
        relief=0.2,
        precedent="aws-s3-2017-02",
        check="independent-hosting",
        trigger=failed("independent-hosting"),
    ),
    Rule(
        id="R8",
        action="Wire the vendor's webhook to chat and to SMS, on a provider of its own.",
        why="The vendor offers it, and minutes matter.",
        effort="S",
        clause="CSA CCM BCR-07",
        relief=0.2,
        check="subscriptions",
        trigger=_pushes,
    ),
    Rule(
        id="R9",
        action="Run your own escalation clock: check at 15 minutes, ticket at 30, decide to switch at 60. Do not wait for posts.",
        why="Updates come too slowly or say too little to decide by.",
        effort="S",
        clause="ISO/IEC 27001:2022 A.5.26",
        relief=0.3,
        precedent="microsoft-bpos-2011-05",
        check="median-update-gap",
        trigger=below("timeliness", "weak_timeliness"),
    ),
    Rule(
        id="R10",
        action="Detect outages yourself: a synthetic log-in every one to five minutes.",
        why="The first notice lags the start by more than half an hour.",
        effort="S",
        clause="DORA Art. 10",
        effect="probe",
        relief=0.4,
        precedent="fastly-2021-06",
        check="first-notice-delay",
        trigger=_late_notice,
    ),
    Rule(
        id="R11",
        action="Pre-write your internal notice, and agree scope by region and tenant with the account manager.",
        why="The posts cannot answer whether you are hit.",
        effort="S",
        clause="CSA CCM BCR-07",
        check="specificity",
        precedent="microsoft-bpos-2011-05",
        trigger=measured_below("specificity", "points", "weak_specificity", "points of an incident's updates"),
    ),
    Rule(
        id="R12",
        action="Put a root-cause report within ten working days, for outages over four hours, into the contract.",
        why="Most major outages are never explained in public.",
        effort="M",
        clause="DORA Art. 30; ISO/IEC 27001:2022 A.5.27",
        check="post-mortems",
        trigger=measured_below("post-mortems", "share", "few_postmortems", "post-mortem share"),
    ),
    Rule(
        id="R13",
        action="Ask for seven days' notice of maintenance, and freeze your own changes around it.",
        why="Maintenance is announced at short notice.",
        effort="S",
        clause="DORA Art. 30(2)",
        check="maintenance-notice",
        trigger=_short_lead,
    ),
)
