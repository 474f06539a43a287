"""What the log tells of sign-ins and refusals: the event, who and from where, and nothing that was typed."""

from __future__ import annotations

import logging

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.test import Client

from riskboard.accounts.events import LOGGER
from riskboard.uploads import LARGEST_BODY
from tests.accounts.test_access import PASSWORD, member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(caplog):
    """The lines so far, each as (event, level, what it names)."""
    caplog.set_level(logging.INFO, logger=LOGGER)
    return lambda: [one for one in caplog.records if one.name == LOGGER]


def sign_in(password: str, email: str = "viewer@example.org", client: Client | None = None):
    return (client or Client()).post(
        "/account/login/",
        {"login": email, "password": password},
        REMOTE_ADDR="192.0.2.7",
        HTTP_X_FORWARDED_FOR="203.0.113.9",
    )


def test_signing_in_and_out_each_leave_a_line(told):
    user, client = member("viewer"), Client()
    sign_in(PASSWORD, client=client)
    client.post("/account/logout/")
    assert [(one.message, one.levelname, one.person, one.address) for one in told()] == [
        ("signed in", "INFO", user.pk, "192.0.2.7"),
        ("signed out", "INFO", user.pk, "127.0.0.1"),
    ]


def test_a_refused_sign_in_leaves_a_line_without_what_was_typed(told):
    member("viewer")
    sign_in("a wrong guess")
    sign_in("a wrong guess", "Viewer@Example.org")
    sign_in("a wrong guess", "somebody.else@example.org")
    lines = [one for one in told() if one.message == "sign-in refused"]
    assert {one.levelname for one in lines} == {"WARNING"}
    accounts = [one.account for one in lines]
    assert len(set(accounts)) == 2, "tries at one account can be counted, whatever the case they were typed in"
    written = " ".join(str(vars(one)) for one in lines)
    assert "wrong guess" not in written
    assert "example.org" not in written.casefold()


def test_the_address_is_seen_through_our_own_proxies_only(told, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    member("viewer")
    sign_in(PASSWORD)
    assert [one.address for one in told()] == ["203.0.113.9"]


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (lambda: signed_in(member("viewer")).get("/settings/people/"), "needs admin"),
        (lambda: Client(REMOTE_ADDR="192.0.2.7").get("/api/v1/vendors/"), "no token"),
        (
            lambda: Client().get("/api/v1/vendors/", headers={"Authorization": "Bearer rb_made-up"}),
            "the token is not good",
        ),
        (
            lambda: signed_in(member("analyst")).post("/imports/", {"file": ContentFile(b"\0" * 99, "a.xlsx")}),
            "a form with a file was not taken",
        ),
        (
            lambda: signed_in(member("analyst")).post("/imports/", CONTENT_LENGTH=str(LARGEST_BODY + 1)),
            "too large",
        ),
        (lambda: Client(enforce_csrf_checks=True).post("/assess/"), "a form without its token"),
    ],
    ids=["a role", "no token", "a bad token", "a file that is none", "too large", "another site's form"],
)
def test_a_refusal_leaves_a_line_with_its_reason_and_its_request(told, ask, why):
    member("admin")
    answer = ask()
    (line,) = (one for one in told() if one.message == "access refused")
    assert (line.message, line.levelname, line.why) == ("access refused", "WARNING", why)
    assert line.request_id
    assert answer.headers.get("X-Request-ID", line.request_id) == line.request_id
    assert "made-up" not in str(vars(line))


def test_asking_too_often_leaves_a_line(told, settings):
    settings.LINK_RATE = "1/min"
    codes = [Client().get("/ask/nobody-made-this-link/").status_code for _ in range(2)]
    assert codes[1] == 429
    assert [one.why for one in told()] == ["asked too often"]


def test_another_password_leaves_a_line(told):
    user = member("viewer")
    client = signed_in(user)
    new = "tall ships at noon 7"
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert get_user_model().objects.get(pk=user.pk).check_password(new)
    assert "password changed" in [one.message for one in told()]
