# Everything works from a fresh clone: each target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEVELOPING := $(VENV)/.developing
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install install-torch demo test test-all lint types bench screenshots clean

help: ## Show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(INSTALLED): $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(DEVELOPING): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group dev
	@touch $@

install: $(INSTALLED) ## Make .venv with the allears command in .venv/bin

install-torch: $(DEVELOPING) ## Add PyTorch, for Transformers checkpoints, training and their tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[torch,train]'

demo: $(INSTALLED) ## Run the sample business end to end (ARGS=--no-serve to end after the run)
	$(BIN)/allears demo $(ARGS)

lint: $(DEVELOPING) ## Style, types, directions of imports, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

test: lint ## Lint and all tests but the slow ones
	$(BIN)/pytest -m 'not slow and not quiet' -n 2 --dist loadfile $(ARGS)
	$(BIN)/pytest -m 'quiet and not slow' $(ARGS)

test-all: lint ## Lint and all tests
	$(BIN)/pytest -m 'not quiet' -n 2 --dist loadfile $(ARGS)
	$(BIN)/pytest -m quiet $(ARGS)

bench: $(DEVELOPING) ## Measure speed, memory and idle cost
	$(BIN)/python benchmarks/gather.py
	$(BIN)/python benchmarks/idle.py
	$(BIN)/python benchmarks/classify.py
	$(BIN)/python benchmarks/mailbox.py

screenshots: $(DEVELOPING) ## Make the README's pictures from the sample business
	$(BIN)/python docs/screenshots.py

clean: ## Remove what was made
	rm -rf $(VENV) demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
