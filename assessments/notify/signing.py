"""Webhooks signed by the Standard Webhooks specification (1.0.0): who receives one can tell that it is ours, whole and recent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

PREFIX = "whsec_"
SECRET_BYTES = 32
OVERLAP = timedelta(days=1)  # how long both keys sign after a change, so that the receiver can follow


def new_key() -> str:
    """A signing key as the specification writes it: "whsec_" and base64 of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def body_of(kind: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    """The payload: `{"type": "incident.opened", "timestamp": ..., "data": {...}}`, the same bytes for the same message."""
    message = {"type": kind.replace("-", "."), "timestamp": at.isoformat(), "data": dict(data)}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def headers(message_id: str, at: datetime, body: bytes, keys: Iterable[str]) -> dict[str, str]:
    """The three headers; the signature once for each key, the newest first. `at`: the time of this try."""
    stamp = str(int(at.timestamp()))
    signed = f"{message_id}.{stamp}.".encode() + body
    signatures = " ".join(
        "v1," + base64.b64encode(hmac.new(_bytes(key), signed, hashlib.sha256).digest()).decode() for key in keys
    )
    return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": signatures}


def _bytes(key: str) -> bytes:
    return base64.b64decode(key.removeprefix(PREFIX))
