"""The backup questionnaire in the app: answers stand, count, expire and are never overwritten silently."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Answer
from assessments.questionnaire.answers import Conflict, answers_of, digest, effect_of, save_answers
from assessments.questionnaire.items import items, version
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard.accounts.models import AuditEntry
from vendors.catalogue import index
from vendors.ingest import ingest_facts
from vendors.records import BackupAnswer

pytestmark = pytest.mark.django_db
LINK = "https://vendor.example/trust"
PAGE = "/vendors/microsoft-bpos-2011/questionnaire/"


@pytest.fixture
def vendor():
    return ingest_facts(index.load("microsoft-bpos-2011"))


def form(**changes):
    """The page's form with nothing answered but those."""
    fields = {f"{one.item}-answer": "unknown" for one in items()}
    return fields | {name.replace("_", "-"): value for name, value in changes.items()}


def test_all_seventeen_items_have_their_guidance_and_their_check():
    assert [one.item for one in items()] == [f"B{n}" for n in range(1, 18)]
    assert version() == "1"
    for one in items():
        assert one.ask.endswith(("?", ".")), one.item
        assert one.partly.endswith("."), one.item
        assert one.evidence.endswith("."), one.item
        assert one.points > 0
    assert sum(one.points for one in items()) == pytest.approx(25)


def test_the_page_shows_every_item_and_that_nobody_asked_yet(client, vendor):
    page = client.get(PAGE).content.decode()
    assert "0 of 17 answered" in page
    for one in items():
        assert f'id="{one.item}"' in page


def test_answers_are_saved_and_the_page_says_what_they_do(client, vendor):
    facts = index.load("microsoft-bpos-2011")
    before = assess_vendor(vendor, needs=Needs(), as_of=facts.as_of)
    answered = client.post(
        PAGE, form(B1_answer="yes", B1_evidence=LINK, B7_answer="no", B12_answer="withheld"), follow=True
    )
    page = answered.content.decode()
    assert "3 answers are saved (B1, B7, B12)" in page
    assert "backup not known to" in page
    assert "3 of 17 answered" in page
    after = assess_vendor(vendor, needs=Needs(), as_of=facts.as_of)
    assert after.pk != before.pk
    found = {check.id: check.outcome for pillar in after.parsed().pillars for check in pillar.checks}
    assert (found["export-self-service"], found["backup-separation"], found["contract-rto-rpo"]) == (
        "pass",
        "fail",
        "fail",
    )
    assert after.coverage > before.coverage


def test_an_answer_without_evidence_counts_half_and_one_that_is_old_not_at_all(client, vendor):
    as_of = timezone.now()
    client.post(PAGE, form(B1_answer="yes"))

    def export(at):
        made = assess_vendor(vendor, needs=Needs(), as_of=at).parsed()
        return next(c for pillar in made.pillars for c in pillar.checks if c.id == "export-self-service")

    assert export(as_of + timedelta(minutes=1)).score == 0.5
    assert export(as_of + timedelta(days=366, minutes=1)).outcome == "stale"


def test_what_did_not_change_keeps_its_date_and_leaves_no_trace(client, vendor):
    client.post(PAGE, form(B1_answer="yes", B1_evidence=LINK))
    row, trail = Answer.objects.get(), AuditEntry.objects.count()
    again = form(B1_answer="yes", B1_evidence=LINK, B1_seen=digest(row.record()))
    assert "Nothing was changed" in client.post(PAGE, again, follow=True).content.decode()
    assert Answer.objects.get().answered_at == row.answered_at
    assert AuditEntry.objects.count() == trail


def test_each_answer_leaves_who_what_and_what_was_before(client, vendor):
    client.post(PAGE, form(B1_answer="yes"))
    seen = digest(Answer.objects.get().record())
    client.post(PAGE, form(B1_answer="no", B1_seen=seen))
    entry = AuditEntry.objects.filter(kind="answer").first()
    assert (entry.did, entry.actor, entry.before["answer"], entry.after["answer"]) == (
        "changed", "this machine", "yes", "no",
    )  # fmt: skip


def test_who_saves_second_sees_what_the_first_answered_and_nothing_is_lost(client, vendor):
    client.post(PAGE, form(B1_answer="yes", B1_evidence=LINK))
    late = form(B1_answer="no", B1_note="mine", B2_answer="yes")
    answered = client.post(PAGE, late)
    page = answered.content.decode()
    assert answered.status_code == 409
    assert f"Somebody else answered meanwhile: yes {LINK}" in page
    assert 'value="mine"' in page
    assert [one.item for one in answers_of(vendor)] == ["B1"]
    again = late | {"B1-seen": digest(answers_of(vendor)[0])}
    client.post(PAGE, again)
    assert [(one.item, one.answer) for one in answers_of(vendor)] == [("B1", "no"), ("B2", "yes")]


def test_two_people_may_answer_different_items_at_once(vendor):
    now = timezone.now()
    for item in ("B1", "B2"):
        save_answers(vendor, {item: BackupAnswer(item=item, answer="yes")}, seen={}, by="a", now=now)
    assert len(answers_of(vendor)) == 2
    with pytest.raises(Conflict):
        save_answers(vendor, {"B1": BackupAnswer(item="B1", answer="no")}, seen={}, by="b", now=now)


BAD = [
    {"B1_answer": "perhaps"},
    {"B1_answer": "yes", "B1_evidence": "javascript:alert(1)"},
    {"B1_answer": "yes", "B1_evidence": "https://x/" + "a" * 2000},
    {"B1_answer": "yes", "B1_note": "x" * 501},
]


@pytest.mark.parametrize("fields", BAD)
def test_what_cannot_be_read_is_told_beside_its_item_and_saves_nothing(client, vendor, fields):
    answered = client.post(PAGE, form(**fields, B2_answer="yes"))
    assert answered.status_code == 400
    assert "What you typed is still here" in answered.content.decode()
    assert not Answer.objects.exists()


def test_hostile_words_are_shown_as_words(client, vendor):
    client.post(PAGE, form(B1_answer="yes", B1_note='"><script>alert(1)</script>'))
    assert "<script>alert" not in client.get(PAGE).content.decode()


def test_before_the_first_judgement_there_is_no_effect_to_tell(client, vendor):
    assert effect_of(vendor, ()) is None
    page = client.post(PAGE, form(B1_answer="yes"), follow=True).content.decode()
    assert "One answer is saved (B1). They count in the next assessment." in page


def test_answers_brought_along_win_over_those_that_stand(vendor):
    save_answers(vendor, {"B1": BackupAnswer(item="B1", answer="yes")}, seen={}, by="a", now=timezone.now())
    own = (BackupAnswer(item="B1", answer="no"),)
    made = assess_vendor(vendor, needs=Needs(backup=own), as_of=timezone.now())
    assert made.parsed().needs.backup == own


def test_a_viewer_reads_and_does_not_write(vendor):
    from tests.accounts.test_access import member, signed_in

    client = signed_in(member("viewer"))
    assert "Save the answers" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, form(B1_answer="yes")).status_code == 403


@pytest.mark.parametrize(
    ("days", "told", "can_confirm"),
    [(10, "counts until", False), (340, "It expires on", True), (370, "Expired on", True)],
)
def test_the_page_says_until_when_an_answer_counts(client, vendor, days, told, can_confirm):
    client.post(PAGE, form(B1_answer="yes"))
    Answer.objects.update(answered_at=timezone.now() - timedelta(days=days))
    page = client.get(PAGE).content.decode()
    assert told in page
    assert ('name="B1-confirm"' in page) is can_confirm


def test_an_expired_answer_counts_again_once_somebody_says_it_is_still_so(client, vendor):
    client.post(PAGE, form(B1_answer="yes", B2_answer="no"))
    Answer.objects.update(answered_at=timezone.now() - timedelta(days=400))
    seen = {f"{one.item}-seen": digest(one) for one in answers_of(vendor)}
    client.post(PAGE, form(B1_answer="yes", B2_answer="no") | seen)
    assert not Answer.objects.filter(answered_at__gt=timezone.now() - timedelta(days=1)).exists()
    client.post(PAGE, form(B1_answer="yes", B2_answer="no") | seen | {"B1-confirm": "yes"})
    assert [one.item for one in Answer.objects.filter(answered_at__gt=timezone.now() - timedelta(days=1))] == ["B1"]
