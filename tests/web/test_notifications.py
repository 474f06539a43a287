"""Who is told of what: found once, sent once in effect, by pages that keep the address to themselves."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from assessments.models import Channel, Delivery, Followed, Notice
from assessments.notify import outbox, senders
from assessments.notify.found import KINDS, Found, found
from assessments.questionnaire.answers import save_answers
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard import sealed
from riskboard.accounts.models import AuditEntry, Workspace
from riskboard.accounts.scope import inside
from riskboard.errors import Refused
from tests.records import short
from vendors.ingest import ingest_facts
from vendors.models import Incident, Watch
from vendors.records import BackupAnswer

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(monkeypatch):
    """A server on loopback that keeps what it is sent, and answers with the statuses it is told, then 200."""
    got: list[tuple[dict[str, str], bytes]] = []
    answers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answers.pop(0) if answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("RISKBOARD_FETCH_ALLOW", f"127.0.0.1:{server.server_port}")
    server.got, server.answers = got, answers
    server.url = f"http://127.0.0.1:{server.server_port}/hook?key=very-secret"
    yield server
    server.shutdown()
    thread.join(5)
    server.server_close()


def channel(kind="mail", address="it@example.org", **fields):
    kept, hint = senders.checked(kind, address)
    key = "whsec_" + base64.b64encode(b"k" * 32).decode()
    return Channel.objects.create(
        name=fields.pop("name", "Ops"), kind=kind, address_secret=sealed.seal(kept), hint=hint,
        signing_secret=sealed.seal(key) if kind == "webhook" else "", events=fields.pop("events", list(KINDS)), **fields,
    )  # fmt: skip


def thing(key="opened 1", kind="incident-opened", **fields):
    return Found(
        key, kind, fields.pop("title", "An incident is open at Acme"), "/vendors/acme/", timezone.now(), **fields
    )


# --- what is found ---


@pytest.fixture
def followed():
    """A vendor that is followed and watched."""
    facts = short("github")
    assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=4.0), as_of=facts.as_of)
    row = Followed.objects.get()
    page = row.vendor.pages.first()
    Watch.objects.update_or_create(page=page, defaults={"due_at": timezone.now() + timedelta(hours=1)})
    return row


def opens(page, *, ago=timedelta(minutes=10), impact="major", **fields):
    return Incident.objects.create(
        page=page, external_id=fields.pop("external_id", "new-1"), impact=impact, started_at=timezone.now() - ago,
        document={"end_known": "open", "title": "Pushes fail", "url": "https://status.example/1"}, digest="d", **fields,
    )  # fmt: skip


def kinds_found():
    return sorted(one.kind for one in found(now=timezone.now()))


def test_a_grave_incident_is_told_when_it_opens_and_when_it_ends(followed):
    page = followed.vendor.pages.first()
    before = kinds_found()
    one = opens(page)
    opens(page, impact="minor", external_id="small")
    assert kinds_found() == sorted([*before, "incident-opened"])
    channel()
    outbox.collect(found(now=timezone.now()), now=timezone.now())
    Incident.objects.filter(pk=one.pk).update(
        resolved_at=timezone.now(), document={"end_known": "stated", "title": "Pushes fail"}
    )
    (ended,) = [one for one in found(now=timezone.now()) if one.kind == "incident-closed"]
    assert "10 min" in ended.title


@pytest.mark.parametrize(("ago", "told"), [(1.9, None), (2.1, "2 h 6 min of your 4 h"), (4.1, "All of your 4 h")])
def test_the_clock_is_told_at_half_and_at_all_of_the_recovery_time(followed, ago, told):
    opens(followed.vendor.pages.first(), ago=timedelta(hours=ago))
    clocks = [one.title for one in found(now=timezone.now()) if one.kind == "rto-clock"]
    assert [title.startswith(told) for title in clocks] == ([True] if told else [])


def test_a_page_that_keeps_failing_is_told_once_until_it_was_read_again(followed):
    page = followed.vendor.pages.first()
    page.fault, page.fetched_at = "it answers with HTTP 500", timezone.now() - timedelta(days=1)
    page.save()
    Watch.objects.filter(page=page).update(failures=3)
    first, second = ([one.key for one in found(now=timezone.now()) if one.kind == "source-stale"] for _ in range(2))
    assert first == second
    assert len(first) == 1


# --- the outbox ---


@pytest.mark.parametrize(("days", "told"), [(300, None), (340, "expires soon"), (370, "has expired")])
def test_answers_about_backup_are_told_of_before_and_after_they_expire(followed, days, told):
    given = {item: BackupAnswer(item=item, answer="yes") for item in ("B1", "B2")}
    save_answers(followed.vendor, given, seen={}, by="x", now=timezone.now() - timedelta(days=days))
    titles = [one.title for one in found(now=timezone.now()) if one.kind == "answers-expire"]
    assert titles == ([f"What GitHub answered about backup {told}"] if told else [])


def test_what_is_found_twice_is_noted_and_sent_once(settings):
    settings.CAN_MAIL = True
    made, now = channel(), timezone.now()
    assert outbox.collect([thing()], now=now) == 1
    assert outbox.collect([thing(), thing()], now=now) == 0
    assert outbox.deliver(made, now=now) == 1
    assert outbox.deliver(made, now=now) == 0
    assert [one.subject for one in mail.outbox] == ["An incident is open at Acme"]
    assert "/vendors/acme/" in mail.outbox[0].body


def test_a_channel_is_told_of_what_it_asked_for_alone_and_not_of_the_past():
    plan_only = channel(name="plan", events=["plan-due"])
    late = channel(name="late")
    Channel.objects.filter(pk=late.pk).update(created_at=timezone.now() + timedelta(hours=1))
    outbox.collect([thing(), thing("plan 1", "plan-due")], now=timezone.now())
    assert [(one.channel_id, one.notice.key) for one in Delivery.objects.all()] == [(plan_only.pk, "plan 1")]
    assert Notice.objects.count() == 2


def test_several_things_go_in_one_mail_with_an_id_that_stays(settings):
    settings.CAN_MAIL = True
    made, now = channel(), timezone.now()
    outbox.collect([thing(f"drop {n}", "score-drop", title=f"Vendor {n} scores lower") for n in range(25)], now=now)
    assert outbox.deliver(made, now=now) == 25
    (told,) = mail.outbox
    assert told.subject.endswith("and 24 more")
    assert "5 more:" in told.body
    assert told.extra_headers["Message-ID"].startswith("<")


def test_a_webhook_gets_each_message_signed_and_a_failure_is_tried_again_under_the_same_id(receiver):
    made, now = channel("webhook", receiver.url), timezone.now()
    receiver.answers += [500]
    outbox.collect([thing(data={"vendor": "acme"})], now=now)
    assert outbox.deliver(made, now=now) == 0
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.error) == ("waiting", 1, "the receiver answers with HTTP 500")
    assert row.due_at == now + timedelta(minutes=1)
    assert outbox.deliver(made, now=now) == 0, "not before its time"
    assert outbox.deliver(made, now=row.due_at) == 1
    (first, body), (second, _) = receiver.got
    assert first["webhook-id"] == second["webhook-id"] == str(row.uid)
    expected = hmac.new(
        b"k" * 32, f"{first['webhook-id']}.{first['webhook-timestamp']}.".encode() + body, hashlib.sha256
    )
    assert first["webhook-signature"] == "v1," + base64.b64encode(expected.digest()).decode()
    told = json.loads(body)
    assert (told["type"], told["data"]["vendor"]) == ("incident.opened", "acme")
    row.refresh_from_db()
    assert (row.state, row.error) == ("sent", "")


def test_after_the_last_try_it_is_given_up_and_can_be_sent_again(receiver, no_wake):
    made, now = channel("webhook", receiver.url), timezone.now()
    receiver.answers += [500] * 20
    outbox.collect([thing()], now=now)
    for _ in range(20):
        now += timedelta(days=2)
        outbox.deliver(made, now=now)
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("dead", 7)
    receiver.answers.clear()
    outbox.send_again(row, now=now)
    assert outbox.deliver(made, now=now) == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_a_receiver_that_is_gone_is_not_tried_again(receiver):
    made, now = channel("webhook", receiver.url), timezone.now()
    receiver.answers += [410]
    outbox.collect([thing()], now=now)
    outbox.deliver(made, now=now)
    assert Delivery.objects.get().state == "dead"
    assert "gone" in Channel.objects.get().fault


def test_a_try_that_died_is_taken_up_again_with_the_same_id(receiver, no_wake):
    made, now = channel("webhook", receiver.url), timezone.now()
    outbox.collect([thing()], now=now)
    Delivery.objects.update(state="sending", claimed_at=now, attempts=1)
    assert outbox.wake(now=now + timedelta(minutes=5)) == 0
    assert outbox.wake(now=now + timedelta(minutes=11)) == 1
    assert outbox.deliver(made, now=now + timedelta(minutes=11)) == 1


def test_each_message_of_a_long_run_bears_its_own_time_so_that_none_on_its_way_is_taken_for_lost(receiver):
    made, now = channel("webhook", receiver.url), timezone.now()
    outbox.collect([thing(f"opened {n}") for n in range(3)], now=now)
    times = [now + n * outbox.LOST for n in range(3)]
    told = iter(times)
    assert outbox.deliver(made, now=now, clock=lambda: next(told)) == 3
    assert sorted(Delivery.objects.values_list("claimed_at", flat=True)) == times
    assert sorted(Delivery.objects.values_list("sent_at", flat=True)) == times


def test_the_tick_tells_every_workspace_of_its_own_alone(followed, settings, run_jobs):
    settings.CAN_MAIL = True
    channel()
    other = Workspace.objects.create(slug="other", name="Other")
    with inside(other):
        channel(name="Theirs", address="them@example.org")
    opens(followed.vendor.pages.first())
    assert outbox.tick(now=timezone.now()) == 1
    run_jobs()
    assert [one.to for one in mail.outbox] == [["it@example.org"]]
    assert outbox.tick(now=timezone.now()) == 0


# --- where messages may go ---


@pytest.mark.parametrize(
    ("kind", "address", "told"),
    [
        ("mail", "nobody", "e-mail address"),
        ("mail", "a@example.org\nBcc: b@example.org", "e-mail address"),
        ("webhook", "http://hooks.example.org/x", "https"),
        ("webhook", "https://127.0.0.1/x", "numeric"),
        ("webhook", "https://metadata.internal/x", "inside a network"),
        ("webhook", "https://user:pass@hooks.example.org/", "password"),
        ("webhook", "file:///etc/passwd", "http"),
        ("apprise", "json://127.0.0.1/", "begins with one of"),
        ("apprise", "file:///etc/passwd", "begins with one of"),
        ("apprise", "syslog://", "begins with one of"),
        ("apprise", "slack://", "does not understand"),
        ("apprise", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ json://127.0.0.1/", "one Apprise address"),
        ("apprise", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ,json://127.0.0.1/", "one Apprise address"),
        (
            "apprise",
            "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?template=file:///etc/passwd",
            "one Apprise address",
        ),
    ],
)
def test_an_address_nothing_can_be_sent_to_is_refused_in_one_sentence(kind, address, told):
    with pytest.raises(Refused, match=told):
        senders.checked(kind, address)


def test_a_chat_that_refuses_says_why(monkeypatch):
    import logging

    import apprise

    def refuses(self, **_):
        logging.getLogger("apprise").warning("Failed to send Slack notification: channel not found, error=404.")
        return False

    monkeypatch.setattr(apprise.Apprise, "notify", refuses)
    made = channel("apprise", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general")
    assert made.hint == "Slack (slack://…)"
    with pytest.raises(senders.Failed, match="channel not found"):
        senders.send(made, [outbox.message(_notice(), "u")], now=timezone.now())


def _notice():
    outbox.collect([thing()], now=timezone.now())
    return Notice.objects.get()


def test_mail_that_cannot_be_sent_from_here_says_what_is_missing():
    with pytest.raises(senders.Failed, match="EMAIL_URL"):
        senders.send(channel(), [outbox.message(_notice(), "u")], now=timezone.now())


def test_what_was_sealed_under_another_key_says_so(settings):
    kept = sealed.seal("https://hooks.example.org/x")
    assert "hooks" not in kept
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(Refused, match="another SECRET_KEY"):
        sealed.unseal(kept)


# --- the pages ---

FORM = {
    "name": "Our program",
    "kind": "webhook",
    "events": list(KINDS),
    "digest": "now",
    "time_zone": "UTC",
    "language": "en",
}


def test_a_webhook_is_added_tested_changed_paused_and_removed(client, receiver):
    page = client.post(reverse("add-channel"), FORM | {"address": receiver.url})
    key = page.context["key"]
    assert key.startswith("whsec_")
    made = Channel.objects.get()
    for answer in (client.get(reverse("notifications")), client.get(reverse("notification-channel", args=[made.uid]))):
        assert answer.status_code == 200
        assert "very-secret" not in answer.content.decode()
        assert key not in answer.content.decode()
    told = client.post(reverse("test-channel", args=[made.uid]), follow=True).content.decode()
    assert "was taken" in told
    assert len(receiver.got) == 1
    receiver.answers += [503]
    assert (
        "answers with HTTP 503" in client.post(reverse("test-channel", args=[made.uid]), follow=True).content.decode()
    )
    client.post(reverse("notification-channel", args=[made.uid]), FORM | {"name": "Renamed", "address": ""})
    made.refresh_from_db()
    assert (made.name, sealed.unseal(made.address_secret)) == ("Renamed", receiver.url)
    client.post(reverse("pause-channel", args=[made.uid]))
    assert Channel.objects.get().paused_at is not None
    another = client.post(reverse("new-channel-key", args=[made.uid])).context["key"]
    made.refresh_from_db()
    assert (sealed.unseal(made.signing_secret), sealed.unseal(made.old_signing_secret)) == (another, key)
    assert "Remove Renamed?" in client.post(reverse("remove-channel", args=[made.uid])).content.decode()
    client.post(reverse("remove-channel", args=[made.uid]), {"sure": "1"})
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"address": "http://hooks.example.org"}, "https address"),
        ({"address": ""}, "required"),
        ({"address": "https://hooks.example.org", "quiet_from": "22:00"}, "both ends"),
        ({"address": "https://hooks.example.org", "events": []}, "required"),
        ({"address": "https://hooks.example.org", "time_zone": "Mars/Base"}, "valid choice"),
    ],
)
def test_a_form_that_cannot_be_says_why_and_keeps_what_was_typed(client, given, told):
    page = client.post(reverse("add-channel"), FORM | given)
    assert page.status_code == 400
    assert told in page.content.decode()
    assert "Our program" in page.content.decode()
    assert not Channel.objects.exists()


def test_the_log_shows_each_message_and_sends_one_again(client, receiver, no_wake):
    made = channel("webhook", receiver.url)
    outbox.collect([thing()], now=timezone.now())
    outbox.deliver(made, now=timezone.now())
    page = client.get(reverse("notification-channel", args=[made.uid])).content.decode()
    assert "An incident is open at Acme" in page
    row = Delivery.objects.get()
    client.post(reverse("send-again", args=[row.uid]))
    row.refresh_from_db()
    assert row.state == "waiting"


def test_the_audit_trail_names_the_channel_and_holds_no_address_or_key(client, receiver):
    client.post(reverse("add-channel"), FORM | {"address": receiver.url})
    entry = AuditEntry.objects.filter(kind="channel").latest("pk")
    told = json.dumps([entry.before, entry.after])
    assert entry.label == "Our program"
    assert "secret" not in told
    assert "127.0.0.1" in told, "where it leads, without the path"


def test_pages_cost_the_same_however_many_messages_there_are(client, django_assert_max_num_queries):
    made = channel()
    outbox.collect([thing(f"drop {n}", "score-drop") for n in range(60)], now=timezone.now())
    for url in (reverse("notifications"), reverse("notification-channel", args=[made.uid])):
        client.get(url)
        with django_assert_max_num_queries(12):
            client.get(url)
