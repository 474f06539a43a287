"""Every check at its best, at its worst, in between, and where it cannot tell."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from assessments.scoring.checks import registry
from assessments.scoring.model import PILLARS
from assessments.scoring.rubric import rubric
from tests.assessments.making import NOW, PAGE, make_context, make_facts, make_incident
from vendors.records import BackupAnswer, Maintenance, Observation, Update

CHECKS = Path(registry.__file__).parent
ITEMS = {
    "export-self-service": "B1", "bulk-export-api": "B2", "export-format": "B3", "scheduled-export": "B4",
    "vendor-backup-rpo": "B5", "restore-point-retention": "B6", "backup-separation": "B7", "granular-restore": "B8",
    "backup-ecosystem": "B9", "offline-copy": "B10", "standby-failover": "B11", "contract-rto-rpo": "B12",
    "sla-credits": "B13", "deletion-grace": "B14", "exit-terms": "B15", "escrow": "B16", "restore-test-evidence": "B17",
}  # fmt: skip


def record(count=12, **fields):
    return tuple(make_incident(n, **fields) for n in range(1, count + 1))


def told(states, *, canned=False, promised=None, count=30):
    def updates(start):
        return tuple(
            Update(posted_at=start + timedelta(minutes=20 * n), elements=states, canned=canned, promised_at=promised and start + timedelta(minutes=20 * n + promised))
            for n in range(6)
        )  # fmt: skip

    rows = []
    for n in range(1, count + 1):
        base = make_incident(n)
        rows.append(make_incident(n, updates=updates(base.started_at)))
    return tuple(rows)


def windows(hours, count=3):
    return tuple(
        Maintenance(
            id=f"m{n}",
            title="Work",
            announced_at=NOW - timedelta(days=n, hours=hours),
            scheduled_for=NOW - timedelta(days=n),
        )
        for n in range(1, count + 1)
    )


def seen(check, outcome, value=None):
    return (Observation(check=check, outcome=outcome, observed_at=NOW, value=value, url=PAGE),)


def stated(delay, count=5):
    rows = []
    for n in range(1, count + 1):
        base = make_incident(n)
        rows.append(make_incident(n, start_stated=True, first_posted_at=base.started_at + timedelta(minutes=delay)))
    return tuple(rows)


def works(*days):
    """Announced work of an hour, that many days ago."""
    return tuple(
        Maintenance(id=f"m{n}", title="Upgrade", scheduled_for=NOW - timedelta(days=day, hours=-3))
        for n, day in enumerate(days)
    )


def worded(honest, understated):
    """Incidents called minor, by whether their words tell of more."""
    words = ["Some pages load slowly."] * honest + ["The service is completely unavailable."] * understated
    return tuple(
        make_incident(n, impact="minor", updates=(Update(posted_at=make_incident(n).started_at, text=text),))
        for n, text in enumerate(words, 1)
    )


def with_posts(number, *updates, **fields):
    base = make_incident(number)
    return make_incident(number, updates=tuple(update(base) for update in updates), **fields)


def announced(late, count):
    """Incidents whose last post comes that many minutes after their stated end."""

    def opening(base):
        return Update(posted_at=base.started_at, elements=(), canned=False)

    def closing(base):
        return Update(posted_at=base.resolved_at + timedelta(minutes=late), elements=(), canned=False)

    return tuple(with_posts(n, opening, closing) for n in range(1, count + 1))


def withdrawn(count):
    def gone(base):
        return Update(posted_at=base.started_at, elements=(), withdrawn_at=NOW)

    return tuple(with_posts(n, gone) for n in range(1, count + 1))


def polled(count, *, edited=0):
    """Incidents of three posts each, seen within minutes; one post of the first `edited` reworded."""

    def post(minutes, reworded):
        def made(base):
            at = base.started_at + timedelta(minutes=minutes)
            return Update(posted_at=at, first_seen_at=at, elements=(), canned=False, edited=reworded)

        return made

    return tuple(with_posts(n, post(0, n <= edited), post(20, False), post(40, False)) for n in range(1, count + 1))


def explained(days, count):
    """Incidents with a post-mortem posted that many days after their end."""

    def report(base):
        return Update(posted_at=base.resolved_at + timedelta(days=days), elements=(), state="postmortem")

    return tuple(with_posts(n, report) for n in range(1, count + 1))


ALL = ("component", "symptom", "scope_number", "region", "times", "cause", "action", "workaround", "next_update")
CASES = [
    ("outage-beyond-rto", make_facts(record(40, hours=30.0), components=0), "fail", (0.0, 0.1)),
    ("outage-beyond-rto", make_facts(), "pass", (0.9, 0.95)),
    ("outage-beyond-rto", make_facts(record(2, hours=3.0), years=2.0), "partial", (0.5, 0.89)),
    ("outage-beyond-rto", make_facts(years=0.2), "unknown", None),
    ("expected-hours", make_facts(record(40, hours=30.0)), "fail", (0.0, 0.1)),
    ("outage-beyond-rto", make_facts(access="login"), "fail", (0.0, 0.0)),
    ("outage-beyond-rto", make_facts(access="none", years=0.2), "fail", (0.0, 0.0)),
    ("expected-hours", make_facts(), "partial", (0.5, 0.95)),
    ("expected-hours", make_facts(years=0.2), "unknown", None),
    ("expected-hours", make_facts(access="login"), "fail", (0.0, 0.0)),
    ("longest-outage", make_facts(record(3, hours=4.0)), "pass", (1.0, 1.0)),
    ("longest-outage", make_facts(record(3, hours=14.0)), "partial", (0.45, 0.55)),
    ("longest-outage", make_facts(record(3, hours=24.0)), "fail", (0.0, 0.0)),
    ("longest-outage", make_facts(), "pass", (1.0, 1.0)),
    ("longest-outage", make_facts(years=0.4), "unknown", None),
    ("record-over-rto", make_facts(record(3)), "pass", (1.0, 1.0)),
    ("record-over-rto", make_facts(record(6, hours=5.0)), "partial", (0.49, 0.51)),
    ("record-over-rto", make_facts(record(20, hours=5.0)), "fail", (0.0, 0.0)),
    ("record-over-rto", make_facts(years=0.4), "unknown", None),
    ("access", make_facts(), "pass", (1.0, 1.0)),
    ("access", make_facts(access="login"), "fail", (0.25, 0.25)),
    ("access", make_facts(access="none"), "fail", (0.0, 0.0)),
    ("access", make_facts(access="unknown"), "unknown", None),
    ("machine-readable-feed", make_facts(openness=seen("machine-readable-feed", "pass")), "pass", (1.0, 1.0)),
    ("machine-readable-feed", make_facts(openness=seen("machine-readable-feed", "partial")), "partial", (0.6, 0.6)),
    ("machine-readable-feed", make_facts(openness=seen("machine-readable-feed", "fail")), "fail", (0.0, 0.0)),
    ("machine-readable-feed", make_facts(), "unknown", None),
    ("machine-readable-feed", make_facts(access="login"), "fail", (0.0, 0.0)),
    ("history-reach", make_facts(openness=seen("history-reach", "pass", 730.0)), "pass", (1.0, 1.0)),
    ("history-reach", make_facts(openness=seen("history-reach", "pass", 729.0)), "partial", (0.7, 0.7)),
    ("history-reach", make_facts(openness=seen("history-reach", "pass", 90.0)), "fail", (0.3, 0.3)),
    ("history-reach", make_facts(openness=seen("history-reach", "pass", 89.0)), "fail", (0.0, 0.0)),
    ("history-reach", make_facts(access="unknown"), "unknown", None),
    ("component-granularity", make_facts(record(4)), "pass", (1.0, 1.0)),
    ("component-granularity", make_facts(record(4), components=4), "partial", (0.5, 0.5)),
    ("component-granularity", make_facts(record(4, components=())), "partial", (0.5, 0.5)),
    ("component-granularity", make_facts(components=0), "unknown", None),
    ("post-mortems", make_facts(record(4, postmortem_url=PAGE)), "pass", (1.0, 1.0)),
    ("post-mortems", make_facts(record(3)), "fail", (0.0, 0.0)),
    ("post-mortems", make_facts(record(2)), "unknown", None),
    ("post-mortems", make_facts(record(3), openness=seen("post-mortems", "unknown")), "unknown", None),
    ("maintenance-notice", make_facts(maintenances=windows(168)), "pass", (0.9, 0.9)),
    ("maintenance-notice", make_facts(maintenances=windows(72)), "partial", (0.5, 0.5)),
    ("maintenance-notice", make_facts(maintenances=windows(24)), "fail", (0.04, 0.1)),
    ("maintenance-notice", make_facts(maintenances=windows(-1)), "fail", (0.0, 0.0)),
    ("maintenance-notice", make_facts(maintenances=windows(168, 2)), "unknown", None),
    ("median-update-gap", make_facts(record(36, gap=15.0)), "pass", (0.9, 1.0)),
    ("median-update-gap", make_facts(record(5, gap=15.0)), "partial", (0.8, 0.89)),
    ("median-update-gap", make_facts(record(5, gap=60.0)), "partial", (0.49, 0.51)),
    ("median-update-gap", make_facts(record(5, hours=6.0, gap=None)), "fail", (0.0, 0.1)),
    ("median-update-gap", make_facts(record(4, gap=15.0)), "unknown", None),
    ("median-update-gap", make_facts(record(5, updates=()), access="login"), "fail", (0.0, 0.0)),
    ("p90-update-gap", make_facts(record(36, gap=15.0)), "pass", (0.9, 0.91)),
    ("p90-update-gap", make_facts(record(10, gap=15.0)), "partial", (0.7, 0.75)),
    ("p90-update-gap", make_facts(record(10, hours=6.0, gap=None)), "fail", (0.0, 0.2)),
    ("p90-update-gap", make_facts(record(2, gap=60.0)), "unknown", None),
    ("cover-60", make_facts(record(36, hours=4.0, gap=30.0)), "pass", (0.95, 0.96)),
    ("cover-60", make_facts(record(3, hours=4.0, gap=30.0)), "partial", (0.75, 0.75)),
    ("cover-60", make_facts(record(3, hours=4.0, gap=None)), "fail", (0.25, 0.25)),
    ("cover-60", make_facts(record(2, hours=4.0)), "unknown", None),
    ("promises-kept", make_facts(told(("component",), promised=25.0)), "partial", (0.8, 0.89)),
    ("promises-kept", make_facts(told(("component",), promised=5.0)), "fail", (0.0, 0.2)),
    ("promises-kept", make_facts(told(("component",))), "unknown", None),
    ("first-notice-delay", make_facts(stated(1, 36)), "partial", (0.85, 0.9)),
    ("first-notice-delay", make_facts(stated(1)), "partial", (0.55, 0.57)),
    ("first-notice-delay", make_facts(stated(30, 36)), "fail", (0.45, 0.46)),
    ("first-notice-delay", make_facts(stated(120)), "fail", (0.0, 0.1)),
    ("first-notice-delay", make_facts(record(9)), "unknown", None),
    ("canned-text-share", make_facts(told(("component",))), "pass", (0.97, 0.98)),
    ("canned-text-share", make_facts(told((), canned=True)), "fail", (0.0, 0.0)),
    ("canned-text-share", make_facts(record(2, gap=None)), "unknown", None),
    ("specificity", make_facts(told(ALL)), "pass", (0.93, 0.94)),
    ("specificity", make_facts(told(("component", "symptom"))), "fail", (0.42, 0.44)),
    ("specificity", make_facts(told(ALL, count=4)), "unknown", None),
    ("outages-around-changes", make_facts(record(10), maintenances=works(*range(100, 200, 20))), "fail", (0.0, 0.3)),
    ("outages-around-changes", make_facts(record(10), maintenances=works(110, 350, 470)), "pass", (1.0, 1.0)),
    ("outages-around-changes", make_facts(record(10), maintenances=works(*range(1, 1000, 4))), "unknown", None),
    ("outages-around-changes", make_facts(record(10), maintenances=works(100, 120)), "unknown", None),
    ("outages-around-changes", make_facts(record(4), maintenances=works(100, 120, 140)), "unknown", None),
    ("same-for-all", make_facts(openness=seen("same-for-all", "pass")), "pass", (1.0, 1.0)),
    ("same-for-all", make_facts(openness=seen("same-for-all", "fail")), "fail", (0.0, 0.0)),
    ("same-for-all", make_facts(access="login"), "fail", (0.0, 0.0)),
    ("same-for-all", make_facts(), "unknown", None),
    ("subscriptions", make_facts(openness=seen("subscriptions", "pass", "email, RSS, webhook, Slack, SMS, per component")), "pass", (1.0, 1.0)),
    ("subscriptions", make_facts(openness=seen("subscriptions", "partial", "email, Slack")), "partial", (0.57, 0.58)),
    ("subscriptions", make_facts(openness=seen("subscriptions", "fail", "none")), "fail", (0.0, 0.0)),
    ("subscriptions", make_facts(openness=seen("subscriptions", "unknown")), "unknown", None),
    ("subscriptions", make_facts(access="none"), "fail", (0.0, 0.0)),
    ("uptime-figures", make_facts(openness=seen("uptime-figures", "partial", True)), "partial", (0.5, 0.5)),
    ("uptime-figures", make_facts(), "unknown", None),
    ("independent-hosting", make_facts(openness=seen("independent-hosting", "pass", "apart")), "pass", (1.0, 1.0)),
    ("independent-hosting", make_facts(openness=seen("independent-hosting", "fail", "shared")), "fail", (0.0, 0.0)),
    ("independent-hosting", make_facts(), "unknown", None),
    ("language", make_facts(openness=seen("language", "partial", "en")), "partial", (0.5, 0.5)),
    ("language", make_facts(), "unknown", None),
    ("accessibility", make_facts(openness=seen("accessibility", "fail", 3.0)), "fail", (0.0, 0.0)),
    ("accessibility", make_facts(), "unknown", None),
    ("honest-labels", make_facts(worded(10, 0)), "pass", (1.0, 1.0)),
    ("honest-labels", make_facts(worded(9, 1)), "partial", (0.5, 0.5)),
    ("honest-labels", make_facts(worded(8, 2)), "fail", (0.0, 0.0)),
    ("honest-labels", make_facts(worded(4, 0)), "unknown", None),
    ("honest-labels", make_facts(record(9), openness=seen("honest-labels", "partial", 0.05)), "partial", (0.75, 0.75)),
    ("stated-times", make_facts(stated(5, 10)), "pass", (1.0, 1.0)),
    ("stated-times", make_facts(record(10)), "partial", (0.5, 0.5)),
    ("stated-times", make_facts(record(10, end_known="upper_bound")), "fail", (0.0, 0.0)),
    ("stated-times", make_facts(record(4)), "unknown", None),
    ("integrity", make_facts(record(10), openness=seen("integrity", "pass", 0.0)), "pass", (1.0, 1.0)),
    ("integrity", make_facts((*record(39), make_incident(40, gone_at=NOW))), "partial", (0.5, 0.5)),
    ("integrity", make_facts(withdrawn(20)), "fail", (0.0, 0.0)),
    ("integrity", make_facts(record(10)), "unknown", None),
    ("promises-open", make_facts(told(ALL, promised=20.0)), "partial", (0.89, 0.89)),
    ("promises-open", make_facts(told(ALL)), "fail", (0.0, 0.0)),
    ("promises-open", make_facts(told(ALL, count=4)), "unknown", None),
    ("resolution-notice", make_facts(announced(30, 10)), "pass", (1.0, 1.0)),
    ("resolution-notice", make_facts(announced(60, 10)), "pass", (1.0, 1.0)),
    ("resolution-notice", make_facts(announced(61, 10)), "fail", (0.0, 0.0)),
    ("resolution-notice", make_facts(announced(30, 4)), "unknown", None),
    ("backfill-rate", make_facts(record(8)), "pass", (1.0, 1.0)),
    ("backfill-rate", make_facts((*record(8), *(make_incident(n, backfilled=True) for n in (9, 10)))), "partial", (0.8, 0.8)),
    ("backfill-rate", make_facts(record(8, backfilled=True)), "fail", (0.0, 0.0)),
    ("backfill-rate", make_facts(record(4)), "unknown", None),
    ("silent-edits", make_facts(polled(20)), "pass", (1.0, 1.0)),
    ("silent-edits", make_facts(polled(20, edited=4)), "partial", (0.66, 0.67)),
    ("silent-edits", make_facts(polled(20, edited=20)), "fail", (0.0, 0.1)),
    ("silent-edits", make_facts(record(30)), "unknown", None),
    ("post-mortem-delay", make_facts(explained(2, 5)), "pass", (0.99, 1.0)),
    ("post-mortem-delay", make_facts(explained(10, 3)), "partial", (0.5, 0.5)),
    ("post-mortem-delay", make_facts(explained(30, 3)), "fail", (0.0, 0.1)),
    ("post-mortem-delay", make_facts(explained(2, 2)), "unknown", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "facts", "outcome", "span"), CASES, ids=[f"{c} {o} {n}" for n, (c, _, o, _) in enumerate(CASES)]
)
def test_a_check_concludes_as_the_record_deserves(check, facts, outcome, span):
    finding = registry.BY_ID[check].evaluate(make_context(facts))
    if outcome == "unknown":
        assert (finding.outcome, finding.score) == ("unknown", None)
    else:
        assert span[0] <= finding.score <= span[1], finding.reason
        assert finding.outcome == outcome
    assert finding.reason


ANSWERS = [
    ("yes", "https://vendor.example/doc", "pass", 1.0),
    ("yes", None, "partial", 0.5),
    ("partial", "https://vendor.example/doc", "partial", 0.5),
    ("partial", None, "fail", 0.25),
    ("no", None, "fail", 0.0),
    ("withheld", None, "fail", 0.0),
    ("unknown", None, "unknown", None),
]


@pytest.mark.parametrize("check", ITEMS)
@pytest.mark.parametrize(("answer", "evidence", "outcome", "score"), ANSWERS)
def test_an_answer_counts_as_it_is_backed(check, answer, evidence, outcome, score):
    given = BackupAnswer(item=ITEMS[check], answer=answer, evidence=evidence, answered_at=NOW)
    finding = registry.BY_ID[check].evaluate(make_context(make_facts(), backup=(given,)))
    assert (finding.outcome, finding.score) == (outcome, score)
    if answer == "yes" and evidence is None:
        assert "counts half" in finding.reason


@pytest.mark.parametrize("check", ITEMS)
def test_what_nobody_asked_is_unknown_and_what_was_asked_long_ago_is_stale(check):
    assert registry.BY_ID[check].evaluate(make_context(make_facts())).outcome == "unknown"
    old = BackupAnswer(item=ITEMS[check], answer="yes", answered_at=NOW - timedelta(days=366))
    assert registry.BY_ID[check].evaluate(make_context(make_facts(backup=(old,)))).outcome == "stale"


def test_the_customers_own_answer_wins_over_the_one_in_the_facts():
    theirs, ours = (BackupAnswer(item="B1", answer=a, evidence=PAGE, answered_at=NOW) for a in ("yes", "no"))
    context = make_context(make_facts(backup=(theirs,)), backup=(ours,))
    assert registry.BY_ID["export-self-service"].evaluate(context).outcome == "fail"


def test_incidents_only_a_machine_reported_count_as_silence():
    noisy = tuple(make_incident(n, updates=tuple(Update(posted_at=make_incident(n).started_at, elements=(), automated=True) for _ in range(3))) for n in range(1, 9))  # fmt: skip
    finding = registry.BY_ID["specificity"].evaluate(make_context(make_facts(noisy)))
    assert (finding.outcome, finding.score) == ("fail", 0.0)
    silence = registry.BY_ID["median-update-gap"].evaluate(make_context(make_facts(noisy)))
    assert silence.evidence[0].value == 120.0  # from the machine's notice to the end


def test_every_check_is_registered_documented_weighted_and_tried():
    files = {path.stem for path in CHECKS.glob("*.py")} - {"__init__", "registry", "document"}
    assert files == {check.meta.id.replace("-", "_") for check in registry.CHECKS}
    assert set(rubric()["weights"]) == {check.meta.id for check in registry.CHECKS}
    assert sum(rubric()["weights"].values()) == pytest.approx(100)
    tried = {case[0] for case in CASES} | set(ITEMS)
    for check in registry.CHECKS:
        meta = check.meta
        assert meta.pillar in PILLARS
        assert meta.question.endswith("?")
        assert all((meta.why, meta.how, meta.remedy, meta.references))
        assert meta.effort in ("S", "M", "L")
        assert meta.id in tried


def test_every_threshold_names_its_source_and_date():
    for check in registry.CHECKS:
        for threshold in check.meta.thresholds:
            assert threshold.source, check.meta.id
            assert threshold.dated.startswith("20"), check.meta.id
    for name, section in rubric().items():
        if isinstance(section, dict) and name in ("outages", "forecast", "confidence", "score", "caps", "recommend"):
            assert section["source"]
            assert section["dated"]


@pytest.mark.parametrize("pillar", ["outage-history", "openness", "timeliness", "backup"])
def test_pillars_weigh_what_the_method_says(pillar):
    weights = {"outage-history": 35, "openness": 15, "timeliness": 25, "backup": 25}
    total = sum(rubric()["weights"][c.meta.id] for c in registry.CHECKS if c.meta.pillar == pillar)
    assert total == pytest.approx(weights[pillar])
