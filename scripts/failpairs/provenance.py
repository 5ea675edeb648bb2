"""What a result was made with."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import failpairs

PACKAGES = ("torch", "transformers", "trl", "peft", "datasets", "snakemake", "scipy", "statsmodels")
PROJECT = Path(__file__).resolve().parents[2]


def versions() -> dict[str, str]:
    """Versions of Python, of failpairs and of the packages that results depend on."""
    found = {"python": platform.python_version(), "failpairs": failpairs.__version__}
    return found | {name: version(name) for name in PACKAGES}


def hardware() -> str:
    """The machine that this runs on: architecture, processors, memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.machine()}, {os.cpu_count()} CPUs, {memory:.0f} GiB"


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
