"""The backtest: no row sees its future, scores are proper, and the page says what the numbers say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from math import inf, log

import msgspec
import numpy
import pytest
from scipy import stats

from assessments.forecast.backtest import measures, page
from assessments.forecast.backtest.panel import rows
from assessments.forecast.backtest.predict import Climatology, Simulator, fitted
from assessments.forecast.backtest.priors import estimate, gamma_by_likelihood
from assessments.forecast.backtest.run import MAIN, backtest, trials
from assessments.forecast.baseline import laplace, last_year_repeats, maximum_likelihood
from assessments.forecast.fitting import Prior, panel_prior, shipped
from assessments.forecast.history import Event, History
from assessments.scoring.rubric import rubric
from riskboard import cli
from tests.assessments.making import NOW, make_facts, make_incident
from vendors.catalogue import index
from vendors.records import Vendor


def record(slug: str = "vendor", *, years: float = 5.0, every: float = 30.0, hours: float = 3.0, **fields):
    made = tuple(
        make_incident(n, days_ago=every * n, hours=hours + n % 5, components=("Mail",) if n % 3 else ("Files",))
        for n in range(1, int(years * 365 / every))
    )
    return make_facts(made, years=years, vendor=Vendor(name=slug, slug=slug, category="email"), **fields)


def test_rows_are_made_at_half_years_with_a_whole_year_ahead():
    found = rows([record()])
    origins = {row.origin for row in found}
    assert {(at.month, at.day) for at in origins} == {(1, 1), (7, 1)}
    assert max(origins) + timedelta(days=365.25) <= NOW
    assert min(origins) >= NOW - timedelta(days=5 * 365.25) + timedelta(days=0.5 * 365.25)
    assert {(row.kind, row.name) for row in found} == {("page", ""), ("component", "Mail"), ("component", "Files")}


def test_nothing_from_after_the_origin_is_in_a_row():
    facts = record()
    for origin in sorted({row.origin for row in rows([facts])}):
        cut = msgspec.structs.replace(facts, incidents=tuple(i for i in facts.incidents if i.started_at < origin))
        whole = {row.name: row for row in rows([facts]) if row.origin == origin}
        for row in rows([cut]):
            if row.origin == origin:
                assert row.past == whole[row.name].past
                assert row.siblings == whole[row.name].siblings
                assert (row.lengths, row.hours) == ((), 0)


def test_an_outage_under_way_at_the_origin_is_open_in_its_row():
    origin = datetime(2024, 7, 1, tzinfo=UTC)
    long = make_incident(1, days_ago=(NOW - origin).days + 1, hours=80.0)
    facts = make_facts((long, make_incident(2, days_ago=1000)), years=4.0)
    (row,) = [row for row in rows([facts]) if row.origin == origin and row.kind == "page"]
    under_way = row.past.events[-1]
    assert (under_way.most, under_way.least) == (inf, pytest.approx(24.0))


def test_the_outcome_is_what_began_in_the_year_after_the_origin():
    facts = make_facts(
        (make_incident(1, days_ago=200, hours=6.0), make_incident(2, days_ago=900, hours=50.0)), years=4.0
    )
    by_origin = {row.origin: row for row in rows([facts]) if row.kind == "page"}
    row = by_origin[datetime(2024, 7, 1, tzinfo=UTC)]
    assert (row.lengths, row.hours) == ((6.0,), 6.0)
    assert (row.came_true(4), row.came_true(6)) == (True, False)


def test_what_comes_after_publishing_broke_off_is_no_outcome():
    facts = index.load("google-cloud")
    assert max(row.origin for row in rows([facts])) < datetime(2024, 7, 2, tzinfo=UTC)


def test_records_from_the_press_and_short_ones_have_no_rows():
    press = (msgspec.structs.replace(record().pages[0], platform="press"),)
    assert rows([record(pages=press)]) == []
    assert rows([record(years=1.0)]) == []


def test_the_likelihood_finds_the_gamma_that_drew_the_counts():
    rng = numpy.random.default_rng(3)
    rates = rng.gamma(1.5, 1 / 0.5, 400)
    exposures = rng.uniform(1, 6, 400)
    counts = rng.poisson(rates * exposures)
    alpha, beta = gamma_by_likelihood(list(map(float, counts)), list(exposures), [1.0] * 400)
    assert (alpha, beta) == (pytest.approx(1.5, rel=0.2), pytest.approx(0.5, rel=0.2))


def test_every_vendor_has_the_same_say_in_a_prior():
    busy = [History(tuple(Event(0.1 * n, 1.0, 5.0, 5.0) for n in range(20)), 2.0)] * 10
    quiet = [History((), 2.0)] * 10
    once = estimate([busy, quiet], 1.0)
    assert estimate([busy, quiet * 30], 1.0) == once
    assert estimate([busy[:2], quiet[:2]], 1.0) == panel_prior()


def test_simple_rivals_say_what_their_names_say():
    past = History((Event(0.5, 1.0, 6.0, 6.0), Event(3.0, 1.0, 9.0, 9.0), Event(2.0, 1.0, 1.0, 1.0)), 4.0)
    assert laplace(past, 4) == pytest.approx(1 - numpy.exp(-2.5 / 4.5))
    assert maximum_likelihood(past, 4) == pytest.approx(1 - numpy.exp(-2 / 4))
    assert maximum_likelihood(History((), 0.0), 4) == 0
    assert (last_year_repeats(past, 4), last_year_repeats(past, 8)) == (0.9, 0.1)
    panel = [row for row in rows([record()]) if row.kind == "page"]
    assert 0.5 < Climatology(panel, 4.0).chance(panel[-1]) < 1


def test_simulated_hours_agree_with_the_law_they_are_drawn_from():
    (row, *_) = [row for row in rows([record()]) if row.kind == "page"]
    model = fitted(row, Prior(0.3, 0.15, 0.82, 1.58, 0.26), shipped())
    totals = Simulator().hours(model)
    assert (totals == numpy.sort(totals)).all()
    nothing = float((totals == 0).mean())
    assert nothing == pytest.approx((model.rate.beta / (model.rate.beta + 1)) ** model.rate.alpha, abs=0.02)
    assert (Simulator().hours(model) == totals).all()


def test_the_continuous_score_agrees_with_its_definition():
    draws, value = numpy.sort(numpy.random.default_rng(1).normal(size=400)), 0.7
    grid = numpy.linspace(-8, 8, 160_001)
    below = numpy.searchsorted(draws, grid, "right") / 400
    assert measures.crps(draws, value) == pytest.approx(
        ((below - (grid >= value)) ** 2).sum() * (grid[1] - grid[0]), abs=2e-3
    )


def test_a_place_among_equal_draws_is_their_middle():
    draws = numpy.array([0.0, 0.0, 0.0, 1.0])
    assert measures.place(draws, 0.0) == pytest.approx(0.375)
    assert (measures.place(draws, 2.0), measures.place(draws, -1.0)) == (1.0, 0.0)


def test_skill_is_nothing_against_oneself_and_all_where_one_is_never_wrong():
    weights = measures.balanced(["a", "a", "b"])
    assert weights == [0.25, 0.25, 0.5]
    assert measures.skill([0.2, 0.1, 0.3], [0.2, 0.1, 0.3], weights) == pytest.approx(0)
    assert measures.skill([0, 0, 0], [0.2, 0.1, 0.3], weights) == 1
    low, high = measures.skill_interval([0.1, 0.1, 0.4], [0.2, 0.2, 0.3], weights, ["a", "a", "b"])
    assert low < measures.skill([0.1, 0.1, 0.4], [0.2, 0.2, 0.3], weights) < high


@pytest.mark.parametrize(("chance", "happened"), [(0.01, True), (0.5, False), (0.99, True)])
def test_scores_are_proper(chance, happened):
    assert measures.brier(chance, happened) == (chance - happened) ** 2
    assert measures.log_score(chance, happened) == pytest.approx(-log(chance if happened else 1 - chance))


def test_reliability_bins_hold_every_row_once():
    said, seen = [0.05, 0.19, 0.2, 0.5, 1.0], [False, True, True, False, True]
    bins = measures.reliability(said, seen, [0.2] * 5)
    assert sum(count for *_, count in bins) == 5
    assert bins[0] == (pytest.approx(0.12), pytest.approx(0.5), 2)


def test_ranks_agree_with_scipy():
    one, two = [1.0, 3.0, 3.0, 7.0, 2.0], [2.0, 2.0, 9.0, 4.0, 1.0]
    assert measures.rank_correlation(one, two) == pytest.approx(stats.spearmanr(one, two).statistic)
    assert measures.rank_correlation([1.0, 1.0], [1.0, 2.0]) == 0


def test_the_first_trial_is_what_ships_and_the_second_the_method_as_written():
    names = list(trials())
    assert names[0] == "shipped"
    assert trials()["shipped"] == shipped()
    assert (trials()[names[1]].year_log_sd, trials()[names[1]].drift, trials()[names[1]].sibling_alpha) == (0, 0, 0)


@pytest.fixture(scope="module")
def whole():
    return backtest(rows([index.load(vendor.slug) for vendor in index.bundled()]))


def test_both_ship_gates_are_met_on_the_bundled_records(whole):
    four = next(line for line in whole.lines if line.rto_hours == 4)
    skill, low, high = four.skill[MAIN]
    assert 0 < low < skill < high
    assert 0.75 <= whole.calibration.cover80 <= 0.85
    assert whole.passes


def test_the_page_is_what_the_backtest_says(whole):
    assert page.PATH.read_text(encoding="utf-8") == page.text(whole)


def test_the_product_calls_proven_what_the_backtest_proved(whole):
    proven = [line.name.removeprefix("category ") for line in whole.classes if line.proven and "category" in line.name]
    assert rubric()["forecast"]["proven"]["categories"] == sorted(proven, key=str.casefold)


def test_the_page_names_what_fails_and_what_is_not_proven(whole):
    text = page.text(whole)
    for line in whole.lines:
        assert (f"At {line.rto_hours:g} h the skill is" in text) == (line.skill[MAIN][1] <= 0)
    for line in whole.classes:
        if not line.proven:
            assert line.name in text.split("Not proven:")[1]


def test_a_gate_that_is_missed_is_said_on_the_page(whole):
    missed = msgspec.structs.replace(whole, passes=False)
    assert "**A ship gate is not met**" in page.text(missed)


def test_the_command_takes_one_vendor_and_refuses_where_there_is_no_record(capsys, tmp_path):
    assert cli.main(["backtest", "trello", "--json", str(tmp_path / "out.json")]) == 0
    assert "forecasts for 1 status pages" in capsys.readouterr().out
    made = json.loads((tmp_path / "out.json").read_bytes())
    assert made["panel"]["vendors"] == 1
    assert not any(line["proven"] for line in made["classes"])
    assert cli.main(["backtest", "trello", "--gate", "--json"]) == (0 if made["passes"] else 1)
    assert cli.main(["backtest", "microsoft-bpos-2011"]) == 1
    assert "needs a vendor with a year and a half" in capsys.readouterr().err
    assert cli.main(["backtest", "trello", "--write"]) == 1
