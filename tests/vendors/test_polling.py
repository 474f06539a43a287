"""When a page is read next; one reader a host; what an unchanged page costs; what a failure changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from riskboard.errors import NotNow, Refused
from riskboard.jobs.models import Job
from tests.vendors.statuspage_answers import incident, listing, post, summary
from vendors import models, polling, turns
from vendors.facts import facts_of
from vendors.fetching import TooSlow, TryLater, Unreachable
from vendors.ingest import refresh_page
from vendors.polling import FULL, LONGEST, OPEN, QUIET, RECENT, interval, jittered, look, tick, watch
from vendors.sources.base import Raw
from vendors.turns import APART, BREAKER_AFTER, BREAKER_LONGEST, LOST_AFTER, Turns, give_back, take

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SITE = "https://status.example.com"
API = f"{SITE}/api/v2"
HOUR = timedelta(hours=1)


class Site:
    """A page that answers by what is put into it, counts what it is asked, and knows validators."""

    def __init__(self, **answers: bytes | Exception) -> None:
        self.answers: dict[str, bytes | Exception] = {
            "summary": summary(),
            "incidents": listing(incident()),
            **answers,
        }
        self.etags = True
        self.now = NOW
        self.asked: list[tuple[str, str | None]] = []

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Raw:
        name = url.rsplit("/", 1)[-1].removesuffix(".json")
        self.asked.append((name, etag))
        answer = self.answers.get(name, Unreachable(f"{url} answers with HTTP 404", status=404))
        if isinstance(answer, Exception):
            raise answer
        tag = f'"{hash(answer)}"' if self.etags else ""
        if etag and etag == tag:
            return Raw(url=url, body=b"", fetched_at=self.now, status=304)
        return Raw(url=url, body=answer, fetched_at=self.now, etag=tag)


def watched(site: Site) -> models.StatusPage:
    page = refresh_page(SITE, as_of=NOW, fetch=site.fetch)
    watch(page, now=NOW)
    models.Watch.objects.filter(page=page).update(read_at=NOW)
    return page


def at(site: Site, page: models.StatusPage, moment: datetime) -> str:
    site.now = moment
    site.asked.clear()
    return look(page.pk, now=moment, fetch=site.fetch)


@pytest.mark.parametrize(
    ("busy", "since", "failures", "length"),
    [
        (True, None, 0, OPEN),
        (False, timedelta(hours=1), 0, RECENT),
        (False, timedelta(days=7), 0, RECENT),
        (False, timedelta(days=8), 0, QUIET),
        (False, None, 0, QUIET),
        (True, None, 1, 2 * OPEN),
        (True, None, 3, 8 * OPEN),
        (False, None, 50, LONGEST),
    ],
)
def test_a_page_is_looked_at_the_sooner_the_more_happens(busy, since, failures, length):
    changed = None if since is None else NOW - since
    assert interval(busy=busy, changed_at=changed, failures=failures, now=NOW) == length


def test_jitter_spreads_pages_and_is_the_same_each_time():
    lengths = [jittered(HOUR, page=n, now=NOW) for n in range(200)]
    assert lengths == [jittered(HOUR, page=n, now=NOW) for n in range(200)]
    assert min(lengths) >= HOUR * 0.9
    assert max(lengths) <= HOUR * 1.1
    assert len(set(lengths)) > 190


def test_an_unchanged_page_costs_one_conditional_request_and_changes_no_fact(django_assert_max_num_queries):
    site = Site()
    page = watched(site)
    before = facts_of(page.vendor, as_of=NOW)
    kept = list(models.Snapshot.objects.values_list("pk", "last_fetched_at"))
    with django_assert_max_num_queries(14):
        assert at(site, page, NOW + HOUR) == "unchanged"
    assert [name for name, _ in site.asked] == ["summary"]
    assert site.asked[0][1] is not None
    assert facts_of(page.vendor, as_of=NOW) == before
    assert list(models.Snapshot.objects.values_list("pk", "last_fetched_at")) == kept


def test_without_validators_the_same_bytes_are_no_news_either():
    site = Site()
    site.etags = False
    page = watched(site)
    assert at(site, page, NOW + HOUR) == "unchanged"
    assert [name for name, _ in site.asked] == ["summary"]


def test_news_leads_to_a_full_read_and_to_looking_sooner():
    site = Site()
    page = watched(site)
    fresh = incident("new000000001", post("2026-06-01 12:40"))
    site.answers |= {"summary": summary(fresh, indicator="minor"), "incidents": listing(fresh, incident())}
    assert at(site, page, NOW + HOUR) == "read"
    assert {i.id for i in facts_of(page.vendor, as_of=NOW + HOUR).incidents} == {"inc000000001", "new000000001"}
    row = models.Watch.objects.get(page=page)
    assert row.changed_at == NOW + HOUR
    assert OPEN * 0.9 <= row.due_at - (NOW + HOUR) <= OPEN * 1.1


def test_once_a_day_everything_is_read_whatever_the_first_document_says():
    site = Site()
    page = watched(site)
    changed = incident(name="Slow answers, corrected")
    site.answers["incidents"] = listing(changed)
    assert at(site, page, NOW + HOUR) == "unchanged"
    assert at(site, page, NOW + FULL) == "read"
    assert [i.title for i in facts_of(page.vendor, as_of=NOW).incidents] == ["Slow answers, corrected"]


@pytest.mark.parametrize(
    "answer",
    [
        TooSlow("too slow"),
        Unreachable("no"),
        Unreachable("gone", status=404),
        b"<html>moved</html>",
        b'{"cut',
        b"{}",
        b"[]",
    ],
    ids=str,
)
def test_a_failed_look_changes_no_fact_and_comes_back_later_each_time(answer):
    site = Site()
    page = watched(site)
    before = facts_of(page.vendor, as_of=NOW)
    site.answers = {"summary": answer, "incidents": answer}
    moment, waits = NOW, []
    for _ in range(4):
        moment += FULL
        assert at(site, page, moment) in ("failed", "not now")
        models.HostTurn.objects.update(not_before=None)
        waits.append(models.Watch.objects.get(page=page).due_at - moment)
    assert waits == sorted(waits)
    page.refresh_from_db()
    assert page.fault
    assert page.state == "unknown"
    after = facts_of(page.vendor, as_of=NOW)
    assert after.incidents == before.incidents
    assert after.window == before.window


def test_a_page_that_moves_to_another_product_keeps_both_times():
    site = Site()
    page = watched(site)
    other = summary(page={"id": "01KABCDEFGHJKMNPQRSTVWXYZ0", "name": "Example", "url": SITE})
    site.answers = {"summary": other.replace(b"abc123def456", b"01KABCDEFGHJKMNPQRSTVWXYZ0"), "incidents": listing()}
    assert at(site, page, NOW + FULL) == "read"
    assert (
        len(facts_of(page.vendor, as_of=NOW + FULL).incidents) == 1
    )  # ids of the other product say nothing about ours
    spans = [(row.since, row.until) for row in page.products.all()]
    assert spans == [(NOW, NOW + FULL), (NOW + FULL, None)]
    assert models.Incident.objects.filter(gone_at=None).count() == 1


def test_an_incident_the_page_drops_stays_with_the_time_it_was_missed():
    site = Site()
    page = watched(site)
    older = incident("old000000001", post("2026-04-01 11:00", "resolved"), post("2026-04-01 10:00"))
    site.answers["incidents"] = listing(incident(), older)
    refresh_page(SITE, as_of=NOW + HOUR, fetch=site.fetch)
    site.answers["incidents"] = listing(older)
    refresh_page(SITE, as_of=NOW + 2 * HOUR, fetch=site.fetch)
    gone = {i.id: i.gone_at for i in facts_of(page.vendor, as_of=NOW).incidents}
    assert gone == {"inc000000001": NOW + 2 * HOUR, "old000000001": None}
    site.answers["incidents"] = listing(incident(), older)
    refresh_page(SITE, as_of=NOW + 3 * HOUR, fetch=site.fetch)
    assert {i.gone_at for i in facts_of(page.vendor, as_of=NOW).incidents} == {None}


def test_a_post_that_is_deleted_stays_with_the_time_it_was_missed():
    posts = [post("2026-05-01 11:00", "resolved"), post("2026-05-01 10:30", "identified"), post("2026-05-01 10:00")]
    site = Site(incidents=listing(incident("inc000000001", *posts)))
    page = watched(site)
    site.answers["incidents"] = listing(incident("inc000000001", posts[0], posts[2]))
    refresh_page(SITE, as_of=NOW + HOUR, fetch=site.fetch)
    (kept,) = facts_of(page.vendor, as_of=NOW).incidents
    assert [update.withdrawn_at for update in kept.updates] == [None, NOW + HOUR, None]


def test_two_ticks_enqueue_a_page_once():
    site = Site()
    page = watched(site)
    models.Watch.objects.filter(page=page).update(due_at=NOW)
    assert tick(now=NOW - HOUR) == 0
    assert tick(now=NOW) == 1
    assert tick(now=NOW) == 0
    assert Job.anyone.filter(kind="poll").count() == 1


def test_a_tick_leaves_the_rest_to_the_next_and_none_waits_for_ever(monkeypatch):
    monkeypatch.setattr(polling, "A_TICK", 2)
    vendor = models.Vendor.objects.create(slug="v", name="V")
    for n in range(5):
        url = f"https://status{n}.example.com"
        page = models.StatusPage.objects.create(vendor=vendor, url=url, platform="statuspage", name="V")
        models.Watch.objects.create(page=page, due_at=NOW - timedelta(minutes=n))
    assert [tick(now=NOW) for _ in range(4)] == [2, 2, 1, 0]
    assert Job.anyone.filter(kind="poll").count() == 5


def test_what_is_not_watched_is_not_looked_at():
    site = Site()
    page = watched(site)
    polling.unwatch(page)
    site.asked.clear()
    assert look(page.pk, now=NOW + HOUR, fetch=site.fetch) == "not watched"
    assert look(page.pk + 1, now=NOW + HOUR, fetch=site.fetch) == "not watched"
    assert site.asked == []
    watch(page, now=NOW)
    assert models.Watch.objects.get(page=page).due_at is not None


def test_a_host_is_read_by_one_at_a_time():
    take("status.example.com", "one", now=NOW)
    with pytest.raises(NotNow, match="being read right now"):
        take("status.example.com", "two", now=NOW + timedelta(seconds=1))
    with pytest.raises(NotNow):
        take("status.example.com", "two", now=NOW + timedelta(seconds=1), apart=False)
    take("other.example.com", "two", now=NOW)
    take("status.example.com", "three", now=NOW + LOST_AFTER + timedelta(seconds=1))  # the first one died


def test_two_reads_of_a_host_lie_a_minute_apart_unless_a_person_asks():
    take("h.example.com", "one", now=NOW)
    give_back("h.example.com", "one", now=NOW, failed=False)
    with pytest.raises(NotNow, match="a moment ago") as refusal:
        take("h.example.com", "two", now=NOW + timedelta(seconds=59))
    assert refusal.value.until == NOW + APART
    take("h.example.com", "two", now=NOW + timedelta(seconds=59), apart=False)


def test_only_the_holder_ends_a_turn():
    take("h.example.com", "one", now=NOW)
    give_back("h.example.com", "two", now=NOW, failed=True)
    assert models.HostTurn.objects.get().holder == "one"


def test_what_a_host_asks_for_holds_for_everybody():
    def later(url: str, **_: object) -> Raw:
        raise TryLater("later", status=429, wait=timedelta(minutes=10))

    reader = Turns(later, lambda: NOW)
    with pytest.raises(TryLater):
        reader(f"{API}/summary.json")
    reader.give_back()
    for apart in (True, False):
        with pytest.raises(NotNow, match="10 min") as refusal:
            take("status.example.com", "next", now=NOW + timedelta(seconds=1), apart=apart)
        assert refusal.value.until == NOW + timedelta(minutes=10)
    take("status.example.com", "next", now=NOW + timedelta(minutes=10))


def test_after_five_failures_in_a_row_a_host_is_left_alone_longer_and_longer():
    rests = []
    moment = NOW
    for n in range(BREAKER_AFTER + 8):
        take("h.example.com", f"r{n}", now=moment)
        give_back("h.example.com", f"r{n}", now=moment, failed=True)
        row = models.HostTurn.objects.get()
        rests.append((row.not_before or moment) - moment)
        moment = max(row.not_before or moment, moment + APART)
    assert rests[: BREAKER_AFTER - 1] == [timedelta(0)] * (BREAKER_AFTER - 1)
    assert rests[BREAKER_AFTER - 1] > timedelta(0)
    assert rests[-1] == BREAKER_LONGEST
    take("h.example.com", "good", now=moment)
    give_back("h.example.com", "good", now=moment, failed=False)
    assert models.HostTurn.objects.get().failures == 0


@pytest.mark.parametrize(
    ("fault", "counts"),
    [
        (TooSlow("x"), True),
        (Unreachable("x"), True),
        (Unreachable("x", status=500), True),
        (Unreachable("x", status=404), False),
    ],
    ids=str,
)
def test_only_a_host_in_trouble_counts_towards_the_breaker(fault, counts):
    def broken(url: str, **_: object) -> Raw:
        raise fault

    reader = Turns(broken, lambda: NOW)
    with pytest.raises(Refused):
        reader(f"{SITE}/x")
    reader.give_back()
    assert models.HostTurn.objects.get().failures == int(counts)


def test_a_person_reading_a_page_takes_the_turn_and_gives_it_back(monkeypatch):
    monkeypatch.setattr("vendors.fetching.fetch", Site().fetch)
    refresh_page(SITE, as_of=NOW)
    row = models.HostTurn.objects.get()
    assert (row.host, row.holder, row.busy_until) == ("status.example.com", "", None)
    refresh_page(SITE, as_of=NOW + timedelta(seconds=5))
    models.HostTurn.objects.update(holder="someone", busy_until=timezone.now() + LOST_AFTER)
    with pytest.raises(NotNow, match="being read right now"):
        refresh_page(SITE, as_of=NOW + HOUR)


def test_the_job_of_a_poll_looks_with_the_real_fetcher(monkeypatch):
    from vendors.handlers import poll_job

    site = Site()
    page = watched(site)
    models.HostTurn.objects.all().delete()
    monkeypatch.setattr("vendors.fetching.fetch", site.fetch)

    class Running:
        args = {"page": page.pk}

    assert poll_job(Running())["outcome"] in ("read", "unchanged")
    assert turns.models.HostTurn.objects.count() == 1
