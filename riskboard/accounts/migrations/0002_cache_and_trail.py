"""The cache table, the first workspace, and triggers by which the database itself keeps the audit trail."""

from django.core.management import call_command
from django.db import migrations

SQLITE = [
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON accounts_auditentry BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON accounts_auditentry BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END",
]
POSTGRESQL = [
    "CREATE FUNCTION riskboard_keep_audit() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'the audit trail is never changed'; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON accounts_auditentry FOR EACH ROW EXECUTE FUNCTION riskboard_keep_audit()",
]


def keep_trail(connection):
    """Make the database refuse changes of the trail."""
    with connection.cursor() as cursor:
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)


def forward(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)
    apps.get_model("accounts", "Workspace").objects.get_or_create(slug="main", defaults={"name": "Main"})
    keep_trail(schema_editor.connection)


def backward(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS audit_no_update")
        schema_editor.execute("DROP TRIGGER IF EXISTS audit_no_delete")
    else:
        schema_editor.execute("DROP TRIGGER IF EXISTS audit_no_change ON accounts_auditentry")
        schema_editor.execute("DROP FUNCTION IF EXISTS riskboard_keep_audit()")
    schema_editor.execute("DROP TABLE IF EXISTS riskboard_cache")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]
