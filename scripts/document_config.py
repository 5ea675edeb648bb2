"""Write config/README.md: the table of all configuration keys, made from the schema."""

from failpairs import program
from failpairs.config import SCHEMA_PATH, parameter_table
from failpairs.files import atomic_write

INTRODUCTION = """# Configuration

`config.yaml` is the reference experiment, `demo.yaml` the embedded default, `test.yaml` what the
tests run. A file given with `--configfile` needs only the keys that differ from `config.yaml`.

This page is made from `config.schema.yaml` by `python scripts/document_config.py`.

"""


def main() -> None:
    with atomic_write(SCHEMA_PATH.with_name("README.md")) as file:
        file.write(INTRODUCTION + parameter_table())


if __name__ == "__main__":
    program.run(main)
