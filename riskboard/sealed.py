"""Secrets that must be used again (a webhook's address, a signing key), kept so that the database alone does not give them away."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from riskboard.errors import Refused


def seal(text: str) -> str:
    """The text, encrypted and signed under SECRET_KEY; another string each time."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Raises Refused where it was under none of SECRET_KEY and SECRET_KEY_FALLBACKS."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as fault:
        raise Refused("this was stored under another SECRET_KEY; enter it again") from fault


def _box() -> MultiFernet:
    """Seals under SECRET_KEY, and opens what an older key sealed, too. The label names this way of deriving keys."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    derived = (hashlib.sha256(b"riskboard sealed 1\0" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
