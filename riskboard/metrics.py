"""`/metrics`: what a monitor watches, read from the database's rows at each scrape, so that any web process tells the same.

Requests are counted where all of them pass: in the log and at the reverse proxy. A scrape costs a fixed number of queries.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_scopes import scopes_disabled
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from riskboard.accounts.access import public
from riskboard.celery_app import QUEUES
from riskboard.jobs.models import Job, State
from riskboard.jobs.queue import silence

HOUR = timedelta(hours=1)
MOST_MOVES = 10_000  # of a day; a scrape stays quick whatever was rescored
STALE = timedelta(days=1)  # a watched page not reached for so long: looks are an hour apart at most while it answers


@public
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for who shows RISKBOARD_METRICS_TOKEN as a bearer; 404 for others and where none is set."""
    wanted = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Rows(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Rows(Collector):
    """The figures of one moment. Queues and states without a row are told as 0, so that an alert can rest on them."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        """Every family, in the order of docs/operations.md."""
        with scopes_disabled():
            yield from self._jobs()
            yield from self._pages()
            yield from self._judgements()
            yield from self._forecasts()
            yield from self._operation()

    def describe(self) -> list[Metric]:
        """Nothing: registering asks the database nothing."""
        return []

    def _jobs(self) -> Iterator[Metric]:
        waiting = {
            row["queue"]: row
            for row in Job.anyone.due(now=self.now)
            .order_by()
            .values("queue")
            .annotate(n=Count("pk"), oldest=Min("due_at"))
        }
        depth = GaugeMetricFamily("riskboard_queue_jobs", "Jobs that are due and not under way.", labels=["queue"])
        age = GaugeMetricFamily(
            "riskboard_queue_oldest_seconds", "How long the first of them has been due.", labels=["queue"]
        )
        for queue in QUEUES:
            row = waiting.get(queue)
            depth.add_metric([queue], row["n"] if row else 0)
            age.add_metric([queue], max(0.0, (self.now - row["oldest"]).total_seconds()) if row else 0)
        yield depth
        yield age
        running = GaugeMetricFamily("riskboard_jobs_running", "Jobs in the hands of a worker.")
        running.add_metric([], Job.anyone.filter(state=State.RUNNING, lease_until__gte=self.now).count())
        yield running
        ended = dict(
            Job.anyone.filter(finished_at__gt=self.now - HOUR).order_by().values_list("state").annotate(n=Count("pk"))
        )
        recent = GaugeMetricFamily(
            "riskboard_jobs_ended_last_hour", "Jobs that ended in the last hour.", labels=["state"]
        )
        for state in (State.DONE, State.FAILED, State.CANCELLED, State.DEAD):
            recent.add_metric([str(state)], ended.get(str(state), 0))
        yield recent
        dead = GaugeMetricFamily("riskboard_jobs_dead", "Jobs given up after their last attempt, not yet looked at.")
        dead.add_metric([], Job.anyone.filter(state=State.DEAD).count())
        yield dead

    def _pages(self) -> Iterator[Metric]:
        from vendors.models import HostTurn, Watch

        watched = Watch.objects.filter(due_at__isnull=False)
        pages = GaugeMetricFamily(
            "riskboard_pages", "Status pages that are watched, by their last look.", labels=["outcome"]
        )
        pages.add_metric(["answers"], watched.filter(failures=0).count())
        pages.add_metric(["fails"], watched.filter(failures__gt=0).count())
        yield pages
        late = watched.aggregate(due=Min("due_at"))
        overdue = GaugeMetricFamily(
            "riskboard_poll_overdue_seconds", "How long the most overdue look has been waited for."
        )
        overdue.add_metric([], max(0.0, (self.now - late["due"]).total_seconds()) if late["due"] else 0)
        yield overdue
        stale = GaugeMetricFamily("riskboard_pages_stale", "Watched pages that were not reached for a day.")
        stale.add_metric([], watched.filter(checked_at__lt=self.now - STALE).count())
        yield stale
        resting = GaugeMetricFamily(
            "riskboard_hosts_resting", "Hosts left alone because they ask for it or keep failing."
        )
        resting.add_metric([], HostTurn.objects.filter(not_before__gt=self.now).count())
        yield resting

    def _judgements(self) -> Iterator[Metric]:
        from assessments.models import AssessmentRow

        made = AssessmentRow.objects.filter(created_at__gt=self.now - timedelta(days=1))
        recent = GaugeMetricFamily(
            "riskboard_assessments_last_day", "Assessments made in the last day, by method.", labels=["method"]
        )
        for method, count in made.order_by().values_list("method_version").annotate(n=Count("pk")):
            recent.add_metric([method], count)
        yield recent
        moves = made.filter(moved__isnull=False).order_by("-pk").values_list("moved", flat=True)[:MOST_MOVES]
        points = [abs(one["now"] - one["then"]) for one in moves]
        for name, told, value in (
            ("mean", "mean", sum(points) / len(points) if points else 0.0),
            ("most", "largest", max(points, default=0.0)),
        ):
            drift = GaugeMetricFamily(
                f"riskboard_score_drift_{name}_points",
                f"The {told} change of a score between two assessments, last day.",
            )
            drift.add_metric([], value)
            yield drift

    def _forecasts(self) -> Iterator[Metric]:
        from assessments.held import held

        found = held(now=self.now)
        count = GaugeMetricFamily("riskboard_forecasts_held", "Forecasts old enough to be held against what came.")
        count.add_metric([], found.count if found else 0)
        yield count
        for name, told, value in (
            ("chance_mean", "The mean chance they gave.", found and found.chance),
            (
                "came_true_share",
                "The share that came true; near the mean chance where both agree.",
                found and found.came,
            ),
            ("brier", "Their mean squared error: 0 is best, always saying one half gives 0.25.", found and found.brier),
        ):
            family = GaugeMetricFamily(f"riskboard_forecasts_{name}", told)
            if value is not None:  # none is old enough: not known, rather than 0
                family.add_metric([], value)
            yield family

    def _operation(self) -> Iterator[Metric]:
        from riskboard.backups import keeping

        quiet = silence(now=self.now)
        beat = GaugeMetricFamily("riskboard_beat_silence_seconds", "How long ago beat was last heard through a worker.")
        if quiet is not None:
            beat.add_metric([], quiet.total_seconds())
        yield beat
        kept = keeping.kept(settings.BACKUPS) if settings.BACKUPS is not None and settings.BACKUPS.is_dir() else []
        backup = GaugeMetricFamily("riskboard_backup_age_seconds", "The age of the newest backup in RISKBOARD_BACKUPS.")
        if kept:
            backup.add_metric([], max(0.0, (self.now - kept[0].at).total_seconds()))
        yield backup
