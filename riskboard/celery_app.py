"""The Celery application. Imported by `vendors.apps`, never by `riskboard/__init__` (docs/adr/0001)."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import worker_init, worker_process_init
from kombu import Exchange, Queue

from riskboard import structs, tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
QUEUES = ("poll", "score", "report", "notify")

app = Celery("riskboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name, Exchange(name), routing_key=name) for name in QUEUES]
app.conf.task_create_missing_queues = False
app.autodiscover_tasks()


@worker_process_init.connect
def trace_child(**_: object) -> None:
    """Trace a forked child, once it is one: the sender's thread would not survive the fork."""
    tracing.start("worker")


@worker_init.connect
def trace_threads(sender: object = None, **_: object) -> None:
    """Trace a worker that runs its tasks in threads; one that forks is left to its children."""
    pool = getattr(getattr(sender, "pool_cls", None), "__module__", "")
    if not pool.endswith("prefork"):
        tracing.start("worker")


@worker_init.connect
def build_structs(**_: object) -> None:
    """Before there are threads, or children to inherit it."""
    structs.build_all()


@worker_process_init.connect
def warm_up(**_: object) -> None:
    """Start the process that reports are made in, so that the first report need not wait for it."""
    if os.environ.get("RISKBOARD_WARM_REPORTS") == "1":
        from assessments.report.engine.libraries import missing_library
        from assessments.report.engine.rendering import warm_up as start

        if missing_library() is None:
            start()
