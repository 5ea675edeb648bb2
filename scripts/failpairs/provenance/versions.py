"""What a result was made with."""

import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import failpairs

PACKAGES = ("torch", "transformers", "trl", "peft", "datasets", "snakemake", "scipy", "statsmodels")
PROJECT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Fact:
    """What is so of some models (`base` and the names of seeds): of the version of a package, the
    hash of a file, the machine that did some work."""

    of: str
    value: str
    models: list[str]


def distinct_values(of: str, values: Mapping[str, str | None]) -> list[Fact]:
    """The different values of something, in the order in which they first occur.

    Args:
        values: by model, None where it is not known.
    """
    found: dict[str, list[str]] = {}
    for model, value in values.items():
        found.setdefault(value or "unknown", []).append(model)
    return [Fact(of, value, models) for value, models in found.items()]


def versions() -> dict[str, str]:
    """Versions of Python, of failpairs and of the packages that results depend on."""
    found = {"python": platform.python_version(), "failpairs": failpairs.__version__}
    return found | {name: version(name) for name in PACKAGES}


def git_revision() -> str | None:
    """The project's commit, with `+changes` where files differ from it; None outside a repository
    of its own, or without git."""
    try:
        top, commit, changes = (
            subprocess.run(
                ["git", *command], cwd=PROJECT, capture_output=True, text=True, check=True
            ).stdout.strip()
            for command in (
                ["rev-parse", "--show-toplevel"],
                ["rev-parse", "HEAD"],
                ["status", "--porcelain", "--untracked-files=no"],
            )
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    if Path(top) != PROJECT:
        return None
    return f"{commit}+changes" if changes else commit
