"""How far the words engine agrees with people: kappa per element on the gold set's labels.

`python -m tests.gold.agreement` writes the table of docs/words.md. Held-back vendors are those whose words were not read
while the rules were written.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assessments.scoring.words import measure
from tests.gold.sample import READ_FOR_RULES, Item, chosen
from vendors.records import ELEMENTS

LABELS = Path(__file__).with_name("labels.tsv")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "words.md"
BEGIN, END = "<!-- agreement: python -m tests.gold.agreement -->", "<!-- end of agreement -->"
LETTERS = dict(zip("CYQVRTUAWN", ELEMENTS, strict=True))
NAMES = {"gcp": "Google Cloud", "aws": "AWS Amazon Web Services", "claude": "Anthropic"}  # of vendors known by another
OTHER_LANGUAGE = "X"


@dataclass(frozen=True)
class Labelled:
    """One text with what a person found in it; None: it is in a language the guideline does not cover."""

    item: Item
    elements: frozenset[str] | None

    @property
    def held_back(self) -> bool:
        return self.item.vendor not in READ_FOR_RULES


def labels(path: Path = LABELS) -> dict[tuple[str, str, str], tuple[str, str]]:
    """(kind, file, key) -> (sha256, letters) of every labelled text."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            (r["kind"], r["file"], r["key"]): (r["sha256"], r["labels"]) for r in csv.DictReader(lines, delimiter="\t")
        }


def labelled() -> list[Labelled]:
    """Every labelled text of the captures at hand. Raises ValueError where a text is not the one that was labelled."""
    known, found = labels(), []
    for item in chosen():
        if (line := known.get((item.kind, item.file, item.key))) is None:
            continue
        sha, letters = line
        if sha != item.sha:
            raise ValueError(f"{item.file} {item.key} is not the text that was labelled")
        elements = None if letters == OTHER_LANGUAGE else frozenset(LETTERS[letter] for letter in letters.split())
        found.append(Labelled(item, elements))
    return found


def kappa(pairs: Iterable[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of two yes-or-no judges, -1 to 1; None where neither ever says anything but one word."""
    pairs = list(pairs)
    total = len(pairs)
    agree = sum(a == b for a, b in pairs) / total
    one, two = sum(a for a, _ in pairs) / total, sum(b for _, b in pairs) / total
    chance = one * two + (1 - one) * (1 - two)
    return None if chance == 1 else (agree - chance) / (1 - chance)


@dataclass(frozen=True)
class Agreement:
    """One element on one group of texts: kappa, precision and recall of the engine, and how many texts state it."""

    element: str
    kappa: float | None
    precision: float | None
    recall: float | None
    stated: int
    texts: int


def agreement(texts: Sequence[Labelled]) -> list[Agreement]:
    """Per element, in the order of the guideline; texts of other languages are left out."""
    known = [(one.elements, _found(one.item)) for one in texts if one.elements is not None]
    lines = []
    for element in ELEMENTS:
        pairs = [(element in told, element in found) for told, found in known]
        both = sum(a and b for a, b in pairs)
        said, stated = sum(b for _, b in pairs), sum(a for a, _ in pairs)
        lines.append(
            Agreement(
                element=element,
                kappa=kappa(pairs),
                precision=both / said if said else None,
                recall=both / stated if stated else None,
                stated=stated,
                texts=len(pairs),
            )
        )
    return lines


def _found(item: Item) -> frozenset[str]:
    """What the engine finds; a whole incident states what any of its updates does."""
    parts = item.text.split("\n\n") if item.kind == "incident" else [item.text]
    vendor = NAMES.get(item.vendor, item.vendor.replace("-", " "))
    return frozenset(name for part in parts for name in measure(part, item.components, vendor=vendor).elements)


def table() -> str:
    """The table of docs/words.md, between its two marks."""
    everything = labelled()
    groups = {
        (kind, held_back): agreement(
            [one for one in everything if one.item.kind == kind and one.held_back is held_back]
        )
        for kind in ("update", "incident")
        for held_back in (True, False)
    }
    held, read = groups["update", True], groups["update", False]
    lines = [
        f"| element | κ, {held[0].texts} updates held back | precision | recall | stated in | κ, {read[0].texts} updates read for the "
        f"rules | κ, {groups['incident', True][0].texts} whole incidents held back |",
        "|---|---|---|---|---|---|---|",
    ]
    for one, other, whole in zip(held, read, groups["incident", True], strict=True):
        cells = (
            _two(one.kappa),
            _two(one.precision),
            _two(one.recall),
            str(one.stated),
            _two(other.kappa),
            _two(whole.kappa),
        )
        lines.append(f"| `{one.element}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def in_page() -> tuple[str, str, str]:
    """docs/words.md: before the table, the table, after it."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    inside, after = rest.split(END)
    return before, inside.strip(), after


def main() -> None:
    """Write the table into docs/words.md."""
    before, _, after = in_page()
    PAGE.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", encoding="utf-8")


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main()
