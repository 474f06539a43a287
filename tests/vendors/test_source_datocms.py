"""DatoCMS's page: files of a repository, folders that lead to them, and its real captures."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.captures import capture_of, needs_captures
from tests.vendors.own_page_answers import as_bytes, at, dato_item, dato_window, raw, read, read_capture, read_named
from vendors.sources.base import SourceChanged
from vendors.sources.datocms import DATOCMS, INCIDENTS_ASKED, MAINTENANCES_ASKED, identity_of

FOLDER = "status-pages/bespoke/datocms"


def listed(folder, *names):
    return [
        {"name": n, "path": f"data/{folder}/{n}", "type": "file", "url": "https://x/datocms/status-website"}
        for n in names
    ]


@needs_captures
@pytest.mark.parametrize(
    ("file", "incidents", "posts", "windows"),
    [
        ("incidents.jsonl", 71, 222, 0),
        ("maintenances.jsonl", 0, 0, 28),
        ("raw_2019-01-17-administrative-areas-unreachable.json", 1, 6, 0),
        ("raw_2019-01-17-low-level-of-5xx-errors-from-content-management-api.json", 1, 2, 0),
        ("raw_2026-01-13-issues-uploading-new-assets.json", 1, 3, 0),
        ("raw_2026-02-18-asset-uploads-temporarily-unavailable.json", 1, 2, 0),
    ],
)
def test_every_capture_is_read_in_full(file, incidents, posts, windows):
    parsed = read_capture(DATOCMS, f"{FOLDER}/{file}")
    assert (len(parsed.incidents), sum(len(row.updates) for row in parsed.incidents)) == (incidents, posts)
    assert len(parsed.maintenances) == windows
    assert (parsed.page.state, parsed.quarantined) == ("unknown", ())
    assert parsed.window.complete is (incidents > 1)


@needs_captures
def test_the_incidents_keep_their_exact_times_and_impacts():
    parsed = read_capture(DATOCMS, f"{FOLDER}/incidents.jsonl")
    impacts = [row.impact for row in parsed.incidents]
    assert [impacts.count(level) for level in ("none", "minor", "major", "critical")] == [3, 34, 31, 3]
    first = parsed.incidents[0]
    assert first.started_at == datetime(2018, 5, 31, 15, 47, tzinfo=UTC)
    assert first.resolved_at == datetime(2018, 5, 31, 16, 49, tzinfo=UTC)
    assert parsed.window.start == first.started_at
    # Eight were entered when they were over, seven of them without a word of how long they had lasted.
    assert sum(row.backfilled for row in parsed.incidents) == 8
    assert sum(row.end_known == "unknown" for row in parsed.incidents) == 7


@needs_captures
def test_every_item_has_an_id_of_its_own_that_the_bundled_history_shares():
    for file in ("incidents.jsonl", "maintenances.jsonl"):
        rows = [json.loads(line) for line in capture_of(f"{FOLDER}/{file}").read().splitlines()]
        parsed = read_capture(DATOCMS, f"{FOLDER}/{file}")
        ids = {row.id for row in (*parsed.incidents, *parsed.maintenances)}
        assert ids == {identity_of(row["_file"], "") for row in rows}
        assert len(ids) == len(rows)


def test_an_id_is_that_of_the_file_wherever_it_was_read():
    stem = "2026-05-01-slow-uploads"
    ids = {
        identity_of(path, "x") for path in (f"data/incidents/{stem}.json", f"https://h/{stem}.json", f"raw_{stem}.json")
    }
    assert len(ids) == 1
    assert ids.pop().startswith("2026-05-01-")
    assert identity_of("saved.json", "a") != identity_of("saved.json", "b")


@pytest.mark.parametrize(
    ("status", "phase", "state"),
    [
        ("investigating", "investigating", "issue"), ("identified", "identified", "issue"),
        ("monitoring", "monitoring", "issue"), ("resolved", "resolved", "unknown"), ("odd", "unknown", "issue"),
    ],
)  # fmt: skip
def test_an_incident_is_open_until_an_update_says_it_is_resolved(status, phase, state):
    parsed = read(DATOCMS, dato_item(updates=[dato_item()["updates"][0] | {"status": status}]))
    assert (parsed.incidents[0].updates[0].state, parsed.page.state) == (phase, state)


@pytest.mark.parametrize("impact", ["none", "minor", "major", "critical", "odd", None])
def test_an_impact_that_is_not_known_is_none(impact):
    row = read(DATOCMS, dato_item(impact=impact)).incidents[0]
    assert (row.impact, row.raw_impact) == (impact if impact not in ("odd", None) else None, impact)
    assert row.updates[0].text == "We look."


@pytest.mark.parametrize(
    ("minutes", "until"),
    [("60", "2026-07-01 11:00"), (30, "2026-07-01 10:30"), ("an hour", None), (-5, None), ("9" * 9, None)],
)
def test_a_window_lasts_as_many_minutes_as_it_says(minutes, until):
    done = {"date": "2026-05-31T10:00:00Z", "status": "completed", "content": "Done."}
    (window,) = read(DATOCMS, dato_window(minutes=minutes, updates=[done])).maintenances
    assert window.scheduled_until == (at(until) if until else None)
    assert window.completed_at == at("2026-05-31 10:00")


def test_the_folders_lead_to_their_newest_files_and_to_nothing_else():
    names = [f"2020-01-{day:02}-n{n}.json" for day in range(1, 29) for n in range(2)]
    odd = ["README.md", "../../secrets.json", "2021-01-01-a/../../b.json", "2021-01-01-a b.json"]
    documents = {
        "incidents": raw(as_bytes(listed("incidents", *names, *odd))),
        "maintenances": raw(as_bytes(listed("maintenances", *names))),
    }
    wanted = DATOCMS.more(DATOCMS.home, documents)
    assert len(wanted) == INCIDENTS_ASKED + MAINTENANCES_ASKED
    assert wanted[0].url.endswith("/datocms/status-website/HEAD/data/incidents/2020-01-28-n1.json")
    assert all(".." not in endpoint.url for endpoint in wanted)
    bodies = {True: as_bytes(dato_item()), False: as_bytes(dato_window())}
    answered = documents | {e.name: raw(bodies[e.name.startswith("incidents")], e.url) for e in wanted}
    assert DATOCMS.more(DATOCMS.home, answered) == ()
    parsed = DATOCMS.parse(DATOCMS.home, answered, as_of=at("2026-06-01 12:00"))
    assert (len(parsed.incidents), len(parsed.maintenances)) == (INCIDENTS_ASKED, MAINTENANCES_ASKED)
    assert DATOCMS.more(DATOCMS.home, {"incidents": raw(b"<html>", status=403)}) == ()


def test_a_file_that_cannot_be_read_is_named_and_the_window_then_has_gaps():
    folder = listed("incidents", "2026-05-01-a.json", "2026-05-02-b.json", "2026-05-03-c.json")
    files = {f"incidents-2026-05-0{n}": dato_item(name=f"Item {n}") for n in (1, 2)}
    whole = read_named(DATOCMS, incidents=folder, **files)
    broken = read_named(DATOCMS, incidents=folder, **files, **{"incidents-2026-05-03": b'{"name": "c"'})
    assert (whole.window.complete, broken.window.complete) == (True, False)
    assert len(whole.incidents) == len(broken.incidents) == 2
    assert any("2026-05-03" in fault.where for fault in broken.quarantined)


def test_a_folder_alone_tells_nothing_and_another_folder_is_refused():
    parsed = read(DATOCMS, listed("incidents", "2026-05-01-a.json"))
    assert (parsed.page.state, parsed.incidents, parsed.window.start) == ("unknown", (), None)
    with pytest.raises(SourceChanged):
        read(DATOCMS, [{"name": "x", "path": "src/x", "type": "file"}])


def test_an_incident_of_another_shape_is_not_recognised():
    for document in (dato_item(id="1"), dato_item(updates=[]), dato_item(impact="odd"), {"name": "x", "updates": []}):
        assert DATOCMS.recognise(raw(as_bytes(document))) == 0
    assert DATOCMS.recognise(raw(as_bytes(listed("incidents", "2026-05-01-a.json")))) == 0.9


def test_a_bad_line_is_kept_out_and_times_in_the_future_are_not_believed():
    lines = [dato_item(_file="data/incidents/2026-05-01-a.json"), {"name": "b", "_file": "data/incidents/2026-05-02-b.json"},
             dato_item(updates=[{"date": "2031-01-01T00:00:00Z", "status": "resolved", "content": "x"}])]  # fmt: skip
    parsed = read(DATOCMS, b"\n".join(json.dumps(line).encode() for line in lines))
    assert (len(parsed.incidents), len(parsed.quarantined)) == (1, 3)
