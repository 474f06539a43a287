"""Ways that leave this machine: for each that is not encrypted, or does not look at the other side's certificate, what to set."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

DATABASE_URL = "?sslmode=verify-full&sslrootcert=system"
BROKER_URL = "rediss://…?ssl_cert_reqs=required"


def stays(host: str | None) -> bool:
    """Whether that is this machine itself: a socket, loopback, or a name without a dot, by which containers of one host are called."""
    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return "." not in host


def in_the_clear(settings: Any) -> Iterator[tuple[str, str]]:
    """(what leads there, what to set) of each way to another machine that somebody in between could read or answer."""
    database = settings.DATABASES["default"]
    tls = database.get("OPTIONS", {}).get("sslmode")
    if not stays(database.get("HOST")) and tls != "verify-full":
        yield "DATABASE_URL", f"DATABASE_URL={DATABASE_URL}"
    broker = urlsplit(settings.CELERY_BROKER_URL)
    looked = parse_qs(broker.query).get("ssl_cert_reqs", [""])[0].lower().removeprefix("cert_") == "required"
    if (
        broker.scheme in ("redis", "rediss")
        and not stays(broker.hostname)
        and not (broker.scheme == "rediss" and looked)
    ):
        yield "RISKBOARD_BROKER_URL", f"RISKBOARD_BROKER_URL={BROKER_URL}"
    if settings.CAN_MAIL and not stays(settings.EMAIL_HOST) and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        yield "EMAIL_URL", "EMAIL_URL=smtp+tls://"
