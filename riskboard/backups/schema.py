"""Which schema this code has, which the database has, and how an archive of an older one is taken back."""

from __future__ import annotations

from django.apps import apps as here
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from riskboard.errors import Refused

Heads = dict[str, str]  # the newest migration of each app


def heads() -> Heads:
    """The newest migration of each app, as this code has them."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return dict(sorted(loader.graph.leaf_nodes()))


def applied() -> Heads:
    """Those of `heads` that this database has; {} where it has none. Raises Refused where it does not answer."""
    loader = _loader()
    return {app: name for app, name in sorted(loader.graph.leaf_nodes()) if (app, name) in loader.applied_migrations}


def standing() -> Heads:
    """The newest migration of each app that this database has, whatever is newer in this code; {} where it has none."""
    loader, found = _loader(), {}
    for app, leaf in loader.graph.leaf_nodes():
        own = (node for node in reversed(loader.graph.forwards_plan((app, leaf))) if node[0] == app)
        newest = next((name for _, name in own if (app, name) in loader.applied_migrations), None)
        if newest is not None:
            found[app] = newest
    return dict(sorted(found.items()))


def models_of(wanted: Heads) -> Apps:
    """The models of that schema, as the migrations tell them."""
    return MigrationLoader(connection).project_state(sorted(wanted.items())).apps


def waiting() -> list[str]:
    """The migrations this code would apply, as app.name, in order. Raises Refused where the database does not answer."""
    loader = _loader()
    plan = MigrationExecutor(connection).migration_plan(loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def must_be_this_version() -> None:
    """Raises Refused where the database has another schema than this code, older or newer: tables would be left out unseen."""
    if applied() != heads():
        raise Refused("the database is not of this version; run: riskboard prepare")
    unknown = newer()
    if unknown:
        raise Refused(f"the database was migrated by a newer version ({'.'.join(unknown[-1])}); use that one")


def newer() -> list[tuple[str, str]]:
    """Migrations of our apps that the database has and this code does not know, as (app, name), in order."""
    loader = _loader()
    ours = {app for app, _ in loader.disk_migrations}
    known = set(loader.disk_migrations) | set(loader.replacements)
    return sorted(node for node in loader.applied_migrations if node[0] in ours and node not in known)


def refuse_newer() -> None:
    """Raises Refused where a newer version migrated the database: older code must not write to it."""
    unknown = newer()
    if unknown:
        raise Refused(
            f"the database was migrated by a newer version ({'.'.join(unknown[-1])}); "
            "start that version, or restore the backup made before it"
        )


def must_know(wanted: Heads, *, made_by: str) -> None:
    """Raises Refused unless this code can bring an empty database to that schema: its own, or an older one of its history."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    strange = sorted(app for app, name in wanted.items() if (app, name) not in known)
    if strange:
        raise Refused(
            f"it was made by Riskboard {made_by} with a schema this version does not know ({', '.join(strange)}); "
            "restore it with that version"
        )


def bring_to(wanted: Heads) -> Apps:
    """Make the tables of that schema where there are none, and return its models.

    This code's own schema may be there already. Raises Refused where another one is.
    """
    ours = heads()
    if wanted == ours:
        if not applied():
            call_command("migrate", verbosity=0)
        must_be_this_version()
        return here
    if _loader().applied_migrations:
        raise Refused(
            "this backup is of an older version, and the database has tables already; name one without any in DATABASE_URL "
            "(or a new folder in RISKBOARD_VAR): it is brought to the older schema first, and to this one afterwards"
        )
    targets = sorted(wanted.items())
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def _loader() -> MigrationLoader:
    try:
        return MigrationLoader(connection)
    except DatabaseError as fault:
        raise Refused(f"the database does not answer: {str(fault).splitlines()[0]}") from fault
