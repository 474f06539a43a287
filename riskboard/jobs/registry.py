"""Which kind of job does what. Handlers are registered when their app is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Result = dict[str, Any]
Handler = Callable[["RunningJob"], Result | Callable[[], Result]]
_HANDLERS: dict[str, Handler] = {}


class Cancelled(Exception):
    """Raised inside a handler when its job was cancelled; nothing of it takes effect."""


@dataclass(slots=True)
class RunningJob:
    """What a handler is given: its arguments, a way to report progress, and to hear that it was cancelled."""

    id: int
    uid: str
    args: dict[str, Any]
    attempt: int
    report: Callable[[int, str], None]
    still_mine: Callable[[], bool]

    def progress(self, percent: int, message: str) -> None:
        """Say how far the job is (0-100) and what it does, and renew its lease. Raises Cancelled if it was cancelled."""
        self.report(percent, message)

    def cancelled(self) -> bool:
        """Whether the job was cancelled, or taken over by another attempt. Costs one query."""
        return not self.still_mine()


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function for a kind of job.

    A job may run again after a crash: writes belong into the function it returns (run in the finishing transaction), or
    must be idempotent.
    """

    def register(function: Handler) -> Handler:
        _HANDLERS[kind] = function
        return function

    return register


def handler_of(kind: str) -> Handler:
    """The handler of that kind. Raises LookupError for an unknown one."""
    return _HANDLERS[kind]
