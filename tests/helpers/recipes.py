"""The recipes of the README, and what they name."""

import re
import shutil

from conftest import Project
from places import ROOT

BLOCK = re.compile(r"^```yaml\n# (\S+\.yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def recipes() -> dict[str, str]:
    """The configurations in the README, by the names that stand in their first lines."""
    return dict(BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8")))


def with_recipe(project: Project, *names: str) -> tuple[str, ...]:
    """The command for recipes together, with the small sizes of the test run: the micro model as
    the user's own, and its evaluation problems."""
    for name in names:
        (project.folder / name).write_text(recipes()[name], encoding="utf-8")
    models = project.folder / "models"
    if not models.exists():
        models.mkdir()
        (models / "my-model").symlink_to(project.folder / "resources/micro-model")
        shutil.copy(project.folder / "resources/micro-eval.jsonl", project.folder / "my-eval.jsonl")
    return ("snakemake", "--configfile", "config/test.yaml", *names, "--cores", "2")
