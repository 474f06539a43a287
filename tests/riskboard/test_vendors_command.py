"""`riskboard vendors`: what it prints is held against golden files; what it changes is what the pages change.

RISKBOARD_WRITE_GOLDEN=1 writes the files anew; read what changed before it is committed.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from assessments import noted
from assessments.models import Followed
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard import cli, embedded
from riskboard.accounts.models import AuditEntry
from vendors import polling
from vendors.catalogue import index
from vendors.ingest import ingest_facts
from vendors.models import Watch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake", "current")]
GOLDEN = Path(__file__).parent / "golden"
BOTH = ("modal", "microsoft-bpos-2011")


@pytest.fixture
def current(monkeypatch):
    """The schema is the suite's."""
    monkeypatch.setattr(embedded, "ensure_database", lambda **_: None)


@pytest.fixture
def followed():
    for slug in BOTH:
        facts = index.load(slug)
        assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=4.0), as_of=facts.as_of)
    noted.annotate(
        "modal", noted.Words(("ai", "batch"), "ours", "Ops team", "high"), seen=noted.words_digest(row("modal"))
    )


def row(slug: str) -> Followed:
    return Followed.objects.select_related("vendor").get(vendor__slug=slug)


def said(capsysbinary, *words: str, code: int = 0) -> str:
    assert cli.main(["vendors", *words]) == code, capsysbinary.readouterr().err
    return capsysbinary.readouterr().out.decode()


def golden(name: str, text: str) -> str:
    """What the file holds; with RISKBOARD_WRITE_GOLDEN the text, written into it."""
    path = GOLDEN / name
    if os.environ.get("RISKBOARD_WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return path.read_text()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("vendors-list.txt", ["list"]), ("vendors-list.json", ["list", "--json"]),
        ("vendors-list-narrowed.txt", ["list", "team", "--criticality", "high", "--sort=-readiness"]),
        ("vendors-show.txt", ["show", "Modal"]), ("vendors-show.json", ["show", "modal", "--json"]),
        ("vendors-put-away.json", ["put-away", "modal", "--json"]), ("vendors-put-away.txt", ["put-away", *BOTH]),
    ],
)  # fmt: skip
def test_it_prints_what_it_printed_last(followed, capsysbinary, name, words):
    text = said(capsysbinary, *words)
    assert text == golden(name, text)


def test_nothing_is_said_to_be_there_before_the_first(capsysbinary):
    assert "riskboard vendors add NAME adds one" in said(capsysbinary, "list")
    assert json.loads(said(capsysbinary, "list", "--json")) == []


def test_a_bundled_vendor_is_added_with_words_and_added_again_changes_nothing(capsysbinary):
    words = ["add", "modal", "--rto", "8h", "--tags", "AI, batch", "--owner", "Ops", "--criticality", "low", "--json"]
    told = json.loads(said(capsysbinary, *words))
    assert (told["slug"], told["rto_hours"], told["tags"], told["owner"]) == ("modal", 8.0, ["ai", "batch"], "Ops")
    assert json.loads(said(capsysbinary, *words)) == told
    assert Followed.objects.count() == 1


def test_what_is_said_of_one_is_set_and_the_rest_stays(followed, capsysbinary):
    said(capsysbinary, "set", "modal", "--owner", "Sales", "--criticality", "")
    assert noted.Words.of(row("modal")) == noted.Words(("ai", "batch"), "ours", "Sales", "")
    assert AuditEntry.objects.filter(kind="followed", did="changed").order_by("pk").last().after == {
        "owner": "Sales",
        "criticality": "",
    }


def test_several_are_put_away_and_brought_back(followed, capsysbinary):
    assert said(capsysbinary, "put-away", *BOTH) == "put away: 2\n"
    assert said(capsysbinary, "put-away", *BOTH) == "put away: 0 (it was so already)\n"
    assert {one["slug"] for one in json.loads(said(capsysbinary, "list", "--away", "--json"))} == set(BOTH)
    assert said(capsysbinary, "bring-back", "modal") == "brought back: 1\n"
    assert list(Followed.objects.shown().values_list("vendor__slug", flat=True)) == ["modal"]


def test_pages_are_watched_and_no_more(followed, capsysbinary):
    assert said(capsysbinary, "watch", "modal").startswith("pages watched now: ")
    assert polling.is_watched(row("modal").vendor)
    assert said(capsysbinary, "watch", "modal").endswith("(it was so already)\n")
    said(capsysbinary, "unwatch", "modal")
    assert not Watch.objects.filter(due_at__isnull=False).exists()


def test_they_are_judged_anew_for_the_needs_of_their_last_judgement(followed, capsysbinary):
    Followed.objects.update(judged_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert said(capsysbinary, "judge", "modal") == "judged anew: 1\n"
    assert row("modal").judged_at.year > 2020
    assert row("modal").rto_hours == 4.0


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_list_is_written_as_a_file(followed, capsysbinary, tmp_path, form):
    path = tmp_path / f"v.{form}"
    said(capsysbinary, "list", "--out", str(path))
    if form == "xlsx":
        assert openpyxl.load_workbook(path).worksheets[0].max_row == 3
    else:
        assert path.read_text().count("modal") >= 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["show", "moda"], "did you mean modal?"),
        (["show", "zzz"], "riskboard vendors list"),
        (["list", "--grade", "Z"], "--grade"),
        (["list", "--out", "x.pdf"], ".csv, .xlsx or .json"),
        (["set", "modal"], "--owner"),
        (["set", "modal", "--criticality", "immense"], "low, medium, high, critical"),
        (["add", "no-such-vendor"], "no-such-vendor"),
        (["add", "modal", "--rto", "soon"], "4h"),
        (["put-away", "modal", "zzz"], "zzz"),
    ],
)
def test_a_refusal_is_one_line_and_exit_1_and_changes_nothing(followed, capsysbinary, words, told):
    before = list(Followed.objects.order_by("pk").values())
    assert cli.main(["vendors", *words]) == 1
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert err.decode().startswith("riskboard: ")
    assert err.count(b"\n") == 1
    assert told in err.decode()
    assert list(Followed.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("words", [[], ["nonsense"], ["show"], ["put-away"]])
def test_wrong_usage_exits_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["vendors", *words])
    assert ended.value.code == 2
