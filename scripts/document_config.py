"""Write what is made from the code: config/README.md, the table of all configuration keys;
docs/stats.schema.json, the JSON schema of stats.json; the table of labels in docs/file-formats.md.
"""

import re

from failpairs.labels import Label
from failpairs.markdown import table
from failpairs.statistics.comparison import Statistics
from failpairs.storage.files import atomic_write, write_json
from failpairs.workflow import cli
from failpairs.workflow.config import SCHEMA_PATH, parameter_table

DOCS = SCHEMA_PATH.parents[1] / "docs"
STATS_SCHEMA_PATH = DOCS / "stats.schema.json"
FILE_FORMATS_PATH = DOCS / "file-formats.md"
LABEL_TABLE = re.compile(
    r"(?<=<!-- Labels, made by `python scripts/document_config.py`: -->\n).*(?=<!-- end -->\n)",
    re.DOTALL,
)
INTRODUCTION = """# Configuration

`config.yaml` is the reference experiment, `demo.yaml` the embedded default, `test.yaml` what the
tests run. A file given with `--configfile` needs only the keys that differ from `config.yaml`.

This page is made from `config.schema.yaml` by `python scripts/document_config.py`.

"""


def with_label_table(page: str) -> str:
    """The page with the table of `labels.py` between its two markers."""
    head = "label", "kind", "when (“it” is the program)", "exception, subclasses included"
    rows = []
    for label in Label:
        exception = f"`{label.exception.__name__}`" if label.exception else ""
        rows.append((f"`{label}`", label.kind, label.meaning, exception))
    return LABEL_TABLE.sub("".join(f"{line}\n" for line in table(head, rows)), page)


def main() -> None:
    with atomic_write(SCHEMA_PATH.with_name("README.md")) as file:
        file.write(INTRODUCTION + parameter_table())
    page = with_label_table(FILE_FORMATS_PATH.read_text(encoding="utf-8"))
    with atomic_write(FILE_FORMATS_PATH) as file:
        file.write(page)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    write_json(STATS_SCHEMA_PATH, schema | Statistics.model_json_schema())


if __name__ == "__main__":
    cli.run(main)
