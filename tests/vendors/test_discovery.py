"""Any address to its status page: what answers decides, nothing is asked twice, and a refusal lists what was tried."""

from __future__ import annotations

import json

import pytest

from riskboard.errors import Refused
from tests.vendors.statuspage_answers import NOW, PAGE, component, incident, listing, post, raw, summary
from tests.vendors.test_statuspage_archive import PAST_THE_END, entry, quarter
from tests.vendors.test_statuspage_feed import TWO, feed
from tests.vendors.test_statuspage_feed import entry as feed_entry
from tests.vendors.test_statuspage_home import home
from vendors import discovery
from vendors.sources.base import Raw

API = f"{PAGE}/api/v2"


class Site:
    """A made-up web: address -> bytes or a whole answer; everything else is refused as the fetcher would."""

    def __init__(self, pages: dict[str, bytes | Raw]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def fetch(self, url: str) -> Raw:
        self.asked.append(url)
        if url not in self.pages:
            raise Refused(f"{url} answers with HTTP 404")
        answer = self.pages[url]
        return answer if isinstance(answer, Raw) else raw(answer, url)


def whole_page(**more: bytes | Raw) -> Site:
    """A page with its API, an archive of one quarter and one incident that only the archive knows."""
    old = incident("old000000001", post("2026-05-02 09:00", "resolved"), post("2026-05-02 08:00"))
    return Site(
        {
            f"{API}/summary.json": summary(components=[component("c1", "API")]),
            f"{API}/incidents.json": listing(incident()),
            f"{API}/scheduled-maintenances.json": summary(),
            f"{PAGE}/history.json?page=1": quarter(entry("old000000001", "May 2, 08:00 - 09:00 UTC")),
            f"{PAGE}/history.json?page=2": PAST_THE_END,
            f"{API}/incidents/old000000001.json": json.dumps({"incident": old}).encode(),
            f"{PAGE}/history.atom": feed(feed_entry(TWO, "2026-05-02T11:00:00Z", "inc000000001")),
            f"{PAGE}/": home(),
            **more,
        }
    )


@pytest.mark.parametrize(
    "address",
    ["https://status.example.com", "https://status.example.com/", "status.example.com", " https://status.example.com ",
     f"{PAGE}/history", f"{PAGE}/history?page=3", f"{PAGE}/history.atom", f"{PAGE}/history.rss", f"{PAGE}/incidents/inc000000001",
     f"{API}/summary.json", f"{API}/incidents/inc000000001.json", f"{PAGE}/uptime", f"{PAGE}/about/us", f"{PAGE}/#past-incidents"],
)  # fmt: skip
def test_every_address_of_a_page_leads_to_it(address):
    found = discovery.discover(address, fetch=whole_page().fetch)
    assert (found.page_url, found.source.id) == (PAGE, "statuspage")


def test_a_bare_page_id_leads_to_its_stable_host():
    site = Site({"https://abc123def456.statuspage.io/api/v2/summary.json": summary()})
    assert discovery.discover("abc123def456", fetch=site.fetch).page_url == "https://abc123def456.statuspage.io"


def test_a_page_that_moved_is_read_where_it_answers():
    moved = raw(summary(), "https://old.example.com/api/v2/summary.json", final_url=f"{API}/summary.json")
    found = discovery.discover("old.example.com", fetch=Site({moved.url: moved}).fetch)
    assert found.page_url == PAGE


def test_a_short_link_leads_where_it_redirects():
    link = raw(home(), "https://stspg.io/xyz", final_url=f"{PAGE}/incidents/inc000000001")
    site = Site({link.url: link, f"{API}/summary.json": summary()})
    assert discovery.discover(link.url, fetch=site.fetch).page_url == PAGE


def test_a_page_below_a_path_is_found_there():
    site = Site({"https://example.com/status/api/v2/summary.json": summary()})
    assert (
        discovery.discover("https://example.com/status/history", fetch=site.fetch).page_url
        == "https://example.com/status"
    )


def test_a_page_whose_api_is_blocked_is_found_by_its_home_page():
    site = Site({f"{PAGE}/": home()})
    found = discovery.discover(f"{PAGE}/", fetch=site.fetch)
    assert (found.page_url, list(found.documents)) == (PAGE, ["home"])


def test_a_site_that_links_to_the_pages_feed_leads_to_the_page():
    site = Site({"https://example.com/help": b"<html><a href='https://status.example.com/history.atom'>feed</a></html>",
                 f"{API}/summary.json": summary()})  # fmt: skip
    assert discovery.discover("https://example.com/help", fetch=site.fetch).page_url == PAGE


@pytest.mark.parametrize(
    "address",
    ["", " ", "ftp://status.example.com", "javascript:alert(1)", "file:///etc/passwd", "https://", "https://user:pass@status.example.com",
     "https://exa mple.com", "https://status.example.com:99999", "http://[::1", "https://status.example.com:0/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_without_a_request(address):
    site = Site({})
    with pytest.raises(Refused):
        discovery.discover(address, fetch=site.fetch)
    assert [url for url in site.asked if "status.example.com" in url] == []


def test_a_site_without_a_status_page_is_refused_with_all_that_was_tried():
    site = Site({f"{API}/summary.json": b"<html>all fine</html>", f"{PAGE}/a/b": b"<html>hello</html>"})
    with pytest.raises(Refused) as refusal:
        discovery.discover(f"{PAGE}/a/b", fetch=site.fetch)
    message = str(refusal.value)
    assert all(url in message for url in site.asked)
    assert len(site.asked) == len(set(site.asked)) <= discovery.MOST_TRIES
    assert "\n" not in message


def test_one_reason_for_every_address_is_said_once():
    def fetch(url: str) -> Raw:
        raise Refused("10.0.0.1 is a private address")

    with pytest.raises(Refused) as refusal:
        discovery.discover("http://10.0.0.1/", fetch=fetch)
    assert str(refusal.value).count("private address") == 1


def test_an_unknown_platform_is_refused_with_the_known_ones():
    with pytest.raises(Refused, match="statuspage"):
        discovery.discover(PAGE, fetch=Site({}).fetch, platform="pigeon")


def test_a_full_read_asks_each_address_once_and_gives_each_incident_once():
    site = whole_page()
    parsed, answers = discovery.read_page(PAGE, fetch=site.fetch, as_of=NOW)
    assert len(site.asked) == len(set(site.asked))
    assert sorted(answers) == [
        "atom", "history-1", "history-2", "home", "incident-old000000001", "incidents", "scheduled-maintenances", "summary",
    ]  # fmt: skip
    assert [(i.id, len(i.updates)) for i in parsed.incidents] == [("inc000000001", 4), ("old000000001", 2)]
    assert "back to its beginning" in parsed.window.reason
    assert parsed.quarantined == ()


def test_what_does_not_answer_is_told_and_the_rest_is_read():
    site = whole_page()
    del site.pages[f"{PAGE}/history.json?page=1"], site.pages[f"{PAGE}/history.atom"]
    parsed, _ = discovery.read_page(PAGE, fetch=site.fetch, as_of=NOW)
    assert [i.id for i in parsed.incidents] == ["inc000000001"]
    assert sorted(q.where for q in parsed.quarantined) == [f"{PAGE}/history.atom", f"{PAGE}/history.json?page=1"]


def test_a_list_that_is_suddenly_a_web_page_is_no_quiet_page():
    with pytest.raises(Refused, match="web page"):
        discovery.read_page(PAGE, fetch=whole_page(**{f"{API}/incidents.json": b"<html>login</html>"}).fetch, as_of=NOW)


def test_an_endless_archive_ends_at_the_limit_of_requests(monkeypatch):
    monkeypatch.setattr(discovery, "MOST_ANSWERS", 9)
    site = whole_page(**{f"{PAGE}/history.json?page={n}": quarter() for n in range(1, 60)})
    parsed, answers = discovery.read_page(PAGE, fetch=site.fetch, as_of=NOW)
    assert len(answers) == 9
    assert "too many requests" in parsed.quarantined[-1].reason


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://status.example.com/">anything</a>',
        '<a class="x" href="https://example-trust.net/">System status</a>',
        '<a href="https://examplestatus.com/" target="_blank">Uptime</a>',
        '<a href="/status">here</a>',
        '<link rel="alternate" href="https://status.example.com/history.atom">',
    ],
)
def test_a_home_page_leads_to_the_status_page_it_links(link):
    page = {"status.example.com", "example-trust.net", "examplestatus.com"}
    answers: dict[str, bytes | Raw] = {"https://www.example.com/": f"<html><body>{link}</body></html>".encode()}
    answers |= {f"https://{host}/api/v2/summary.json": summary() for host in page}
    answers |= {"https://www.example.com/status/api/v2/summary.json": summary()}
    found = discovery.discover("www.example.com", fetch=Site(answers).fetch)
    assert found.source.id == "statuspage"
    assert found.page_url.startswith(("https://status.", "https://example", "https://www.example.com/status"))


@pytest.mark.parametrize("path", ["/history/1", "/incident/clabc", "/history.rss", "/maintenances"])
def test_whatever_lies_below_a_page_leads_to_the_page(path):
    home = b'<html><script>{"languageUrl":"https://lang.instatus.com","mainStatus":"UP"}</script></html>'
    site = Site({"https://status.example.org/": home})
    found = discovery.discover(f"https://status.example.org{path}", fetch=site.fetch)
    assert (found.source.id, found.page_url) == ("instatus", "https://status.example.org")


def test_not_our_turn_is_not_taken_for_no_page():
    from datetime import UTC, datetime

    from riskboard.errors import NotNow

    def fetch(url: str) -> Raw:
        raise NotNow("status.example.com is being read right now", until=datetime(2026, 1, 1, tzinfo=UTC))

    with pytest.raises(NotNow):
        discovery.discover("https://status.example.com", fetch=fetch)
