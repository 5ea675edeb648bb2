"""Write what is made from the code: config/README.md (the table of all configuration keys),
config/config.schema.json (for editors), docs/stats.schema.json (of stats.json) and the table of
control arms in README.md."""

import re
from pathlib import Path

from failpairs.statistics.comparison import Statistics
from failpairs.storage.files import atomic_write, write_json
from failpairs.workflow import cli
from failpairs.workflow.config import config_schema
from failpairs.workflow.documentation import arm_table, parameter_table

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
    replace_table(PROJECT / "README.md", "arms", arm_table())


def replace_table(path: Path, name: str, table: str) -> None:
    """Put a table in the place of the one between its two marks in a Markdown file."""
    marked = re.compile(rf"(?<=<!-- table of {name} -->\n).*?(?=<!-- end of the table -->)", re.S)
    text = path.read_text(encoding="utf-8")
    assert marked.search(text), f"{path} has no place for the table of {name}"
    with atomic_write(path) as file:
        file.write(marked.sub(lambda _: table, text))


if __name__ == "__main__":
    cli.run(main)
