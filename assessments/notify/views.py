"""Settings, Notifications: the channels, one channel, and what became of each message."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Channel, ChannelKind, Delivery, DeliveryState
from assessments.notify import outbox, signing
from assessments.notify.forms import ChannelForm
from assessments.notify.found import KINDS
from assessments.notify.senders import Failed, Message, send
from riskboard.accounts.access import needs
from riskboard.accounts.models import Role
from riskboard.locales import language, speaking
from riskboard.phrasebook import said
from riskboard.sealed import seal

A_PAGE = 50


@require_safe
@needs(Role.ADMIN)
def channels(request: HttpRequest) -> HttpResponse:
    """Every channel, and the last messages."""
    return _channels(request, ChannelForm(initial=_likely(request)))


@require_POST
@needs(Role.ADMIN)
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Make a channel; a webhook's signing key is shown, once."""
    form = ChannelForm(request.POST)
    if not form.is_valid():
        return _channels(request, form, status=400)
    made, key = set_up(form)
    messages.success(
        request, gettext("%(made)s is told of what happens from now on. Send it a test.") % {"made": made.name}
    )
    if key:
        return _channels(request, ChannelForm(initial=_likely(request)), key=key)
    return redirect("notifications")


def set_up(form: ChannelForm) -> tuple[Channel, str]:
    """The channel of a valid form, and a webhook's signing key, which is known only now; "" for others."""
    key = ""
    if form.instance.kind == ChannelKind.WEBHOOK:
        key = signing.new_key()
        form.instance.signing_secret = seal(key)
    return form.save(), key


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Role.ADMIN)
def change(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One channel: its form, and its messages."""
    channel = get_object_or_404(Channel, uid=uid)
    form = ChannelForm(request.POST or None, instance=channel)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("%(channel)s is changed.") % {"channel": channel.name})
        return redirect("notifications")
    listed = Paginator(_log(channel), A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "channel": channel, "log": listed, "kinds": KINDS, "query": f"channel={channel.uid}"}
    return render(request, "notify/channel.html", context, status=400 if request.method == "POST" else 200)


@require_POST
@needs(Role.ADMIN)
def test(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Send a message now, and say what came of it in the sender's own words."""
    channel = get_object_or_404(Channel, uid=uid)
    fault = try_out(channel, request, now=timezone.now())
    if fault:
        messages.error(
            request,
            gettext("The test to %(channel)s did not arrive: %(fault)s.")
            % {"channel": channel.name, "fault": said(fault)},
        )
    else:
        messages.success(request, gettext("The test to %(channel)s was taken.") % {"channel": channel.name})
    return redirect("notifications")


def try_out(channel: Channel, request: HttpRequest, *, now: datetime) -> str:
    """Send a message by the channel now: why it did not arrive, in the sender's own words; "" where it was taken."""
    with speaking(channel.speaks):
        message = Message(
            f"test-{uuid.uuid4()}", "test", gettext("A test from Riskboard"),
            gettext("It was sent to %(channel)s, and it arrived.") % {"channel": channel.name},
            request.build_absolute_uri(reverse("notifications")), now, {},
        )  # fmt: skip
        try:
            send(channel, [message], now=now)
        except Failed as fault:
            return str(fault)
    return ""


@require_POST
@needs(Role.ADMIN)
def pause(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Stop a channel, or let it go on; what waits goes out then."""
    channel = get_object_or_404(Channel, uid=uid)
    channel.paused_at = None if channel.paused_at else timezone.now()
    channel.save()
    messages.success(
        request,
        (
            gettext("%(channel)s is paused: what is new waits.")
            if channel.paused_at
            else gettext("%(channel)s is told again.")
        )
        % {"channel": channel.name},
    )
    return redirect("notifications")


@require_POST
@needs(Role.ADMIN)
@never_cache
def new_key(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Another signing key for a webhook, shown once; the old one signs along for a day."""
    channel = get_object_or_404(Channel, uid=uid, kind=ChannelKind.WEBHOOK)
    return _channels(request, ChannelForm(initial=_likely(request)), key=give_new_key(channel))


def give_new_key(channel: Channel) -> str:
    """Another signing key, which is known only now; the old one signs along for a day."""
    key = signing.new_key()
    channel.old_signing_secret, channel.signing_secret = channel.signing_secret, seal(key)
    channel.old_until = timezone.now() + signing.OVERLAP
    channel.save()
    return key


@require_POST
@needs(Role.ADMIN)
def remove(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Remove a channel with its messages, after a question that counts them."""
    channel = get_object_or_404(Channel, uid=uid)
    if "sure" not in request.POST:
        return render(request, "notify/sure.html", {"channel": channel, "count": channel.deliveries.count()})
    name = channel.name
    channel.delete()
    messages.success(request, gettext("%(name)s is removed.") % {"name": name})
    return redirect("notifications")


@require_POST
@needs(Role.ADMIN)
def again(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Send one message once more, with the same id."""
    delivery = get_object_or_404(Delivery.objects.select_related("channel"), uid=uid)
    outbox.send_again(delivery, now=timezone.now())
    messages.success(request, gettext("It is sent again in a moment, under the same id."))
    return redirect("notification-channel", uid=delivery.channel.uid)


def _channels(request: HttpRequest, form: ChannelForm, *, key: str = "", status: int = 200) -> HttpResponse:
    listed = Channel.objects.all()
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING).count()
    context = {"form": form, "channels": listed, "key": key, "waiting": waiting, "kinds": KINDS}
    return render(request, "notify/channels.html", context, status=status)


def _likely(request: HttpRequest) -> dict[str, str]:
    """What a new channel begins with: the time zone and the language of whoever makes it."""
    return {"time_zone": request.profile.time_zone, "language": language()}


def _log(channel: Channel):
    return channel.deliveries.select_related("notice").order_by("-due_at", "-pk")
