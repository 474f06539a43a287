"""Every kept answer packed, and once however often it came; what product each page serves now."""

import hashlib
import zlib

from django.db import migrations


def pack_bodies(apps, schema_editor):
    Snapshot = apps.get_model("vendors", "Snapshot")
    Body = apps.get_model("vendors", "Body")
    for pk in Snapshot.objects.values_list("pk", flat=True):
        row = Snapshot.objects.get(pk=pk)  # one at a time: each may hold megabytes
        data = bytes(row.old_body)
        sha256 = hashlib.sha256(data).hexdigest()
        body, _ = Body.objects.get_or_create(sha256=sha256, defaults={"packed": zlib.compress(data, 6), "size": len(data)})
        Snapshot.objects.filter(pk=pk).update(body=body)


def unpack_bodies(apps, schema_editor):
    Snapshot = apps.get_model("vendors", "Snapshot")
    for pk in Snapshot.objects.values_list("pk", flat=True):
        row = Snapshot.objects.select_related("body").get(pk=pk)
        data = b"" if row.body is None or row.body.packed is None else zlib.decompress(bytes(row.body.packed))
        Snapshot.objects.filter(pk=pk).update(old_body=data)


def since_when(apps, schema_editor):
    StatusPage = apps.get_model("vendors", "StatusPage")
    PageProduct = apps.get_model("vendors", "PageProduct")
    for page in StatusPage.objects.exclude(facts_as_of=None).iterator():
        since = {"platform": page.platform, "since": page.fetched_at or page.facts_as_of}
        PageProduct.objects.get_or_create(page=page, defaults=since)  # undone and done again, it is there already


class Migration(migrations.Migration):
    dependencies = [("vendors", "0002_polling_and_bodies")]

    operations = [
        migrations.RunPython(pack_bodies, unpack_bodies),
        migrations.RunPython(since_when, migrations.RunPython.noop),
    ]
