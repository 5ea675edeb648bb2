"""Write what is made from the classes: config/README.md (the table of all configuration keys),
config/config.schema.json (for editors) and docs/stats.schema.json (of stats.json)."""

from pathlib import Path

from failpairs.statistics.comparison import Statistics
from failpairs.storage.files import atomic_write, write_json
from failpairs.workflow import cli
from failpairs.workflow.config import config_schema
from failpairs.workflow.config_table import parameter_table

PROJECT = Path(__file__).resolve().parents[1]
INTRODUCTION = """# Configuration

`config.yaml` is the reference experiment, `demo.yaml` the embedded default, `test.yaml` what the
tests run. A file given with `--configfile` needs only the keys that differ from `config.yaml`.

This page and `config.schema.json` (for editors) are made by `python scripts/document_config.py`
from the classes of the sections in `scripts/failpairs/`.

"""


def main() -> None:
    with atomic_write(PROJECT / "config" / "README.md") as file:
        file.write(INTRODUCTION + parameter_table())
    write_json(PROJECT / "config" / "config.schema.json", config_schema())
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    write_json(PROJECT / "docs" / "stats.schema.json", schema | Statistics.model_json_schema())


if __name__ == "__main__":
    cli.run(main)
