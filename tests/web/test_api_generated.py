"""Requests made from the schema: no fault of ours, no answer the schema does not name, and nothing without asking who it is.

About two minutes on two cores; RISKBOARD_API_EXAMPLES=50 (requests an operation) looks longer.
"""

from __future__ import annotations

import contextlib
import os
import re
from datetime import timedelta

import pytest
import requests
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from riskboard.accounts.models import ApiToken, Role, Workspace, digest
from tests.accounts.access_cells import routes
from tests.accounts.test_access import member
from tests.accounts.test_workspaces import _write_canaries

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("RISKBOARD_API_EXAMPLES", "3"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SECRET = "rb_generated"


def load():
    """The schema as this code serves it."""
    from drf_spectacular.generators import SchemaGenerator

    schema = SchemaGenerator().get_schema(request=None, public=True)
    return schemathesis.openapi.from_dict(schema)


OPERATIONS = [one.ok() for one in load().get_all_operations()]


@pytest.fixture
def _one_connection():
    """The transaction of a test goes on over the end of a request, as it does with Django's own client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


class Undone(Exception):
    """Raised to take back whatever a request did."""


@pytest.fixture
def world(no_wake, _one_connection, settings, monkeypatch):
    settings.REPORT_RATE = settings.IMPORT_RATE = "100000/h"
    monkeypatch.setattr("assessments.api.access.ByAsker.THROTTLE_RATES", {"api": "100000/min"})
    monkeypatch.setattr("assessments.notify.views.send", lambda *_, **__: None)
    monkeypatch.setenv("RISKBOARD_FETCH_ALLOW", "")
    member("admin")
    _write_canaries("microsoft-bpos-2011")
    ApiToken.objects.create(
        workspace=Workspace.main(), role=Role.ADMIN, name="generated", hint="ated", token_sha256=digest(SECRET),
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip


def test_every_operation_of_the_urlconf_is_in_the_schema():
    ours = {
        (route.pattern, method) for route in routes() if route.pattern.startswith("api/v1/") for method in route.methods
    }
    asked = {(re.sub(r"<\w+:(\w+)>", r"{\1}", f"/{pattern}"), method) for pattern, method in ours}
    assert {(one.path, one.method.upper()) for one in OPERATIONS} == asked - {
        ("/api/v1/schema/", "GET")
    }  # it is that itself


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_what_the_schema_promises_holds_for_requests_made_from_it(operation, world):
    app = get_wsgi_application()
    answered: list[int] = []

    @settings(
        max_examples=EXAMPLES, database=None, phases=[Phase.explicit, Phase.generate], derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def one(case):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {SECRET}"}
        with contextlib.suppress(Undone), transaction.atomic():
            response = case.call(app=app, base_url="http://localhost")
            case.validate_response(response, checks=CHECKS)  # raises where a check fails
            answered.append(response.status_code)
            raise Undone

    one()
    assert answered
    assert max(answered) < 500


def test_an_answer_that_the_schema_does_not_name_is_noticed():
    operation = next(one for one in OPERATIONS if one.label == "GET /api/v1/method/")
    answer = requests.Response()
    answer.status_code, answer._content = 418, b"{}"
    answer.headers["Content-Type"] = "text/plain"
    answer.request = requests.Request("GET", "http://localhost/api/v1/method/").prepare()
    with pytest.raises(FailureGroup, match="418"):
        operation.Case().validate_response(answer, checks=CHECKS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_without_a_token_nothing_is_told(operation):
    member("admin")
    path = operation.path.replace("{", "").replace("}", "")
    for name in ("uid",):
        path = path.replace(f"/{name}/", "/00000000-0000-4000-8000-000000000000/")
    path = path.replace("/number/", "/1/")
    answer = getattr(Client(), operation.method.lower())(path)
    assert answer.status_code in (401, 403), (operation.label, answer.status_code)
    assert answer.headers["Content-Type"] == "application/problem+json"
