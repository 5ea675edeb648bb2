"""Put the shards of a sampling run together, in the order of the problems."""

import argparse
from pathlib import Path

from failpairs import program
from failpairs.errors import InputError
from failpairs.files import read_jsonl, write_json, write_jsonl
from failpairs.problems import read_problems
from failpairs.protocol import merge_metas, meta_path, read_meta
from failpairs.records import Sample


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument("shards", nargs="+", type=Path, metavar="SHARD")
    args = parser.parse_args()

    position = {problem.task_id: i for i, problem in enumerate(read_problems(args.problems))}
    samples = [sample for shard in args.shards for sample in read_jsonl(shard, Sample)]
    unknown = next((s.task_id for s in samples if s.task_id not in position), None)
    if unknown is not None:
        raise InputError(
            f"{args.problems}: has no problem {unknown!r}, but a shard has samples of it"
        )
    samples.sort(key=lambda sample: (position[sample.task_id], sample.sample_index))
    metas = [(str(shard), read_meta(shard)) for shard in args.shards]
    write_json(meta_path(args.output), merge_metas(metas))
    write_jsonl(args.output, samples)


if __name__ == "__main__":
    program.run(main)
