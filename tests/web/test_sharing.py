"""Links without an account: one thing each, until they end, and nothing of anybody else."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from assessments.models import Followed, Report, SharedLink
from assessments.report.charts import badge
from assessments.report.tokens import LIGHT
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard.accounts.models import Workspace
from riskboard.accounts.scope import inside
from tests.records import short
from vendors.ingest import ingest_facts
from vendors.models import Maintenance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_asked_before():
    cache.clear()


@pytest.fixture
def followed():
    """GitHub's newest incidents, judged; no report is written."""
    facts = short("github")
    assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=4.0), as_of=facts.as_of)
    return Followed.objects.get()


@pytest.fixture
def report(followed):
    """A report on it; its file holds a line."""
    body = b"%PDF-1.7 a report"
    row = Report(
        kind="vendor", format="pdf", key="k", sha256=hashlib.sha256(body).hexdigest(), size=len(body), name="github"
    )
    row.path.parent.mkdir(parents=True, exist_ok=True)
    row.path.write_bytes(body)
    row.save()
    return row


def made(client, url, **given):
    """The path of the link a form made; a stranger may open it."""
    client.post(url, given)
    told = client.get(reverse("links")).context["made"]
    return urlsplit(told["url"]).path


def stranger():
    return Client(REMOTE_ADDR="203.0.113.9")


def test_a_report_is_opened_by_its_link_until_it_expires_or_is_ended(client, report):
    path = made(client, reverse("share-report", args=[report.uid]), days="7")
    answer = stranger().get(path)
    assert b"".join(answer.streaming_content) == report.path.read_bytes()
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"].startswith("noindex")
    link = SharedLink.objects.get()
    assert (link.uses, link.last_used_at is not None) == (1, True)
    SharedLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    gone = stranger().get(path)
    SharedLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    client.post(reverse("end-link", args=[link.uid]))
    ended, unknown = stranger().get(path), stranger().get(reverse("shared-report", args=["no-such-token"]))
    assert [one.status_code for one in (gone, ended, unknown)] == [410, 410, 410]
    assert SharedLink.objects.get().uses == 1


def test_the_link_is_shown_once_and_its_token_is_not_stored(client, report):
    path = made(client, reverse("share-report", args=[report.uid]), days="7")
    token = path.rstrip("/").rpartition("/")[2]
    assert token not in client.get(reverse("links")).content.decode()
    assert token not in str(SharedLink.objects.values().get())


@pytest.mark.parametrize("days", ["", "0", "3650", "x"])
def test_a_report_is_shared_for_some_days_only(client, report, days):
    answer = client.post(reverse("share-report", args=[report.uid]), {"days": days})
    assert answer.status_code == 400
    assert not SharedLink.objects.exists()


def test_another_workspaces_report_cannot_be_shared_nor_its_link_ended(client, report):
    made(client, reverse("share-report", args=[report.uid]), days="7")
    with inside(Workspace.objects.create(slug="other", name="Other")):
        theirs = SharedLink.objects.create(kind="calendar", token_sha256="f" * 64, made_by="somebody else")
    assert client.post(reverse("end-link", args=[theirs.uid])).status_code == 404
    assert "somebody else" not in client.get(reverse("links")).content.decode()


def test_a_badge_says_letter_readiness_and_how_much_is_known(client, followed):
    path = made(client, reverse("share-badge"), vendor="github")
    drawn = stranger().get(path)
    assert drawn["Content-Type"] == "image/svg+xml"
    assert drawn["Cross-Origin-Resource-Policy"] == "cross-origin"
    words = "".join(ElementTree.fromstring(drawn.content).itertext())
    newest = followed.newest
    assert f"{newest.value:.0f} of 100 · {round(newest.coverage * 100)} % known" in words
    told = stranger().get(path.replace(".svg", ".json")).json()
    assert (told["schemaVersion"], told["label"]) == (1, "readiness")
    assert told["message"] in words
    client.post(reverse("end-link", args=[SharedLink.objects.get().uid]))
    assert stranger().get(path).status_code == 410
    assert stranger().get(path.replace(".svg", ".json")).json()["isError"] is True


def test_a_link_of_one_kind_opens_nothing_of_another(client, followed):
    path = made(client, reverse("share-badge"), vendor="github")
    token = path.rpartition("/")[2].removesuffix(".svg")
    assert stranger().get(reverse("shared-calendar", args=[token])).status_code == 410
    assert stranger().get(reverse("shared-report", args=[token])).status_code == 410


@pytest.mark.parametrize(
    ("value", "grade", "coverage", "told", "colour"),
    [
        (62.4, "C", 0.78, "C · 62 of 100 · 78 % known", LIGHT.grade_c),
        (62.4, "B–D", 0.6, "B–D · 62 of 100 · 60 % known", LIGHT.grade_b),
        (62.4, None, 0.5, "no letter · 62 of 100 · 50 % known", LIGHT.unknown),
        (None, None, 0.3, "not known · 30 % known", LIGHT.unknown),
        (None, "A", 0.3, "not known · 30 % known", LIGHT.unknown),
    ],
)
def test_an_unknown_total_looks_unknown(value, grade, coverage, told, colour):
    assert badge.words(value, grade, coverage) == told
    assert badge.colour(value, grade) == colour
    drawn = badge.badge("Acme <b>", value, grade, coverage)
    assert "<b>" not in drawn
    assert told in "".join(ElementTree.fromstring(drawn).itertext())


def test_the_words_of_a_badge_can_be_read_on_each_colour():
    for fill in (LIGHT.grade(letter) for letter in "ABCDEF"):
        assert badge.contrast(badge.ink_on(fill), fill) > 3.9
    assert badge.contrast("#ffffff", "#000000") == pytest.approx(21)


def test_the_calendar_holds_the_maintenance_of_vendors_that_are_followed(client, followed):
    now = timezone.now().replace(microsecond=0)
    page = followed.vendor.pages.first()
    Maintenance.objects.filter(page=page).delete()
    for number, (begins, ends) in enumerate(
        [(timedelta(days=2), timedelta(hours=3)), (timedelta(days=3), None), (timedelta(days=-90), timedelta(hours=1))]
    ):
        Maintenance.objects.create(
            page=page, external_id=f"m{number}", scheduled_for=now + begins, scheduled_until=ends and now + begins + ends,
            document={"title": "Moving; a, data\\base\r\nX-EVIL: 1", "url": None}, digest="d",
        )  # fmt: skip
    answer = stranger().get(made(client, reverse("share-calendar")))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = [one for one in Calendar.from_ical(answer.content).walk("VEVENT") if "maintenance" in one["UID"]]
    assert [one["DTSTART"].dt for one in events] == [now + timedelta(days=2), now + timedelta(days=3)]
    assert events[0]["DTEND"].dt == now + timedelta(days=2, hours=3)
    assert "does not say until when" in events[1]["DESCRIPTION"]
    assert b"\r\nX-EVIL" not in answer.content
    assert events[0]["SUMMARY"].startswith(followed.vendor.name)


def test_too_many_requests_from_one_address_are_told_to_wait(client, followed, settings):
    settings.LINK_RATE = "3/min"
    path = made(client, reverse("share-badge"), vendor="github")
    answers = [stranger().get(path).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    refused = stranger().get(path)
    assert 0 < int(refused["Retry-After"]) <= 60
    assert Client(REMOTE_ADDR="203.0.113.10").get(path).status_code == 200
    assert stranger().get(reverse("ask", args=["no-such-token"])).status_code == 429


def test_the_page_costs_the_same_however_many_links_there_are(client, followed, django_assert_max_num_queries):
    for number in range(30):
        SharedLink.objects.create(kind="badge", vendor=followed.vendor, token_sha256=f"{number:064d}", made_by="a")
    client.get(reverse("links"))
    with django_assert_max_num_queries(9):
        client.get(reverse("links"))
