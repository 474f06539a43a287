"""Whose turn it is at a host, when a page is read next, what it served and how far it reached; bodies get their table."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('vendors', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Body',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('packed', models.BinaryField(null=True)),
                ('size', models.PositiveIntegerField()),
                ('cited', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name_plural': 'bodies',
            },
        ),
        migrations.CreateModel(
            name='HostTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=253, unique=True)),
                ('holder', models.CharField(blank=True, default='', max_length=32)),
                ('busy_until', models.DateTimeField(blank=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('not_before', models.DateTimeField(blank=True, null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='PageProduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('platform', models.CharField(max_length=500)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['since', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PageReach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('platform', models.CharField(max_length=500)),
                ('reach_days', models.FloatField(blank=True, null=True)),
                ('incidents', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='incident',
            name='gone_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='incidentupdate',
            name='superseded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='incidentupdate',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='etag',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.AddField(
            model_name='snapshot',
            name='last_modified',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.RenameField('snapshot', 'body', 'old_body'),
        migrations.AddField(
            model_name='snapshot',
            name='body',
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='vendors.body'
            ),
        ),
        migrations.AddIndex(
            model_name='snapshot',
            index=models.Index(fields=['page', 'name', '-last_fetched_at'], name='snapshot_newest'),
        ),
        migrations.AddField(
            model_name='pageproduct',
            name='page',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='products', to='vendors.statuspage'),
        ),
        migrations.AddField(
            model_name='pagereach',
            name='page',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reaches', to='vendors.statuspage'),
        ),
        migrations.AddField(
            model_name='watch',
            name='page',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='watch', to='vendors.statuspage'),
        ),
        migrations.AddConstraint(
            model_name='pageproduct',
            constraint=models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('page',), name='page_one_product_now'),
        ),
        migrations.AddConstraint(
            model_name='pagereach',
            constraint=models.UniqueConstraint(fields=('page', 'day'), name='page_reach_once_a_day'),
        ),
        migrations.AddIndex(
            model_name='watch',
            index=models.Index(fields=['due_at'], name='watch_due'),
        ),
    ]
