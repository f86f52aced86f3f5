# The same commands here and in CI. The work is done by the small programs in scripts/.
PYTHON := .venv/bin/python
ARGS :=
.DEFAULT_GOAL := help
.PHONY: help setup run test check fix bench lock i18n screenshots

help: ## list these targets
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 16

setup: ## bring a fresh checkout to where it runs, no more
	@python3 -m scripts.bootstrap run

run: setup ## try everything on this machine: `courier demo` (its options in ARGS)
	@.venv/bin/courier demo $(ARGS)

test: ## run every test (options for pytest in ARGS)
	@python3 -m scripts.bootstrap test
	@$(PYTHON) -m pytest --numprocesses=2 --no-loadscope-reorder --durations=10 $(ARGS)

check: ## format, lint, types, imports, mirror, sizes, docs, lock, vectors
	@python3 -m scripts.bootstrap check
	@$(PYTHON) -m scripts.check

fix: ## format, and repair what a program can repair
	@python3 -m scripts.bootstrap check
	@$(PYTHON) -m scripts.check --fix

bench: ## measure, each figure beside its baseline (options in ARGS)
	@python3 -m scripts.bootstrap check
	@$(PYTHON) -m bench $(ARGS)

lock: ## fit the lock files to pyproject.toml (ARGS=--upgrade for newer versions)
	@python3 -m scripts.bootstrap run
	@$(PYTHON) -m scripts.lock $(ARGS)

i18n: ## bring translations up to portal and desk (ARGS=CODE begins a language)
	@python3 -m scripts.bootstrap check
	@$(PYTHON) -m scripts.i18n $(ARGS)

screenshots: ## picture every page and state into screenshots/
	@python3 -m scripts.bootstrap test
	@$(PYTHON) -m scripts.screenshots $(ARGS)
