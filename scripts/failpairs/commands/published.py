"""Print what published counts alone can and cannot support."""

import argparse
from pathlib import Path

import yaml

from failpairs.errors import InputError
from failpairs.statistics.published_counts import Published, replication_card
from failpairs.storage.files import parse_row, reading


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help="as docs/published.yaml")
    args = parser.parse_args()
    print(replication_card(read_published(args.file)), end="")


def read_published(path: Path) -> Published:
    """The counts in a YAML file.

    Raises:
        InputError: it is missing or malformed.
    """
    try:
        with reading(path):
            value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not valid YAML: {error}") from None
    return parse_row(Published, value, str(path))
