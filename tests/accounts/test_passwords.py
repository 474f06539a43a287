"""Which passwords are refused, and why: too short, known to everybody, or made of the words of this place."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from riskboard.accounts.models import Workspace
from tests.accounts.test_access import member


def refused(password: str, user=None) -> set[str]:
    try:
        validate_password(password, user)
    except ValidationError as fault:
        return {one.code for one in fault.error_list}
    return set()


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("correct horse battery", set()),
        ("riskboard-is-not-all-of-it", set()),
        ("Kx7vQ2mR9pLw", set()),
        ("elevenchars", {"password_too_short"}),
        ("Riskboard2026!", {"context_words"}),
        ("riskboard riskboard riskboard", {"context_words"}),
        ("AdminPassword1", {"context_words"}),
        ("status-outage-1", {"context_words"}),
        ("localhost12345", {"context_words"}),  # the name this installation is reached by
        ("qwertyuiop123", {"password_too_common"}),
        ("123456789012345", {"password_entirely_numeric"}),
    ],
)
def test_a_new_password_is_refused_for_these_reasons(settings, password, why):
    settings.SITE_URL = "https://localhost:8765"
    assert refused(password) == why


@pytest.mark.parametrize("password", ["password", "iloveyou", "qwerty123", "123456789", "letmein", "Liverpool1"])
def test_common_passwords_are_refused_whatever_their_length(password):
    assert "password_too_common" in refused(password.lower())


@pytest.mark.django_db
def test_the_name_of_the_workspace_and_ones_own_address_are_words_of_the_place():
    Workspace.objects.filter(pk=Workspace.main().pk).update(name="Northwind Traders")
    user = member("viewer", email="margarete.muster@example.org")
    assert refused("northwind-traders-26", user) == {"context_words"}
    assert refused("margarete.muster", user) == {"password_too_similar"}
    assert refused("tall ships at noon", user) == set()
