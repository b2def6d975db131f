# Moirai: `make run` and `make test` are all a newcomer needs. Needs Python 3.11 and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
PYTEST_ARGS ?=
UV = .venv-tool/bin/uv
BIN = .venv/bin
export UV_LINK_MODE ?= copy

.PHONY: .env prod-like faults load trust scan saml mutants screenshots run test test-sqlite test-postgresql lint format lock messages bench clean

run: .venv/run.stamp .env  ## set up and run the site on 127.0.0.1:$(PORT)
	@$(BIN)/python manage.py run --port $(PORT)

test: .venv/dev.stamp .env  ## the suite on SQLite, then on PostgreSQL and Redis where they are installed
	@$(BIN)/python manage.py compile_translations -v 0
	$(BIN)/python -m tests.run $(PYTEST_ARGS)

bench: .venv/dev.stamp .env  ## how fast it is, one JSON line each; SIZE=full for the sizes of docs/scaling.md
	@$(BIN)/python -m benchmarks $(or $(SIZE),desk) $(BENCH)

lint: .venv/dev.stamp .env  ## style, types, templates, direction of imports, taxonomy, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy .
	$(BIN)/djlint --lint templates --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check_migrations
	$(BIN)/python manage.py check_taxonomy
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null

trust: .venv/dev.stamp .env  ## the promises to the people in the database, each with its figure and verdict
	@$(BIN)/python -m tests.trust.report

prod-like: .venv/dev.stamp  ## production on loopback: the commands of docker-compose.yml; ARGS=--demo, ARGS=--smoke
	@$(BIN)/python -m tests.prodlike $(ARGS)

faults: .venv/dev.stamp  ## break production on purpose, one JSON line each; ONLY="reload disk-full" takes some
	@$(BIN)/python -m tests.faults $(ONLY)

load: .venv/dev.stamp  ## how much production carries (Debian: wrk); LOAD_MINUTES=3 ONLY="pages visitors" takes less
	@$(BIN)/python -m tests.load $(ONLY)

screenshots: .venv/dev.stamp .env  ## a picture of every page into var/screenshots, two into docs/pictures (needs Chromium)
	@DJANGO_SETTINGS_MODULE=tests.browser.settings $(BIN)/python manage.py shell --no-imports -c "from tests.browser.screenshots import main; main('$(ONLY)')"

scan: .venv/dev.stamp .env  ## sqlmap and wapiti against the demo on loopback (Debian: sqlmap wapiti)
	$(BIN)/python -m tests.trust.scan

saml: .venv/dev.stamp .env  ## single sign-on by SAML, with its library in .venv and a provider of our own
	$(UV) pip install --quiet --require-hashes --python $(BIN)/python -r requirements-saml.txt
	SAML_IDP_ENTITY_ID=https://idp.example SAML_IDP_SSO_URL=https://idp.example/sso SAML_IDP_SLO_URL=https://idp.example/slo \
	SAML_IDP_CERTIFICATE=replaced SAML_VERIFIED_DOMAINS=universidad.example $(BIN)/python -m pytest -q -n 0 tests/trust/run_saml.py tests/trust/test_saml_settings.py

api-client: .venv/dev.stamp .env var/client/stamp  ## a client generated from the schema of the API walks through the site
	$(BIN)/python -m pytest -q -n 0 -p no:randomly tests/run_api_client.py

mutants: .venv/dev.stamp .env  ## remove each permission check in turn; the matrix must notice every time
	$(BIN)/python -m pytest -q -s -p no:randomly -p no:logging tests/trust/run_mutants.py

format: .venv/dev.stamp  ## let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv-tool/stamp  ## write requirements*.txt from requirements*.in
	$(UV) pip compile -q --python-version 3.11 --generate-hashes --no-header requirements.in -o requirements.txt
	$(UV) pip compile -q --python-version 3.11 --generate-hashes --no-header requirements-dev.in -o requirements-dev.txt
	$(UV) pip compile -q --python-version 3.11 --generate-hashes --no-header requirements-saml.in -o requirements-saml.txt
	$(UV) pip compile -q --python-version 3.11 --generate-hashes --no-header requirements-client.in -o requirements-client.txt

messages: .venv/dev.stamp  ## collect user-facing text into locale/ (needs gettext)
	$(BIN)/python manage.py makemessages -l es -l en --no-obsolete --no-location -i .venv -i .venv-tool -i var
	$(BIN)/python manage.py compile_translations --complete-english

.env: .venv/run.stamp
	@$(BIN)/python -m moirai.crypto.make_key .env  # adds what an older one lacks

.venv-tool/stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "Moirai needs Python 3.11; this is " + sys.version.split()[0] + ". Name one: make run PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv-tool
	.venv-tool/bin/pip install --quiet --disable-pip-version-check uv
	@touch $@

.venv/run.stamp: requirements.txt .venv-tool/stamp
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip install --quiet --compile-bytecode --require-hashes --python $(BIN)/python -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	$(UV) pip install --quiet --compile-bytecode --require-hashes --python $(BIN)/python -r requirements.txt -r requirements-dev.txt
	@touch $@

var/client/stamp: requirements-client.txt .venv-tool/stamp
	$(UV) venv --quiet --allow-existing --python $(PYTHON) var/client
	$(UV) pip install --quiet --require-hashes --python var/client/bin/python -r requirements-client.txt
	@touch $@

clean:  ## forget the virtual environments and all data of this checkout
	rm -rf .venv .venv-tool var .env
