"""Invitations, roles, tokens and the trail of writes."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from riskboard.accounts import audit
from riskboard.accounts.models import ApiToken, AuditEntry, Invitation, Membership, Role, Workspace, digest, new_secret
from tests.accounts.test_access import PASSWORD, member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    """An administrator who just gave the password."""
    member("admin")
    client = Client()
    client.post("/account/login/", {"login": "admin@example.org", "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def invited(admin: Client, email: str = "new@example.org", role: str = "analyst") -> str:
    answer = admin.post("/settings/people/invite/", {"email": email, "role": role})
    return answer.context["link"].split("testserver")[-1].split("8765")[-1]


def test_an_invited_person_chooses_a_password_and_is_in(admin):
    link = invited(admin)
    guest = Client()
    assert "new@example.org" in guest.get(link).content.decode()
    assert guest.post(link, {"password": "short"}).status_code == 400
    assert guest.post(link, {"password": PASSWORD}).headers["Location"] == "/"
    assert guest.get("/").context["who"].role == "analyst"
    assert Client().get(link).status_code == 410, "a link works once"


def test_somebody_with_an_account_joins_with_it(admin):
    other = Workspace.objects.create(slug="other", name="Other")
    guest = signed_in(member("viewer", email="old@example.org", workspace=other))
    link = invited(admin, "old@example.org")
    assert Client().get(link).headers["Location"] == f"/account/login/?next={link}"
    guest.post(link)
    assert guest.get("/").context["who"].workspace == Workspace.main()


@pytest.mark.parametrize("spoil", ["expired", "revoked", "wrong"])
def test_a_link_that_is_not_good_is_gone_and_says_what_to_do(admin, spoil):
    link = invited(admin)
    if spoil == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif spoil == "revoked":
        admin.post(f"/settings/people/invitations/{Invitation.objects.get().pk}/withdraw/")
    else:
        link = f"/join/{new_secret()}/"
    answer = Client().get(link)
    assert answer.status_code == 410
    assert "Ask for a new one" in answer.content.decode()


def test_roles_are_changed_and_members_removed(admin):
    analyst = member("analyst")
    one = Membership.objects.get(user=analyst)
    admin.post(f"/settings/people/{one.pk}/", {"role": "approver"})
    assert Membership.objects.get(pk=one.pk).role == "approver"
    admin.post(f"/settings/people/{one.pk}/", {"role": "remove"})
    assert signed_in(analyst).get("/").status_code == 403


def test_an_administrator_signs_somebody_out_everywhere_and_they_may_come_back(admin):
    analyst = member("analyst")
    one = Membership.objects.get(user=analyst)
    desk, phone = Client(), Client()
    for client in (desk, phone):
        client.post("/account/login/", {"login": "analyst@example.org", "password": PASSWORD})
        assert client.get("/").status_code == 200
    told = admin.post(f"/settings/people/{one.pk}/", {"role": "sign-out"}, follow=True).content.decode()
    assert "2 sessions of analyst@example.org have ended" in told
    assert [client.get("/").status_code for client in (desk, phone)] == [302, 302]
    assert Membership.objects.get(pk=one.pk).role == "analyst"
    assert AuditEntry.objects.filter(did="signed out", object_id=str(one.pk)).count() == 1
    desk.post("/account/login/", {"login": "analyst@example.org", "password": PASSWORD})
    assert desk.get("/").status_code == 200


def test_who_came_by_an_invitation_is_signed_out_like_anybody(admin):
    link, guest = invited(admin, "guest@example.org", "viewer"), Client()
    guest.post(link, {"password": PASSWORD})
    assert guest.get("/").status_code == 200
    assert "127.0.0.1" in guest.get("/account/sessions/").content.decode(), "their session is listed for themselves"
    one = Membership.objects.get(user__email="guest@example.org")
    admin.post(f"/settings/people/{one.pk}/", {"role": "sign-out"})
    assert guest.get("/").status_code == 302


def test_an_account_that_was_closed_is_out_at_once(admin):
    analyst = member("analyst")
    client = signed_in(analyst)
    assert client.get("/").status_code == 200
    analyst.is_active = False
    analyst.save()
    assert client.get("/").status_code == 302
    assert Client().post("/account/login/", {"login": "analyst@example.org", "password": PASSWORD}).headers[
        "Location"
    ] == ("/account/inactive/")


@pytest.mark.parametrize("wanted", ["viewer", "remove"])
def test_the_last_administrator_stays(admin, wanted):
    one = Membership.objects.get()
    answer = admin.post(f"/settings/people/{one.pk}/", {"role": wanted}, follow=True)
    assert Membership.objects.get().role == Role.ADMIN
    assert "last administrator" in answer.content.decode()


def test_another_workspaces_people_tokens_and_trail_are_out_of_reach(admin):
    other = Workspace.objects.create(slug="other", name="Other")
    theirs = Membership.objects.get(user=member("viewer", workspace=other))
    token = ApiToken.objects.create(workspace=other, name="theirs-canary", token_sha256="x" * 64, hint="abcd")
    assert admin.post(f"/settings/people/{theirs.pk}/", {"role": "remove"}).status_code == 404
    assert admin.post(f"/settings/tokens/{token.uid}/revoke/").status_code == 404
    for path in ("/settings/people/", "/settings/tokens/", "/settings/audit/", "/settings/audit.csv"):
        answer = admin.get(path)
        body = answer.getvalue() if answer.streaming else answer.content
        assert b"theirs-canary" not in body
        assert b"viewer@example.org" not in body


def test_a_token_is_shown_once_and_only_its_digest_is_kept(admin):
    secret = admin.post("/settings/tokens/new/", {"name": "CI", "days": 30}).context["secret"]
    kept = ApiToken.objects.get()
    assert secret.startswith("rb_")
    assert kept.token_sha256 == digest(secret)
    assert secret not in admin.get("/settings/tokens/").content.decode()
    assert kept.is_usable(timezone.now())
    assert not kept.is_usable(timezone.now() + timedelta(days=31))
    admin.post(f"/settings/tokens/{kept.uid}/revoke/")
    assert not ApiToken.objects.get().is_usable(timezone.now())


def test_what_opens_doors_asks_for_the_password_again_after_a_while(admin):
    session = admin.session
    for one in session["account_authentication_methods"]:
        one["at"] -= 1000
    session.save()
    answer = admin.post("/settings/tokens/new/", {"name": "CI", "days": 30})
    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    assert not ApiToken.objects.exists()


def test_each_write_leaves_one_entry_with_before_and_after(admin):
    AuditEntry.objects.all()
    seen = AuditEntry.objects.count()
    admin.post("/settings/workspace/", {"name": "Works", "require_mfa": ""})
    entry = AuditEntry.objects.get(pk__gt=0, kind="workspace", did="changed")
    assert AuditEntry.objects.count() == seen + 1
    assert (entry.actor, entry.via, entry.before, entry.after) == (
        "admin@example.org", "page", {"name": "Main"}, {"name": "Works"},
    )  # fmt: skip
    admin.post("/settings/workspace/", {"name": "Works", "require_mfa": ""})
    assert AuditEntry.objects.count() == seen + 1, "nothing changed, nothing to tell"


def test_the_trail_holds_no_secret(admin):
    secret = admin.post("/settings/tokens/new/", {"name": "CI", "days": 30}).context["secret"]
    link = invited(admin)
    trail = b"".join(admin.get("/settings/audit.csv"))
    assert b"apitoken" in trail
    for word in (secret, digest(secret), link.strip("/").split("/")[-1], "token_sha256"):
        assert word.encode() not in trail


def test_the_trail_is_downloaded_without_living_formulas(admin):
    with audit.acting(audit.Actor(name="=cmd()", via="page", workspace=Workspace.main())):
        Membership.objects.create(
            workspace=Workspace.main(), user=get_user_model().objects.create_user("y"), role=Role.VIEWER
        )
    rows = list(csv.reader(io.StringIO(b"".join(admin.get("/settings/audit.csv")).decode("utf-8-sig"))))
    assert rows[1][1] == "'=cmd()"


def test_the_database_itself_refuses_to_change_or_remove_entries(admin):
    from importlib import import_module

    if connection.vendor == "sqlite":  # the test database lacks the guard against removal, see conftest
        guard = import_module("riskboard.accounts.migrations.0002_cache_and_trail").SQLITE[1]
        with connection.cursor() as cursor:
            cursor.execute(guard)
    invited(admin)
    assert AuditEntry.objects.exists()
    for change in (lambda: AuditEntry.objects.update(actor="x"), AuditEntry.objects.all().delete):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()


def test_many_members_cost_no_more_queries(admin, django_assert_max_num_queries):
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        admin.get("/settings/people/")
    for n in range(10):
        member("viewer", email=f"v{n}@example.org")
    with django_assert_max_num_queries(len(few)):
        admin.get("/settings/people/")


def test_times_are_shown_in_the_zone_a_person_chose(admin):
    admin.post("/settings/", {"time_zone": "Asia/Tokyo"})
    now = timezone.localtime(timezone.now(), timezone=__import__("zoneinfo").ZoneInfo("Asia/Tokyo"))
    assert f"{now:%Y-%m-%d %H:}" in admin.get("/settings/audit/").content.decode()


@pytest.mark.any_database("the file is made of a stored document, which is the same bytes in both (test_models)")
def test_a_report_is_the_same_file_whatever_zone_its_reader_works_in(admin, run_jobs):
    from assessments.models import Report
    from assessments.scoring.model import Needs
    from assessments.verbs import assess_vendor, make_report
    from vendors.catalogue import index
    from vendors.ingest import ingest_facts

    facts = index.load("microsoft-bpos-2011")
    row = assess_vendor(ingest_facts(facts), needs=Needs(), as_of=facts.as_of)
    made = make_report([row]).sha256
    Report.objects.all().delete()
    admin.post("/settings/", {"time_zone": "Asia/Tokyo"})
    admin.post("/reports/make/", {"kind": "vendor", "assessments": [str(row.uid)]})
    run_jobs()
    assert admin.get(f"/assessments/{row.uid}/report/").getvalue()
    assert Report.objects.get().sha256 == made


def test_what_is_marked_as_utc_is_utc_and_the_page_names_the_zone_of_the_rest(admin):
    from assessments.scoring.model import Needs
    from assessments.verbs import assess_vendor
    from vendors.catalogue import index
    from vendors.ingest import ingest_facts

    facts = index.load("microsoft-bpos-2011")
    row = assess_vendor(ingest_facts(facts), needs=Needs(), as_of=facts.as_of)
    admin.post("/settings/", {"time_zone": "Asia/Tokyo"})
    page = admin.get(f"/assessments/{row.uid}/").content.decode()
    assert f"as of {facts.as_of.day} {facts.as_of:%b %Y, %H:%M} UTC" in page
    assert "Times are in Asia/Tokyo, where not marked as UTC." in page


def test_one_persons_zone_ends_with_their_request(admin):
    admin.post("/settings/", {"time_zone": "Asia/Tokyo"})
    admin.get("/settings/audit/")
    assert timezone.get_current_timezone_name() == "UTC"


def given(secret: str, scheme: str = "Bearer") -> dict[str, str]:
    return {"Authorization": f"{scheme} {secret}"}


def made_token(admin) -> str:
    return admin.post("/settings/tokens/new/", {"name": "CI", "days": 30}).context["secret"]


def test_a_program_reads_what_a_viewer_sees_and_its_use_is_noted(admin):
    from assessments.scoring.model import Needs
    from assessments.verbs import assess_vendor
    from vendors.catalogue import index
    from vendors.ingest import ingest_facts

    facts = index.load("microsoft-bpos-2011")
    row = assess_vendor(ingest_facts(facts), needs=Needs(), as_of=facts.as_of)
    path, secret = f"/assessments/{row.uid}/assessment.json", made_token(admin)
    assert Client().get(path).status_code == 302
    answered = Client().get(path, headers=given(secret))
    assert answered.status_code == 200
    assert answered.content == bytes(row.document)
    assert ApiToken.objects.get().last_used_at is not None
    assert Client().get("/settings/audit.csv", headers=given(secret)).status_code == 403


@pytest.mark.parametrize("spoil", ["wrong", "expired", "ended", "scheme"])
def test_a_token_that_is_not_good_is_refused_in_words_a_program_reads(admin, spoil):
    secret, scheme = made_token(admin), "Bearer"
    if spoil == "wrong":
        secret = "rb_" + "x" * 43
    elif spoil == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif spoil == "ended":
        ApiToken.objects.update(revoked_at=timezone.now())
    else:
        scheme = "Basic"
    answered = Client().get("/", headers=given(secret, scheme))
    assert answered.status_code == 401
    assert answered["Content-Type"] == "application/problem+json"
    assert answered["WWW-Authenticate"].startswith("Bearer")
    assert answered.json()["title"] == "The token is not good"


def test_a_token_writes_nothing_even_beside_an_administrators_session(admin):
    seen = AuditEntry.objects.count()
    secret = made_token(admin)
    answered = admin.post("/settings/workspace/", {"name": "Taken"}, headers=given(secret))
    assert answered.status_code == 403
    assert Workspace.main().name == "Main"
    assert AuditEntry.objects.count() == seen + 1, "the token's making alone"
    assert admin.get("/settings/people/", headers=given(secret)).status_code == 403
