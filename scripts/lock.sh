#!/bin/sh
# Requirements with hashes and without any address: they can be published as they are.
set -eu
cd "$(dirname "$0")/.."
compile() { .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header "$@"; }
extras="--extra sign --extra saml --extra otel --extra vault"
compile pyproject.toml -o requirements/run.txt
# shellcheck disable=SC2086  # a list of words
compile pyproject.toml $extras -o requirements/full.txt
# shellcheck disable=SC2086
compile pyproject.toml $extras --group dev -o requirements/dev.txt
printf 'uv==%s\n' "$(.venv/bin/uv --version | cut -d' ' -f2)" | compile - -o requirements/uv.txt
.venv/bin/python scripts/sbom.py
