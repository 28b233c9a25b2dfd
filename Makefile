# The first call of a target sets up .venv and fetches the models and data; later calls
# start in seconds. Every target also works by hand: see "Without make" in README.md.
#
#   PYTHON=python3.12     the Python that .venv is made with (3.11 or newer)
#   TORCH_INDEX=ADDRESS   take torch from another wheel index, e.g. PyTorch's
#                         processor-only one, which saves gigabytes
#   ARGS="..."            more arguments for the command behind lab, app and test

PYTHON ?= python3
TORCH_INDEX ?=
ARGS ?=

VENV_PYTHON := .venv/bin/python
INSTALLED := .venv/.installed
# One worker per core, up to eight: each one loads torch, which takes memory.
WORKERS := -n auto --maxprocesses 8
# Shows progress only: the table of what is there would come at every call.
FETCH := .venv/bin/course assets fetch --json >/dev/null

.DEFAULT_GOAL := help
.PHONY: help lab app test lint format adapters notebooks gallery clean moved

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

lab: $(INSTALLED) ## JupyterLab at the first notebook
	@$(FETCH)
	@.venv/bin/course lab $(ARGS)

app: $(INSTALLED) ## the demo in the browser
	@$(FETCH)
	@$(VENV_PYTHON) app.py $(ARGS)

test: $(INSTALLED) ## the quick tests, in parallel and offline
	@$(FETCH)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m pytest $(WORKERS) $(ARGS)

lint: $(INSTALLED) ## what ruff finds, without changing a file
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ruff format --check .

format: $(INSTALLED) ## let ruff mend what it can
	@$(VENV_PYTHON) -m ruff check --fix .
	@$(VENV_PYTHON) -m ruff format .

adapters: $(INSTALLED) ## train the shipped adapters again (minutes)
	@$(FETCH)
	@$(VENV_PYTHON) -m course.adapters $(ARGS)
	@$(VENV_PYTHON) -m course.evaluation.predicted

notebooks: $(INSTALLED) ## notebooks/*.ipynb from notebooks/source/*.py
	@.venv/bin/course build $(ARGS)

# The root stands before tests, where a folder is called `course` as well.
gallery: $(INSTALLED) ## docs/gallery/*.png from the tour of widgets (needs Chromium)
	@$(FETCH)
	@PYTHONPATH=.:tests $(VENV_PYTHON) -m gallery

clean: ## remove .venv and caches; your runs and fetched models stay
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build *.egg-info
	find course widgets tests benchmarks notebooks -name __pycache__ -prune \
	    -exec rm -rf {} + 2>/dev/null || true

# A copied or moved folder brings along a .venv that points at the old place, and an
# upgrade of the system can take away the Python that .venv was made with.
ifneq ($(shell [ -x $(VENV_PYTHON) ] && cat $(INSTALLED) 2>/dev/null),$(CURDIR))
$(INSTALLED): moved
endif

# The stamp is written last, so that an interrupted set-up is done again: from scratch
# if it was the first (.unfinished), else on top of what is there, which may be all that
# a machine without network has.
$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "$(PYTHON) is missing or too old: Python 3.11 or newer is needed." \
	        "Install one and name it, e.g. make PYTHON=python3.12 lab" >&2; \
	    exit 1; }
	@if kill -0 "$$(cat .venv/.maker 2>/dev/null)" 2>/dev/null; then \
	    echo "Another make is setting up .venv: wait for it to end." >&2; exit 1; fi
	@if [ -e .venv/.unfinished ] || [ ! -x $(VENV_PYTHON) ]; then rm -rf .venv; fi
	@if [ ! -d .venv ]; then mkdir .venv && touch .venv/.unfinished; fi
	@echo $$PPID > .venv/.maker
	@echo "Setting up .venv: minutes the first time, then never again."
	@$(PYTHON) -m venv .venv || { \
	    echo "$(PYTHON) cannot make .venv; Debian and Ubuntu keep that apart:" \
	        "apt install python3-venv" >&2; exit 1; }
	@if [ -n "$(TORCH_INDEX)" ]; then $(VENV_PYTHON) -m pip install --no-deps \
	    -c constraints.txt --index-url "$(TORCH_INDEX)" torch; fi
	@$(VENV_PYTHON) -m pip install -c constraints.txt -e ".[test]"
	@rm -f .venv/.unfinished .venv/.maker && echo "$(CURDIR)" > $(INSTALLED)
