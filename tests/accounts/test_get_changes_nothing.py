"""No address changes anything by GET (quality bar S15): every route is asked, and every statement that writes is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from tests.accounts.access_cells import address, routes
from tests.accounts.test_access_table import asked, clients, world

__all__ = ["world"]  # a fixture
pytestmark = pytest.mark.django_db
WRITES = re.compile(r'^\s*(INSERT\s+(?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.I)
# Of the request itself, not of what it asks for: sessions, counters of rates, when a token or a link was used, and the
# address of an account, which django-allauth notes when its owner first looks at their addresses.
ABOUT_THE_ASKER = {
    "django_session", "usersessions_usersession", "riskboard_cache", "accounts_apitoken", "assessments_sharedlink",
    "assessments_questionnairelink", "account_emailaddress",
}  # fmt: skip


@contextmanager
def writing() -> Iterator[list[str]]:
    """The tables that statements write to meanwhile, each as often as it is."""
    found: list[str] = []

    def look(execute, sql, params, many, context):
        told = WRITES.match(sql)
        if told and told.group(2) not in ABOUT_THE_ASKER:
            found.append(told.group(2))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


def test_a_statement_that_writes_is_noticed(world):
    from riskboard.accounts.models import Workspace

    with writing() as found:
        Workspace.objects.filter(slug="other").update(name="Changed")
        Workspace.objects.create(slug="third", name="Third")
    assert set(found) >= {"accounts_workspace", "accounts_auditentry"}


@pytest.mark.parametrize("asker", ["admin", "viewer", "anonymous", "token admin", "share link"])
def test_no_route_writes_by_get(world, asker):
    client, known = clients()[asker], world["things"] | (world["links"] if asker == "share link" else {})
    wrote: dict[str, list[str]] = {}
    answered = 0
    for route in routes():
        if "GET" not in route.methods:
            continue
        with writing() as found:
            response = asked(client, "GET", address(route.pattern, known))
        answered += response.status_code == 200
        if found:
            wrote[route.pattern] = sorted(set(found))
    assert wrote == {}
    assert answered >= 5
