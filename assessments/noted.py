"""What a workspace itself says of a vendor it follows: tags, a note, who looks after it, how much depends on it; of one or many."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from assessments.models import Followed
from assessments.models.followed import LONGEST_NOTE, LONGEST_OWNER, LONGEST_TAG, MOST_TAGS, Criticality
from riskboard.errors import Refused

Changes = dict[str, tuple[str, str]]  # by slug: what stood there, and what stands there now
FIELDS = ("tag_line", "owner", "criticality")  # what is set on many vendors at once


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one vendor, as it is kept. "" and no tag: nothing was said."""

    tags: tuple[str, ...] = ()
    note: str = ""
    owner: str = ""
    criticality: str = ""

    @classmethod
    def typed(cls, *, tags: str = "", note: str = "", owner: str = "", criticality: str = "") -> Words:
        """Those words as they are kept. Raises Refused for what cannot be."""
        return cls(tuple(tags_of(tags)), _line(note)[:LONGEST_NOTE], owner_of(owner), criticality_of(criticality))

    @classmethod
    def of(cls, row: Followed) -> Words:
        """What stands beside that vendor."""
        return cls(tuple(row.tags), row.note, row.owner, row.criticality)

    @classmethod
    def from_args(cls, args: Mapping[str, Any]) -> Words:
        """What a job carries along (`as_args`)."""
        return cls(
            tuple(args.get("tags", ())), args.get("note", ""), args.get("owner", ""), args.get("criticality", "")
        )

    def as_args(self) -> dict[str, Any]:
        """For a job to carry along; what is not said is left out, but for tags."""
        said = {"note": self.note, "owner": self.owner, "criticality": self.criticality}
        return {"tags": list(self.tags)} | {name: value for name, value in said.items() if value}

    def write(self, row: Followed) -> list[str]:
        """Put them on the row; the names of the fields to be saved."""
        row.tags, row.note, row.owner, row.criticality = list(self.tags), self.note, self.owner, self.criticality
        return ["tag_line", "note", "owner", "criticality"]


def _line(text: str) -> str:
    return " ".join(text.split())


def tags_of(text: str) -> list[str]:
    """The tags in a line of words between commas: in lower case, in order, once each. Raises Refused for too many or too long ones."""
    tags = sorted({_line(word).casefold() for word in text.split(",")} - {""})
    if len(tags) > MOST_TAGS:
        raise Refused(
            gettext("at most %(most_tags)s tags a vendor; these are %(tags)s")
            % {"most_tags": MOST_TAGS, "tags": len(tags)}
        )
    long = next((tag for tag in tags if len(tag) > LONGEST_TAG), None)
    if long is not None:
        raise Refused(
            gettext("the tag %(long)s is longer than %(longest_tag)s characters")
            % {"long": f"{long[:LONGEST_TAG]!r}", "longest_tag": LONGEST_TAG}
        )
    return tags


def owner_of(text: str) -> str:
    """Whoever looks after it, on one line; "" is nobody. Raises Refused where it is too long."""
    owner = _line(text.replace("\0", ""))
    if len(owner) > LONGEST_OWNER:
        raise Refused(gettext("the owner's name is longer than %(n)s characters") % {"n": LONGEST_OWNER})
    return owner


def criticality_of(text: str) -> str:
    """One of the four levels, or "" for none. Raises Refused for any other word, and names the four."""
    level = text.strip().casefold()
    if level not in ("", *Criticality.values):
        raise Refused(
            gettext("%(level)s is no criticality; choose one of %(levels)s")
            % {"level": f"{level[:40]!r}", "levels": ", ".join(Criticality.values)}
        )
    return level


def tag(slugs: Collection[str], *, add: Iterable[str] = (), drop: Iterable[str] = ()) -> Changes:
    """Add and drop tags on each of those vendors; what changed. Raises Refused beyond the cap; nothing is changed then."""
    added, dropped = set(add), set(drop)

    def change(row: Followed) -> None:
        row.tags = tags_of(",".join((set(row.tags) | added) - dropped))

    return _each(slugs, "tag_line", change)


def put(slugs: Collection[str], field: str, value: str) -> Changes:
    """Set the "owner" or "criticality" of each of those vendors, "" to nobody and nothing; what changed. Raises Refused."""
    wanted = owner_of(value) if field == "owner" else criticality_of(value)
    return _each(slugs, field, lambda row: setattr(row, field, wanted))


def take_back(field: str, changes: Changes) -> int:
    """Put back what stood there before, where nobody wrote anything else since; how many came back."""

    def back(row: Followed) -> None:
        before, after = changes[row.vendor.slug]
        if getattr(row, field) == after:
            setattr(row, field, before)

    return len(_each(changes, field, back))


def _each(slugs: Collection[str], field: str, change: Any) -> Changes:
    """Save one by one, so that each leaves its line in the audit trail; vendors that stay as they are leave none."""
    made: Changes = {}
    with transaction.atomic():
        rows = Followed.objects.select_for_update(of=("self",)).select_related("vendor").filter(vendor__slug__in=slugs)
        for row in rows:
            before = getattr(row, field)
            change(row)
            if getattr(row, field) != before:
                row.save(update_fields=[field])
                made[row.vendor.slug] = (before, getattr(row, field))
    return made


class Changed(Exception):
    """Somebody else wrote other words beside the vendor meanwhile. `theirs`: the row as it stands."""

    def __init__(self, theirs: Followed) -> None:
        super().__init__(f"{theirs.vendor.slug} was annotated by somebody else meanwhile")
        self.theirs = theirs


def words_digest(followed: Followed) -> str:
    """What tells whether the words beside a vendor are still those a form was filled with."""
    said = "\n".join((followed.tag_line, followed.note, followed.owner, followed.criticality))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def annotate(slug: str, words: Words, *, seen: str) -> None:
    """Write those words over those of the digest `seen`. What is there already is no change.

    Raises Changed, and writes nothing, where they are others by now.
    """
    with transaction.atomic():
        row = Followed.objects.select_for_update(of=("self",)).select_related("vendor").get(vendor__slug=slug)
        if Words.of(row) == words:
            return
        if words_digest(row) != seen:
            raise Changed(row)
        row.save(update_fields=words.write(row))


def mark(slug: str, words: Words) -> None:
    """Write the words of a vendor that has just been followed; what people wrote meanwhile stays."""
    row = Followed.objects.filter(vendor__slug=slug, tag_line="", note="", owner="", criticality="").first()
    if row is not None and words != Words():
        row.save(update_fields=words.write(row))
