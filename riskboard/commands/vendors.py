"""`riskboard vendors`: the vendors a workspace follows: listed, shown, added, judged, watched, put away, and what is said of them."""

from __future__ import annotations

import argparse
import difflib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskboard.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from assessments.models import Followed
    from riskboard.jobs.models import Job

HELP = "the vendors that are followed: list, show, add, judge, watch, put away, bring back, and what is said of them"
NEEDS_DJANGO = True
WAIT = 300.0  # seconds for a job that a worker has taken up already; one itself may take 110
FILTERS = {
    "category": "of that category", "grade": "A to F, or none", "tag": "with that tag", "owner": "looked after by that one",
    "criticality": "low, medium, high, critical or none", "over": "whose chance beyond the RTO is at least that (0 to 1)",
    "state": "open, stale or disputed", "sort": "name, category, rto, readiness, chance, known, incident, judged, owner or "
    "criticality; - before it for the other way round (--sort=-readiness)",
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-action, and of whom."""
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    listed = actions.add_parser("list", help="those shown, narrowed as the page's list is")
    listed.add_argument("words", nargs="*", metavar="WORD", help="that stand in the name, category, owner or a tag")
    for name, told in FILTERS.items():
        listed.add_argument(f"--{name}", help=told)
    listed.add_argument("--away", action="store_true", help="those put away instead")
    listed.add_argument("--out", type=Path, metavar="FILE", help="write them to a .csv, .xlsx or .json file")
    _json(listed)
    shown = actions.add_parser("show", help="one of them: its newest judgement, its pages, what is said of it")
    shown.add_argument("vendor", metavar="VENDOR")
    _json(shown)
    add = actions.add_parser("add", help="assess one and follow it from then on")
    add.add_argument("target", metavar="VENDOR", help="a bundled name, or the address of a status page")
    add.add_argument("--rto", default="4h", help="how long you can do without it (default 4h)")
    _words(add)
    _json(add)
    said = actions.add_parser("set", help="write what is said of one; what is left out stays")
    said.add_argument("vendor", metavar="VENDOR")
    _words(said)
    _json(said)
    for name, told in (
        ("judge", "have them judged anew for the needs of their last judgement"),
        ("watch", "look at their status pages from now on"),
        ("unwatch", "look at their status pages no more, in any workspace; what is known stays"),
        ("put-away", "take them off the list; nothing known of them is lost"),
        ("bring-back", "show them again"),
    ):
        many = actions.add_parser(name, help=told)
        many.add_argument("vendors", nargs="+", metavar="VENDOR")
        _json(many)


def _words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tags", metavar="A,B", help="tags, between commas")
    parser.add_argument("--note")
    parser.add_argument("--owner", help="who looks after it here")
    parser.add_argument("--criticality", metavar="LEVEL", help='low, medium, high or critical; "" for none')


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Do the action. Exit 0: done, also where all was so already; 1: refused, and nothing was changed."""
    from riskboard.embedded import ensure_database

    ensure_database()
    acts: dict[str, Callable[[argparse.Namespace], int]] = {"list": _list, "show": _show, "add": _add, "set": _set}
    return acts.get(args.action, _many)(args)


def _followed(name: str) -> Followed:
    """The vendor of that slug or name that is followed. Raises Refused with near names."""
    from assessments.models import Followed

    rows = Followed.objects.all().with_newest()
    wanted = name.strip()
    found = rows.filter(vendor__slug=wanted.casefold()).first() or rows.filter(vendor__name__iexact=wanted).first()
    if found is None:
        known = list(Followed.objects.values_list("vendor__slug", flat=True))
        close = difflib.get_close_matches(wanted.casefold(), known, n=3, cutoff=0.6)
        hint = f"did you mean {' or '.join(close)}?" if close else "riskboard vendors list names those that are"
        raise Refused(f"no vendor {wanted[:60]!r} is followed; {hint}")
    return found


def _list(args: argparse.Namespace) -> int:
    from assessments.board.exports import COLUMNS, vendor_rows
    from assessments.board.listing import listed
    from assessments.files.tables import to_file, to_json
    from riskboard.output import write_output

    query = {"q": " ".join(args.words)} | {name: value for name in FILTERS if (value := getattr(args, name))}
    found = listed(query | ({"away": "true"} if args.away else {}))
    if not found.form.is_valid():
        name, faults = next(iter(found.form.errors.items()))
        raise Refused(f"--{name}: {faults[0]}")
    if args.out is not None:
        form = args.out.suffix.removeprefix(".").casefold()
        if form not in ("csv", "xlsx", "json"):
            raise Refused(f"{args.out} should end in .csv, .xlsx or .json")
        write_output(args.out, to_file(form, "Vendors", COLUMNS, vendor_rows(found.qs))[0])
    if args.json:
        _write(to_json(COLUMNS, vendor_rows(found.qs)))
        return 0
    if args.out is None:
        _table(found.qs, away=args.away)
    return 0


def _table(rows: Iterable[Followed], *, away: bool) -> None:
    from riskboard.durations import hours_text

    lines = []
    for row in rows:
        chance = "-" if row.chance is None else f"{row.chance:.0%}"
        judged = f"{hours_text(row.rto_hours):>6}{_figure(row.value):>11}  {row.grade or '-':<6}{chance:>6}"
        said = f"{row.criticality or '-':<9}{row.owner[:20]:<21}{', '.join(row.tags)}"
        lines.append(f"{row.vendor.name[:27]:<28}{row.vendor.slug[:27]:<28}{judged}  {said}".rstrip())
    if not lines:
        print("none was put away" if away else "no vendor is followed that fits; riskboard vendors add NAME adds one")
        return
    head = f"{'RTO':>6}{'readiness':>11}  {'grade':<6}{'> RTO':>6}  {'critical':<9}{'owner':<21}tags"
    print(f"{'vendor':<28}{'name here':<28}{head}")
    print("\n".join(lines))


def _figure(value: float | None) -> str:
    return "not known" if value is None else f"{value:.0f}"


def _show(args: argparse.Namespace) -> int:
    row = _followed(args.vendor)
    told = _told(row)
    if args.json:
        _write(_encoded(told))
        return 0
    grade = f", grade {told['grade']}" if told["grade"] else ""
    print(f"{told['name']} ({told['slug']}), {told['category']}" + (", put away" if told["put_away"] else ""))
    print(f"readiness {_figure(told['readiness'])} (between {told['low']:.0f} and {told['high']:.0f}){grade}")
    chance = (
        "not known" if told["chance_beyond_rto_a_year"] is None else f"{told['chance_beyond_rto_a_year']:.1%} a year"
    )
    print(f"chance of an outage beyond the RTO of {told['rto_hours']:g} h: {chance}")
    print(f"judged as of {told['as_of']:%Y-%m-%d %H:%M} UTC by method {told['method']}, {told['judgements']} in all")
    for name in ("owner", "criticality", "note"):
        print(f"{name}: {told[name] or 'not stated'}")
    print(f"tags: {', '.join(told['tags']) or 'none'}")
    for page in told["pages"]:
        state = f"could not be read: {page['fault']}" if page["fault"] else page["state"]
        print(f"page: {page['url']} ({page['platform']}, {'watched' if page['watched'] else 'not watched'}, {state})")
    return 0


def _told(row: Followed) -> dict[str, Any]:
    """One vendor as the list's columns tell it, and its pages."""
    from assessments.board.exports import COLUMNS, vendor_rows
    from assessments.models import AssessmentRow

    told: dict[str, Any] = dict(zip(COLUMNS, next(iter(vendor_rows([row]))), strict=True))
    pages = [
        {
            "url": page.url, "platform": page.platform, "state": page.state, "fault": page.fault or None,
            "watched": page.is_watched,
        }
        for page in _pages([row])
    ]  # fmt: skip
    name = told.pop("vendor")
    return {"name": name} | told | {
        "tags": row.tags, "put_away": row.archived_at is not None,
        "judgements": AssessmentRow.objects.filter(vendor=row.vendor).count(), "pages": pages,
    }  # fmt: skip


def _pages(rows: Iterable[Followed]) -> list[Any]:
    """The status pages of those vendors, with whether each is watched."""
    from django.db.models import Exists, OuterRef

    from vendors.models import StatusPage, Watch

    is_watched = Exists(Watch.objects.filter(page=OuterRef("pk"), due_at__isnull=False))
    found = StatusPage.objects.filter(vendor__in=[row.vendor_id for row in rows]).annotate(is_watched=is_watched)
    return list(found.order_by("vendor__slug", "pk"))


def _typed(args: argparse.Namespace) -> dict[str, str]:
    return {
        name: value for name in ("tags", "note", "owner", "criticality") if (value := getattr(args, name)) is not None
    }


def _add(args: argparse.Namespace) -> int:
    from assessments import following
    from assessments.noted import Words
    from riskboard.durations import parse_duration
    from riskboard.jobs.models import State

    words = Words.typed(**_typed(args))
    job = _done(following.begin(args.target, rto_hours=parse_duration(args.rto, what="RTO"), words=words, quietly=True))
    if job.state != State.DONE:
        raise Refused(job.error or f"the assessment is {job.state}")
    args.vendor = job.result["vendor"]
    return _show(args)


def _done(job: Job) -> Job:
    """The job as it ended: run here, or by the worker that took it up first. Raises Refused where that one takes too long."""
    from riskboard.jobs import queue

    queue.run(job.pk)
    until = time.monotonic() + WAIT
    job.refresh_from_db()
    while job.is_open:
        if time.monotonic() > until:
            raise Refused(f"a worker has been at it for too long; its job is {job.uid}")
        time.sleep(0.2)
        job.refresh_from_db()
    return job


def _set(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from assessments import noted

    typed = _typed(args)
    if not typed:
        raise Refused("say what: --tags, --note, --owner or --criticality")
    row = _followed(args.vendor)
    new = noted.Words.typed(**typed)
    words = replace(noted.Words.of(row), **{name: getattr(new, name) for name in typed})
    try:
        noted.annotate(row.vendor.slug, words, seen=noted.words_digest(row))
    except noted.Changed as changed:
        raise Refused("somebody changed it this very moment; try again") from changed
    args.vendor = row.vendor.slug
    return _show(args)


def _many(args: argparse.Namespace) -> int:
    """One change to several vendors; all of them are looked up before the first is changed."""
    rows = [_followed(name) for name in dict.fromkeys(args.vendors)]
    changed, failed = {"judge": _judge, "watch": _watch, "unwatch": _unwatch}.get(args.action, _place)(
        args.action, rows
    )
    if args.json:
        _write(_encoded({"vendors": [row.vendor.slug for row in rows], "changed": changed, "failed": failed}))
    else:
        words = {
            "judge": "judged anew", "watch": "pages watched now", "unwatch": "pages watched no more", "put-away": "put away",
            "bring-back": "brought back",
        }  # fmt: skip
        print(f"{words[args.action]}: {changed}" + ("" if changed or failed else " (it was so already)"))
    for slug, why in failed.items():
        print(f"riskboard: {slug}: {why}", file=sys.stderr)
    return 1 if failed else 0


def _judge(_act: str, rows: list[Followed]) -> tuple[int, dict[str, str]]:
    from assessments import following
    from riskboard.jobs.models import State

    jobs = {row.vendor.slug: _done(following.again(row, quietly=True)) for row in rows}
    failed = {slug: job.error or str(job.state) for slug, job in jobs.items() if job.state != State.DONE}
    return len(jobs) - len(failed), failed


def _watch(_act: str, rows: list[Followed]) -> tuple[int, dict[str, str]]:
    from django.utils import timezone

    from vendors import polling

    pages = _pages(rows)
    having = {page.vendor_id for page in pages}
    bare = next((row.vendor.name for row in rows if row.vendor_id not in having), None)
    if bare is not None:
        raise Refused(f"no status page of {bare} is known; add it by its address")
    fresh = [page for page in pages if not page.is_watched]
    for page in fresh:
        polling.watch(page, now=timezone.now())
    return len(fresh), {}


def _unwatch(_act: str, rows: list[Followed]) -> tuple[int, dict[str, str]]:
    from vendors import polling

    watched = [page for page in _pages(rows) if page.is_watched]
    for page in watched:
        polling.unwatch(page)
    return len(watched), {}


def _place(act: str, rows: list[Followed]) -> tuple[int, dict[str, str]]:
    from django.utils import timezone

    from assessments import following

    slugs = [row.vendor.slug for row in rows]
    put = following.put_away(slugs, now=timezone.now()) if act == "put-away" else following.bring_back(slugs)
    return put, {}


def _encoded(told: object) -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(told), indent=1)


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data + b"\n")
