# `make` alone lists the targets. Everything lives in .venv; nothing is installed outside of it but a browser for the tests.
PYTHON ?= python3
BIN := .venv/bin

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

.venv/run: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt .
	@touch $@

.venv/dev: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt ".[dev]"
	@touch $@ .venv/run
