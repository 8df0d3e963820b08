# 落实 Luoshi. `make demo` to see it, `make test` to check it, `make help` for the rest.

PYTHON ?= python3
PORT ?= 8000
DATA ?= data
BIN := .venv/bin
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo test lint docs bench bench-large lock clean
.DELETE_ON_ERROR:

help:  ## list the targets
	@echo "make TARGET [PYTHON=python3] [PORT=8000] [DATA=data]"
	@sed -n 's/^\([a-z-]*\):.*##/  \1\t/p' Makefile | expand -t 16

install: $(INSTALLED)  ## make .venv from the pinned lock

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || \
		{ echo "Luoshi needs Python 3.11, 3.12 or 3.13; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Try: make install PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(INSTALLED)  ## load the demonstration year (once) and serve it at http://127.0.0.1:PORT
	$(BIN)/luoshi demo --port $(PORT) --data $(DATA)

test: lint  ## everything that must hold: style, types, layers, tests on both databases
	$(BIN)/python -m pytest -n 2 --no-loadscope-reorder

lint: $(INSTALLED)  ## style, types and layers only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(INSTALLED)  ## write docs/events.md, docs/commands.md and docs/two-hands.md anew
	$(BIN)/python -m cli.reference

bench: $(INSTALLED)  ## measure against the stock library and the floors; writes bench/out/
	$(BIN)/python -m bench.run

bench-large: $(INSTALLED)  ## measure with 10 million events (long)
	$(BIN)/python -m bench.large

lock:  ## pin the newest versions again (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --output-file requirements.lock

clean:  ## drop .venv and caches; data directories stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
