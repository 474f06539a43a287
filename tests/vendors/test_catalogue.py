"""The bundled histories: they hold together, carry no vendor's sentence, and are what the captures give."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from riskboard.errors import Refused
from tests.captures import ROOT, captures, needs_captures
from vendors import facts_file
from vendors.catalogue import document, index, listing, schema
from vendors.catalogue.build.captures import Captures
from vendors.catalogue.build.make import build
from vendors.catalogue.build.plan import PLAN
from vendors.catalogue.build.rows import maintenance_title, title_of
from vendors.records import VendorFacts

LINES = {line.slug: line for line in listing.read()}
MADE = tuple(entry.slug for entry in PLAN)
BPOS = "microsoft-bpos-2011"
LONG = 40  # characters; no shorter run of words is a sentence of somebody's


@cache
def facts_of(slug: str) -> VendorFacts:
    return facts_file.loads((listing.HISTORIES / LINES[slug].file).read_bytes())


def test_at_least_twelve_vendors_are_bundled_with_a_year_or_more_of_incidents() -> None:
    long = [line for line in LINES.values() if line.start and line.end and (line.end - line.start).days >= 365]
    assert len(long) >= 12
    assert BPOS in LINES


def test_every_figure_and_digest_of_the_list_is_that_of_the_files() -> None:
    assert list(listing.problems()) == []


def test_the_list_names_every_planned_vendor_and_the_hand_written_one() -> None:
    assert set(LINES) == {*MADE, BPOS}


def test_the_histories_stay_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in listing.files()) < 6_000_000


@pytest.mark.parametrize("slug", sorted(LINES))
def test_a_history_fits_the_published_schema(slug: str) -> None:
    document = json.loads(facts_file.dumps(facts_of(slug)))
    published = json.loads((schema.DOCS / "facts.schema.json").read_bytes())
    assert list(jsonschema.Draft202012Validator(published).iter_errors(document)) == []


@pytest.mark.parametrize("name", sorted(schema.DOCUMENTS))
def test_a_published_schema_is_what_the_records_give(name: str) -> None:
    published = (schema.DOCS / name).read_bytes()
    assert published == schema.render(name), "run `python -m vendors.catalogue.schema`"
    jsonschema.Draft202012Validator.check_schema(json.loads(published))


@pytest.mark.parametrize("slug", sorted(LINES))
def test_a_history_says_what_it_covers_and_where_it_comes_from(slug: str) -> None:
    facts = facts_of(slug)
    assert facts.window.start is not None
    assert facts.window.end == facts.as_of
    assert facts.window.reason
    assert facts.sources
    assert facts.backup == ()  # nobody was asked
    assert all(seen.url or seen.note for seen in facts.openness)


@pytest.mark.parametrize("slug", MADE)
def test_every_file_used_is_named_with_its_day_and_digest(slug: str) -> None:
    files = [note for note in facts_of(slug).sources if note.sha256]
    assert files
    assert all(len(note.sha256 or "") == 64 and note.retrieved and note.url for note in files)


@pytest.mark.parametrize("slug", MADE)
def test_every_title_is_made_from_impact_and_components_alone(slug: str) -> None:
    facts = facts_of(slug)
    assert [i.title for i in facts.incidents] == [title_of(i.impact, i.components) for i in facts.incidents]
    assert [m.title for m in facts.maintenances] == [maintenance_title(m.components) for m in facts.maintenances]


def own_words(facts: VendorFacts) -> set[str]:
    """Strings written by us or naming a part: what a history may hold besides single words, ids, times and addresses."""
    parts = {part.name for page in facts.pages for part in page.components}
    parts |= {part.group or "" for page in facts.pages for part in page.components}
    rows = (*facts.incidents, *facts.maintenances)
    titles = {row.title for row in rows}
    notes = {page.name for page in facts.pages} | {facts.vendor.name, facts.vendor.category, facts.window.reason}
    notes |= {word or "" for seen in facts.openness for word in (seen.note, str(seen.value))}
    notes |= {word or "" for note in facts.sources for word in (note.name, note.retrieved, note.note)}
    notes |= {conflict.why for incident in facts.incidents for conflict in incident.conflicts}
    return parts | titles | notes | {name for row in rows for name in row.components}


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


@pytest.mark.parametrize("slug", MADE)
def test_a_history_holds_no_sentence_besides_titles_part_names_and_our_own_notes(slug: str) -> None:
    facts = facts_of(slug)
    left = set(strings(json.loads(facts_file.dumps(facts)))) - own_words(facts)
    assert [text for text in left if len(text.split()) > 1] == []
    assert all(update.text is None for incident in facts.incidents for update in incident.updates)


TEXT_KEYS = ("body", "text", "message", "content", "description", "context")
TITLE_KEYS = ("title", "name", "external_desc", "summary")
FOLDERS = ("statuspage/", "google-cloud/", "aws/", "slack/", "betterstack-feed/", "bespoke/datocms/")


@cache
def captured_words() -> tuple[str, frozenset[str]]:
    """Every update text of the captures the histories are made from, as one string, and every title."""
    texts: list[str] = []
    titles: set[str] = set()

    def walk(value: Any, *, is_row: bool) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                if isinstance(item, str) and key in TEXT_KEYS:
                    texts.append(item)
                elif isinstance(item, str) and key in TITLE_KEYS and is_row:
                    titles.add(item.strip())
                else:
                    walk(item, is_row=False)
        elif isinstance(value, list):
            for item in value:
                walk(item, is_row=False)

    for capture in captures():
        name = capture.file.removeprefix("status-pages/")
        if name.startswith(FOLDERS) and name.endswith(".jsonl"):
            for line in capture.read().splitlines():
                walk(json.loads(line), is_row=True)
        elif name.startswith("pagerduty-html/"):
            texts.append(capture.read().decode())
    return "\n".join(texts), frozenset(titles)


@needs_captures
@pytest.mark.parametrize("slug", MADE)
def test_no_text_and_no_title_of_the_captures_is_in_a_history(slug: str) -> None:
    texts, titles = captured_words()
    assert len(texts) > 1_000_000
    facts = facts_of(slug)
    assert {i.title for i in facts.incidents} | {m.title for m in facts.maintenances} <= own_words(facts) - titles
    names = {part.name for page in facts.pages for part in page.components}
    names |= {name for row in (*facts.incidents, *facts.maintenances) for name in row.components}
    notes = {text for text in own_words(facts) - names if len(text) > LONG and not text.startswith("http")}
    notes -= {row.title for row in (*facts.incidents, *facts.maintenances)}
    assert [text for text in notes if text in texts] == []


QUICK = ("trello", "bitbucket", "slack", "pagerduty", "modal", "together-ai", "datocms", "aws")


@needs_captures
@pytest.mark.parametrize("slug", QUICK)
def test_building_again_gives_the_shipped_history(slug: str) -> None:
    entry = next(entry for entry in PLAN if entry.slug == slug)
    built = build(entry, Captures(ROOT))
    assert facts_file.pack(built.facts) == (listing.HISTORIES / LINES[slug].file).read_bytes()
    assert len(built.set_aside) == LINES[slug].set_aside


# Entries of the captures that the page or its feed calls maintenance are kept apart, so they leave the incident count.
APART = {"cloudflare": 5, "anthropic-claude": 4, "modal": 23}
CAPTURED = {
    "cloudflare": "statuspage/cloudflare/reconstructed_incidents",
    "anthropic-claude": "statuspage/claude/incidents.jsonl",
    "google-cloud": "google-cloud/gcp/reconstructed_incidents",
    "aws": "aws/aws/reconstructed",
    "slack": "slack/slack/reconstructed",
    "jira": "statuspage/jira-software/reconstructed_incidents",
    "trello": "statuspage/trello/reconstructed_incidents",
    "bitbucket": "statuspage/bitbucket/reconstructed_incidents",
    "atlassian-developer": "statuspage/atlassian-developer/reconstructed_incidents",
    "pagerduty": "pagerduty-html/pagerduty/",
    "modal": "betterstack-feed/modal/",
    "together-ai": "betterstack-feed/together/",
    "datocms": "bespoke/datocms/incidents.jsonl",
}


@needs_captures
@pytest.mark.parametrize("slug", sorted(CAPTURED))
def test_a_history_counts_what_the_manifest_counts(slug: str) -> None:
    counted = sum(
        capture.incidents or 0 for capture in captures() if capture.file.startswith(f"status-pages/{CAPTURED[slug]}")
    )
    assert LINES[slug].incidents + APART.get(slug, 0) == counted


def test_github_is_the_union_of_three_collections_each_incident_once() -> None:
    facts = facts_of("github")
    assert max(Counter(incident.id for incident in facts.incidents).values()) == 1
    assert len(facts.incidents) == 1282 + (819 - 232 - 18) + 2  # objects + feed beyond them and maintenance + snapshots


def test_median_lengths_are_those_of_the_method() -> None:
    def median(slug: str, since: int) -> float:
        known = sorted(
            hours
            for incident in facts_of(slug).incidents
            if incident.started_at.year >= since and (hours := incident.duration_hours()) is not None
        )
        return known[len(known) // 2]

    assert 1.0 < median("github", 2021) < 1.6
    assert 1.7 < median("aws", 2018) < 2.6
    assert 2.4 < median("google-cloud", 2019) < 3.4
    assert 1.7 < median("cloudflare", 2020) < 2.6


@pytest.mark.parametrize(("slug", "minutes"), [("aws", 75), ("google-cloud", 35)])
def test_where_starts_are_stated_the_first_post_comes_as_late_as_the_method_found(slug: str, minutes: int) -> None:
    delays = sorted(
        (incident.first_posted_at - incident.started_at).total_seconds() / 60
        for incident in facts_of(slug).incidents
        if incident.start_stated and incident.first_posted_at
    )
    assert len(delays) > 400
    assert abs(delays[len(delays) // 2] - minutes) <= 3


def test_bundled_lists_without_opening_a_history() -> None:
    assert {item.slug for item in index.bundled()} == set(LINES)
    assert all(item.path.is_file() for item in index.bundled())


@pytest.mark.parametrize("name", ["github", "GitHub", " github "])
def test_a_vendor_is_found_by_slug_or_name(name: str) -> None:
    assert index.load(name).vendor.slug == "github"


@pytest.mark.parametrize(
    ("name", "told"), [("githb", "github"), ("cloudflar", "cloudflare"), ("qqqq", "catalogue list")]
)
def test_an_unknown_vendor_is_refused_with_what_to_try(name: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        index.load(name)


def test_a_changed_file_an_unlisted_one_and_a_text_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = facts_of("datocms")
    (tmp_path / "datocms.facts.json.gz").write_bytes(facts_file.pack(facts))
    line = listing.line_of(facts, "datocms.facts.json.gz", 0)
    listed = tmp_path / "index.json"
    listed.write_bytes(listing.write_form({"datocms": line}))
    monkeypatch.setattr(listing, "HISTORIES", tmp_path)
    monkeypatch.setattr(listing, "INDEX", listed)
    assert list(listing.problems()) == []
    fewer = json.loads(facts_file.dumps(facts))
    del fewer["incidents"][0]
    fewer["incidents"][0]["updates"][0] |= {"text": "Our words", "elements": None}
    (tmp_path / "datocms.facts.json.gz").write_bytes(json.dumps(fewer).encode())
    (tmp_path / "stray.facts.json").write_bytes(b"{}")
    told = "\n".join(listing.problems())
    assert f"incidents is {line.incidents - 1}" in told
    assert "sha256 is" in told
    assert "carries texts" in told
    assert "stray.facts.json: not listed" in told


def test_a_missing_list_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "INDEX", tmp_path / "index.json")
    with pytest.raises(Refused, match="cannot be read"):
        listing.read()


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"no MANIFEST\.tsv"):
        Captures(tmp_path)


def test_bpos_counts_seven_outages_of_which_two_tell_no_length() -> None:
    facts = facts_of(BPOS)
    lengths = sorted(h for i in facts.incidents if (h := i.duration_hours()) is not None)
    assert len(facts.incidents) == 7
    assert [round(hours, 2) for hours in lengths] == [0.75, 3.8, 4.62, 6.75, 9.0]
    assert facts.window.end == datetime(2011, 5, 20, tzinfo=UTC)
    assert {page.access for page in facts.pages} == {"login"}
    assert {c.field for i in facts.incidents for c in i.conflicts} >= {"started_at", "duration", "resolved_at"}


def test_the_documents_table_is_that_of_the_files() -> None:
    page = document.PAGE.read_text(encoding="utf-8")
    assert page == document.with_table(page), "run `python -m vendors.catalogue.document`"
