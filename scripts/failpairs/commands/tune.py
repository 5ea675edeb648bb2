"""Choose a recipe: compare candidates on held-out pairs and on samples of held-out problems."""

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel
from failpairs.labels import PASS
from failpairs.records import Pair
from failpairs.storage.files import read_jsonl, read_objects, write_json
from failpairs.training.tuning import RULE, Tuning, candidate, choose


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--candidates",
        required=True,
        type=json.loads,
        metavar="JSON",
        help="a list with an object for each candidate: its values of keys of `training`",
    )
    parser.add_argument(
        "--curves",
        required=True,
        nargs="+",
        type=Path,
        metavar="FILE",
        help="train_log.jsonl of each candidate, in their order",
    )
    parser.add_argument(
        "--labels",
        nargs="*",
        default=[],
        type=Path,
        metavar="FILE",
        help="labels of samples of the held-out problems: the base model's, then each candidate's",
    )
    parser.add_argument("--held-out", required=True, type=Path, metavar="FILE", help="pairs")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE", help="tuning.json")
    args = parser.parse_args()

    if len(args.curves) != len(args.candidates):
        raise InputError(f"{len(args.candidates)} candidates, but {len(args.curves)} curves")
    if args.labels and len(args.labels) != 1 + len(args.curves):
        raise InputError(
            f"--labels: expected {1 + len(args.curves)} files, of the base model and of each "
            f"candidate, not {len(args.labels)}"
        )
    n_samples, rates = pass_rates(args.labels)
    base, tuned = (rates[0], rates[1:]) if rates else ({}, [{} for _ in args.curves])
    found = [
        candidate(values, [row for _, row in read_objects(curve)], base, after)
        for values, curve, after in zip(args.candidates, args.curves, tuned, strict=True)
    ]
    chosen = choose(found)
    tuning = Tuning(
        rule=RULE,
        n_pairs=sum(1 for _ in read_jsonl(args.held_out, Pair)),
        n_problems=len(base),
        n_samples=n_samples,
        base_pass_rate=sum(base.values()) / len(base) if base else None,
        candidates=found,
        chosen=chosen,
    )
    write_json(args.output, tuning.model_dump())
    print(
        f"of {len(found)} recipes this one was chosen on held-out "
        f"{'training problems' if base else 'pairs'}: "
        + ", ".join(f"{key} {value}" for key, value in tuning.recipe.items())
    )


def pass_rates(files: Sequence[Path]) -> tuple[int, list[dict[str, float]]]:
    """The number of samples of a problem, and for each file the share that passed, by problem.

    Raises:
        InputError: the files are of different samples.
    """
    sizes = set()
    rates = []
    for path in files:
        passed: dict[str, list[bool]] = defaultdict(list)
        for label in read_jsonl(path, ExecLabel):
            passed[label.task_id].append(label.label == PASS)
        sizes.add(tuple((task_id, len(of_task)) for task_id, of_task in passed.items()))
        rates.append({task_id: sum(each) / len(each) for task_id, each in passed.items()})
    if len(sizes) > 1:
        raise InputError(f"{', '.join(map(str, files))}: labels of different samples")
    return max((count for size in sizes for _, count in size), default=0), rates
