"""The page of evidence from elsewhere: nothing is taken before it was shown, nothing is lost when it is withdrawn."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.evidence import MAX_BODY
from tests.assessments.making import NOW, make_facts, make_incident
from vendors import models
from vendors.evidence import tables
from vendors.evidence_rows import batches, entered
from vendors.facts import facts_of
from vendors.ingest import ingest_facts

pytestmark = pytest.mark.django_db
PATH = "/vendors/vendor/evidence/"
ONE = {
    "action": "add",
    "title": "Mail was down",
    "started_at": "2025-11-01 10:00",
    "ended_at": "2025-11-01 12:00",
    "zone": "Europe/Berlin",
    "source_kind": "press",
    "source_url": "https://news.example/mail",
    "impact": "major",
    "components": "Mail | Calendar",
    "note": "page 3",
}
TABLE = b"title;started_at;impact\r\nMail was down;2025-11-01T10:00Z;major\r\n=1+1;2025-11-02T10:00Z;\r\n"
EXPORT = b"start,end\n2025-12-01 10:00,2025-12-01 10:20\n2025-12-02 10:00,2025-12-02 10:03\n"


@pytest.fixture(autouse=True)
def vendor() -> models.Vendor:
    return ingest_facts(make_facts((make_incident(1), make_incident(2))))


def upload(client: Client, data: bytes, kind: str = "table", name: str = "mine.csv", **fields: str):
    form = {"action": "preview", "kind": kind, "file": SimpleUploadedFile(name, data), **fields}
    return client.post(PATH, form)


def hidden(page: str) -> dict[str, str]:
    """The fields of the preview's form that takes the rows."""
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(action|kind|note|data)" value="([^"]*)"', page)
    }


def test_the_page_of_a_vendor_without_evidence_says_so_and_offers_three_ways(client) -> None:
    page = client.get(PATH).content.decode()
    assert page.count("None yet.") == 2
    assert page.partition("<main")[2].partition("</main>")[0].count("<form") == 3
    assert client.get("/vendors/nobody/evidence/").status_code == 404
    assert client.get("/vendors/vendor/evidence").status_code == 301


def test_an_incident_is_entered_and_shown(client, vendor) -> None:
    answer = client.post(PATH, ONE, follow=True)
    page = answer.content.decode()
    assert "Incident: 1 added." in page
    assert 'href="https://news.example/mail"' in page
    assert "2025-11-01 09:00" in page
    (row,) = entered(vendor)
    assert row.incident.components == ("Mail", "Calendar")
    assert any(one.is_reported for one in facts_of(vendor, as_of=NOW).incidents)
    assert "there already" in client.post(PATH, ONE, follow=True).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "Say in a few words"),
        ("started_at", "", "Say when"),
        ("started_at", "soon", "write it like"),
        ("zone", "", "names no zone"),
        ("zone", "Mars/Base", "IANA"),
        ("ended_at", "2025-11-01 08:00", "before the start"),
        ("source_url", "", "press report"),
        ("source_kind", "gossip", "valid choice"),
        ("title", "x" * 501, "500"),
    ],
)
def test_a_field_that_cannot_be_is_answered_400_beside_it_and_nothing_is_lost(client, field, value, words) -> None:
    answer = client.post(PATH, ONE | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert any(words in html.unescape(fault) for fault in re.findall(r'class="fault"[^>]*>([^<]*)<', page))
    assert 'value="page 3"' in page
    assert models.ReportedIncident.objects.count() == 0


def test_a_table_is_shown_before_it_is_taken(client, vendor) -> None:
    page = upload(client, TABLE).content.decode()
    assert "2 incidents" in page
    assert models.ReportedIncident.objects.count() == 0
    taken = client.post(PATH, hidden(page), follow=True).content.decode()
    assert "Incidents: 2 added." in taken
    assert {row.incident.title for row in entered(vendor)} == {"Mail was down", "=1+1"}


def test_a_table_with_faults_shows_all_of_them_and_offers_nothing_to_take(client) -> None:
    answer = upload(client, b"title,started_at,impact\n,2025-11-01T10:00Z,dire\nx,soon,\nfine,2025-11-01T10:00Z,\n")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "3 to mend" in page
    assert 'value="accept"' not in page
    assert "fine" in page
    assert models.ReportedIncident.objects.count() == 0


def test_an_export_is_shown_before_it_is_taken(client, vendor) -> None:
    page = upload(client, EXPORT, "export", "probe.csv", zone="UTC", observer="our probe").content.decode()
    assert "2 failures. Nothing" in page
    assert "20 min" in page
    assert "Failures seen: 2 added." in client.post(PATH, hidden(page), follow=True).content.decode()
    (batch,) = batches(vendor)
    assert (batch.observer, batch.note, batch.spans) == ("our probe", "plain CSV: probe.csv", 2)
    assert len(facts_of(vendor, as_of=NOW).observed) == 2


def test_a_json_export_is_understood(client) -> None:
    beats = [{"status": 0, "time": "2025-12-01 10:00:00"}, {"status": 1, "time": "2025-12-01 10:09:00"}]
    page = upload(client, json.dumps({"heartbeatList": {"1": beats}}).encode(), "export", "kuma.json").content.decode()
    assert "Uptime Kuma export" in page
    assert "1 failure. Nothing" in page


@pytest.mark.parametrize(
    ("data", "kind", "fields", "words"),
    [
        (b"a,b\n1,2\n", "export", {}, "Uptime Kuma"),
        (b"a,b\n1,2\n", "table", {}, "known are"),
        (b"", "table", {}, "empty"),
        (b"x" * (tables.MAX_BYTES + 1), "table", {}, "larger than"),
        (TABLE, "table", {"zone": "Nowhere"}, "IANA"),
        (b"\xff\xfe\x00", "export", {}, "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_400_beside_its_field(client, data, kind, fields, words) -> None:
    answer = upload(client, data, kind, **fields)
    assert answer.status_code == 400
    assert words in html.unescape(answer.content.decode())


def test_an_upload_beyond_any_export_is_refused_before_it_is_read(client) -> None:
    class Unread:
        def read(self, *size: int) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    request = {"CONTENT_LENGTH": str(MAX_BODY + 1), "wsgi.input": Unread()}
    answer = Client(enforce_csrf_checks=True).generic("POST", PATH, b"", content_type="multipart/form-data", **request)
    assert answer.status_code == 413
    assert "8 MiB" in answer.content.decode()


def test_every_form_needs_its_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(PATH).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    assert page.count("csrfmiddlewaretoken") == page.count('method="post"')
    assert strict.post(PATH, ONE).status_code == 403
    assert strict.post(PATH, {"action": "remove", "name": "r1"}).status_code == 403
    assert strict.post(PATH, ONE | {"csrfmiddlewaretoken": token.group(1)}).status_code == 302


def test_what_is_withdrawn_can_be_brought_back(client, vendor) -> None:
    client.post(PATH, ONE)
    client.post(PATH, hidden(upload(client, EXPORT, "export", zone="UTC").content.decode()))
    for name in (entered(vendor)[0].name, batches(vendor)[0].name):
        page = client.post(PATH, {"action": "remove", "name": name}, follow=True).content.decode()
        assert "Bring back" in page
    facts = facts_of(vendor, as_of=NOW)
    assert not facts.observed
    assert not any(one.is_reported for one in facts.incidents)
    for name in (entered(vendor)[0].name, batches(vendor)[0].name):
        assert "Brought back." in client.post(PATH, {"action": "undo", "name": name}, follow=True).content.decode()
    assert len(facts_of(vendor, as_of=NOW).observed) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"action": "drop"},
        {"action": "remove", "name": "r999"},
        {"action": "undo", "name": "'; --"},
        {"action": "accept", "kind": "table", "data": "nonsense"},
        {"action": "accept", "kind": "table", "data": "title,started_at\nx,soon\n"},
        {"action": "accept", "kind": "export", "data": "{}"},
        {"action": "accept", "kind": "export", "data": "start,end\nsoon,\n"},
        {"action": "preview"},
        {"action": "remove", "name": "f\x00123456789ab"},
        {"action": "remove", "name": "f123"},
        {"action": "accept", "kind": "table", "data": "title,started_at\n\x00,2025-01-01T00:00Z\n"},
    ],
)
def test_a_request_made_by_hand_is_answered_400_with_a_sentence(client, fields) -> None:
    answer = client.post(PATH, fields)
    assert answer.status_code == 400
    assert models.ReportedIncident.objects.count() == models.ObservedSpan.objects.count() == 0


def test_one_vendor_cannot_withdraw_what_was_entered_for_another(client, vendor) -> None:
    client.post(PATH, ONE)
    models.Vendor.objects.create(slug="other", name="Other")
    answer = client.post("/vendors/other/evidence/", {"action": "remove", "name": entered(vendor)[0].name})
    assert answer.status_code == 400
    assert entered(vendor)[0].withdrawn_at is None


def test_the_table_comes_back_safe_to_open_and_without_what_was_withdrawn(client, vendor) -> None:
    client.post(PATH, hidden(upload(client, TABLE).content.decode()))
    answer = client.get("/vendors/vendor/evidence.csv")
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    assert "'=1+1" in text
    assert len(text.splitlines()) == 3
    client.post(PATH, {"action": "remove", "name": entered(vendor)[0].name})
    assert len(client.get("/vendors/vendor/evidence.csv").content.splitlines()) == 2


def test_text_from_outside_stays_text(client) -> None:
    bad = "<script>alert(1)</script>\"'><img src=x>"
    client.post(PATH, ONE | {"title": bad, "note": bad})
    preview = upload(client, EXPORT, "export", bad + ".csv", zone="UTC", observer=bad).content.decode()
    client.post(PATH, hidden(preview))
    listed = client.get(PATH).content.decode()
    for page in (preview, listed):
        assert "<script>alert" not in page
        assert "<img" not in page
        assert " style=" not in page
        assert re.findall(r'href="(?!https?://|/|#|\?|data:,)[^"]*', page) == []


def test_the_page_asks_as_often_for_much_evidence_as_for_little(client, vendor) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (2, 90):
        rows = "".join(f"outage {n},{(NOW - timedelta(days=n + 1)).isoformat()}\n" for n in range(number))
        client.post(PATH, hidden(upload(client, f"title,started_at\n{rows}".encode()).content.decode()))
        client.get(PATH)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(PATH).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "page 1 of 2" in page


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_incidents_learnt_elsewhere_go_out_and_come_back_in_both_formats(client, vendor, form) -> None:
    told = "title,started_at,ended_at,source_kind,note\n=Down,2026-03-01T10:00:00Z,2026-03-01T12:00:00Z,ticket,-said\n"
    client.post(PATH, {"action": "accept", "kind": "table", "data": told})
    out = client.get(f"/vendors/vendor/evidence.{form}").content
    page = client.post(PATH, {"action": "preview", "kind": "table", "file": SimpleUploadedFile(f"a.{form}", out)})
    assert page.status_code == 200
    assert "=Down" in html.unescape(page.content.decode())
    assert "It is all so already" in page.content.decode()
    assert 'value="accept"' not in page.content.decode(), "there is nothing to take"
    client.post(PATH, {"action": "accept", "kind": "table", "data": told})
    assert [row.incident.title for row in entered(vendor)] == ["=Down"], "the same again is the same"


def test_a_preview_says_of_each_row_what_it_does(client, vendor) -> None:
    head = "title,started_at,ended_at,impact\n"
    first = f"{head}Mail was down,2025-11-01T10:00Z,,major\nLogin failed,2025-11-02T10:00Z,2025-11-02T11:00Z,\n"
    client.post(PATH, {"action": "accept", "kind": "table", "data": first})
    second = f"{first}Search was slow,2025-11-03T10:00Z,,\n".replace(
        "10:00Z,,major", "10:00Z,2025-11-01T12:00Z,critical"
    )
    page = upload(client, second.encode()).content.decode()
    assert "1 new, 1 changed, 1 there already." in page
    assert re.findall(r"changes: [^<]+", page) == ["changes: its end, its impact"]
    assert entered(vendor)[1].incident.impact == "major", "a preview changes nothing"
    taken = client.post(PATH, hidden(page), follow=True).content.decode()
    assert "Incidents: 1 added, 1 brought up to date, 1 there already." in taken
    told = {row.incident.title: (row.incident.impact, row.incident.end_known) for row in entered(vendor)}
    assert told == {
        "Mail was down": ("critical", "stated"),
        "Login failed": (None, "stated"),
        "Search was slow": (None, "unknown"),
    }
    client.post(PATH, {"action": "accept", "kind": "table", "data": f"{head}Mail was down,2025-11-01T10:00Z,,\n"})
    assert {row.incident.impact for row in entered(vendor)} == {"critical", None}, "an empty cell says nothing"
