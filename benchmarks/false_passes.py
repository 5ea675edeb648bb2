"""What generated inputs find: programs that pass three assertions and are wrong, among right ones.

Of each problem of HumanEval whose reference is not wrong by HumanEval+ the first three assertions
are kept. The right programs are completions that models wrote and that pass all of HumanEval+; the
wrong ones are mutants of the reference that pass the three assertions and fail HumanEval+. Both are
judged with generated inputs and without, in turn, by one worker; the cost is in CPU seconds, the
problems' trials included. The folder that FAILPAIRS_DATA names must hold the published completions
and the file of HumanEval+.

The last line printed is a JSON object with all figures.
"""

import argparse
import ast
import json
import os
import random
import resource
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.code.mutation import mutants
from failpairs.commands.try_problems import try_with_inputs
from failpairs.curation.eligible_samples import join_labels
from failpairs.exec_labels import ExecLabel
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.problem_trials import try_problems
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.labels import PASS, Label
from failpairs.problems.generated_inputs import with_inputs
from failpairs.problems.given_calls import whole_reference
from failpairs.problems.sources import load_problems
from failpairs.records import ForeignSample, Problem
from failpairs.storage.files import read_objects

HUMANEVALPLUS = "HumanEvalPlus-v0.1.10.jsonl.gz"
ASSERTIONS = 3
MOST_TRIED = 12  # mutants of each problem
SETTINGS = ExecutionSettings()


def with_few_assertions(problem: Problem) -> Problem | None:
    """A problem with the first assertions of its test alone; None where it has fewer."""
    tree = ast.parse(problem.test)
    check = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "check")
    kept = [n for n in check.body if isinstance(n, ast.Assert) and "candidate(" in ast.unparse(n)]
    if len(kept) <= ASSERTIONS:
        return None
    check.body = [*kept[:ASSERTIONS]]
    return problem.model_copy(update={"test": ast.unparse(tree) + "\n"})


def judge(
    problems: Sequence[Problem], programs: Sequence[tuple[str, str]], inputs: int, workers: int
) -> list[ExecLabel]:
    """The labels of programs, given as (task id, source)."""
    tier = find_tier()
    trials = {t.task_id: t for t in try_with_inputs(problems, SETTINGS, tier, workers, inputs)}
    ready = [with_inputs(p, trials[p.task_id].inputs) for p in problems]
    samples = _samples(programs)
    return [*execute_samples(ready, samples, SETTINGS, tier, workers, trials)]


def counted(programs: Sequence[tuple[str, str]], labels: Sequence[ExecLabel]) -> list[bool]:
    """Which of the programs, all of which pass few assertions, curation takes for doubtful."""
    samples = [
        each.model_copy(update={"sample_index": i}) for i, each in enumerate(_samples(programs))
    ]
    labelled = join_labels(samples, labels, {name for name, _ in programs})
    found = {each.sample_index: each.doubtful for one in labelled.values() for each in one}
    return [found[i] for i in range(len(programs))]


def _samples(programs: Sequence[tuple[str, str]]) -> list[ForeignSample]:
    return [
        ForeignSample(task_id=name, sample_index=i, completion=text, form="solution")
        for i, (name, text) in enumerate(programs)
    ]


def known_wrong_or_right(
    few: Sequence[Problem], plus: Sequence[Problem], programs: Sequence[tuple[str, str]]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Of programs that pass few assertions, those that are right and those that are wrong by all
    tests of HumanEval+."""
    labels = judge(few, programs, 0, 2)
    passing = [each for each, label in zip(programs, labels, strict=True) if label.label == PASS]
    tier = find_tier()
    trials = {trial.task_id: trial for trial in try_problems(plus, SETTINGS, tier, 2)}
    verdicts = [*execute_samples(plus, _samples(passing), SETTINGS, tier, 2, trials)]
    found: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    for each, verdict in zip(passing, verdicts, strict=True):
        if verdict.label != Label.TIMEOUT:  # which may be right, and slow
            found[verdict.label == PASS].append(each)
    return found[True], found[False]


def evenly(programs: Sequence[tuple[str, str]], count: int, seed: int) -> list[tuple[str, str]]:
    """So many programs, as few as can be of one problem."""
    by_problem = defaultdict(list)
    for name, text in programs:
        by_problem[name].append((name, text))
    draw = random.Random(seed)
    for each in by_problem.values():
        draw.shuffle(each)
    rounds = zip_longest(*by_problem.values())
    return [each for each in chain.from_iterable(rounds) if each][:count]


def some_mutants(source: str, seed: int) -> list[str]:
    """As many as are tried of a program."""
    found = [mutant.source for mutant in mutants(source)]
    return random.Random(seed).sample(found, min(MOST_TRIED, len(found)))


def cpu_seconds() -> float:
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--right", type=int, default=900, metavar="N")
    parser.add_argument("--wrong", type=int, default=100, metavar="N")
    parser.add_argument("--inputs", type=int, default=200, metavar="N")
    parser.add_argument("--rounds", type=int, default=2, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    args = parser.parse_args()

    folder = Path(os.environ.get("FAILPAIRS_DATA", ""))
    published, data = folder / "published_samples.jsonl.gz", folder / HUMANEVALPLUS
    if not (published.exists() and data.exists()):
        print(f"not measured: {published} and {data} are needed")
        return
    plus = load_problems(f"humanevalplus:{data}", "eval")
    few = [each for each in map(with_few_assertions, load_problems("humaneval", "eval")) if each]
    names = {problem.task_id for problem in few}
    plus = [problem for problem in plus if problem.task_id in names]
    references = [(problem.task_id, whole_reference(problem)) for problem in few]
    names -= {name for name, _ in known_wrong_or_right(few, plus, references)[1]}
    few, plus = ([p for p in problems if p.task_id in names] for problems in (few, plus))
    written: dict[str, dict[str, None]] = defaultdict(dict)
    prompts = {problem.task_id: problem.prompt for problem in few}
    for _, row in read_objects(published):
        if (name := row["task_id"]) in names and row["passed"]:
            text = row.get("solution") or prompts[name] + row["completion"]
            written[name][text] = None
    completions = evenly(
        [(n, t) for n in sorted(written) for t in written[n]], 5 * args.right // 4, args.seed
    )
    mutated = [
        (problem.task_id, problem.setup + text)
        for problem in few
        for text in some_mutants(problem.reference, args.seed)
    ]
    right, wrong_by_models = known_wrong_or_right(few, plus, completions)
    equivalent, wrong = known_wrong_or_right(few, plus, mutated)
    planted = [*evenly(right, args.right, args.seed), *evenly(wrong, args.wrong, args.seed)]
    n_right = len(planted) - min(args.wrong, len(wrong))
    costs: dict[int, list[float]] = {0: [], args.inputs: []}
    labels: list[ExecLabel] = []
    for _ in range(args.rounds):
        for inputs in costs:
            start = cpu_seconds()
            labels = judge(few, planted, inputs, 1)
            costs[inputs].append(cpu_seconds() - start)
    natural = judge(few, [*planted, *wrong_by_models], args.inputs, 2)
    doubtful = counted(planted, labels)
    natural_doubtful = counted([*planted, *wrong_by_models], natural)[len(planted) :]
    missed = [planted[i] for i, each in enumerate(doubtful) if i >= n_right and not each]
    dropped = [(planted[i], labels[i]) for i, each in enumerate(doubtful) if i < n_right and each]
    for (name, text), label in dropped:
        print(f"DROPPED {name} {label.label} {label.message}\n{text}\n")
    for name, text in missed:
        print(f"MISSED {name}\n{text}\n")
    figures: dict[str, Any] = {
        "problems": len(few),
        "right": n_right,
        "right ones dropped": len(dropped),
        "right ones that differ": sum(each.fragile for each in labels[:n_right]),
        "planted wrong": len(planted) - n_right,
        "problems of planted": len({name for name, _ in planted[n_right:]}),
        "planted found": len(planted) - n_right - len(missed),
        "by label": Counter(str(each.label) for each in labels[n_right:]),
        "wrong by models": len(natural_doubtful),
        "of these found": sum(natural_doubtful),
        "CPU s without": costs[0],
        "CPU s with": costs[args.inputs],
        "cost": round(statistics.median(costs[args.inputs]) / statistics.median(costs[0]), 2),
        "equivalent mutants": len(equivalent),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
