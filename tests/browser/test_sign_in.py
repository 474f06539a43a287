"""Signing in, in a real browser: a second factor that the workspace asks for, a passkey, and an identity provider."""

from __future__ import annotations

import copy
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache

from riskboard.accounts.models import Membership, Role, Workspace
from tests import mock_idp
from tests.accounts.test_access import PASSWORD, member
from tests.browser.test_main_job import _synchronous, browser, violations  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser):  # noqa: F811
    cache.clear()
    opened = browser.new_page(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    opened.set_default_timeout(90_000)  # the first page of a process loads every template
    opened.complaints = []
    opened.on("console", lambda m: opened.complaints.append(m.text) if m.type == "error" else None)
    return opened


def sign_in(page, url: str, email: str = "admin@example.org") -> None:
    page.goto(f"{url}/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirmed(page, url: str) -> None:
    """Open a page that changes how one signs in: the password is asked for once more."""
    page.goto(url)
    page.wait_for_url("**/account/reauthenticate/**")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(url)


def sign_out(page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/**")


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_workspace_asks_for_a_second_factor_which_is_set_up_used_and_recovered(page, live_server):
    member("admin")
    Workspace.objects.update(require_mfa=True)
    sign_in(page, live_server.url)
    page.wait_for_url("**/account/2fa/")
    page.goto(f"{live_server.url}/vendors/")
    assert page.url.endswith("/account/2fa/"), "no page opens before there is one"
    confirmed(page, f"{live_server.url}/account/2fa/totp/activate/")
    assert violations(page) == []
    secret = page.get_by_label("Authenticator secret").input_value()
    page.locator("input[name=code]").fill(code_of(secret))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url(lambda address: not address.endswith("activate/"))
    page.goto(f"{live_server.url}/account/2fa/recovery-codes/")
    assert violations(page) == []
    spare = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(spare) == 10
    page.goto(f"{live_server.url}/vendors/")
    assert page.url.endswith("/vendors/")

    sign_out(page)
    sign_in(page, live_server.url)
    page.wait_for_url("**/2fa/authenticate/")
    assert violations(page) == []
    page.locator("input[name=code]").first.fill("000000")
    page.keyboard.press("Enter")
    page.get_by_text("Incorrect code").wait_for()
    page.locator("input[name=code]").first.fill(spare[0])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    assert len(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()) == 9

    sign_out(page)
    cache.clear()  # the code of the enrolment may still be the one of now, and none works twice
    sign_in(page, live_server.url)
    page.wait_for_url("**/2fa/authenticate/")
    page.locator("input[name=code]").first.fill(code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    assert page.complaints == []


def test_a_passkey_is_added_and_opens_the_door_without_a_password(page, live_server):
    member("admin")
    url = live_server.url.replace("127.0.0.1", "localhost")  # passkeys belong to a name, not to an address
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }},
    )  # fmt: skip
    sign_in(page, url)
    page.wait_for_url(f"{url}/")
    confirmed(page, f"{url}/account/2fa/webauthn/add/")
    page.get_by_label("Name").fill("Desk")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda address: not address.endswith("/add/"))
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    page.goto(f"{url}/account/2fa/webauthn/")
    assert violations(page) == []
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{url}/")
    assert page.get_by_role("button", name="Sign out").is_visible()
    assert page.complaints == []


@pytest.fixture
def provider(settings):
    with mock_idp.running("new@works.example") as found:
        settings.SOCIALACCOUNT_PROVIDERS = found.settings()
        policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["form-action"].append(found.url)  # as settings do for RISKBOARD_OIDC_ISSUER
        settings.CONTENT_SECURITY_POLICY = policy
        yield found


def test_a_person_of_a_trusted_domain_comes_in_by_the_provider_as_a_viewer(page, live_server, settings, provider):
    settings.SSO_DOMAINS = ["works.example"]
    member("admin")
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_role("link", name="Works SSO").click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{live_server.url}/")
    assert Membership.objects.get(user__email="new@works.example").role == Role.VIEWER
    assert "/token_endpoint" in provider.asked
    assert page.complaints == []


def test_a_stranger_of_the_provider_is_told_that_nobody_invited_them(page, live_server, provider):
    member("admin")
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_role("link", name="Works SSO").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Nobody has invited you yet").wait_for()
    assert not Membership.objects.filter(user__email="new@works.example").exists()
