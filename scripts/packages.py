"""The whole suite but the browser on PostgreSQL 15 and Redis 7 of Debian's packages, run as services of a booted Debian 12.

`python scripts/packages.py ROOT [TEST ...] [--repository FOLDER] [--captures FOLDER] [--coverage]` as root; ROOT as for
scripts/guide.py, whose machine this is. `--captures` is the folder of real status pages that stands beside the project;
without it their tests are skipped. `--coverage` runs it as `make coverage` does. What pytest says goes to
ROOT/srv/suite.log as it comes, the last lines are printed. Exits 1 where a test failed, or a bar was missed.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from guide import HERE, Machine

PACKAGES = "ca-certificates git python3 python3-venv iproute2 postgresql redis-server"
MADE = f"""
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends {PACKAGES}
cd /srv
git clone -q "$RISKBOARD_REPOSITORY" project
systemctl start postgresql redis-server
runuser -u postgres -- psql -qc "CREATE ROLE suite SUPERUSER LOGIN PASSWORD 'suite'"
runuser -u postgres -- createdb -O suite suite
cd project
scripts/setup.sh dev
"""
TELLS = """
runuser -u postgres -- psql -Atc 'SELECT version()'
redis-cli info server | grep redis_version
cd /srv/project
.venv/bin/python -c 'from riskboard import embedded; print("tests that want a broker of their own start", embedded.server_binary())'
"""
ASKED = """
cd /srv/project
export DATABASE_URL=postgresql://suite:suite@127.0.0.1/suite RISKBOARD_TEST_REPORTS=/srv/reports
if [ -d /srv/captures ]; then export RISKBOARD_CAPTURES=/srv/captures; fi
. .venv/bin/activate
code=0
"$@" > /srv/suite.log 2>&1 || code=$?
tail -n 40 /srv/suite.log
echo "exit $code"
"""
SUITE = [
    "python",
    "-m",
    "pytest",
    "-q",
    "-rs",
    "-n",
    "2",
    "--dist",
    "loadfile",
    "--no-loadscope-reorder",
    "-m",
    "not browser",
]


def main() -> int:
    """Print what it ran on and how it ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("tests", nargs="*", metavar="TEST", help="only these, below the project")
    parser.add_argument("--repository", type=Path, default=HERE)
    parser.add_argument("--captures", type=Path)
    parser.add_argument("--coverage", action="store_true")
    args = parser.parse_args()
    root = args.root.resolve()
    if args.captures:
        shutil.copytree(args.captures.resolve(), root / "srv" / "captures", dirs_exist_ok=True)
    machine = Machine(root, args.repository.resolve())
    with machine.booted():
        machine.does(MADE, must=True)
        print(machine.does(TELLS, must=True), flush=True)
        told = machine.does(
            ASKED, *(["python", "scripts/covered.py"] if args.coverage else [*SUITE, *args.tests]), must=True
        )
    print(told)
    return 0 if told.rstrip().endswith("exit 0") else 1


if __name__ == "__main__":
    raise SystemExit(main())
