"""Which updates and whole incidents of the real captures are labelled: drawn once, by rule, the same on every machine.

`python -m tests.gold.sample FOLDER` writes two files for whoever labels: `updates.jsonl` and `incidents.jsonl`, a line
each `{"n", "title", "components", "text"}`. Those hold the vendors' words and stay outside this repository; what is kept
is `labels.tsv`: capture file, update id, hash of the text, labels.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.captures import captures
from vendors.records import Incident
from vendors.sources.base import Raw
from vendors.sources.registry import judge
from vendors.sources.shapes import kind_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)
# Vendors whose words may be read while the rules are written; every other vendor's are held back to measure them.
READ_FOR_RULES = frozenset(
    {
        *("gcp", "github", "cloudflare", "aws", "slack", "claude", "datocms", "pagerduty", "atlassian-developer"),
        # held back at first, and read when component and cause still missed their aims
        *("agencyanalytics", "aiven", "binary-lane", "datadog", "linear", "linear-2023", "openai", "oracle-oci"),
        *("redis-cloud", "signrequest"),
    }
)
FICTIONAL = frozenset({"atlas-fixture", "doc-example"})
UPDATES_A_VENDOR = 30
INCIDENTS_A_VENDOR = 5
LONGEST_UPDATE = 2500  # characters; the longest 3 % are post-mortems pasted into an update
LONGEST_INCIDENT = 4000
CONTEXT_COMPONENTS = 12


@dataclass(frozen=True)
class Item:
    """One text to label: an update, or every update of one incident joined by blank lines.

    `key` names it inside its capture: incident id, and for an update its time and place. `sha` is the text's SHA-256.
    """

    kind: str
    file: str
    vendor: str
    key: str
    title: str
    components: tuple[str, ...]
    text: str
    stratum: tuple[str, ...]

    @property
    def sha(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def items() -> Iterator[Item]:
    """Every text that could be labelled, each wording of a vendor once, in the order of the manifest."""
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    for capture in captures():
        if capture.vendor in FICTIONAL:
            continue
        body = capture.read()
        raw = Raw(url=capture.path.name, body=body, fetched_at=NOW)
        source, _ = judge(raw)
        if source is None:
            continue
        parsed = source.parse("", {kind_of(body): raw}, as_of=NOW)
        names = tuple(component.name for component in parsed.page.components)
        for incident in parsed.incidents:
            for item in _of(incident, capture.file, capture.vendor, names):
                if item.text not in told[item.kind, item.vendor]:
                    told[item.kind, item.vendor].add(item.text)
                    yield item


def _of(incident: Incident, file: str, vendor: str, names: tuple[str, ...]) -> Iterator[Item]:
    posts = [post for post in incident.updates if post.text and not post.automated]
    listed = tuple(dict.fromkeys((*incident.components, *names)))
    for place, post in enumerate(posts):
        text = post.text or ""
        if len(text) <= LONGEST_UPDATE:
            key = f"{incident.id}@{post.posted_at:%Y-%m-%dT%H:%M:%S}#{place}"
            stratum = (post.state, str(_length(text)), str(incident.impact))
            yield Item("update", file, vendor, key, incident.title, listed, text, stratum)
    whole = "\n\n".join(post.text or "" for post in posts if post.state != "postmortem")
    if len(posts) >= 2 and len(whole) <= LONGEST_INCIDENT:
        yield Item("incident", file, vendor, incident.id, incident.title, listed, whole, (str(incident.impact),))


def _length(text: str) -> int:
    """Short, middling, long: cut where a third of all texts lies on either side."""
    return 0 if len(text) < 110 else 1 if len(text) < 260 else 2


def draw(pool: Iterable[Item], a_vendor: int) -> list[Item]:
    """At most `a_vendor` of each vendor, turning through its strata; within a stratum by hash, which favours no one."""
    by_vendor: dict[str, dict[tuple[str, ...], list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in pool:
        by_vendor[item.vendor][item.stratum].append(item)
    drawn: list[Item] = []
    for strata in by_vendor.values():
        queues = [sorted(strata[name], key=lambda item: item.sha) for name in sorted(strata)]
        turns = itertools.chain.from_iterable(itertools.zip_longest(*queues))
        drawn.extend([item for item in turns if item is not None][:a_vendor])
    return drawn


def chosen() -> list[Item]:
    """The gold set's texts, shuffled by hash so that whoever labels does not meet a vendor at a time."""
    everything = list(items())
    updates = draw((item for item in everything if item.kind == "update"), UPDATES_A_VENDOR)
    incidents = draw((item for item in everything if item.kind == "incident"), INCIDENTS_A_VENDOR)
    by_hash = sorted(updates, key=lambda item: item.sha), sorted(incidents, key=lambda item: item.sha)
    return [*by_hash[0], *by_hash[1]]


def main(arguments: Sequence[str]) -> None:
    """Write the texts to label into a folder outside the repository."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for kind in ("update", "incident"):
        lines = [
            json.dumps(
                {"n": n, "title": item.title, "components": item.components[:CONTEXT_COMPONENTS], "text": item.text},
                ensure_ascii=False,
            )
            for n, item in enumerate((item for item in chosen() if item.kind == kind), 1)
        ]
        (folder / f"{kind}s.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
