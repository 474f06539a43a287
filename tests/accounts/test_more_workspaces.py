"""A second workspace: made, switched to, left, and deleted with all it holds but its trail."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from assessments.models import AssessmentRow, Report
from riskboard.accounts import workspaces
from riskboard.accounts.models import ApiToken, AuditEntry, Invitation, Membership, Role, Workspace
from riskboard.accounts.scope import inside
from riskboard.errors import Refused
from riskboard.jobs.models import Job
from tests.accounts.test_access import PASSWORD, member, signed_in
from tests.accounts.test_workspaces import OURS, SHARED, _write_canaries
from vendors.models import Incident, Vendor

pytestmark = pytest.mark.django_db


def just_signed_in(user) -> Client:
    """Somebody who just gave the password."""
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def admin():
    return member("admin")


@pytest.fixture
def client(admin):
    return just_signed_in(admin)


def made(client, name="Clients & Co") -> Workspace:
    client.post("/settings/workspaces/new/", {"name": name})
    return Workspace.objects.get(name=name)


def test_a_new_workspace_is_empty_and_its_maker_administers_it(client, admin):
    room = made(client)
    assert (room.slug, Membership.objects.get(workspace=room).role) == ("clients-co", Role.ADMIN)
    page = client.get("/")
    assert page.context["who"].workspace == room
    assert page.status_code == 200
    assert b"Paste" in page.content or b"status page" in page.content, "the way to the first vendor"
    for path in ("/vendors/", "/plan/", "/reports/", "/settings/people/", "/settings/links/", "/compare/"):
        assert client.get(path).status_code in (200, 400), path
    assert workspaces.holds(room) == [workspaces.Held("memberships", 1)]
    assert made(client, "Clients, Co").slug == "clients-co-2"


def test_a_workspace_needs_a_name_and_an_administrator(client):
    assert client.post("/settings/workspaces/new/", {"name": " "}).status_code == 400
    viewer = just_signed_in(member("approver", email="a@example.org"))
    assert viewer.post("/settings/workspaces/new/", {"name": "Mine"}).status_code == 403
    assert Workspace.objects.count() == 1


def test_this_machine_without_accounts_is_told_to_make_one_first():
    for path in ("", "new/", "leave/"):
        assert Client().post(f"/settings/workspaces/{path}", {"name": "x"}).status_code in (404, 405)
    assert Workspace.objects.count() <= 1


def test_one_person_is_in_so_many_workspaces_and_no_more(admin, monkeypatch):
    monkeypatch.setattr(workspaces, "MOST", 2)
    workspaces.make("Second", user=admin)
    with pytest.raises(Refused, match="as many"):
        workspaces.make("Third", user=admin)


def test_making_and_deleting_ask_for_the_password_again(admin):
    stale = signed_in(admin)
    answer = stale.post("/settings/workspaces/new/", {"name": "Quick"})
    assert answer.headers["Location"] == "/account/reauthenticate/?next=/settings/workspaces/"
    assert not Workspace.objects.filter(name="Quick").exists()


def test_people_leave_but_for_the_last_administrator(client, admin):
    room = made(client)
    assert client.post("/settings/workspaces/leave/").status_code == 409
    other = member("admin", email="other@example.org", workspace=room)
    assert b"Leave Clients" in client.get("/settings/workspaces/leave/").content
    assert client.post("/settings/workspaces/leave/").status_code == 302
    assert [one.user for one in room.memberships.all()] == [other]
    assert client.get("/").context["who"].workspace == Workspace.main()


def test_every_private_table_is_emptied_and_none_that_is_shared():
    tables = [model for model, _ in workspaces.private_tables()]
    own = {model for model in apps.get_models() if model._meta.app_label in OURS}
    kept = {m for m in own if m.__name__ in SHARED.get(m._meta.app_label, set())}
    direct = {m for m in kept if any(f.related_model is Workspace for f in m._meta.concrete_fields)} - {AuditEntry}
    assert {Membership, Invitation, ApiToken} <= direct
    assert {m for m in tables if not m._meta.auto_created} == (own - kept) | direct
    for n, model in enumerate(tables):
        named = {f.related_model for f in model._meta.concrete_fields if f.related_model} - {model}
        assert not named & set(tables[:n]), f"{model._meta.label} is emptied after what it names"


def test_a_deleted_workspace_leaves_its_trail_and_nothing_else(
    client, no_wake, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    room = made(client)
    (tmp_path / "reports").mkdir()
    with inside(room):
        _write_canaries()
        alone = Report.objects.create(kind="vendor", format="pdf", key="b", sha256="b" * 64, size=1, name="x")
    shared = Report.objects.create(kind="vendor", format="pdf", key="a", sha256="0" * 64, size=1, name="x")
    for one in (alone, shared):
        one.path.write_bytes(b"x")
    vendors, incidents, trail = Vendor.objects.count(), Incident.objects.count(), AuditEntry.objects.count()
    page = client.get("/settings/workspaces/delete/").content.decode()
    assert "Plan revisions" in page
    assert client.post("/settings/workspaces/delete/", {"name": "Clients"}).status_code == 400
    with inside(room):
        assert AssessmentRow.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/settings/workspaces/delete/", {"name": room.name}).status_code == 302
    for model, path in workspaces.private_tables():
        assert not workspaces._rows(model, path, room).exists(), model
    room.refresh_from_db()
    assert room.closed_at is not None
    entry = AuditEntry.objects.filter(workspace=room).first()
    assert (entry.did, entry.before["assessment rows"]) == ("deleted", 1)
    assert AuditEntry.objects.count() == trail + 1
    assert (Vendor.objects.count(), Incident.objects.count()) == (vendors, incidents)
    assert Report.objects.get() == shared
    assert (shared.path.is_file(), alone.path.is_file()) == (True, False)
    assert client.get("/").context["who"].workspace == Workspace.main()


def test_the_first_workspace_is_never_deleted(client):
    assert client.post("/settings/workspaces/delete/", {"name": "Main"}).status_code == 409
    with pytest.raises(Refused):
        workspaces.close(Workspace.main(), now=timezone.now())
    assert not Job.anyone.exists()
