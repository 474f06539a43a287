"""Numbers in the text for what a report cites, and the list they lead to, with addresses that can be read on paper.

Links are pressed on a screen; on paper only a printed address leads anywhere. Evidence of single checks stays a link: the record's
table of sources and the attached facts name it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from assessments.report.links import safe_link
from assessments.report.phrases import clean
from vendors.catalogue.landmarks import landmarks


@dataclass(frozen=True, slots=True)
class Citation:
    """One line of the list. `url` is empty for what was read as cited elsewhere."""

    number: int
    title: str
    url: str


@dataclass(slots=True)
class Citations:
    """What was cited so far, each once, in the order of the text."""

    _by_key: dict[str, Citation] = field(default_factory=dict)

    def number(self, title: str, url: str | None = None) -> int:
        """The number of that source; what has neither an address that is safe to print nor a title gets none: 0."""
        link, name = safe_link(url or ""), clean(title, 120)
        key = link or name
        if not key:
            return 0
        if key not in self._by_key:
            self._by_key[key] = Citation(len(self._by_key) + 1, name, link)
        return self._by_key[key].number

    def of_landmark(self, landmark: str | None) -> tuple[int, ...]:
        """The number of the first source of a landmark outage, the fullest one; empty where there is none."""
        found = next((one for one in landmarks() if one.id == landmark), None)
        sources = () if found is None else found.sources[:1]
        return tuple(number for one in sources if (number := self.number(one.title, one.url)))

    @property
    def rows(self) -> tuple[Citation, ...]:
        """The list."""
        return tuple(self._by_key.values())
