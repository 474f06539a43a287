"""Which passwords are refused, and why: too short, known to everybody, or made of the words of this place."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from riskboard.accounts.models import Workspace
from riskboard.accounts.passwords import LONGEST_LINE, listed
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


def digest(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def breaches(tmp_path) -> Path:
    """A list as long as it takes for a search to be one: lines of other lengths, and an end as Windows writes it."""
    path = tmp_path / "breaches.txt"
    lines = sorted(f"{digest(f'known {n}')}:{7 ** (n % 9)}\r\n" for n in range(1000))
    path.write_bytes("".join(lines).encode())
    return path


def test_a_list_of_breaches_is_searched_by_halves_and_every_line_of_it_found(breaches):
    assert all(listed(breaches, digest(f"known {n}").encode()) for n in range(1000))
    assert not any(listed(breaches, digest(f"unknown {n}").encode()) for n in range(1000))
    assert not listed(breaches, b"0" * 40)
    assert not listed(breaches, b"F" * 40)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"no digest at all", b"A" * 10 * LONGEST_LINE], ids=["empty", "blank", "words", "no lines"]
)
def test_a_file_that_is_no_list_lists_nothing_and_ends(tmp_path, content):
    (tmp_path / "list").write_bytes(content)
    assert not listed(tmp_path / "list", digest("anything").encode())


def test_a_password_of_the_operators_list_of_breaches_is_refused(settings, breaches):
    assert refused("tall ships at noon") == set()
    settings.BREACHED_PASSWORDS = breaches
    assert refused("tall ships at noon") == set()
    breaches.write_bytes(
        b"".join(
            sorted(
                [*breaches.read_bytes().splitlines(keepends=True), digest("tall ships at noon").encode() + b":1\r\n"]
            )
        )
    )
    assert refused("tall ships at noon") == {"breached"}


def test_where_the_list_cannot_be_read_no_password_passes_unseen(settings, tmp_path):
    settings.BREACHED_PASSWORDS = tmp_path / "nowhere"
    assert refused("tall ships at noon") == {"breaches_unread"}
