"""Run samples in a sandbox and label how each one ended."""

import argparse
import logging
import os
import platform
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel
from failpairs.execution.executor import Limits
from failpairs.execution.label_samples import count_samples, execute_samples
from failpairs.execution.packages import find_packages
from failpairs.execution.sandbox.self_test import choose_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.labels import INFRA_ERROR
from failpairs.problems.jsonl import read_problems
from failpairs.progress import Progress
from failpairs.provenance.protocol import LabelsMeta, write_meta
from failpairs.storage.files import sha256_file, sha256_json
from failpairs.storage.resumable import write_resumable
from failpairs.storage.sample_files import iterate_samples
from failpairs.workflow.digests import code_digest
from failpairs.workflow.options import add_options, read_options

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]  # holds the package


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument("--samples", required=True, type=Path, metavar="FILE")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count(), metavar="N", help="processes at once"
    )
    add_options(parser, ExecutionSettings)
    args = parser.parse_args()

    settings = read_options(args, ExecutionSettings)
    packages = find_packages(settings.packages)
    problems = read_problems(args.problems)
    total = count_samples(iterate_samples(args.samples), problems)
    limits = Limits(settings.timeout, settings.memory_mb, settings.output_kb, packages.files)
    tier, reasons = choose_tier(unsafe=settings.unsafe_no_sandbox)
    if reasons:
        log.info("sandbox: using tier %s, since %s", tier, "; ".join(reasons))
    meta = LabelsMeta(
        samples_sha256=sha256_file(args.samples),
        validator={
            "code": code_digest(Path(__file__).resolve(), ROOT),
            "python": platform.python_version(),
            "sandbox": tier,
            **settings.model_dump(),
            "packages": packages.versions,
        },
    )

    def verdicts_after(done: int) -> Iterator[ExecLabel]:
        rest = islice(iterate_samples(args.samples), done, None)
        verdicts = execute_samples(problems, rest, limits, tier, settings.runs, args.workers)
        progress = Progress("executed samples", total, before=done)
        broken = 0
        for number, verdict in enumerate(verdicts, start=done + 1):
            broken += verdict.label == INFRA_ERROR
            progress.update(number)
            yield verdict
        if broken > settings.max_infra_errors * total:
            raise InputError(
                f"{broken} of {total} samples could not be executed (INFRA_ERROR), more than "
                f"execution.max_infra_errors {settings.max_infra_errors} allows"
            )

    write_resumable(
        args.output,
        ExecLabel,
        sha256_json([meta.model_dump(), sha256_file(args.problems)]),
        verdicts_after,
        is_final=lambda verdict: verdict.label != INFRA_ERROR,
    )
    write_meta(args.output, meta)
