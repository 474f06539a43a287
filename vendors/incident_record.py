"""One incident as a typed record, without the rest of its vendor."""

from __future__ import annotations

import msgspec

from vendors import models
from vendors.records import Incident, Update


def incident_of(row: models.Incident) -> Incident:
    """The record of that row with its posts as they stand; wordings that were replaced mark theirs as edited. One query."""
    updates, edited = [], set()
    for posted_at, document, superseded, withdrawn_at in row.updates.order_by("posted_at", "pk").values_list(
        "posted_at", "document", "superseded", "withdrawn_at"
    ):
        if superseded:
            edited.add(posted_at)
            continue
        update = msgspec.convert(document, Update, strict=False)
        updates.append(update if withdrawn_at is None else msgspec.structs.replace(update, withdrawn_at=withdrawn_at))
    marked = tuple(
        msgspec.structs.replace(one, edited=True) if one.posted_at in edited and not one.edited else one
        for one in updates
    )
    incident = msgspec.convert(row.document, Incident, strict=False)
    return msgspec.structs.replace(incident, updates=marked, gone_at=row.gone_at)
