"""Write what is made from the code: config/README.md (the table of all configuration keys),
config/config.schema.json (for editors), docs/stats.schema.json (of stats.json) and the table of
labels in docs/file-formats.md and of control arms in README.md."""

from pathlib import Path

import yaml
from failpairs.statistics.comparison import Statistics
from failpairs.storage.files import atomic_write, write_json
from failpairs.workflow import cli
from failpairs.workflow.config import config_schema
from failpairs.workflow.documentation import arm_table, label_table, parameter_table, with_table

PROJECT = Path(__file__).resolve().parents[1]
INTRODUCTION = """# Configuration

`config.yaml` is the reference experiment, `demo.yaml` the embedded default, `study.yaml` the study
of docs/study.md, `test.yaml` what the tests run. A file given with `--configfile` needs only the
keys that differ from `config.yaml`: whatever it leaves out is as in the reference experiment.

This page and `config.schema.json` (for editors) are made by `python scripts/document_config.py`
from the classes of the sections in `scripts/failpairs/`.

"""


def main() -> None:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    write_json(PROJECT / "config" / "config.schema.json", config_schema())
    write_json(PROJECT / "docs" / "stats.schema.json", schema | Statistics.model_json_schema())
    reference = yaml.safe_load((PROJECT / "config" / "config.yaml").read_text(encoding="utf-8"))
    write_text(PROJECT / "config" / "README.md", INTRODUCTION + parameter_table(reference))
    for page, name, made in (
        (PROJECT / "README.md", "arms", arm_table()),
        (PROJECT / "docs" / "file-formats.md", "labels", label_table()),
    ):
        write_text(page, with_table(page.read_text(encoding="utf-8"), name, made))


def write_text(path: Path, text: str) -> None:
    with atomic_write(path) as file:
        file.write(text)


if __name__ == "__main__":
    cli.run(main)
