"""DatoCMS's own page, read from the repository that it is made of: one JSON file per incident and per maintenance.

A file is named by its day and title and holds no id. Its updates carry the times their author wrote; there are no others.
Source: github.com/datocms/status-website.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import re2
from msgspec import Struct

from vendors.records import Impact, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import OwnPage, Reading, Time, oldest, readable
from vendors.sources.richtext import markdown
from vendors.sources.shapes import kind_of, peek, typed

INCIDENTS_ASKED = 40  # docs/limits.md: files of one read, the newest
MAINTENANCES_ASKED = 10  # docs/limits.md
LONGEST_WINDOW = timedelta(days=30)
_FILES = "https://raw.githubusercontent.com/datocms/status-website/HEAD/data"
_LISTS = "https://api.github.com/repos/datocms/status-website/contents/data"
_FOLDERS = {"incidents": INCIDENTS_ASKED, "maintenances": MAINTENANCES_ASKED}
_NAME = re2.compile(r"(?:^|[/_])(\d{4}-\d{2}-\d{2}-[A-Za-z0-9_-]{1,200})\.json$")
_IMPACTS: dict[str, Impact] = {"none": "none", "minor": "minor", "major": "major", "critical": "critical"}
_PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
}


class _Update(Struct, forbid_unknown_fields=True):
    date: Time
    status: str
    content: str


class _Item(Struct, forbid_unknown_fields=True, rename={"scheduled_for": "scheduledTime", "file": "_file"}):
    """An incident, or a maintenance window where it has a time it is scheduled for; `file` only in lists made of files."""

    name: str
    updates: list[_Update]
    impact: str | None = None
    scheduled_for: Time | None = None
    minutes: str | int | None = None
    content: str | None = None
    components: list[str] | None = None
    file: str | None = None


class _Listed(Struct):
    """An entry of a folder, as the code host lists it."""

    name: str
    path: str
    type: str


@dataclass(slots=True)
class DatoReading(Reading):
    """What the files tell, by whether it was scheduled and by id. A repository states no state of the page."""

    items: dict[tuple[bool, str], _Item] = field(default_factory=dict)

    def take(self, body: bytes, what: str) -> None:
        """Read one file, many as lines, or a folder, which tells nothing by itself."""
        if kind_of(body) == "lines":
            rows = [msgspec.Raw(line) for line in body.split(b"\n") if line.strip()]
            for item in readable(rows, _Item, f"{what} line", self.ledger.quarantined):
                self._keep(item, item.file or "")
        elif body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[":
            if any(not entry.path.startswith("data/") for entry in typed(body, list[_Listed], what)):
                raise SourceChanged(f"{what} lists another folder than those of DatoCMS's status page")
        else:
            item = typed(body, _Item, what)
            self._keep(item, item.file or what)

    def finish(self) -> None:
        """Every item once."""
        for (is_scheduled, identity), item in self.items.items():
            if is_scheduled:
                self._add_maintenance(identity, item)
            else:
                self._add(identity, item)

    def window(self) -> Window:
        """Back to the oldest of the incidents read; a single file or one that cannot be read leaves gaps."""
        incidents = [item for (is_scheduled, _), item in self.items.items() if not is_scheduled]
        start = oldest((update.date for item in incidents for update in item.updates), self.ledger.as_of)
        if start is None:
            return Window(start=None, end=None, complete=False, reason="no incident was read")
        complete = len(incidents) > 1 and not self.ledger.quarantined
        reason = "the newest files of the site's repository"
        return Window(start=start, end=self.ledger.as_of, complete=complete, reason=reason)

    def _keep(self, item: _Item, path: str) -> None:
        if not item.updates and item.scheduled_for is None:
            self.ledger.keep_out(path or item.name, "it has neither an update nor a time it is scheduled for")
            return
        self.items.setdefault((item.scheduled_for is not None, identity_of(path, item.name)), item)

    def _add(self, identity: str, item: _Item) -> None:
        self.ledger.add(
            Draft(
                id=identity,
                title=item.name,
                impact=_IMPACTS.get(item.impact or ""),
                raw_impact=item.impact,
                posts=[
                    Post(posted_at=u.date, text=markdown(u.content), state=_PHASES.get(u.status, "unknown"))
                    for u in item.updates
                ],
                components=item.components or (),
            )
        )

    def _add_maintenance(self, identity: str, item: _Item) -> None:
        for name in item.components or ():
            self.part(name)
        self.ledger.add_maintenance(
            DraftMaintenance(
                id=identity,
                title=item.name,
                scheduled_for=item.scheduled_for,
                scheduled_until=_until(item),
                completed_at=max((u.date for u in item.updates if u.status == "completed"), default=None),
                components=item.components or (),
            )
        )


def identity_of(path: str, name: str) -> str:
    """The day and a digest of the file's name, as the bundled history has it; a digest of the title without such a name."""
    match = _NAME.search(path)
    if match is None:
        return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]
    stem = match.group(1)
    return f"{stem[:10]}-{hashlib.sha256(stem.encode()).hexdigest()[:8]}"


def _until(item: _Item) -> datetime | None:
    """The announced end; None where the minutes are no number or beyond any window."""
    text = str(item.minutes)[:10]
    if item.scheduled_for is None or not (text.isascii() and text.isdigit()):
        return None
    length = timedelta(minutes=min(int(text), 10**6))
    try:
        return item.scheduled_for + length if length <= LONGEST_WINDOW else None
    except OverflowError:
        return None


class DatoCms(OwnPage):
    """Reads status.datocms.com from the files it is made of."""

    id = "datocms"
    name = "DatoCMS Status"
    home = "https://status.datocms.com"
    vendor = "DatoCMS"
    reading = DatoReading
    about = About(
        kind="own",
        tested="captures",
        reads="the site's public repository: data/incidents/*.json, data/maintenances/*.json",
        depth=f"the newest {INCIDENTS_ASKED} incidents of one read",
        start="no; the first update",
        impact="none, minor, major, critical",
        hosts=("status.datocms.com",),
        traps="no ids and no state of the page; times are those the author wrote",
    )

    def recognise(self, raw: Raw) -> float:
        """0.9 for a folder of the repository or lines with its files, 0.7 for one file, 0 else."""
        head = raw.body[:4_000]
        if raw.status >= 400 or head[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
            return 0.0
        if b"datocms/status-website" in head and b'"data/' in head:
            return 0.9
        if b'"_file":"data/' in head and b'"updates"' in raw.body[:100_000]:
            return 0.9
        is_small = len(raw.body) <= 500_000 and b'"updates"' in raw.body and b'"name"' in raw.body
        return 0.7 if is_small and (item := peek(raw.body, _Item)) is not None and _is_told(item) else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The two folders."""
        return tuple(
            Endpoint(name=folder, url=f"{_LISTS}/{folder}", required=folder == "incidents") for folder in _FOLDERS
        )

    def more(self, page_url: str, documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
        """The newest files of each folder, by the day in their names."""
        wanted: list[Endpoint] = []
        for folder, count in _FOLDERS.items():
            stems = sorted(_stems(documents.get(folder)), reverse=True)[:count]
            wanted += [Endpoint(name=f"{folder}-{stem}", url=f"{_FILES}/{folder}/{stem}.json") for stem in stems]
        return tuple(endpoint for endpoint in wanted if endpoint.name not in documents)


def _is_told(item: _Item) -> bool:
    return bool(item.updates) and (item.impact in _IMPACTS or item.scheduled_for is not None)


def _stems(raw: Raw | None) -> list[str]:
    """The names of the files in a folder, without their ending; [] where the folder was not served."""
    if raw is None or raw.status >= 400:
        return []
    entries: Any = peek(raw.body, list[_Listed])
    return [match.group(1) for entry in entries or () if (match := _NAME.search(entry.name)) is not None]


DATOCMS = DatoCms()
