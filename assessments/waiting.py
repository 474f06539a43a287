"""Work somebody waits for: how long it will still take, and word of its end on whatever page they are by then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from riskboard.jobs.models import Job, State

KEY = "waiting"  # of the session: uids of jobs looked at while they were open
MOST = 20
LONG = timedelta(seconds=10)  # what takes longer is told of at its end
SURE = 5  # percent done before which no remaining time is guessed


@dataclass(frozen=True, slots=True)
class Finished:
    """Word of a job that ended: the sentence, where its result or its fault is shown, and whether it failed."""

    text: str
    url: str
    failed: bool


def watch(request: HttpRequest, job: Job) -> None:
    """Remember that this person waits for the job."""
    waiting = request.session.get(KEY, [])
    if str(job.uid) not in waiting:
        request.session[KEY] = [*waiting, str(job.uid)][-MOST:]


def seen(request: HttpRequest, job: Job) -> None:
    """Forget it: its end was seen on its own page."""
    waiting = request.session.get(KEY, [])
    if str(job.uid) in waiting:
        request.session[KEY] = [uid for uid in waiting if uid != str(job.uid)]


def finished(request: HttpRequest) -> dict[str, Any]:
    """For every page, what ended that its reader waited for. Nothing is asked where nobody waits; one query where somebody does."""
    return {"finished_jobs": lambda: list(_finished(request))}


def _finished(request: HttpRequest) -> Iterator[Finished]:
    session = getattr(request, "session", None)
    waiting = session.get(KEY, []) if session is not None else []
    if session is None or not waiting:
        return
    for job in Job.objects.filter(uid__in=waiting).exclude(state__in=(State.QUEUED, State.RUNNING)):
        seen(request, job)
        text = told(job)
        if text:
            yield Finished(text, reverse("job", args=[job.uid]), job.state != State.DONE)


def told(job: Job) -> str:
    """Its end in a sentence; "" for what was cancelled, or was done before anybody looked away."""
    if job.state == State.CANCELLED:
        return ""
    about = str(job.args.get("target", ""))[:60]
    name = {
        "report": _("The report"), "verify": _("The check of the report"), "plan": _("The judgement of the plan"),
    }.get(job.kind) or _("The assessment of {vendor}").format(vendor=about)  # fmt: skip
    if job.state != State.DONE:
        return _("{name} did not finish.").format(name=name)
    took = (job.finished_at or job.created_at) - job.created_at
    if took < LONG:
        return ""
    return _("{name} is done, after {time}.").format(name=name, time=in_words(took))


def remaining(job: Job, *, now: datetime) -> str:
    """How long it will still take at its pace so far, in words; "" before that can be said."""
    if job.started_at is None or not SURE <= job.progress < 100 or now - job.started_at < timedelta(seconds=2):
        return ""
    return in_words((now - job.started_at) * ((100 - job.progress) / job.progress))


def in_words(span: timedelta) -> str:
    """Seconds up to a minute and a half, then minutes."""
    seconds = max(1, round(span.total_seconds()))
    if seconds < 90:
        return ngettext("{n} second", "{n} seconds", seconds).format(n=seconds)
    minutes = round(seconds / 60)
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
