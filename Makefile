# make run    everything up, on your machine: the last line it prints is `ready <address>`
# make quick  lint, types and the tests of files that take less than three seconds
# make check  before a push: lint, types and the tests of files that take less than 30 seconds
# make test   all tests; CI runs `make lint test`
PYTHON ?= python3
UV = 0.13.9
PIP = .venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet --only-binary :all: --require-hashes
PYTEST = .venv/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder
DEBIAN = $(patsubst %/postgres,%,$(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin/postgres))))
# The folder that tests/support/citus.py explains: by default one beside the repository, if there is any.
TEST_CITUS ?= $(abspath $(wildcard ../shared/citus))
CITUS_TESTS = $(addprefix tests/database/,test_distribution.py test_distributed_jobs.py test_distributed_ingestion.py test_nodes.py) \
	tests/ingest tests/sql
SQL_TESTS = tests/sql tests/test_contract.py tests/database/test_migrate.py \
	tests/ingest/test_create.py tests/ingest/test_edit.py tests/ingest/test_remove.py
LOCK = .venv/bin/uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11

# Tests start hundreds of processes, each of which would compile the application anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-debian lint quick seconds check containers audit bench bench-peers bench-export bench-panel bench-recap bench-retention bench-rollup bench-destinations bench-nodes browsers crawl recap-deliveries event-deliveries soak lock powercut property reset-storm sdk screenshots lighthouse footprint speed-chart packages sites site-tools test-citus
run: .venv/installed
	@exec .venv/bin/python -m app run

test: .venv/installed-dev
	@tests/install
	$(PYTEST)
	@$(MAKE) --no-print-directory test-debian

# What Postgres does is tested on the system's as well, which is older than the embedded one and checks PL/pgSQL deeper.
test-debian: .venv/installed-dev
	@if [ -z "$(DEBIAN)" ]; then echo "Skipped: the tests of SQL on the system's Postgres (no postgresql)."; \
		else echo "The tests of SQL once more, on $(DEBIAN)"; TEST_PGBIN=$(DEBIAN) $(PYTEST) $(SQL_TESTS); fi

# The tests that need Citus, and those of SQL and ingestion, on two clusters of a coordinator and two workers each.
test-citus: .venv/installed-dev
	@if [ -z "$(TEST_CITUS)" ]; then echo "Skipped: the tests on Citus (TEST_CITUS names no cluster)."; \
		else TEST_CITUS=$(TEST_CITUS) $(subst auto,2,$(PYTEST)) $(CITUS_TESTS); fi

lint: .venv/installed-dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy --strict app
	.venv/bin/djlint templates --lint --quiet
	.venv/bin/python -m tests.programs.lint_migrations

quick: lint
	$(PYTEST) -m quick

check: lint
	@tests/install
	$(PYTEST) -m check

# How long each file of tests takes, by which `make quick` and `make check` choose; for an idle machine.
seconds: .venv/installed-dev
	WRITE_SECONDS=1 $(PYTEST)

# The README's commands and all tests, on bare Debians and in the image. Takes root and, on two cores, two hours.
containers: .venv/installed-dev
	tests/containers/run bookworm
	tests/containers/run bookworm --user
	tests/containers/run trixie
	tests/containers/run trixie --user
	.venv/bin/python -m tests.image.run_tests

bench: .venv/installed-dev
	.venv/bin/python -m tests.programs.bench

# The same with the server of Waline, which npm installs into build/.
bench-peers: .venv/installed-dev
	npm install --prefix build/peers --no-audit --no-fund --ignore-scripts --loglevel error @waline/vercel@1.39.3
	.venv/bin/python -m tests.programs.bench --waline build/peers

# The chart and the table of docs/how-fast.md, from what `make bench` wrote.
speed-chart: .venv/installed-dev
	.venv/bin/python -m tests.programs.speed_chart

# Scanners of others, in an environment of their own: what they need does not fit what we do.
crawl: .venv/installed-dev
	@[ -x .venv-crawl/bin/wapiti ] || { $(PYTHON) -m venv .venv-crawl && \
		.venv-crawl/bin/pip install --quiet --disable-pip-version-check wapiti3==3.2.3 sqlmap==1.10.10; }
	.venv/bin/python -m tests.programs.crawl

# Firefox and Safari's engine; needs root's apt install firefox-esr webkit2gtk-driver xvfb xauth.
browsers: .venv/installed-dev
	@[ -x .venv-browsers/bin/python ] || { $(PYTHON) -m venv .venv-browsers && \
		.venv-browsers/bin/pip install --quiet --disable-pip-version-check selenium==4.49.0 marionette_driver==3.7.1; }
	.venv/bin/python -m tests.programs.browsers

# Known vulnerabilities of what is locked; asks PyPI.
audit:
	@[ -x .venv-audit/bin/pip-audit ] || { $(PYTHON) -m venv .venv-audit && \
		.venv-audit/bin/pip install --quiet --disable-pip-version-check pip-audit==2.10.1; }
	.venv-audit/bin/pip-audit --disable-pip --require-hashes --strict -r requirements-image.lock

bench-recap: .venv/installed-dev
	.venv/bin/python -m tests.programs.bench_recap

bench-panel: .venv/installed-dev
	.venv/bin/python -m tests.programs.bench_panel

bench-rollup: .venv/installed-dev
	.venv/bin/python -m tests.programs.bench_rollup

bench-retention: .venv/installed-dev
	.venv/bin/python -m tests.programs.bench_retention

# Responses and reads a second on one worker of a Citus cluster, and on two.
bench-nodes: .venv/installed-dev
	.venv/bin/python -m tests.programs.bench_nodes

# What ten destinations of a project cost ingestion.
bench-destinations: .venv/installed-dev
	.venv/bin/python -m tests.programs.bench_destinations

# Memory and CPU of an idle installation, and how fast it starts.
footprint: .venv/installed-dev
	.venv/bin/python -m tests.programs.footprint

# 500 recaps through a mail server that fails at every phase, by a worker that is killed 100 times.
recap-deliveries: .venv/installed-dev
	.venv/bin/python -m tests.programs.recap_deliveries

# Webhooks by two workers, of which one is killed a thousand times between sending and recording.
event-deliveries: .venv/installed-dev
	.venv/bin/python -m tests.programs.event_deliveries $(DELIVERIES)

# 500 power cuts on a disk that forgets what was not synced. make POWERCUT="--cuts 5 --set fsync=off" must lose some.
powercut: .venv/installed-dev
	@tests/install packages
	.venv/bin/python -m tests.programs.powercut $(POWERCUT)

# /healthz while requests are opened and reset at once.
reset-storm: .venv/installed-dev
	.venv/bin/python -m tests.programs.reset_storm

# For ten minutes; make SOAK="--seconds 14400" soak for four hours.
soak: .venv/installed-dev
	.venv/bin/python -m tests.programs.soak $(SOAK)

# 20,000 random changes, with changes of zones and wrong clocks, after which every aggregate is recounted.
property: .venv/installed-dev
	PROPERTY_OPERATIONS=20000 .venv/bin/python -m pytest -n 0 --timeout 0 --durations=1 tests/sql/test_aggregates_property.py

sdk:
	@tests/install
	@node tests/sdk/build.mjs

# Into dist/, for npm, PyPI and others. With SOURCE_URL in the environment they say where their sources are.
packages: .venv/installed-dev
	@tests/install npm
	@.venv/bin/python -m tests.programs.packages

# Real sites of the tools that there are packages for, built from npm and clicked in Chromium; make SITES=nuxt sites does one.
sites: .venv/installed-dev
	@tests/install
	@.venv/bin/python -m tests.programs.sites $(SITES)

# The same for WordPress of two Debian releases, MkDocs, Sphinx, Hugo and Jekyll; make SITES=hugo site-tools does one.
site-tools: .venv/installed-dev
	@.venv/bin/python -m tests.programs.site_tools $(SITES)

# The pictures in the README, and Lighthouse's marks; both with Debian's Chromium.
screenshots lighthouse: .venv/installed-dev
	@.venv/bin/python -m tests.programs.screenshots $@

bench-export: .venv/installed-dev
	.venv/bin/python -m tests.programs.bench_export

lock: .venv/installed
	.venv/bin/python -m pip --disable-pip-version-check install --quiet uv==$(UV)
	$(LOCK) --extra fast --output-file requirements-image.lock
	$(LOCK) --constraint requirements-image.lock --extra fast --extra embedded --output-file requirements.lock
	$(LOCK) --constraint requirements.lock --extra fast --extra embedded --extra apprise --extra dev --output-file requirements-dev.lock

.venv/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Feelback needs Python 3.11 or newer; name one, as in: make PYTHON=python3.12 run" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		echo "Installing python3-venv with apt" && apt-get -qq update && \
		DEBIAN_FRONTEND=noninteractive apt-get -qq -y install python3-venv >/dev/null 2>&1; } || \
		{ echo "Python's venv is missing; install it (Debian: apt install python3-venv) and call make again." >&2; exit 1; }
	@echo "Installing Feelback into .venv, which takes a minute or two"
	@$(PYTHON) -m venv .venv
	@$(PIP) -r requirements.lock
	@# Not `pip install -e .`: it needs a build backend, and nothing that runs here is installed without a hash.
	@printf '%s\n' '#!/bin/sh' 'here=$$(dirname "$$(readlink -f "$$0")")' \
		'PYTHONPATH="$${here%/.venv/bin}" exec "$$here/python" -Pm app "$$@"' > .venv/bin/feelback
	@chmod 755 .venv/bin/feelback
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	@echo "Installing what the tests need into .venv"
	@$(PIP) -r requirements-dev.lock
	@touch $@
