#!/bin/sh
# Known holes in what is installed, where a database of advisories can be reached. It is first asked about a version that has some:
# one that knows nothing of them would call anything safe. Without one, tests/riskboard/test_supply_chain.py holds the least versions.
set -eu
cd "$(dirname "$0")/.."
control=$(mktemp)
trap 'rm -f "$control"' EXIT
echo "urllib3==1.24.1" >"$control"
ask() { timeout 120 .venv/bin/pip-audit --disable-pip --progress-spinner off "$@"; }
if ask --no-deps -r "$control" 2>/dev/null | grep -qE 'PYSEC-|GHSA-|CVE-'; then
  ask --require-hashes -r requirements/full.txt
else
  echo "no database of advisories is reached from here: nothing was audited; the least versions are held by a test"
fi
