"""A sign of life while a handler works: long steps need not report progress to keep their job."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def heartbeat(renew: Callable[[], bool], *, every: float) -> Iterator[None]:
    """Call `renew` each `every` seconds from a thread of its own until the block ends, or until it answers False.

    The thread has its own database connection. It dies with the process, so a killed worker is silent at once.
    """
    ended = threading.Event()

    def beat() -> None:
        try:
            while not ended.wait(every):
                try:
                    if not renew():
                        return
                except DatabaseError as fault:
                    logger.warning("a lease could not be renewed: %s", fault)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name="job heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
