"""Write what is made from schemas: config/README.md, the table of all configuration keys, and
docs/stats.schema.json, the JSON schema of stats.json."""

from failpairs.statistics.comparison import Statistics
from failpairs.storage.files import atomic_write, write_json
from failpairs.workflow import cli
from failpairs.workflow.config import SCHEMA_PATH, parameter_table

STATS_SCHEMA_PATH = SCHEMA_PATH.parents[1] / "docs" / "stats.schema.json"
INTRODUCTION = """# Configuration

`config.yaml` is the reference experiment, `demo.yaml` the embedded default, `test.yaml` what the
tests run. A file given with `--configfile` needs only the keys that differ from `config.yaml`.

This page is made from `config.schema.yaml` by `python scripts/document_config.py`.

"""


def main() -> None:
    with atomic_write(SCHEMA_PATH.with_name("README.md")) as file:
        file.write(INTRODUCTION + parameter_table())
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    write_json(STATS_SCHEMA_PATH, schema | Statistics.model_json_schema())


if __name__ == "__main__":
    cli.run(main)
