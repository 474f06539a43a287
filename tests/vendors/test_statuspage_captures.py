"""Every real Statuspage capture against the manifest's counts and page state; where they differ, the table says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.captures import Capture, captures, needs_captures
from vendors import facts_file
from vendors.inspection import facts_from
from vendors.sources.base import Parsed, Raw, SourceChanged
from vendors.sources.registry import LEAST_SURE
from vendors.sources.shapes import kind_of
from vendors.sources.statuspage.source import STATUSPAGE

NOW = datetime(2026, 11, 23, tzinfo=UTC)
STATES = {"maint": "maintenance", "": "unknown"}  # the manifest's word -> ours
PLATFORMS = ("statuspage", "statuspage-html", "oci")


@dataclass(frozen=True)
class Differs:
    """What we read where the manifest counts otherwise: incidents, their updates, maintenances, and the reason."""

    incidents: int
    updates: int
    maintenances: int
    why: str


ANNOUNCED = "the manifest counts announced maintenance as incidents; it is kept apart, and its posts are no incident's"
PACKED = "a bulk import packs a whole incident into one body: each of its timed posts is an update"
DIFFERS = {
    "github/reconstructed_maintenances.jsonl": Differs(0, 0, 30, ANNOUNCED),
    "cloudflare/reconstructed_maintenances.jsonl": Differs(0, 0, 1479, ANNOUNCED),
    "jira-software/reconstructed_maintenances.jsonl": Differs(0, 0, 15, ANNOUNCED),
    "trello/reconstructed_maintenances.jsonl": Differs(0, 0, 6, ANNOUNCED),
    "bitbucket/reconstructed_maintenances.jsonl": Differs(0, 0, 64, ANNOUNCED),
    "atlassian-developer/reconstructed_maintenances.jsonl": Differs(0, 0, 89, ANNOUNCED),
    "cloudflare/reconstructed_incidents_2021.jsonl": Differs(354, 872, 2, "two rows have the impact `maintenance`"),
    "cloudflare/reconstructed_incidents_2023.jsonl": Differs(521, 1424, 1, "one row has the impact `maintenance`"),
    "cloudflare/reconstructed_incidents_2024.jsonl": Differs(537, 1300, 1, "one row has the impact `maintenance`"),
    "cloudflare/reconstructed_incidents_2025.jsonl": Differs(617, 1524, 1, "one row has the impact `maintenance`"),
    "claude/incidents.jsonl": Differs(898, 2850, 4, "four rows have the impact `maintenance` or were `scheduled`"),
    "github/history_2022-06-11.atom": Differs(20, 78, 5, "five entries are announced maintenance"),
    "github/all_incidents_2010_2022_a.jsonl": Differs(641, 1596, 0, PACKED),
    "github/all_incidents_2010_2022_b.jsonl": Differs(641, 2545, 0, PACKED),
    "github/incident_3fkgwp10bnd8.json": Differs(1, 2, 0, PACKED),
    "github/incident_gf2p0d0lrs1x.json": Differs(1, 4, 0, PACKED),
    "github/mrshu_parsed_incidents.jsonl": Differs(801, 4514, 18, ANNOUNCED),
    "zoom/14qjgk812kgk.statuspage.io.html": Differs(4, 9, 2, ANNOUNCED),
    "2000charge/2000charge.statuspage.io.html": Differs(0, 0, 9, ANNOUNCED + "; three more are still to come"),
    "particle/8d849mp6fy12.statuspage.io.html": Differs(1, 1, 1, ANNOUNCED),
    "scalepoint-technologies/9dqdt8lbjm0b.statuspage.io.html": Differs(
        0, 0, 9, ANNOUNCED + "; four more are still to come"
    ),
}
NOT_ANSWERS = {
    "github/component_status_log.json": "a collector's log of component states; no endpoint of the product",
    "trello/component_status_log.json": "a collector's log of component states; no endpoint of the product",
    "bitbucket/component_status_log.json": "a collector's log of component states; no endpoint of the product",
    "claude/uptime-data.json": "the uptime page's daily bars: no incidents in it, and the manifest counts none",
}  # fmt: skip
ROWS = captures(*PLATFORMS)


def short_name(capture: Capture) -> str:
    return capture.file.split("/", 2)[2]


def read(capture: Capture) -> Parsed:
    content = capture.read()
    raw = Raw(url=capture.path.name, body=content, fetched_at=NOW)
    return STATUSPAGE.parse("", {kind_of(content): raw}, as_of=NOW)


@needs_captures
@pytest.mark.parametrize("capture", [c for c in ROWS if short_name(c) not in NOT_ANSWERS], ids=short_name)
def test_a_capture_agrees_with_the_manifest_or_the_table_says_why(capture):
    parsed = read(capture)
    differs = DIFFERS.get(short_name(capture))
    counted = (len(parsed.incidents), sum(len(incident.updates) for incident in parsed.incidents))
    if differs is None:
        assert counted == (capture.incidents or 0, capture.updates or 0)
    else:
        assert (*counted, len(parsed.maintenances)) == (differs.incidents, differs.updates, differs.maintenances)
        assert counted != (capture.incidents, capture.updates), "this row no longer differs: take it out of the table"
    assert parsed.page.state == STATES.get(capture.page_state, capture.page_state)
    assert parsed.quarantined == ()


@needs_captures
@pytest.mark.parametrize("capture", [c for c in ROWS if short_name(c) not in NOT_ANSWERS], ids=short_name)
def test_a_capture_becomes_facts_that_read_back_as_they_were(capture):
    parsed = read(capture)
    content = capture.read()
    assert STATUSPAGE.recognise(Raw(url="", body=content, fetched_at=NOW)) >= LEAST_SURE
    assert parsed.stated_at is not None
    facts = facts_from(parsed, as_of=NOW)
    assert facts_file.loads(facts_file.dumps(facts)) == facts


@needs_captures
@pytest.mark.parametrize("capture", [c for c in ROWS if short_name(c) in NOT_ANSWERS], ids=short_name)
def test_what_is_no_answer_of_the_product_is_refused(capture):
    with pytest.raises(SourceChanged, match="status page"):
        read(capture)


@needs_captures
def test_every_feed_entry_starts_with_its_first_post_not_with_published():
    for capture in ROWS:
        if capture.file.endswith(".atom"):
            for incident in read(capture).incidents:
                first = min(update.posted_at for update in incident.updates)
                assert incident.started_at < first if incident.start_in_prose else incident.started_at == first


@needs_captures
def test_the_table_names_only_captures_there_are():
    names = {short_name(capture) for capture in ROWS}
    assert set(DIFFERS) <= names
    assert set(NOT_ANSWERS) <= names


@needs_captures
def test_look_alikes_and_other_products_are_not_taken_for_this_one():
    others = captures("incidentio-html", "instatus-html", "betterstack-html", "cstate", "pagerduty-html", "firehydrant")
    assert others
    sure = {c.file: STATUSPAGE.recognise(Raw(url="", body=c.read(), fetched_at=NOW)) for c in others}
    assert {name: value for name, value in sure.items() if value >= LEAST_SURE} == {}
