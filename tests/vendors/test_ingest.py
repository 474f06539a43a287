"""Facts in, facts out: nothing lost, nothing doubled, nothing bettered by a failed read."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from riskboard.errors import Refused
from tests.assessments.making import NOW, PAGE, make_facts, make_incident
from vendors import models
from vendors.catalogue import index
from vendors.facts import facts_of
from vendors.facts_file import normalise
from vendors.fetching import TooSlow, Unreachable
from vendors.ingest import ingest_facts, refresh_page
from vendors.records import BackupAnswer, Conflict, Maintenance, Observation, SourceNote, Update
from vendors.sources.base import Raw

pytestmark = pytest.mark.django_db
SITE = "https://status.vendor.example"


def rich():
    """Facts that use every field."""
    first = make_incident(
        1,
        postmortem_url=PAGE,
        conflicts=(Conflict(field="started_at", used="a", instead_of="b", why="c"),),
        updates=(
            Update(
                posted_at=NOW - timedelta(days=20),
                text="Mail is late.",
                first_seen_at=NOW - timedelta(days=19),
                edited=True,
            ),
            Update(
                posted_at=NOW - timedelta(days=19),
                elements=("cause",),
                canned=False,
                promised_at=NOW - timedelta(days=18),
            ),
            Update(posted_at=NOW - timedelta(days=18), elements=(), automated=True, state="resolved"),
        ),
    )
    return make_facts(
        (first, make_incident(2, hours=None), make_incident(3, impact=None, resolved_at=None, end_known="unknown")),
        maintenances=(
            Maintenance(
                id="m1", title="Work", announced_at=NOW - timedelta(days=4), scheduled_for=NOW - timedelta(days=3)
            ),
        ),
        openness=(Observation(check="access", outcome="pass", observed_at=NOW, value="public", url=PAGE, note="seen"),),
        backup=(BackupAnswer(item="B1", answer="yes", evidence=PAGE, answered_at=NOW),),
        sources=(SourceNote(name="test", retrieved="2026", sha256="0" * 64),),
    )


@pytest.mark.parametrize("name", ["rich", "microsoft-bpos-2011", "trello", "pagerduty"])
def test_facts_come_back_as_they_went_in(name):
    facts = rich() if name == "rich" else index.load(name)
    assert facts_of(ingest_facts(facts), as_of=facts.as_of) == normalise(facts)


def everything() -> str:
    rows = []
    for model in (
        models.Vendor,
        models.StatusPage,
        models.Component,
        models.Incident,
        models.IncidentUpdate,
        models.Maintenance,
        models.Observation,
        models.Snapshot,
        models.Body,
    ):
        fields = [f.attname for f in model._meta.concrete_fields if f.name not in ("created_at",)]
        rows.append([str(row) for row in model.objects.order_by("pk").values_list(*fields)])
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_the_same_payload_ten_times_shuffled_changes_nothing_after_the_first():
    facts = index.load("trello")
    ingest_facts(facts)
    first = everything()
    for seed in range(10):
        dice = random.Random(seed)
        shuffled = msgspec.structs.replace(
            facts,
            incidents=tuple(
                msgspec.structs.replace(i, updates=tuple(dice.sample(i.updates, len(i.updates))))
                for i in dice.sample(facts.incidents, len(facts.incidents))
            ),
        )
        ingest_facts(shuffled)
        assert everything() == first


def test_reading_facts_asks_as_often_for_many_rows_as_for_few():
    counts = []
    facts_of(ingest_facts(make_facts(())), as_of=NOW)  # the workspace is looked up once
    for number in (2, 60):
        facts = make_facts(tuple(make_incident(n) for n in range(1, number)))
        vendor = ingest_facts(facts)
        with CaptureQueriesContext(connection) as asked:
            facts_of(vendor, as_of=NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9


def test_another_wording_of_a_post_is_used_and_the_first_is_kept():
    before = make_facts((make_incident(1, updates=(Update(posted_at=NOW - timedelta(days=20), text="All is well."),)),))
    after = make_facts(
        (make_incident(1, updates=(Update(posted_at=NOW - timedelta(days=20), text="Mail was lost."),)),)
    )
    ingest_facts(before)
    vendor = ingest_facts(after)
    (incident,) = facts_of(vendor, as_of=NOW).incidents
    assert [update.text for update in incident.updates] == ["Mail was lost."]
    assert models.IncidentUpdate.objects.filter(superseded=True).count() == 1


def test_what_vanishes_from_the_page_stays_in_the_record():
    ingest_facts(make_facts((make_incident(1), make_incident(2))))
    vendor = ingest_facts(make_facts((make_incident(2),)))
    assert len(facts_of(vendor, as_of=NOW).incidents) == 2


def wire(number: int = 1, **fields) -> dict:
    start = NOW - timedelta(days=number)
    return {
        "id": f"inc{number:09d}", "name": "Mail delayed", "status": "resolved", "impact": "major",
        "created_at": start.isoformat(), "started_at": start.isoformat(), "updated_at": NOW.isoformat(),
        "resolved_at": (start + timedelta(hours=2)).isoformat(), "shortlink": f"{SITE}/i/{number}",
        "incident_updates": [
            {"id": f"upd{number}", "status": "investigating", "body": "Mail is delayed.", "created_at": start.isoformat(),
             "updated_at": start.isoformat(), "display_at": start.isoformat()},
        ],
        "components": [{"id": "c1", "name": "Mail"}],
    } | fields  # fmt: skip


def site(incidents: list[dict], /, **overrides: object):
    """A fetch that serves a small Statuspage; an override is a body, or an error to raise."""
    page = {
        "id": "abcdef123456",
        "name": "Vendor Status",
        "url": SITE,
        "time_zone": "Etc/UTC",
        "updated_at": NOW.isoformat(),
    }
    banner = {"indicator": "none", "description": "All Systems Operational"}
    parts = [{"id": "c1", "name": "Mail", "status": "operational", "group": False}]
    bodies = {
        "/api/v2/summary.json": {"page": page, "status": banner, "components": parts, "incidents": [], "scheduled_maintenances": []},
        "/api/v2/incidents.json": {"page": page, "incidents": incidents},
        "/api/v2/scheduled-maintenances.json": {"page": page, "scheduled_maintenances": []},
    }  # fmt: skip

    def fetch(url: str, **options) -> Raw:
        path = url.removeprefix(SITE).split("?")[0]
        served = overrides.get(path.rsplit("/", 1)[-1].split(".")[0], bodies.get(path))
        if isinstance(served, Exception):
            raise served
        if served is None:
            raise Unreachable(f"{url} answers with HTTP 404", status=404)
        body = served if isinstance(served, bytes) else json.dumps(served).encode()
        return Raw(url=url, final_url=url, body=body, fetched_at=NOW, content_type="application/json")

    return fetch


def test_a_page_is_read_and_its_answers_are_kept_byte_for_byte():
    page = refresh_page(SITE, as_of=NOW, fetch=site([wire(1), wire(2)]))
    facts = facts_of(page.vendor, as_of=NOW)
    assert [i.impact for i in facts.incidents] == ["major", "major"]
    assert facts.pages[0].state == "ok"
    assert facts.incidents[0].updates[0].first_seen_at == NOW
    for kept in models.Snapshot.objects.select_related("body"):
        assert hashlib.sha256(kept.body.data).hexdigest() == kept.sha256
    count = models.Snapshot.objects.count()
    assert count >= 2
    refresh_page(SITE, as_of=NOW + timedelta(hours=1), fetch=site([wire(1), wire(2)]))
    assert models.Snapshot.objects.count() == count


FAILURES = {
    "no answer": {"summary": TooSlow("too slow"), "incidents": TooSlow("too slow")},
    "a web page": {"summary": b"<html>moved</html>", "incidents": b"<html>moved</html>"},
    "cut-off JSON": {"incidents": b'{"page": {"id": "abcdef123456", "na'},
    "another shape": {"incidents": b'{"incidents": 7}'},
    "gone": {"summary": Unreachable("404", status=404), "incidents": Unreachable("404", status=404)},
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_a_failed_read_changes_no_fact_and_is_told(failure):
    page = refresh_page(SITE, as_of=NOW, fetch=site([wire(1)]))
    before = facts_of(page.vendor, as_of=NOW)
    with pytest.raises(Refused):
        refresh_page(SITE, as_of=NOW + timedelta(hours=1), fetch=site([], **failure))
    page.refresh_from_db()
    after = facts_of(page.vendor, as_of=NOW)
    assert after.incidents == before.incidents
    assert page.fault
    assert page.state == "unknown"


def test_an_empty_list_is_no_evidence_against_what_was_seen():
    page = refresh_page(SITE, as_of=NOW, fetch=site([wire(1), wire(2)]))
    refresh_page(SITE, as_of=NOW + timedelta(hours=1), fetch=site([]))
    assert len(facts_of(page.vendor, as_of=NOW + timedelta(hours=1)).incidents) == 2


def test_a_page_that_is_none_is_refused_and_leaves_nothing():
    with pytest.raises(Refused):
        refresh_page(SITE, as_of=NOW, fetch=site([], **{"summary": b"<html></html>", "incidents": b"<html></html>"}))
    assert models.Vendor.objects.count() == 0
    assert models.Snapshot.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"started_at": NOW, "resolved_at": NOW - timedelta(hours=1), "impact": "major"},
        {"started_at": NOW, "impact": "dire"},
    ],
    ids=["ends before it starts", "unknown impact"],
)
def test_the_database_itself_refuses_impossible_incidents(fields):
    page = ingest_facts(make_facts()).pages.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Incident.objects.create(page=page, external_id="x", document={}, digest="0", **fields)


def test_one_incident_stands_once_on_a_page():
    page = ingest_facts(make_facts((make_incident(1),))).pages.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Incident.objects.create(
            page=page, external_id="i1", document={}, digest="0", started_at=datetime(2025, 1, 1, tzinfo=UTC)
        )
