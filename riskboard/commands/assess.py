"""`riskboard assess`: the main job for one vendor."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from riskboard.errors import Refused
from riskboard.locales import ENGLISH, LANGUAGES, speaking

if TYPE_CHECKING:
    from assessments.report.beside import Beside
    from assessments.scoring.model import Assessment, Needs, Profile
    from vendors.records import BackupAnswer, VendorFacts

HELP = "judge one vendor: a bundled name, a facts file, or the address of a status page"
NEEDS_DJANGO = False  # only an address or --pdf does, and those load it themselves


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The vendor, the customer's needs, and where the results go."""
    parser.add_argument("target", metavar="URL|VENDOR|FACTS.json")
    parser.add_argument("--rto", default="4h", help="recovery time objective (default 4h)")
    parser.add_argument(
        "--component",
        action="append",
        default=[],
        metavar="NAME",
        help="a part you rely on; may be given several times",
    )
    parser.add_argument("--hours", metavar="WHEN", help='when you work, like "mon-fri 8-18 Europe/Berlin"')
    parser.add_argument("--rpo", help="recovery point objective")
    parser.add_argument(
        "--as-of", help="judge as of this date or time (default: the end of the record; now for an address)"
    )
    parser.add_argument(
        "--answers", metavar="A.toml", help="answers to the backup questionnaire: TOML, or a filled workbook or CSV"
    )
    parser.add_argument("--since", metavar="REPORT.pdf", help="say why the total moved since this earlier report")
    parser.add_argument(
        "--standby",
        metavar="LENGTH",
        help="what would take over after that long, like 2h: the report says what that leaves",
    )
    parser.add_argument(
        "--plan",
        metavar="PLAN",
        help="a continuity plan: its fallback and the promises of this vendor go into the report",
    )
    parser.add_argument(
        "--profile",
        metavar="NAME|P.toml",
        help="weights shown beside the default: a preset's name, or a file of your own",
    )
    parser.add_argument(
        "--json", nargs="?", const="-", metavar="OUT", help="print the assessment as JSON, or write it to OUT"
    )
    parser.add_argument("--pdf", metavar="OUT", help="write the readiness report to OUT")
    parser.add_argument("--paper", choices=["a4", "letter"], default="a4", help="paper of the report (default a4)")
    parser.add_argument("--archive", action="store_true", help="as PDF/A-3a, for an archive, instead of PDF/UA-1")
    parser.add_argument(
        "--language", choices=LANGUAGES, default=ENGLISH, help="language of the report and the workbook (default en)"
    )
    parser.add_argument("--xlsx", metavar="OUT", help="write the assessment as a workbook to OUT")


def run(args: argparse.Namespace) -> int:
    """Assess, then write what was asked for. Nothing is written when anything is refused."""
    from assessments.forecast.history import known_components
    from assessments.scoring.pipeline import assess, encode
    from riskboard.commands.inputs import is_url, load_facts
    from riskboard.durations import parse_time
    from riskboard.output import write_output

    needs = _needs(args)
    as_of = parse_time(args.as_of, what="--as-of") if args.as_of else None
    if is_url(args.target):
        facts = _read_page(args.target)
        as_of = as_of or datetime.now(UTC).replace(microsecond=0)
    else:
        facts = load_facts(args.target)
        as_of = as_of or facts.as_of
    known_components(facts, needs.components)
    assessment = assess(facts, needs, as_of=as_of)
    change = _since(Path(args.since), assessment, facts) if args.since else ""
    report = _report(assessment, facts, args) if args.pdf else None
    book = _workbook(assessment, facts, args) if args.xlsx else None
    if report is not None:
        write_output(Path(args.pdf), report)
    if book is not None:
        write_output(Path(args.xlsx), book)
    if args.json and args.json != "-":
        write_output(Path(args.json), encode(assessment))
    if args.json == "-":
        sys.stdout.buffer.write(encode(assessment))
    else:
        print(table(assessment))
        if change:
            print(f"\n{change}")
        if args.pdf:
            print(f"\nreport written to {args.pdf}; check it with: riskboard verify {args.pdf}")
        if args.xlsx:
            print(f"\nworkbook written to {args.xlsx}")
    return 0


def table(assessment: Assessment) -> str:
    """The assessment for people: the number with its interval, then pillars, checks and what to do first."""
    score = assessment.score
    shown = "not shown: too little is known" if score.value is None else f"{score.value:.0f} of 100"
    lines = [
        f"{assessment.vendor.name}, as of {assessment.as_of:%Y-%m-%d %H:%M} UTC   (higher = better prepared)",
        f"readiness  {shown}   between {score.low:.0f} and {score.high:.0f}   grade {score.grade or 'none'}"
        f"   {score.coverage:.0%} of the evidence   confidence {score.confidence}",
        *_chance(assessment),
    ]
    beside = "   ".join(f"{p.name} {'not shown' if p.value is None else f'{p.value:.0f}'}" for p in assessment.profiles)
    lines += [f"under other weights: {beside}", ""]
    for dispute in assessment.disputes:
        lines.append(f"disputed by the vendor ({dispute.kind}, {dispute.filed_at:%Y-%m-%d}): {dispute.statement}")
    for pillar in assessment.pillars:
        value = "not known" if pillar.value is None else f"{pillar.value:.0f}"
        lines.append(f"{pillar.id:<16}{value:>10}   weight {pillar.weight:.0f}, {pillar.coverage:.0%} known")
        for check in pillar.checks:
            points = "      " if check.contribution is None else f"{check.contribution:6.2f}"
            lines.append(f"  {check.outcome:<9}{points}  {check.id:<24}{check.reason}")
    for cap in score.caps:
        lines.append(f"cap {cap.id}: at most {cap.ceiling:.0f} ({cap.without:.0f} without it): {cap.reason}")
    if assessment.recommendations:
        lines += ["", "what to do first"]
        for item in assessment.recommendations[:5]:
            lines.append(f"  {item.rule:<4} [{item.effort}] {item.action}")
            changes = [
                f"{name} {_amount(name, item.before.get(name))} to {_amount(name, value)}"
                for name, value in item.after.items()
                if item.before.get(name) != value
            ]
            lines += [f"            {'; '.join(changes)}"] if changes else []
    return "\n".join(lines)


def _amount(name: str, value: float | None) -> str:
    if value is None:
        return "not known"
    return f"{value:.0%}" if name.startswith("chance") else f"{value:,.4g}"


def _chance(assessment: Assessment) -> list[str]:
    """The forecast in a line or two; that it is not known, where the record is too thin."""
    from assessments.scoring.findings import count
    from riskboard.durations import hours_text

    forecast = assessment.forecast
    asked = f"outage longer than {hours_text(forecast.rto_hours)} within 12 months"
    rests_on = f"{count(forecast.n, 'major outage')} in {forecast.exposure_years:.1f} years"
    if forecast.confidence == "insufficient":
        return [f"{asked}: not known; too thin a record ({rests_on})"]
    low, high = forecast.band80
    return [
        f"{asked}: {forecast.p_exceed:.0%}   (80 % band {low:.0%} to {high:.0%}; {rests_on})",
        f"that is of {_view(assessment)}; of any part at all {_share(forecast.p_any)};"
        f" a simple rate says {_share(forecast.p_baseline)}",
        *([f"within your working hours {forecast.p_in_hours:.0%}"] if forecast.p_in_hours is not None else []),
    ]


def _share(chance: float | None) -> str:
    return "not known" if chance is None else f"{chance:.0%}"


def _view(assessment: Assessment) -> str:
    named = ", ".join(assessment.needs.components)
    return f"the parts you rely on ({named})" if named else "a typical part of the service"


def _needs(args: argparse.Namespace) -> Needs:
    from assessments.forecast.calendar import parse as parse_hours
    from assessments.scoring.model import Needs
    from riskboard.durations import parse_duration

    return Needs(
        rto_hours=parse_duration(args.rto, what="RTO"),
        rpo_hours=parse_duration(args.rpo, what="RPO") if args.rpo else None,
        backup=_answers(Path(args.answers)) if args.answers else (),
        profile=_profile(args.profile) if args.profile else None,
        components=tuple(sorted(set(args.component))),
        hours=parse_hours(args.hours) if args.hours else None,
    )


def _profile(name: str) -> Profile:
    """The customer's own weights from a file. Raises Refused for a file that is none, or a preset: those are shown anyway."""
    from assessments.scoring.checks.registry import CHECKS
    from assessments.scoring.profiles import ProfileError, from_toml, named, weights

    path = Path(name)
    try:
        if path.suffix != ".toml":
            return named(name)
        profile = from_toml(path.read_bytes())
        weights(profile, {check.meta.id: check.meta.pillar for check in CHECKS})
    except OSError as fault:
        raise Refused(f"the profile {name} cannot be read: {fault.strerror}") from fault
    except ProfileError as fault:
        raise Refused(f"{name}: {fault}") from fault
    return profile


def _since(path: Path, assessment: Assessment, facts: VendorFacts) -> str:
    """Why the total moved since the judgement a report carries. Raises Refused where it is of another vendor or later."""
    from assessments.report.verify import carried
    from assessments.scoring.moved import moved, sentence

    before, old_facts = carried(path)
    try:
        change = moved(before, old_facts, assessment, facts)
    except ValueError as fault:
        raise Refused(f"{path}: {fault}") from fault
    return sentence(change) if change else "Why the total moved cannot be said: one of the two shows none."


def _answers(path: Path) -> tuple[BackupAnswer, ...]:
    """Answers from a TOML file of tables `[B1] answer = "yes"`, a workbook or a CSV. Raises Refused naming the first fault."""
    import msgspec

    from vendors.records import BackupAnswer

    if path.suffix.lower() in (".xlsx", ".csv"):
        return _answers_in_table(path)
    try:
        tables = msgspec.toml.decode(path.read_bytes())
        answers = [msgspec.convert({"item": item, **fields}, BackupAnswer) for item, fields in sorted(tables.items())]
    except OSError as fault:
        raise Refused(f"the answers {path} cannot be read: {fault.strerror}") from fault
    except (msgspec.MsgspecError, TypeError, UnicodeDecodeError) as fault:
        raise Refused(f'{path} is no answers file ({fault}); write tables like [B1] answer = "yes"') from fault
    return tuple(sorted(answers, key=lambda answer: int(answer.item[1:])))


def _answers_in_table(path: Path) -> tuple[BackupAnswer, ...]:
    from assessments.questionnaire.answer_files import read

    try:
        reading = read(path.read_bytes(), only_links=False)
    except OSError as fault:
        raise Refused(f"the answers {path} cannot be read: {fault.strerror}") from fault
    if reading.faults:
        raise Refused(f"{path}: {reading.faults[0]}")
    given = [row.record() for row in reading.rows if row.answer is not None]
    return tuple(sorted(given, key=lambda answer: int(answer.item[1:])))


def _read_page(url: str) -> VendorFacts:
    """Read the page, keep the evidence, and hand back the facts as stored."""
    from riskboard.cli import in_workspace

    with in_workspace():
        from riskboard.embedded import ensure_database
        from vendors.facts import facts_of
        from vendors.ingest import refresh_page

        ensure_database()
        now = datetime.now(UTC).replace(microsecond=0)
        return facts_of(refresh_page(url, as_of=now).vendor, as_of=now)


def _beside(args: argparse.Namespace, assessment: Assessment) -> Beside:
    """What goes into the report besides the judgement. Raises Refused for a plan or a length that is none."""
    from dataclasses import replace

    from assessments.report.beside import Beside, beside_of
    from assessments.report.verify import carried
    from assessments.scoring.what_if import Standby
    from riskboard.commands.plan import read
    from riskboard.durations import parse_duration

    given = beside_of(read(args.plan), assessment.vendor.slug) if args.plan else Beside()
    if args.standby:
        given = replace(given, standby=Standby(parse_duration(args.standby, what="--standby")), standby_name="")
    return replace(given, since=carried(Path(args.since))) if args.since else given


def _report(assessment: Assessment, facts: VendorFacts, args: argparse.Namespace) -> bytes:
    from riskboard.cli import setup_django

    setup_django()
    from assessments.report import pdf

    with speaking(args.language):
        beside = _beside(args, assessment)
        return pdf.render_vendor(assessment, facts, paper=args.paper, archive=args.archive, beside=beside)


def _workbook(assessment: Assessment, facts: VendorFacts, args: argparse.Namespace) -> bytes:
    from assessments.files.assessed import assessment_workbook

    with speaking(args.language):
        return assessment_workbook(assessment, facts)
