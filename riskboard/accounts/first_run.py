"""The very first account: a page that opens with a token once, or two environment variables. There are no default credentials."""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext

from riskboard.accounts.models import Membership, Role, Workspace, new_secret
from riskboard.errors import Refused

FILE = "setup-token"


def token() -> str:
    """The one-time token, made when first asked for and kept in a file only its owner can read. Gone after use."""
    path = Path(settings.VAR_DIR) / FILE
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(new_secret())
    except FileExistsError:
        pass  # made before, or by a sister process a moment ago
    return path.read_text(encoding="utf-8").strip()


def is_right(given: str) -> bool:
    """Whether that is the token; False once it was used."""
    path = Path(settings.VAR_DIR) / FILE
    if not path.is_file():
        return False
    return hmac.compare_digest(path.read_text(encoding="utf-8").strip().encode(), given.encode())


def first_account(*, email: str, password: str, workspace: str):
    """The first user, administrator of the first workspace. Raises Refused if there is an account, ValidationError for bad input."""
    validate_email(email)
    user_model = get_user_model()
    user = user_model(username=email.lower()[:150], email=email.lower())
    validate_password(password, user)
    user.set_password(password)
    with transaction.atomic():
        room = Workspace.objects.select_for_update().get(pk=Workspace.main().pk)
        if user_model.objects.exists():
            raise Refused(gettext("there is an account already; sign in with it"))
        if workspace:
            room.name = workspace[:200]
            room.save()
        user.save()
        _own_address(user)
        Membership.objects.create(workspace=room, user=user, role=Role.ADMIN)
    (Path(settings.VAR_DIR) / FILE).unlink(missing_ok=True)
    return user


def _own_address(user) -> None:
    """The address counts as its owner's: who can read the server's token or sets its environment vouches for it."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


def from_environment(email: str | None, password: str | None) -> bool:
    """Make the first account from RISKBOARD_ADMIN_EMAIL and _PASSWORD. False where neither is set or an account exists.

    Raises Refused naming what is wrong with them.
    """
    if not email and not password:
        return False
    if not email or not password:
        raise Refused("set both RISKBOARD_ADMIN_EMAIL and RISKBOARD_ADMIN_PASSWORD (or _FILE), or neither")
    if get_user_model().objects.exists():
        return False
    try:
        first_account(email=email, password=password, workspace="")
    except ValidationError as fault:
        raise Refused(f"RISKBOARD_ADMIN_EMAIL or _PASSWORD: {' '.join(fault.messages)}") from fault
    return True
