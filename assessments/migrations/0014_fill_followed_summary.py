"""What followed vendors repeat of their newest assessments."""

import unicodedata

from django.db import migrations

SAME = ("rto_hours", "value", "coverage", "grade", "chance", "disputed", "last_incident_at")


def folded(text):
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def fill(apps, schema_editor):
    """One vendor at a time, without its documents."""
    rows = apps.get_model("assessments", "Followed").objects.select_related("vendor", "newest")
    rows = rows.defer("newest__document", "newest__facts")
    for row in rows.order_by("pk").iterator(chunk_size=200):
        for name in SAME:
            setattr(row, name, getattr(row.newest, name))
        row.fell = row.newest.moved["now"] - row.newest.moved["then"] if row.newest.moved else None
        row.sought = folded(f"{row.vendor.name} {row.vendor.slug}")[:600]
        row.save(update_fields=[*SAME, "fell", "sought"])


class Migration(migrations.Migration):
    dependencies = [("assessments", "0013_followed_summary")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
