# Two commands matter: `make demo` and `make test`. Both set up what they need.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
CORE_TESTS := tests/unit/coach_core tests/property

export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup setup-dev demo test test-fast test-python test-interpreted test-dashboard check check-python \
	check-dashboard bench lock contracts clean

help: ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

setup: $(VENV)/.demo ## what the demo needs, into .venv
setup-dev: $(VENV)/.dev ## what development and tests need, into .venv

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.demo: requirements.lock setup.cfg pyproject.toml | $(BIN)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.demo
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup ## park a car, live in the browser; Ctrl-C ends it
	@$(BIN)/parkit demo

test: setup-dev check test-python test-interpreted test-dashboard ## everything: checks, unit, property, integration, e2e

test-fast: setup-dev ## unit and property tests only, under two minutes
	$(BIN)/python -m pytest -q -n 2

test-python:
	$(BIN)/python -m ops.warm
	$(BIN)/python -m pytest -q -n 2
	$(BIN)/python -m pytest -q -m "integration or e2e" --timeout 600

test-interpreted: setup-dev ## the core's tests again without compiling
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -q -n 2 $(CORE_TESTS)

test-dashboard: setup-dev
	$(BIN)/python -m ops.dashboard_tasks test

check: check-python check-dashboard ## ruff, mypy --strict, import-linter, worlds, TypeScript

check-python: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/parkit world check worlds protos/*.proto

check-dashboard: setup-dev
	$(BIN)/python -m ops.dashboard_tasks check

bench: setup-dev ## the figures of docs/results (hours)
	$(BIN)/parkit bench tick --save
	$(BIN)/parkit bench coaching --save
	$(BIN)/parkit bench pipeline --save
	$(BIN)/parkit bench relay --save
	$(BIN)/parkit bench overlay --save
	$(BIN)/parkit bench planner --compare --save
	$(BIN)/parkit study --save

contracts: setup-dev ## schemas, AsyncAPI and TypeScript types from coach_core/contracts
	$(BIN)/python -m ops.contracts_gen
	$(BIN)/python -m cloud openapi
	$(BIN)/python -m ops.dashboard_tasks contracts

lock: $(BIN)/uv ## resolve the dependencies anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--extra edge --extra cloud --extra demo --output-file requirements.lock setup.cfg build-requirements.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--all-extras --output-file requirements-dev.lock setup.cfg build-requirements.in

clean: ## forget everything that was installed or built here
	rm -rf $(VENV) build *.egg-info cloud/dashboard/dist cloud/dashboard/node_modules var
