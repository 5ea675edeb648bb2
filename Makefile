# make demo   set up and run the embedded default, through to results/demo/report.html
# make env    only set up, in .venv
# make test   set up and run the tests
# make lint   set up and run the linters and type checks
# make bench  measurements against other tools (none of them is a test)
PYTHON ?= python3.11
VENV := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: demo env test lint bench

demo: $(VENV)/run.stamp
	snakemake --cores all --configfile config/demo.yaml
	@echo "The report is results/demo/report.html"

env: $(VENV)/run.stamp

test: $(VENV)/tools.stamp
	pytest

lint: $(VENV)/tools.stamp
	ruff check .
	ruff format --check .
	mypy
	snakefmt --check Snakefile rules
	snakemake --lint

# recipe.py measures no other tool, and needs the demo's results.
bench: $(VENV)/run.stamp
	for script in $(filter-out benchmarks/recipe.py,$(wildcard benchmarks/*.py)); do python $$script || exit 1; done

# The stamps are older than the requirements when these have changed.
$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: envs/requirements.txt | $(VENV)/bin/pip
	pip install --quiet --disable-pip-version-check -r envs/requirements.txt
	touch $@

$(VENV)/tools.stamp: envs/tools.txt $(VENV)/run.stamp
	pip install --quiet --disable-pip-version-check -r envs/tools.txt
	touch $@
