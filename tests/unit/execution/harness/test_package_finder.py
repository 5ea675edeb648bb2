import importlib
import importlib.metadata
import sys
from pathlib import Path

import pytest
from failpairs.execution.harness.package_finder import PackageFinder, module_files
from failpairs.execution.sandbox.namespaces import Packages

METADATA = "Metadata-Version: 2.1\nName: Frames.of_ours\nVersion: 1.0\n"
FILES = {
    "frames_of_ours/__init__.py": "from frames_of_ours.inner import TWO",
    "frames_of_ours/inner.py": "TWO = 2",
    "single_of_ours.py": "THREE = 3",
    "cloud_of_ours/disk/__init__.py": "FOUR = 4",
    "frames_of_ours-1.0.dist-info/METADATA": METADATA,
    "frames_of_ours.libs/blas.so": "",
    "__pycache__/single_of_ours.cpython-311.pyc": "",
    "LICENSE": "",
    "unnamed_of_ours.py": "",
}
NAMES = [
    "LICENSE",
    "__pycache__/single_of_ours.cpython-311.pyc",
    "cloud_of_ours/disk",
    "frames_of_ours",
    "frames_of_ours-1.0.dist-info",
    "frames_of_ours.libs/blas.so",
    "single_of_ours.py",
]


@pytest.fixture
def packages(tmp_path: Path) -> Packages:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {str(tmp_path): NAMES}


def test_what_can_be_imported_has_a_file(tmp_path: Path, packages: Packages) -> None:
    assert module_files(packages) == {
        "frames_of_ours": f"{tmp_path}/frames_of_ours/__init__.py",
        "single_of_ours": f"{tmp_path}/single_of_ours.py",
        "cloud_of_ours.disk": f"{tmp_path}/cloud_of_ours/disk/__init__.py",
    }


def test_only_what_is_named_can_be_imported(
    packages: Packages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, PackageFinder(packages)])
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    assert importlib.import_module("frames_of_ours").TWO == 2
    assert importlib.import_module("single_of_ours").THREE == 3
    assert importlib.import_module("cloud_of_ours.disk").FOUR == 4
    for name in ("unnamed_of_ours", "cloud_of_ours.net", "frames_of_ours.nothing"):
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(name)


def test_a_package_tells_its_version(packages: Packages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [PackageFinder(packages)])
    assert importlib.metadata.version("frames-of-ours") == "1.0"
    assert [found.name for found in importlib.metadata.distributions()] == ["Frames.of_ours"]
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.version("frames")
