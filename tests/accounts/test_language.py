"""The language of the pages: chosen in the footer by anybody, and kept with an account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import QuestionnaireLink
from riskboard.accounts.models import Profile, digest
from tests.accounts.test_access import member, signed_in
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


def choose(client, code: str, back: str = "/method/", **headers):
    return client.post(reverse("choose-language"), {"language": code, "next": back}, **headers)


def spoken(client, address: str, **headers) -> str:
    page = client.get(address, **headers)
    head = page.content.decode()[:200]
    return head.split('<html lang="')[1].split('"')[0]


def test_anybody_chooses_a_language_and_comes_back_to_the_same_page(client):
    answer = choose(client, "fr")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/method/")
    assert spoken(client, "/method/", headers={"Accept-Language": "de"}) == "fr"
    assert "Cookie" in client.get("/method/").headers["Vary"]
    assert 'value="fr" lang="fr" aria-current="true"' in client.get("/method/").content.decode()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_a_choice_leads_to_no_other_site(client, back):
    assert choose(client, "de", back).headers["Location"] == reverse("home")


@pytest.mark.parametrize("code", ["", "xx", "en-xa", "../de"])
def test_a_language_there_is_none_of_changes_nothing(client, code):
    answer = choose(client, code)
    assert (answer.status_code, "django_language" in answer.cookies) == (302, False)
    assert spoken(client, "/method/") == "en"


def test_a_choice_is_kept_with_the_account_and_goes_before_the_browser(client):
    user = member("viewer")
    choose(signed_in(user), "de")
    assert Profile.objects.get(user=user).language == "de"
    assert spoken(signed_in(user), "/vendors/", headers={"Accept-Language": "fr"}) == "de", (
        "another browser speaks it, too"
    )


def test_the_settings_choose_it_and_leave_it_to_the_browser_again():
    user = member("viewer")
    client = signed_in(user)
    assert client.post(reverse("profile"), {"time_zone": "UTC", "language": "fr"}).status_code == 302
    assert spoken(client, "/vendors/") == "fr"
    client.post(reverse("profile"), {"time_zone": "UTC", "language": ""})
    assert spoken(client, "/vendors/", headers={"Accept-Language": "de"}) == "de"


def test_the_api_speaks_english_whatever_was_chosen():
    client = signed_in(member("viewer"))
    choose(client, "de")
    assert client.get("/api/v1/vendors/none-such/").headers["Content-Language"] == "en"


def test_the_page_a_vendor_answers_on_can_be_switched(client):
    vendor = Vendor.objects.create(slug="example", name="Example")
    QuestionnaireLink.objects.create(
        vendor=vendor, token_sha256=digest("asked"), made_by="it", expires_at=timezone.now() + timedelta(days=1)
    )
    address = reverse("ask", args=["asked"])
    assert choose(client, "de", address).headers["Location"] == address
    page = client.get(address).content.decode()
    assert '<html lang="de"' in page
    assert "Siebzehn Fragen zu Backup und Kontinuität" in page
