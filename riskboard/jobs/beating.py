"""Beat's scheduler, for a clock that may be set back: what was asked for in a time to come counts as asked for now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler

APART = timedelta(seconds=1)  # a clock that is slewed differs by less


class SteadyScheduler(PersistentScheduler):  # type: ignore[misc]
    """Celery's own would be silent until the clock has caught up again, an hour long if it went back by one."""

    def tick(self, *args: Any, **options: Any) -> Any:
        """Seconds until the next look, as Celery's."""
        now = self.app.now()
        for entry in self.schedule.values():
            if entry.last_run_at > now + APART:
                entry.last_run_at = now
                self._heap = None  # it is ordered by times of the clock as it was
        return super().tick(*args, **options)
