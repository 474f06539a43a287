"""Mails and messages in their channel's language: nothing of ours left in English, nothing of others translated."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import msgspec
import pytest
from django.core import mail
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from msgspec.structs import replace

from assessments import plans
from assessments.continuity import examples
from assessments.models import AssessmentRow, Channel, Delivery, Notice
from assessments.notify import outbox
from assessments.notify.found import KINDS, found
from assessments.questionnaire.answers import save_answers
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard.locales import PSEUDO, speaking
from tests.pseudo import WORD, bracket_what_is_known, outside_brackets, words_of
from tests.web.test_notifications import FORM, channel, receiver, thing  # noqa: F401 - a fixture
from vendors.catalogue import index
from vendors.ingest import ingest_facts
from vendors.models import Incident, Watch
from vendors.records import BackupAnswer

pytestmark = pytest.mark.django_db
SLUG = "microsoft-bpos-2011"
TITLE = "Mail is resolved, monitoring goes on"  # the vendor's own, of words that are ours as well


@pytest.fixture
def mailing(settings):
    settings.CAN_MAIL = True


@pytest.fixture
def everything(no_wake):
    """A moment at which something of every kind can be told, and the incident that is open then."""
    now, facts = timezone.now(), index.load(SLUG)
    vendor = ingest_facts(facts)
    row = assess_vendor(vendor, needs=Needs(rto_hours=4.0), as_of=facts.as_of)
    page = vendor.pages.first()
    page.fault, page.fetched_at = "status.example answers with HTTP 500", now - timedelta(days=1)
    page.save()
    Watch.objects.update_or_create(page=page, defaults={"due_at": now + timedelta(hours=1), "failures": 3})
    incident = Incident.objects.create(
        page=page, external_id="new", impact="major", started_at=now - timedelta(minutes=40), digest="d",
        document={"end_known": "open", "title": TITLE, "url": "https://status.example/1"},
    )  # fmt: skip
    save_answers(vendor, {"B1": BackupAnswer(item="B1", answer="yes")}, seen={}, by="x", now=now - timedelta(days=400))
    plans.replace_plan(replace(examples.load(SLUG), as_of=None), seen_revision=0, author="x", summary="x")
    fell = {"since": facts.as_of.isoformat(), "then": 60.0, "now": 50.0, "method": 0.0, "decay": -1.5, "record": -8.5}
    QuerySet(AssessmentRow).filter(pk=row.pk).update(moved=fell | {"evidence": 0.0})  # as a later assessment would say
    return now, incident


def told(made: Channel, now, incident) -> list[str]:
    """What the channel's mails say, subjects and bodies, of all that can be told; the channel was made long before."""
    Channel.objects.filter(pk=made.pk).update(created_at=now - timedelta(days=9000))
    outbox.collect(found(now=now), now=now)
    Incident.objects.filter(pk=incident.pk).update(resolved_at=now, document={"end_known": "stated", "title": TITLE})
    outbox.collect(found(now=now), now=now)
    Delivery.objects.update(due_at=now)
    assert outbox.deliver(made, now=now) == Delivery.objects.count()
    assert {one.notice.kind for one in Delivery.objects.select_related("notice")} == set(KINDS)
    return [text for one in mail.outbox for text in (one.subject, one.body)]


def test_no_mail_holds_a_word_of_ours_that_cannot_be_translated(mailing, everything, monkeypatch):
    bracket_what_is_known(monkeypatch)
    texts = told(channel(language=PSEUDO), *everything)
    theirs = set(words_of([msgspec.to_builtins(index.load(SLUG)), msgspec.to_builtins(examples.load(SLUG)), TITLE]))
    bare = [re.sub(r"https?://\S+|\bh\b|\bmin\b", " ", text) for text in outside_brackets(texts)]
    left = [set(WORD.findall(text)) - theirs - {"RTO"} for text in bare]
    assert [words for words in left if words] == []


@pytest.mark.parametrize(
    ("language", "subject", "lines"),
    [
        ("en", "and 10 more", ["An incident is open", "40 min of your 1 h for", "Since 2011-", "You are told by"]),
        ("de", "(und 10 weitere)", ["Offener Vorfall", "schon 40 min von 1 h vorbei", "Seit ", "Diese Nachricht kommt von"]),
        ("fr", "(et 10 autres)", ["Un incident est en cours", "déjà 40 min sur 1 h", "Depuis le ", "Ce message vient de"]),
    ],
)  # fmt: skip
def test_a_mail_is_written_in_its_channels_language_and_quotes_the_vendor_as_it_is(
    mailing, everything, language, subject, lines
):
    with speaking("fr"):  # whoever happens to be served by the same process
        first, body, *_ = told(channel(language=language), *everything)
    assert first.endswith(subject)
    assert [line for line in lines if line not in body] == []
    assert f"\n{TITLE}\n" in body


def test_of_a_webhook_title_and_text_are_in_the_language_and_what_programs_compare_is_not(receiver):  # noqa: F811
    made, now = channel("webhook", receiver.url, language="de"), timezone.now()
    outbox.collect([thing(data={"vendor": "acme", "impact": "major"})], now=now)
    assert outbox.deliver(made, now=now) == 1
    sent = json.loads(receiver.got[0][1])
    assert sent["data"].pop("title") == "Offener Vorfall bei Acme"
    assert sent["type"] == "incident.opened"
    assert (sent["data"]["vendor"], sent["data"]["impact"]) == ("acme", "major")


def test_a_notice_is_stored_in_english_and_shown_in_the_readers_language(client, receiver):  # noqa: F811
    made, now = channel("webhook", receiver.url, language="fr"), timezone.now()
    outbox.collect([thing()], now=now)
    assert Notice.objects.get().title == "An incident is open at Acme"
    page = client.get(reverse("notification-channel", args=[made.uid]), headers={"Accept-Language": "de"})
    assert "Offener Vorfall bei Acme" in page.content.decode()


def test_a_channel_speaks_english_where_its_language_is_no_longer_spoken(mailing):
    made, now = channel(language="tlh"), timezone.now()
    outbox.collect([thing()], now=now)
    assert outbox.deliver(made, now=now) == 1
    assert mail.outbox[0].subject == "An incident is open at Acme"


def test_a_new_channel_begins_with_its_makers_language_and_a_test_is_in_its_own(client, mailing):
    page = client.get(reverse("notifications"), headers={"Accept-Language": "de"})
    assert page.context["form"]["language"].value() == "de"
    given = FORM | {"kind": "mail", "address": "it@example.org", "language": "fr"}
    client.post(reverse("add-channel"), given, headers={"Accept-Language": "de"})
    made = Channel.objects.get()
    client.post(reverse("test-channel", args=[made.uid]), headers={"Accept-Language": "de"})
    assert mail.outbox[0].subject == "Un essai de Riskboard"
