"""What is installed: versions with known holes are kept out, the bill of materials is that of the lock, migrations are linted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django_migration_linter.migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements
from packaging.version import Version

from riskboard.accounts.models import Workspace

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
# The least version of each package that reads what strangers wrote, or keeps them out, and why. A package that is not locked is
# not installed; if it ever is, its row holds.
LEAST = {
    "weasyprint": ("70.0", "before, stylesheets went round the fetcher that refuses everything"),
    "urllib3": ("2.7.0", "before, its decoder unpacked without a limit"),
    "requests": ("2.32.4", "before, .netrc was given to hosts it was not meant for"),
    "django": ("5.2.19", "the security release that pyproject asks for"),
    "gunicorn": ("22.0.0", "before, Transfer-Encoding allowed smuggled requests"),
    "lxml": ("5.0.0", "before, entities that name files were resolved by default"),
    "pillow": ("11.3.0", "before, a buffer overflow by a crafted picture"),
    "cryptography": ("44.0.1", "before, a bundled OpenSSL with a hole"),
    "certifi": ("2024.7.4", "before, a distrusted root"),
    "idna": ("3.7", "before, quadratic time"),
    "sqlparse": ("0.5.0", "before, deep nesting ended the process"),
    "jinja2": ("3.1.6", "before, a way out of its sandbox"),
    "setuptools": ("78.1.1", "before, a path could lead out of its folder"),
    "brotli": ("1.2.0", "before, it unpacked without a limit"),
    "feedparser": ("6.0.14", "before, a DOCTYPE opened local files"),
    "pyyaml": ("5.4", "before, full_load ran code"),
    "fonttools": ("4.60.2", "before, a path could lead out of its folder"),
    "pypdf": ("6.4.0", "before, crafted streams used all memory"),
}


def locked(path: Path) -> dict[str, Version]:
    """The versions a file of requirements pins."""
    pins = re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ \\;]+)", path.read_text(encoding="utf-8"), re.M | re.I)
    return {name.lower(): Version(version) for name, version in pins}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_no_version_with_a_known_hole_is_locked(path):
    pins = locked(path)
    assert pins
    old = {
        name: (str(pins[name]), *rule) for name, rule in LEAST.items() if name in pins and pins[name] < Version(rule[0])
    }
    assert old == {}


def test_the_rules_look_at_what_is_locked():
    everything = set().union(*(locked(path) for path in LOCKS))
    assert {"weasyprint", "urllib3", "django", "lxml", "pillow", "gunicorn"} <= everything & LEAST.keys()


def test_the_bill_of_materials_lists_exactly_what_is_locked():
    text = (ROOT / "docs" / "sbom.cdx.json").read_text(encoding="utf-8")
    made = json.loads(text)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert {one["name"]: Version(one["version"]) for one in made["components"]} == locked(
        ROOT / "requirements" / "run.txt"
    )
    assert set(re.findall(r"://([^/\"]+)", text)) == {"cyclonedx.org"}


def test_the_bill_of_materials_is_made_anew_byte_for_byte():
    done = subprocess.run(
        [sys.executable, "scripts/sbom.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.django_db
def test_a_migration_that_running_older_code_could_not_live_with_has_a_reason():
    """The linter's errors. Our processes are stopped before an upgrade (docs/deploy.md), so such a migration may be meant: say why."""
    if connection.vendor != "postgresql":
        pytest.skip("the linter reads PostgreSQL's statements; the suite's second run is on it")
    Workspace.main()  # the statements name it, and a test before may have emptied the table
    flagged = linted()
    assert {name: told for name, told in flagged.items() if name not in MEANT} == {}
    assert MEANT.keys() <= flagged.keys()


MEANT = {
    "accounts.0003_only_what_is_used": "columns nothing had read, dropped before the first release",
    "accounts.0004_tokens_read": "a scope that only ever had one value, dropped before the first release",
    "accounts.0005_token_role": "a new column, NOT NULL with a default: old code does not insert tokens while it is stopped",
    "accounts.0006_scopes_tables_closing": "new columns, NOT NULL with a default: old code inserts neither while it is stopped",
    "assessments.0004_reports_on_plans": "a longer word for the kind of a report",
    "assessments.0006_workspaces": "every private row is given to a workspace, in one step and with all processes stopped",
    "assessments.0013_followed_summary": "new columns, NOT NULL with a default: old code does not insert while it is stopped",
    "jobs.0003_workspaces": "the same, for jobs",
    "vendors.0002_polling_and_bodies": "raw answers move to a table of their own",
    "vendors.0004_bodies_only": "the end of that move",
    "vendors.0006_workspaces": "every private row is given to a workspace",
}


def linted() -> dict[str, list[str]]:
    """The errors, by migration of our own apps."""
    linter = MigrationLinter(include_apps=["accounts", "jobs", "vendors", "assessments"], no_cache=True, no_output=True)
    found = {}
    for (app, name), migration in sorted(linter.migration_loader.disk_migrations.items()):
        if linter.should_ignore_migration(app, name, migration.operations, is_initial=migration.initial):
            continue
        errors = analyse_sql_statements(linter.sql_analyser_class, linter.get_sql(app, name), [])[0]
        errors += linter.analyse_data_migration(migration)[0]
        if errors:
            found[f"{app}.{name}"] = [error.message for error in errors]
    return found
