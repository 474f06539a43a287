"""Columns of earlier assessments from their documents, and the vendors they make followed."""

import json

from django.db import migrations


def fill(apps, schema_editor):
    """Each document is read once, one at a time."""
    rows = apps.get_model("assessments", "AssessmentRow").objects
    for pk, document in rows.order_by("pk").values_list("pk", "document").iterator(chunk_size=50):
        made = json.loads(bytes(document))
        known = made["forecast"]["confidence"] != "insufficient"
        rows.filter(pk=pk).update(
            chance=made["forecast"]["p_exceed"] if known else None,
            pillars={pillar["id"]: pillar["value"] for pillar in made["pillars"]},
            disputed=bool(made.get("disputes")),
        )
    newest = {}
    for pk, workspace, vendor, at in rows.order_by("created_at", "pk").values_list(
        "pk", "workspace", "vendor", "created_at"
    ):
        newest[workspace, vendor] = pk, at
    followed = apps.get_model("assessments", "Followed").objects
    made = (
        followed.model(workspace_id=workspace, vendor_id=vendor, newest_id=pk, judged_at=at)
        for (workspace, vendor), (pk, at) in newest.items()
    )
    followed.bulk_create(made, ignore_conflicts=True)  # undone and done again, they are there already


class Migration(migrations.Migration):
    dependencies = [("assessments", "0007_followed")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
