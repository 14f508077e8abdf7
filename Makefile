# `make demo` and `make test` each set up all that they need; everything else builds on them.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
PY := $(BIN)/python
WORKERS ?= 3
TESTS ?= tests
PYTEST_OPTIONS ?=
BENCH_OPTIONS ?=
COMPARE_OPTIONS ?=
TRUTH_OPTIONS ?=
LOCK_OPTIONS ?=
ACCOUNT ?= supervisor

# Kept bytecode, also where the surroundings forbid it: without it each process compiles anew
# whatever it imports, which takes longer than most commands; the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo demo-stop demo-code story-train story-case test check format docs bench bench-server bench-compare truth lock clean ready ready-dev ready-bench

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

ready:
	@scripts/bootstrap.sh run

ready-dev:
	@scripts/bootstrap.sh dev

ready-bench:
	@scripts/bootstrap.sh bench

demo: ready ## Make a city with an outbreak, trace its index case, start a server of it
	@scripts/demo.sh

demo-stop: ## End the demo's server
	@$(PY) -m scripts.demo_server stop

demo-code: ## What the authenticator app of a demo account would show (ACCOUNT=supervisor)
	@$(PY) -m scripts.demo_server code $(ACCOUNT)

story-train: ready ## Tell who sat near a case on three trains, beside the truth
	@$(PY) -m scripts.stories train

story-case: ready ## Restore one person's days from 446 records, beside the truth
	@$(PY) -m scripts.stories case

# A file stays with one process: what its tests share is made once.
test: ready-dev ## Run all tests (WORKERS=3, TESTS=path, PYTEST_OPTIONS=...)
	@$(PY) -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_OPTIONS) $(TESTS)

check: ready-dev ## Format, lint, strict types, layers, docs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(PY) -m scripts.records_reference --check
	@$(PY) -m scripts.channels_reference --check
	@$(PY) -m scripts.roles_reference --check
	@$(PY) -m scripts.api_reference --check
	@$(PY) -m scripts.narratives_reference --check
	@$(PY) -m scripts.check_links

format: ready-dev ## Format and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: ready-dev ## Write generated pages and shown outputs anew
	@$(PY) -m scripts.records_reference
	@$(PY) -m scripts.channels_reference
	@$(PY) -m scripts.roles_reference
	@$(PY) -m scripts.api_reference
	@$(PY) -m scripts.narratives_reference
	@$(PY) -m scripts.console_pages

bench: ready-bench ## Measure beside peers (BENCH_OPTIONS=--large: 100 M presences too)
	@$(PY) -m bench $(BENCH_OPTIONS)

bench-server: ready ## Measure a server under an outbreak (BENCH_OPTIONS=--small: a quick try)
	@$(PY) -m bench.server $(BENCH_OPTIONS)

bench-compare: ready ## Compare the newest results with those before (COMPARE_OPTIONS=--strict)
	@$(PY) -m bench.compare $(COMPARE_OPTIONS)

truth: ready ## Judge rules and channels on cities whose truth is known (TRUTH_OPTIONS=...)
	@$(PY) -m bench.truth $(TRUTH_OPTIONS)

lock: ready-dev ## Write the locks anew (LOCK_OPTIONS=--upgrade)
	@scripts/lock.sh $(LOCK_OPTIONS)

clean: ## Remove what can be made again (.venv, caches, ./demo-*); the demo's server ends first
	@test ! -d demo-server || test ! -x $(PY) || $(PY) -m scripts.demo_server remove
	rm -rf .venv demo-city demo-home demo-home.key demo-server build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
