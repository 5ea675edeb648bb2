"""Finds the installed packages that programs may import, and which of their files they need."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import (
    Distribution,
    PackageNotFoundError,
    PackagePath,
    distribution,
    packages_distributions,
)
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from failpairs.errors import InputError
from failpairs.execution.sandbox.namespaces import Packages

METADATA = (".dist-info", ".egg-info")


@dataclass(frozen=True)
class FoundPackages:
    """Installed packages with all that they require.

    Attributes:
        versions: the version of each package.
        files: for each folder of packages, what belongs to them alone, relative to the folder.
    """

    versions: dict[str, str]
    files: Packages


def find_packages(names: Iterable[str]) -> FoundPackages:
    """The installed packages of these names, and those that they require, however indirectly.

    Args:
        names: what pip or an import statement calls them.

    Raises:
        InputError: a package is not installed, or it does not say which files it consists of.
    """
    found: dict[tuple[str, ...], Distribution] = {}
    waiting = [Requirement(name) for given in names for name in _names_for_pip(given)]
    while waiting:
        wanted = waiting.pop()
        key = (canonicalize_name(wanted.name), *sorted(wanted.extras))
        if key not in found:
            found[key] = _installed(wanted.name)
            waiting += _required_by(found[key], wanted.extras)
    packages = sorted(found.values(), key=lambda package: package.name)
    files: Packages = {}
    for package in packages:
        folder = Path(str(package.locate_file(""))).resolve()
        own = {*files.get(str(folder), []), *_own_files(package, folder)}
        files[str(folder)] = sorted(own)
    return FoundPackages({package.name: package.version for package in packages}, files)


def _names_for_pip(name: str) -> list[str]:
    """The names under which pip installs what an import or pip itself calls so."""
    try:
        return [distribution(name).name]
    except PackageNotFoundError:
        names = packages_distributions().get(name)
        if not names:
            raise _fault(name, "is not installed") from None
        return names


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise _fault(name, "is not installed") from None


def _fault(name: str, what: str) -> InputError:
    remedy = f"install it with: {sys.executable} -m pip install {name}"
    return InputError(f"--packages (execution.packages): {name!r} {what}; {remedy}")


def _required_by(package: Distribution, extras: Iterable[str]) -> Iterator[Requirement]:
    for requirement in map(Requirement, package.requires or ()):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def _own_files(package: Distribution, folder: Path) -> Iterator[str]:
    if package.files is None:
        raise _fault(package.name, "was installed without a list of its files")
    inside = [file for file in package.files if ".." not in file.parts and not file.is_absolute()]
    return (name for name in entries(inside) if (folder / name).exists())


def entries(files: Iterable[PackagePath]) -> set[str]:
    """The fewest paths that hold some installed files but nothing of another distribution: folders
    of packages and of metadata, and single files, since distributions share other folders.

    Example:
        >>> names = ["yaml/__init__.py", "yaml/data/x", "yaml-6.dist-info/RECORD", "shared/a.so"]
        >>> sorted(entries(map(PackagePath, names)))
        ['shared/a.so', 'yaml', 'yaml-6.dist-info']
    """
    files = list(files)
    packages = {file.parent for file in files if file.name == "__init__.py"}

    def entry(file: PackagePath) -> str:
        outermost_first = [*reversed(file.parents)][1:]
        whole = (f for f in outermost_first if f in packages or f.suffix in METADATA)
        return str(next(whole, file))

    return set(map(entry, files))
