"""One message out: by mail, by Apprise to a chat or pager, or as a signed webhook. What went wrong comes back in its own words."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email

from assessments.models import Channel, ChannelKind
from assessments.notify import signing
from riskboard.errors import Refused
from riskboard.locales import _, figure
from riskboard.sealed import unseal
from vendors.addresses import FetchPolicy, target_of
from vendors.fetching import FetchError, post

MOST_TOLD = 20  # lines of one message; the rest is counted
SECONDS = 10.0
# Apprise services that reach one fixed host whatever the address says: any other could be pointed into our own network.
FIXED = {
    "slack": "Slack", "discord": "Discord", "msteams": "Microsoft Teams", "tgram": "Telegram", "gchat": "Google Chat",
    "wxteams": "Webex", "pover": "Pushover", "pbul": "Pushbullet", "opsgenie": "Opsgenie", "pagerduty": "PagerDuty",
    "signl4": "SIGNL4", "spush": "SimplePush",
}  # fmt: skip
_NOT_ONE = re.compile(r"[\s,?]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class Failed(Exception):
    """The message did not arrive. `for_good`: trying again is of no use."""

    def __init__(self, message: str, *, for_good: bool = False) -> None:
        super().__init__(message)
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell: `uid` the same at every try; `url` the whole address of its page."""

    uid: str
    kind: str
    title: str
    text: str
    url: str
    at: datetime
    data: dict[str, object]


def checked(kind: str, address: str) -> tuple[str, str]:
    """The address as it is kept, and what of it may be shown. Raises Refused with one sentence for one nothing can be sent to."""
    address = address.strip()
    if kind == ChannelKind.MAIL:
        try:
            validate_email(address)
        except ValidationError as fault:
            raise Refused("write one e-mail address, like continuity@example.org") from fault
        return address, address
    if kind == ChannelKind.WEBHOOK:
        target = target_of(address, FetchPolicy.from_env(os.environ))
        if target.scheme != "https" and not target.allowed:
            raise Refused("a webhook goes to an https address, so that nobody reads it on its way")
        return address, f"{target.scheme}://{target.host}/…"
    scheme = urlsplit(address).scheme.lower()
    if scheme not in FIXED:
        raise Refused(
            f"write an Apprise address that begins with one of: {', '.join(f'{name}://' for name in sorted(FIXED))}"
        )
    if _NOT_ONE.search(address):  # a list hides other services; options name files and addresses to be read
        raise Refused("write one Apprise address, without blanks, commas and what follows a question mark")
    import apprise

    if apprise.Apprise.instantiate(address) is None:
        raise Refused(
            f"Apprise does not understand this {FIXED[scheme]} address; see its documentation for how to write it"
        )
    return address, f"{FIXED[scheme]} ({scheme}://…)"


def send(channel: Channel, messages: Sequence[Message], *, now: datetime) -> None:
    """Tell the channel of the messages, oldest first: a webhook is told of one (the first), people of all in one text.

    Raises Failed. Takes at most about SECONDS.
    """
    try:
        address = unseal(channel.address_secret)
        if channel.kind == ChannelKind.WEBHOOK:
            _webhook(channel, address, messages[0], now)
        elif channel.kind == ChannelKind.MAIL:
            _mail(address, messages)
        else:
            _apprise(address, messages)
    except FetchError as fault:
        status = getattr(fault, "status", None)
        raise Failed(str(fault), for_good=status == 410) from fault
    except Refused as refusal:
        raise Failed(str(refusal), for_good=True) from refusal


def subject(messages: Sequence[Message]) -> str:
    """One line without control characters."""
    title = _CONTROL.sub(" ", messages[0].title)[:150]
    return title if len(messages) == 1 else _("{title} and {n} more", title=title, n=figure(len(messages) - 1, ","))


def text(messages: Sequence[Message]) -> str:
    """What people read, in the language spoken: each thing with its sentence and the way to its page."""
    parts = ["\n".join(filter(None, (one.title, one.text, one.url))) for one in messages[:MOST_TOLD]]
    if len(messages) > MOST_TOLD:
        parts.append(_("{n} more: {url}", n=figure(len(messages) - MOST_TOLD, ","), url=f"{settings.SITE_URL}/"))
    url = f"{settings.SITE_URL}/settings/notifications/"
    return "\n\n".join([*parts, _("You are told by Riskboard. What and how: {url}", url=url)]) + "\n"


def _webhook(channel: Channel, address: str, message: Message, now: datetime) -> None:
    keys = [unseal(channel.signing_secret)]
    if channel.old_signing_secret and channel.old_until and channel.old_until > now:
        keys.append(unseal(channel.old_signing_secret))
    data = {"title": message.title, "text": message.text, "link": message.url, **message.data}
    body = signing.body_of(message.kind, message.at, data)
    status = post(address, body, headers=signing.headers(message.uid, now, body, keys), policy=_policy())
    if status == 410:
        raise Failed("the receiver says that it is gone (HTTP 410)", for_good=True)
    if not 200 <= status < 300:
        raise Failed(f"the receiver answers with HTTP {status}")


def _policy() -> FetchPolicy:
    own = FetchPolicy.from_env(os.environ)
    return FetchPolicy(allow=own.allow, seconds=SECONDS, contact=own.contact)


def _mail(address: str, messages: Sequence[Message]) -> None:
    if not settings.CAN_MAIL:
        raise Failed("mail cannot be sent from here: EMAIL_URL is not set (docs/operations.md)")
    told = hashlib.sha256(" ".join(one.uid for one in messages).encode()).hexdigest()[:32]
    host = urlsplit(settings.SITE_URL).hostname or "riskboard.invalid"
    mail = EmailMessage(
        subject(messages), text(messages), to=[address],
        headers={"Message-ID": f"<{told}@{host}>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    try:
        mail.send()
    except OSError as fault:  # smtplib's errors are OSErrors as well
        raise Failed(f"the mail server did not take it: {fault}"[:300]) from fault


def _apprise(address: str, messages: Sequence[Message]) -> None:
    import apprise

    told = apprise.Apprise(asset=apprise.AppriseAsset(app_id="Riskboard", app_desc="Riskboard"))
    told.add(apprise.Apprise.instantiate(address, asset=told.asset))
    with apprise.LogCapture(level=logging.INFO, fmt="%(message)s") as captured:
        arrived = told.notify(title=subject(messages), body=text(messages))
        lines = captured.getvalue().strip().splitlines()
    if not arrived:
        raise Failed(f"Apprise could not deliver it: {lines[-1] if lines else 'it does not say why'}"[:300])
