from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0010_shared_links'),
    ]

    operations = [
        migrations.AlterField(
            model_name='report',
            name='kind',
            field=models.CharField(choices=[('vendor', 'vendor'), ('portfolio', 'portfolio'), ('comparison', 'comparison'), ('continuity', 'continuity'), ('improvement', 'improvement')], max_length=12),
        ),
    ]
