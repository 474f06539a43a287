"""The writes of a continuity plan. Each makes one revision; none overwrites what another person saved meanwhile."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import transaction
from msgspec.structs import replace

from assessments.continuity import plan_file
from assessments.continuity.answer import answer
from assessments.continuity.judged import Judged
from assessments.continuity.own import own_view
from assessments.continuity.plan import KINDS, ONE, Item, Keyed, Kind, Organisation, Plan
from assessments.continuity.rollup import vendor_needs, vendors_of
from assessments.models import AssessmentRow, Milestone, PlanJudgement, PlanRevision, PlanRow
from assessments.models.plan import read_at
from assessments.verbs import assess_vendor
from riskboard.jobs.models import Job
from riskboard.jobs.queue import enqueue
from vendors.catalogue import index
from vendors.facts import facts_of
from vendors.ingest import ingest_facts
from vendors.models import Vendor
from vendors.polling import is_watched

SUMMARY, AUTHOR = 500, 200  # characters kept


class Conflict(Exception):
    """Somebody else changed the same item meanwhile. `theirs` is the item as it stands, None where it was removed."""

    def __init__(self, kind: str, item_id: str, theirs: Item | None) -> None:
        super().__init__(f"{item_id!r} was changed by somebody else meanwhile")
        self.kind, self.item_id, self.theirs = kind, item_id, theirs


def current() -> PlanRow:
    """The plan as it stands; an empty one where none was written yet (not stored until something is saved)."""
    known = PlanRow.objects.filter(slug="main").first()
    return known or PlanRow(document=plan_file.dumps(Plan()), sha256=plan_file.sha256(Plan()))


def save_item(kind: Kind, item: Keyed, *, seen: str | None, author: str, summary: str = "") -> PlanRevision:
    """The revision with that item new or changed. `seen`: the digest of the item the editor had before them, None for new.

    Raises Conflict where it is another by now (or the id is taken), PlanError where it does not fit the rest.
    """

    def edit(plan: Plan) -> Plan:
        _same(plan, kind, item.id, seen)
        return plan_file.put(plan, kind, item)

    return _write(edit, author=author, summary=summary or _saved(kind, item.id, is_new=seen is None))


def remove_item(kind: Kind, item_id: str, *, seen: str, author: str) -> PlanRevision:
    """The revision without that item. Raises Conflict as `save_item`, PlanError naming what still refers to it."""

    def edit(plan: Plan) -> Plan:
        _same(plan, kind, item_id, seen)
        return plan_file.remove(plan, kind, item_id)

    return _write(edit, author=author, summary=_removed(kind, item_id))


def save_head(organisation: Organisation, as_of: date | None, *, seen: str, author: str) -> PlanRevision:
    """The revision with that organisation and day. `seen`: the digest of the organisation the editor had. Raises Conflict."""

    def edit(plan: Plan) -> Plan:
        if plan_file.item_sha256(plan.organisation) != seen:
            raise Conflict("organisation", "organisation", plan.organisation)
        return replace(plan, organisation=organisation, as_of=as_of)

    return _write(edit, author=author, summary="changed the organisation's details")


def replace_plan(plan: Plan, *, seen_revision: int, author: str, summary: str) -> PlanRevision:
    """The revision that is that plan: an import, an example, a restored revision. Raises Conflict if the plan moved on."""

    def edit(now: Plan) -> Plan:
        if current().revision != seen_revision:
            raise Conflict("plan", "the plan", None)
        return plan

    return _write(edit, author=author, summary=summary)


def undo(number: int, *, author: str) -> PlanRevision:
    """A revision that takes back what revision `number` changed, item by item, and leaves later work alone.

    Raises Conflict where one of those items was changed again since, PlanError where something new refers to them.
    """
    with transaction.atomic():
        after = PlanRevision.objects.get(plan__slug="main", number=number)
        earlier = PlanRevision.objects.filter(plan=after.plan_id, number=number - 1).first()
        before = earlier.parsed() if earlier else Plan()
        changed = after.parsed()

        def edit(plan: Plan) -> Plan:
            return taken_back(plan, before=before, after=changed)

        return _write(edit, author=author, summary=f"took back: {after.summary}")


def taken_back(plan: Plan, *, before: Plan, after: Plan) -> Plan:
    """`plan` with every item that `after` changed as it was in `before`. Raises Conflict where it was changed again."""
    for kind in KINDS:
        items = {one.id: one for one in getattr(plan, kind)}
        for item_id, was, became in _changed(before, after, kind):
            if items.get(item_id) != became:
                raise Conflict(kind, item_id, items.get(item_id))
            if was is None:
                del items[item_id]
            else:
                items[item_id] = was
        plan = replace(plan, **{kind: tuple(items.values())})
    for field in ("organisation", "as_of"):
        was, became = getattr(before, field), getattr(after, field)
        if was != became:
            if getattr(plan, field) != became:
                raise Conflict("organisation", field, plan.organisation)
            plan = replace(plan, **{field: was})
    return plan_file.checked(plan)


def _changed(before: Plan, after: Plan, kind: Kind) -> Iterator[tuple[str, Any, Any]]:
    old = {one.id: one for one in getattr(before, kind)}
    new = {one.id: one for one in getattr(after, kind)}
    for item_id in sorted({*old, *new}):
        if old.get(item_id) != new.get(item_id):
            yield item_id, old.get(item_id), new.get(item_id)


def freeze(
    label: str, *, author: str, as_of: datetime, judgement: PlanJudgement | None = None, note: str = ""
) -> Milestone:
    """The plan of now and the assessments it was judged by, under a name. Raises PlanRevision.DoesNotExist without a plan."""
    with transaction.atomic():
        row = current()
        revision = PlanRevision.objects.get(plan=row.pk, number=row.revision)
        made = Milestone.objects.create(
            revision=revision, judgement=judgement, label=label[:200], note=note, author=author[:AUTHOR], as_of=as_of
        )
        if judgement is not None:
            made.assessments.set(judgement.assessments.all())
    return made


def judge_plan(
    revision: PlanRevision, *, now: datetime, report: Callable[[int, str], None] = lambda percent, message: None
) -> PlanJudgement:
    """The judgement of that revision as of now: its vendors assessed for what it needs of them, then the answer.

    Vendors that are neither bundled nor stored stay unjudged, which the answer names. The same plan, facts and day give the row
    that was made before. Cost: what `assess_vendor` costs for each vendor, and up to two seconds.
    """
    plan = revision.parsed()
    slugs = vendors_of(plan)
    rows = []
    for n, slug in enumerate(slugs):
        report(5 + 80 * n // len(slugs), f"judging vendor {n + 1:,} of {len(slugs):,}")
        found = known_vendor(slug, now=now)
        if found is not None:
            vendor, at = found
            own = own_view(plan, slug, today=read_at(plan, now).date())
            needs = vendor_needs(plan, facts_of(vendor, as_of=at), own=own)
            rows.append(assess_vendor(vendor, needs=needs, as_of=at))
    at = read_at(plan, now)
    parts = [str(revision.plan_id), revision.sha256, at.date().isoformat(), *(row.input_sha256 for row in rows)]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    known_already = PlanJudgement.objects.filter(key=key, revision=revision).first()
    if known_already is not None:
        return known_already
    report(90, "working out the plan")
    made = answer(plan, {row.vendor.slug: _judged(row) for row in rows}, as_of=at)
    with transaction.atomic():
        judgement, is_new = PlanJudgement.objects.get_or_create(
            key=key, defaults={"revision": revision, "as_of": at, "answer": msgspec.json.encode(made)}
        )
        if is_new:
            judgement.assessments.set(rows)
    return judgement


def judge_later(revision: PlanRevision) -> Job:
    """Have the revision judged by a worker: the job."""
    args = {"plan": revision.plan_id, "revision": revision.number}
    return enqueue("plan", args, queue="score", key=f"plan {revision.plan_id} {revision.number}")


def newest_judgement() -> PlanJudgement | None:
    """The newest judgement of the plan, of whatever revision; None before the first."""
    return PlanJudgement.objects.select_related("revision").filter(revision__plan__slug="main").first()


def judged(judgement: PlanJudgement) -> dict[str, Judged]:
    """The vendors as that judgement saw them, by slug. Reads their documents and facts: some 30 ms a vendor."""
    rows = judgement.assessments.select_related("vendor").order_by("vendor__slug")
    return {row.vendor.slug: _judged(row) for row in rows}


def known_vendor(slug: str, *, now: datetime) -> tuple[Vendor, datetime] | None:
    """The vendor of that slug and the time to judge it at: now for one that is read, else its bundled record's end."""
    bundled = next((one for one in index.bundled() if one.slug == slug), None)
    stored = Vendor.objects.filter(slug=slug).first()
    if bundled is None or (stored is not None and is_watched(stored)):
        return None if stored is None else (stored, now)
    facts = index.load(slug)
    return (stored or ingest_facts(facts)), facts.as_of


def _judged(row: AssessmentRow) -> Judged:
    return Judged(assessment=row.parsed(), facts=row.parsed_facts())


def _write(edit: Callable[[Plan], Plan], *, author: str, summary: str) -> PlanRevision:
    """One change under the row's lock. A change that changes nothing gives back the revision that stands."""
    with transaction.atomic():
        PlanRow.objects.get_or_create(
            slug="main", defaults={"document": plan_file.dumps(Plan()), "sha256": plan_file.sha256(Plan())}
        )
        row = PlanRow.objects.select_for_update().get(slug="main")
        after = plan_file.checked(edit(row.parsed()))
        data, digest = plan_file.dumps(after), plan_file.sha256(after)
        if digest == row.sha256 and row.revision:
            return PlanRevision.objects.get(plan=row, number=row.revision)
        row.document, row.sha256, row.revision = data, digest, row.revision + 1
        row.save()
        return PlanRevision.objects.create(
            plan=row,
            number=row.revision,
            document=gzip.compress(data, compresslevel=6, mtime=0),
            sha256=digest,
            author=author[:AUTHOR],
            summary=summary[:SUMMARY],
        )


def _same(plan: Plan, kind: Kind, item_id: str, seen: str | None) -> None:
    theirs = plan_file.get(plan, kind, item_id)
    if (theirs and plan_file.item_sha256(theirs)) != seen:
        raise Conflict(kind, item_id, theirs)


def _saved(kind: Kind, item_name: str, *, is_new: bool) -> str:
    """What the history says of it: in English, translated where it is shown (riskboard/sentences.py)."""
    return f"added {ONE[kind]} {item_name}" if is_new else f"changed {ONE[kind]} {item_name}"


def _removed(kind: Kind, item_name: str) -> str:
    return f"removed {ONE[kind]} {item_name}"
