"""What a monitor scrapes: from rows, guarded by a token, at a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from riskboard.celery_app import QUEUES
from riskboard.jobs.models import Job, State
from vendors.models import StatusPage, Vendor, Watch

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-thirty-two-characters"


@pytest.fixture(autouse=True)
def _token(settings):
    settings.METRICS_TOKEN = TOKEN


def scraped() -> dict[tuple[str, ...], float]:
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
def test_without_the_token_there_is_no_such_page(given):
    assert Client().get("/metrics", headers={"Authorization": given} if given else {}).status_code == 404


def test_where_no_token_is_set_nobody_gets_in(settings):
    settings.METRICS_TOKEN = ""
    for given in ("Bearer ", "Bearer x"):
        assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404


def test_an_empty_installation_tells_zeros():
    told = scraped()
    assert {told["riskboard_queue_jobs", queue] for queue in QUEUES} == {0.0}
    assert told["riskboard_jobs_ended_last_hour", "dead"] == 0
    assert told["riskboard_pages", "fails"] == 0
    assert told[("riskboard_score_drift_mean_points",)] == 0


def job(state: str = State.QUEUED, queue: str = "report", **fields) -> Job:
    return Job.anyone.create(kind="test", queue=queue, state=state, **{"due_at": timezone.now(), **fields})


def test_queues_tell_how_many_wait_and_how_long_the_first_has():
    now = timezone.now()
    job(due_at=now - timedelta(minutes=5))
    job(due_at=now - timedelta(minutes=2))
    job(due_at=now + timedelta(hours=1))
    job(state=State.RUNNING, lease_until=now + timedelta(minutes=1))
    job(state=State.DEAD, finished_at=now)
    job(state=State.DEAD, finished_at=now - timedelta(days=3))
    told = scraped()
    assert told["riskboard_queue_jobs", "report"] == 2
    assert 299 <= told["riskboard_queue_oldest_seconds", "report"] < 330
    assert told[("riskboard_jobs_running",)] == 1
    assert told["riskboard_jobs_ended_last_hour", "dead"] == 1
    assert told[("riskboard_jobs_dead",)] == 2


def test_pages_tell_how_their_last_look_went():
    now = timezone.now()
    vendor = Vendor.objects.create(slug="acme", name="Acme")
    for number, (failures, due, checked) in enumerate(
        [
            (0, timedelta(minutes=-3), timedelta(minutes=-33)),
            (4, timedelta(hours=1), timedelta(days=-2)),
            (0, None, None),
        ]
    ):
        page = StatusPage.objects.create(
            vendor=vendor, url=f"https://status{number}.acme.example", platform="statuspage"
        )
        Watch.objects.create(
            page=page, failures=failures, due_at=due and now + due, checked_at=checked and now + checked
        )
    told = scraped()
    assert (told["riskboard_pages", "answers"], told["riskboard_pages", "fails"]) == (1, 1)
    assert told[("riskboard_pages_stale",)] == 1
    assert 180 <= told[("riskboard_poll_overdue_seconds",)] < 210


def test_a_scrape_costs_the_same_however_much_there_is(django_assert_max_num_queries):
    scraped()
    for _ in range(20):
        job()
    with django_assert_max_num_queries(14):
        scraped()
