from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('vendors', '0006_workspaces'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='incident',
            index=models.Index(condition=models.Q(('gone_at', None), ('resolved_at', None)), fields=['page', '-started_at'], name='incident_open'),
        ),
    ]
