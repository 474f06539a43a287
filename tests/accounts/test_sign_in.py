"""Guessing passwords: it is slowed down by account and by address, and tells nobody who has an account."""

from __future__ import annotations

import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.accounts.test_access import PASSWORD, member, signed_in

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/login/"
PEER = "192.0.2.10"  # the address that connects: a stranger's, or our own proxy's


@pytest.fixture(autouse=True)
def _nobody_was_slowed_down_before():
    cache.clear()
    yield
    cache.clear()


def tried(email: str, password: str = "wrong wrong wrong", *, told: str | None = None, peer: str = PEER):
    headers = {"X-Forwarded-For": told} if told else {}
    return Client().post(SIGN_IN, {"login": email, "password": password}, headers=headers, REMOTE_ADDR=peer)


def test_the_sixth_try_at_one_account_is_refused_even_with_the_password_and_from_elsewhere():
    member("viewer")
    for n in range(5):
        assert "Too many" not in tried("viewer@example.org", peer=f"192.0.2.{n + 20}").content.decode()
    refused = tried("viewer@example.org", PASSWORD, peer="198.51.100.1")
    assert refused.status_code == 200
    assert "Too many failed login attempts" in refused.content.decode()


def test_the_right_password_before_that_lets_in():
    member("viewer")
    for _ in range(4):
        tried("viewer@example.org")
    assert tried("viewer@example.org", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "told"),
    [
        (0, lambda n: f"203.0.113.{n}"),
        (1, lambda n: f"203.0.113.{n}, 198.51.100.7"),
        (2, lambda n: f"203.0.113.{n}, 198.51.100.7, 10.0.0.1"),
    ],
    ids=[
        "no proxy: the header is anybody's",
        "one proxy: its own entry counts",
        "two proxies: the second from the right",
    ],
)
def test_an_invented_forwarded_address_does_not_help_whoever_guesses(settings, proxies, told):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    codes = [tried(f"nobody{n}@example.org", told=told(n)).status_code for n in range(31)]
    assert 429 in codes[20:], "twenty wrong tries a minute are what one address has"
    assert set(codes[:20]) == {200}


def test_behind_a_proxy_one_guesser_does_not_lock_out_the_others(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    member("viewer")
    for n in range(31):
        tried(f"nobody{n}@example.org", told="198.51.100.7")
    assert tried("viewer@example.org", PASSWORD, told="198.51.100.8").status_code == 302


def _words(response) -> str:
    """The page without what differs between any two: the form's token and what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r"[a-z]+@example\.org", "", text)


def test_an_unknown_account_is_answered_like_a_wrong_password():
    member("viewer")
    known, unknown = tried("viewer@example.org"), tried("nobody@example.org")
    assert (known.status_code, _words(known)) == (unknown.status_code, _words(unknown))


def test_as_much_is_hashed_for_an_unknown_account_as_for_a_wrong_password(monkeypatch):
    member("viewer")
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
    )
    tried("viewer@example.org")
    for_known = len(hashed)
    hashed.clear()
    tried("nobody@example.org")
    assert len(hashed) == for_known > 0


def test_asking_for_a_new_password_tells_nobody_who_has_an_account():
    member("viewer")
    known, unknown = (
        Client().post("/account/password/reset/", {"email": f"{n}@example.org"}) for n in ("viewer", "nobody")
    )
    assert (known.status_code, known.get("Location")) == (unknown.status_code, unknown.get("Location"))


@pytest.mark.parametrize(
    "path", ["/account/sessions/", "/account/2fa/", "/account/2fa/webauthn/", "/account/email/", "/account/3rdparty/"]
)
def test_the_pages_of_ones_own_sign_in_open(path):
    assert signed_in(member("viewer")).get(path).status_code == 200


def test_a_new_password_by_mail_does_not_take_the_second_factor_away():
    user = member("viewer")
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client = Client()
    link = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    form = client.get(link).headers["Location"]
    new = "tall ships at noon 7"
    client.post(form, {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert client.get("/").status_code == 302, "a new password alone signs nobody in"
    asked = client.post(SIGN_IN, {"login": "viewer@example.org", "password": new})
    assert asked.headers["Location"] == "/account/2fa/authenticate/"
    assert client.get("/").status_code == 302
    assert Authenticator.objects.filter(user=user, type="totp").count() == 1
