# `make` alone lists the targets. Everything lives in .venv; nothing is installed outside of it but a browser for the tests.
PYTHON ?= python3
BIN := .venv/bin
# The lists are complete and pinned, so pip need not resolve; byte code is made as it is used.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile

.PHONY: help demo test lint format check bars clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/run ## Run the whole bot on this computer: no token, no network
	$(BIN)/python run_bot.py demo

test: .venv/dev ## Run every test
	@tools/get_browser.sh
	$(BIN)/python -m pytest

lint: .venv/dev ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: .venv/run ## Check all YAML
	$(BIN)/python run_bot.py check

clean: ## Remove what was installed and built here
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache

.venv/bin/python:
	$(PYTHON) tools/check_python.py
	$(PYTHON) -m venv .venv

.venv/run: requirements.txt | .venv/bin/python
	$(INSTALL) -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	$(INSTALL) -r requirements-dev.txt
	@touch $@
