"""For migrations: what was stored before there were workspaces belongs to the main one."""

from __future__ import annotations

from typing import Any

from django.db import connection


def make_main(apps: Any, schema_editor: Any) -> None:
    """The main workspace, made where it is missing."""
    workspaces = apps.get_model("accounts", "Workspace").objects.using(schema_editor.connection.alias)
    workspaces.get_or_create(slug="main", defaults={"name": "Main"})


def main_pk() -> int:
    """Its key. In SQL, since a migration must not see the models of a later day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM accounts_workspace WHERE slug = 'main'")
        return int(cursor.fetchone()[0])
