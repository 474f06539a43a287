"""`riskboard dora`: the rows of the register of information that a plan fills, and what is missing in them."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "rows b_06.01 and b_07.01 of DORA's register of information from a plan, and what is missing in them"
NEEDS_DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The plan, and where the files go."""
    parser.add_argument("file", metavar="PLAN", help="a plan (TOML or JSON), or the name of an example")
    parser.add_argument("--out", metavar="DIR", help="write b_06.01.csv and b_07.01.csv there")
    parser.add_argument("--coded", action="store_true", help="values in the taxonomy's form, where it is known here")
    parser.add_argument(
        "--xlsx", metavar="OUT", help="write both templates in words and in codes, and what is missing, as a workbook"
    )


def run(args: argparse.Namespace) -> int:
    """Say what is missing; write what was asked for. 1 where a field that the templates ask for is missing or wrong."""
    from assessments.continuity import dora
    from assessments.files.registered import dora_workbook
    from riskboard.commands.plan import read
    from riskboard.output import write_output

    plan = read(args.file)
    faults = dora.lint(plan)
    functions, services = dora.functions(plan), dora.services(plan)
    if args.xlsx:
        write_output(Path(args.xlsx), dora_workbook(plan))
    if args.coded:
        functions, services = dora.coded(dora.FUNCTIONS, functions), dora.coded(dora.SERVICES, services)
    if args.out:
        folder = Path(args.out)
        folder.mkdir(parents=True, exist_ok=True)
        write_output(folder / "b_06.01.csv", dora.csv_of(dora.FUNCTIONS, functions))
        write_output(folder / "b_07.01.csv", dora.csv_of(dora.SERVICES, services))
    print(f"b_06.01: {len(functions)} functions; b_07.01: {len(services)} services of critical or important functions")
    for one in faults:
        place = f"{one.kind} {one.item}, {one.field.replace('_', ' ')}"
        print(
            f"{one.level:<8}{one.code}  {one.row}: {one.name} {one.text} ({place})"
            + (f" [rule {one.rule}]" if one.rule else "")
        )
    errors = sum(one.level == "error" for one in faults)
    print("complete" if not faults else f"{errors} errors, {len(faults) - errors} warnings")
    return int(errors > 0)
