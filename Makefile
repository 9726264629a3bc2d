# The habits of this course, by name. `make help` lists them.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# torch without CUDA's gigabytes; where it cannot be reached, pip takes torch from where it takes all else
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
# one more than there are cores: many tests wait for processes of their own
JOBS   ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)
TESTS  := -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

# nbgrader and Jupyter call their helpers by name
export PATH := $(CURDIR)/$(BIN):$(PATH)
export JUPYTER_PLATFORM_DIRS := 1
# some machines forbid Python to keep what it has compiled: each of a thousand processes would compile anew
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup demo test thorough lab build bundle wheels bench check lock clean

help:    ## this list
	@grep -E '^[a-z]+: .*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 9

setup: $(READY)  ## .venv with everything in it; does nothing when that is there

$(READY): requirements.lock pyproject.toml
	@echo "Installing into $(VENV): a few minutes, this once."
	@command -v git >/dev/null || { echo "git is missing"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(PIP) --quiet --retries 2 --no-deps --extra-index-url $(TORCH_INDEX) "$$(grep '^torch==' requirements.lock)"
	@$(PIP) --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## build the assignments and grade a sample class with nbgrader
	@$(BIN)/python -m samples.demo build/demo

test: setup  ## the test suite, but for what `make thorough` runs
	$(BIN)/python $(TESTS) -m "not thorough"

thorough: setup  ## the tests that take long: nbgrader's kernels, faults, clusters, PostgreSQL
	$(BIN)/python $(TESTS) -m thorough

lab: setup  ## JupyterLab on the notebooks
	$(BIN)/jupyter lab notebooks

build: setup  ## assignments from their text: checks, nbgrader source, release, notebooks/
	$(BIN)/python -m autograder.self_check .
	$(BIN)/autograder build --course build/course --notebooks notebooks

bundle: setup  ## a zip an assignment for students, to run anywhere
	$(BIN)/autograder bundle --to build/bundle

# notebooks/ may hold what somebody has written into it
wheels: setup  ## the course's wheel and the student's, into dist/
	@test -z "$$(git status --porcelain utils files notebooks)" || \
		{ echo "A student's wheel holds utils/, files/ and notebooks/ as they are committed, and they are not."; exit 1; }
	@$(BIN)/hatchling build --target wheel --directory $(CURDIR)/dist
	@cd wheels/student && $(CURDIR)/$(BIN)/hatchling build --target wheel --directory $(CURDIR)/dist

bench: setup  ## the measurements that the README quotes
	@$(BIN)/python -m bench.marking
	@$(BIN)/python -m bench.throughput

check: setup  ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lock: setup  ## new versions for new requirements, in uv.lock and requirements.lock; LOCK=--upgrade: for all
	@$(BIN)/python .ci/lock.py $(LOCK)

# a course in which somebody has handed in, or whose source is not as it was built, is theirs
clean:   ## remove what was built; not a course in which there is anybody's work
	@theirs=$$(find build -name nbgrader_config.py -not -path 'build/demo/*' 2>/dev/null | while IFS= read -r config; do \
		course=$$(dirname "$$config"); built="$$course/.autograder-build.json"; \
		if [ -n "$$(ls -A "$$course/submitted" "$$course/.autograder-secret" 2>/dev/null)" ] || \
			! grep -q '"theirs": false' "$$built" 2>/dev/null || \
			[ -n "$$(find "$$course/source" -type f -newer "$$built")" ]; then echo "  $$course"; fi; done); \
	if [ -n "$$theirs" ]; then echo "Nothing was removed: there may be somebody's work in"; echo "$$theirs"; \
		echo "Move it elsewhere, with its gradebook and .autograder-secret, or remove it yourself."; exit 1; fi
	rm -rf build
