"""The one error that ends a command or a request politely."""

from __future__ import annotations

from datetime import datetime


class Refused(Exception):
    """Something cannot be done. The message is one sentence that says what happened and what to do about it.

    The command line prints it on stderr and exits 1; the web answers 4xx with it. Nothing is half-written when raised.
    """


class NotNow(Refused):
    """Nothing was asked: it is not our turn, or the other side wants rest. `until` says when to try again."""

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until
