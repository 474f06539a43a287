"""How strong the tests are: small faults put into the code one at a time, and whether a test notices (quality bar S23).

`python scripts/mutants.py [AREA ...] [--count N] [--seed N]` takes N faults of each area by lot (40), runs the tests named for it on a
copy of the project, and prints those that nobody noticed. Exits 1 where an area is below LEAST. A sample, since the areas hold
thousands: with 40 the share is known to about ten points. The tests run once without a fault, under coverage, which tells what tests
reach each line: a fault is shown to those alone, shortest first. Libraries for this try every fault there is, which would take days.
A fault in what keeps the fetcher from private addresses must not reach one: the tests run in a network namespace with loopback alone
(root and `unshare` of util-linux).
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

Done = subprocess.CompletedProcess[str]
ROOT = Path(__file__).resolve().parents[1]
LEAST = 0.85
ALONE = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "alone"]
PATIENCE = 120, 5  # seconds, and times what its tests take without a fault; one that makes them hang is noticed
LONGEST = 7200  # seconds of an area's tests without a fault
AREAS = {  # of code and tests: globs below the project
    "scoring": (
        ["assessments/scoring/*.py", "assessments/scoring/checks/*.py"],
        [f"tests/assessments/test_{name}.py" for name in (
            "edges_metrics", "edges_checks", "verdicts", "gold", "checks", "score", "weighing", "metrics", "pipeline",
            "communication", "profiles", "moved", "fairness", "edges", "answer", "own", "evidence_forecast", "stored_sentences",
        )],
    ),
    "forecast": (
        ["assessments/forecast/*.py"],
        [f"tests/assessments/test_{name}.py" for name in (
            "edges_portfolio", "edges_upstreams", "edges_forecast", "verdicts", "gold", "forecast", "batch", "portfolio",
            "calendar", "evidence_forecast", "inferred", "edges",
            "answer", "continuity", "pipeline", "fairness",
        )],
    ),
    "authorisation": (
        ["riskboard/accounts/access.py", "riskboard/accounts/scope.py", "riskboard/accounts/models.py", "riskboard/accounts/limits.py",
         "riskboard/accounts/workspaces.py", "riskboard/accounts/first_run.py"],
        [f"tests/accounts/test_{name}.py" for name in (
            "edges_rules", "edges_access", "access", "people", "more_workspaces", "sign_in", "passwords",
        )] + ["tests/web/test_api.py", "tests/web/test_file_limits.py"],
    ),
    "fetching": (
        ["vendors/addresses.py", "vendors/fetching.py", "vendors/turns.py"],
        [f"tests/vendors/test_{name}.py" for name in (
            "edges_addresses", "edges_fetching", "edges_turns", "fetching", "hostile_network", "polling",
        )],
    ),
}  # fmt: skip
COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
RECKONED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


@dataclass(frozen=True, slots=True)
class Fault:
    """One change: the file, the line, and the number of the place in its tree."""

    path: Path
    place: int
    line: int
    what: str


def faults(path: Path) -> Iterator[Fault]:
    """Every change that could be made to a file, in the order of its tree; how a class is made (frozen, slots) is left alone."""
    tree = _tree(path)
    made = [
        one
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for one in [*node.keywords, *node.decorator_list]
    ]
    kept = {id(node) for one in made for node in ast.walk(one)}
    for place, node in enumerate(ast.walk(tree)):
        changed = None if id(node) in kept else _changed(node)
        if changed is not None and isinstance(node, ast.expr | ast.stmt):
            yield Fault(path, place, node.lineno, f"{ast.unparse(node)[:60]} -> {ast.unparse(changed)[:60]}")


def spoilt(fault: Fault) -> str:
    """The file's source with that change."""
    tree = _tree(fault.path)
    node = next(node for place, node in enumerate(ast.walk(tree)) if place == fault.place)
    changed = _changed(node)
    assert changed is not None
    node.__class__ = changed.__class__
    node.__dict__ = changed.__dict__
    return ast.unparse(ast.fix_missing_locations(tree))


def _tree(path: Path) -> ast.Module:
    """Without docstrings, annotations and what only types are checked by: a change there changes nothing."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for one in (*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs):
                one.annotation = None
            node.decorator_list = [one for one in node.decorator_list if "overload" not in ast.unparse(one)]
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant("x", lineno=node.lineno)
    return tree


def _changed(node: ast.AST) -> ast.AST | None:
    """The node with one small fault in it; None where it takes none."""
    made = copy.copy(node)
    if isinstance(made, ast.Compare) and "monotonic()" in ast.unparse(made):
        return ast.UnaryOp(ast.Not(), made)  # the very moment of a deadline comes in no test: turned round, not moved
    if isinstance(made, ast.Compare) and type(made.ops[0]) in COMPARED:
        made.ops = [COMPARED[type(made.ops[0])](), *made.ops[1:]]
    elif isinstance(made, ast.BoolOp):
        made.op = ast.And() if isinstance(made.op, ast.Or) else ast.Or()
    elif isinstance(made, ast.BinOp) and type(made.op) in RECKONED and not isinstance(made.left, ast.JoinedStr):
        made.op = RECKONED[type(made.op)]()
    elif isinstance(made, ast.UnaryOp) and isinstance(made.op, ast.Not):
        return made.operand
    elif isinstance(made, ast.If | ast.IfExp):
        made.test = ast.UnaryOp(ast.Not(), made.test)
    elif isinstance(made, ast.Constant) and isinstance(made.value, bool):
        made.value = not made.value
    elif isinstance(made, ast.Constant) and isinstance(made.value, int | float) and not isinstance(made.value, bool):
        made.value = made.value + 1
    elif isinstance(made, ast.Return) and made.value is not None and not isinstance(made.value, ast.Constant):
        made.value = ast.Constant(None)
    else:
        return None
    return made


def main() -> int:
    """Sample each area, and say what was not noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"of {', '.join(AREAS)}; all, if none is named")
    parser.add_argument("--count", type=int, default=40, metavar="N", help="faults of each area (40)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another lot (1)")
    args = parser.parse_args()
    if unknown := set(args.areas) - set(AREAS):
        parser.error(f"no area {', '.join(sorted(unknown))}; there are {', '.join(AREAS)}")
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode:
        parser.error("no network namespace can be made here: it takes root, util-linux and iproute2")
    weak = False
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "project"
        shutil.copytree(
            ROOT,
            copied,
            ignore=shutil.ignore_patterns(".venv", ".git", "var", "__pycache__", ".*_cache", ".hypothesis"),
        )
        if (ROOT.parent / "shared").exists():
            (copied.parent / "shared").symlink_to(ROOT.parent / "shared")
        for area in args.areas or AREAS:
            weak |= _sampled(area, copied, args.count, args.seed) < LEAST
    return 1 if weak else 0


def _sampled(area: str, copied: Path, count: int, seed: int) -> float:
    code, tests = AREAS[area]
    paths = sorted(path for pattern in code for path in copied.glob(pattern))
    given = [str(path) for pattern in tests for path in sorted(copied.glob(pattern))]
    reached = _reached(area, copied, given)
    known = [fault for path in paths for fault in faults(path)]
    chosen = random.Random(seed).sample(known, min(count, len(known)))  # noqa: S311 - a lot, no secret
    missed = hung = 0
    for number, fault in enumerate(chosen, 1):
        before = fault.path.read_text(encoding="utf-8")
        fault.path.write_text(spoilt(fault), encoding="utf-8")
        try:
            passed = _passed(copied, *reached(fault))
            hung += passed is None
            if passed:
                missed += 1
                print(f"{area}: nobody noticed {fault.path.relative_to(copied)}:{fault.line} {fault.what}", flush=True)
        finally:
            fault.path.write_text(before, encoding="utf-8")
        print(f"{area}: {number} of {len(chosen)}, {missed} not noticed", file=sys.stderr, flush=True)
    share = 1 - missed / len(chosen)
    told = f"{len(chosen) - missed} of {len(chosen)} faults noticed ({share:.0%}; at least {LEAST:.0%})"
    print(f"{area}: {told}, {hung} of them since the tests hung, of {len(known)} there are", flush=True)
    return share


def _reached(area: str, copied: Path, tests: list[str]) -> Callable[[Fault], tuple[list[str], float]]:
    """Run them once under coverage; what comes back gives the tests that reach a fault's line, the shortest first, and their seconds.

    All of them for a line that runs when its module is loaded. Raises SystemExit where one fails without any fault.
    """
    from coverage import CoverageData

    kept = copied.parent / f"{area}.coverage"
    options = ["--cov", "--cov-context=test", "--cov-report=", f"--junitxml={kept}.xml", "-o", "junit_family=xunit1"]
    done = _run(copied, [*options, *tests], {"COVERAGE_FILE": str(kept)}, LONGEST)
    if done is None or done.returncode:
        raise SystemExit(
            f"{area}: its tests fail without any fault\n{done.stdout[-2000:] if done else 'not done in time'}"
        )
    data = CoverageData(str(kept))
    data.read()
    took: dict[str, float] = {}
    for case in ElementTree.parse(f"{kept}.xml").iter("testcase"):  # noqa: S314 - written by ourselves
        took[f"{case.get('file')}::{case.get('name')}"] = float(case.get("time", 0))

    def reached(fault: Fault) -> tuple[list[str], float]:
        contexts = data.contexts_by_lineno(str(fault.path)).get(fault.line, [""])
        if "" in contexts:
            return tests, sum(took.values())
        found = {context.rpartition("|")[0] for context in contexts}
        ordered = sorted(found, key=lambda name: (took.get(name, 0.0), name))
        return ordered, sum(took.get(name, 0.0) for name in ordered)

    return reached


def _passed(copied: Path, tests: list[str], seconds: float) -> bool | None:
    """Whether all of them (so many seconds without a fault) pass; None where that took too long. Without a test nothing is noticed."""
    if not tests:
        return True
    names = copied.parent / "names"
    names.write_text("\n".join(tests), encoding="utf-8")
    done = _run(copied, [f"@{names}"], {}, PATIENCE[0] + PATIENCE[1] * seconds)
    return None if done is None else done.returncode == 0


def _run(copied: Path, words: list[str], extra: dict[str, str], patience: float) -> Done | None:
    """pytest until the first failure; None where it took too long."""
    command = [*ALONE, sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-m", "not browser", *words]
    environ = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "RISKBOARD_VAR": str(copied.parent / "var")} | extra
    try:
        return subprocess.run(
            command, cwd=copied, env=environ, capture_output=True, text=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired:
        return None


if __name__ == "__main__":
    raise SystemExit(main())
