"""Who may, to the point: each condition alone, each time at its edge, and what a refusal answers."""

from __future__ import annotations

import importlib.util
import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from riskboard.accounts import access, audit
from riskboard.accounts.access import Who, needs, public, required, scoped
from riskboard.accounts.models import ROLES, ApiToken, Membership, Role, TokenScope, Workspace, digest
from riskboard.accounts.scope import ScopeError, current, current_or_none, current_pk, inside, inside_named, nothing_of
from riskboard.errors import Refused
from tests.accounts.test_access import AWAY, member, signed_in

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MAIN, OTHER = Workspace(slug="main"), Workspace(slug="other")


def view(request: Any) -> HttpResponse:
    return HttpResponse()


# Who it is


@pytest.mark.parametrize("role", [None, *ROLES])
@pytest.mark.parametrize("least", ROLES)
def test_a_role_may_what_those_before_it_may(role, least):
    assert Who(role=role).may(least) is (role is not None and ROLES.index(role) >= ROLES.index(least))


@pytest.mark.parametrize(
    ("who", "operates"),
    [
        (Who(role="admin", workspace=MAIN), True),
        (Who(role="admin", workspace=MAIN, local=True), True),
        (Who(role="approver", workspace=MAIN), False),
        (Who(role="admin", workspace=MAIN, token="CI"), False),
        (Who(role="admin", workspace=OTHER), False),
        (Who(role="admin"), False),
        (Who(), False),
    ],
)
def test_only_people_who_administer_the_first_workspace_operate(who, operates):
    assert who.is_operator is operates


@pytest.mark.parametrize(
    ("who", "name"),
    [
        (Who(), "nobody"),
        (Who(local=True), "this machine"),
        (Who(token="CI"), "token CI"),
        (Who(user=SimpleNamespace(email="a@example.org", get_username=lambda: "a")), "a@example.org"),
        (Who(user=SimpleNamespace(email="", get_username=lambda: "a")), "a"),
    ],
)
def test_the_asker_is_named_in_words(who, name):
    assert who.name == name


@pytest.mark.parametrize(
    ("meta", "ours"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, True),
        ({"REMOTE_ADDR": "127.8.9.1"}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "192.0.2.7"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({"REMOTE_ADDR": "unix:"}, False),
        ({}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=127.0.0.1"}, False),
    ],
)
def test_this_machine_is_told_by_its_address_and_by_no_proxy(meta, ours):
    assert access.is_this_machine(SimpleNamespace(META=meta)) is ours


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a" * 8, True),
        ("A-z-0-9-x", True),
        ("a" * 40, True),
        ("a" * 7, False),
        ("a" * 41, False),
        ("", False),
        ("a b c d e", False),
    ],
)
def test_a_request_keeps_a_plain_id_and_gets_one_otherwise(given, kept):
    found = access.request_id(RequestFactory().get("/", headers={"X-Request-ID": given}))
    assert (found == given) is kept
    assert kept or len(found) == 32


def test_a_fresh_process_has_not_heard_of_any_account():
    found = importlib.util.spec_from_file_location("fresh_access", access.__file__)
    fresh = importlib.util.module_from_spec(found)
    sys.modules["fresh_access"] = fresh
    try:
        found.loader.exec_module(fresh)
    finally:
        del sys.modules["fresh_access"]
    assert fresh._has_accounts is False


@pytest.mark.django_db
def test_whether_there_are_accounts_is_asked_until_there_is_one(django_assert_num_queries):
    assert not access.has_accounts()
    user = member("viewer")
    assert access.has_accounts()
    with django_assert_num_queries(0):
        assert access.has_accounts()
    user.delete()
    assert access.has_accounts()
    access.forget_accounts()
    assert not access.has_accounts()


# What a view asks for


class Reading:
    public = False


def test_a_view_is_for_viewers_when_it_reads_and_for_analysts_when_it_writes():
    for method in ("GET", "HEAD", "OPTIONS"):
        assert required(view, method) == Role.VIEWER
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert required(view, method) == Role.ANALYST


def test_a_view_says_otherwise_by_itself_by_its_class_or_by_its_act():
    def of(**marks: Any):
        def one(request: Any) -> HttpResponse:
            return HttpResponse()

        one.__dict__.update(marks)
        return one

    @needs(Role.ADMIN)
    def guarded(request: Any) -> HttpResponse:
        return HttpResponse()

    @public
    def open_to_all(request: Any) -> HttpResponse:
        return HttpResponse()

    class Set:
        needs = "approver"

        @needs_of("admin")
        def destroy(self) -> None: ...

        def list(self) -> None: ...

    class Open:
        public = True

    assert required(guarded, "GET") == required(guarded, "POST") == Role.ADMIN
    assert required(open_to_all, "GET") is required(open_to_all, "POST") is None
    assert required(of(view_class=Open), "POST") is required(of(cls=Open), "POST") is None
    assert required(of(view_class=Reading), "POST") == Role.ANALYST
    actions = {"delete": "destroy", "get": "list"}
    assert required(of(cls=Set, actions=actions), "DELETE") == Role.ADMIN
    assert required(of(cls=Set, actions=actions), "GET") == Role.APPROVER
    assert required(of(cls=Set), "GET") == Role.APPROVER


def needs_of(role: str):
    def mark(act: Any) -> Any:
        act.needs = role
        return act

    return mark


def test_the_pages_of_signing_in_are_open_and_what_only_looks_like_them_is_not():
    class Theirs:
        pass

    Theirs.__module__ = "allauth.account.views"
    theirs, ours = (lambda request: HttpResponse()), (lambda request: HttpResponse())
    theirs.__module__ = "allauth.mfa.views"
    ours.__module__ = "allauthentic.views"
    assert required(theirs, "POST") is None
    assert required(ours, "POST") == Role.ANALYST
    wrapped = lambda request: HttpResponse()  # noqa: E731
    wrapped.view_class = Theirs
    assert required(wrapped, "POST") is None


def test_a_token_kept_to_something_opens_that_alone():
    @scoped(TokenScope.REPORTS)
    class Reports:
        pass

    reports, other = SimpleNamespace(cls=Reports), SimpleNamespace(cls=Reading)
    for scope, asked, outside in [
        ("", reports, False), ("", other, False), ("reports", reports, False), ("reports", other, True),
        ("reports", view, True),
    ]:  # fmt: skip
        assert access._outside_its_scope(asked, Who(role="admin", scope=scope)) is outside


# Sessions


class Session(dict):
    """As much of a session as is looked at."""


@pytest.mark.parametrize(
    ("born", "seen", "elsewhere", "hours", "stays"),
    [
        (timedelta(), timedelta(hours=12), False, 0, True),
        (timedelta(), timedelta(hours=12) + SECOND, False, 0, False),
        (timedelta(days=7), timedelta(), False, 0, True),
        (timedelta(days=7) + SECOND, timedelta(), False, 0, False),
        (timedelta(hours=8), timedelta(), True, 8, True),
        (timedelta(hours=8) + SECOND, timedelta(), True, 8, False),
        (timedelta(hours=8) + SECOND, timedelta(), False, 8, True),
        (timedelta(hours=8) + SECOND, timedelta(), True, 0, True),
        (timedelta(days=7) + SECOND, timedelta(), True, 1000, False),
    ],
)
def test_a_session_ends_at_its_second(born, seen, elsewhere, hours, stays, monkeypatch, settings):
    ended: list[Any] = []
    records = [{"method": "password"}, {"method": "socialaccount"}] if elsewhere else [{"method": "password"}, {}]
    settings.SSO_HOURS = hours
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(access, "logout", ended.append)
    monkeypatch.setattr(access, "get_authentication_records", lambda request, user: records)
    session = Session(born=(NOW - born).timestamp(), seen=(NOW - seen).timestamp())
    access._end_old_session(SimpleNamespace(user=SimpleNamespace(is_authenticated=True), session=session))
    assert (not ended) is stays


@pytest.mark.parametrize(
    ("session", "left"),
    [
        ({}, {"born": 0, "seen": 0}),
        ({"born": 60}, {"born": 0, "seen": 0}),
        ({"seen": 60}, {"born": 0, "seen": 0}),
        ({"born": 600, "seen": 300}, {"born": 600, "seen": 300}),
        ({"born": 600, "seen": 301}, {"born": 600, "seen": 0}),
    ],
)
def test_when_a_person_was_last_seen_is_noted_every_five_minutes(session, left, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(access, "get_authentication_records", lambda request, user: [])
    kept = Session({name: NOW.timestamp() - ago for name, ago in session.items()})
    access._end_old_session(SimpleNamespace(user=SimpleNamespace(is_authenticated=True), session=kept))
    assert kept == {name: NOW.timestamp() - ago for name, ago in left.items()}


def test_whoever_is_not_signed_in_has_no_session_to_end():
    kept = Session()
    access._end_old_session(SimpleNamespace(user=AnonymousUser(), session=kept))
    assert kept == {}


# Whole requests


@pytest.mark.django_db
def test_somebody_without_a_choice_works_in_their_first_workspace_and_nobody_without_one():
    user = member("viewer")
    request = SimpleNamespace(user=user, session={}, META=AWAY)
    found = access.who(request)
    assert (found.user, found.workspace, found.role, found.local) == (user, Workspace.main(), "viewer", False)
    assert found.key == f"person {user.pk}"
    other = Workspace.objects.create(slug="other", name="Other")
    Membership.objects.create(workspace=other, user=user, role="admin")
    assert access.who(SimpleNamespace(user=user, session={"workspace": str(other.uid)}, META=AWAY)).role == "admin"
    assert access.who(SimpleNamespace(user=user, session={"workspace": "gone"}, META=AWAY)).workspace in (
        other,
        Workspace.main(),
    )
    Membership.objects.all().delete()
    nowhere = access.who(request)
    assert (nowhere.workspace, nowhere.role, nowhere.user) == (None, None, user)


@pytest.mark.django_db
@pytest.mark.parametrize("opened", [True, False])
@pytest.mark.parametrize("here", [True, False])
@pytest.mark.parametrize("accounts", [True, False])
def test_without_a_name_only_this_machine_is_let_in_and_only_before_any_account(opened, here, accounts, settings):
    settings.OPEN_ON_THIS_MACHINE = opened
    if accounts:
        member("viewer")
    request = SimpleNamespace(user=AnonymousUser(), META={"REMOTE_ADDR": "127.0.0.1"} if here else AWAY)
    found = access.who(request)
    if opened and here and not accounts:
        assert found == Who(workspace=Workspace.main(), role="admin", local=True, key="this machine")
    else:
        assert found == Who()


@pytest.fixture
def token(db) -> ApiToken:
    return ApiToken.objects.create(
        workspace=Workspace.main(), name="CI", role="analyst", token_sha256=digest("rb_secret"), hint="cret"
    )


@pytest.mark.parametrize(
    ("shown", "known"),
    [
        ("Bearer rb_secret", True), ("bearer rb_secret", True), ("Bearer   rb_secret ", True), ("Basic rb_secret", False),
        ("Bearer rb_other", False), ("Bearer", False), ("rb_secret", False), ("", False),
    ],
)  # fmt: skip
def test_a_program_is_known_by_its_token_alone(token, shown, known):
    request = RequestFactory().get("/", headers={"Authorization": shown})
    request.user = "somebody signed in"
    found = access.by_token(request)
    if not known:
        assert found is None
        return
    assert found == Who(workspace=Workspace.main(), role="analyst", token="CI", key=f"token {token.uid}")
    assert request.user == AnonymousUser()


@pytest.mark.parametrize(
    ("shown", "method", "path", "status", "title"),
    [
        ("Bearer no", "get", "/vendors/", 401, "The token is not good"),
        ("Bearer no", "post", "/api/v1/assessments/", 401, "The token is not good"),
        ("Bearer rb_secret", "get", "/vendors/", 200, None),
        ("Bearer rb_secret", "head", "/vendors/", 200, None),
        ("Bearer rb_secret", "post", "/vendors/", 403, "Tokens write by the API"),
        ("Bearer rb_secret", "delete", "/vendors/", 403, "Tokens write by the API"),
        ("Bearer rb_secret", "get", "/api/v1/vendors/", 200, None),
        (None, "get", "/api/v1/vendors/", 401, "Who asks?"),
    ],
)
def test_what_a_program_is_answered(token, shown, method, path, status, title):
    member("viewer")  # so that this machine is nobody special
    answer = getattr(Client(), method)(path, headers={"Authorization": shown} if shown else {})
    assert answer.status_code == status
    assert answer["X-Request-ID"]
    if title:
        assert (answer["Content-Type"], answer.json()["title"], answer.json()["status"]) == (
            "application/problem+json",
            title,
            status,
        )
        assert answer.get("WWW-Authenticate") == ('Bearer realm="riskboard"' if status == 401 else None)
    else:
        assert "private" in answer["Cache-Control"]


def test_a_token_kept_to_reports_is_told_so(token):
    token.scope = "reports"
    token.save()
    client = Client(headers={"Authorization": "Bearer rb_secret"})
    assert client.get("/api/v1/reports/").status_code == 200
    answer = client.get("/api/v1/vendors/")
    assert (answer.status_code, answer.json()["title"]) == (403, "The token is kept to something else")
    token.role = "viewer"
    token.save()
    answer = client.post("/api/v1/assessments/", {}, content_type="application/json")
    assert "takes the role" in answer.json()["detail"], "the role is looked at before the scope"


@pytest.mark.django_db
def test_what_a_person_is_answered_who_may_not():
    viewer, nowhere = signed_in(member("viewer")), signed_in(member("viewer", email="n@example.org"))
    Membership.objects.filter(user__email="n@example.org").delete()
    refused = viewer.post("/assess/", {"target": "github", "rto": "4h"})
    assert refused.status_code == 403
    assert b"takes the role analyst" in refused.content
    assert b"yours is viewer" in refused.content
    lost = nowhere.get("/vendors/")
    assert lost.status_code == 403
    assert b"in no workspace" in lost.content
    stranger = Client()
    assert stranger.get("/vendors/?q=a").headers["Location"] == "/account/login/?next=/vendors/%3Fq%3Da"
    assert stranger.post("/assess/").headers["Location"] == "/account/login/?next=/"
    assert "Cache-Control" not in stranger.get("/healthz")


@pytest.mark.django_db
@pytest.mark.parametrize("required_mfa", [True, False])
@pytest.mark.parametrize("has", [True, False])
def test_a_second_factor_is_asked_of_people_where_the_workspace_wants_it(required_mfa, has, token):
    user = member("viewer")
    if has:
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    Workspace.objects.update(require_mfa=required_mfa)
    person = signed_in(user).get("/vendors/")
    assert person.status_code == (302 if required_mfa and not has else 200)
    program = Client(headers={"Authorization": "Bearer rb_secret"}).get("/vendors/")
    assert program.status_code == 200, "a program has no second factor"


@pytest.mark.django_db
def test_this_machine_has_no_second_factor():
    Workspace.main()
    Workspace.objects.update(require_mfa=True)
    assert Client().get("/vendors/").status_code == 200


@pytest.mark.parametrize("shown", ["Bearer rb_secret", None])
def test_a_write_is_said_to_come_from_a_page_or_a_program_and_no_proxy_keeps_an_answer(token, shown):
    acted: list[audit.Actor] = []

    def answer(request: Any) -> HttpResponse:
        acted.append(audit.actor())
        assert current() == Workspace.main()
        return HttpResponse()

    request = RequestFactory().get("/vendors/", headers={"Authorization": shown} if shown else {})
    request.user, request.session = member("viewer"), {}
    response = access.AccessMiddleware(answer)(request)
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Request-ID"] == request.request_id == acted[0].request_id
    assert (acted[0].via, acted[0].name) == (("api", "token CI") if shown else ("page", "viewer@example.org"))
    assert audit.actor().via == "command", "and no longer, once it is answered"


@pytest.mark.parametrize("path", access.UNASKED)
def test_who_asks_how_it_goes_is_nobody_and_may_keep_the_answer(token, path):
    request = RequestFactory().get(path, headers={"Authorization": "Bearer wrong"})
    response = access.AccessMiddleware(lambda request: HttpResponse())(request)
    assert request.who == Who()
    assert "Cache-Control" not in response


@pytest.mark.django_db
def test_a_person_sees_times_in_their_zone_and_others_in_utc():
    from riskboard.accounts.models import Profile

    user = member("viewer")
    Profile.objects.create(user=user, time_zone="Asia/Tokyo")
    assert access._profile(Who(user=user)).zone.key == "Asia/Tokyo"
    assert access._profile(Who(user=member("analyst"))).zone.key == "UTC"
    assert access._profile(Who()).zone.key == "UTC"


# Which workspace


@pytest.mark.django_db
def test_work_is_done_in_one_workspace_or_in_none():
    room = Workspace.main()
    with inside(None):
        assert current_or_none() is None
        for ask in (current, current_pk):
            with pytest.raises(ScopeError):
                ask()
        with inside(room):
            assert current_or_none() is current() is room
            assert current_pk() == room.pk
            with inside(None):
                assert current_or_none() is None
            assert current() is room
        assert current_or_none() is None


@pytest.mark.django_db
def test_a_workspace_is_entered_by_its_name():
    other = Workspace.objects.create(slug="other", name="Other")
    with inside_named("other"):
        assert current() == other
    with inside_named("main"):
        assert current().slug == "main"
    with inside_named("n" * 80), pytest.raises(Refused, match=rf"no workspace '{'n' * 60}' \(RISKBOARD_WORKSPACE\)"):
        str(current())


def test_no_row_is_named_without_asking_the_database():
    assert not nothing_of(Workspace)
    assert nothing_of(Workspace).model is Workspace
