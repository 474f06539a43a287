"""docs/captures.md: what is read of every real capture, against the manifest, each difference with its reason.

`python -m tests.capture_table` writes it. The captures themselves are never part of this repository; counts, states and
file names are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.captures import Capture, captures
from tests.vendors.test_statuspage_captures import DIFFERS, NOT_ANSWERS
from vendors.sources.base import Raw
from vendors.sources.registry import judge
from vendors.sources.shapes import kind_of

DOC = Path(__file__).resolve().parents[1] / "docs" / "captures.md"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
STATES = {"maint": "maintenance", "": "unknown"}  # the manifest's word -> ours
COLLECTED = "another collector's output, no document of the product"
# Captures that are no document of a supported product, by the folder or the end of the name.
NOT_SUPPORTED = {
    "normalised-atlas/": COLLECTED,
    "uptime-archive/": COLLECTED,
    "postmortems/": "a collection of post-mortems: read for the landmark outages",
    "statuspage-history-html/": COLLECTED,
    "betterstack-feed/": COLLECTED,
    "atlarge_aws_2017_2022.csv": COLLECTED,
    "atlarge_azure_pir_2019_2024.csv": COLLECTED,
    "fastly-major_2023-03-08.html": "one vendor's own page of 2023; no product, and the vendor moved since",
    "fedora-infra/outages.jsonl": "one project's own files, merged by a collector",
    **NOT_ANSWERS,
}
# Differences from the manifest: file -> why ours is right.
REASONS = {
    **{name: differs.why for name, differs in DIFFERS.items()},
    "azure/feed_empty.xml": "an empty feed is Azure's steady state and a broken one's look: unknown, never ok",
    "doc-example/incident_doc_derived.json": "an example of the documentation; the manifest counts nothing in it",
    "redis-cloud/payload.json": "one of four is announced maintenance; the manifest states no page state, the file has nothing open",
    "manticore/history__summary.json": "the manifest states no page state; every site in the summary is up",
    "homelab/status-page_dashboard.json": "the page's words come from its beats, which are another document: unknown alone",
    "homelab/heartbeat_dashboard.json": "the manifest states no page state; the last beat of the one monitor is up",
    "datocms/maintenances.jsonl": "announced maintenance is kept apart from incidents",
    "datocms/raw_": "a single file; the manifest counts nothing in it",
    "aiven/aiven-minor.html": "two of three are maintenance",
    "pagerduty/pagerduty-minor.html": "59 post-mortems beside the 321 updates",
    "linear-2023/linear-good_2023-03-08.html": "the manifest counts nothing in it",
    "mastodon-social/": "the manifest counts nothing in it",
}
# Of the 89 open captures that peers were run on (one row each); best of seven peers together, for comparison.
PEERS = {
    "recognised": (38, 89),
    "state": (27, 80),
    "incidents": (1_501, 2_135),
    "updates": (5_081, 5_951),
    "false": (16, None),
}


@dataclass(frozen=True)
class Read:
    """What one capture gave: the source (None: recognised by none), the page's state, and counts."""

    capture: Capture
    source: str | None
    state: str
    incidents: int
    updates: int
    maintenances: int

    @property
    def name(self) -> str:
        return self.capture.file.removeprefix("status-pages/")

    @property
    def wanted_state(self) -> str:
        return STATES.get(self.capture.page_state, self.capture.page_state)

    @property
    def differs(self) -> bool:
        """Whether anything the manifest states, or leaves unstated, is not what was read."""
        stated = (self.capture.incidents or 0, self.capture.updates)
        ours = (self.incidents, self.updates if self.capture.updates is not None else None)
        return stated != ours or self.state != self.wanted_state

    @property
    def reason(self) -> str:
        """Why it differs; "" where none is written down."""
        table = NOT_SUPPORTED if self.source is None else REASONS
        return next((why for part, why in table.items() if part in self.name), "")

    @property
    def is_false_all_clear(self) -> bool:
        return self.state == "ok" and self.capture.page_state not in ("ok", "")


def read(capture: Capture) -> Read:
    """The capture as `riskboard inspect` reads it: nothing told of where it came from."""
    body = capture.read()
    raw = Raw(url=capture.path.name, body=body, fetched_at=NOW)
    source, _ = judge(raw)
    if source is None:
        return Read(capture, None, "unknown", 0, 0, 0)
    parsed = source.parse("", {kind_of(body): raw}, as_of=NOW)
    updates = sum(len(incident.updates) for incident in parsed.incidents)
    return Read(capture, source.id, parsed.page.state, len(parsed.incidents), updates, len(parsed.maintenances))


def render() -> str:
    """The document."""
    rows = [read(capture) for capture in captures()]
    known = [row for row in rows if row.source is not None]
    same = sum(not row.differs for row in known)
    lines = [
        "# What is read of the real captures",
        "",
        "Made by `python -m tests.capture_table`; a test keeps it current. Every capture is read as `riskboard inspect FILE` reads",
        "it, without a hint of the product. The manifest's figures are a count made apart from any program.",
        "",
        f"Of {len(rows)} files, {len(known)} are documents of a supported product; {same} of these agree with the manifest in",
        f"every figure it states, and {len(known) - same} differ for the reason given. False all-clears: "
        f"{sum(row.is_false_all_clear for row in rows)}.",
        "",
        "## Beside the peers",
        "",
        "Seven peers were run on the open captures among these. Together, counting for each file the best of them, they recognised",
        f"{PEERS['recognised'][0]} of {PEERS['recognised'][1]}, named the page's state rightly on {PEERS['state'][0]} of "
        f"{PEERS['state'][1]}, and read {PEERS['incidents'][0]:,} of {PEERS['incidents'][1]:,} incidents with "
        f"{PEERS['updates'][0]:,} of {PEERS['updates'][1]:,} updates;",
        f"one of them called {PEERS['false'][0]} pages well that were not. {_ours(rows)}",
        "",
        "## Every document of a supported product",
        "",
        "| file | product | state | manifest | incidents | manifest | updates | manifest | maintenance | why it differs |",
        "|---|---|---|---|---:|---:|---:|---:|---:|---|",
        *(_line(row) for row in known),
        "",
        "## Not read",
        "",
        "| file | why |",
        "|---|---|",
        *(f"| `{row.name}` | {row.reason} |" for row in rows if row.source is None),
        "",
    ]
    return "\n".join(lines)


def _ours(rows: list[Read]) -> str:
    raw = [row for row in rows if is_one_answer(row.capture)]
    known = [row for row in raw if row.source is not None]
    stated = [row for row in raw if row.capture.page_state]
    right = [row for row in stated if row.state == row.wanted_state]
    return (
        f"Of the {len(raw)} files that are single unaltered answers, we recognise {len(known)}; of {len(stated)} whose state the "
        f"manifest names, we name {len(right)} the same way; we read {sum(r.incidents for r in raw):,} incidents and "
        f"{sum(r.updates for r in raw):,} updates in them, announced maintenance not counted."
    )


def is_one_answer(capture: Capture) -> bool:
    """Whether the file is one unaltered answer of a page, as the peers were given."""
    altered = ("DERIVED", "scraped from", "trace", "normalised by", "single item", "single-incident", "NOT a capture")
    name = capture.file
    other = (
        "/upptime/",
        "/postmortems/",
        "/uptime-archive/",
        ".csv",
        "fedora",
        "all_incidents",
        "heartbeat",
        "uptime-data",
    )
    return not any(word in capture.notes for word in altered) and not any(part in name for part in other)


def _line(row: Read) -> str:
    told = row.capture
    figures = (
        f"`{row.name}`", row.source, row.state, told.page_state or "–", row.incidents,
        "–" if told.incidents is None else told.incidents, row.updates, "–" if told.updates is None else told.updates,
        row.maintenances, row.reason if row.differs else "",
    )  # fmt: skip
    return "| " + " | ".join(str(figure) for figure in figures) + " |"


if __name__ == "__main__":
    DOC.write_text(render(), encoding="utf-8")
