"""`riskboard plan`: what a continuity plan says of itself: could we carry on, what is wrong with it, what is due."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from riskboard.errors import Refused
from riskboard.locales import ENGLISH, LANGUAGES, speaking

if TYPE_CHECKING:
    from assessments.continuity.answer_records import Answer
    from assessments.continuity.judged import Judged
    from assessments.continuity.lint import Message
    from assessments.continuity.plan import Plan

HELP = "check a continuity plan: could the business carry on, what is wrong with the plan, what is due"
NEEDS_DJANGO = False  # only the PDFs do, and those load it themselves
EXAMPLE = "assessments/continuity/examples shows how"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The plan, the day, the vendors' facts, and where the result goes."""
    parser.add_argument("file", metavar="PLAN", help=f"a plan (TOML or JSON), or the name of an example; {EXAMPLE}")
    parser.add_argument("--as-of", help="read it as of this date (default: the plan's own day, else today)")
    parser.add_argument(
        "--facts", action="append", default=[], metavar="FACTS.json", help="facts of a vendor that is not bundled"
    )
    parser.add_argument(
        "--fail-on", choices=("error", "warning", "advice"), help="exit with 1 where the lint finds that or worse"
    )
    parser.add_argument("--pdf", metavar="OUT", help="write the continuity plan with its runbooks to OUT")
    parser.add_argument("--paper", choices=["a4", "letter"], default="a4", help="paper of the reports (default a4)")
    parser.add_argument("--archive", action="store_true", help="as PDF/A-3a, for an archive, instead of PDF/UA-1")
    parser.add_argument("--language", choices=LANGUAGES, default=ENGLISH, help="language of the report (default en)")
    parser.add_argument("--improvement", metavar="OUT", help="write what is to be improved to OUT")
    parser.add_argument("--json", nargs="?", const="-", metavar="OUT", help="print the result as JSON, or write it")


def run(args: argparse.Namespace) -> int:
    """Check the plan; print or write. 1 only as `--fail-on` asks. Nothing is written when anything is refused."""
    from assessments.continuity.answer import answer
    from assessments.continuity.commitments import promises
    from assessments.continuity.lint import LEVELS, lint
    from assessments.continuity.register import register, reminders
    from riskboard.output import write_output

    plan = read(args.file)
    as_of = moment(plan, args.as_of)
    judged = judge(plan, args.facts, as_of=as_of)
    made = answer(plan, judged, as_of=as_of)
    messages = lint(plan, judged, as_of=as_of, answer=made)
    promised, due = promises(plan, judged, as_of=as_of), reminders(plan, judged, as_of=as_of)
    document = {
        "answer": made,
        "lint": messages,
        "promises": promised,
        "register": register(plan, judged, as_of=as_of),
        "reminders": due,
    }
    data = msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
    for out, pdf in _reports(args, plan, judged, made, messages, as_of):
        write_output(Path(out), pdf)
    if args.json and args.json != "-":
        write_output(Path(args.json), data)
    bad = LEVELS[: LEVELS.index(args.fail_on) + 1] if args.fail_on else ()
    code = int(any(one.level in bad for one in messages))
    if args.json == "-":
        sys.stdout.buffer.write(data)
        return code
    print(answer_table(plan, made))
    print(lint_table(messages))
    for one in promised:
        print(f"promise, {one.followed.state}: {one.vendor}, {one.commitment.said} {one.followed.why}")
    for reminder in due:
        when = f"{-reminder.days} days ago" if reminder.days < 0 else f"in {reminder.days} days"
        print(f"due {reminder.on} ({when}): {reminder.text}")
    return code


def _reports(
    args: argparse.Namespace,
    plan: Plan,
    judged: dict[str, Judged],
    made: Answer,
    messages: tuple[Message, ...],
    as_of: datetime,
) -> list[tuple[str, bytes]]:
    """(where to, the PDF) of the reports that are asked for; all are made before any is written."""
    if not args.pdf and not args.improvement:
        return []
    from riskboard.cli import setup_django

    setup_django()
    from assessments.report import pdf
    from assessments.report.continuity import PlanReport

    given = PlanReport(plan=plan, judged=judged, answer=made, messages=messages, as_of=as_of)
    asked = ((args.pdf, "continuity"), (args.improvement, "improvement"))
    form = {"paper": args.paper, "archive": args.archive}
    with speaking(args.language):
        return [(out, pdf.render_plan(given, kind=kind, **form)) for out, kind in asked if out]


def read(name: str) -> Plan:
    """The plan of that file, or the example of that name. Raises Refused naming the first fault."""
    from assessments.continuity import examples
    from assessments.continuity.plan import Plan
    from assessments.continuity.plan_file import MAX_BYTES, PlanError, checked, loads

    if name in examples.names():
        return examples.load(name)
    path = Path(name)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Refused(f"{path} is larger than {MAX_BYTES // 2**20} MiB; that is no plan")
        raw = path.read_bytes()
    except OSError as fault:
        known = ", ".join(examples.names())
        raise Refused(f"the plan {name} cannot be read: {fault.strerror}; examples are {known}") from fault
    try:
        return loads(raw) if path.suffix == ".json" else checked(msgspec.toml.decode(raw, type=Plan))
    except PlanError as fault:
        raise Refused(f"{path}: {fault}") from fault
    except (msgspec.MsgspecError, ValueError) as fault:
        raise Refused(f"{path} is no plan ({fault}); {EXAMPLE}") from fault


def moment(plan: Plan, asked: str | None) -> datetime:
    """The time it is read as of: as asked, else the end of the plan's own day, else now."""
    from riskboard.durations import parse_time

    if asked:
        return parse_time(asked, what="--as-of")
    if plan.as_of is not None:
        return datetime.combine(plan.as_of, time(23, 59, 59), UTC)
    return datetime.now(UTC).replace(microsecond=0)


def judge(plan: Plan, files: list[str], *, as_of: datetime) -> dict[str, Judged]:
    """The plan's vendors judged at the end of their records: of the files named, else bundled. Others are left out."""
    from assessments.continuity.judged import Judged
    from assessments.continuity.own import own_view
    from assessments.continuity.rollup import vendor_needs, vendors_of
    from assessments.scoring.pipeline import assess
    from riskboard.commands.inputs import load_facts
    from vendors.catalogue import index

    facts = {one.vendor.slug: one for one in (load_facts(name) for name in files)}
    bundled = {one.slug for one in index.bundled()}
    judged = {}
    for slug in vendors_of(plan):
        known = facts.get(slug) or (index.load(slug) if slug in bundled else None)
        if known is not None:
            needs = vendor_needs(plan, known, own=own_view(plan, slug, today=as_of.date()))
            judged[slug] = Judged(assess(known, needs, as_of=known.as_of), known)
    return judged


def answer_table(plan: Plan, made: Answer) -> str:
    """The answer for people: a line for each dependency that stops a process, then the whole."""
    from riskboard.durations import hours_text

    names = {one.id: one.name for one in (*plan.processes, *plan.services)}
    lines = [f"{plan.organisation.name}, as of {made.as_of:%Y-%m-%d}", ""]
    for one in made.dependencies:
        rto = "not stated" if one.rto_hours is None else hours_text(one.rto_hours)
        lines.append(f"{one.now.verdict.upper():<14} {names[one.process]} on {names[one.service]} (RTO {rto})")
        lines.append(f"{'':<15}{one.now.reason}")
        if one.kept is not None and one.plain.chance is not None and one.kept.chance is not None:
            lines.append(f"{'':<15}chance {one.plain.chance:.0%} without the fallback, {one.kept.chance:.0%} with it")
        if one.fate is not None and (one.fate.bad or not one.fate.known):
            lines.append(f"{'':<15}{one.fate.text}")
    if made.any_critical is not None and made.any_critical_kept is not None:
        both = f"{made.any_critical:.0%}, with fallbacks {made.any_critical_kept:.0%}"
        lines += ["", f"any critical process stopped beyond its RTO within 12 months: {both}"]
    if made.money is not None and made.money_kept is not None:
        known = f"{made.money_known_for} of {made.money_asked_of} dependencies have a cost"
        lines.append(
            f"cost of a year: {made.money:,.0f} {made.currency}, with fallbacks {made.money_kept:,.0f} ({known})"
        )
    if made.not_judged:
        lines.append(f"not judged: {', '.join(made.not_judged)}")
    return "\n".join(lines)


def lint_table(messages: tuple[Message, ...]) -> str:
    """The lint for people, worst first."""
    if not messages:
        return "\nthe plan is in order"
    lines = ["", f"{len(messages)} things to mend"]
    for one in messages:
        place = f"{one.kind} {one.item}" + (f", {one.field.replace('_', ' ')}" if one.field else "")
        lines += [f"{one.level:<8}{one.rule}  {one.text}", f"{'':<13}{one.mend} ({place})"]
    return "\n".join(lines)
