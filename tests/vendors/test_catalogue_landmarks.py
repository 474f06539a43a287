"""The landmark outages: the page is what the file says, the file keeps its rules, and a broken one is refused."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec
import pytest

from tests.captures import ROOT, needs_captures
from vendors.catalogue import landmarks

ENTRY = """[[landmark]]
id = "acme-2020-05"
title = "An outage"
vendor = "Acme"
began = { at = "2020-05-01T10:00Z", precision = "minute" }
ended = { at = "2020-05-01T12:00Z", precision = "minute" }
hours = { least = 1, most = 2 }
failed = [{ text = "Something failed." }]
lost = []
saved = []
lesson = "Learn from it."
pillar = "backup"
sources = [{ title = "A report", url = "https://acme.example/report" }]
"""
WANTED = {
    "microsoft-bpos-2011-05", "aws-s3-2017-02", "ovh-strasbourg-2021-03", "fastly-2021-06", "meta-2021-10",
    "atlassian-2022-04", "rackspace-2022-12", "unisuper-google-cloud-2024-05", "crowdstrike-2024-07",
    "aws-us-east-1-2025-10", "cloudflare-2025-11",
}  # fmt: skip


def test_the_page_is_what_the_file_says() -> None:
    assert landmarks.PAGE.read_text(encoding="utf-8") == landmarks.page()


def test_the_landmarks_everybody_names_are_there_and_each_pillar_is_taught() -> None:
    found = landmarks.landmarks()
    assert {landmark.id for landmark in found} >= WANTED
    assert {landmark.pillar for landmark in found} == {"outage-history", "openness", "timeliness", "backup"}


def test_what_was_not_checked_is_marked_on_the_page() -> None:
    marked = sum(
        fact.from_general_knowledge
        for landmark in landmarks.landmarks()
        for fact in (*landmark.failed, *landmark.lost, *landmark.saved)
    )
    assert landmarks.page().count(".\\*") == marked > 5


@needs_captures
def test_every_time_to_the_minute_stands_in_a_collected_document_of_that_address() -> None:
    told = {}
    for line in (ROOT / "status-pages/postmortems/icco/postmortems.jsonl").read_bytes().splitlines():
        text = msgspec.json.decode(line)["text"]
        if address := re.search(r'^url: "?([^"\s]+)', text, re.MULTILINE):
            told[address[1]] = text
    checked = 0
    for landmark in landmarks.landmarks():
        text = next((told[source.url] for source in landmark.sources if source.url in told), None)
        stated = re.search(r"^start_time: (\S+)$", text or "", re.MULTILINE)
        if stated and landmark.began is not None and landmark.began.precision == "minute":
            checked += 1
            assert datetime.fromisoformat(stated[1]) == landmark.began.time(), landmark.id
    assert checked >= 10


def test_a_whole_entry_is_read() -> None:
    (found,) = landmarks.loads(ENTRY.encode())
    assert found.hours == landmarks.Hours(most=2.0, least=1.0)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('pillar = "backup"', 'pillar = "luck"', "luck"),
        ('"acme-2020-05"', '"Acme"', "id"),
        ('"acme-2020-05"', '"acme-2020-06"', "different months"),
        ('"2020-05-01T12:00Z"', '"2020-05-01T09:00Z"', "ends before"),
        ('"2020-05-01T12:00Z"', '"2020-05-01 12:00"', "does not match"),
        ("most = 2", "most = 3", "more than lie between"),
        ("least = 1,", "least = 2.05,", "turned round"),
        ("https://acme", "ftp://acme", "no web address"),
        ('[{ text = "Something failed." }]', "[]", "no failure"),
        ("Something failed.", "Two\\nlines", "matching regex"),
        ('vendor = "Acme"', 'vendor = "Acme"\nmood = "bad"', "mood"),
        ("lost = []\n", "", "lost"),
    ],
)
def test_an_entry_that_breaks_a_rule_is_refused_by_what_is_wrong(old: str, new: str, told: str) -> None:
    assert old in ENTRY
    with pytest.raises(ValueError, match=told):
        landmarks.loads(ENTRY.replace(old, new).encode())


def test_entries_out_of_order_and_twice_are_refused() -> None:
    earlier = ENTRY.replace("2020-05", "2019-05")
    with pytest.raises(ValueError, match="order"):
        landmarks.loads((ENTRY + earlier).encode())
    with pytest.raises(ValueError, match="one id"):
        landmarks.loads((ENTRY + ENTRY).encode())
