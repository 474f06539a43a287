"""The writes of a continuity plan. Each makes one revision; none overwrites what another person saved meanwhile."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from msgspec.structs import replace

from assessments.continuity import plan_file
from assessments.continuity.plan import KINDS, Item, Keyed, Kind, Organisation, Plan
from assessments.models import AssessmentRow, Milestone, PlanJudgement, PlanRevision, PlanRow

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

    did = "added" if seen is None else "changed"
    return _write(edit, author=author, summary=summary or f"{did} {_one(kind)} {item.id}")


def remove_item(kind: Kind, item_id: str, *, seen: str, author: str) -> PlanRevision:
    """The revision without that item. Raises Conflict as `save_item`, PlanError naming what still refers to it."""

    def edit(plan: Plan) -> Plan:
        _same(plan, kind, item_id, seen)
        return plan_file.remove(plan, kind, item_id)

    return _write(edit, author=author, summary=f"removed {_one(kind)} {item_id}")


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
        after = PlanRevision.objects.get(plan=current(), number=number)
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


def assessments_of(plan: Plan) -> dict[str, AssessmentRow]:
    """The newest stored assessment of each vendor the plan names, by slug; a vendor never assessed is missing. One query."""
    slugs = {one.vendor for one in plan.services} | {one.vendor for one in plan.commitments}
    slugs |= {one.by_vendor for one in plan.fallbacks if one.by_vendor}
    rows = AssessmentRow.objects.filter(vendor__slug__in=slugs).select_related("vendor").order_by("created_at", "pk")
    newest = {row.vendor.slug: row.pk for row in rows.only("pk", "created_at", "vendor__slug")}
    full = AssessmentRow.objects.filter(pk__in=newest.values()).select_related("vendor")
    return {row.vendor.slug: row for row in full}


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


def _one(kind: Kind) -> str:
    return KINDS[kind].__name__.lower()
