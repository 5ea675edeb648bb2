"""Judge a change of pass@1 from results files or counts alone, without running anything."""

import argparse
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from failpairs.errors import InputError
from failpairs.exchange.results import Passed, read_results
from failpairs.labels import PASS
from failpairs.provenance.protocol import SAME_EVALUATION, first_difference
from failpairs.statistics.effects import Criteria, Effect, measure
from failpairs.statistics.label_counts import FINEST, common_number
from failpairs.statistics.number_format import p_is, percent
from failpairs.statistics.paired_tests import mcnemar_p
from failpairs.statistics.published_counts import (
    Published,
    replication_card,
    verdicts_on_counts,
)
from failpairs.statistics.settings import StatisticsSettings
from failpairs.storage.file_names import names_of
from failpairs.storage.files import read_values
from failpairs.workflow.options import add_options, read_options

COUNTS = re.compile(r"\d+/\d+")
MOST_PROBLEMS = 1_000_000  # counts of more take minutes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "base",
        metavar="BASE",
        help="results file of the base model, or its passes as 132/164; of EvalPlus's results, "
        "what passes the additional tests too",
    )
    parser.add_argument(
        "tuned", nargs="+", metavar="TUNED", help="the same of tuned models, such as several seeds"
    )
    add_options(parser, StatisticsSettings, only=("confidence", "equivalence_margin"))
    args = parser.parse_args()

    settings = read_options(args, StatisticsSettings)
    criteria = Criteria(
        confidence=settings.confidence, equivalence_margin=settings.equivalence_margin
    )
    given = [args.base, *args.tuned]
    counts = [text for text in given if COUNTS.fullmatch(text)]
    if len(counts) == len(given):
        published = published_of(given)
        print("\n".join(verdicts_on_counts(published, criteria)), end="\n\n")
        print(replication_card(published, criteria.alpha), end="")
        return
    if counts:
        raise InputError(f"{counts[0]}: expected either counts or results files, and not both")
    for text in given:
        if text.isdigit() and not Path(text).exists():
            raise InputError(
                f"{text}: expected a results file, or passes and problems as {text}/164"
            )
    paths = [Path(text) for text in given]
    base, *tuned = map(read_results, paths)
    by_name = dict(zip(names_of(paths)[1:], tuned, strict=True))
    print("\n".join([*verdict_lines(base, by_name, criteria), *difference_lines(paths)]))


def difference_lines(paths: Sequence[Path]) -> list[str]:
    """A line that names the first difference in how two evaluations of ours were made; none where
    there is none, or where another file is among them, which does not say how it was made."""
    base, *others = map(made_with, paths)
    if not all([base, *others]):
        return []
    for path, made in zip(paths[1:], others, strict=True):
        difference = first_difference(base, made)
        if difference:
            return [f"{paths[0]} and {path} were not made alike: {difference}."]
    return []


def made_with(path: Path) -> dict[str, Any]:
    """What a report compares of how an evaluation of ours was made; of another file nothing."""
    _, row = next(read_values(path, nan=True))
    if not isinstance(row, dict) or "validator" not in row:
        return {}
    protocol = row.get("protocol")
    if not isinstance(protocol, dict):
        return {}
    made = {key: protocol.get(key) for key in SAME_EVALUATION}
    return {**made, "validator": row["validator"]}


def published_of(counts: Sequence[str]) -> Published:
    """Counts such as 132/164, the base model's first.

    Raises:
        InputError: they are not of the same number of problems, of too many of these, or there are
            more passes than problems.
    """
    passes, totals = zip(*(map(int, text.split("/")) for text in counts), strict=True)
    if len({*totals}) > 1 or not totals[0]:
        raise InputError(
            f"{', '.join(counts)}: expected passes of one and the same number of problems"
        )
    for text, count in zip(counts, passes, strict=True):
        if count > totals[0]:
            raise InputError(f"{text}: more passes than problems")
    if totals[0] > MOST_PROBLEMS:
        raise InputError(f"{counts[0]}: expected at most {MOST_PROBLEMS:,} problems")
    return Published(
        n_problems=totals[0], base_passes=passes[0], seed_passes=[*passes[1:]], modes={}
    )


def verdict_lines(base: Passed, tuned: Mapping[str, Passed], criteria: Criteria) -> list[str]:
    """The verdict on pass@1 over the problems that all have, and a line for each tuned model.

    Raises:
        InputError: they have no problem in common.
    """
    all_models = [base, *tuned.values()]
    shared = [task for task in base if all(task in model for model in all_models)]
    if not shared:
        raise InputError("the results files have no problem in common")
    everything = {task for model in all_models for task in model}
    effect = change_of_pass_at_1(base, [*tuned.values()], shared, criteria)
    lines = [effect.sentence]
    if len(everything) > len(shared):
        lines.append(f"{len(everything) - len(shared)} of {len(everything)} problems are left out.")
    if math.lcm(*numbers_of_samples(all_models, shared)) > FINEST:
        lines.append(
            f"Shares of passes are rounded to the nearest 1/{FINEST:,}: the numbers of samples "
            f"have no common multiple up to {FINEST:,}."
        )
    for name, model in tuned.items():
        fixed = sum(model[task][0] and not base[task][0] for task in shared)
        broken = sum(base[task][0] and not model[task][0] for task in shared)
        rates = [np.mean([np.mean(each[task]) for task in shared]) for each in (base, model)]
        lines.append(
            f"{name}: pass@1 {percent(float(rates[0]))} to {percent(float(rates[1]))} of "
            f"{len(shared)} problems; by first samples {fixed} fixed, {broken} broken, McNemar "
            f"{p_is(mcnemar_p(fixed, broken))}"
        )
    return lines


def change_of_pass_at_1(
    base: Passed, tuned: Sequence[Passed], tasks: Sequence[str], criteria: Criteria
) -> Effect:
    """The change of pass@1 over some problems, each of which counts by the share of its passes."""
    unit = common_number(numbers_of_samples([base, *tuned], tasks))
    before, after = (
        np.array([[round(unit * sum(m[t]) / len(m[t])) for t in tasks] for m in models])
        for models in ([base], tuned)
    )
    return measure(PASS, "primary", before, after, unit, criteria)


def numbers_of_samples(models: Sequence[Passed], tasks: Sequence[str]) -> list[int]:
    """How many samples there are of each problem of each model, each number once.

    >>> numbers_of_samples([{"a": [True] * 4}, {"a": [True] * 6}], ["a"])
    [4, 6]
    """
    return sorted({len(model[task]) for model in models for task in tasks})
