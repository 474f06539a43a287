"""Background work as database rows. The rows are the truth; the broker only wakes workers.

`enqueue` writes a row and wakes; `handler` registers what a kind of job does. See docs/adr/0005.
"""

from riskboard.jobs.registry import Cancelled, RunningJob, handler

__all__ = ["Cancelled", "RunningJob", "enqueue", "handler"]


def enqueue(*args: object, **options: object) -> object:
    """`riskboard.jobs.queue.enqueue`, imported late so that registering handlers needs no models."""
    from riskboard.jobs.queue import enqueue as do_enqueue

    return do_enqueue(*args, **options)  # type: ignore[arg-type]
