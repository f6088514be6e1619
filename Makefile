# Targets need only Python 3.11+, git and make. See README.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
CHROMIUM := $(firstword $(wildcard /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome))

.PHONY: install demo test check check-house check-tests bench serve e2e e2e-environment referees

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,postgres]'
	@touch $@ $(VENV)/.run

install: $(VENV)/.run

demo: $(VENV)/.run
	$(BIN)/python -m bot demo $(ARGS)

serve: $(VENV)/.run
	$(BIN)/python -m bot serve

# The quick loop: what takes seconds by what it proves is left to `make test`.
check: $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-house check-tests

check-house:
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo > .import_report || (cat .import_report; exit 1)
	@rm -f .import_report

check-tests:
	$(BIN)/python -m pytest tests/rules tests/understanding tests/test_architecture.py -m "not slow" -n 2 --dist worksteal -q

test: $(VENV)/.dev
	$(BIN)/python tests/run_all.py $(if $(CHROMIUM),--chromium=$(CHROMIUM),) $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks $(ARGS)

# A real homeserver and a real client, in an environment of their own.
.venv-e2e/.built: tests/e2e/requirements.txt
	$(PYTHON) -m venv .venv-e2e
	.venv-e2e/bin/python -m pip install --quiet --disable-pip-version-check -r tests/e2e/requirements.txt
	@touch $@

e2e-environment: .venv-e2e/.built

# Clients of other people, in an environment of their own, that certify the stand-ins of WeCom.
.venv-wecom/.built: tests/platforms/referee_requirements.txt
	$(PYTHON) -m venv .venv-wecom
	.venv-wecom/bin/python -m pip install --quiet --disable-pip-version-check -r tests/platforms/referee_requirements.txt
	@touch $@

referees: .venv-wecom/.built

e2e: $(VENV)/.dev .venv-e2e/.built
	$(BIN)/python -m pytest tests/e2e
