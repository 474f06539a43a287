"""What the settings, the report centre and the plan's history list goes out in three forms: every row, narrowed as the page is."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from assessments import plans
from assessments.continuity.plan import Plan, Process
from assessments.files import tables
from assessments.models import Channel, ChannelKind, Delivery, Notice, SharedLink, ShareKind
from riskboard.accounts.models import ApiToken, AuditEntry, Invitation, Role, Workspace, digest
from riskboard.jobs.models import Job, State
from tests.accounts.test_access import member, signed_in
from vendors.models import HostTurn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake")]
EVIL = "=cmd|' /C calc'!A0"
WRITTEN = [
    "/settings/audit", "/settings/people", "/settings/tokens", "/settings/links", "/settings/notifications",
    "/settings/notifications/messages", "/settings/operation/jobs", "/settings/operation/hosts", "/plan/history", "/plan/milestones",
]  # fmt: skip
ADMINS = [path for path in WRITTEN if path.startswith("/settings/") and not path.endswith("/links")]
NOW = timezone.now()


def channel(name: str, **kept: object) -> Channel:
    return Channel.objects.create(
        name=name, kind=ChannelKind.MAIL, address_secret="sealed", hint="a…@example.org", **kept
    )


def message(to: Channel, title: str, **kept: object) -> Delivery:
    notice = Notice.objects.create(key=title, kind="incident", title=title, path="/vendors/x", at=NOW)
    return Delivery.objects.create(channel=to, notice=notice, due_at=NOW, **kept)


@pytest.fixture
def admin() -> Client:
    """Signed in, with a row in every list whose words would run as a formula where they could."""
    person = member(Role.ADMIN)
    room = Workspace.main()
    Invitation.objects.create(
        workspace=room,
        email="new@example.org",
        role=Role.VIEWER,
        token_sha256=digest("i"),
        expires_at=NOW + timedelta(1),
    )
    ApiToken.objects.create(workspace=room, name=EVIL, token_sha256=digest("t"), hint="wxyz", created_by=person)
    SharedLink.objects.create(kind=ShareKind.CALENDAR, token_sha256=digest("l"), made_by=EVIL)
    message(channel(EVIL), EVIL, error=EVIL)
    Job.anyone.create(
        kind="report", queue="report", due_at=NOW, state=State.DEAD, finished_at=NOW, error=EVIL, workspace=room
    )
    HostTurn.objects.create(host="status.example.org", failures=5, not_before=NOW + timedelta(hours=1))
    plans.replace_plan(Plan(processes=(Process(id="p", name=EVIL),)), seen_revision=0, author=EVIL, summary=EVIL)
    plans.freeze(EVIL, author="x", note="", as_of=NOW, judgement=None)
    return signed_in(person)


def rows_of(client: Client, path: str) -> list[dict[str, object]]:
    return json.loads(client.get(path).getvalue())


@pytest.mark.parametrize("path", WRITTEN)
def test_every_row_goes_out_in_three_forms_and_none_runs_as_a_formula(admin, path):
    answers = {form: admin.get(f"{path}.{form}") for form in ("csv", "xlsx", "json")}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert all(answer["Content-Disposition"].startswith("attachment; filename=") for answer in answers.values())
    rows = json.loads(answers["json"].getvalue())
    assert rows
    told = list(csv.reader(io.StringIO(answers["csv"].getvalue().decode("utf-8-sig"))))
    assert [told[0], len(told)] == [list(rows[0]), len(rows) + 1]
    assert not [cell for row in told for cell in row if cell.startswith(("=", "+", "-", "@"))]
    sheet = openpyxl.load_workbook(io.BytesIO(answers["xlsx"].getvalue())).worksheets[0]
    assert sheet.max_row == len(rows) + 1
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


@pytest.mark.parametrize("path", ADMINS)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.APPROVER])
def test_what_administrators_see_goes_to_nobody_else(path, role):
    assert signed_in(member(role)).get(f"{path}.csv").status_code in (403, 404)


def test_secrets_are_in_none_of_them(admin):
    for path in WRITTEN:
        body = admin.get(f"{path}.json").getvalue().decode()
        assert not [secret for secret in ("t", "l", "i") if digest(secret) in body]
        assert "sealed" not in body


def test_the_trail_is_narrowed_as_its_page_is(admin):
    everything = rows_of(admin, "/settings/audit.json")
    kinds = {one["kind"] for one in everything}
    assert len(kinds) > 1
    some = rows_of(admin, "/settings/audit.json?kind=channel")
    assert {one["kind"] for one in some} == {"channel"}
    assert rows_of(admin, "/settings/audit.json?actor=nobody-at-all") == []


def test_messages_are_those_of_the_channel_asked_for(admin):
    other = channel("Other")
    message(other, "The other one")
    assert {one["title"] for one in rows_of(admin, f"/settings/notifications/messages.json?channel={other.uid}")} == {
        "The other one"
    }
    assert len(rows_of(admin, "/settings/notifications/messages.json")) == 2
    assert rows_of(admin, "/settings/notifications/messages.json?channel=nonsense") == []


def test_the_history_is_searched_as_its_page_is_and_tells_what_changed(admin):
    plans.replace_plan(
        Plan(processes=(Process(id="p", name="Billing"),)), seen_revision=1, author="x", summary="renamed it"
    )
    (one,) = rows_of(admin, "/plan/history.json?q=renamed")
    assert "Billing" in one["changes"]
    assert [row["number"] for row in rows_of(admin, "/plan/history.json")] == [2, 1]


def test_nothing_of_another_workspace_is_in_them(admin):
    from riskboard.accounts.scope import inside

    other = Workspace.objects.create(slug="other", name="Other")
    with inside(other):
        message(channel("canary-channel"), "canary-message")
        SharedLink.objects.create(kind=ShareKind.CALENDAR, token_sha256=digest("x"), made_by="canary-link")
        plans.replace_plan(
            Plan(processes=(Process(id="p", name="canary"),)), seen_revision=0, author="canary", summary="canary"
        )
        AuditEntry.objects.create(workspace=other, actor="canary", did="made", kind="x", object_id="1", label="canary")
    for path in WRITTEN:
        for form in ("csv", "json"):
            assert b"canary" not in admin.get(f"{path}.{form}").getvalue(), path


def test_a_list_longer_than_a_sheet_goes_out_as_csv_and_json_and_is_refused_as_a_workbook(admin, monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 3)
    for number in range(4):
        message(channel(f"c{number}"), f"m{number}")
    assert len(rows_of(admin, "/settings/notifications/messages.json")) == 5
    assert admin.get("/settings/notifications/messages.csv").getvalue().count(b"\r\n") == 6
    refused = admin.get("/settings/notifications/messages.xlsx")
    assert refused.status_code == 400
    assert b"narrow the list" in refused.content


@pytest.mark.parametrize(
    "path",
    ["/settings/audit", "/settings/notifications/messages", "/settings/links", "/settings/tokens", "/plan/history"],
)
def test_more_rows_cost_no_more_queries(admin, path, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    admin.get(f"{path}.csv")  # the first request of a session notes when it was
    with CaptureQueriesContext(connection) as few:
        admin.get(f"{path}.csv").getvalue()
    to = channel("More")
    for number in range(12):
        message(to, f"m{number}")
        SharedLink.objects.create(kind=ShareKind.CALENDAR, token_sha256=digest(f"l{number}"), made_by="x")
        ApiToken.objects.create(workspace=Workspace.main(), name="x", token_sha256=digest(f"t{number}"), hint="wxyz")
        plan = Plan(processes=(Process(id="p", name=f"n{number}"),))
        plans.replace_plan(plan, seen_revision=number + 1, author="x", summary="x")
    with django_assert_num_queries(len(few)):
        admin.get(f"{path}.csv").getvalue()


@pytest.mark.parametrize("rows", [0, 1, 3, 5000])
def test_pieces_make_the_file_that_is_made_at_once(rows):
    columns, cells = ("a", "b"), [(f"text {number}", number) for number in range(rows)]
    pieces = list(tables.csv_pieces(columns, iter(cells)))
    assert b"".join(pieces) == tables.to_csv(columns, cells)
    assert json.loads(tables.to_json(columns, cells)) == [{"a": a, "b": b} for a, b in cells]
    assert (len(pieces) > 1) is (rows > 1000)
