"""What a vendor's report may be given besides the judgement: a second system, the last report, promises. Pure.

Each stands in its own section, is attached, and is worked out again by `verify`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from assessments.continuity.commitments import Promise, conditions, follow
from assessments.continuity.plan import Commitment, Plan
from assessments.report import phrases
from assessments.report.links import safe_link
from assessments.report.phrases import clean, hours
from assessments.report.plan_looks import PROMISE_LOOKS
from assessments.report.tokens import UNKNOWN_WORD
from assessments.scoring.model import Assessment
from assessments.scoring.moved import CAUSES, moved, sentence
from assessments.scoring.pipeline import decode, encode
from assessments.scoring.what_if import Standby, WhatIf, what_if
from riskboard.locales import _, figure
from riskboard.phrasebook import said, word
from vendors.facts_file import dumps, loads
from vendors.records import VendorFacts

FILE, SINCE_FACTS, SINCE_ASSESSMENT = "beside.json", "since.facts.json", "since.assessment.json"
Printed = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the judgement; every part may be missing.

    `standby`: what would take over, `standby_name` what it is called. `since`: an earlier judgement of this vendor with its
    facts. `commitments`: what this vendor promised. `live`: the address of the vendor's page in this Riskboard, for the code on
    the control page; empty: the status page itself.
    """

    standby: Standby | None = None
    standby_name: str = ""
    since: tuple[Assessment, VendorFacts] | None = None
    commitments: tuple[Commitment, ...] = ()
    live: str = ""


NOTHING = Beside()


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    """The attached `beside.json`."""

    standby: Standby | None = None
    standby_name: str = ""
    commitments: tuple[Commitment, ...] = ()


def beside_of(plan: Plan, vendor: str) -> Beside:
    """What a plan says of that vendor: its promises, and the soonest fallback for a service of it.

    A fallback whose takeover or capacity nobody states is not reckoned with: unknown is never taken as good.
    """
    services = {one.id for one in plan.services if one.vendor == vendor}
    ready = [
        (one.takeover_hours, one.id, one.capacity, one.name)
        for one in plan.fallbacks
        if one.service in services and one.takeover_hours is not None and one.capacity
    ]
    first = min(ready, default=None)
    return Beside(
        standby=None if first is None else Standby(first[0], first[2]),
        standby_name="" if first is None else first[3],
        commitments=tuple(one for one in plan.commitments if one.vendor == vendor),
    )


def beside_files(given: Beside) -> dict[str, bytes]:
    """The attachments it adds, by name; none where nothing stands beside."""
    files = {}
    if given.standby is not None or given.commitments:
        part = _File(given.standby, given.standby_name, given.commitments)
        files[FILE] = msgspec.json.encode(part) + b"\n"
    if given.since is not None:
        files[SINCE_ASSESSMENT], files[SINCE_FACTS] = encode(given.since[0]), dumps(given.since[1])
    return files


def beside_from(files: Mapping[str, bytes]) -> Beside:
    """What those attachments hold. Raises msgspec.MsgspecError, FactsError or AssessmentError for what is none."""
    part = msgspec.json.decode(files[FILE], type=_File) if FILE in files else _File()
    since = None
    if SINCE_FACTS in files and SINCE_ASSESSMENT in files:
        since = (decode(files[SINCE_ASSESSMENT]), loads(files[SINCE_FACTS]))
    return Beside(part.standby, part.standby_name, since, part.commitments)


def with_standby(a: Assessment, facts: VendorFacts, given: Beside) -> WhatIf | None:
    """The forecast with what takes over; None without one, or where the record is too thin for figures."""
    if given.standby is None:
        return None
    made = what_if(
        facts, as_of=a.as_of, rto_hours=a.needs.rto_hours, components=a.needs.components, standby=given.standby
    )
    return None if made.chance_left is None else made


def standby_rows(made: WhatIf) -> list[tuple[str, str, str]]:
    """(figure, as it is, with what takes over)."""
    f = made.forecast
    return [
        (_("Chance within a year that work stops longer than {rto}", rto=hours(f.rto_hours)),
         figure(f.p_exceed, ".0%"), _(UNKNOWN_WORD) if made.chance_left is None else figure(made.chance_left, ".0%")),
        (_("Hours of work lost a year, on average"), f"{figure(f.hours.mean, ',.1f')} h",
         _(UNKNOWN_WORD) if made.hours_left is None else f"{figure(made.hours_left, ',.1f')} h"),
    ]  # fmt: skip


def moved_rows(a: Assessment, facts: VendorFacts, given: Beside) -> tuple[str, list[tuple[str, str]]] | None:
    """Why the total moved: the sentence, and (cause, points); None without an earlier judgement, or where one shows no total."""
    if given.since is None:
        return None
    found = moved(*given.since, a, facts)
    if found is None:
        return None
    rows = [(said(words), figure(getattr(found, name), "+.2f")) for name, words in CAUSES]
    then, now = (_("total then"), figure(found.then, ".2f")), (_("total now"), figure(found.now, ".2f"))
    return said(sentence(found)), [then, *rows, now]


def followed(facts: VendorFacts, given: Beside, as_of: datetime) -> tuple[Promise, ...]:
    """Each promise with how it stands at that time, those not kept first."""
    found = [
        Promise(commitment=one, vendor=facts.vendor.name, followed=follow(one, facts, as_of=as_of))
        for one in given.commitments
        if one.made_on <= as_of.date()
    ]
    order = list(PROMISE_LOOKS)
    return tuple(
        sorted(found, key=lambda one: (order.index(one.followed.state), one.commitment.made_on, one.commitment.id))
    )


def beside_context(a: Assessment, facts: VendorFacts, given: Beside) -> tuple[dict[str, Any], WhatIf | None]:
    """What the partials `_standby.html`, `_moved.html` and `_conditions.html` show, and the forecast with what takes over."""
    made = with_standby(a, facts, given)
    found = followed(facts, given, a.as_of)
    change = moved_rows(a, facts, given)
    context = {
        "standby_name": clean(given.standby_name, 60),
        "standby_sentence": "" if made is None else phrases.what_if(made, given.standby),
        "standby_rows": [] if made is None else standby_rows(made),
        "moved_sentence": "" if change is None else change[0],
        "moved_rows": [] if change is None else change[1],
        "conditions": [said(one) for one in conditions(found)],
        "promises": [
            (
                one,
                word("state of a promise", one.followed.state),
                said(one.followed.why),
                PROMISE_LOOKS[one.followed.state],
                clean(one.commitment.said, 300),
                safe_link(one.followed.evidence),
            )
            for one in found
        ],
    }
    return context, made


def printed_beside(a: Assessment, facts: VendorFacts, given: Beside) -> Printed:
    """(path, text on the page) of what these sections print."""
    lines: Printed = []
    made = with_standby(a, facts, given)
    if made is not None:
        lines.append(("standby", phrases.what_if(made, given.standby)))
        lines += [(f"standby.{place}", " ".join(row)) for place, row in enumerate(standby_rows(made))]
    change = moved_rows(a, facts, given)
    if change is not None:
        lines.append(("moved", change[0]))
        lines += [(f"moved.{words}", f"{words} {points}") for words, points in change[1]]
    for one in followed(facts, given, a.as_of):
        lines.append(
            (
                f"promise.{one.commitment.id}",
                f"{word('state of a promise', one.followed.state)} {clean(one.commitment.said, 300)}",
            )
        )
    return lines
