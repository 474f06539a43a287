# Thin: each line hands over to a script or a command. `make help` lists them.
.DEFAULT_GOAL := help
PY := .venv/bin/python
PORT ?= 8765

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: ## set up, judge every bundled vendor, write reports into var/reports
	@scripts/setup.sh run
	@$(PY) -m riskboard.cli demo

run: ## set up and serve the app (another port: make run PORT=8766)
	@scripts/setup.sh run
	@$(PY) -m riskboard.cli up --port $(PORT)

setup: ## only set up
	@scripts/setup.sh run

test: ## set up and run the whole suite
	@scripts/setup.sh dev
	@scripts/test.sh

check: ## lint, types, import contracts, templates, migrations, deployment
	@scripts/setup.sh dev
	@scripts/check.sh

bench: ## ratios to a named floor, measured in one run (make bench WRITE=1 writes docs/performance.md)
	@scripts/setup.sh dev
	@$(PY) -m benchmarks $(if $(WRITE),--write)

chaos: ## kill, cut off and confuse real processes under load, and count what was lost
	@scripts/setup.sh dev
	@$(PY) -m tests.faults

fuzz: ## ten minutes of coverage-guided fuzzing per parser (make fuzz SOURCES="slack aws" MINUTES=1)
	@scripts/setup.sh dev
	@.venv/bin/python -m pip install -q '.[fuzz]'
	@$(PY) -m tests.fuzzing $(or $(SOURCES),all) --minutes $(or $(MINUTES),10)

messages: ## bring the translation catalogues under locale/ up to date with the source, and compile them
	@scripts/setup.sh dev
	@$(PY) -m riskboard.messages update
	@$(PY) -m riskboard.messages compile

lock: ## write the hash-pinned requirements again
	@scripts/setup.sh dev
	@scripts/lock.sh

sbom: ## write the bill of materials (CycloneDX) of what is installed
	@scripts/setup.sh dev
	@$(PY) scripts/sbom.py

soak: ## requests and jobs for some minutes, and what memory did (make soak MINUTES=120)
	@scripts/setup.sh dev
	@$(PY) -m tests.faults.soak --minutes $(or $(MINUTES),5)

coverage: ## the suite under coverage, held to 90 % of statements and 80 % of branches
	@scripts/setup.sh dev
	@$(PY) scripts/covered.py

clean: ## remove what was made here (the data under var/ stays)
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.PHONY: help demo run setup test check bench chaos fuzz messages lock sbom soak coverage clean
