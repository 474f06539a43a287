"""Where a rule turns: the value at the edge, the one just beyond it, and what is said where nothing is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessments.scoring import communication, curves, findings, metrics, observed
from assessments.scoring.checks.registry import CHECKS
from assessments.scoring.checks.specificity import incident_points
from assessments.scoring.score import judge, letter, share_out
from tests.assessments.making import NOW, PAGE, make_context, make_facts, make_incident, posts
from vendors.records import Maintenance, Observation, ObservedSpan, Page

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
YEAR = timedelta(days=365.25)
RECORD = tuple(make_incident(n) for n in range(1, 12))


def ids(cases):
    return [case[0] for case in cases]


# curves and findings


LINEAR = [
    ("good", 2.0, 1.0),
    ("beyond good", 1.0, 1.0),
    ("bad", 6.0, 0.0),
    ("beyond bad", 7.0, 0.0),
    ("a quarter", 5.0, 0.25),
]


@pytest.mark.parametrize(("value", "score"), [case[1:] for case in LINEAR], ids=ids(LINEAR))
def test_a_straight_line_runs_from_good_to_bad_and_no_further(value, score):
    assert curves.linear(value, good=2, bad=6) == score
    assert curves.linear(-value, good=-2, bad=-6) == score


@pytest.mark.parametrize(("value", "score"), [(-1, 1.0), (0, 1.0), (10, 0.9), (30, 0.5), (90, 0.1)])
def test_a_curve_passes_through_its_control_points(value, score):
    assert curves.log_normal(value, p10=10, median=30) == pytest.approx(score)


BANDS = [
    (0.9, "pass", 0.9),
    (0.8999, "partial", 0.8999),
    (0.5, "partial", 0.5),
    (0.4999, "fail", 0.4999),
    (1.7, "pass", 1.0),
    (-0.2, "fail", 0.0),
]


@pytest.mark.parametrize(("score", "outcome", "kept"), BANDS)
def test_a_score_falls_in_its_band_at_the_very_edge(score, outcome, kept):
    found = findings.scored(score, "measured")
    assert (found.outcome, found.score) == (outcome, kept)


def test_the_three_largest_incidents_are_quoted_largest_first():
    values = [(make_incident(n), value) for n, value in enumerate((1.0, 5.126, 3.0, 4.0), 1)]
    shown = findings.incident_evidence(values, "hours", "h")
    assert [(one.claim, one.value) for one in shown] == [
        ("Incident 2: hours", 5.13),
        ("Incident 4: hours", 4.0),
        ("Incident 3: hours", 3.0),
    ]


def test_a_year_old_incident_weighs_half_in_a_mean():
    context = make_context(make_facts(RECORD))
    pairs = [(make_incident(1, days_ago=0), 1.0), (make_incident(2, days_ago=365.25), 4.0)]
    assert findings.mean(context, pairs) == pytest.approx((1 * 1.0 + 0.5 * 4.0) / 1.5)
    assert findings.typical(context, pairs) == 1.0
    with pytest.raises(ValueError, match="no incidents"):
        findings.typical(context, [])


def test_few_incidents_pull_a_score_towards_the_panel_and_never_up():
    assert findings.cautious(0.0, "median-update-gap", 5) == 0.0
    near, far = (findings.cautious(1.0, "median-update-gap", count) for count in (5, 500))
    assert 0.68 < near < far < 1.0
    pseudo = 5 * (1 - near) / (near - 0.68)  # the incidents the panel counts for
    assert far == pytest.approx((500 + pseudo * 0.68) / (500 + pseudo))


CLOSED = [
    ("public", ["public"], False),
    ("login and none", ["login", "none"], True),
    ("login beside public", ["login", "public"], False),
    ("no page read", [], False),
]


@pytest.mark.parametrize(("accesses", "closed"), [case[1:] for case in CLOSED], ids=ids(CLOSED))
def test_a_vendor_is_closed_only_where_every_page_is(accesses, closed):
    pages = tuple(Page(url=f"{PAGE}/{n}", platform="p", name="P", access=a) for n, a in enumerate(accesses))
    context = make_context(make_facts(pages=pages))
    assert findings.is_closed(context) is closed
    assert (findings.hidden_record(context) is not None) is closed


def test_a_closed_page_says_where_updates_can_be_read():
    assert "only after signing in" in findings.hidden_record(make_context(make_facts(access="login"))).reason
    assert "nowhere" in findings.hidden_record(make_context(make_facts(access="none"))).reason
    assert findings.hidden_record(make_context(make_facts(RECORD, access="login"))) is None


@pytest.mark.parametrize(("years", "thin"), [(0.5, False), (0.49, True)])
def test_half_a_year_of_record_carries_an_estimate(years, thin):
    assert (findings.too_thin(make_context(make_facts(RECORD, years=years))) is not None) is thin


def test_the_newest_look_counts_and_of_equally_new_ones_the_best():
    def look(outcome, days):
        return Observation(check="language", outcome=outcome, observed_at=NOW - days * DAY, url=PAGE, value=True)

    looks = (look("fail", 3), look("partial", 1), look("pass", 1), look("unknown", 0), look("fail", 2))
    context = make_context(make_facts(openness=looks))
    assert observed.latest(context, "language") == looks[2]
    found = observed.from_observations(context, "language")
    assert (found.score, found.reason, len(found.evidence)) == (1.0, "observed on the page: pass", 4)
    assert found.evidence[0].value == "true"
    assert observed.from_observations(context, "integrity") is None


# the total


def _judged(years: float = 3.0, score: float = 1.0, **given):
    context = make_context(make_facts(RECORD, years=years))
    pairs = []
    for check in CHECKS:
        value = given.get(check.meta.id.replace("-", "_"), given.get(check.meta.pillar.replace("-", "_"), score))
        pairs.append((check.meta, findings.unknown("open") if value is None else findings.scored(value, "measured")))
    return judge(pairs, context)


@pytest.mark.parametrize(("days", "fired"), [(89.5, True), (90, False)])
def test_a_record_of_ninety_days_is_long_enough_for_an_a(days, fired):
    score, _ = _judged(years=days / 365.25)
    assert ("short-history" in [cap.id for cap in score.caps]) is fired
    assert score.value == (84.99 if fired else 100.0)


def test_the_weakest_of_the_two_links_sets_the_ceiling():
    for weak in ("outage_history", "backup"):
        score, pillars = _judged(**{weak: 0.2})
        assert (score.value, score.high) == (45.0, 45.0)
        assert score.caps[0].without == pytest.approx(100 - 0.8 * (35 if weak == "outage_history" else 25))
        assert score.caps[0].contribution == pytest.approx(45.0 - score.caps[0].without)
        assert {p.id: p.value for p in pillars}[weak.replace("_", "-")] == 20.0
    assert _judged(timeliness=0.2)[0].value == 80.0


def test_one_of_export_and_separate_backup_is_enough_to_stay_uncapped():
    one, _ = _judged(export_self_service=0.0)
    both, _ = _judged(export_self_service=0.0, backup_separation=0.0)
    assert (one.value, one.caps) == (97.5, ())
    assert (both.value, [cap.id for cap in both.caps]) == (54.99, ["no-copy-no-export"])


def test_a_pillar_shows_how_much_of_it_is_known_and_its_span():
    _, pillars = _judged(access=None, openness=0.5)
    openness = pillars[1]
    assert (openness.value, openness.weight, openness.coverage) == (50.0, 15.0, round(12.9 / 15, 4))
    assert (openness.low, openness.high) == (pytest.approx(43.0), pytest.approx(57.0))
    assert {c.id: c.remedy is None for c in openness.checks}["access"] is False
    assert all(c.remedy is None for c in pillars[0].checks)


COVER = [
    ("just enough", {"backup": None, "openness": None}, True),
    ("too little", {"backup": None, "openness": None, "specificity": None}, False),
]


@pytest.mark.parametrize(("given", "shown"), [case[1:] for case in COVER], ids=ids(COVER))
def test_a_total_takes_six_tenths_of_the_weight(given, shown):
    score, _ = _judged(**given)
    assert (score.value is not None) is shown
    assert score.coverage == pytest.approx(0.6 if shown else 0.53)


@pytest.mark.parametrize(
    ("value", "previous", "expected"),
    [
        (72, "C", "B"),
        (71.99, "C", "C"),
        (68, "B", "B"),
        (67.99, "B", "C"),
        (0, None, "F"),
        (25, "Z", "E"),
        (100, "F", "A"),
        (23, "E", "E"),
        (22.99, "E", "F"),
    ],
)
def test_a_letter_holds_until_two_points_past_its_edge(value, previous, expected):
    assert letter(value, previous=previous) == expected


# the record


LATER = NOW + 2 * HOUR
KNOWN = [
    ("still to come", {"days_ago": 0.0}, -1, 0, None),
    ("ended by then", {"days_ago": 1.0}, 2, 1, "stated"),
    ("ended at that moment", {"days_ago": 2 / 24}, 0, 1, "stated"),
    ("not ended yet", {"days_ago": 1 / 24}, 0, 1, "open"),
]


@pytest.mark.parametrize(("fields", "hours", "count", "end"), [case[1:] for case in KNOWN], ids=ids(KNOWN))
def test_what_lies_ahead_is_not_known_yet(fields, hours, count, end):
    facts = make_facts((make_incident(1, **fields),), as_of=LATER)
    known = metrics.as_known(facts, NOW + hours * HOUR if hours < 0 else NOW)
    assert len(known.incidents) == count
    if count:
        assert known.incidents[0].end_known == end
        assert (known.incidents[0].resolved_at is None) is (end == "open")
        assert all(update.posted_at <= NOW for update in known.incidents[0].updates)
    assert known.window.end == min(NOW, known.as_of)


def test_a_window_that_has_not_begun_covers_nothing():
    facts = make_facts(years=1.0)
    before = metrics.as_known(facts, NOW - 2 * YEAR)
    assert (before.window.start, before.window.end) == (None, None)
    assert metrics.window_years(before) == 0.0
    assert metrics.window_years(facts) == pytest.approx(1.0)


def test_notices_are_timed_from_the_stated_start():
    start = NOW - 3 * DAY
    late = {"started_at": start, "first_posted_at": start + 0.5 * HOUR, "resolved_at": start + 3 * HOUR}
    rows = (
        make_incident(1, **late, start_stated=True),
        make_incident(2, **late),
        make_incident(3, **late, start_stated=True, backfilled=True),
        make_incident(4, **late | {"first_posted_at": None}, start_stated=True),
        make_incident(5, **late, start_stated=True, impact="none"),
    )
    assert [(one.id, minutes) for one, minutes in metrics.notice_delays(make_facts(rows), NOW)] == [("i1", 30.0)]


def test_the_record_in_figures():
    rows = [make_incident(n, days_ago=30.0 * n, hours=h, components=()) for n, h in enumerate((1, 2, 4, 5, 9), 1)]
    rows += [make_incident(7, impact="minor", days_ago=300), make_incident(8, days_ago=-1)]
    rows.append(make_incident(9, days_ago=0.1, hours=None))
    record = metrics.published_record(make_facts(rows, years=2.0), NOW, rto_hours=4)
    assert (record.incidents, record.outages, record.over_rto, record.open_now) == (7, 6, 2, 1)
    assert (record.longest_hours, record.median_hours) == (9.0, pytest.approx(3.2))
    assert record.p90_hours == pytest.approx(7.0)
    typical = record.accounting[1]
    assert typical.hours_per_year == pytest.approx(typical.hours / 2)


def test_an_outage_carries_the_largest_share_and_the_widest_bounds():
    day = NOW - 10 * DAY
    known = make_incident(1, started_at=day, resolved_at=day + 3 * HOUR, components=("Mail",))
    vague = make_incident(
        2, started_at=day + HOUR, resolved_at=None, end_known="unknown", components=("Mail", "Part 1")
    )
    (outage,) = metrics.outages(make_facts((known, vague)), NOW)
    assert (outage.hours, outage.least_hours, outage.most_hours) == (3.0, 3.0, None)
    assert (outage.parts, outage.share) == (pytest.approx(2 / 6), pytest.approx(2 / 6 * 0.5))
    assert (outage.start, outage.end, outage.is_open, outage.core) == (day, day + 3 * HOUR, False, True)


@pytest.mark.parametrize(("names", "known"), [(5, 5), (4, 0)])
def test_parts_named_by_incidents_stand_in_for_a_short_list(names, known):
    rows = [make_incident(n, components=(f"Part {n}",)) for n in range(1, names)]
    assert len(metrics.component_names(make_facts(rows, components=1))) == known


# what was said


def test_silence_of_an_open_incident_runs_to_now():
    told = posts(make_incident(days_ago=1 / 24, hours=None), 0, 40)
    assert communication.gaps_minutes(told, NOW) == pytest.approx([40, 20])
    assert communication.silence_minutes(told, NOW) == pytest.approx(40)
    assert communication.cover_share(told, NOW, minutes=30) == pytest.approx(50 / 60)


def test_no_time_has_no_share_of_it_covered():
    still = posts(make_incident(hours=0.0), 0)
    assert communication.gaps_minutes(still, NOW) == []
    assert communication.silence_minutes(still, NOW) is None
    assert communication.cover_share(still, NOW) is None
    assert communication.promised_share(still, NOW) is None


@pytest.mark.parametrize(("fields", "lasts"), [({}, True), ({"days_ago": 20.0, "hours": None, "gap": None}, False)])
def test_an_incident_left_open_says_nothing_of_the_habit(fields, lasts):
    assert bool(communication.lasting(make_facts((make_incident(**fields),)), NOW)) is lasts


def test_a_machine_makes_no_promise():
    one = posts(make_incident(), 0, automated=True, promised_at=NOW)
    assert communication.promises(make_facts((one,)), NOW, slack_minutes=5) == []


POINTS = [
    ("nothing posted", (), None, 0.0),
    ("words not read", (0,), None, None),
    ("all of it in the first hour", (0, 60), ("component", "symptom"), 1.0),
    ("all of it later", (61,), ("component", "symptom"), 0.7),
]


@pytest.mark.parametrize(("minutes", "elements", "share"), [case[1:] for case in POINTS], ids=ids(POINTS))
def test_three_tenths_are_for_the_best_post_of_the_first_hour(minutes, elements, share):
    full = incident_points(posts(make_incident(hours=3.0), 0, elements=("component", "symptom")))
    found = incident_points(posts(make_incident(hours=3.0), *minutes, elements=elements))
    assert found == (None if share is None else pytest.approx(share * full))


CENTS = [
    ("the largest remainder gains", {"a": 1.002, "b": 1.004, "c": 1.004}, ["1.00", "1.01", "1.00"]),
    ("the largest excess loses", {"a": 1.008, "b": 1.006, "c": 1.006}, ["1.01", "1.00", "1.01"]),
    ("no negative zero", {"a": -0.001}, ["0.00"]),
]


@pytest.mark.parametrize(("lines", "shown"), [case[1:] for case in CENTS], ids=ids(CENTS))
def test_a_cent_goes_where_rounding_took_most(lines, shown):
    assert [str(value) for value in share_out(lines).values()] == shown


def test_spans_windows_and_looks_are_cut_to_what_was_known():
    spans = [
        ObservedSpan(start=NOW - n * HOUR, end=None if n == 5 else NOW + n * HOUR, observer="probe")
        for n in (-1, 0, 1, 5)
    ]
    works = [
        Maintenance(id=f"m{n}", title="Work", announced_at=NOW + n * HOUR, completed_at=NOW + n * HOUR + 2 * HOUR)
        for n in (-3, -2, -1, 0, 1)
    ]
    looks = [Observation(check="language", outcome="pass", observed_at=NOW + n * HOUR) for n in (0, 1)]
    facts = make_facts(observed=tuple(spans), maintenances=tuple(works), openness=tuple(looks), as_of=NOW + DAY)
    known = metrics.as_known(facts, NOW)
    assert [(span.start, span.end) for span in known.observed] == [
        (NOW, NOW),
        (NOW - HOUR, None),
        (NOW - 5 * HOUR, None),
    ]
    assert [(m.id, m.completed_at) for m in known.maintenances] == [
        ("m-3", NOW - HOUR),
        ("m-2", NOW),
        ("m-1", None),
        ("m0", None),
    ]
    assert known.openness == (looks[0],)
    assert metrics.as_known(facts, NOW - DAY).openness == tuple(looks)  # none is old enough: the later ones stand in


@pytest.mark.parametrize(("minutes", "kept"), [(5, None), (6, False)])
def test_a_promise_is_broken_only_after_its_slack(minutes, kept):
    one = posts(make_incident(days_ago=1, hours=None), 0, promised_at=NOW - minutes * HOUR / 60)
    assert [p.kept for p in communication.promises(make_facts((one,)), NOW, slack_minutes=5)] == [kept]
