# Every command of the house. A fresh machine needs Python 3.11 and make.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
PORT ?= 8000
export PYTHONPATH := .
export JISHI_ENV ?= development

help:               ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16

.venv/ready: requirements.lock pyproject.toml
	@echo "building the environment from requirements.lock (about a minute) ..."
	@python3.11 -m venv .venv 2>/dev/null || python3 -m venv .venv
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@touch .venv/ready
	@echo "environment ready in .venv"

demo: .venv/ready   ## environment, demo mall in SQLite, server on 127.0.0.1:$PORT
	@$(PY) -m jobs demo
	@exec $(PY) gateway.py --port $(PORT)

demo-split: .venv/ready ## the same mall as seven processes on MariaDB and Redis (DATABASE_URL, REDIS_URL)
	@exec $(PY) deploy/split.py --port $(PORT)

test: .venv/ready   ## all tests on the embedded parts
	@$(PY) -m pytest -q -n auto -m "not services and not soak and not interop" && echo "all tests passed on the embedded parts"

test-services: .venv/ready ## the tests that touch data, again with MariaDB and Redis
	@$(PY) deploy/services.py
	@DATABASE_URL=$${DATABASE_URL:-mysql://root@127.0.0.1:3306/jishi_test} REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/9} \
	  $(PY) -m pytest -q -n auto -m "not soak and not interop" tests/models tests/services tests/resolvers tests/subgraphs tests/jobs tests/journeys \
	  && MYSQL_DRIVER=aiomysql DATABASE_URL=$${DATABASE_URL:-mysql://root@127.0.0.1:3306/jishi_test} \
	  $(PY) -m pytest -q -n auto -m "not soak and not interop" tests/models tests/services \
	  && echo "all tests passed with MariaDB and Redis, those of models and services with both drivers"

soak: .venv/ready   ## long runs: fuzzing and endurance
	@$(PY) -m pytest -q -m soak --log-cli-level=INFO

check: .venv/ready  ## format, lint, types, import contracts, generated files
	@.venv/bin/ruff format --check . && .venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@deploy/generate.sh --check
	@echo "check passed"

fix: .venv/ready    ## let ruff format and repair
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

generate: .venv/ready ## write the SDL files and the supergraph again
	@deploy/generate.sh

migrations: .venv/ready ## write migrations for changed tables
	@.venv/bin/tortoise -c models.config.TORTOISE_ORM makemigrations

plan: .venv/ready   ## Q=FILE: print each stage of planning one operation; STAGE=code: the Python that it becomes
	@$(PY) -m $(if $(filter code,$(STAGE)),subgraphs.code,federation plan schema/supergraph.graphql) \
	  $(or $(Q),schema/operations/mini/Home.graphql)

PEERS := tests/interop/node_modules/ready
$(PEERS): tests/interop/package.json
	@echo "installing npm peers (half a minute) ..."
	@cd tests/interop && npm install --no-audit --no-fund --ignore-scripts --loglevel=error # no package runs code of its own here
	@touch $(PEERS)

bench: .venv/ready $(PEERS) ## benches side by side, into bench/results.json and a table
	@$(PY) -m bench

interop: .venv/ready $(PEERS) ## real composers and clients from npm
	@FEDERATION_CASES="$${FEDERATION_CASES:-$${CONFORMANCE_DIR:+$$CONFORMANCE_DIR/cases}}" $(PY) -m pytest -q -m interop tests/interop \
	  && echo "interop passed"

lock: .venv/ready   ## renew requirements.lock from pyproject.toml
	@.venv/bin/pip-compile --quiet --extra dev --extra fast --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host --no-emit-options --no-header -o requirements.lock pyproject.toml

.PHONY: help demo demo-split test test-services soak check fix generate migrations plan bench interop lock
