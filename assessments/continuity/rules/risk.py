"""Rules on the outages themselves: R1 to R4, R25, and R49, R52 on the customer's own side."""

from __future__ import annotations

from assessments.continuity.rules.rule import Figures, Rule, bar, chance_over
from assessments.continuity.situation import Situation


def _tail(s: Situation) -> Figures | None:
    hours, most = s.forecast.hours.p90, bar("tail_hours")
    return {"hours lost in a bad year": hours, "threshold": most} if hours > most else None


def _day_long(s: Situation) -> Figures | None:
    worst, most = s.forecast.worst.p90, bar("tail_hours")
    return {"worst outage of one year in ten (h)": worst, "threshold": most} if worst > most else None


def _thin(s: Situation) -> Figures | None:
    if s.forecast.confidence not in ("low", "insufficient"):
        return None
    return {
        "confidence": s.forecast.confidence,
        "years of record": round(s.forecast.exposure_years, 1),
        "outages": s.forecast.n,
    }


def _together(s: Situation) -> Figures | None:
    names = s.own.critical_together if s.own else ()
    if len(names) < bar("shared_services"):
        return None
    return {"critical services on one upstream": len(names), "they are": ", ".join(names[:5])}


def _rising(s: Situation) -> Figures | None:
    before = s.own.previous_chance if s.own else None
    if (
        before is None
        or s.forecast.confidence == "insufficient"
        or s.forecast.p_exceed - before <= bar("rising_chance")
    ):
        return None
    return {"chance beyond the RTO": s.forecast.p_exceed, "in the last report": before}


RULES: tuple[Rule, ...] = (
    Rule(
        id="R1",
        action="Write an outage playbook: who decides, at what minute you switch, and how you switch back.",
        why="An outage longer than your RTO is to be expected at least once in about three years.",
        effort="S",
        clause="ISO/IEC 27001:2022 A.5.29; CSA CCM BCR-09",
        relief=0.5,
        precedent="microsoft-bpos-2011-05",
        trigger=chance_over("playbook_chance"),
    ),
    Rule(
        id="R2",
        action="Run a secondary emergency system that takes over, and test it every quarter.",
        why="An outage longer than your RTO is more likely than not within a year.",
        effort="L",
        clause="CSA CCM BCR-11; DORA Art. 11",
        effect="standby",
        precedent="unisuper-google-cloud-2024-05",
        trigger=chance_over("standby_chance"),
    ),
    Rule(
        id="R3",
        action="Prepare a manual process (paper or spreadsheet) that carries one working day.",
        why="In a bad year more than a day of service is lost.",
        effort="M",
        clause="ISO 22301 8.3; NIST SP 800-34",
        effect="manual",
        precedent="aws-us-east-1-2025-10",
        trigger=_tail,
    ),
    Rule(
        id="R4",
        action="Keep a weekly copy of your data that can be used without the vendor.",
        why="An outage of a day or more has at least one chance in ten: that takes data, not patience.",
        effort="M",
        clause="CSA CCM BCR-08",
        effect="weekly_copy",
        precedent="atlassian-2022-04",
        trigger=_day_long,
    ),
    Rule(
        id="R25",
        action="Do not rank this vendor on its score alone: run a trial with your own monitoring for 60 to 90 days.",
        why="The record is too thin to judge by.",
        effort="S",
        clause="DORA Art. 28(4)",
        relief=0.3,
        trigger=_thin,
    ),
    Rule(
        id="R49",
        action="Move one of the critical services that share an upstream, or accept in writing that they fall together; drill that day.",
        why="Services that stand on one provider fail together far oftener than chance would have it.",
        effort="M",
        clause="DORA Art. 29",
        relief=0.5,
        precedent="aws-us-east-1-2025-10",
        trigger=_together,
    ),
    Rule(
        id="R52",
        action="Raise the trend at renewal: ask for an improvement plan, and shorten the term.",
        why="A trend says more than a level.",
        effort="S",
        clause="ISO/IEC 27001:2022 A.5.22",
        relief=0.3,
        trigger=_rising,
    ),
)
