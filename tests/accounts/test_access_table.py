"""Who may do what, cell by cell: every route x method x asker is asked for real, and answers as docs/access.tsv says.

A route without a row fails, and so does a row without a route. RISKBOARD_WRITE_ACCESS=missing writes the rows of new routes,
RISKBOARD_WRITE_ACCESS=all the whole table anew; read what changed before it is committed.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils import timezone

from assessments import plans
from assessments.continuity.plan import Process
from assessments.models import Report
from riskboard import health
from riskboard.accounts import access
from riskboard.accounts.models import ApiToken, Role, Workspace, digest
from tests.accounts import access_cells
from tests.accounts.access_cells import ASKERS, address, drive, read_table, routes, verdict, write_table
from tests.accounts.test_access import member, signed_in
from tests.accounts.test_workspaces import _write_canaries
from tests.accounts.things import known_things

pytestmark = pytest.mark.django_db
WRITE = os.environ.get("RISKBOARD_WRITE_ACCESS", "")
TOKENS = {
    "token read": Role.VIEWER,
    "token write": Role.ANALYST,
    "token admin": Role.ADMIN,
    "token reports": Role.ANALYST,
}


class Undone(Exception):
    """Raised to take back whatever a cell did."""


@pytest.fixture
def world(no_wake, settings, monkeypatch, tmp_path):
    """Two workspaces, the first with something of everything: the ids of its things by the names routes give them."""
    settings.LINK_RATE, settings.REPORT_RATE, settings.IMPORT_RATE = "100000/min", "100000/h", "100000/h"
    monkeypatch.setattr("assessments.api.access.ByAsker.THROTTLE_RATES", {"api": "100000/min"})
    monkeypatch.setattr("assessments.notify.views.send", lambda *_, **__: None)
    # Views run for real; what pages look like is others' to test, and takes most of the time.
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_, **__: "")
    settings.MEDIA_ROOT = tmp_path
    other = Workspace.objects.create(slug="other", name="Other")
    for role in access.ROLES:
        member(role)
        member(role, email=f"other-{role}@example.org", workspace=other)
    _write_canaries(access_cells.VENDOR)
    report = Report.objects.get().path
    report.parent.mkdir()
    report.write_bytes(b"%PDF-")
    plans.save_item("processes", Process(id="orders", name="Orders"), seen=None, author="t")
    return known_things()


def clients() -> dict[str, Client]:
    """One client an asker."""
    from django.contrib.auth import get_user_model

    people = {user.email: user for user in get_user_model().objects.all()}
    made = {"anonymous": Client(), "share link": Client()}
    for role in access.ROLES:
        made[role] = signed_in(people[f"{role}@example.org"])
        made[f"other {role}"] = signed_in(people[f"other-{role}@example.org"])
    for name, role in TOKENS.items():
        secret = f"rb_{name}"
        ApiToken.objects.create(
            workspace=Workspace.main(), role=role, name=name, hint="xxxx", token_sha256=digest(secret),
            scope="reports" if name == "token reports" else "", expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip
        made[name] = Client(headers={"Authorization": f"Bearer {secret}"})
    for client in made.values():
        client.raise_request_exception = False
    return made


def test_every_route_has_a_row_and_every_row_a_route():
    asked = {(route.pattern, method) for route in routes() for method in route.methods}
    rows = read_table().keys() if not WRITE else asked
    assert asked - rows == set(), "add the rows: RISKBOARD_WRITE_ACCESS=missing"
    assert rows - asked == set(), "rows of routes that are gone"
    assert len(asked) * len(ASKERS) >= 1000


@pytest.mark.any_database("roles are weighed in Python; what rows a workspace sees is asked of both by test_workspaces")
def test_every_cell_answers_as_the_table_says(world, monkeypatch):
    monkeypatch.setattr(health, "BEAT_SILENCE", timedelta(days=1))  # no beat runs here; who may ask is what counts
    made, table = clients(), ({} if WRITE == "all" else read_table())
    found: dict[tuple[str, str], dict[str, str]] = {}
    wrong, broken = [], []
    for route in routes():
        for method in route.methods:
            if WRITE == "missing" and (route.pattern, method) in table:
                found[(route.pattern, method)] = table[(route.pattern, method)]
                continue
            cells = found.setdefault((route.pattern, method), {})
            for asker in ASKERS:
                known = world["links"] | world["things"] if asker == "share link" else world["things"]
                response = asked(made[asker], method, address(route.pattern, known))
                cells[asker] = verdict(response)
                if response.status_code >= 500:
                    broken.append((route.pattern, method, asker, response.status_code))
                if not WRITE and table[(route.pattern, method)][asker] != cells[asker]:
                    wrong.append((route.pattern, method, asker, table[(route.pattern, method)][asker], cells[asker]))
    if WRITE:
        write_table(found)
    assert not broken, "\n".join(map(str, broken))
    assert not wrong, "\n".join(map(str, wrong))


def asked(client: Client, method: str, path: str):
    """The answer; whatever it did is taken back."""
    cookies = dict(client.cookies)
    try:
        with transaction.atomic():
            response = drive(client, method, path)
            _close(response)
            raise Undone
    except Undone:
        client.cookies.clear()
        client.cookies.update(cookies)
    return response


def _close(response) -> None:
    """As Django's own client closes an answer: the connection that holds the transaction stays."""
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)


def test_the_table_agrees_with_what_views_say_of_themselves():
    """Read against `access.required`: nobody below the least role is let in, and nothing private is open to strangers."""
    table = read_table()
    for route in routes():
        for method in route.methods:
            least, cells = access.required(route.view, method), table[(route.pattern, method)]
            if least is None:
                continue
            assert cells["anonymous"] == cells["share link"] == "sign in", (route.pattern, method)
            for role in access.ROLES[: access.ROLES.index(least)]:
                assert cells[role] in ("refused", "no such method"), (route.pattern, method, role)
            for role in access.ROLES[access.ROLES.index(least) :]:
                assert cells[role] != "refused" or (route.pattern, method) in STRICTER, (route.pattern, method, role)


STRICTER: set[tuple[str, str]] = set()
assert tuple(access.ROLES) == access_cells.ROLES
