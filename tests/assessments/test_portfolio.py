"""The simulated portfolio agrees with closed forms where there are any, and keeps its laws where there are none."""

from __future__ import annotations

import subprocess
import sys
from math import exp, inf, nan, sqrt

import msgspec
import pytest

from assessments.forecast.durations import LogDuration
from assessments.forecast.portfolio import _YEAR_SECONDS, _starts, simulate
from assessments.forecast.portfolio_records import Attachment, Fallback, PortfolioResult, Service, Upstream
from assessments.forecast.scenarios import Scenario, bundled, play
from assessments.forecast.shared_fate import named_upstreams, share_a_fate


def service(name: str, **fields: object) -> Service:
    plain = {"vendor": name, "alpha": 4.0, "beta": 2.0, "log_mean": 0.82, "log_variance": 1.6, "rto_hours": 4.0}
    return msgspec.convert({"name": name} | plain | fields, Service)


def cloud(name: str = "cloud", **fields: object) -> Upstream:
    plain = {"name": name, "kind": "cloud-region", "rate": 0.8, "log_mean": 1.0, "log_variance": 1.0}
    return msgspec.convert({"id": name} | plain | fields, Upstream)


def on(share: float, upstream: str = "cloud") -> list[dict[str, object]]:
    return [{"upstream": upstream, "share": share, "rung": "declared"}]


def chance_alone(one: Service) -> float:
    over = LogDuration(one.log_mean, one.log_variance).longer_than(one.rto_hours)
    return 1 - (one.beta / (one.beta + over)) ** one.alpha


def together(result: PortfolioResult, count: int) -> float:
    return next(level.chance.value for level in result.together if level.count == count)


@pytest.mark.parametrize("rto", [0.5, 4.0, 24.0])
def test_one_service_alone_has_the_chance_of_the_closed_form(rto: float) -> None:
    one = service("mail", rto_hours=rto)
    seen = simulate([one], frailty_log_sd=0).any_critical
    assert abs(seen.value - chance_alone(one)) < 4 * seen.error


def test_two_independent_services_fail_as_the_product_of_their_chances_says() -> None:
    pair = [service("mail"), service("chat", rto_hours=8.0)]
    seen = simulate(pair, frailty_log_sd=0).any_critical
    expected = 1 - (1 - chance_alone(pair[0])) * (1 - chance_alone(pair[1]))
    assert abs(seen.value - expected) < 4 * seen.error


def test_the_frailty_of_a_vendor_year_has_mean_one() -> None:
    mild = simulate([service("mail", alpha=0.04, beta=1.0)], frailty_log_sd=0.4, years=100_000)
    assert abs(mild.services_hit.value - (1 - 0.5**0.04)) < 4 * mild.services_hit.error + 0.001


def test_fully_attached_services_fall_together_and_never_alone() -> None:
    pair = [service(name, alpha=0.8, beta=1.0, dependencies=on(1.0)) for name in ("mail", "chat")]
    seen = simulate(pair, [cloud()])
    at_once = seen.together[0].chance
    assert abs(at_once.value - (1 - exp(-0.8))) < 4 * at_once.error
    assert seen.services_hit.value == pytest.approx(2 * at_once.value, abs=2e-4)  # both are rounded


def test_three_of_five_services_on_one_cloud_fall_in_one_event_as_the_method_illustrates() -> None:
    mute = {"alpha": 0.4, "beta": 1.0, "dependencies": on(0.5)}  # nothing left of their own
    five = [service(f"on-cloud-{place}", **mute) for place in range(5)]
    seven = [service(f"elsewhere-{place}", alpha=0.0) for place in range(7)]
    seen = simulate([*five, *seven], [cloud()]).together[1].chance
    assert abs(seen.value - (1 - exp(-0.8 * 0.5))) < 4 * seen.error  # P(at least 3 of 5 heads) is a half: .33
    assert seen.independent is not None
    assert seen.independent < 1e-4


def test_shared_upstreams_change_how_many_fall_at_once_but_not_how_many_fall() -> None:
    apart = [service(f"s{place:02}") for place in range(12)]
    shared = [msgspec.structs.replace(one, dependencies=(Attachment(**on(0.5)[0]),)) for one in apart]  # type: ignore[arg-type]
    alone, joined = simulate(apart), simulate(shared, [cloud()])
    assert joined.services_hit.value == pytest.approx(alone.services_hit.value, rel=0.02)
    assert together(joined, 3) > 5 * together(alone, 3)


def test_what_independence_expects_to_be_hit_is_the_sum_of_each_ones_chance_of_an_outage() -> None:
    pair = [service("mail", alpha=2.0, beta=3.0), service("chat", alpha=1.0, beta=1.0)]
    hit = simulate(pair, years=1_000).services_hit
    assert hit.independent == pytest.approx((1 - (3 / 4) ** 2) + (1 - 1 / 2), abs=1e-4)


def test_independent_services_meet_as_often_as_independence_says() -> None:
    seen = simulate([service(f"s{place:02}") for place in range(12)], frailty_log_sd=0).together[0].chance
    assert seen.independent is not None
    assert abs(seen.independent - seen.value) < 4 * seen.error * sqrt(1 + 4)  # a quarter of the years on one side


def test_the_order_of_services_upstreams_and_dependencies_is_irrelevant() -> None:
    links = (*on(0.5), *on(0.2, "dns"))
    services = [service(name, dependencies=links) for name in ("a", "b", "c")]
    turned = [msgspec.structs.replace(one, dependencies=one.dependencies[::-1]) for one in services[::-1]]
    upstreams = [cloud(), cloud("dns", kind="dns")]
    assert simulate(services, upstreams, years=2_000) == simulate(turned, upstreams[::-1], years=2_000)


def test_another_service_does_not_move_the_draws_of_those_that_were_there() -> None:
    before = simulate([service("mail")], years=2_000).services[0]
    assert before in simulate([service("mail"), service("chat")], years=2_000).services


def test_the_same_seed_gives_the_same_bytes_in_another_process_and_another_seed_others() -> None:
    program = (
        "import msgspec, sys\nfrom tests.assessments.test_portfolio import *\n"
        "print(msgspec.json.encode(simulate([service('a', dependencies=on(.5)), service('b')], [cloud()], years=1500, "
        "seed=int(sys.argv[1]))).decode())"
    )

    def run(seed: str) -> bytes:
        return subprocess.run([sys.executable, "-c", program, seed], capture_output=True, check=True).stdout

    assert run("7") == run("7") != run("8")


def test_an_upstream_that_never_fails_never_raises_the_risk() -> None:
    upstreams = [cloud(), cloud("dns", kind="dns", rate=0.1), cloud("idle", rate=0.0)]
    links = [*on(0.5), *on(1.0, "dns"), *on(1.0, "idle")]
    seen = simulate([service(name, alpha=0.5, dependencies=links) for name in ("a", "b")], upstreams, years=5_000)
    assert [one.upstream for one in seen.contributors] == ["cloud", "dns"]
    assert all(0 < one.less <= seen.any_critical.value for one in seen.contributors)


def test_a_fallback_that_takes_over_at_once_and_never_fails_leaves_no_risk() -> None:
    pair = [
        service("mail", fallback={"service": "spare", "takeover_hours": 0.5}),
        service("spare", alpha=0.0, standby=True),
    ]
    seen = simulate(pair, years=5_000)
    assert seen.any_critical.value > 0.3
    assert seen.any_critical_with_fallbacks.value == 0
    assert [one.name for one in seen.services] == ["mail"]


@pytest.mark.parametrize(
    ("takeover", "capacity"), [(4.5, 1.0), (0.5, 0.0)], ids=["takes over too late", "carries nothing"]
)
def test_a_fallback_that_does_not_reach_leaves_the_risk_or_part_of_it(takeover: float, capacity: float) -> None:
    spare = {"service": "spare", "takeover_hours": takeover, "capacity": capacity}
    pair = [service("mail", fallback=spare), service("spare", alpha=0.0, standby=True)]
    seen = simulate(pair, years=5_000)
    assert seen.any_critical_with_fallbacks == msgspec.structs.replace(seen.any_critical, independent=None)


def test_a_fallback_on_the_same_upstream_does_not_help_against_its_shocks() -> None:
    whole = {"alpha": 0.8, "beta": 1.0, "dependencies": on(1.0)}
    pair = [
        service("mail", fallback={"service": "spare", "takeover_hours": 0.5}, **whole),
        service("spare", standby=True, **whole),
    ]
    seen = simulate(pair, [cloud()], years=5_000)
    assert seen.any_critical.value > 0.1
    assert seen.any_critical_with_fallbacks.value == seen.any_critical.value


def test_an_empty_portfolio_risks_nothing() -> None:
    seen = simulate([], years=100)
    assert (seen.any_critical.value, seen.services_hit.value, together(seen, 2)) == (0, 0, 0)


def test_a_service_without_outages_is_never_down() -> None:
    assert simulate([service("mail", alpha=0.0)], years=1_000).services_hit.value == 0


def test_attachments_that_explain_more_than_the_record_shows_are_flagged() -> None:
    assert simulate([service("mail", alpha=0.1, dependencies=on(1.0))], [cloud()], years=10).flags == (
        "more-shocks-than-outages",
    )


@pytest.mark.parametrize("value", [nan, inf, -1.0])
@pytest.mark.parametrize("field", ["alpha", "beta", "log_variance", "rto_hours"])
def test_figures_that_mean_nothing_are_refused(field: str, value: float) -> None:
    if field == "rto_hours" and value == inf:
        value = -inf
    with pytest.raises(ValueError, match="of mail must"):
        simulate([service("mail", **{field: value})], years=10)


@pytest.mark.parametrize(
    ("services", "says"),
    [
        ([service("a"), service("a")], "a name of its own"),
        ([service("a", alpha=1e9)], "beyond what can be simulated"),
        ([service("a", dependencies=on(0.5, "moon"))], "not among the upstreams"),
        ([service("a", dependencies=on(1.5))], "0 to 1"),
        ([service("a", dependencies=on(nan))], "0 to 1"),
        ([service("a", dependencies=on(0.5) * 2)], "twice"),
        ([service("a", fallback={"service": "a", "takeover_hours": 1.0})], "another service"),
        ([service("a", fallback={"service": "b", "takeover_hours": -1.0}), service("b")], "takeover time"),
        ([service("a", fallback={"service": "b", "takeover_hours": 1.0, "capacity": 2.0}), service("b")], "capacity"),
    ],
)
def test_a_portfolio_that_contradicts_itself_is_refused_in_a_sentence(services: list[Service], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        simulate(services, [cloud()], years=10)


def test_the_standard_error_is_that_of_a_share_of_the_simulated_years() -> None:
    seen = simulate([service("mail")], years=2_500).any_critical
    assert seen.error == pytest.approx(sqrt(seen.value * (1 - seen.value) / 2_500), abs=1e-4)
    assert Fallback(service="x", takeover_hours=0).capacity == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Caused by an outage of AWS us-east-1.", {"aws", "aws-us-east-1"}),
        ("Our CDN, Cloudflare, has trouble", {"cloudflare"}),
        ("Google Cloud Platform reports errors", {"google-cloud"}),
        ("Azure AD sign-in fails", {"entra"}),
        ("This was not caused by AWS.", set()),
        ("Unrelated to the Cloudflare outage", set()),
        ("See the status page of Okta", set()),
        ("This is not our database. AWS is down", {"aws"}),
        ("flaws, fastlyish, us-east-12, my-aws-tool", set()),
        ("Users could not log in because of AWS", {"aws"}),
        ("not due to the latest AWS outage, but to Okta", {"okta"}),
        ("More is told at https://azure.status.microsoft/en-us/status", {"azure"}),
        ("Follow https://www.cloudflarestatus.com/incidents/1", {"cloudflare"}),
        ("Our provider (Fastly) is reporting slow purges", {"fastly"}),
        ("We are working with Azure to get the machines back", {"azure"}),
        ("Degraded availability from Azure APIs", {"azure"}),
        ("The outage ended. We moved the jobs to AWS", set()),
        ("Errors for customers hosted on AWS", set()),
        ("Sign-in fails for people who use SSO with Okta", set()),
        ("AWS is actively working to restore service", {"aws"}),
        ("AWS continues working toward full restoration", {"aws"}),
        ("Google Cloud customers are working on their side", set()),
        ("Imports from AWS are now supported", set()),
        ("No services of ours are impacted by the AWS outage", set()),
        ("See https://docs.example/examples/aws/ for the issue", set()),
        ("", set()),
    ],
)
def test_incident_texts_name_upstreams_between_word_borders_and_not_in_denials(text: str, named: set[str]) -> None:
    assert set(named_upstreams([text])) == named


def test_naming_is_counted_once_a_text() -> None:
    assert named_upstreams(["AWS is down, due to AWS", "an aws outage again", "AWS"]) == {"aws": 2}


def test_what_is_not_known_of_a_fallback_is_not_called_independent() -> None:
    known = (Attachment(upstream="cloud", share=1.0, rung="dns"),)
    assert not share_a_fate(known, ()).known
    assert not share_a_fate((), known).known


@pytest.mark.parametrize(("takeover", "capacity", "left"), [(0.0, 1.0, 0.0), (0.0, 0.25, 0.75), (1e4, 1.0, 1.0)])
def test_hours_left_by_a_fallback_are_its_share_of_the_hours_without_it(
    takeover: float, capacity: float, left: float
) -> None:
    by = {"service": "spare", "takeover_hours": takeover, "capacity": capacity}
    never_down = service("spare", alpha=1e-9, beta=1.0)
    result = simulate([service("mail", fallback=by), never_down], years=20_000)
    (mail,) = (one for one in result.services if one.name == "mail")
    assert mail.hours_fallback == pytest.approx(left * mail.hours, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize(("main", "spare"), [(0.0, 0.5), (0.5, 0.0)])
def test_an_upstream_whose_outages_never_strike_one_of_them_is_not_shared(main: float, spare: float) -> None:
    links = [(Attachment(upstream="cloud", share=share, rung="declared"),) for share in (main, spare)]
    fate = share_a_fate(*links)
    assert fate.known
    assert fate.shared == ()


def test_a_shared_upstream_carries_the_weaker_evidence() -> None:
    main = (Attachment(upstream="cloud", share=1.0, rung="declared"), Attachment(upstream="dns", share=1.0, rung="dns"))
    spare = (Attachment(upstream="cloud", share=0.2, rung="analyst"),)
    fate = share_a_fate(main, spare)
    assert fate.known
    assert [(one.upstream, one.rung) for one in fate.shared] == [("cloud", "analyst")]


@pytest.mark.parametrize(
    ("spare", "capacity", "down", "holds"),
    [
        ({}, 1.0, 0.5, True),
        ({"dependencies": on(1.0)}, 1.0, 15.0, False),
        ({}, 0.5, 15.0, False),
    ],
    ids=["elsewhere", "on the same upstream", "too small"],
)
def test_a_scenario_says_whether_the_fallback_holds(
    spare: dict[str, object], capacity: float, down: float, holds: bool
) -> None:
    fallback = {"service": "spare", "takeover_hours": 0.5, "capacity": capacity}
    services = [service("mail", dependencies=on(1.0), fallback=fallback), service("spare", standby=True, **spare)]
    (struck,) = play(Scenario(told="cloud down", hours=15.0, upstream="cloud"), services)
    assert (struck.down_hours, struck.fallback_holds) == (down, holds)
    assert struck.over_rto_hours == max(0.0, down - 4.0)


def test_a_scenario_of_a_vendor_strikes_its_services_alone() -> None:
    services = [service("mail", vendor="microsoft-bpos-2011"), service("chat")]
    assert [one.name for one in play(bundled()["bpos"], services)] == ["mail"]


def test_importing_the_portfolio_loads_no_numpy() -> None:
    program = (
        "import sys, assessments.forecast.portfolio, assessments.forecast.scenarios; sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_were_all_independent_is_the_product_of_the_services_own_chances_to_four_places() -> None:
    seen = simulate([service("mail"), service("chat", rto_hours=8.0), service("files")], years=2_500)
    none = 1.0
    for one in seen.services:
        none *= 1 - one.plain.value  # exact: a 2,500th has four places
    assert seen.any_critical.independent == round(1 - none, 4)


def test_every_moment_falls_in_the_year_it_was_drawn_for() -> None:
    import numpy as np

    counts = np.array([3, 0, 5, 1], dtype=np.int64)
    moments = _starts(np.random.default_rng(4), counts)
    assert (np.diff(moments) >= 0).all()
    assert np.bincount(moments // _YEAR_SECONDS, minlength=4).tolist() == counts.tolist()
