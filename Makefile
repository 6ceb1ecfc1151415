# Everything a user or a developer does here. `make` alone lists the targets.
# Needs: GNU make and Python 3.12 or newer; what is installed comes from the lock files, checked by hash.

SCENARIO ?= scenarios/programmes/zhejiang_county_community.yaml
ARGS ?= --families 5000 --replications 8 --parameters one
# Empty: the first of python3.12, python3.13, python3.14, python3 that is new enough.
PYTHON ?=
# Worker processes of the tests.
JOBS ?= 2
UV ?= uv
# Benchmarks that take minutes too.
FULL ?= --full

VENV := .venv
PY := $(VENV)/bin/python
# A stamp is named after what it stands for: the lock, the project's metadata, and the folder (a moved venv is broken).
key = $(shell (pwd; cat $(1) pyproject.toml) 2>/dev/null | cksum | cut -d ' ' -f 1)
RUNNING := $(VENV)/.running-$(call key,requirements.lock)
DEVELOPING := $(VENV)/.developing-$(call key,requirements-dev.lock requirements.lock)
# What pip says is shown only where it fails: its warnings are about the machine, not about tiercare.
PIP_INSTALL = @quietly() { said=$$("$$@" 2>&1) || { code=$$?; printf '%s\n' "$$said" >&2; exit $$code; }; }; \
	quietly $(PY) -m pip install --quiet --disable-pip-version-check
COMPILE := pip compile pyproject.toml --group setup --universal --python-version 3.12 --generate-hashes --quiet \
	--custom-compile-command 'make lock' $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test test-long lint format bench lock audit clean

help: ## list the targets
	@awk -F ' *:.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(RUNNING) ## install what running needs into .venv

setup-dev: $(DEVELOPING) ## install what developing needs as well

run: setup ## simulate SCENARIO with ARGS
	$(VENV)/bin/tiercare run $(SCENARIO) $(ARGS)

# Tests start hundreds of processes, each of which would translate the sources anew where no bytecode may be kept.
test test-long: export PYTHONDONTWRITEBYTECODE =

test: setup-dev ## quick tests and doctests; TESTS=path picks some
	$(PY) -m pytest -q -n $(JOBS) --dist worksteal $(TESTS)

test-long: setup-dev ## the tests that take minutes
	$(PY) -m pytest -q -n $(JOBS) --dist worksteal -m long --hypothesis-profile=long $(TESTS)

lint: setup-dev ## style, types, and who may import whom
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m ty check
	$(PY) $(VENV)/bin/lint-imports --no-logo

format: setup-dev ## write the house style
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: setup-dev ## measure beside commit f9d3c31 and other models; FULL= leaves out what takes minutes
	$(PY) -m experiments.benchmarks.bench $(FULL)

lock: ## pin the newest fitting versions where pyproject.toml changed; UPGRADE=--upgrade renews all (needs uv)
	$(UV) $(COMPILE) --output-file requirements.lock
	$(UV) $(COMPILE) --extra dev --extra studies --constraints requirements.lock --output-file requirements-dev.lock

audit: ## ask the advisories of PyPI about every pinned package (needs uv and the internet)
	$(UV) tool run pip-audit --strict --disable-pip --require-hashes -r requirements-dev.lock

clean: ## remove the environment and what tools left behind, never results
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find simulator tests experiments -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@for python in $(or $(PYTHON),python3.12 python3.13 python3.14 python3); do \
	  found=$$($$python -c 'import ensurepip, sys; print(sys.version_info[0] * 100 + sys.version_info[1])' 2>/dev/null); \
	  if [ "$${found:-0}" -ge 312 ]; then exec $$python -m venv $(VENV); fi; \
	done; \
	echo "tiercare needs Python 3.12 or newer with its venv module: install it (Ubuntu: apt install python3.12-venv;" \
	  "macOS: brew install python@3.12; any system: pyenv install 3.12) and run make again," \
	  "or say where it is: make PYTHON=/path/to/python3.12" >&2; \
	exit 2

$(RUNNING): $(PY)
	@echo "installing what running needs into $(VENV) (a minute or two)"
	$(PIP_INSTALL) --require-hashes -r requirements.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.running-* && touch $@

$(DEVELOPING): $(RUNNING)
	@echo "installing what developing needs into $(VENV) (a minute or two)"
	$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@rm -f $(VENV)/.developing-* && touch $@
