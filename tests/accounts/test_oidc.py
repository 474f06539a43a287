"""An identity provider's answer: only one for us, from them, in time and asked for by this session lets a person in."""

from __future__ import annotations

import time
import urllib.request
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialToken
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from riskboard.env import single_sign_on
from tests import mock_idp

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    cache.clear()
    settings.SSO_DOMAINS = ["works.example"]
    with mock_idp.running("new@works.example") as found:
        settings.SOCIALACCOUNT_PROVIDERS = found.settings()
        yield found


class _Stay(urllib.request.HTTPRedirectHandler):
    """Where the provider sends a browser is read, not followed."""

    def redirect_request(self, *_):
        return None


def led_back(client: Client) -> str:
    """The path the provider sends that browser back to, with its code and state."""
    asked = client.post("/account/oidc/oidc/login/")
    assert asked.status_code == 302, asked.content[:500]
    try:
        urllib.request.build_opener(_Stay).open(asked.headers["Location"], timeout=10)
    except urllib.error.HTTPError as told:
        back = urlsplit(told.headers["Location"])
        return f"{back.path}?{back.query}"
    raise AssertionError("the provider did not lead back")


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_good_answer_lets_in(provider):
    client = Client()
    client.get(led_back(client))
    assert is_in(client)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"aud": "another-client"},
        {"iss": "https://elsewhere.example"},
        {"exp": int(time.time()) - 3600},
    ],
    ids=["for somebody else", "of somebody else", "long past"],
)
def test_a_token_that_is_not_for_us_of_them_or_of_now_lets_nobody_in(provider, spoilt):
    provider.spoilt = spoilt
    client = Client()
    answer = client.get(led_back(client))
    assert not is_in(client)
    assert not get_user_model().objects.exists()
    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("told", "lets_in"),
    [({"acr": "two-factors"}, True), ({"acr": "password"}, False), ({}, False), ({"acr": ["two-factors"]}, False)],
)
def test_where_a_strength_is_asked_for_only_a_sign_in_that_says_it_lets_in(provider, settings, told, lets_in):
    settings.SSO_ACR = ["two-factors", "passkey"]
    provider.spoilt = told
    client = Client()
    answer = client.get(led_back(client))
    assert is_in(client) is lets_in
    assert get_user_model().objects.exists() is lets_in
    assert answer.status_code == (302 if lets_in else 403)


@pytest.mark.parametrize(("hours", "later", "stays"), [(8.0, 7.9, True), (8.0, 8.1, False), (0.0, 8.1, True)])
def test_a_session_begun_elsewhere_ends_when_the_provider_is_to_be_asked_again(provider, settings, hours, later, stays):
    settings.SSO_HOURS = hours
    client = Client()
    client.get(led_back(client))
    client.get("/method/")  # the session's beginning is noted
    session = client.session
    session["born"] -= later * 3600
    session.save()
    client.get("/method/")
    assert is_in(client) is stays


@pytest.mark.parametrize(("wanted", "asked"), [("", None), ("two-factors,passkey", "two-factors passkey")])
def test_the_strength_is_asked_for_where_one_is_named(monkeypatch, wanted, asked):
    given = {"ISSUER": "https://idp.example.org", "CLIENT_ID": "riskboard", "CLIENT_SECRET": "s", "ACR": wanted}
    for name, value in given.items():
        monkeypatch.setenv(f"RISKBOARD_OIDC_{name}", value)
    assert single_sign_on()["openid_connect"]["AUTH_PARAMS"].get("acr_values") == asked


def test_the_providers_tokens_are_not_kept(provider):
    client = Client()
    client.get(led_back(client))
    assert is_in(client)
    assert not SocialToken.objects.exists()


def test_an_answer_that_another_browser_asked_for_lets_nobody_in(provider):
    asked, other = Client(), Client()
    back = led_back(asked)
    other.get(back)
    assert not is_in(other)


def test_an_answer_lets_in_once(provider):
    client = Client()
    back = led_back(client)
    client.get(back)
    client.post("/account/logout/")
    client.get(back)
    assert not is_in(client)
