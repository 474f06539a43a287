"""Posts and incidents as typed records, from rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from vendors import models
from vendors.records import Incident, Update

POST_FIELDS = ("posted_at", "document", "superseded", "withdrawn_at")
PostRow = tuple[datetime, Any, bool, datetime | None]


def posts_of(rows: Iterable[PostRow]) -> tuple[Update, ...]:
    """The posts of one incident as they stand, in the rows' order (POST_FIELDS): replaced wordings mark theirs as edited."""
    updates, edited = [], set()
    for posted_at, document, superseded, withdrawn_at in rows:
        if superseded:
            edited.add(posted_at)
            continue
        update = msgspec.convert(document, Update, strict=False)
        updates.append(update if withdrawn_at is None else msgspec.structs.replace(update, withdrawn_at=withdrawn_at))
    if not edited:
        return tuple(updates)
    return tuple(
        msgspec.structs.replace(one, edited=True) if one.posted_at in edited and not one.edited else one
        for one in updates
    )


def incident_of(row: models.Incident) -> Incident:
    """The record of that row with its posts, without the rest of its vendor. One query."""
    posts = row.updates.order_by("posted_at", "pk").values_list(*POST_FIELDS)
    incident = msgspec.convert(row.document, Incident, strict=False)
    return msgspec.structs.replace(incident, updates=posts_of(posts), gone_at=row.gone_at)
