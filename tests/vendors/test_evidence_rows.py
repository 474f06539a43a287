"""Evidence as rows and as commands: stored once, withdrawn and brought back, and part of the facts as of any day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from riskboard import cli
from riskboard.accounts.models import AuditEntry
from riskboard.errors import Refused
from tests.assessments.making import NOW, make_facts, make_incident
from vendors import models
from vendors.evidence.reported import Report, read_csv, read_row
from vendors.evidence_rows import batches, enter, entered, observe, restore, vendor_named, withdraw
from vendors.facts import facts_of
from vendors.facts_file import dumps, faults, loads, sha256
from vendors.ingest import ingest_facts
from vendors.records import ObservedSpan

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def vendor() -> models.Vendor:
    return ingest_facts(make_facts((make_incident(1), make_incident(2))))


def report(days_ago: float = 30, **cells: str) -> Report:
    row = {
        "title": "Mail was down",
        "started_at": (NOW - timedelta(days=days_ago)).isoformat(),
        "ended_at": (NOW - timedelta(days=days_ago) + timedelta(hours=3)).isoformat(),
        "source_kind": "ticket",
        "note": "case 7",
    }
    found, wrong = read_row(row | cells, as_of=NOW)
    assert found is not None, wrong
    return found


def span(days_ago: float = 10, minutes: int | None = 30, observer: str = "probe") -> ObservedSpan:
    start = NOW - timedelta(days=days_ago)
    end = None if minutes is None else start + timedelta(minutes=minutes)
    return ObservedSpan(start=start, end=end, observer=observer, note="plain CSV")


def test_evidence_becomes_part_of_the_facts_with_its_source(vendor) -> None:
    enter(vendor, [report(source_url="https://news.example/a", source_kind="press")], now=NOW)
    observe(vendor, [span()], now=NOW)
    facts = facts_of(vendor, as_of=NOW)
    assert list(faults(facts)) == []
    assert [one.reported for one in facts.incidents if one.is_reported] == ["press"]
    assert facts.observed == (span(),)
    assert facts.sources[-1].url == "https://news.example/a"
    assert facts.sources[-1].note == "case 7"
    assert loads(dumps(facts)) == facts


def test_entering_the_same_again_changes_nothing(vendor) -> None:
    for expected in ("2 added", "0 added, 2 there already"):
        assert str(enter(vendor, [report(30), report(40)], now=NOW)) == expected
        assert str(observe(vendor, [span(10), span(11)], now=NOW)) == expected
    assert models.ReportedIncident.objects.count() == models.ObservedSpan.objects.count() == 2


def test_a_later_export_ends_what_was_open(vendor) -> None:
    observe(vendor, [span(minutes=None)], now=NOW)
    assert str(observe(vendor, [span(minutes=30)], now=NOW)) == "0 added, 1 brought up to date"
    assert str(observe(vendor, [span(minutes=None)], now=NOW)) == "0 added, 1 there already"
    assert facts_of(vendor, as_of=NOW).observed == (span(minutes=30),)


def test_what_is_withdrawn_no_longer_counts_keeps_its_row_and_comes_back(vendor) -> None:
    before = sha256(facts_of(vendor, as_of=NOW))
    enter(vendor, [report()], now=NOW)
    observe(vendor, [span(10), span(11)], now=NOW)
    full = sha256(facts_of(vendor, as_of=NOW))
    (row,), (batch,) = entered(vendor), batches(vendor)
    assert withdraw(row.name, now=NOW) == 1
    assert withdraw(batch.name, now=NOW) == 2
    assert withdraw(batch.name, now=NOW) == 0
    assert sha256(facts_of(vendor, as_of=NOW)) == before
    assert "withdrawn before" in str(enter(vendor, [report()], now=NOW))
    assert sha256(facts_of(vendor, as_of=NOW)) == before
    assert (restore(row.name), restore(batch.name)) == (1, 2)
    assert sha256(facts_of(vendor, as_of=NOW)) == full
    one = models.ObservedSpan.objects.first()
    assert withdraw(f"s{one.pk}", now=NOW) == 1
    assert batches(vendor)[0].withdrawn == 1


@pytest.mark.parametrize("name", ["", "r", "x1", "r1; drop", "r99999999999999999999", "f12", "r999", "f0123456789ab"])
def test_a_name_of_nothing_is_refused(vendor, name) -> None:
    for act in (lambda: withdraw(name, now=NOW), lambda: restore(name)):
        with pytest.raises(Refused, match="evidence"):
            act()


def test_evidence_of_one_vendor_is_out_of_reach_by_another(vendor) -> None:
    other = models.Vendor.objects.create(slug="other", name="Other")
    enter(vendor, [report()], now=NOW)
    observe(vendor, [span()], now=NOW)
    observe(other, [span()], now=NOW)
    with pytest.raises(Refused):
        withdraw(entered(vendor)[0].name, now=NOW, vendor=other)
    assert batches(vendor)[0].name != batches(other)[0].name


def test_facts_of_an_earlier_day_know_nothing_of_later_evidence(vendor) -> None:
    enter(vendor, [report(3), report(30)], now=NOW)
    observe(vendor, [span(3), span(10, minutes=60 * 24 * 5)], now=NOW)
    facts = facts_of(vendor, as_of=NOW - WEEK)
    assert [one.started_at for one in facts.incidents if one.is_reported] == [NOW - timedelta(days=30)]
    assert [seen.end for seen in facts.observed] == [None]


def test_reading_facts_asks_as_often_for_much_evidence_as_for_little(vendor) -> None:
    counts = []
    for number in (1, 80):
        enter(vendor, [report(n + 1, title=f"outage {n}") for n in range(number)], now=NOW)
        observe(vendor, [span(n + 1) for n in range(number)], now=NOW)
        with CaptureQueriesContext(connection) as asked:
            facts_of(vendor, as_of=NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9


def test_the_database_itself_refuses_a_failure_that_ends_before_it_starts(vendor) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        models.ObservedSpan.objects.create(
            vendor=vendor, observer="x", started_at=NOW, ended_at=NOW - WEEK, batch="0", entered_at=NOW
        )


def test_a_bundled_vendor_is_stored_when_it_is_named_and_an_unknown_one_refused() -> None:
    assert vendor_named("Microsoft BPOS (May 2011)").slug == vendor_named("microsoft-bpos-2011").slug
    with pytest.raises(Refused, match="no bundled vendor"):
        vendor_named("githubb")


def said(capsys, *argv: str) -> tuple[int, str]:
    code = cli.main(["evidence", *argv])
    streams = capsys.readouterr()
    return code, streams.out + streams.err


def test_the_commands_enter_list_withdraw_and_bring_back(vendor, capsys, tmp_path: Path) -> None:
    one = ["--title", "Mail was down", "--started", "2025-11-01 10:00", "--zone", "Europe/Berlin", "--ended", "open"]
    assert said(capsys, "add", "vendor", *one, "--source", "https://news.example/a", "--kind", "press") == (
        0, "Vendor: incidents learnt elsewhere: 1 added\n",
    )  # fmt: skip
    export = tmp_path / "probe.csv"
    start = NOW - timedelta(days=20)
    export.write_text(f"start,end\n{start.isoformat()},{(start + timedelta(hours=1)).isoformat()}\n")
    code, text = said(capsys, "import", "vendor", str(export), "--observer", "our probe")
    assert (code, "plain CSV: failures seen: 1 added" in text) == (0, True)
    table, facts = tmp_path / "out.csv", tmp_path / "out.facts.json"
    code, text = said(capsys, "list", "vendor", "--csv", str(table), "--facts", str(facts))
    assert code == 0
    assert "seen by our probe (plain CSV: probe.csv)" in text
    assert "of 1 failures seen in the published record's time, 1 were published" in text
    assert len(read_csv(table.read_bytes(), as_of=timezone.now()).reports) == 1
    assert len(loads(facts.read_bytes()).observed) == 1
    name = entered(vendor)[0].name
    assert "1 row withdrawn; to bring it back" in said(capsys, "remove", name)[1]
    assert "withdrawn already" in said(capsys, "remove", name)[1]
    assert "withdrawn" in said(capsys, "list", "vendor")[1]
    assert "1 row brought back" in said(capsys, "remove", name, "--undo")[1]


def test_a_table_with_faults_is_refused_whole_with_all_of_them(vendor, capsys, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("title,started_at\nfine,2025-01-01T00:00Z\n,2025-01-01T00:00Z\nlate,soon\n")
    code, text = said(capsys, "add", "vendor", "--csv", str(path))
    assert code == 1
    assert "row 3, title" in text
    assert "row 4, started_at" in text
    assert models.ReportedIncident.objects.count() == 0


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["add", "vendor", "--title", "x"], "--started"),
        (["add", "vendor", "--title", "x", "--started", "2025-01-01 10:00"], "names no zone"),
        (["add", "vendor", "--csv", "missing.csv"], "no file"),
        (["add", "vendor", "--csv", "missing.csv", "--title", "x"], "not both"),
        (["import", "vendor", "missing.csv"], "no file"),
        (["add", "nobody-known", "--title", "x", "--started", "2025-01-01T10:00Z"], "nobody-known"),
        (["remove", "r404"], "no evidence r404"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(vendor, capsys, argv, words) -> None:
    code, text = said(capsys, *argv)
    assert code == 1
    assert words in text


def test_listing_nothing_says_so(vendor, capsys) -> None:
    assert "no evidence is entered for Vendor" in said(capsys, "list", "vendor")[1]


def test_each_row_leaves_its_lines_in_the_trail(vendor) -> None:
    enter(vendor, [report(), report(40)], now=NOW)
    enter(vendor, [report(impact="critical"), report(40)], now=NOW)
    observe(vendor, [span(minutes=None), span(11)], now=NOW)
    observe(vendor, [span(minutes=30), span(11)], now=NOW)
    name = entered(vendor)[0].name
    withdraw(name, now=NOW, vendor=vendor)
    withdraw(name, now=NOW, vendor=vendor)
    restore(name, vendor=vendor)
    told = list(AuditEntry.objects.order_by("pk").values_list("kind", "did"))
    of_incidents = [did for kind, did in told if kind == "reportedincident"]
    assert of_incidents == ["added", "added", "changed", "changed", "changed"], "what changes nothing leaves nothing"
    assert [did for kind, did in told if kind == "observedspan"] == ["added", "added", "changed"]
    last = AuditEntry.objects.order_by("pk").last()
    assert (last.before, last.after) == ({"withdrawn_at": NOW.isoformat()}, {"withdrawn_at": None})
    assert last.object_id == name[1:]
