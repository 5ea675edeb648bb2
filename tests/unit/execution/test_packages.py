import sys
from pathlib import Path

import pytest
from builders import a_problem
from execution_builders import a_sample
from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.packages import find_packages
from failpairs.execution.sandbox.layers import NO_SANDBOX, TIERS
from failpairs.execution.settings import ExecutionSettings


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages, in which Python looks too."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    return tmp_path


def install(site: Path, name: str, *files: str, requires: tuple[str, ...] = ()) -> None:
    """Install a package with these files, as pip does."""
    metadata = f"{name.replace('-', '_')}-1.0.dist-info"
    record = [*files, f"{metadata}/METADATA", f"{metadata}/RECORD", "../../bin/tool"]
    for file in (*files, f"{metadata}/METADATA", f"{metadata}/RECORD"):
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text("TWO = 2\n", encoding="utf-8")
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    (site / metadata / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = "".join(f"{file},,\n" for file in record)
    (site / metadata / "RECORD").write_text(text, encoding="utf-8")


def test_a_package_is_its_own_files_and_those_of_what_it_requires(site: Path) -> None:
    install(site, "arrays", "arrays/__init__.py", "arrays/data/x.txt", "arrays.libs/blas.so")
    requires = ("arrays>=1", "other; extra == 'all'", "wintools; sys_platform == 'win32'")
    install(site, "frames", "frames.py", "__pycache__/frames.pyc", requires=requires)
    install(site, "other", "other/__init__.py")
    found = find_packages(["frames"])
    assert found.versions == {"arrays": "1.0", "frames": "1.0"}
    assert found.files == {
        str(site): [
            "__pycache__/frames.pyc",
            "arrays",
            "arrays-1.0.dist-info",
            "arrays.libs/blas.so",
            "frames-1.0.dist-info",
            "frames.py",
        ]
    }


def test_of_a_folder_that_distributions_share_each_has_its_part(site: Path) -> None:
    install(site, "cloud-disk", "cloud/disk/__init__.py", "cloud/disk/inner/__init__.py")
    install(site, "cloud-net", "cloud/net/__init__.py")
    found = find_packages(["cloud-disk"])
    assert found.files == {str(site): ["cloud/disk", "cloud_disk-1.0.dist-info"]}
    assert find_packages(["cloud"]).versions == {"cloud-disk": "1.0", "cloud-net": "1.0"}


def test_a_package_may_be_given_by_the_name_that_an_import_has_for_it(site: Path) -> None:
    install(site, "scikit-something", "sksome/__init__.py")
    assert find_packages(["sksome"]) == find_packages(["scikit-something"])
    assert find_packages(["Scikit_Something"]).versions == {"scikit-something": "1.0"}


def test_packages_that_require_one_another_are_there_once_and_their_extras_too(site: Path) -> None:
    install(site, "one", "one.py", requires=("two[more]",))
    install(site, "two", "two.py", requires=("one", "three; extra == 'more'"))
    install(site, "three", "three.py")
    assert list(find_packages(["two"]).versions) == ["one", "three", "two"]


def test_a_package_that_is_not_installed_is_named_with_the_remedy(site: Path) -> None:
    install(site, "frames", "frames.py", requires=("no-such-package",))
    with pytest.raises(InputError, match="'_none' is not installed"):
        find_packages(["_none"])
    for given in ("frames", "no-such-package"):
        with pytest.raises(InputError, match=r"'no-such-package' is not installed.*pip install no"):
            find_packages([given])


def test_a_package_without_a_list_of_its_files_is_refused(site: Path) -> None:
    install(site, "frames", "frames.py")
    (site / "frames-1.0.dist-info" / "RECORD").unlink()
    with pytest.raises(InputError, match="'frames' was installed without a list of its files"):
        find_packages(["frames"])


def test_no_package_is_none() -> None:
    found = find_packages([])
    assert (found.versions, found.files) == ({}, {})


def executed(tier: str, test: str, completion: str, memory_mb: int = 1024) -> ExecLabel:
    settings = ExecutionSettings(memory_mb=memory_mb, runs=1, packages=["numpy"])
    samples = [a_sample(f"def double(n):\n    {completion}\n")]
    (verdict,) = execute_samples([a_problem(test=test)], samples, settings, tier, 1)
    return verdict


WITH_NUMPY = (
    "import numpy\n\ndef check(candidate):\n    assert numpy.isclose(candidate(2), [4, 4]).all()\n"
)
WITHOUT = "def check(candidate):\n    assert candidate(2) == 4\n"


@pytest.mark.parametrize("tier", [*TIERS, NO_SANDBOX])
@pytest.mark.parametrize("test", [WITH_NUMPY, WITHOUT], ids=["imported by the test", "not so"])
def test_programs_compute_with_numpy_within_the_memory_of_the_default(tier: str, test: str) -> None:
    work = "import numpy as np; a = np.eye(500) * n; return float((a @ np.linalg.inv(a))[0, 0]) * 4"
    verdict = executed(tier, test, work)
    assert verdict.label == "PASS", verdict


@pytest.mark.parametrize("tier", [*TIERS, NO_SANDBOX])
def test_programs_see_no_other_package(tier: str) -> None:
    body = "import numpy, pydantic; return n * 2"
    assert executed(tier, WITHOUT, body).label == "IMPORT_ERROR"
    body = "from importlib.metadata import distributions as d; return [x.name for x in d()] * n"
    names = "def check(candidate):\n    assert candidate(1) == ['numpy']\n"
    assert executed(tier, names, body).label == "PASS"


def test_a_package_that_only_the_test_lacks_is_told_as_such() -> None:
    verdict = executed("full", f"import pandas\n{WITHOUT}", "return n * 2")
    assert (verdict.exception, verdict.raised_in) == ("ModuleNotFoundError", "test")
    verdict = executed("full", f"{WITHOUT}    import pandas\n", "return n * 2")
    assert (verdict.exception, verdict.raised_in) == ("ModuleNotFoundError", "test")
