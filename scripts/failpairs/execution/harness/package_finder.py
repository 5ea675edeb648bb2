"""Imports installed packages from folders that cannot be listed, of which only they can be seen."""

import os
import re
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, all_suffixes
from importlib.util import spec_from_file_location
from typing import Any

from failpairs.execution.sandbox.namespaces import Packages


def module_files(packages: Packages) -> dict[str, str]:
    """The file of each module that can be imported, that of a package being its `__init__.py`."""
    found = {}
    for folder, names in packages.items():
        for name in names:
            suffix = next(filter(name.endswith, all_suffixes()), "")
            parts = name.removesuffix(suffix).split("/")
            path = f"{folder}/{name}" if suffix else f"{folder}/{name}/__init__.py"
            if all(map(str.isidentifier, parts)) and os.path.isfile(path):
                found[".".join(parts)] = path
    return found


class PackageFinder:
    """A finder for `sys.meta_path`, which knows some packages and looks for no others.

    Python's own lists the folders in `sys.path`. Landlock shows single entries of a folder, but
    cannot let a process list the folder without showing all that is in it.
    """

    def __init__(self, packages: Packages) -> None:
        self._files = module_files(packages)
        paths = [f"{folder}/{name}" for folder, names in packages.items() for name in names]
        self._metadata = [path for path in paths if path.endswith(".dist-info")]

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: Any = None
    ) -> ModuleSpec | None:
        if name in self._files:
            return spec_from_file_location(name, self._files[name])
        if any(module.startswith(f"{name}.") for module in self._files):
            return ModuleSpec(name, None, is_package=True)  # a namespace of several packages
        return None

    def find_distributions(self, context: Any) -> Iterator[Any]:
        """What `importlib.metadata` asks for."""
        from importlib.metadata import PathDistribution
        from pathlib import Path

        for path in self._metadata:
            package = PathDistribution(Path(path))
            if context.name is None or _normal(context.name) == _normal(package.name):
                yield package


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
