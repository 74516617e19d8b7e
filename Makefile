# Every target bootstraps .venv by itself; a machine needs only Python 3.11 or newer with its venv module.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check coverage bench messages reference screenshots installers clean
.DEFAULT_GOAL := demo

demo: .venv/.ready
	$(BIN)/python resources/demo/demo.py

test: check
	$(BIN)/python -m pytest -n 4

check: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Lines and branches that the tests reach; those of helper processes and of the command line in processes of its own count.
coverage: .venv/.ready
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered

bench: .venv/.ready
	$(BIN)/python -m tests.bench

# Take new messages of the source into the translations, and drop those that are gone.
messages: .venv/.ready
	$(BIN)/python resources/messages.py

# A page about every import and every export, from the catalog.
reference: .venv/.ready
	rm -rf resources/reference
	LWDESK_LANGUAGE=en $(BIN)/lwdesk reference -o resources/reference

# A picture of every page in both themes.
screenshots: .venv/.ready
	$(BIN)/python resources/screenshots/take.py

.venv/.ready: pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "lwdesk needs Python 3.11 or newer (on Debian: apt install python3 python3-venv)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "lwdesk needs Python 3.11 or newer; this is $$($(PYTHON) -V). Name another one with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "lwdesk needs Python's venv module (on Debian: apt install python3-venv)."; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]' || { echo "lwdesk could not install its libraries: it needs a connection to the Python Package Index (pypi) or a mirror of it."; exit 1; }
	@touch $@

# The installers of this system, in dist/.
installers: .venv/.packaging
	$(BIN)/python packaging/build.py

.venv/.packaging: .venv/.ready
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[package]'
	@touch $@

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
