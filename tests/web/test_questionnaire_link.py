"""A vendor answers by a link: no account, nobody else's data, nothing lost, and an end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import QuestionnaireLink, VendorReply
from assessments.questionnaire.answers import answers_of, digest
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard.accounts.models import AuditEntry
from tests.accounts.test_access import member
from tests.web.test_questionnaire import LINK, PAGE, form
from vendors.catalogue import index
from vendors.ingest import ingest_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor():
    return ingest_facts(index.load("microsoft-bpos-2011"))


@pytest.fixture
def ask(client, vendor) -> str:
    """The path of a fresh link; from then on there is an account, so that nobody else is let in."""
    page = client.post(f"{PAGE}links/", follow=True)
    member("admin")
    return "/ask/" + page.context["link"].split("/ask/")[1]


def test_the_link_is_shown_once_and_only_its_digest_is_kept(client, vendor):
    shown = client.post(f"{PAGE}links/", follow=True).context["link"]
    token = shown.split("/ask/")[1].strip("/")
    assert token not in client.get(PAGE).content.decode()
    assert token not in str(QuestionnaireLink.objects.values_list()[0])
    assert token not in str(list(AuditEntry.objects.values_list()))


def test_a_vendor_without_an_account_answers_all_and_sends_off(ask, vendor):
    guest = Client()
    assert "0 of 17 answered" in guest.get(ask).content.decode()
    guest.post(ask, form(B1_answer="yes", B1_evidence=LINK, B5_answer="withheld", action="save"))
    assert "2 of 17 answered" in guest.get(ask).content.decode()
    seen = {f"{one.item}-seen": digest(one) for one in answers_of(vendor)}
    sent = guest.post(
        ask, form(B1_answer="yes", B1_evidence=LINK, B5_answer="withheld", B2_answer="no", action="send") | seen
    )
    assert "3 of 17 are answered" in sent.content.decode()
    assert guest.get(ask).status_code == 410
    assert {one.item: one.answer for one in answers_of(vendor)} == {"B1": "yes", "B2": "no", "B5": "withheld"}
    assert AuditEntry.objects.filter(kind="answer").first().actor == "Microsoft BPOS (May 2011) by its link"


def test_each_answer_is_saved_as_it_is_given(ask, vendor):
    guest = Client()
    one = guest.post(
        ask, {"B7-answer": "yes", "B7-evidence": "", "B7-note": "", "B7-seen": ""}, headers={"HX-Request": "true"}
    )
    said = one.content.decode()
    assert ">saved<" in said
    assert "1 of 17 answered" in said
    assert digest(answers_of(vendor)[0]) in said
    bad = guest.post(ask, {"B8-answer": "yes", "B8-evidence": "ftp://x"}, headers={"HX-Request": "true"})
    assert "Not saved: Evidence is a web address" in bad.content.decode()
    assert len(answers_of(vendor)) == 1


def test_one_answer_with_a_fault_keeps_no_other_from_being_saved(ask, vendor):
    Client().post(ask, {"B7-answer": "yes", "B7-seen": ""}, headers={"HX-Request": "true"})
    given = {"B7-answer": "no", "B7-seen": "", "B8-answer": "yes", "B8-evidence": "ftp://x", "B9-answer": "partial"}
    said = Client().post(ask, given, headers={"HX-Request": "true"}).content.decode()
    assert [(one.item, one.answer) for one in answers_of(vendor)] == [("B7", "yes"), ("B9", "partial")]
    assert said.count("Not saved") == 2


def test_an_answer_given_twice_at_once_is_told_and_not_lost(ask, vendor):
    Client().post(ask, {"B7-answer": "yes", "B7-seen": ""}, headers={"HX-Request": "true"})
    late = Client().post(ask, {"B7-answer": "no", "B7-seen": ""}, headers={"HX-Request": "true"})
    assert "somebody else answered yes" in late.content.decode()
    assert answers_of(vendor)[0].answer == "yes"


@pytest.mark.parametrize("spoil", ["expired", "ended", "sent", "guessed"])
def test_a_link_that_is_not_good_is_gone_for_reading_and_writing_and_tells_no_more(ask, vendor, spoil):
    past = timezone.now() - timedelta(seconds=1)
    fields = {"expired": {"expires_at": past}, "ended": {"revoked_at": past}, "sent": {"submitted_at": past}}
    if spoil == "guessed":
        ask = "/ask/" + "x" * 43 + "/"
    else:
        QuestionnaireLink.objects.update(**fields[spoil])
    for answered in (Client().get(ask), Client().post(ask, form(B1_answer="yes", action="save"))):
        assert answered.status_code == 410
        assert "Microsoft" not in answered.content.decode()
    assert answers_of(vendor) == ()


def test_an_analyst_ends_a_link(client, vendor):
    client.post(f"{PAGE}links/")
    client.post(f"{PAGE}links/{QuestionnaireLink.objects.get().uid}/end/")
    assert not QuestionnaireLink.objects.get().is_open(timezone.now())


def test_the_address_is_told_to_nobody(ask):
    for answered in (Client().get(ask), Client().get("/ask/nothing/")):
        assert answered["Referrer-Policy"] == "same-origin"
        assert answered["Cache-Control"] == "no-store"
        assert "noindex" in answered["X-Robots-Tag"]


def test_the_vendor_sees_no_score_no_workspace_and_no_way_in(ask, vendor):
    assess_vendor(vendor, needs=Needs(), as_of=timezone.now())
    page = Client().get(ask).content.decode()
    for word in ("Main", "Sign in", "readiness", "of 100", "/plan/", "/settings/"):
        assert word not in page, word


def test_an_objection_stands_beside_the_number_and_changes_no_figure(ask, vendor):
    before = assess_vendor(vendor, needs=Needs(), as_of=timezone.now()).parsed()
    guest = Client()
    fields = {
        "action": "reply",
        "kind": "wrong-fact",
        "check_id": "access",
        "statement": "Our page is open to all.",
        "evidence": LINK,
    }
    assert guest.post(ask, fields).status_code == 302
    assert "Our page is open to all." in guest.get(ask).content.decode()
    row = assess_vendor(vendor, needs=Needs(), as_of=timezone.now() + timedelta(minutes=1))
    made = row.parsed()
    assert [(one.about, one.kind, one.statement) for one in made.disputes] == [
        ("check access", "wrong-fact", "Our page is open to all.")
    ]
    assert made.score.value == before.score.value
    assert [pillar.value for pillar in made.pillars] == [pillar.value for pillar in before.pillars]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "insult"},
        {"statement": ""},
        {"statement": "x" * 501},
        {"evidence": "javascript:1"},
        {"check_id": "none"},
    ],
)
def test_an_objection_that_cannot_be_read_is_refused_with_what_was_typed(ask, fields):
    given = {
        "action": "reply",
        "kind": "outdated",
        "check_id": "",
        "statement": "Typed with care.",
        "evidence": "",
    } | fields
    answered = Client().post(ask, given)
    assert answered.status_code == 400
    assert not VendorReply.objects.exists()
    if "statement" not in fields:
        assert "Typed with care." in answered.content.decode()
