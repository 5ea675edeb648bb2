"""Put the shards of a sampling run together, in the order of the problems."""

import argparse
from pathlib import Path

from failpairs.problems.jsonl import read_problems
from failpairs.provenance.protocol import merge_metas, read_samples_meta, write_meta
from failpairs.sampling.merge_shards import find_blocks, in_order, read_blocks
from failpairs.storage.files import atomic_write
from failpairs.storage.shards import shard_files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "shards",
        nargs="+",
        type=Path,
        metavar="SHARD",
        help="samples of a part; '*-of-N.jsonl' stands for all N shards",
    )
    args = parser.parse_args()

    shards = [file for path in args.shards for file in shard_files(path)]
    task_ids = [problem.task_id for problem in read_problems(args.problems)]
    blocks = in_order(find_blocks(shards), task_ids)
    metas = [(str(shard), read_samples_meta(shard)) for shard in shards]
    write_meta(args.output, merge_metas(metas))
    with atomic_write(args.output) as file:
        file.writelines(read_blocks(blocks))
