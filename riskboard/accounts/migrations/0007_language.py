"""What language a person reads pages in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_scopes_tables_closing")]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
    ]
