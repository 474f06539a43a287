"""Who gets in, who may do what, and that no route is left without an answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from riskboard.accounts import access, first_run
from riskboard.accounts.models import Membership, Role, Workspace

pytestmark = pytest.mark.django_db
PASSWORD = "three blind mice, run"
AWAY = {"REMOTE_ADDR": "192.0.2.7"}


def member(role: str, *, email: str | None = None, workspace: Workspace | None = None):
    email = email or f"{role}@example.org"
    user = get_user_model().objects.create_user(username=email, email=email, password=PASSWORD)
    Membership.objects.create(workspace=workspace or Workspace.main(), user=user, role=role)
    return user


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_before_any_account_this_machine_works_without_one(client):
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("headers", [AWAY, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"REMOTE_ADDR": ""}])
def test_before_any_account_others_are_led_to_setting_up_which_needs_the_token(client, headers):
    assert client.get("/", **headers).headers["Location"] == reverse("setup")
    assert client.get("/setup/", **headers).status_code == 403


def test_an_operator_may_close_even_this_machine(client, settings):
    settings.OPEN_ON_THIS_MACHINE = False
    assert client.get("/").headers["Location"] == reverse("setup")


def test_once_there_is_an_account_this_machine_signs_in_like_everyone(client):
    member("admin")
    assert client.get("/").headers["Location"] == f"{reverse('account_login')}?next=/"
    assert client.post("/assess/", {"target": "github", "rto": "4h"}).status_code == 302


def test_the_token_makes_the_first_account_once(client):
    given = first_run.token()
    form = {"token": given, "workspace": "Works", "email": "It@Example.org", "password": PASSWORD}
    assert client.get(f"/setup/?token={given}", **AWAY).status_code == 200
    assert client.post("/setup/", form | {"password": "short"}, **AWAY).status_code == 400
    assert client.post("/setup/", form, **AWAY).headers["Location"] == "/"
    assert client.get("/", **AWAY).status_code == 200, "the first account is signed in"
    assert (Workspace.main().name, Membership.objects.get().role) == ("Works", "admin")
    assert get_user_model().objects.get().email == "it@example.org"
    assert Client().post("/setup/", form, **AWAY).status_code == 403
    assert not first_run.is_right(given)
    assert UserSession.objects.get().session_key == client.session.session_key, "it is listed, and can be ended"


@pytest.mark.parametrize("given", ["", "wrong", "é"])
def test_a_wrong_token_opens_nothing(client, given):
    first_run.token()
    assert client.get("/setup/", {"token": given}, **AWAY).status_code == 403


def test_the_environment_may_make_the_first_account_but_not_a_second():
    assert first_run.from_environment("a@example.org", PASSWORD)
    assert not first_run.from_environment("b@example.org", PASSWORD)
    assert [user.email for user in get_user_model().objects.all()] == ["a@example.org"]


@pytest.mark.parametrize(
    ("email", "password", "what"),
    [("a@example.org", None, "set both"), (None, PASSWORD, "set both"), ("a@example.org", "password1234", "too common"),
     ("nobody", PASSWORD, "valid email")],
)  # fmt: skip
def test_half_an_account_in_the_environment_is_refused_with_the_reason(email, password, what):
    from riskboard.errors import Refused

    with pytest.raises(Refused, match=what):
        first_run.from_environment(email, password)
    assert not get_user_model().objects.exists()


def test_a_password_signs_in_and_a_wrong_one_does_not(client):
    member("viewer")
    form = {"login": "viewer@example.org", "password": "wrong"}
    assert client.post(reverse("account_login"), form).status_code == 200
    assert client.get("/").status_code == 302
    assert client.post(reverse("account_login"), form | {"password": PASSWORD}).status_code == 302
    assert client.get("/").status_code == 200


def test_the_answer_does_not_tell_whether_an_account_exists(client):
    member("viewer")
    wrong = [
        list(
            client.post(reverse("account_login"), {"login": name, "password": "wrong"})
            .context["form"]
            .non_field_errors()
        )
        for name in ("viewer@example.org", "nobody@example.org")
    ]
    assert wrong[0] == wrong[1] != []


def test_guessing_is_slowed_down_for_the_account_from_wherever_it_comes(client):
    member("viewer")
    form = {"login": "viewer@example.org", "password": "wrong"}
    for n in range(5):
        client.post(reverse("account_login"), form, REMOTE_ADDR=f"192.0.2.{n}", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")
    right = client.post(reverse("account_login"), form | {"password": PASSWORD}, REMOTE_ADDR="192.0.2.99")
    assert right.status_code == 200
    assert "Too many failed login attempts" in right.content.decode()


def test_nobody_signs_up_by_themselves(client):
    member("admin")
    answer = client.post(
        reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert get_user_model().objects.count() == 1
    assert "Accounts are made by invitation" in answer.content.decode()


ACTS = [("get", "/", "viewer"), ("post", "/assess/", "analyst"), ("get", "/settings/people/", "admin"),
        ("get", "/settings/tokens/", "admin"), ("get", "/settings/audit/", "admin"), ("get", "/settings/audit.csv", "admin"),
        ("get", "/settings/notifications/", "admin"), ("get", "/settings/links/", "viewer"),
        ("post", "/settings/links/calendar/", "analyst"),
        ("get", "/settings/", "viewer")]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "least"), ACTS)
def test_a_role_opens_what_it_may_and_nothing_else(method, path, least, no_wake):
    for role in Role.values:
        answer = getattr(signed_in(member(role)), method)(path, {"target": "github", "rto": "4h"})
        allowed = Role.values.index(role) >= Role.values.index(least)
        assert (answer.status_code != 403) == allowed, role


def routes(resolver=None, prefix: str = ""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


def test_every_route_answers_who_may_use_it_and_only_these_are_open():
    found = dict(routes())
    said = {path: (access.required(view, "GET"), access.required(view, "POST")) for path, view in found.items()}
    opened = {path for path, (read, write) in said.items() if read is None or write is None}
    ours = {path for path in opened if not path.startswith("account/")}
    links = {"report/<str:token>/", "badge/<str:token>.svg", "badge/<str:token>.json", "calendar/<str:token>.ics"}
    own = "ask/<str:token>/files/<uuid:uid>/"
    asked = {"ask/<str:token>/", own, f"{own}remove/", f"{own}restore/"}
    assert ours == {
        "healthz",
        "readyz",
        "readyz/web",
        "metrics",
        "language/",
        "setup/",
        "join/<str:token>/",
    } | asked | {f"shared/{link}" for link in links}
    for path, (read, write) in said.items():
        assert (read is None) == (write is None), path
        assert read is None or (read in Role.values and write in Role.values), path


def test_nobody_without_a_role_reads_any_page_of_ours(client):
    member("admin")
    for path, view in routes():
        if access.required(view, "GET") is None or "<" in path:
            continue
        assert client.get(f"/{path}").status_code == (401 if path.startswith("api/") else 302), path


def test_somebody_in_no_workspace_sees_nothing_but_what_to_do():
    user = get_user_model().objects.create_user(username="x", email="x@example.org", password=PASSWORD)
    answer = signed_in(user).get("/")
    assert answer.status_code == 403
    assert "invitation" in answer.content.decode()


def test_a_workspace_may_ask_for_a_second_factor_first():
    Workspace.objects.filter(pk=Workspace.main().pk).update(require_mfa=True)
    answer = signed_in(member("viewer")).get("/")
    assert answer.headers["Location"] == reverse("mfa_index")


@pytest.mark.parametrize(("field", "back", "stays"), [
    ("seen", timedelta(hours=11), True), ("seen", timedelta(hours=13), False),
    ("born", timedelta(days=6), True), ("born", timedelta(days=8), False),
])  # fmt: skip
def test_a_session_ends_after_twelve_idle_hours_or_a_week(field, back, stays):
    client = signed_in(member("viewer"))
    client.get("/")
    session = client.session
    session[field] = (timezone.now() - back).timestamp()
    session.save()
    assert (client.get("/").status_code == 200) == stays


def test_people_work_in_the_workspace_they_chose_and_no_other():
    user = member("viewer")
    other = Workspace.objects.create(slug="other", name="Other")
    foreign = Workspace.objects.create(slug="foreign", name="Foreign")
    Membership.objects.create(workspace=other, user=user, role=Role.ADMIN)
    client = signed_in(user)
    client.post("/workspace/", {"workspace": str(other.uid)})
    assert client.get("/").context["who"].workspace == other
    assert client.post("/workspace/", {"workspace": str(foreign.uid)}).status_code == 404


def test_each_answer_carries_a_request_id_and_only_a_plain_one_is_taken_over(client):
    assert client.get("/healthz", headers={"X-Request-ID": "abcd-1234"}).headers["X-Request-ID"] == "abcd-1234"
    hostile = client.get("/healthz", headers={"X-Request-ID": "a\tb <script>"}).headers["X-Request-ID"]
    assert len(hostile) == 32
