"""What independent evidence does to the judgement: how much is taken to be published, how late the first notice is."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from assessments.forecast.engine import forecast
from assessments.report.phrases import FLAGS
from assessments.scoring import communication, metrics
from assessments.scoring.checks import component_granularity, first_notice_delay, post_mortems
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from tests.assessments.making import NOW, make_context, make_facts, make_incident
from vendors.records import Incident, ObservedSpan, VendorFacts

RECORD = tuple(make_incident(n, hours=1.0 + n % 5) for n in range(1, 12))


def matched(number: int, *, minutes_before: float = 10, observer: str = "probe") -> ObservedSpan:
    """A failure seen from some minutes before an incident of RECORD was posted."""
    start = RECORD[number - 1].started_at - timedelta(minutes=minutes_before)
    return ObservedSpan(start=start, end=start + timedelta(hours=1), observer=observer)


def unmatched(number: int, *, minutes: float = 40) -> ObservedSpan:
    """A failure seen ten days from any incident of RECORD."""
    start = NOW - timedelta(days=20.0 * number + 10)
    return ObservedSpan(start=start, end=start + timedelta(minutes=minutes), observer="probe")


def reported(days_ago: float, **fields: object) -> Incident:
    base = make_incident(1, days_ago=days_ago, updates=(), first_posted_at=None, id=f"r{days_ago}", page="about:ticket")
    return replace(base, reported="ticket", **fields)


def ask(facts: VendorFacts):
    return forecast(facts, as_of=NOW, rto_hours=4)


def share_and_risk(spans: list[ObservedSpan], access: str = "public") -> tuple[float, float]:
    made = ask(make_facts(RECORD, observed=tuple(spans), access=access))
    return made.disclosure_mean, made.p_exceed


def test_without_evidence_the_forecast_keeps_its_bytes() -> None:
    facts = make_facts(RECORD)
    made = ask(facts)
    assert made.disclosure_mean == 8 / 12
    assert "independent-observer" not in made.flags
    uncounted = (unmatched(1, minutes=4), ObservedSpan(start=NOW - timedelta(days=9000), end=None, observer="probe"))
    assert msgspec.json.encode(ask(replace(facts, observed=uncounted))) == msgspec.json.encode(made)


def test_what_was_seen_updates_the_share_published_and_is_flagged() -> None:
    made = ask(make_facts(RECORD, observed=(matched(1), matched(2), unmatched(3))))
    assert made.disclosure_mean == pytest.approx((8 + 2) / (12 + 3))
    assert "independent-observer" in made.flags
    assert "independent-observer" in FLAGS


@settings(max_examples=40)
@given(
    st.sets(st.integers(1, 11)),
    st.sets(st.integers(1, 30)),
    st.integers(1, 11),
    st.sampled_from(["public", "login", "none"]),
)
def test_one_more_matched_span_never_lowers_the_share_and_an_unmatched_one_never_lowers_the_risk(
    told, missed, more, access
) -> None:
    spans = [matched(n) for n in told] + [unmatched(n) for n in missed]
    share, risk = share_and_risk(spans, access)
    assert share_and_risk([*spans, matched(more, observer="second")], access)[0] >= share
    worse, higher = share_and_risk([*spans, unmatched(31 + more)], access)
    assert worse <= share
    assert higher >= risk - 1e-12


def test_no_number_of_misses_makes_an_open_page_worse_than_none_at_all() -> None:
    many = [unmatched(n) for n in range(1, 54)]
    assert share_and_risk(many, "public")[0] >= 0.1
    assert share_and_risk(many, "none")[0] == pytest.approx(0.1)


def test_a_page_behind_a_login_that_is_seen_to_tell_everything_is_trusted_more() -> None:
    assert share_and_risk([matched(n) for n in range(1, 12)], "login")[0] == pytest.approx((2 + 11) / (8 + 11))


def test_what_was_seen_later_does_not_leak_into_an_earlier_forecast() -> None:
    early = NOW - timedelta(days=115)
    facts = make_facts(RECORD, observed=(matched(2), unmatched(1), matched(9), unmatched(8)))
    known = metrics.as_known(facts, early)
    assert len(known.observed) == 2
    assert forecast(facts, as_of=early, rto_hours=4) == forecast(
        replace(facts, observed=(matched(9), unmatched(8))), as_of=early, rto_hours=4
    )


def test_the_first_notice_is_timed_by_the_observer_where_no_start_is_stated() -> None:
    facts = make_facts(RECORD, observed=tuple(matched(n, minutes_before=30) for n in range(1, 7)))
    assert first_notice_delay.evaluate(make_context(make_facts(RECORD))).outcome == "unknown"
    found = first_notice_delay.evaluate(make_context(facts))
    assert "30 minutes" in found.reason
    assert "observed" in found.reason
    assert 0.32 < (found.score or 0) < 0.33  # half marks for 30 minutes, pulled towards the panel by only six incidents


def test_a_start_the_vendor_states_goes_before_the_one_observed() -> None:
    stated = replace(RECORD[0], start_stated=True, first_posted_at=RECORD[0].started_at + timedelta(minutes=7))
    facts = make_facts((stated, *RECORD[1:]), observed=(matched(1, minutes_before=30), matched(2, minutes_before=-3)))
    assert [delay for _, delay in metrics.notice_delays(facts, NOW)] == [7.0, -3.0]


def test_an_outage_learnt_elsewhere_raises_the_risk_and_judges_no_post() -> None:
    record = RECORD[:4]
    with_it = make_facts((*record, *(reported(200 + n * 7.5, resolved_at=None, end_known="unknown") for n in range(6))))
    without = make_facts(record)
    assert ask(with_it).n == ask(without).n + 6
    assert ask(with_it).p_exceed > ask(without).p_exceed
    shown, all_told = (metrics.published_record(facts, NOW, rto_hours=4) for facts in (without, with_it))
    assert (all_told.incidents, all_told.outages) == (shown.incidents, shown.outages + 6)
    assert communication.talked_about(with_it, NOW) == communication.talked_about(without, NOW)
    for check in (component_granularity, post_mortems, first_notice_delay):
        assert check.evaluate(make_context(with_it)) == check.evaluate(make_context(without))


def test_the_same_outage_told_and_reported_counts_once() -> None:
    twin = reported(20.0)
    assert ask(make_facts((*RECORD, twin))).n == ask(make_facts(RECORD)).n


def test_an_assessment_with_evidence_is_the_same_each_time() -> None:
    facts = make_facts((*RECORD, reported(33.0)), observed=(matched(1), unmatched(2)))
    turned = replace(facts, observed=facts.observed[::-1], incidents=facts.incidents[::-1])
    assert assess(facts, Needs(), as_of=NOW) == assess(turned, Needs(), as_of=NOW)
