"""What services stand on, to the point: what two of them share, what an outage strikes, and the model of who is little known."""

from __future__ import annotations

from math import exp, sqrt
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from assessments.forecast import portfolio_fit, shared_fate
from assessments.forecast.portfolio_records import Attachment
from assessments.forecast.scenarios import Scenario, bundled, play
from assessments.forecast.shared_fate import is_upstream, kind_of, others, provider_of, reaches, share_a_fate
from tests.assessments.making import NOW, make_facts
from tests.assessments.test_portfolio import on, service

# What two share


@pytest.mark.parametrize(
    ("one", "other", "hit"),
    [
        ("aws", "aws", True), ("aws-us-east-1", "aws", True), ("aws", "aws-us-east-1", True),
        ("aws-us-east-1", "aws-eu-west-1", False), ("aws", "azure", False), ("aws-us-east-1", "azure", False),
        ("awsome", "aws", False),
    ],
)  # fmt: skip
def test_a_region_and_its_whole_provider_reach_each_other(one, other, hit):
    assert reaches(one, other) is hit


def test_the_list_knows_the_kind_and_the_provider_of_an_upstream():
    assert (kind_of("cloudflare"), kind_of("okta"), kind_of("aws"), kind_of("moon")) == (
        "cdn",
        "identity",
        "cloud-region",
        None,
    )
    assert (provider_of("aws-us-east-1"), provider_of("aws"), provider_of("cloudflare"), provider_of("moon-1")) == (
        "aws", "aws", "cloudflare", "moon-1",
    )  # fmt: skip


def link(upstream: str, rung: str = "declared", share: float = 1.0) -> Attachment:
    return Attachment(upstream=upstream, share=share, rung=rung)


@pytest.mark.parametrize(
    ("main", "spare", "known", "shared"),
    [
        ([], [], False, []),
        ([link("aws")], [link("azure")], True, []),
        ([link("aws", "incident-text")], [link("azure")], False, []),
        ([link("aws")], [link("azure", "incident-text")], False, []),
        ([link("aws", "incident-text")], [link("aws", "incident-text")], True, [("aws", "incident-text")]),
        ([link("aws", "dns")], [link("aws-us-east-1", "declared")], True, [("aws-us-east-1", "dns")]),
        ([link("aws", "dns"), link("aws-us-east-1")], [link("aws-us-east-1")], True, [("aws-us-east-1", "declared")]),
        ([link("aws", share=0.0)], [link("aws")], True, []),
        (
            [link("okta"), link("aws")],
            [link("aws", "analyst"), link("okta")],
            True,
            [("aws", "analyst"), ("okta", "declared")],
        ),
    ],
)
def test_what_main_and_fallback_share_and_what_speaks_for_it(main, spare, known, shared):
    fate = share_a_fate(main, spare)
    assert (fate.known, [(one.upstream, one.rung) for one in fate.shared]) == (known, shared)


def test_who_speaks_of_itself_names_no_upstream():
    assert others(["aws", "cloudflare"], "Cloudflare, Inc.") == ("aws",)
    assert others(["cloudflare", "aws"], "Example Mail") == ("aws", "cloudflare")
    assert others(["aws-us-east-1", "okta"], "Amazon Web Services") == ("okta",)
    assert is_upstream("Okta")
    assert not is_upstream("Example Mail")


def test_a_name_is_blamed_within_its_own_sentence_and_reach():
    reach = int(shared_fate.number("shared_fate", "blame_reach"))
    assert shared_fate.named_upstreams([f"due to {'x' * (reach - 1)}. AWS"]) == {}
    assert shared_fate.named_upstreams(["due to AWS", "okta is down", "due to AWS"]) == {"aws": 2, "okta": 1}
    assert shared_fate.named_upstreams(["An issue\nAWS is our cloud"]) == {}


# Scenarios


def test_a_scenario_strikes_who_stands_on_it_and_says_how_long():
    services = [
        service("b", dependencies=on(0.1, "aws"), critical=False, rto_hours=20.0),
        service("a", dependencies=on(0.5, "aws-us-east-1"), fallback={"service": "s", "takeover_hours": 2.0}),
        service("c", dependencies=on(0.5, "azure")),
        service("d", dependencies=on(0.0, "aws")),
        service("s", standby=True, dependencies=on(0.3, "aws")),
    ]
    struck = play(Scenario(told="t", hours=15.0, upstream="aws-us-east-1"), services)
    assert [(one.name, one.critical, one.down_hours, one.over_rto_hours, one.fallback_holds) for one in struck] == [
        ("a", True, 15.0, 11.0, False), ("b", False, 15.0, 0.0, None),
    ]  # fmt: skip
    assert struck[1].fate is None
    assert [one.upstream for one in struck[0].fate.shared] == ["aws-us-east-1"]
    services[-1] = service("s", standby=True)
    (held, _) = play(Scenario(told="t", hours=15.0, upstream="aws"), services)
    assert (held.down_hours, held.over_rto_hours, held.fallback_holds) == (2.0, 0.0, True)
    (short, _) = play(Scenario(told="t", hours=1.0, upstream="aws"), services)
    assert short.down_hours == 1.0
    assert play(Scenario(told="t", hours=1.0), services) == ()
    assert [one.name for one in play(Scenario(told="t", hours=1.0, vendor="c"), services)] == ["c"]


def test_a_fallback_that_carries_less_than_all_does_not_hold():
    def holds(capacity: float) -> bool | None:
        pair = [
            service("a", dependencies=on(1.0), fallback={"service": "s", "takeover_hours": 0.5, "capacity": capacity}),
            service("s"),
        ]
        return play(Scenario(told="t", hours=9.0, upstream="cloud"), pair)[0].fallback_holds

    assert (holds(1.0), holds(0.99)) == (True, False)


def test_the_bundled_scenarios_name_one_cause_each_and_their_source():
    for name, one in bundled().items():
        assert (one.upstream is None) != (one.vendor is None), name
        assert one.hours > 0
        assert one.source
        assert one.told


# A vendor as the simulation takes it


def test_the_mixture_becomes_one_gamma_of_its_mean_and_variance(monkeypatch):
    from assessments.forecast.arrivals import Rate
    from assessments.forecast.durations import LogDuration

    model = SimpleNamespace(
        mixture=((0.25, Rate(2.0, 1.0)), (0.75, Rate(6.0, 2.0))), duration=LogDuration(0.8, 1.6), drift=0.3
    )
    asked: list[Any] = []
    monkeypatch.setattr(portfolio_fit, "fit", lambda facts, **options: asked.append(options) or model)
    made = portfolio_fit.rate_and_length(make_facts(), as_of=NOW, components=("Mail",))
    common = portfolio_fit.number("portfolio", "frailty_log_sd")
    raised = exp(common**2 / 2)
    mean = raised * (0.25 * 2 + 0.75 * 3)
    square = raised**2 * (0.25 * (2 + 4) / 1 + 0.75 * (6 + 36) / 4)
    assert made["alpha"] / made["beta"] == pytest.approx(mean)
    assert made["alpha"] / made["beta"] ** 2 == pytest.approx(square - mean**2)
    assert (made["log_mean"], made["log_variance"], made["drift"]) == (0.8, 1.6, 0.3)
    (options,) = asked
    assert (options["as_of"], options["components"]) == (NOW, ("Mail",))
    whole = portfolio_fit.shipped().year_log_sd
    assert options["settings"].year_log_sd == pytest.approx(sqrt(max(0.0, whole**2 - common**2)))


def test_an_upstream_takes_from_the_rubric_what_is_left_out():
    made = portfolio_fit.upstream("cloudflare")
    assert (made.id, made.name, made.kind) == ("cloudflare", "cloudflare", "cdn")
    assert made.rate == portfolio_fit.number("portfolio", "upstream", "rate")
    own = portfolio_fit.upstream("ours", name="Our own", kind="dns", rate=0.0)
    assert (own.name, own.kind, own.rate) == ("Our own", "dns", 0.0)
    assert (own.log_mean, own.log_variance) == (made.log_mean, made.log_variance)
    with pytest.raises(ValueError, match="ours needs a kind"):
        portfolio_fit.upstream("ours")
    with pytest.raises(msgspec.ValidationError):
        portfolio_fit.upstream("ours", kind="moon")


def test_a_vendor_of_which_nothing_is_known_has_the_panels_prior():
    prior = portfolio_fit.unknown_vendor()
    assert (prior["alpha"], prior["beta"]) == (
        portfolio_fit.number("forecast", "rate_alpha"), portfolio_fit.number("forecast", "rate_beta"),
    )  # fmt: skip
    made = portfolio_fit.upstream("okta")
    assert (prior["log_mean"], prior["log_variance"]) == (made.log_mean, made.log_variance)
