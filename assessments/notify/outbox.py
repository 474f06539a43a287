"""The outbox: what was found becomes rows once, and rows become messages, each told once in effect.

A message may be sent twice only where a worker dies between sending and noting it. It then bears the same id (the webhook's
`webhook-id`, the mail's Message-ID), by which the receiver can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from assessments.models import Channel, ChannelKind, Delivery, DeliveryState, Notice
from assessments.notify import timing, wording
from assessments.notify.found import Found, found
from assessments.notify.senders import Failed, Message, send
from riskboard import jobs
from riskboard.accounts.models import Workspace
from riskboard.accounts.scope import inside
from riskboard.locales import speaking
from riskboard.phrasebook import said

LOST = timedelta(minutes=10)  # a try that says nothing for so long has died
A_RUN = 50  # deliveries of one channel in one job
OF_INCIDENTS = ("incident-opened", "incident-closed")


def tick(*, now: datetime) -> int:
    """In every workspace that has a channel: note what is new, and wake the channels that have something due. How many."""
    woken = 0
    rooms = Channel.objects.with_scopes_disabled().filter(paused_at=None).values("workspace")
    for room in Workspace.objects.filter(pk__in=rooms):
        with inside(room):
            collect(found(now=now), now=now)
            woken += wake(now=now)
    return woken


def collect(things: Iterable[Found], *, now: datetime) -> int:
    """Note what was not noted yet, with a delivery for each channel that wants it. How many notices are new.

    Things that were already so when the workspace's first channel was made count as told: nobody wants the past by mail.
    """
    things = {one.key: one for one in things}
    known = set(Notice.objects.filter(key__in=things).values_list("key", flat=True))
    new = [one for key, one in things.items() if key not in known]
    if not new:
        return 0
    channels = list(Channel.objects.filter(paused_at=None))
    with transaction.atomic():
        Notice.objects.bulk_create([_notice(one) for one in new], ignore_conflicts=True)
        notices = Notice.objects.filter(key__in=[one.key for one in new])
        made = [
            Delivery(channel=channel, notice=notice, due_at=_when(channel, notice, now))
            for notice in notices
            for channel in channels
            if notice.kind in channel.events and things[notice.key].at >= channel.created_at - LOST
        ]
        Delivery.objects.bulk_create(made, ignore_conflicts=True)
    return len(new)


def wake(*, now: datetime) -> int:
    """A job for each channel with messages due; tries that died count as due again. How many."""
    lost = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=now - LOST)
    lost.update(state=DeliveryState.WAITING)
    due = set(Delivery.objects.due(now).order_by().values_list("channel", flat=True))
    for pk in due:
        jobs.enqueue("notify", {"channel": pk}, queue="notify", key=str(pk))
    return len(due)


def deliver(channel: Channel, *, now: datetime, clock: Callable[[], datetime] | None = None) -> int:
    """Send what is due by the channel; how many arrived. Failures are noted with the time of the next try.

    `clock` tells the time of each message, of which a run may send many: one claimed just now is not taken for lost.
    """
    arrived = 0
    waiting = list(
        Delivery.objects.due(now).filter(channel=channel).select_related("notice").order_by("notice__at", "pk")[:A_RUN]
    )
    batches = [[one] for one in waiting] if channel.kind == ChannelKind.WEBHOOK else [waiting] if waiting else []
    for batch in batches:
        moment = now if clock is None else clock()
        taken = [one for one in batch if _claimed(one, moment)]
        if taken and not _sent(channel, taken, moment):
            break
        arrived += len(taken)
    return arrived


def send_again(delivery: Delivery, *, now: datetime) -> None:
    """Have a message sent once more, with the same id, whatever became of it."""
    delivery.state, delivery.attempts, delivery.due_at, delivery.error = DeliveryState.WAITING, 0, now, ""
    delivery.save()
    jobs.enqueue("notify", {"channel": delivery.channel_id}, queue="notify", key=str(delivery.channel_id))


def message(notice: Notice, uid: str) -> Message:
    """What is told of a notice, in the language spoken; the vendor's own words as they are."""
    text = notice.text if notice.kind in wording.OF_OTHERS else said(notice.text)
    return Message(
        uid, notice.kind, said(notice.title), text, f"{settings.SITE_URL}{notice.path}", notice.at, notice.data
    )


def _claimed(one: Delivery, now: datetime) -> bool:
    row = Delivery.objects.filter(pk=one.pk, state=DeliveryState.WAITING)
    return bool(row.update(state=DeliveryState.SENDING, claimed_at=now, attempts=F("attempts") + 1))


def _sent(channel: Channel, taken: Sequence[Delivery], now: datetime) -> bool:
    rows = Delivery.objects.filter(pk__in=[one.pk for one in taken], state=DeliveryState.SENDING)
    try:
        with speaking(channel.speaks):
            send(channel, [message(one.notice, str(one.uid)) for one in taken], now=now)
    except Failed as fault:
        later = None if fault.for_good else timing.again(now, attempts=max(one.attempts for one in taken) + 1)
        if later is None:
            rows.update(state=DeliveryState.DEAD, error=str(fault)[:500])
        else:
            rows.update(state=DeliveryState.WAITING, error=str(fault)[:500], due_at=later)
        Channel.objects.filter(pk=channel.pk).update(fault=str(fault)[:300])
        return False
    rows.update(state=DeliveryState.SENT, sent_at=now, error="")
    Channel.objects.filter(pk=channel.pk).exclude(fault="").update(fault="")
    return True


def _notice(one: Found) -> Notice:
    return Notice(
        key=one.key[:200], kind=one.kind, vendor_id=one.vendor, title=one.title[:300], text=one.text[:1000], path=one.path[:500],
        data=one.data, at=one.at,
    )  # fmt: skip


def _when(channel: Channel, notice: Notice, now: datetime) -> datetime:
    last = None
    if notice.kind in OF_INCIDENTS and notice.vendor_id is not None:
        told = Delivery.objects.filter(channel=channel, notice__vendor=notice.vendor_id, notice__kind__in=OF_INCIDENTS)
        last = told.filter(due_at__lte=now).order_by("-due_at").values_list("due_at", flat=True).first()
    quiet = (channel.quiet_from, channel.quiet_to) if channel.quiet_from and channel.quiet_to else None
    return timing.when(now, kind=notice.kind, digest=channel.digest, quiet=quiet, zone=channel.time_zone, last=last)
