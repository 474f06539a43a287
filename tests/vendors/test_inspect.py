"""`riskboard inspect`: an address or a file to facts; everything that is neither gets one sentence and exit 1."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from riskboard.cli import main
from riskboard.errors import Refused
from tests.vendors.statuspage_answers import (
    NOW,
    PAGE,
    at,
    body,
    component,
    incident,
    listing,
    maintenance,
    post,
    raw,
    summary,
)
from tests.vendors.test_statuspage_archive import entry, quarter
from tests.vendors.test_statuspage_feed import TWO, feed
from tests.vendors.test_statuspage_feed import entry as feed_entry
from tests.vendors.test_statuspage_home import TWO as HOME_TWO
from tests.vendors.test_statuspage_home import day, home, past
from vendors import facts_file
from vendors.inspection import inspect, is_address, slug_of, vendor_name_of
from vendors.sources.base import Raw

LINES = "\n".join(json.dumps(incident(f"inc{n:09d}")) for n in range(2)).encode()


def nobody(url: str) -> Raw:
    raise AssertionError(f"{url} was asked for")


def facts_of(path: Path, content: bytes, **options):
    path.write_bytes(content)
    return inspect(str(path), url=options.pop("url", None), platform=None, as_of=NOW, fetch=nobody, **options)


@pytest.mark.parametrize(
    ("content", "incidents", "maintenances", "state"),
    [
        (summary(incident("inc000000001", post("2026-06-01 10:00")), indicator="major"), 1, 0, "issue"),
        (listing(incident()), 1, 0, "unknown"),
        (body(scheduled_maintenances=[maintenance()]), 0, 1, "unknown"),
        (body(components=[component("c1", "API")]), 0, 0, "unknown"),
        (body(status={"indicator": "none", "description": "x"}), 0, 0, "ok"),
        (body(incident=incident()), 1, 0, "unknown"),
        (quarter(entry("aaa000000001", "May 2, 08:00 - 09:00 UTC")), 1, 0, "unknown"),
        (feed(feed_entry(TWO, "2026-05-02T11:00:00Z")), 1, 0, "unknown"),
        (home(day("Jan", 21, 2021, past("inc000000001", *HOME_TWO))), 1, 0, "ok"),
        (LINES, 2, 0, "unknown"),
        (json.dumps(incident()).encode(), 1, 0, "unknown"),
        (gzip.compress(listing(incident())), 1, 0, "unknown"),
    ],
    ids=["summary", "incidents", "scheduled-maintenances", "components", "status", "single incident", "archive", "Atom", "home page",
         "lines", "one line", "gzip"],
)  # fmt: skip
def test_a_saved_answer_of_any_kind_becomes_facts(tmp_path, content, incidents, maintenances, state):
    facts = facts_of(tmp_path / "capture", content)
    assert (len(facts.incidents), len(facts.maintenances), facts.pages[0].state) == (incidents, maintenances, state)
    assert facts_file.loads(facts_file.dumps(facts)) == facts
    assert facts.sources[0].sha256 is not None


def test_facts_of_a_file_are_as_of_the_newest_time_in_it(tmp_path):
    facts = facts_of(tmp_path / "a.json", listing(incident()))
    assert facts.as_of == facts.window.end == at("2026-05-01 11:00")


def test_facts_of_a_file_are_as_of_the_time_it_was_saved_where_that_is_given(tmp_path):
    facts = facts_of(tmp_path / "a.json", listing(incident()), exact=True)
    assert facts.as_of == facts.window.end == NOW


def test_the_page_and_vendor_come_from_the_answer_unless_the_address_is_given(tmp_path):
    facts = facts_of(tmp_path / "a.json", listing(incident()))
    assert (facts.pages[0].url, facts.vendor.name, facts.vendor.slug, facts.vendor.category) == (
        PAGE,
        "Example",
        "example",
        "unknown",
    )
    facts = facts_of(tmp_path / "a.json", listing(incident()), url="https://www.example.org/history.atom")
    assert facts.pages[0].url == facts.incidents[0].page == "https://www.example.org"


def test_a_facts_file_comes_out_as_it_went_in(tmp_path):
    facts = facts_of(tmp_path / "a.json", listing(incident()))
    assert facts_of(tmp_path / "b.json", facts_file.dumps(facts)) == facts
    assert facts_of(tmp_path / "b.facts.json.gz", facts_file.pack(facts)) == facts


def test_what_was_kept_out_is_named_in_the_facts(tmp_path):
    facts = facts_of(tmp_path / "a.json", listing(incident("inc000000001", name=7), incident("inc000000002")))
    assert [note.note for note in facts.sources if note.note and note.note.startswith("left out")]


def test_an_address_is_fetched_and_every_answer_is_named_with_its_hash():
    pages = {f"{PAGE}/api/v2/summary.json": summary(), f"{PAGE}/api/v2/incidents.json": listing(incident())}

    def fetch(url: str) -> Raw:
        if url not in pages:
            raise Refused(f"{url} answers with HTTP 404")
        return raw(pages[url], url)

    facts = inspect(PAGE, url=None, platform=None, as_of=NOW, fetch=fetch)
    assert (len(facts.incidents), facts.as_of) == (1, NOW)
    assert {"summary", "incidents"} <= {source.name for source in facts.sources if source.sha256}
    told = {o.check: o.outcome for o in facts.openness}
    assert [told[check] for check in ("access", "machine-readable-feed", "history-reach")] == ["pass"] * 3
    assert told["subscriptions"] == "unknown"  # the page as people see it did not answer


BAD = {
    "empty.json": (b"", "empty"),
    "page.html": (b"<html><body>All fine</body></html>", "no home page of a Statuspage"),
    "cut.json": (listing(incident())[:-20], "cut off"),
    "other.json": (b'{"hello": "world"}', "nothing that a status page serves"),
    "list.json": (b"[1, 2]", "another shape"),
    "noise.bin": (bytes(range(256)), "cut off or no JSON"),
    "cut.json.gz": (gzip.compress(listing(incident()) * 50)[:100], "gzip"),
    "rows.jsonl": (b'{"a": 1}\n{"a": 2}\n', "no incident object"),
    "facts.json": (b'{"schema": "riskboard.facts/1", "vendor": 3}', r"\$\.vendor"),
}


@pytest.mark.parametrize("name", BAD)
def test_anything_else_is_refused_in_one_sentence_with_exit_1(tmp_path, capsys, name):
    content, said = BAD[name]
    (tmp_path / name).write_bytes(content)
    assert main(["inspect", str(tmp_path / name)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert re.search(said, err)
    assert err.count("\n") == 1


@pytest.mark.parametrize("target", ["no-such-file.json", "."])
def test_a_file_that_is_none_is_refused(capsys, target):
    assert main(["inspect", target]) == 1
    assert "no file" in capsys.readouterr().err


def test_an_unknown_platform_is_refused(tmp_path, capsys):
    (tmp_path / "a.json").write_bytes(listing(incident()))
    assert main(["inspect", str(tmp_path / "a.json"), "--platform", "pigeon"]) == 1
    assert "statuspage" in capsys.readouterr().err


def test_the_command_prints_facts_and_says_what_was_left_out(tmp_path, capfdbinary):
    (tmp_path / "a.json").write_bytes(listing(incident("inc000000001", name=7), incident("inc000000002")))
    assert main(["inspect", str(tmp_path / "a.json"), "--as-of", "2026-06-01"]) == 0
    out, err = capfdbinary.readouterr()
    assert facts_file.loads(out).as_of == at("2026-06-01 00:00")
    assert b"left out" in err


def test_inspecting_json_loads_no_framework_and_no_parser_it_does_not_need(tmp_path):
    (tmp_path / "a.json").write_bytes(listing(incident()))
    code = (
        "import sys\nfrom riskboard.cli import main\n"
        f"main(['inspect', {str(tmp_path / 'a.json')!r}])\n"
        "heavy = {'django', 'celery', 'numpy', 'scipy', 'lxml', 'nh3', 'requests', 'weasyprint'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("target", "yes"),
    [("https://a.example", True), ("status.example.com", True), ("status.example.com/history", True), ("a.json", False),
     ("dir/a.json", False), ("page.html", False), ("./status.example.com", False), ("github", False)],
)  # fmt: skip
def test_an_address_is_told_from_a_file(target, yes):
    assert is_address(target) is yes


@pytest.mark.parametrize(
    ("name", "slug"),
    [("GitHub", "github"), ("Beyond/PeachWorks", "beyond-peachworks"), ("障害", "vendor"), ("a" * 200, "a" * 80), ("-", "vendor")],
)  # fmt: skip
def test_slugs_are_ascii(name, slug):
    assert slug_of(name) == slug


@pytest.mark.parametrize(
    ("page", "url", "name"),
    [("GitHub", PAGE, "GitHub"), ("Zoom Service Status", PAGE, "Zoom"), ("Acme Status Page", PAGE, "Acme"), ("Status", PAGE, "Status"),
     ("", "https://status.acme.com", "acme"), ("unknown", "about:unknown", "unknown page"),
     ("status.acme.com", "https://status.acme.com", "acme")],
)  # fmt: skip
def test_the_vendor_is_named_after_the_page_or_its_host(page, url, name):
    assert vendor_name_of(page, url) == name
