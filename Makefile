# make run    the web chat and the HTTP API on http://127.0.0.1:7860
# make test   every test
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# Where to take torch from, if not from the default index: PyTorch's CPU wheel index saves gigabytes on Linux.
TORCH_INDEX ?=
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: install run test check format screenshots clean

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV): about three minutes and 2.5 GB, once."
	$(BIN)/pip install --quiet $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch==$$(sed -n 's/^torch==//p' constraints.txt)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[test]'
	@touch $@

run: install
	$(BIN)/digg-deeper serve

test: install
	$(BIN)/python -m pytest

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: install
	$(BIN)/python docs/make_screenshots.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
