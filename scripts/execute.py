"""Run samples in a sandbox and label how each one ended."""

import argparse
import os
import platform
from pathlib import Path

from failpairs import program
from failpairs.canaries import find_tier
from failpairs.config import add_options, section_values
from failpairs.digest import code_digest
from failpairs.execution import Limits, execute_samples
from failpairs.files import sha256_file, write_json, write_jsonl
from failpairs.harness import NO_SANDBOX
from failpairs.problems import read_problems
from failpairs.protocol import meta_path
from failpairs.sample_files import read_samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument("--samples", required=True, type=Path, metavar="FILE")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count(), metavar="N", help="processes at once"
    )
    add_options(parser, "execution")
    args = parser.parse_args()

    settings = section_values(args, "execution")
    problems, samples = read_problems(args.problems), read_samples(args.samples)
    limits = Limits(settings["timeout"], settings["memory_mb"], settings["output_kb"])
    tier = NO_SANDBOX if settings["unsafe_no_sandbox"] else find_tier()
    verdicts = execute_samples(
        problems,
        samples,
        limits,
        tier,
        settings["runs"],
        args.workers,
        settings["max_infra_errors"],
    )
    write_jsonl(args.output, verdicts)
    write_json(
        meta_path(args.output),
        {
            "samples_sha256": sha256_file(args.samples),
            "validator": {
                "code": code_digest(Path(__file__).resolve()),
                "python": platform.python_version(),
                "sandbox": tier,
                **settings,
            },
        },
    )


if __name__ == "__main__":
    program.run(main)
