"""What holds of the rows whatever was killed: asked after each scenario, of the database itself."""

from __future__ import annotations

from tests.faults.harness import Query, effects

# What must not be found, and the rows it would be found in.
NEVER = {
    "a job begun more often than it may": "select id from jobs_job where attempts > 3",
    "a job that ended at no time": "select id from jobs_job where state in ('done', 'failed', 'dead') and finished_at is null",
    "a job that ended before it began": "select id from jobs_job where state = 'done' and finished_at < started_at",
    "an assessment without facts": "select id from assessments_assessmentrow where length(facts) = 0 or facts_sha256 = ''",
    "an incident that ended before it began": "select id from vendors_incident where resolved_at < started_at",
    "a message sent at no time": "select id from assessments_delivery where state = 'sent' and sent_at is null",
    "two messages of one notice by one channel": (
        "select channel_id from assessments_delivery group by channel_id, notice_id having count(*) > 1"
    ),
    "an audit entry numbered before an older one": (
        "select b.id from accounts_auditentry a join accounts_auditentry b on b.id > a.id and b.at < a.at"
    ),
    "two effects of one job": (
        "select name from vendors_vendor where slug like 'effect-%' group by name having count(*) > 1"
    ),
}


def broken(query: Query) -> list[str]:
    """What was found that never may be, with how many rows; [] where all holds."""
    found = {told: len(query(sql)) for told, sql in NEVER.items()}
    return [f"{count} x {told}" for told, count in found.items() if count]


def all_done(query: Query, jobs: int) -> list[str]:
    """What is wrong with the effects of `jobs` jobs, besides what never may be."""
    wrong = broken(query)
    count = effects(query)
    lost = jobs - len(count)
    if lost:
        wrong.append(f"{lost} jobs without effect")
    if any(n > 1 for n in count.values()):
        wrong.append(f"{sum(n > 1 for n in count.values())} jobs twice in effect")
    return wrong
