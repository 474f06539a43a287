import django.db.models.deletion
import riskboard.accounts.scope
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_token_role'),
        ('assessments', '0008_fill_followed'),
        ('vendors', '0006_workspaces'),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('mail', 'E-mail'), ('apprise', 'Chat or pager'), ('webhook', 'Webhook')], max_length=10)),
                ('address_secret', models.TextField()),
                ('hint', models.CharField(max_length=200)),
                ('signing_secret', models.TextField(blank=True, default='')),
                ('old_signing_secret', models.TextField(blank=True, default='')),
                ('old_until', models.DateTimeField(blank=True, null=True)),
                ('events', models.JSONField(default=list)),
                ('digest', models.CharField(choices=[('now', 'as it happens'), ('daily', 'once a day, at 8:00'), ('weekly', 'once a week, Monday at 8:00')], default='now', max_length=10)),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_to', models.TimeField(blank=True, null=True)),
                ('time_zone', models.CharField(default='UTC', max_length=64)),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('fault', models.CharField(blank=True, default='', max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('workspace', models.ForeignKey(default=riskboard.accounts.scope.current_pk, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=300)),
                ('text', models.CharField(blank=True, default='', max_length=1000)),
                ('path', models.CharField(max_length=500)),
                ('data', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('vendor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vendors.vendor')),
                ('workspace', models.ForeignKey(default=riskboard.accounts.scope.current_pk, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Sending'), ('sent', 'Sent'), ('dead', 'Dead')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, default='', max_length=500)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='assessments.channel')),
                ('workspace', models.ForeignKey(default=riskboard.accounts.scope.current_pk, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='assessments.notice')),
            ],
            options={
                'ordering': ['-due_at', '-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('workspace', 'key'), name='notice_once'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['state', 'due_at'], name='delivery_state_due'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('channel', 'notice'), name='delivery_once'),
        ),
    ]
