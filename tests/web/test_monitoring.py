"""What a monitor scrapes: from rows, guarded by a token, at a fixed number of queries."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from assessments.models import AssessmentRow
from riskboard.backups import keeping
from riskboard.celery_app import QUEUES
from riskboard.jobs import queue
from riskboard.jobs.models import Job, State
from vendors.models import Incident, StatusPage, Vendor, Watch

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


def test_forecasts_are_held_against_what_came_and_say_nothing_while_none_is_old_enough(db):
    assert scraped()[("riskboard_forecasts_held",)] == 0
    assert ("riskboard_forecasts_brier",) not in scraped()
    now = timezone.now()
    forecast("came", now - timedelta(days=365), 0.8, outages=[(timedelta(days=100), 6.0)])
    forecast("short", now - timedelta(days=365), 0.4, outages=[(timedelta(days=100), 3.0)])  # shorter than the RTO
    forecast("before", now - timedelta(days=365), 0.2, outages=[(timedelta(days=-1), 9.0)])
    forecast("young", now - timedelta(days=89), 0.9, outages=[])
    told = scraped()
    assert told[("riskboard_forecasts_held",)] == 3
    assert told[("riskboard_forecasts_chance_mean",)] == pytest.approx((0.8 + 0.4 + 0.2) / 3, abs=1e-4)
    assert told[("riskboard_forecasts_came_true_share",)] == pytest.approx(1 / 3)
    assert told[("riskboard_forecasts_brier",)] == pytest.approx((0.04 + 0.16 + 0.04) / 3, abs=1e-3)


def test_a_forecast_of_half_a_year_is_held_to_half_a_years_chance(db):
    forecast("half", timezone.now() - timedelta(days=182.5), 0.75, outages=[])
    assert scraped()[("riskboard_forecasts_chance_mean",)] == pytest.approx(0.5, abs=1e-4)


def forecast(slug: str, made: datetime, chance: float, outages: list[tuple[timedelta, float]]) -> None:
    """A forecast made then for an RTO of four hours, and outages so long after it, of so many hours."""
    vendor = Vendor.objects.create(slug=slug, name=slug)
    page = StatusPage.objects.create(vendor=vendor, url=f"https://{slug}.example", platform="statuspage")
    for after, hours in outages:
        start = made + after
        Incident.objects.create(page=page, external_id=f"{slug} {after}", impact="major", started_at=start,
                                resolved_at=start + timedelta(hours=hours), document={}, digest="0" * 64)  # fmt: skip
    row = AssessmentRow.objects.create(
        vendor=vendor, as_of=made, rto_hours=4.0, document=b"{}", facts=b"", facts_sha256="0" * 64, input_sha256=slug.ljust(64, "0"),
        method_version="1", method_sha256="0" * 64, low=0, high=100, coverage=1, p_exceed=chance, chance=chance,
    )  # fmt: skip
    with connection.cursor() as cursor:  # when it was made: rows of judgements are never changed by the app
        cursor.execute("UPDATE assessments_assessmentrow SET created_at = %s WHERE id = %s", [made, row.pk])


def test_beat_and_backups_tell_their_age_once_there_is_one(settings, tmp_path):
    for name in ("riskboard_beat_silence_seconds", "riskboard_backup_age_seconds"):
        assert (name,) not in scraped()
    now = timezone.now()
    queue.heard(queue.TICK, now=now - timedelta(seconds=30))
    queue.heard(queue.TICK, now=now - timedelta(seconds=20))
    settings.BACKUPS = tmp_path
    (tmp_path / keeping.name(now - timedelta(hours=2), sealed=True)).write_bytes(b"x")
    told = scraped()
    assert 20 <= told[("riskboard_beat_silence_seconds",)] < 60
    assert 7199 <= told[("riskboard_backup_age_seconds",)] < 7260
