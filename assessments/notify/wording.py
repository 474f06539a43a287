"""What a notice says, in English: stored with it, translated when it is sent or shown (ADR 27). Pure.

A function a sentence: the phrasebook's templates are read from this file (riskboard/sentences.py). What stands in a place whose
name ends in `_name` is somebody else's and is never translated.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from assessments.scoring.findings import count
from riskboard.durations import hours_text

OF_OTHERS = frozenset({"incident-opened", "incident-closed"})  # kinds whose text is the vendor's own title
LONGEST_NAME = 80  # characters


def opened(vendor: str) -> str:
    """The title of an incident that opened."""
    short_name = vendor[:LONGEST_NAME]
    return f"An incident is open at {short_name}"


def closed(vendor: str, length: timedelta) -> str:
    """The title of an incident that ended after that long."""
    short_name = vendor[:LONGEST_NAME]
    return f"The incident at {short_name} has ended after {hours_text(length / timedelta(hours=1))}"


def clock(gone: float, rto: float, used_for: str) -> str:
    """The title while an incident takes up the recovery time, both in hours."""
    short_name = used_for[:LONGEST_NAME]
    if gone >= rto:
        return f"All of your {hours_text(rto)} for {short_name} is gone: open the playbook"
    return f"{hours_text(gone)} of your {hours_text(rto)} for {short_name} are gone: open the playbook"


def still_open(vendor: str) -> str:
    """What is said below `clock`."""
    short_name = vendor[:LONGEST_NAME]
    return f"The incident at {short_name} is still open."


def dropped(vendor: str) -> str:
    """The title of a score that fell."""
    short_name = vendor[:LONGEST_NAME]
    return f"{short_name} scores lower"


def unread(vendor: str) -> str:
    """The title of a status page that keeps failing."""
    short_name = vendor[:LONGEST_NAME]
    return f"The page of {short_name} cannot be read"


def overdue(what: str) -> str:
    """The title of a date of the plan that has passed; `what` is a reminder's sentence."""
    return f"Overdue: {what}"


def was_due(on: date) -> str:
    """What is said below `overdue`."""
    return f"It was due on {on:%Y-%m-%d}."


def expiry(vendor: str, *, over: bool) -> str:
    """The title of answers that expire, or have."""
    short_name = vendor[:LONGEST_NAME]
    if over:
        return f"What {short_name} answered about backup has expired"
    return f"What {short_name} answered about backup expires soon"


def expiring(answers: int, first: datetime) -> str:
    """What is said below `expiry`: how many, and when the first of them ends."""
    return (
        f"{count(answers, 'answer')}, the first on {first:%Y-%m-%d}. "
        "What has expired is not known. Ask again, or say it is still so."
    )
