# `make run` starts the portal, `make test` checks it; both need only Python 3.11+, pip and make.
PYTHON ?= python3
PY := .venv/bin/python
# Compiled modules are kept whatever the shell says: without them every process starts 2 s later.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME VIRTUAL_ENV
.DEFAULT_GOAL := help
.PHONY: help run test lint fmt bench bench-growth load points deadline transfers near attack demo-reset messages pictures lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start database, Redis, web server, worker and beat; Ctrl-C stops them all
	@$(PYTHON) -m tools.bootstrap local
	@$(PY) -m tools.run

test: ## lint, import layers and all tests in parallel
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) -m tools.system_packages
	@$(PY) -m tools.check
	@$(PY) -m pytest -n 2 --dist worksteal

lint: ## style, formatting and import layers
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) -m tools.check

fmt: ## format code and templates and apply the safe corrections
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format .
	@$(PY) -m djlint templates --reformat --quiet --warn

bench: ## measure the production server and print one table
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) -m tools.system_packages bench
	@$(PY) -m tools.bench

bench-growth: ## measure search, lists and trends at 10,000, 100,000 and 1,000,000 women
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) -m tools.bench_growth

load: ## 10,000 attempts on 100 seats, bookings and cancellations mixed, the hour bookings open
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) -m tools.load

points: ## the points ledger: 16 processes, one key 50 times, kill -9, a crash of the database, 10,000,000 entries
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) -m tools.points

deadline: ## 2,000 applicants hand in, each with a file, until a deadline, by 16 processes (DEADLINE_SECONDS=600)
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) -m tools.deadline

transfers: ## search and matching among 50,000 profiles of technology (TRANSFERS=10000: fewer)
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) -m tools.transfers

near: ## finding mothers' rooms near a position among 10,000 (ROOMS=1000: fewer)
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) -m tools.near

attack: ## try what somebody who means harm would try, in production mode (CASE=workbook: these alone)
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) -m tools.attack

demo-reset: ## throw the local database away and fill a new one with demo data
	@$(PYTHON) -m tools.bootstrap local
	@$(PY) -m tools.run --reset

messages: ## collect the translatable texts into locale/
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) manage.py messages

pictures: ## take the documents' pictures from the running portal (AT=http://127.0.0.1:8000)
	@$(PYTHON) -m tools.bootstrap dev
	@$(PY) -m tools.system_packages
	@$(PY) -m tools.screenshot $(or $(AT),http://127.0.0.1:8000)

lock: ## resolve requirements/*.in into the hashed lists (UPGRADE=1: newest versions)
	@$(PYTHON) -m tools.bootstrap dev
	@for list in uv base local dev aliyun; do \
		echo "  requirements/$$list.txt"; \
		.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header $(if $(UPGRADE),--upgrade) \
			requirements/$$list.in -o requirements/$$list.txt || exit 1; \
	done

clean: ## remove .venv and what was built; keeps var/, where the local database is
	@rm -rf .venv staticfiles static/dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
