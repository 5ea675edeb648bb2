"""Put the shards of a sampling run together, in the order of the problems."""

import argparse
from pathlib import Path

from failpairs.problems.jsonl import read_problems
from failpairs.provenance.protocol import merge_metas, read_samples_meta, write_meta
from failpairs.sampling.merge_shards import merge_shards
from failpairs.storage.files import atomic_write


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "shards", nargs="+", type=Path, metavar="SHARD", help="samples of a part of the problems"
    )
    args = parser.parse_args()

    task_ids = [problem.task_id for problem in read_problems(args.problems)]
    metas = [(str(shard), read_samples_meta(shard)) for shard in args.shards]
    write_meta(args.output, merge_metas(metas))
    with atomic_write(args.output) as file:
        file.writelines(merge_shards(args.shards, task_ids))
