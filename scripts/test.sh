#!/bin/sh
# The whole suite: on SQLite, then what touches the database again on PostgreSQL, then the browser.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
# The browser, and a library its driver loads that a bare Debian lacks.
has_browser() { [ -x /usr/bin/chromium ] && $python -c 'import ctypes; ctypes.CDLL("libatomic.so.1")' 2>/dev/null; }
if [ "${CI:-}" = true ] && ! has_browser && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium libatomic1 >/dev/null
fi
# A second judge of accessibility, for tests/browser/test_lighthouse.py; without npm that test is skipped and says so.
if [ "${CI:-}" = true ] && command -v npm >/dev/null 2>&1 && [ ! -f .venv/lighthouse/node_modules/lighthouse/cli/index.js ]; then
  npm install --silent --no-package-lock --no-audit --no-fund --ignore-scripts --prefix .venv/lighthouse lighthouse@12.8.2 ||
    echo "npm could not fetch Lighthouse: its test is skipped"
fi
RISKBOARD_VAR=$(mktemp -d)
RISKBOARD_TEST_REPORTS=$RISKBOARD_VAR/reports
export RISKBOARD_VAR RISKBOARD_TEST_REPORTS
trap 'rm -rf "$RISKBOARD_VAR"' EXIT
$python -m pytest -q -n 2 --dist loadfile -m "not browser"
$python scripts/with_postgres.py $python -m pytest -q -n 2 --dist loadfile -m "not browser" --database-only
$python -m pytest -q -m browser --liveserver 127.0.0.1
