"""What a vendor's own hosts lead to: recognised by name or published block, else not known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assessments.forecast.inferred import inferred_upstreams
from assessments.forecast.shared_fate import kind_of
from riskboard.errors import Refused
from tests.assessments.making import make_facts
from vendors.fetching import HostSeen
from vendors.records import Component, Page
from vendors.standing import BLOCKS, CHECK, MOST_HOSTS, REGIONS, RUN_BY, doors_of, stands_on

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PUBLIC = ("93.184.216.34",)


def page(url: str = "https://status.acme.example", parts: tuple[str, ...] = ()) -> Page:
    listed = tuple(Component(id=str(n), name=name) for n, name in enumerate(parts))
    return Page(url=url, platform="statuspage", name="Acme", access="public", state="ok", components=listed)


def looked(**hosts: HostSeen):
    asked: list[str] = []

    def look(name: str) -> HostSeen:
        asked.append(name)
        if (seen := hosts.get(name.split(".")[0])) is None:
            raise Refused(f"{name} has no address")
        return seen

    return look, asked


def seen(canonical: str = "", addresses: tuple[str, ...] = PUBLIC, host: str = "api.acme.example") -> HostSeen:
    return HostSeen(host=host, addresses=addresses, canonical=canonical)


@pytest.mark.parametrize(
    ("host", "upstream"),
    [
        (seen("lb-1.us-east-1.elb.amazonaws.com"), "aws-us-east-1"),
        (seen("lb-1.eu-north-1.elb.amazonaws.com"), "aws"),
        (seen("D111.CloudFront.net."), "cloudfront"),
        (seen("ghs.googlehosted.com"), "google-cloud"),
        (seen("acme.azurewebsites.net"), "azure"),
        (seen("api.acme.example.cdn.cloudflare.net"), "cloudflare"),
        (seen(addresses=("104.16.1.1",)), "cloudflare"),
        (seen(addresses=("2a04:4e42::1",)), "fastly"),
        (seen("lb.us-east-1.elb.amazonaws.com", ("104.16.1.1",)), "aws-us-east-1"),
        (seen("evil-amazonaws.com"), None),
        (seen("amazonaws.com.acme.example"), None),
        (seen("api.acme.example"), None),
        (seen(), None),
    ],
)
def test_a_host_is_recognised_by_the_name_behind_it_then_by_its_address(host: HostSeen, upstream: str | None) -> None:
    look, _ = looked(api=host)
    (told,) = stands_on(page(), look, as_of=NOW)
    assert (told.check, told.value, told.outcome) == (CHECK, upstream, "unknown" if upstream is None else "pass")
    assert told.url == "https://api.acme.example/"
    assert "api.acme.example" in (told.note or "")


def test_every_upstream_is_one_the_portfolio_knows() -> None:
    for upstream in {*RUN_BY.values(), *BLOCKS, *(f"aws-{region}" for region in REGIONS)}:
        assert kind_of(upstream) is not None


@pytest.mark.parametrize(
    ("host", "parts", "doors"),
    [
        ("status.acme.example", (), ("app.acme.example", "api.acme.example")),
        ("status.acme.co.uk", (), ("app.acme.co.uk", "api.acme.co.uk")),
        (
            "status.acme.example",
            ("Mail", "eu.acme.example", "cdn.other.example", "API.acme.example"),
            ("eu.acme.example", "api.acme.example", "app.acme.example"),
        ),
        ("acme.statuspage.io", ("eu.acme.example",), ()),
        ("status.acme.example", tuple(f"n{n}.acme.example" for n in range(9)), tuple(f"n{n}.acme.example" for n in range(4))),
        ("status.acme.example", ("status.acme.example", "acme.example"), ("app.acme.example", "api.acme.example")),
    ],
)  # fmt: skip
def test_the_doors_of_a_service_are_hosts_of_the_vendors_own_zone(
    host: str, parts: tuple[str, ...], doors: tuple[str, ...]
) -> None:
    listed = [Component(id=str(n), name=name) for n, name in enumerate(parts)]
    assert doors_of(host, listed) == doors
    assert len(doors) <= MOST_HOSTS


def test_a_door_that_does_not_answer_is_left_out_and_nothing_is_said_where_none_does() -> None:
    look, asked = looked(app=seen("d1.cloudfront.net", host="app.acme.example"))
    assert [told.value for told in stands_on(page(), look, as_of=NOW)] == ["cloudfront"]
    assert asked == ["app.acme.example", "api.acme.example"]
    assert stands_on(page(), looked()[0], as_of=NOW) == ()
    assert stands_on(page(), None, as_of=NOW) == ()


def test_what_was_seen_makes_the_service_stand_on_it_in_the_portfolio() -> None:
    look, _ = looked(api=seen("lb-1.us-east-1.elb.amazonaws.com"), app=seen(host="app.acme.example"))
    record = make_facts(openness=stands_on(page(), look, as_of=NOW))
    (inferred,) = inferred_upstreams(record, as_of=NOW)
    assert (inferred.upstream, inferred.rung) == ("aws-us-east-1", "dns")
    assert inferred.seen == "api.acme.example leads to lb-1.us-east-1.elb.amazonaws.com."
