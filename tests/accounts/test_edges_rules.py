"""Accounts, rates and workspaces to the point: what is stored of a secret, when a rate ends, what a name becomes."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from riskboard.accounts import first_run, limits, models, workspaces
from riskboard.accounts.access import Who
from riskboard.accounts.limits import ByAddress, ByPerson, TooOften, limited, limited_imports, spend, too_often
from riskboard.accounts.models import ApiToken, Invitation, Membership, Profile, Role, Workspace, digest, new_secret
from riskboard.errors import Refused
from tests.accounts.test_access import PASSWORD, member
from tests.accounts.test_more_workspaces import just_signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.any_database("the files of migrations are the same on all")
def test_no_migration_is_missing():
    told = StringIO()
    call_command("makemigrations", "--dry-run", stdout=told)
    assert told.getvalue().strip() == "No changes detected"


# What is stored


def test_a_secret_has_256_bits_and_its_digest_is_what_is_stored():
    assert models.TOKEN_BYTES * 8 == 256
    assert len({new_secret() for _ in range(20)}) == 20
    assert {len(new_secret()) for _ in range(20)} == {43}
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_first_workspace_is_made_once():
    room = Workspace.main()
    assert (room.slug, room.name, room.require_mfa, room.closed_at) == ("main", "Main", False, None)
    assert Workspace.main() == room
    assert Workspace.objects.count() == 1
    assert str(room) == "Main"


def test_rows_are_named_by_what_tells_them_apart():
    user, room = member("viewer"), Workspace.main()
    assert str(Membership.objects.get()) == f"{user.pk} viewer"
    assert str(Invitation(email="a@example.org", role="admin", workspace=room)) == "a@example.org admin"
    assert str(ApiToken(name="CI", hint="cret")) == "CI (cret)"
    assert str(Profile(user=user, time_zone="Asia/Tokyo")) == f"{user.pk} Asia/Tokyo"
    assert str(models.AuditEntry(actor="a", did="added", kind="k", object_id="1")) == "a added k 1"


@pytest.mark.parametrize(
    ("name", "zone"), [("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Olympus", "UTC"), ("../etc", "UTC"), ("", "UTC")]
)
def test_a_zone_nobody_knows_is_utc(name, zone):
    assert Profile(time_zone=name).zone.key == zone


@pytest.mark.parametrize(
    ("fields", "usable"),
    [
        ({}, True),
        ({"expires_at": NOW + SECOND}, True),
        ({"expires_at": NOW}, False),
        ({"revoked_at": NOW - SECOND}, False),
        ({"revoked_at": NOW - SECOND, "expires_at": NOW + SECOND}, False),
    ],
)
def test_a_token_is_usable_until_it_expires_or_is_ended(fields, usable):
    assert ApiToken(**fields).is_usable(NOW) is usable


@pytest.mark.parametrize(
    ("fields", "usable"),
    [
        ({"expires_at": NOW + SECOND}, True),
        ({"expires_at": NOW}, False),
        ({"expires_at": NOW + SECOND, "accepted_at": NOW}, False),
        ({"expires_at": NOW + SECOND, "revoked_at": NOW}, False),
    ],
)
def test_an_invitation_is_usable_once_and_for_its_time(fields, usable):
    Invitation.objects.create(
        workspace=Workspace.main(), email="a@example.org", role="viewer", token_sha256="x", **fields
    )
    assert Invitation.objects.usable(NOW).exists() is usable


def test_an_invitation_lasts_a_week():
    client = just_signed_in(member("admin"))
    client.post("/settings/people/invite/", {"email": "new@example.org", "role": "viewer"})
    left = Invitation.objects.get().expires_at - timezone.now()
    assert timedelta(days=7) - timedelta(minutes=5) < left <= timedelta(days=7)


@pytest.mark.parametrize(
    ("ago", "noted"),
    [(None, True), (timedelta(minutes=10), False), (timedelta(minutes=10) + SECOND, True), (timedelta(), False)],
)
def test_a_tokens_use_is_noted_every_ten_minutes(ago, noted):
    before = None if ago is None else NOW - ago
    token = ApiToken.objects.create(
        workspace=Workspace.main(), name="CI", token_sha256="x", hint="x", last_used_at=before
    )
    token.seen(NOW)
    token.refresh_from_db()
    assert token.last_used_at == (NOW if noted else before)


# How often


class Clock:
    """The time the rates go by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000_000.0
        for throttle in (ByAddress, ByPerson):
            monkeypatch.setattr(throttle, "timer", lambda _: self.now)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(monkeypatch)


def asked(key: str = "person 1", workspace: Workspace | None = None, **files: Any) -> Any:
    request = RequestFactory().post("/", files)
    request.who = Who(key=key, workspace=workspace, role="analyst")
    request.user, request.request_id = None, "x" * 32
    return request


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("3/10s", (3, 10)),
        ("20/hour", (20, 3600)),
        ("2/m", (2, 60)),
        ("2/min", (2, 60)),
        ("5/s", (5, 1)),
        ("7/2h", (7, 7200)),
    ],
)
def test_a_rate_is_so_many_in_so_many_seconds(text, rate):
    assert limits._rate(text) == rate


@pytest.mark.parametrize("text", ["", "3", "3/", "/s", "x/s", "3/10d", "-3/s", "3/10s "])
def test_what_is_no_rate_is_named(text):
    with pytest.raises(ValueError, match="is no rate; write it like 3/10s"):
        limits._rate(text)


def test_the_rate_is_counted_from_the_oldest_that_still_counts(clock, settings):
    settings.IMPORT_RATE = "2/10s"
    start, room = clock.now, Workspace.main()
    for after in (0, 4):
        clock.now = start + after
        spend(asked(workspace=room), "imports")
    for after, wait in ((4, 6), (5, 5), (9.5, 1), (9.999, 1)):
        clock.now = start + after
        with pytest.raises(TooOften, match="at most 2 files in 10 seconds") as refusal:
            spend(asked(workspace=room), "imports")
        assert refusal.value.wait == wait
    clock.now = start + 10
    spend(asked(workspace=room), "imports")  # the first is ten seconds ago, and the refused were not counted
    with pytest.raises(TooOften) as refusal:
        spend(asked(workspace=room), "imports")
    assert refusal.value.wait == 4


def test_whatever_is_refused_by_one_rate_counts_for_none(clock, settings):
    settings.REPORT_RATE = "1/10s, 2/hour"
    start = clock.now
    spend(asked(), "reports")
    for _ in range(5):
        with pytest.raises(TooOften, match="at most 1 reports in 10 seconds"):
            spend(asked(), "reports")
    clock.now = start + 10
    spend(asked(), "reports")
    clock.now = start + 20
    with pytest.raises(TooOften, match="at most 2 reports in an hour") as refusal:
        spend(asked(), "reports")
    assert refusal.value.wait == 3580


def test_a_rate_that_was_lowered_holds_for_what_was_asked_before(clock, settings):
    settings.IMPORT_RATE = "3/100s"
    start = clock.now
    for after in (0, 10, 20):
        clock.now = start + after
        spend(asked(), "imports")
    settings.IMPORT_RATE = "2/100s"
    with pytest.raises(TooOften) as refusal:
        spend(asked(), "imports")
    assert refusal.value.wait == 90, "until but one of the last two is left"


def test_each_asker_of_each_workspace_has_a_count_for_each_thing(clock, settings):
    settings.IMPORT_RATE, settings.REPORT_RATE = "1/hour", "1/hour"
    room, other = Workspace.main(), Workspace.objects.create(slug="other", name="Other")
    for request in (asked(), asked("token 1"), asked(workspace=room), asked(workspace=other)):
        spend(request, "imports")
        spend(request, "reports")
        for what in ("imports", "reports"):
            with pytest.raises(TooOften):
                spend(request, what)
    keys = [ByPerson("imports", 1, 3600).get_cache_key(request, None) for request in (asked(), asked(workspace=room))]
    assert keys == ["spent_imports_3600_0:person_1", f"spent_imports_3600_{room.pk}:person_1"]


@pytest.mark.parametrize(
    ("what", "seconds", "said"),
    [
        ("reports", 3600, "at most 4 reports in an hour"), ("reports", 10, "at most 4 reports in 10 seconds"),
        ("imports", 3600, "at most 4 files in an hour"), ("imports", 60, "at most 4 files in 60 seconds"),
    ],
)  # fmt: skip
def test_a_rate_is_said_in_words(what, seconds, said):
    assert limits._at_most(what, 4, seconds) == said


def test_too_often_is_answered_with_the_seconds_to_wait():
    answer = too_often(asked(), TooOften("at most 4 files in an hour", wait=77))
    assert (answer.status_code, answer["Retry-After"]) == (429, "77")
    assert b"at most 4 files in an hour. Wait 77 seconds." in answer.content


def test_links_are_opened_so_often_by_an_address_and_then_it_waits(clock, settings):
    settings.LINK_RATE = "2/min"
    view = limited(lambda request, name: HttpResponse(name))
    start = clock.now

    def from_(address: str) -> HttpResponse:
        request = asked()
        request.META["REMOTE_ADDR"] = address
        return view(request, "seen")

    assert [from_("192.0.2.1").content for _ in range(2)] == [b"seen", b"seen"]
    clock.now = start + 20
    refused = from_("192.0.2.1")
    assert (refused.status_code, refused["Retry-After"]) == (429, "40")
    assert b"Wait 40 seconds" in refused.content
    assert from_("192.0.2.2").content == b"seen"
    settings.LINK_RATE = "1/min"
    assert from_("192.0.2.1")["Retry-After"] == "60", "more were let through than may be: a whole minute"


def test_an_address_is_counted_by_itself_and_none_as_unknown(monkeypatch):
    monkeypatch.setattr(limits, "get_client_ip", lambda request: request.address)
    keys = [ByAddress().get_cache_key(SimpleNamespace(address=one), None) for one in ("192.0.2.1", "", None)]
    assert keys == ["throttle_links_192.0.2.1", "throttle_links_unknown", "throttle_links_unknown"]


def test_only_what_carries_a_file_counts_as_one(clock, settings):
    settings.IMPORT_RATE = "1/hour"
    view: Callable[..., HttpResponse] = limited_imports(lambda request: HttpResponse("seen"))
    file = {"file": SimpleUploadedFile("a.csv", b"x")}
    looked = RequestFactory().get("/")
    looked.who = asked().who
    for request in (asked(), asked(), looked, asked(**file)):
        assert view(request).content == b"seen"
    clock.now += 30
    refused = view(asked(file=SimpleUploadedFile("a.csv", b"x")))
    assert (refused.status_code, refused["Retry-After"]) == (429, "3570")
    assert b"again in 60 minutes" in refused.content
    assert view(asked()).content == b"seen"


# Workspaces


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Clients & Co", "clients-co"),
        ("日本", "workspace"),
        ("", "workspace"),
        ("x" * 60, "x" * 40),
        ("Main", "main-2"),
    ],
)
def test_a_name_becomes_a_free_slug(name, slug):
    Workspace.main()
    assert workspaces._free_slug(name) == slug


def test_each_workspace_of_one_name_has_a_slug_of_its_own():
    user = member("viewer")
    assert [workspaces.make("Shop", user=user).slug for _ in range(4)] == ["shop", "shop-2", "shop-3", "shop-4"]
    Workspace.objects.create(slug="shop-5-and-more", name="x")
    assert workspaces.make("Shop", user=user).slug == "shop-5"
    made = Membership.objects.get(workspace__slug="shop-5")
    assert (made.user, made.role, made.workspace.name) == (user, Role.ADMIN, "Shop")


def test_fifty_workspaces_are_as_many_as_one_person_may_be_in():
    assert workspaces.MOST == 50
    user = member("viewer")
    rooms = Workspace.objects.bulk_create(Workspace(slug=f"w{n}", name="w") for n in range(48))
    Membership.objects.bulk_create(Membership(workspace=room, user=user, role="viewer") for room in rooms)
    workspaces.make("The fiftieth", user=user)
    with pytest.raises(Refused, match="in 50 workspaces"):
        workspaces.make("One more", user=user)


@pytest.mark.parametrize(
    ("mine", "others", "may"),
    [
        ("admin", [], False),
        ("admin", ["viewer", "approver"], False),
        ("admin", ["admin"], True),
        ("viewer", ["admin"], True),
        ("viewer", [], True),
    ],
)
def test_the_last_administrator_stays(mine, others, may):
    user, room = member(mine), Workspace.main()
    for number, role in enumerate(others):
        member(role, email=f"{number}@example.org")
    if may:
        workspaces.leave(room, user=user)
        assert not room.memberships.filter(user=user).exists()
        assert room.memberships.count() == len(others)
    else:
        with pytest.raises(Refused, match="its last administrator"):
            workspaces.leave(room, user=user)
        assert room.memberships.count() == 1 + len(others)


def test_what_a_workspace_holds_is_counted_the_most_first():
    room = Workspace.objects.create(slug="other", name="Other")
    for number in range(3):
        member("viewer", email=f"{number}@example.org", workspace=room)
    member("admin")
    ApiToken.objects.create(workspace=room, name="CI", token_sha256="x", hint="x")
    Invitation.objects.create(workspace=room, email="a@example.org", role="viewer", token_sha256="y", expires_at=NOW)
    assert [(one.what, one.count) for one in workspaces.holds(room)] == [
        ("memberships", 3),
        ("api tokens", 1),
        ("invitations", 1),
    ]
    assert workspaces.close(room, now=NOW) == 5
    room.refresh_from_db()
    assert (room.closed_at, room.slug) == (NOW, f"closed-{room.uid}")
    assert Membership.objects.count() == 1


# The first account


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_the_first_token_is_its_owners_alone_and_stays_until_it_is_used(folder):
    assert not first_run.is_right("")
    given = first_run.token()
    assert first_run.token() == given
    assert stat.S_IMODE((folder / first_run.FILE).stat().st_mode) == 0o600
    assert first_run.is_right(given)
    assert not first_run.is_right(given[:-1])
    first_run.first_account(email="It@Example.org", password=PASSWORD, workspace="")
    assert not first_run.is_right(given)
    assert not (folder / first_run.FILE).exists()


def test_the_first_account_administers_the_first_workspace_and_owns_its_address(folder):
    user = first_run.first_account(email="It@Example.org", password=PASSWORD, workspace="W" * 250)
    assert (user.username, user.email, user.check_password(PASSWORD)) == ("it@example.org", "it@example.org", True)
    only = Membership.objects.get()
    assert (only.user, only.role, only.workspace.slug, only.workspace.name) == (user, "admin", "main", "W" * 200)
    address = EmailAddress.objects.get()
    assert (address.user, address.email, address.primary, address.verified) == (user, "it@example.org", True, True)
    with pytest.raises(Refused, match="an account already"):
        first_run.first_account(email="b@example.org", password=PASSWORD, workspace="")


def test_a_long_address_keeps_a_name_that_fits(folder):
    email = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.org"
    user = first_run.first_account(email=email, password=PASSWORD, workspace="")
    assert (user.username, user.email) == (email[:150], email)
    assert Workspace.main().name == "Main"


@pytest.mark.parametrize(("email", "password"), [("no address", PASSWORD), ("a@example.org", "short"), ("", PASSWORD)])
def test_a_first_account_that_cannot_be_is_refused_and_nothing_is_made(folder, email, password):
    given = first_run.token()
    with pytest.raises(ValidationError):
        first_run.first_account(email=email, password=password, workspace="W")
    assert not get_user_model().objects.exists()
    assert first_run.is_right(given)


@pytest.mark.parametrize(
    ("email", "password", "there", "outcome"),
    [
        (None, None, False, False),
        ("", "", False, False),
        ("a@example.org", PASSWORD, False, True),
        ("a@example.org", PASSWORD, True, False),
        (None, None, True, False),
        ("a@example.org", None, False, "set both"),
        (None, PASSWORD, False, "set both"),
        ("", PASSWORD, True, "set both"),
        ("a@example.org", "short", False, "RISKBOARD_ADMIN_EMAIL or _PASSWORD: "),
        ("no address", PASSWORD, False, "RISKBOARD_ADMIN_EMAIL or _PASSWORD: "),
    ],
)
def test_the_environment_makes_the_first_account_or_says_what_is_wrong(folder, email, password, there, outcome):
    if there:
        member("viewer")
    if isinstance(outcome, str):
        with pytest.raises(Refused, match=outcome):
            first_run.from_environment(email, password)
    else:
        assert first_run.from_environment(email, password) is outcome
    assert get_user_model().objects.count() == int(there) + int(outcome is True)
