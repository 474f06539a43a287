"""`riskboard verify`: recompute every figure of a report from the data inside it."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "recompute every figure of a report from the data inside it"
NEEDS_DJANGO = False
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The report or assessment, and where its facts are if they are not inside."""
    parser.add_argument("path", metavar="REPORT.pdf|ASSESSMENT.json")
    parser.add_argument("--facts", metavar="FACTS.json", help="the facts an assessment file was made from")


def run(args: argparse.Namespace) -> int:
    """0 only if every figure agrees; else each difference on a line, and 1."""
    from assessments.report.verify import verify_assessment, verify_report

    path = Path(args.path)
    facts = Path(args.facts) if args.facts else None
    verdict = verify_assessment(path, facts) if path.suffix == ".json" else verify_report(path)
    for difference in verdict.differences[:SHOWN]:
        print(f"differs  {difference}")
    if len(verdict.differences) > SHOWN:
        print(f"... and {len(verdict.differences) - SHOWN} more")
    if verdict.differences:
        print(f"{path.name} does not hold: {len(verdict.differences)} differ, {verdict.agreeing} agree")
        return 1
    print(f"{path.name} holds: all {verdict.agreeing} figures agree ({', '.join(verdict.vendors)})")
    return 0
