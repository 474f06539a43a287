"""The portfolio to the point: what is refused at its edge, each figure from hand-made sums, takeovers second by second.

One seeded run is held to its figures, too: the seed's meaning is a promise (docs/method-portfolio.md).
"""

from __future__ import annotations

from math import exp, inf, nan, sqrt
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from assessments.forecast import portfolio, takeover
from assessments.forecast.portfolio import Run, own_share, simulate
from assessments.forecast.portfolio_records import Fallback, Service, check, rtos
from assessments.forecast.portfolio_result import LEVELS, result_of
from tests.assessments.test_portfolio import cloud, on, service

HOUR, YEAR = 3600, 8766 * 3600


def seconds(*values: int) -> Any:
    import numpy as np

    return np.array(values, dtype=np.int64)


# One seeded run


def test_a_seed_means_the_same_years_for_ever():
    services = [
        service(
            "mail", dependencies=[*on(0.6), *on(0.3, "dns")], also_rto_hours=(1.0, 4.0, 24.0), drift=0.3,
            fallback={"service": "spare", "takeover_hours": 1.5, "capacity": 0.8},
        ),
        service("chat", alpha=2.0, rto_hours=8.0, dependencies=on(0.5)),
        service("files", alpha=3.0, beta=1.0, critical=False, rto_hours=2.0, log_mean=0.5),
        service("spare", alpha=1.0, rto_hours=6.0, standby=True, dependencies=on(0.2, "dns")),
        service("sign-in", vendor="mail", alpha=0.9, rto_hours=0.5),
    ]  # fmt: skip
    upstreams = [cloud(), cloud("dns", kind="dns", rate=0.4, log_mean=0.2)]
    groups = {"both": [("mail", 4.0), ("chat", 8.0)], "mail": [("mail", 24.0)]}
    seen = simulate(services, upstreams, years=5_000, seed=11, groups=groups)
    chances = {one.name: (one.plain.value, one.fallback and one.fallback.value) for one in seen.services}
    assert chances == {
        "chat": (0.1182, None),
        "files": (0.6262, None),
        "mail": (0.4014, 0.083),
        "sign-in": (0.2744, None),
    }
    hours = {one.name: (one.hours, one.hours_fallback) for one in seen.services}
    assert hours == {
        "chat": (7.5427, None),
        "files": (16.3588, None),
        "mail": (14.2569, 4.8625),
        "sign-in": (2.7158, None),
    }
    mail = seen.services[2]
    assert [(at.rto_hours, at.plain.value, at.fallback.value) for at in mail.also] == [
        (1.0, 0.7128, 0.7128),
        (24.0, 0.0594, 0.0102),
    ]
    assert (seen.any_critical.value, seen.any_critical.independent, seen.any_critical_with_fallbacks.value) == (
        0.595,
        0.617,
        0.4052,
    )
    assert [(one.count, one.chance.value, one.chance.independent, one.hours) for one in seen.together] == [
        (2, 0.2318, 0.018, 1.8068), (3, 0.001, 0.0, 0.0034), (5, 0.0, 0.0, 0.0),
    ]  # fmt: skip
    assert [(one.upstream, one.less) for one in seen.contributors] == [("cloud", 0.081), ("dns", 0.0064)]
    assert (seen.services_hit.value, seen.services_hit.error, seen.services_hit.independent) == (2.4866, 0.0128, 2.5388)
    assert [(one.name, one.plain.value, one.fallback.value) for one in seen.groups] == [
        ("both", 0.4572, 0.1886),
        ("mail", 0.0594, 0.0102),
    ]
    assert (seen.years, seen.seed, seen.flags) == (5_000, 11, ())


# What is refused


@pytest.mark.parametrize(
    ("options", "taken"),
    [
        ({"years": 1}, True), ({"years": 0}, False), ({"years": 1_000_001}, False), ({"seed": -1}, False), ({"seed": 0}, True),
        ({"frailty_log_sd": 0.0}, True), ({"frailty_log_sd": -0.1}, False), ({"frailty_log_sd": inf}, False),
        ({"frailty_log_sd": nan}, False),
    ],
)  # fmt: skip
def test_years_seed_and_frailty_have_bounds(options, taken):
    run = {"years": 1} | options
    if taken:
        assert simulate([], **run).years == 1
    else:
        with pytest.raises(ValueError, match="years must be 1 to 1,000,000"):
            simulate([], **run)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"alpha": 0.0}, None), ({"alpha": -0.1}, "finite and not below zero"), ({"beta": 0.0}, "finite and not below zero"),
        ({"alpha": 1000.0, "beta": 1.0}, None), ({"alpha": 1001.0, "beta": 1.0}, "1,000 a year"),
        ({"log_mean": 50.0}, None), ({"log_mean": -50.0}, None), ({"log_mean": 50.1}, "durations"), ({"log_mean": nan}, "durations"),
        ({"log_variance": 0.0}, "durations"), ({"log_variance": inf}, "durations"),
        ({"drift": 3.0}, None), ({"drift": 3.1}, "drift"), ({"drift": -0.1}, "drift"), ({"drift": nan}, "drift"),
        ({"rto_hours": 0.0}, "RTO"), ({"rto_hours": 0.01}, None), ({"also_rto_hours": (1.0, 0.0)}, "RTO"),
        ({"also_rto_hours": (inf,)}, "RTO"),
    ],
)  # fmt: skip
def test_a_service_is_refused_beyond_its_bounds_and_taken_at_them(fields, says):
    if says is None:
        check([service("a", **fields)], [])
    else:
        with pytest.raises(ValueError, match=says):
            check([service("a", **fields)], [])


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"rate": 0.0}, None), ({"rate": -0.1}, "not below zero"), ({"rate": nan}, "not below zero"), ({"rate": 1000.0}, None),
        ({"rate": 1000.1}, "1,000 a year"), ({"log_variance": 0.0}, "durations"), ({"log_mean": 51.0}, "durations"),
    ],
)  # fmt: skip
def test_an_upstream_is_refused_beyond_its_bounds_and_taken_at_them(fields, says):
    if says is None:
        check([], [cloud(**fields)])
    else:
        with pytest.raises(ValueError, match=says):
            check([], [cloud(**fields)])


@pytest.mark.parametrize(
    ("spare", "says"),
    [
        ({"takeover_hours": 0.0}, None), ({"takeover_hours": -0.1}, "takeover"), ({"takeover_hours": inf}, "takeover"),
        ({"takeover_hours": 1.0, "capacity": 0.0}, None), ({"takeover_hours": 1.0, "capacity": 1.0}, None),
        ({"takeover_hours": 1.0, "capacity": 1.1}, "capacity"), ({"takeover_hours": 1.0, "capacity": -0.1}, "capacity"),
        ({"takeover_hours": 1.0, "service": "moon"}, "another service"), ({"takeover_hours": 1.0, "service": "a"}, "another service"),
    ],
)  # fmt: skip
def test_a_fallback_is_another_service_of_the_portfolio(spare, says):
    services = [service("a", fallback={"service": "b"} | spare), service("b")]
    if says is None:
        check(services, [])
    else:
        with pytest.raises(ValueError, match=says):
            check(services, [])


@pytest.mark.parametrize(("share", "taken"), [(0.0, True), (1.0, True), (-0.1, False), (1.1, False)])
def test_a_share_is_zero_to_one_and_names_are_used_once(share, taken):
    if taken:
        check([service("a", dependencies=on(share))], [cloud()])
    else:
        with pytest.raises(ValueError, match="must be 0 to 1"):
            check([service("a", dependencies=on(share))], [cloud()])
    with pytest.raises(ValueError, match="a name of its own"):
        check([], [cloud(), cloud()])
    with pytest.raises(ValueError, match="a name of its own"):
        check([service("a"), service("a")], [])
    with pytest.raises(ValueError, match="not among the upstreams"):
        check([service("a", dependencies=on(share))], [])


def test_an_rto_is_asked_once_and_a_services_own_first():
    assert rtos(service("a", rto_hours=4.0, also_rto_hours=(8.0, 4.0, 1.0, 8.0))) == (4.0, 8.0, 1.0)


# What is a service's own


def test_what_upstreams_explain_is_taken_out_of_the_mean():
    up = {"cloud": cloud(rate=0.8), "dns": cloud("dns", rate=0.5)}
    assert own_share(service("a", dependencies=[*on(0.5), *on(0.2, "dns")]), up) == pytest.approx((2 - 0.4 - 0.1) / 2)
    assert own_share(service("a", alpha=0.2, dependencies=on(1.0)), up) == 0.0
    assert own_share(service("a", alpha=0.0), up) == 0.0
    assert own_share(service("a"), up) == 1.0


@pytest.mark.parametrize(("alpha", "share", "frailty"), [(4.0, 0.5, 0.4), (0.8, 0.9, 0.2), (2.0, 1.0, 0.0)])
def test_the_own_rate_keeps_the_variance_of_the_whole(alpha, share, frailty):
    shape, swing = portfolio._own_shape(alpha, share, frailty), exp(frailty**2)
    whole, own = (1 + 1 / alpha) * swing - 1, (1 + 1 / shape) * swing - 1  # squared coefficients of variation
    assert own * share**2 == pytest.approx(whole)


# Outages in seconds


def test_an_outage_ends_with_its_year_or_at_the_cap():
    import numpy as np

    start = seconds(0, YEAR - 10, YEAR, 5)
    ends = portfolio._ends(start, np.array([1.0, 1.0, 2.0, 1e6]))
    assert ends.tolist() == [HOUR + 1, YEAR, YEAR + 2 * HOUR + 1, 5 + 720 * HOUR + 1]


def test_touching_outages_are_one_and_those_apart_are_not():
    def joined(*spans: tuple[int, int]) -> list[tuple[int, int]]:
        begun, ended = portfolio._Events(
            seconds(*(a for a, _ in spans)), seconds(*(b for _, b in spans)), None, None
        ).joined()
        return list(zip(begun.tolist(), ended.tolist(), strict=True))

    assert joined() == []
    assert joined((0, 5), (5, 9), (10, 20), (11, 12), (19, 30)) == [(0, 9), (10, 30)]
    assert joined((0, 9), (1, 2), (3, 4), (9, 10)) == [(0, 10)]


def test_only_longer_ones_are_longer():
    import numpy as np

    events = portfolio._Events(seconds(0, 1, 2), seconds(3, 4, 5), np.array([4.0, 4.1, 3.9]), seconds(-1, 0, 1))
    long = events.longer_than(4.0)
    assert (long.start.tolist(), long.end.tolist(), long.hours.tolist(), long.cause.tolist()) == ([1], [4], [4.1], [0])


def test_a_year_is_seen_from_its_first_second_to_its_last():
    assert portfolio._seen(seconds(0, YEAR - 1, 2 * YEAR), 4).tolist() == [True, False, True, False]


def test_apart_each_services_years_are_others():
    begun, ended = portfolio._turned(
        (seconds(10, YEAR + 20, 2 * YEAR + 30), seconds(15, YEAR + 25, 2 * YEAR + 35)), 1, 3
    )
    assert begun.tolist() == [YEAR + 10, 2 * YEAR + 20, 30]
    assert (ended - begun).tolist() == [5, 5, 5]


def test_how_many_are_down_is_swept_from_end_to_end():
    spans = [(seconds(0, 100), seconds(10, 110)), (seconds(5, 110), seconds(20, 120)), (seconds(8), seconds(10))]
    swept = {
        level: list(zip(moments.tolist(), lasted.tolist(), strict=True))
        for level, moments, lasted in portfolio._sweep(spans)
    }
    assert swept == {2: [(5, 3), (8, 2)], 3: [(8, 2)], 5: []}
    assert portfolio._sweep([]) == []


# Takeovers


def down(*spans: tuple[int, int]) -> tuple[Any, Any]:
    return seconds(*(a for a, _ in spans)), seconds(*(b for _, b in spans))


def test_the_time_a_spare_was_down_before_each_moment():
    until = seconds(0, 10, 15, 20, 25, 40, 99)
    assert takeover._time_down(down((10, 20), (30, 50)), until).tolist() == [0, 0, 5, 10, 10, 20, 30]
    assert takeover._time_down(down(), until).tolist() == [0] * 7


@pytest.mark.parametrize(
    ("spare", "hours", "capacity", "left"),
    [
        (down(), 1.0, 1.0, 1.0), (down(), 0.0, 1.0, 0.0), (down(), 9.0, 1.0, 5.0), (down(), 1.0, 0.5, 3.0), (down(), 1.0, 0.0, 5.0),
        (down((2 * HOUR, 3 * HOUR)), 1.0, 1.0, 2.0), (down((0, HOUR)), 1.0, 1.0, 1.0), (down((4 * HOUR, 9 * HOUR)), 1.0, 1.0, 2.0),
        (down((2 * HOUR, 3 * HOUR)), 1.0, 0.5, 3.5),
    ],
)  # fmt: skip
def test_what_a_fallback_does_not_carry(spare, hours, capacity, left):
    fallback = Fallback(service="b", takeover_hours=hours, capacity=capacity)
    seen = takeover.not_carried(seconds(0), seconds(5 * HOUR), spare, fallback)
    assert seen == pytest.approx(left * HOUR)


@pytest.mark.parametrize(
    ("spare", "takeover_hours", "lasts", "is_down"),
    [
        (down(), 1.0, 9.0, False), (down(), 4.0, 9.0, False), (down(), 4.01, 9.0, True), (down(), 9.0, 4.0, False),
        (down(), 9.0, 4.1, True),
        (down((0, 3 * HOUR)), 1.0, 9.0, False), (down((0, 5 * HOUR)), 1.0, 9.0, True), (down((0, HOUR)), 1.0, 9.0, False),
        (down((HOUR, 6 * HOUR)), 1.0, 9.0, True), (down((HOUR + 1, 6 * HOUR)), 1.0, 30.0, True),
        (down((2 * HOUR, 6 * HOUR)), 1.0, 30.0, False), (down((2 * HOUR, 6 * HOUR + 1)), 1.0, 30.0, True),
        (down((6 * HOUR, 11 * HOUR)), 1.0, 9.9, False), (down((6 * HOUR, 11 * HOUR)), 1.0, 10.1, True),
        (down((20 * HOUR, 40 * HOUR)), 1.0, 9.0, False),
    ],
)  # fmt: skip
def test_a_service_stays_down_beyond_its_rto_where_its_fallback_cannot_help(spare, takeover_hours, lasts, is_down):
    import numpy as np

    one = service("a", rto_hours=4.0, fallback={"service": "b", "takeover_hours": takeover_hours})
    outages = SimpleNamespace(start=seconds(0), hours=np.array([lasts]))
    assert takeover.still_down(outages, spare, one).tolist() == [is_down]


# Figures from sums


def run_of(services: list[Service], upstreams: list[Any] | None = None, **sums: Any) -> Run:
    run = Run(services, upstreams or [], 3, 0.4, sums.pop("groups", {}))
    for name, value in sums.items():
        kept = getattr(run, name)
        setattr(run, name, kept | value if isinstance(kept, dict) else value)
    return run


def test_chances_are_shares_of_the_years_with_their_standard_error():
    two = [
        service("a", rto_hours=4.0, also_rto_hours=(8.0,), alpha=2.0, beta=3.0),
        service("b", critical=False, alpha=1.0, beta=1.0),
    ]
    found = result_of(
        run_of(
            two, plain={("a", 4.0): 30, ("a", 8.0): 10, ("b", 4.0): 50}, any_plain=36, any_kept=20, hits=120, hits_squared=300,
            down={"a": 7200, "b": 360_000}, together={2: 25, 3: 0, 5: 0}, apart={2: 4, 3: 0, 5: 0}, seconds={2: 36_000, 3: 0, 5: 0},
            years_apart=40,
        ),
        100,
    )  # fmt: skip
    assert (found.years, found.seed) == (100, 3)
    assert (found.any_critical.value, found.any_critical.error) == (0.36, 0.048)
    assert found.any_critical.independent == 0.3, "of critical ones alone"
    assert (found.any_critical_with_fallbacks.value, found.any_critical_with_fallbacks.independent) == (0.2, None)
    a, b = found.services
    assert (a.plain.value, a.fallback, a.hours, a.hours_fallback) == (0.3, None, 0.02, None)
    assert a.plain.error == round(sqrt(0.3 * 0.7 / 100), 4)
    assert [(at.rto_hours, at.plain.value, at.fallback) for at in a.also] == [(8.0, 0.1, None)]
    assert (b.plain.value, b.hours, b.also) == (0.5, 1.0, ())
    assert [(one.count, one.chance.value, one.chance.independent, one.hours) for one in found.together] == [
        (2, 0.25, 0.1, 0.1), (3, 0.0, 0.0, 0.0), (5, 0.0, 0.0, 0.0),
    ]  # fmt: skip
    assert LEVELS == (2, 3, 5)
    assert (found.services_hit.value, found.services_hit.error) == (1.2, round(sqrt((3 - 1.44) / 100), 4))
    assert found.services_hit.independent == round(1 - 0.75**2 + 0.5, 4)


def test_a_fallbacks_chances_are_told_and_a_spare_is_not_counted():
    pair = [
        service("a", also_rto_hours=(8.0,), fallback={"service": "s", "takeover_hours": 1.0}), service("s", standby=True),
    ]  # fmt: skip
    sums = {"plain": {("a", 4.0): 40, ("a", 8.0): 20, ("s", 4.0): 90}, "kept": {("a", 4.0): 8, ("a", 8.0): 2}}
    found = result_of(run_of(pair, **sums, not_carried={"a": 50.0}, any_plain=40), 100)
    (a,) = found.services
    assert (a.plain.value, a.fallback.value, a.hours_fallback) == (0.4, 0.08, 0.5)
    assert [(at.plain.value, at.fallback.value) for at in a.also] == [(0.2, 0.02)]
    assert found.any_critical.independent == 0.4
    assert found.together[0].chance.independent == 0.0, (
        "where no year was looked at apart, nothing is divided by nothing"
    )


def test_who_contributes_most_comes_first_and_only_four_are_told():
    upstreams = [cloud(name) for name in "abcdefg"]
    without = {"a": 50, "b": 49, "c": 20, "d": 45, "e": 48, "f": 47, "g": 46}
    found = result_of(run_of([service("x")], upstreams, any_plain=50, without=without), 100)
    told = [(one.upstream, one.less) for one in found.contributors]
    expected = [("c", 0.3), ("d", 0.05), ("g", 0.04), ("f", 0.03), ("e", 0.02), ("b", 0.01)]
    assert told == expected[: len(told)]
    assert 1 <= len(told) < 7


def test_every_figure_is_told_with_four_decimals():
    pair = [
        service("a", also_rto_hours=(8.0,), fallback={"service": "s", "takeover_hours": 1.0}), service("s", standby=True),
    ]  # fmt: skip
    sums = {"plain": {("a", 4.0): 9_999, ("a", 8.0): 7_777}, "kept": {("a", 4.0): 3_333, ("a", 8.0): 1_111}}
    run = run_of(
        pair, [cloud()], **sums, not_carried={"a": 1234.5}, down={"a": 7_654_321}, any_plain=9_999, any_kept=3_331, hits=12_345,
        hits_squared=17_777, together=dict.fromkeys(LEVELS, 1_234), apart=dict.fromkeys(LEVELS, 321), years_apart=7_000,
        seconds=dict.fromkeys(LEVELS, 123_456), without={"cloud": 7_654}, groups={"g": [("a", 4.0)]}, group_plain={"g": 2_222},
        group_kept={"g": 1_111},
    )  # fmt: skip
    told = msgspec.to_builtins(result_of(run, 30_001))

    def figures(value: Any) -> list[float]:
        if isinstance(value, dict | list | tuple):
            return [one for part in (value.values() if isinstance(value, dict) else value) for one in figures(part)]
        return [value] if isinstance(value, float) else []

    found = [one for one in figures(told) if one != round(one)]
    assert len(found) >= 35
    assert all(one == round(one, 4) for one in found)
    assert any(one != round(one, 3) for one in found)


def test_groups_are_told_by_name():
    groups = {"z": [("a", 4.0)], "m": [("a", 4.0)]}
    run = run_of([service("a")], groups=groups, group_plain={"z": 10, "m": 30}, group_kept={"z": 5, "m": 0})
    found = result_of(run, 100).groups
    assert [(one.name, one.plain.value, one.fallback.value) for one in found] == [("m", 0.3, 0.0), ("z", 0.1, 0.05)]


def linked(rung: str, share: float = 0.5, **fields: Any) -> Service:
    return service("a", dependencies=[{"upstream": "cloud", "share": share, "rung": rung}], **fields)


@pytest.mark.parametrize(
    ("services", "flags"),
    [
        ([], ()),
        ([service("a")], ("no-dependencies-known",)),
        ([linked("declared")], ()),
        ([linked("analyst")], ("analyst-only",)),
        ([linked("analyst"), service("b", dependencies=on(0.5))], ()),
        ([linked("declared", 1.0, alpha=0.8, beta=1.0)], ()),
        ([linked("declared", 1.0, alpha=0.79, beta=1.0)], ("more-shocks-than-outages",)),
        ([service("b"), linked("declared", 1.0, alpha=0.1, beta=1.0)], ("more-shocks-than-outages",)),
    ],
)
def test_flags_say_what_to_know_first(services, flags):
    assert result_of(run_of(services, [cloud()]), 10).flags == flags
