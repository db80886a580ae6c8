# `make` alone says what there is. Each target first brings .venv to what it needs (bootstrap.py), from any state.

# Any Python from 3.11 to 3.13 that is found, or the one you name: make run PYTHON=python3.12
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python py; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo "$$p" && exit; \
	done; echo python3)
ifeq ($(OS),Windows_NT)
IN_VENV = .venv/Scripts/python
else
IN_VENV = .venv/bin/python
endif
# A file of tests stays in one process; four at most, each has a PostgreSQL of its own. Files are taken in the order of
# tests/conftest.py, the longest first.
PYTEST_ARGS ?= -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run test torture check bench demo clean-venv

help:  ## what there is
	@echo "make TARGET, one of:"
	@sed -n 's/^\([a-z-]*\):.*## /  \1|/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'
	@echo "Settings go along: make run PORT=9000 HOST=0.0.0.0 DATA_DIR=/srv/an-lo"

run:  ## everything on http://127.0.0.1:8000, with made-up people on the first start
	@"$(PYTHON)" bootstrap.py run
	@exec $(IN_VENV) app.py run

demo:  ## the same from an empty folder, data-demo, emptied each time: for showing and for trying things
	@"$(PYTHON)" bootstrap.py run
	@rm -rf data-demo
	@DATA_DIR=data-demo exec $(IN_VENV) app.py run

test:  ## the whole test suite (make test PYTEST_ARGS="-k segments -x" for a part)
	@"$(PYTHON)" bootstrap.py dev
	@$(IN_VENV) -m pytest $(PYTEST_ARGS)

# One process: the stories measure nothing, but they wait for each other's processor.
torture:  ## the fault tests in full: kills, lost answers, clock jumps, a full disk (about half an hour on two cores)
	@"$(PYTHON)" bootstrap.py dev
	@TORTURE=full $(IN_VENV) -m pytest -v tests/torture -o faulthandler_timeout=3600

check:  ## style, floors, guards of the house, translations, content
	@"$(PYTHON)" bootstrap.py dev
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(IN_VENV) -m web.translations_check
	$(IN_VENV) -m pytest -q tests/house
	$(IN_VENV) app.py content check

bench:  ## the benchmarks, each with its table of ratios
	@"$(PYTHON)" bootstrap.py bench
	@failed=; for file in benchmarks/[a-z]*.py; do \
		[ -e "$$file" ] || continue; name=$$(basename "$$file" .py); \
		echo "== $$name"; $(IN_VENV) -m "benchmarks.$$name" || failed="$$failed $$name"; \
	done; [ -z "$$failed" ] || { echo "failed:$$failed" >&2; exit 1; }

clean-venv:  ## removes .venv; the next command makes it again
	rm -rf .venv .venv.lock
