"""Upload pairs and adapters to the Hugging Face Hub."""

import argparse
from pathlib import Path

from failpairs.errors import InputError
from failpairs.exchange.export_hub import repositories, upload
from failpairs.workflow.config import Hub
from failpairs.workflow.options import add_options, read_options


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data-set", required=True, type=Path, metavar="DIR", help="folder of the pairs"
    )
    parser.add_argument(
        "--adapter-dirs", nargs="*", default=[], type=Path, metavar="DIR", help="those of adapters"
    )
    add_options(parser, Hub)
    args = parser.parse_args()

    hub = read_options(args, Hub)
    found = repositories(hub.pairs, hub.adapters, hub.license, args.data_set, args.adapter_dirs)
    from huggingface_hub import HfApi, get_token

    if get_token() is None:
        raise InputError(
            "no token of the Hub: set HF_TOKEN to one that may write "
            "(https://huggingface.co/settings/tokens)"
        )
    for url in upload(found, HfApi()):
        print(url)
