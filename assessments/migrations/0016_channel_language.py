"""What language a channel is written to in; those there are stay English."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0015_evidence_files")]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="language",
            field=models.CharField(db_default="en", default="en", max_length=10),
        ),
    ]
