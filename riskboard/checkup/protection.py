"""Whether what is here is safe: kept twice, sent encrypted, and behind passwords nobody knows."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from riskboard.checkup import Check

PATIENCE = 3.0  # seconds for the own public address to show its certificate
RENEW_BEFORE = timedelta(days=14)  # authorities that renew by themselves do so a month before


def backups() -> Check:
    """Whether the newest backup is younger than the time one is willing to lose."""
    from django.conf import settings
    from django.utils import timezone

    from riskboard.backups import keeping
    from riskboard.env import is_production

    if settings.BACKUPS is None:
        found = "no folder is named for them"
        if not is_production():
            return Check("backups", "ok", found)
        return Check("backups", "warn", found, "set RISKBOARD_BACKUPS, and let riskboard-backup.timer run")
    made = keeping.kept(settings.BACKUPS)
    fix = "riskboard backup --keep 14; journalctl -u riskboard-backup says why the last one was not made"
    if not made:
        return Check("backups", "warn", f"none under {settings.BACKUPS}", fix)
    age = timezone.now() - made[0].at
    found = f"the newest is {age.total_seconds() / 3600:.1f} h old, {len(made)} kept under {settings.BACKUPS}"
    if age > timedelta(hours=settings.BACKUP_HOURS):
        return Check("backups", "warn", f"{found}; at most {settings.BACKUP_HOURS:g} h are wanted", fix)
    if not made[0].path.name.endswith(".age") and is_production():
        return Check("backups", "warn", f"{found}, not encrypted", "set RISKBOARD_BACKUP_RECIPIENTS; docs/backup.md")
    return Check("backups", "ok", found)


def connections() -> Check:
    """Whether what leaves this machine is encrypted, to somebody whose certificate is looked at."""
    from django.conf import settings

    from riskboard import ways

    found = list(ways.in_the_clear(settings))
    if found:
        names = ", ".join(name for name, _ in found)
        fixes = "; ".join(fix for _, fix in found)
        return Check(
            "connections", "warn", f"in the clear, or to whoever answers there: {names}", f"{fixes} (docs/deploy.md)"
        )
    return Check("connections", "ok", "what leaves this machine is encrypted")


def certificate() -> Check:
    """Whether the public address shows a certificate that this machine's authorities vouch for, and for how long yet."""
    from django.conf import settings
    from django.utils import timezone

    from riskboard.env import is_production

    if not is_production():
        return Check("certificate", "ok", "this machine serves itself")
    address = urlsplit(settings.SITE_URL)
    host = address.hostname or ""
    if address.scheme != "https":
        return Check("certificate", "warn", f"{settings.SITE_URL} is open to all on the way", "set SITE_URL=https://…")
    try:
        ends = _shown_until(host, address.port or 443)
    except ssl.SSLCertVerificationError as fault:
        fix = "give the proxy one that browsers trust (docs/deploy.md); for an authority of your own, install it here, too"
        return Check("certificate", "warn", f"that of {host} is not trusted here ({fault.verify_message})", fix)
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or fault
        fix = "start the proxy; where its name leads elsewhere from inside, look from outside"
        return Check("certificate", "warn", f"{host} does not show one to this machine ({why})", fix)
    left = ends - timezone.now()
    found = f"that of {host} is trusted and ends in {left.days} days"
    if left < RENEW_BEFORE:
        return Check("certificate", "warn", found, "renew it: browsers refuse it from then on")
    return Check("certificate", "ok", found)


def _shown_until(host: str, port: int) -> datetime:
    """When the certificate shown there ends. Raises OSError, of which SSLCertVerificationError says that nobody vouches for it."""
    with (
        socket.create_connection((host, port), timeout=PATIENCE) as line,
        ssl.create_default_context().wrap_socket(line, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def passwords() -> Check:
    """Whether the list of breached passwords, if one is named, can be read and is one."""
    from django.conf import settings

    from riskboard.accounts.passwords import is_list

    path = settings.BREACHED_PASSWORDS
    if path is None:
        return Check("passwords", "ok", "new ones are held against the 20,000 most common")
    try:
        if is_list(path):
            return Check("passwords", "ok", f"new ones are held against {path}, too")
        found = f"{path} is no list of SHA-1 digests in order"
    except OSError as fault:
        found = f"{path} cannot be read ({fault.strerror}), so no new password is taken"
    return Check(
        "passwords", "fail", found, "correct RISKBOARD_BREACHED_PASSWORDS; docs/operations.md says what it holds"
    )
