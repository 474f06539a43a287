"""The unpacked copy of each answer goes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vendors", "0003_pack_bodies")]

    operations = [
        migrations.AlterField(
            model_name="snapshot",
            name="old_body",
            field=models.BinaryField(default=b""),
        ),
        migrations.RemoveField("snapshot", "old_body"),
        migrations.AlterField(
            model_name="snapshot",
            name="body",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="snapshots", to="vendors.body"
            ),
        ),
    ]
