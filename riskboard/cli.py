"""The `riskboard` command: parse, dispatch, and turn a refusal into one line and an exit code.

Commands are modules of `riskboard.commands`, imported only when called, so that those which need no database start at
once. Exit codes: 0 done, 1 refused or failed, 2 usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType

from riskboard.errors import Refused

COMMANDS = {
    "inspect": "recognise and parse a status page or a saved answer; print riskboard.facts/1",
    "assess": "judge one vendor: a bundled name, a facts file, or the address of a status page",
    "compare": "several vendors side by side, and whether their order survives other weights",
    "forecast": "the chance of an outage longer than the RTO, as JSON",
    "backtest": "hold past forecasts against what happened, beside simple rivals",
    "portfolio": "what a portfolio of services risks in a year, when some of them fall together",
    "plan": "check a continuity plan: could the business carry on, what is wrong with the plan, what is due",
    "dora": "rows b_06.01 and b_07.01 of DORA's register of information from a plan, and what is missing in them",
    "words": "say which elements status updates state: JSON lines in, JSON lines out",
    "answers": "what a vendor answers about backup: write it to a file, or bring in a filled one or a CAIQ workbook",
    "vendors": "the vendors that are followed: list, show, add, judge, watch, put away, and what is said of them",
    "evidence": "enter incidents learnt elsewhere, import what monitors saw, list and withdraw both",
    "verify": "recompute every figure of a report from the data inside it",
    "sign": "sign a finished report with your own certificate (PAdES)",
    "catalogue": "list, check or rebuild the bundled vendors and the list of known pages",
    "up": "serve the app with its workers and its own broker",
    "demo": "run the main job on every bundled vendor and write the reports",
    "backup": "write every row and file of this installation to one archive",
    "restore": "fill an empty installation from a backup, or check one",
    "prepare": "before a production start: current schema, static files, how to make the first account",
    "doctor": "say what is wrong with this installation, and how to mend it",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code."""
    argv = sys.argv[1:] if argv is None else list(argv)
    parser = argparse.ArgumentParser(
        prog="riskboard", description="Cloud vendor risk, recomputable from public evidence."
    )
    subparsers = parser.add_subparsers(dest="command", metavar="command", required=True)
    chosen = next((word for word in argv if not word.startswith("-")), None)
    for name, help_text in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=help_text, description=help_text)
        if name == chosen:
            _module(name).add_arguments(subparser)
    args = parser.parse_args(argv)
    return _run(_module(args.command), args)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"riskboard.commands.{name}")


def _run(module: ModuleType, args: argparse.Namespace) -> int:
    try:
        code: int = _in_workspace(module, args) if module.NEEDS_DJANGO else module.run(args)
        sys.stdout.flush()
    except Refused as refusal:
        print(f"riskboard: {refusal}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader went away ("| head"): nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("riskboard: interrupted", file=sys.stderr)
        return 130
    except OSError as fault:
        print(f"riskboard: {fault.strerror or fault}{_where(fault)}", file=sys.stderr)
        return 1
    except Exception as fault:
        told = _by_the_operator(fault)
        if told is None:
            raise
        print(f"riskboard: {told}", file=sys.stderr)
        return 1
    return code


def _by_the_operator(fault: Exception) -> str | None:
    """What is wrong with the settings or the database, and what to do, in a line; None for any other fault."""
    if "django" not in sys.modules:
        return None
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, OperationalError

    from riskboard.database_faults import OTHERWISE, is_away, meaning

    if isinstance(fault, ImproperlyConfigured):
        return f"{fault}; docs/operations.md lists every setting"
    said = " ".join(str(fault).split())
    # A missing table is of another class; SQLite tells of a file that is no database by the base class.
    known = meaning(said) if type(fault) in (OperationalError, DatabaseError) else None
    if known is None and not is_away(fault):
        return None
    what, fix = known or ("it does not answer", OTHERWISE)
    return f"the database does not let us in: {what} ({said}); {fix}"


def _in_workspace(module: ModuleType, args: argparse.Namespace) -> int:
    with in_workspace():
        code: int = module.run(args)
    return code


@contextlib.contextmanager
def in_workspace() -> Iterator[None]:
    """Work with the database, in the workspace RISKBOARD_WORKSPACE names ("main" if it names none)."""
    setup_django()
    from riskboard.accounts.scope import inside_named

    with inside_named(os.environ.get("RISKBOARD_WORKSPACE", "main")):
        yield


def _where(fault: OSError) -> str:
    return f": {fault.filename}" if fault.filename else ""


def setup_django() -> None:
    """Load Django with the project's settings, once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
    import django

    django.setup()


if __name__ == "__main__":
    raise SystemExit(main())
