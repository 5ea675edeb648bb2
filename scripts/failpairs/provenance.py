"""What a result was made with."""

import platform
from importlib.metadata import version

import failpairs

PACKAGES = ("torch", "transformers", "trl", "peft", "datasets", "snakemake", "scipy", "statsmodels")


def versions() -> dict[str, str]:
    """Versions of Python, of failpairs and of the packages that results depend on."""
    found = {"python": platform.python_version(), "failpairs": failpairs.__version__}
    return found | {name: version(name) for name in PACKAGES}
