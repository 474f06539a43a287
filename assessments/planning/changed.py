"""A change of the plan as a page says it: kinds and fields by the names the forms give them, values as the language writes them.

The change itself (`continuity.changes`) is in English: the API and reports of older plans read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assessments.continuity.changes import NONE, Change
from assessments.continuity.plan import ONE
from assessments.planning.fields import Field, field_at
from riskboard.locales import N_, _, figures, ngettext
from riskboard.phrasebook import word

KINDS = {one: kind for kind, one in ONE.items()}
_MEASURED = re.compile(r"[\d.,]+|\d{4}-\d\d-\d\d|\d+ (?:d|h|min)(?: \d+ (?:h|min))?")  # in_words made it of a figure
_LINES = re.compile(r"(\d+) lines")
_SET = {NONE: N_("not stated"), "yes": N_("yes"), "no": N_("no"), "stated": N_("stated")}


@dataclass(frozen=True, slots=True)
class Told:
    """One change. `what`: the kind and the name; `did` and its `word`; `field`, `before` and `after` where a field changed."""

    what: str
    did: str
    word: str
    field: str
    before: str
    after: str

    @property
    def line(self) -> str:
        """The change in a line: "process Orders: RTO 4 h, now 8 h"."""
        if self.did != "changed":
            return f"{self.what}: {self.word}"
        return _(
            "{what}: {field} {before}, now {after}",
            what=self.what,
            field=self.field,
            before=self.before,
            after=self.after,
        )


def told(one: Change) -> Told:
    """That change in the language spoken."""
    field = _field(one)
    before, after = (_value(text, field) for text in (one.before, one.after))
    what = f"{word('part of a plan', one.kind)} {one.name}"
    if one.kind in ("organisation", "plan"):
        what = _("Plan") if one.kind == "plan" else _("the organisation")
    return Told(what, one.did, _(one.did), field.label if field else _plain(one.field), before, after)


def _field(one: Change) -> Field | None:
    """The form's field of that name; None for what no form has."""
    path = ".".join(part.replace(" ", "_") for part in one.field.split(", "))
    kind = KINDS.get(one.kind, one.kind)
    return field_at(kind, path) or field_at(kind, f"{path}_hours") if path and kind != "plan" else None


def _plain(field: str) -> str:
    return _("read as of") if field == "as of" else field


def _value(text: str, field: Field | None) -> str:
    """A value as `in_words` wrote it; somebody's own words as they are."""
    if _MEASURED.fullmatch(text):
        return figures(text)
    if counted := _LINES.fullmatch(text):
        return ngettext("{n} line", "{n} lines", int(counted[1]))
    return _(text) if text in _SET or (field is not None and text in field.choices) else text
