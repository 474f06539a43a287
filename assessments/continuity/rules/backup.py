"""Rules on copies, restoring, contracts and leaving: R14 to R24, R50 and R51."""

from __future__ import annotations

from assessments.continuity.rules.rule import Figures, Rule, bar, failed, failed_or_unanswered
from assessments.continuity.situation import Situation


def _promise_missing(s: Situation) -> Figures | None:
    return failed("contract-rto-rpo")(s) if s.needs.critical else None


def _credits_short(s: Situation) -> Figures | None:
    """The credits are known to be weak, or the customer's own figures show that they do not cover the loss."""
    own = s.own
    if own is not None and own.cost_per_hour is not None and s.forecast.confidence != "insufficient":
        loss = round(s.forecast.hours.mean * own.cost_per_hour)
        if own.credit_a_year is None or own.credit_a_year < loss:
            return {"expected loss a year": loss, "credit a year": own.credit_a_year}
    return failed("sla-credits")(s)


def _switching(s: Situation) -> Figures | None:
    if s.own is not None and s.own.in_eu is False:
        return None
    return failed("exit-terms")(s)


def _copy_together(s: Situation) -> Figures | None:
    shared = s.own.copy_shares if s.own else None
    return {"the copy and the service share": shared} if shared else None


def _no_restore_test(s: Situation) -> Figures | None:
    if s.own is None or s.own.restore_tested is None:
        return None
    if not s.own.restore_tested:
        return {"last restore test": "none"}
    age, most = s.own.restore_test_days, bar("restore_test_days")
    return None if age is None or age <= most else {"days since the last restore test": age, "threshold": most}


RULES: tuple[Rule, ...] = (
    Rule(
        id="R14",
        action="Buy a third-party backup or an extractor, and make self-service export a condition of renewal.",
        why="Without an export you are locked in while the outage lasts.",
        effort="M",
        clause="EU Data Act Art. 23-25",
        effect="daily_copy",
        precedent="rackspace-2022-12",
        check="export-self-service",
        trigger=failed("export-self-service"),
    ),
    Rule(
        id="R15",
        action="Every quarter, export and open the data in a spreadsheet or another tool.",
        why="An export that nobody has opened elsewhere is not usable yet.",
        effort="M",
        clause="ISO/IEC 27001:2022 A.8.13",
        relief=0.3,
        precedent="gitlab-2017-01",
        check="export-format",
        trigger=failed("export-format"),
    ),
    Rule(
        id="R16",
        action="Assume the vendor's backups lose 24 hours, and copy your most valuable data daily.",
        why="No recovery point is known; unknown counts as none.",
        effort="M",
        clause="CSA CCM BCR-08",
        effect="daily_copy",
        precedent="gitlab-2017-01",
        check="vendor-backup-rpo",
        trigger=failed_or_unanswered("vendor-backup-rpo"),
    ),
    Rule(
        id="R17",
        action="Copy to a different provider and a different account, unchangeable for 30 days.",
        why="Copies in one place or one account are lost together, as in 2021 and 2024.",
        effort="M",
        clause="ISO/IEC 27001:2022 A.8.13, A.8.14",
        effect="daily_copy",
        precedent="ovh-strasbourg-2021-03",
        check="backup-separation",
        trigger=failed("backup-separation"),
    ),
    Rule(
        id="R18",
        action="Test restoring a single item through a third party, and write down how the vendor's restore queue works.",
        why="Customers whose vendor could not restore piece by piece waited up to two weeks.",
        effort="M",
        clause="ISO/IEC 27001:2022 A.5.30",
        relief=0.4,
        precedent="atlassian-2022-04",
        check="granular-restore",
        trigger=failed("granular-restore"),
    ),
    Rule(
        id="R19",
        action="Ask for the last failover report; until it comes, plan with an RTO of 24 hours.",
        why="An untested plan is hope.",
        effort="S",
        clause="CSA CCM BCR-10",
        relief=0.2,
        precedent="cloudflare-2023-11",
        check="standby-failover",
        trigger=failed_or_unanswered("standby-failover"),
    ),
    Rule(
        id="R20",
        action="Negotiate RTO and RPO into the contract, with a right to leave after two breaches.",
        why="Numbers bind.",
        effort="M",
        clause="DORA Art. 30(3)",
        relief=0.3,
        check="contract-rto-rpo",
        trigger=_promise_missing,
    ),
    Rule(
        id="R21",
        action="Price the risk yourself: expected hours a year times your cost an hour, beside the credit.",
        why="Credits do not cover the loss.",
        effort="S",
        clause="DORA Art. 30(2)",
        check="sla-credits",
        trigger=_credits_short,
    ),
    Rule(
        id="R22",
        action="Set an alarm on deletions of your own, and keep a copy off the platform.",
        why="A mistake of an administrator, or ransom, deletes for good within days.",
        effort="S",
        clause="ISO/IEC 27001:2022 A.8.10",
        relief=0.3,
        precedent="atlassian-2022-04",
        check="deletion-grace",
        trigger=failed("deletion-grace"),
    ),
    Rule(
        id="R23",
        action="Add a switching annex to the contract, and note 12 January 2027: from then on switching charges end in the EU.",
        why="Leaving is a statutory right in the EU that the contract does not yet honour.",
        effort="M",
        clause="EU Data Act Art. 25, 29 (customers in the EU)",
        check="exit-terms",
        trigger=_switching,
    ),
    Rule(
        id="R24",
        action="Ask for escrow of the service, or a funded run-off of at least 90 days.",
        why="If the vendor itself fails, nothing else keeps the service running.",
        effort="L",
        clause="DORA Art. 28(8)",
        precedent="rackspace-2022-12",
        check="escrow",
        trigger=failed("escrow"),
    ),
    Rule(
        id="R50",
        action="Move the backup to another provider, region and account than the service.",
        why="A copy that falls with what it copies is none.",
        effort="M",
        clause="DORA Art. 12",
        effect="daily_copy",
        precedent="ovh-strasbourg-2021-03",
        trigger=_copy_together,
    ),
    Rule(
        id="R51",
        action="Hold a restore drill with a stopwatch, and file the record.",
        why="Only a test shows that your RTO holds.",
        effort="M",
        clause="ISO/IEC 27001:2022 A.5.30",
        relief=0.4,
        precedent="gitlab-2017-01",
        trigger=_no_restore_test,
    ),
)
