# Cartera al Día. `make run` starts it, `make test` proves it; README.md tells the rest.

VENV   := .venv
PYTHON := $(VENV)/bin/python
PIP    := $(PYTHON) -m pip --quiet --quiet --disable-pip-version-check

.PHONY: help setup dev run test lint format i18n bench
.DELETE_ON_ERROR:

help:
	@echo "make run      prepara todo y abre la aplicacion en http://127.0.0.1:8501 (PORT=, HOST= para otros)"
	@echo "make setup    solo el entorno de Python (.venv)"
	@echo "make test     estilo, tipos, reglas de importacion y todas las pruebas"
	@echo "make lint     lo mismo, sin las pruebas"
	@echo "make format   ordena importaciones y formato"
	@echo "make i18n     pone al dia los textos en ingles y dice cuales faltan"
	@echo "make bench    mide velocidad"

setup: $(VENV)/.run-installed
	@:

dev: $(VENV)/.dev-installed
	@:

run: setup
	@exec $(PYTHON) -m core serve

test: lint
	@$(PYTHON) -m tests.support.chromium --install
	@$(PYTHON) -m pytest -n 2 --dist loadgroup

lint: dev
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m mypy
	@$(PYTHON) -c "from importlinter.cli import lint_imports_command as run; run()" --no-logo

format: dev
	@$(PYTHON) -m ruff check --fix --quiet .
	@$(PYTHON) -m ruff format .

i18n: setup
	@$(PYTHON) -m core.locale.catalogue

bench: dev
	@$(PYTHON) -m tests.bench

# The environment is made once, and again only when a list of requirements changes.
$(VENV)/.run-installed: requirements.txt constraints.txt | $(PYTHON)
	@echo "Instalando lo necesario en $(VENV) (una sola vez)..."
	@$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/.dev-installed: requirements-dev.txt requirements.txt constraints.txt | $(PYTHON)
	@echo "Instalando las herramientas de desarrollo en $(VENV) (una sola vez)..."
	@$(PIP) install -r requirements-dev.txt
	@touch $@ $(VENV)/.run-installed

$(PYTHON):
	@found=; \
	for name in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	  if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Hace falta Python 3.11 o posterior y no se encontro ninguno (python3.11, python3...). Instalelo y repita." >&2; exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	  echo "A $$found le falta el modulo venv. En Debian o Ubuntu: apt-get install python3-venv (o python3.11-venv)." >&2; exit 1; \
	fi; \
	rm -rf $(VENV) && $$found -m venv $(VENV)
