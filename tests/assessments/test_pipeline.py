"""The whole judgement: reproducible, fair to open vendors, and honest about what broke."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from assessments.scoring import pipeline
from assessments.scoring.metrics import outages, published_record, weighted_hours
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import AssessmentError, assess, decode, encode
from tests.assessments.making import NOW, looked_at, make_facts, make_incident
from vendors.catalogue import index
from vendors.records import Incident, Update

ROOT = Path(__file__).resolve().parents[2]
RECORD = tuple(make_incident(n, hours=1.0 + n % 5) for n in range(1, 26))


def total(facts) -> float:
    """The printed total; 0 where none is printed, which no vendor gains by."""
    return assess(facts, Needs(), as_of=NOW).score.value or 0.0


def test_the_same_facts_give_the_same_bytes_on_any_machine():
    code = (
        "import sys; from vendors.catalogue import index; from assessments.scoring.model import Needs\n"
        "from assessments.scoring.pipeline import assess, encode\n"
        "f = index.load('slack'); sys.stdout.buffer.write(encode(assess(f, Needs(), as_of=f.as_of)))"
    )
    outputs = set()
    for seed, zone in (("0", "UTC"), ("7", "Asia/Tokyo")):
        environ = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)}
        outputs.add(subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, check=True).stdout)
    assert len(outputs) == 1
    facts = index.load("slack")
    assert outputs == {encode(assess(facts, Needs(), as_of=facts.as_of))}


def test_an_assessment_survives_its_own_file():
    made = assess(make_facts(RECORD), Needs(), as_of=NOW)
    assert decode(encode(made)) == made


@pytest.mark.parametrize(
    ("change", "path"),
    [(lambda d: d["score"].update(low="x"), "$.score.low"), (lambda d: d.update(surprise=1), "surprise")],
)
def test_a_broken_document_is_refused_with_the_path(change, path):
    data = msgspec.json.decode(encode(assess(make_facts(RECORD), Needs(), as_of=NOW)))
    change(data)
    with pytest.raises(AssessmentError, match=path.replace("$", r"\$").replace(".", r"\.")):
        decode(msgspec.json.encode(data))


def test_the_order_of_incidents_does_not_matter():
    assert encode(assess(make_facts(RECORD), Needs(), as_of=NOW)) == encode(
        assess(make_facts(RECORD[::-1]), Needs(), as_of=NOW)
    )


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        assess(make_facts(), Needs(), as_of=NOW.replace(tzinfo=None))


def test_a_vendor_without_a_single_incident_is_judged_with_its_unknowns():
    made = assess(make_facts(), Needs(), as_of=NOW)
    assert made.record.outages == 0
    assert made.record.longest_hours is None
    assert made.score.low < made.score.high
    assert {c.outcome for p in made.pillars if p.id == "timeliness" for c in p.checks} == {"unknown"}


def test_one_open_incident_is_counted_and_not_measured():
    made = assess(make_facts((make_incident(1, days_ago=0.2, hours=None),)), Needs(), as_of=NOW)
    assert made.record.open_now == 1
    assert "open-now" in made.forecast.flags


def with_update(incident: Incident, **fields) -> Incident:
    at = incident.started_at + timedelta(minutes=10)
    extra = Update(posted_at=at, elements=("component", "symptom", "cause", "region"), canned=False, **fields)
    return msgspec.structs.replace(incident, updates=(*incident.updates, extra))


def test_saying_more_never_lowers_the_total():
    said = (with_update(RECORD[0]), *RECORD[1:])
    assert total(make_facts(said)) >= total(make_facts(RECORD))


def test_a_post_mortem_never_lowers_the_total():
    explained = (msgspec.structs.replace(RECORD[0], postmortem_url="https://vendor.example/report"), *RECORD[1:])
    assert total(make_facts(explained)) >= total(make_facts(RECORD))


def test_one_more_minor_incident_moves_the_outage_pillar_by_a_point_at_most():
    minor = make_incident(99, days_ago=33, impact="minor")
    before, after = (assess(make_facts(r), Needs(), as_of=NOW).pillars[0].value for r in (RECORD, (*RECORD, minor)))
    assert abs(before - after) <= 1


@pytest.mark.parametrize("access", ["login", "none"])
def test_going_dark_never_raises_the_total(access):
    shown, dark = make_facts(RECORD, openness=looked_at()), make_facts(RECORD, access=access)
    silent = tuple(msgspec.structs.replace(i, updates=()) for i in RECORD)
    assert assess(dark, Needs(), as_of=NOW).score.low <= assess(shown, Needs(), as_of=NOW).score.low
    assert total(dark) <= total(shown)
    assert total(make_facts(silent, access=access)) <= total(shown)


def test_splitting_an_incident_changes_no_downtime_and_no_outage():
    whole = make_incident(3, hours=4.0, gap=None)
    middle = whole.started_at + timedelta(hours=2)
    halves = (
        msgspec.structs.replace(whole, id="a", resolved_at=middle + timedelta(minutes=1)),
        msgspec.structs.replace(whole, id="b", started_at=middle, first_posted_at=middle),
    )
    one, two = make_facts((whole,)), make_facts(halves)
    assert weighted_hours(one, NOW, "typical") == pytest.approx(weighted_hours(two, NOW, "typical"))
    assert [o.hours for o in outages(two, NOW)] == [o.hours for o in outages(one, NOW)] == [4.0]


def test_counting_strictly_never_gives_less_downtime_than_counting_leniently():
    record = published_record(make_facts((*RECORD, make_incident(60, impact="minor"))), NOW, rto_hours=4)
    hours = {line.preset: line.hours for line in record.accounting}
    assert hours["strict"] > hours["typical"] > hours["lenient"] > 0


def test_nothing_posted_after_the_time_of_judgement_is_used():
    early = NOW - timedelta(days=205)
    past = tuple(i for i in RECORD if i.started_at < early)
    full = assess(make_facts(RECORD), Needs(), as_of=early)
    cut = assess(make_facts(past), Needs(), as_of=early)
    assert full.score == cut.score
    assert full.record == cut.record


def test_a_check_that_breaks_is_told_and_lowers_nothing(monkeypatch, caplog):
    from assessments.scoring.model import Check

    def broken(context):
        raise ZeroDivisionError("no such luck")

    checks = tuple(Check(c.meta, broken) if c.meta.id == "cover-60" else c for c in pipeline.CHECKS)
    before = assess(make_facts(RECORD), Needs(), as_of=NOW)
    monkeypatch.setattr(pipeline, "CHECKS", checks)
    with caplog.at_level("ERROR"):
        after = assess(make_facts(RECORD), Needs(), as_of=NOW)
    result = next(c for c in after.pillars[2].checks if c.id == "cover-60")
    assert result.outcome == "error"
    assert "no such luck" in result.reason
    assert result.score is None
    assert after.score.coverage < before.score.coverage
    assert "cover-60" in caplog.text


def test_a_tighter_rto_is_never_easier_to_keep():
    chances = [assess(make_facts(RECORD), Needs(rto_hours=h), as_of=NOW).forecast.p_exceed for h in (1, 4, 8, 24)]
    assert chances == sorted(chances, reverse=True)
