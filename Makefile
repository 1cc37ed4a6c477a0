# Everything a newcomer types. `make` alone lists it. Needs make and Python 3.10 or newer, nothing else.
PORT ?= 8000
# The first Python on PATH that is new enough; PYTHON=/path/to/python3 chooses another.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11 python3.10; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo $$p && break; done)
endif
BOOTSTRAP = @"$(PYTHON)" -I network_portal/embedded/bootstrap.py
EMBEDDED = .venv/bin/python -m network_portal.embedded
# What the tests and tools need when no server is asked for anything.
OFFLINE = DATABASE_URL=postgres://nobody@127.0.0.1:9/none REDIS_URL=redis://127.0.0.1:9/0 DEBUG=1 \
	SECRET_KEY=only-for-tools-that-open-no-connection-and-sign-nothing
PYTEST_ARGS ?= -n auto --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo test setup serve lint types messages bench pictures clean python

help: ## this list
	@echo "Jejaring: the portal a network of libraries runs together"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: python ## the whole network on this machine, with a demo network in it (PORT=8000)
	$(BOOTSTRAP)
	@$(EMBEDDED) demo --port "$(PORT)"

test: setup ## the whole test suite on a throw-away PostgreSQL and Redis
	@DEBUG=1 $(EMBEDDED) run -- .venv/bin/python -m pytest $(PYTEST_ARGS)

setup: python ## .venv with runtime and development packages, translations compiled
	$(BOOTSTRAP) --dev
	@$(OFFLINE) .venv/bin/python manage.py messages --compile

serve: setup ## development server with worker, indexer and beat (PORT=8000)
	@$(EMBEDDED) serve --port "$(PORT)"

lint: setup ## ruff (rules and format), import directions
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@PYTHONPATH=. .venv/bin/lint-imports

types: setup ## mypy, strict in the rooms that hold the rules
	@$(OFFLINE) .venv/bin/mypy

messages: setup ## collect the strings into the .po files, compile them, tell what lacks a translation
	@$(OFFLINE) .venv/bin/python manage.py messages

bench: setup ## measure speed and memory, write docs/benchmarks.md
	@$(EMBEDDED) run --durable -- .venv/bin/python -m tests.perf.bench $(BENCH)

pictures: setup ## the pictures of handbook and README, taken anew from the demo
	@$(EMBEDDED) run -- .venv/bin/python -m tests.pictures $(PICTURES)

clean: ## remove .venv, caches and var/ with the demo's data
	@if [ -x .venv/bin/python ] && [ -d var ]; then $(EMBEDDED) clean; fi
	@rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find network_portal/locale -name '*.mo' -delete 2>/dev/null || true

python:
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then \
		echo "Jejaring needs Python 3.10 or newer; install it, or name one: make demo PYTHON=/path/to/python3" >&2; \
		exit 2; fi
