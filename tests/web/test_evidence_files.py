"""Files as evidence: kept, counted, handed out in a box, taken back; a vendor sees only what it sent itself."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from assessments import plans
from assessments.attached import store
from assessments.continuity.examples import load
from assessments.models import EvidenceFile
from assessments.questionnaire.answers import answers_of, digest, judged_answers
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard.accounts.models import AuditEntry, Workspace
from riskboard.accounts.scope import inside
from tests.accounts.test_access import member, signed_in
from tests.web.test_questionnaire import PAGE, form
from vendors.catalogue import index
from vendors.ingest import ingest_facts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake")]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def vendor():
    facts = index.load("microsoft-bpos-2011")
    made = ingest_facts(facts)
    assess_vendor(made, needs=Needs(), as_of=facts.as_of)
    return made


@pytest.fixture
def ask(client, vendor) -> str:
    page = client.post(f"{PAGE}links/", follow=True)
    member("admin")
    return "/ask/" + page.context["link"].split("/ask/")[1]


def text(name: str = "restore.txt", data: bytes = b"restored in 2 h") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def png() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    return SimpleUploadedFile("shot.png", out.getvalue())


def backup_value(vendor) -> float | None:
    row = assess_vendor(vendor, needs=Needs(), as_of=datetime(2026, 11, 1, tzinfo=UTC))
    return next(pillar.value for pillar in row.parsed().pillars if pillar.id == "backup")


def test_a_file_makes_an_answer_count_in_full_and_its_removal_by_half_again(client, vendor):
    client.post(PAGE, form(B1_answer="yes"))
    half = backup_value(vendor)
    seen = {"B1-seen": digest(answers_of(vendor)[0])}
    done = client.post(PAGE, form(B1_answer="yes") | seen | {"B1-file": text()}, follow=True)
    assert "One file is kept (restore.txt). In the next assessment: backup" in done.content.decode()
    assert (half, backup_value(vendor)) == (50.0, 100.0)
    kept = EvidenceFile.objects.get()
    assert kept.path.read_bytes() == b"restored in 2 h"
    assert kept.path.is_relative_to(Path(settings.MEDIA_ROOT) / "evidence")
    row = assess_vendor(vendor, needs=Needs(), as_of=datetime(2026, 11, 1, tzinfo=UTC))
    assert f"file restore.txt, sha256 {kept.sha256}" in row.document.decode()
    client.post(f"/evidence-files/{kept.uid}/remove/")
    assert backup_value(vendor) == 50.0
    client.post(f"/evidence-files/{kept.uid}/restore/")
    assert backup_value(vendor) == 100.0
    assert [entry.did for entry in AuditEntry.objects.filter(kind="evidencefile").order_by("pk")] == [
        "added",
        "changed",
        "changed",
    ]


def test_an_upload_is_no_change_of_the_answer_for_whoever_edits_it(client, vendor):
    client.post(PAGE, form(B1_answer="yes"))
    seen = {"B1-seen": digest(answers_of(vendor)[0])}
    client.post(PAGE, form(B1_answer="yes") | seen | {"B1-file": text()})
    assert client.post(PAGE, form(B1_answer="no") | seen).status_code == 302


def test_a_file_is_handed_out_to_be_saved_and_never_shown(client, vendor):
    client.post(PAGE, form(B1_answer="yes") | {"B1-file": png()})
    row = EvidenceFile.objects.get()
    answer = client.get(reverse("evidence-file", args=[row.uid]))
    assert b"".join(answer.streaming_content) == row.path.read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="shot.png"'
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Security-Policy"].startswith("sandbox;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    row.path.unlink()
    assert client.get(reverse("evidence-file", args=[row.uid])).status_code == 410


def test_a_file_that_cannot_be_kept_keeps_everything_from_being_saved_and_says_why(client, vendor):
    page = client.post(PAGE, form(B1_answer="yes", B2_answer="no") | {"B1-file": text("a.svg", b"<svg/>")})
    assert page.status_code == 400
    assert "a.svg: a file that ends in" in page.content.decode()
    assert not answers_of(vendor)
    assert not EvidenceFile.objects.exists()


def test_at_most_five_files_are_kept_of_one_answer_and_the_same_one_once(client, vendor):
    for n in range(5):
        client.post(PAGE, form() | {"B1-file": text(f"{n}.txt", str(n).encode())})
    assert client.post(PAGE, form() | {"B1-file": text("6.txt", b"6")}).status_code == 400
    assert EvidenceFile.objects.count() == 5
    client.post(PAGE, form() | {"B2-file": text()})
    client.post(PAGE, form() | {"B2-file": text()})
    assert EvidenceFile.objects.filter(item="B2").count() == 1


def test_a_workspace_keeps_so_much_and_no_more(client, vendor, monkeypatch):
    monkeypatch.setattr(store, "MOST_BYTES", 20)
    assert client.post(PAGE, form() | {"B1-file": text()}).status_code == 302
    assert (
        "delete some for good first"
        in client.post(PAGE, form() | {"B2-file": text("b.txt", b"123456")}).content.decode()
    )


def test_removed_files_are_deleted_for_good_only_after_asking_and_bytes_stay_while_needed(
    client, vendor, django_capture_on_commit_callbacks
):
    client.post(PAGE, form() | {"B1-file": text(), "B2-file": text()})
    first, second = EvidenceFile.objects.all()
    assert first.path == second.path
    assert client.post(f"/evidence-files/{first.uid}/delete/").status_code == 409, "it is still in use"
    for row in (first, second):
        client.post(f"/evidence-files/{row.uid}/remove/")
        assert "for good?" in client.get(f"/evidence-files/{row.uid}/delete/").content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"/evidence-files/{row.uid}/delete/")
        assert row.path.exists() is (row is first)


def test_a_vendor_sends_a_file_by_its_link_sees_it_takes_it_back_and_brings_it_back(ask, vendor):
    guest = Client()
    said = guest.post(ask, {"B7-answer": "yes", "B7-seen": "", "B7-file": text()}, headers=HTMX).content.decode()
    assert ">saved<" in said
    assert "restore.txt" in said
    row = EvidenceFile.objects.get()
    assert (row.by, row.link.vendor) == ("Microsoft BPOS (May 2011) by its link", vendor)
    assert judged_answers(vendor)[0].evidence == f"restore.txt, sha256 {row.sha256}"
    own = f"{ask}files/{row.uid}/"
    assert b"".join(guest.get(own).streaming_content) == b"restored in 2 h"
    guest.post(f"{own}remove/")
    assert guest.get(own).status_code == 404
    guest.post(f"{own}restore/")
    assert b"".join(guest.get(own).streaming_content) == b"restored in 2 h"


def test_a_bad_file_by_the_link_keeps_no_other_answer_from_being_saved(ask, vendor):
    given = {"B7-answer": "yes", "B7-seen": "", "B7-file": text("a.exe", b"MZ"), "B8-answer": "no", "B8-seen": ""}
    said = Client().post(ask, given, headers=HTMX).content.decode()
    assert "Not saved: a.exe: a file that ends in" in said
    assert [one.item for one in answers_of(vendor)] == ["B8"]


def test_a_vendor_never_sees_the_files_of_others(client, ask, vendor):
    owner = signed_in(member("analyst", email="own@example.org"))
    owner.post(PAGE, form(B1_answer="yes") | {"B1-file": text("ours.txt", b"ours")})
    row = EvidenceFile.objects.get()
    guest = Client()
    assert "ours.txt" not in guest.get(ask).content.decode()
    for way in ("", "remove/", "restore/"):
        answer = guest.post(f"{ask}files/{row.uid}/{way}") if way else guest.get(f"{ask}files/{row.uid}/")
        assert answer.status_code == 404
    assert guest.get(f"/evidence-files/{row.uid}/").status_code == 302, "it is led to sign in"
    other = owner.post(f"{PAGE}links/", follow=True).context["link"].split("/ask/")[1]
    guest.post(ask, {"B7-answer": "yes", "B7-seen": "", "B7-file": text("by-first.txt", b"1")}, headers=HTMX)
    assert "by-first.txt" not in guest.get(f"/ask/{other}").content.decode(), "what came by another link is not shown"


def test_a_closed_link_opens_no_file(ask, vendor):
    guest = Client()
    guest.post(ask, {"B7-answer": "yes", "B7-seen": "", "B7-file": text()}, headers=HTMX)
    own = f"{ask}files/{EvidenceFile.objects.get().uid}/"
    guest.post(ask, form(B7_answer="yes", action="send") | {"B7-seen": digest(answers_of(vendor)[0])})
    assert guest.get(own).status_code == 410
    assert guest.post(f"{own}remove/").status_code == 410


def test_another_workspace_finds_no_file(client, vendor):
    client.post(PAGE, form() | {"B1-file": text()})
    row = EvidenceFile.objects.get()
    other = Workspace.objects.create(slug="other", name="Other")
    stranger = signed_in(member("admin", email="s@example.org", workspace=other))
    for way in ("", "remove/", "restore/", "delete/"):
        answer = (
            stranger.get(f"/evidence-files/{row.uid}/")
            if not way
            else stranger.post(f"/evidence-files/{row.uid}/{way}")
        )
        assert answer.status_code == 404
    with inside(other):
        assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("analyst", 302)])
def test_a_viewer_reads_files_and_removes_none(client, vendor, role, status):
    client.post(PAGE, form() | {"B1-file": text()})
    row = EvidenceFile.objects.get()
    person = signed_in(member(role))
    assert b"".join(person.get(f"/evidence-files/{row.uid}/").streaming_content) == b"restored in 2 h"
    assert person.post(f"/evidence-files/{row.uid}/remove/").status_code == status


PLANNED = [("exercises", 0), ("commitments", 0)]


@pytest.mark.parametrize(("kind", "at"), PLANNED)
def test_a_file_becomes_the_evidence_of_an_item_of_the_plan_and_that_can_be_taken_back(client, kind, at):
    plan = load("complete")
    plans.replace_plan(plan, seen_revision=0, author="x", summary="x")
    item = getattr(plans.current().parsed(), kind)[at]
    client.post(f"/plan/{kind}/{item.id}/files/", {"file": text("drill.txt")})
    row = EvidenceFile.objects.get()
    assert "drill.txt" in client.get(f"/plan/{kind}/{item.id}/").content.decode()
    after = next(one for one in getattr(plans.current().parsed(), kind) if one.id == item.id)
    assert after.evidence == (item.evidence or f"{settings.SITE_URL}/evidence-files/{row.uid}/")


def test_a_file_is_the_evidence_of_an_exercise_without_any(client):
    plan = load("microsoft-bpos-2011")
    plans.replace_plan(plan, seen_revision=0, author="x", summary="x")
    item = plans.current().parsed().commitments[0]
    assert not item.evidence
    answer = client.post(f"/plan/commitments/{item.id}/files/", {"file": text()})
    assert "did=2" in answer["Location"]
    row = EvidenceFile.objects.get()
    assert plans.current().parsed().commitments[0].evidence.endswith(f"/evidence-files/{row.uid}/")
    client.post("/plan/undo/2/")
    assert not plans.current().parsed().commitments[0].evidence


@pytest.mark.parametrize(
    "path", ["/plan/processes/order-intake/files/", "/plan/exercises/none/files/", "/plan/nothing/x/files/"]
)
def test_no_file_is_kept_where_nothing_takes_one(client, path):
    plans.replace_plan(load("microsoft-bpos-2011"), seen_revision=0, author="x", summary="x")
    assert client.post(path, {"file": text()}).status_code == 404


def test_a_plan_file_that_cannot_be_kept_says_why(client):
    plans.replace_plan(load("microsoft-bpos-2011"), seen_revision=0, author="x", summary="x")
    item = plans.current().parsed().commitments[0]
    answer = client.post(f"/plan/commitments/{item.id}/files/", {"file": text("a.html", b"<html>")})
    assert answer.status_code == 400
    assert "That file was not kept" in answer.content.decode()
    assert client.post(f"/plan/commitments/{item.id}/files/").status_code == 400
