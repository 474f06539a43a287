"""Whether what is here is safe: kept twice, sent encrypted, and behind passwords nobody knows."""

from __future__ import annotations

from datetime import timedelta

from riskboard.checkup import Check


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
