#!/bin/sh
# The whole suite: on SQLite, then again on PostgreSQL what could come out differently there, then the browser.
# `scripts/test.sh --all` runs everything but the browser on PostgreSQL, too.
set -eu
cd "$(dirname "$0")/.."
case "${1:-}" in
  "") again=--database-only ;;
  --all) again= ;;
  *) echo "usage: scripts/test.sh [--all]" >&2; exit 2 ;;
esac
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
# In the order of tests/conftest.py, which begins with the longest files; left alone, xdist would put them last.
spread="-n 2 --dist loadfile --no-loadscope-reorder"
# shellcheck disable=SC2086  # lists of words
$python -m pytest -q $spread -m "not browser"
# shellcheck disable=SC2086
$python scripts/with_postgres.py $python -m pytest -q $spread -m "not browser" $again
# shellcheck disable=SC2086
$python -m pytest -q $spread -m browser --liveserver 127.0.0.1
