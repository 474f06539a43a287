"""Upstreams are inferred from what a vendor's incidents blame on days enough, never against what is declared, never as comfort."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from assessments.forecast.inferred import inferred_upstreams, joined
from assessments.forecast.portfolio_records import Attachment
from assessments.forecast.scenarios import Scenario, play
from assessments.forecast.shared_fate import share_a_fate
from tests.assessments.test_portfolio import service
from vendors.records import Incident, Observation, Page, Update, Vendor, VendorFacts, Window

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = "https://status.example/"
BLAMES = "Sign-in fails due to an outage of AWS."


def told(age_days: float, *, text: str | None = BLAMES, upstreams: tuple[str, ...] = (), **fields: object) -> Incident:
    at = NOW - timedelta(days=age_days)
    update = Update(posted_at=at, text=text, elements=None if text is not None else (), upstreams=upstreams or UNSET)
    made = Incident(
        id=f"i{age_days}", page=PAGE, title="Sign-in", impact="major", status="resolved", started_at=at,
        first_posted_at=at, resolved_at=at, end_known="stated", updates=(update,),
    )  # fmt: skip
    return replace(made, **fields)


def facts(
    *incidents: Incident, name: str = "Acme", years: float = 2.0, openness: tuple[Observation, ...] = ()
) -> VendorFacts:
    return VendorFacts(
        vendor=Vendor(name=name, slug=name.lower().replace(" ", "-")),
        as_of=NOW,
        pages=(Page(url=PAGE, platform="statuspage", name=name),),
        window=Window(start=NOW - timedelta(days=365.25 * years), end=NOW, complete=True, reason="a test"),
        incidents=incidents,
        openness=openness,
    )


def ids(made: VendorFacts, as_of: datetime = NOW) -> dict[str, list[str]]:
    return {one.upstream: [telling.id for telling in one.incidents] for one in inferred_upstreams(made, as_of=as_of)}


def test_an_upstream_blamed_on_two_days_is_inferred_with_the_incidents_that_blame_it() -> None:
    (one,) = inferred_upstreams(facts(told(10), told(300), told(20, text="Sign-in fails.")), as_of=NOW)
    assert (one.upstream, one.rung) == ("aws", "incident-text")
    assert [(telling.id, telling.named) for telling in one.incidents] == [("i300", ("aws",)), ("i10", ("aws",))]


@pytest.mark.parametrize(
    "incidents",
    [
        (told(10),),
        (told(10), told(9.99)),
        (told(10), told(2000)),
        (told(10), told(800)),
        (told(10), told(20, text="We moved our backups from AWS.")),
        (told(10), told(20, reported="press")),
        (told(10), told(-3)),
        (),
    ],
    ids=["once", "twice a day", "years ago", "before the record", "named only", "in the press", "in the future", "no record"],
)  # fmt: skip
def test_too_little_infers_nothing(incidents: tuple[Incident, ...]) -> None:
    assert ids(facts(*incidents)) == {}


def test_a_post_made_after_the_day_of_the_question_tells_nothing() -> None:
    record = facts(told(10), told(300))
    assert ids(record, NOW - timedelta(days=11)) == {}
    assert ids(record, NOW - timedelta(days=10)) == {"aws": ["i300", "i10"]}  # posted at that moment: known by then


def test_regions_are_folded_into_their_provider_and_stay_in_the_evidence() -> None:
    east, west = (
        told(age, text=f"Caused by an outage in {where}.") for age, where in ((10, "us-east-1"), (20, "us-west-2"))
    )
    (one,) = inferred_upstreams(facts(east, west), as_of=NOW)
    assert one.upstream == "aws"
    assert [telling.named for telling in one.incidents] == [("aws-us-west-2",), ("aws-us-east-1",)]


def test_measured_updates_of_a_bundled_history_tell_what_their_texts_told() -> None:
    measured = (told(age, text=None, upstreams=("cloudflare", "no-such-thing")) for age in (10, 20))
    assert ids(facts(*measured)) == {"cloudflare": ["i20", "i10"]}


@pytest.mark.parametrize("name", ["Amazon Web Services", "Cloudflare", "Google Cloud"])
def test_the_texts_of_a_vendor_that_is_an_upstream_itself_are_left_aside(name: str) -> None:
    assert ids(facts(told(10), told(300), name=name)) == {}


def test_the_share_grows_with_the_days_it_was_blamed_and_stays_below_certainty() -> None:
    shares = [
        inferred_upstreams(facts(*(told(10 * n + 1) for n in range(count))), as_of=NOW)[0].share for count in (2, 3, 9)
    ]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] == 0.9
    longer = inferred_upstreams(facts(told(10), told(300), years=5), as_of=NOW)[0].share
    assert longer < shares[0]


def test_what_was_observed_stands_above_what_is_told() -> None:
    seen = Observation(
        check="stands-on", outcome="pass", observed_at=NOW, value="aws-us-east-1", note="CNAME of the app"
    )
    later = replace(seen, observed_at=NOW + timedelta(days=1), value="okta")
    odd = replace(seen, value="no-such-thing")
    (one,) = inferred_upstreams(facts(told(10), told(300), openness=(seen, later, odd)), as_of=NOW)
    assert (one.upstream, one.rung, one.share, one.seen) == ("aws-us-east-1", "dns", 0.5, "CNAME of the app")


@pytest.mark.parametrize(
    ("declared", "after"),
    [("aws", ["aws"]), ("aws-us-east-1", ["aws-us-east-1"]), ("okta", ["okta", "aws"]), (None, ["aws"])],
)
def test_what_is_declared_of_a_provider_wins(declared: str | None, after: list[str]) -> None:
    links = [Attachment(upstream=declared, share=0.1, rung="declared")] if declared else []
    both = joined(links, inferred_upstreams(facts(told(10), told(300)), as_of=NOW))
    assert [link.upstream for link in both] == after


def link(upstream: str, rung: str = "incident-text") -> tuple[Attachment, ...]:
    return (Attachment(upstream=upstream, share=0.5, rung=rung),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("main", "spare", "known", "shared"),
    [
        (link("aws"), link("aws-us-east-1", "declared"), True, ["aws-us-east-1"]),
        (link("aws-us-west-2", "dns"), link("aws-us-east-1", "dns"), True, []),
        (link("aws"), link("okta"), False, []),
        (link("aws", "analyst"), link("okta"), False, []),
        (link("aws", "analyst"), link("okta", "dns"), True, []),
        (link("aws"), link("aws"), True, ["aws"]),
    ],
)
def test_incident_texts_tell_what_is_shared_but_not_that_nothing_is(
    main: tuple[Attachment, ...], spare: tuple[Attachment, ...], known: bool, shared: list[str]
) -> None:
    fate = share_a_fate(main, spare)
    assert (fate.known, [one.upstream for one in fate.shared]) == (known, shared)
    assert share_a_fate(spare, main) == fate


def test_a_region_that_falls_strikes_whoever_stands_on_its_provider_of_which_no_region_is_known() -> None:
    services = [service(name, dependencies=link(upstream)) for name, upstream in (("a", "aws"), ("b", "aws-us-west-2"))]
    down = Scenario(told="us-east-1 down", hours=15.0, upstream="aws-us-east-1")
    assert [one.name for one in play(down, services)] == ["a"]
