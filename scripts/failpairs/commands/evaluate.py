"""Put one model's labels on the evaluation problems together: counts by label and pass@k."""

import argparse
from pathlib import Path

from failpairs.exchange.samples import iterate_samples
from failpairs.exec_labels import ExecLabel
from failpairs.problems.jsonl import read_problems
from failpairs.provenance.protocol import read_labels_meta, read_samples_meta
from failpairs.provenance.versions import git_revision, versions
from failpairs.statistics.evaluation import evaluate
from failpairs.storage.files import read_jsonl, sha256_file, write_json


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument("--samples", required=True, type=Path, metavar="FILE")
    parser.add_argument("--labels", required=True, type=Path, metavar="FILE")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE")
    args = parser.parse_args()

    files = {"problems": args.problems, "samples": args.samples, "labels": args.labels}
    samples_meta = read_samples_meta(args.samples)
    labels_meta = read_labels_meta(args.labels, args.samples)
    evaluation = evaluate(
        read_problems(args.problems),
        iterate_samples(args.samples),
        read_jsonl(args.labels, ExecLabel),
        samples_meta,
        labels_meta,
        {
            **versions(),
            "git_revision": git_revision(),
            "hardware": samples_meta.hardware,
            "executed_on": labels_meta.hardware,
            **{f"{name}_sha256": sha256_file(path) for name, path in files.items()},
        },
    )
    write_json(args.output, evaluation.model_dump())
