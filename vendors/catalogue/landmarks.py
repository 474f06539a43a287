"""Landmark outages: what everybody should know of, checked when read, and as a page of the documentation.

`python -m vendors.catalogue.landmarks` writes docs/landmarks.md.
"""

from __future__ import annotations

import functools
import itertools
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

import msgspec

LANDMARKS = Path(__file__).with_name("landmarks.toml")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "landmarks.md"
Precision = Literal["minute", "day", "month"]
Pillar = Literal["outage-history", "openness", "timeliness", "backup"]
Line = Annotated[str, msgspec.Meta(min_length=3, max_length=160, pattern=r"^\S[^\n\r\t]*\S$")]
_FORMATS: dict[Precision, tuple[str, str]] = {
    "minute": ("%Y-%m-%dT%H:%MZ", "%Y-%m-%d %H:%M UTC"),
    "day": ("%Y-%m-%d", "%Y-%m-%d"),
    "month": ("%Y-%m", "%Y-%m"),
}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-\d{4}-\d{2}")
_UNCHECKED = "\\*"


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line. `from_general_knowledge`: widely reported, and not found in the material at hand."""

    text: Line
    from_general_knowledge: bool = False


class Moment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time in UTC, written as exactly as `precision` says it is known."""

    at: str
    precision: Precision
    from_general_knowledge: bool = False

    def time(self) -> datetime:
        """Its beginning: of that minute, day or month. Raises ValueError where `at` is not written so."""
        form = _FORMATS[self.precision][0]
        found = datetime.strptime(self.at, form).replace(tzinfo=UTC)
        if found.strftime(form) != self.at:
            raise ValueError(f"{self.at!r} is not written as {form}")
        return found


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many hours it was felt. `least` None: only an upper end is known."""

    most: Annotated[float, msgspec.Meta(gt=0)]
    least: Annotated[float, msgspec.Meta(gt=0)] | None = None
    from_general_knowledge: bool = False


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it is told. `url` None: read as cited elsewhere, without an address."""

    title: Line
    url: str | None = None


class Landmark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One outage. None and () mean not known. `lesson` is ours; `pillar` is the part of the score it teaches."""

    id: str
    title: Line
    vendor: Line
    began: Moment | None = None
    ended: Moment | None = None
    hours: Hours | None = None
    failed: tuple[Fact, ...]
    lost: tuple[Fact, ...]
    saved: tuple[Fact, ...]
    lesson: Line
    pillar: Pillar
    sources: tuple[Source, ...]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    landmark: tuple[Landmark, ...]


@functools.cache
def landmarks() -> tuple[Landmark, ...]:
    """Every landmark, by when it began. Raises ValueError naming the one that breaks a rule."""
    return loads(LANDMARKS.read_bytes())


def loads(data: bytes) -> tuple[Landmark, ...]:
    """The landmarks of a file of that form. Raises ValueError (msgspec's own is one) naming what breaks a rule."""
    found = msgspec.toml.decode(data, type=_File).landmark
    for landmark in found:
        for fault in _faults(landmark):
            raise ValueError(f"{landmark.id}: {fault}")
    if len({landmark.id for landmark in found}) != len(found):
        raise ValueError("two landmarks have one id")
    begun = [landmark.began.time() for landmark in found if landmark.began]
    if begun != sorted(begun):
        raise ValueError("the landmarks are not in the order they began")
    return found


def _faults(landmark: Landmark) -> list[str]:
    faults = []
    if not _ID.fullmatch(landmark.id):
        faults.append("its id is not words in lower case, a year and a month, parted by hyphens")
    if not landmark.failed or not landmark.sources:
        faults.append("it states no failure, or no source")
    faults += [
        f"{source.url!r} is no web address"
        for source in landmark.sources
        if source.url is not None and not (source.url.startswith("https://") and urlsplit(source.url).hostname)
    ]
    return faults + _faults_of_times(landmark)


def _faults_of_times(landmark: Landmark) -> list[str]:
    began, ended, hours = landmark.began, landmark.ended, landmark.hours
    try:
        start, end = began and began.time(), ended and ended.time()
    except ValueError as fault:
        return [str(fault)]
    faults = []
    if start and not landmark.id.endswith(f"{start:%Y-%m}"):
        faults.append("its id and its beginning name different months")
    if began and ended and start and end:
        known = "minute" == began.precision == ended.precision
        if end < start and ended.precision == began.precision:
            faults.append("it ends before it begins")
        if known and hours and timedelta(hours=hours.most) > end - start + timedelta(minutes=6):
            faults.append("its hours are more than lie between its beginning and its end")
    if hours and hours.least is not None and hours.least > hours.most:
        faults.append("its hours are turned round")
    return faults


def page() -> str:
    """The documentation's page, whole."""
    counts = {word: sum(landmark.pillar == word for landmark in landmarks()) for word in get_args(Pillar)}
    told = ", ".join(f"{count} {word}" for word, count in counts.items())
    head = (
        "# Landmark outages\n\n"
        "Made by `python -m vendors.catalogue.landmarks` from `vendors/catalogue/landmarks.toml`; change it there.\n\n"
        f"What they teach, by part of the score: {told}.\n"
        f"The words are ours; what is not known is left out. {_UNCHECKED} marks what is widely reported and was not checked\n"
        "against a document.\n"
    )
    return head + "".join(_section(landmark) for landmark in landmarks())


def _section(landmark: Landmark) -> str:
    when = " to ".join(_moment(moment) for moment in (landmark.began, landmark.ended) if moment)
    first = f"{landmark.vendor}; {when or 'time not known'}; {_hours(landmark.hours)}. Teaches: {landmark.pillar}."
    groups = (("What failed", landmark.failed), ("What was lost", landmark.lost), ("What saved whom", landmark.saved))
    facts = itertools.chain.from_iterable(_facts(title, group) for title, group in groups)
    sources = "; ".join(
        f"[{source.title}]({source.url})" if source.url else source.title for source in landmark.sources
    )
    lines = (*facts, f"- **Lesson:** {landmark.lesson}", f"- **Sources:** {sources}")
    return f"\n## {landmark.title}\n\n`{landmark.id}`. {first}\n\n" + "\n".join(lines) + "\n"


def _facts(title: str, facts: tuple[Fact, ...]) -> list[str]:
    if not facts:
        return [f"- **{title}:** not known."]
    return [f"- **{title}:** " + " ".join(f.text + (_UNCHECKED if f.from_general_knowledge else "") for f in facts)]


def _moment(moment: Moment) -> str:
    return f"{moment.time():{_FORMATS[moment.precision][1]}}" + (_UNCHECKED if moment.from_general_knowledge else "")


def _hours(hours: Hours | None) -> str:
    if hours is None:
        return "hours not known"
    mark = _UNCHECKED if hours.from_general_knowledge else ""
    if hours.least is None:
        return f"up to {hours.most:g} h{mark}"
    return f"{hours.least:g} h{mark}" if hours.least == hours.most else f"{hours.least:g} to {hours.most:g} h{mark}"


def main() -> None:
    """Write docs/landmarks.md."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
