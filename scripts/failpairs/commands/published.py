"""Print what published counts alone can and cannot support."""

import argparse
from pathlib import Path

from failpairs.statistics.published_counts import Published, replication_card
from failpairs.storage.files import parse_row, read_yaml


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
    return parse_row(Published, read_yaml(path), str(path))
