"""What a page shows and hides, with its evidence; what cannot be seen is unknown, never a pass and never a fail."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.captures import captures, needs_captures
from tests.vendors.statuspage_answers import (
    NOW,
    PAGE,
    at,
    component,
    incident,
    iso,
    listing,
    maintenance,
    post,
    raw,
    summary,
)
from vendors.openness import observe
from vendors.records import Observation
from vendors.sources.base import Raw
from vendors.sources.statuspage.source import STATUSPAGE

CHECKS = [
    "access", "same-for-all", "machine-readable-feed", "history-reach", "component-granularity", "subscriptions",
    "uptime-figures", "independent-hosting", "post-mortems", "maintenance-notice", "honest-labels", "stated-times",
    "language", "accessibility",
]  # fmt: skip
HTML = """<!doctype html><html lang="en"><head><title>Example Status</title>
<link rel="alternate" type="application/rss+xml" href="/history.rss"><link rel="alternate" hreflang="de" href="/de"></head>
<body><h1>All systems operational</h1><p>99.98 % uptime over 90 days, <a href="/uptime">how uptime is calculated</a></p>
<div class="shared uptime-percent">API</div><form><input type="email" name="e">
Subscribe to updates by SMS, webhook or Slack updates</form><img src="x.png" alt="logo"></body></html>"""


@dataclass(frozen=True)
class Seen:
    host: str
    addresses: tuple[str, ...] = ("192.0.2.1",)
    canonical: str = ""
    issuer: str = ""
    alt_names: tuple[str, ...] = ()


def seen(
    html: str | None = HTML, *, status=None, product=None, whole=True, **documents: bytes
) -> dict[str, Observation]:
    """Check -> its observation, for a page with those answers."""
    documents = documents or {
        "summary": summary(components=[component(f"c{n}", f"Part {n}") for n in range(6)]),
        "incidents": listing(incident()),
    }
    answers = {name: raw(content, f"{PAGE}/{name}") for name, content in documents.items()}
    parsed = STATUSPAGE.parse(PAGE, answers, as_of=NOW)
    if html is not None:
        answers["page"] = raw(html.encode(), f"{PAGE}/")
    found = observe(parsed, answers, as_of=NOW, status=status, product=product, whole=whole)
    assert [o.check for o in found] == CHECKS
    return {o.check: o for o in found}


def test_an_open_page_shows_what_it_shows_with_the_bytes_it_was_read_from():
    told = seen()
    assert {check: o.outcome for check, o in told.items()} == {
        "access": "pass", "same-for-all": "unknown", "machine-readable-feed": "pass", "history-reach": "pass",
        "component-granularity": "pass", "subscriptions": "pass", "uptime-figures": "pass",
        "independent-hosting": "unknown", "post-mortems": "not_applicable", "maintenance-notice": "unknown",
        "honest-labels": "unknown", "stated-times": "unknown", "language": "pass", "accessibility": "pass",
    }  # fmt: skip
    html = hashlib.sha256(HTML.encode()).hexdigest()
    assert told["subscriptions"].sha256 == html
    assert told["subscriptions"].url == f"{PAGE}/"
    assert {o.observed_at for o in told.values()} == {NOW}
    assert all(o.note for o in told.values())


def test_what_was_not_looked_at_is_unknown():
    told = seen(None)
    assert {check for check, o in told.items() if o.outcome == "unknown"} >= {
        "same-for-all", "subscriptions", "uptime-figures", "independent-hosting", "language", "accessibility",
    }  # fmt: skip
    assert told["subscriptions"].sha256 is None


def test_a_document_from_a_file_shows_nothing_of_a_page():
    answers = {"document": Raw(url="saved.json", body=listing(incident()), fetched_at=NOW)}
    assert observe(STATUSPAGE.parse("", answers, as_of=NOW), answers, as_of=NOW) == ()


@pytest.mark.parametrize(("whole", "outcome", "value"), [(True, "fail", 0.0), (False, "unknown", None)])
def test_no_history_counts_only_if_every_address_answered(whole, outcome, value):
    told = seen(whole=whole, summary=summary())
    assert (told["history-reach"].outcome, told["history-reach"].value) == (outcome, value)
    assert told["access"].outcome == "partial"


@pytest.mark.parametrize(
    ("html", "subscriptions", "uptime", "language", "accessibility"),
    [
        ("<html><body></body></html>", "fail", "fail", "fail", "fail"),
        ('<html lang="en"><body>operational</body></html>', "fail", "fail", "partial", "pass"),
        (
            '<html lang="en"><body>operational <a href="/history.rss">RSS</a></body></html>',
            "partial",
            "fail",
            "partial",
            "pass",
        ),
        ('<html lang="en"><body>All operational, 99.9% uptime</body></html>', "fail", "partial", "partial", "pass"),
        (
            '<html lang="en"><body><script>"operational"</script><img src="a.png"></body></html>',
            "fail",
            "fail",
            "partial",
            "fail",
        ),
        ('<html lang="en"><body>resolved <img src="a.png"></body></html>', "fail", "fail", "partial", "partial"),
    ],
)
def test_the_page_itself_tells_by_its_source(html, subscriptions, uptime, language, accessibility):
    told = seen(html)
    outcomes = [told[c].outcome for c in ("subscriptions", "uptime-figures", "language", "accessibility")]
    assert outcomes == [subscriptions, uptime, language, accessibility]


APART = Seen("example.com", ("198.51.100.7",), alt_names=("example.com",))


@pytest.mark.parametrize(
    ("status", "product", "outcome"),
    [
        (None, None, "unknown"),
        (Seen("status.example.com"), None, "unknown"),
        (Seen("status.example.com", canonical="x.statuspage.io"), None, "partial"),
        (Seen("status.example.com", canonical="x.statuspage.io"), APART, "pass"),
        (Seen("example-status.net"), APART, "pass"),
        (Seen("status.example.com"), APART, "partial"),
        (Seen("status.example.com", ("198.51.100.9",)), APART, "fail"),
        (Seen("example-status.net", alt_names=("example.com", "example-status.net")), APART, "partial"),
        (Seen("status.example.com", ("2001:db8:1:2::1",)), Seen("example.com", ("2001:db8:1:3::1",)), "fail"),
    ],
)
def test_a_page_that_would_fall_with_its_product_is_not_independent(status, product, outcome):
    assert seen(status=status, product=product)["independent-hosting"].outcome == outcome


def many(count: int, *, impact: str = "minor", words: str = "Slow.", started: str | None = None) -> bytes:
    rows = []
    for n in range(count):
        posts = (
            post(f"2026-04-{n + 1:02d} 11:00", "resolved", "Over."),
            post(f"2026-04-{n + 1:02d} 10:00", body=words),
        )
        extra = {"started_at": iso(f"2026-04-{n + 1:02d} {started}")} if started else {}
        rows.append(incident(f"inc{n:09d}", *posts, impact=impact, **extra))
    return listing(*rows)


@pytest.mark.parametrize(
    ("impact", "words", "outcome"),
    [
        ("minor", "Some answers are slow.", "pass"),
        ("minor", "The service is completely down.", "fail"),
        ("none", "All customers are unable to log in.", "fail"),
        ("critical", "The service is completely down.", "pass"),
    ],
)
def test_a_label_that_plays_down_the_words_is_seen(impact, words, outcome):
    assert seen(summary=summary(), incidents=many(6, impact=impact, words=words))["honest-labels"].outcome == outcome


@pytest.mark.parametrize(("started", "outcome"), [("09:30", "pass"), ("10:00", "fail")])
def test_starts_stated_apart_from_the_post_are_seen(started, outcome):
    assert seen(summary=summary(), incidents=many(6, started=started))["stated-times"].outcome == outcome


@pytest.mark.parametrize(
    ("count", "reviewed", "outcome"), [(3, 0, "unknown"), (6, 0, "fail"), (6, 2, "partial"), (6, 3, "pass")]
)
def test_post_mortems_of_major_incidents_are_counted(count, reviewed, outcome):
    rows = []
    for n in range(count):
        posts = [post(f"2026-04-{n + 1:02d} 11:00", "resolved"), post(f"2026-04-{n + 1:02d} 10:00")]
        if n < reviewed:
            posts.insert(0, post(f"2026-04-{n + 2:02d} 11:00", "postmortem"))
        rows.append(
            incident(
                f"inc{n:09d}", *posts, impact="major", status="resolved", resolved_at=iso(f"2026-04-{n + 1:02d} 11:00")
            )
        )
    assert seen(summary=summary(), incidents=listing(*rows))["post-mortems"].outcome == outcome


@pytest.mark.parametrize(("hours", "outcome"), [(96, "pass"), (72, "pass"), (48, "partial"), (2, "fail")])
def test_how_long_ahead_work_is_announced_is_seen(hours, outcome):
    begin = at("2026-05-20 09:00") + timedelta(hours=hours)
    window = maintenance(scheduled_for=begin.isoformat(), scheduled_until=(begin + timedelta(hours=2)).isoformat())
    assert (
        seen(summary=summary(scheduled_maintenances=[window]), incidents=listing())["maintenance-notice"].outcome
        == outcome
    )


@needs_captures
def test_real_home_pages_show_their_ways_to_subscribe_and_their_language():
    told = []
    for capture in captures("statuspage-html"):
        answers = {"home": Raw(url=PAGE, body=capture.read(), fetched_at=NOW)}
        parsed = STATUSPAGE.parse(PAGE, answers, as_of=NOW)
        told.append({o.check: o for o in observe(parsed, answers, as_of=NOW)})
    active = [page for page in told if page["access"].value == "public"]
    assert len(active) >= 30
    assert sum("email" in str(page["subscriptions"].value) for page in active) >= 0.8 * len(active)
    assert all(page["language"].value for page in active)
    assert all(page["access"].outcome == "fail" for page in told if page["access"].value == "none")
