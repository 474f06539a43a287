from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_token_role'),
        ('assessments', '0012_saved_views_and_kept_answers'),
    ]

    operations = [
        migrations.AddField(model_name='followed', name='rto_hours', field=models.FloatField(default=4.0)),
        migrations.AddField(model_name='followed', name='value', field=models.FloatField(blank=True, null=True)),
        migrations.AddField(model_name='followed', name='coverage', field=models.FloatField(default=0.0)),
        migrations.AddField(model_name='followed', name='grade', field=models.CharField(blank=True, max_length=5, null=True)),
        migrations.AddField(model_name='followed', name='chance', field=models.FloatField(blank=True, null=True)),
        migrations.AddField(model_name='followed', name='disputed', field=models.BooleanField(default=False)),
        migrations.AddField(model_name='followed', name='last_incident_at', field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(model_name='followed', name='fell', field=models.FloatField(blank=True, null=True)),
        migrations.AddField(model_name='followed', name='sought', field=models.CharField(blank=True, default='', max_length=600)),
        migrations.AddIndex(
            model_name='assessmentrow',
            index=models.Index(fields=['workspace', '-created_at', '-id'], name='assessment_newest'),
        ),
        migrations.AddIndex(
            model_name='assessmentrow',
            index=models.Index(fields=['workspace', 'vendor', 'as_of', 'value', 'method_version'], name='assessment_trend'),
        ),
    ]
