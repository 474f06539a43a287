#!/bin/sh
# Everything a machine can say about the code without running it.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
RISKBOARD_VAR=$(mktemp -d)
export RISKBOARD_VAR
trap 'rm -rf "$RISKBOARD_VAR"' EXIT
$bin/ruff check .
$bin/ruff format --check .
$bin/mypy
$bin/lint-imports --no-logo 2>/dev/null || $bin/lint-imports
$bin/bandit -q -r riskboard vendors assessments manage.py --severity-level medium  # what is lower, ruff's S rules look at
$bin/djlint templates --lint --quiet
$bin/python scripts/sbom.py --check
scripts/audit.sh
$bin/python manage.py makemigrations --check --dry-run
RISKBOARD_ENV=production SECRET_KEY=$($bin/python -c 'import secrets; print(secrets.token_urlsafe(64))') ALLOWED_HOSTS=riskboard.example \
  DATABASE_URL=sqlite:///$RISKBOARD_VAR/check.sqlite3 RISKBOARD_BROKER_URL=redis://broker.example:6379/0 \
  $bin/python manage.py check --deploy --fail-level WARNING
echo "all checks passed"
