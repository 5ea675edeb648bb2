"""Of the inputs that are generated for a problem, those which tell most: chosen in the sandbox by
the mutants of the reference that they kill."""

import random
from collections.abc import Iterator, Sequence

from failpairs.code.mutation import mutants
from failpairs.execution.compiled_test import compile_check
from failpairs.execution.executor import Executor, Task
from failpairs.execution.settings import ExecutionSettings
from failpairs.execution.worker import encode_job
from failpairs.problems.generated_inputs import Call, generated_inputs, whole_reference
from failpairs.problems.literals import literal
from failpairs.records import Problem

KEPT = 4  # one of so many inputs
MOST_MUTANTS = 48
CHOICE_CPU_S = 0.5  # a limit as of programs; the judge, which does the work, has four times as much
BATCH = 64  # problems whose inputs are in memory at once


def choose_inputs(
    problems: Sequence[Problem], count: int, settings: ExecutionSettings, tier: str, workers: int
) -> Iterator[str]:
    """The inputs of each problem as Python source, of a list of calls; nothing where there are
    none, or where choosing them takes too long.

    Args:
        count: how many are generated for each, of which a quarter is chosen.
        tier: the sandbox, one of `sandbox.TIERS` or `none`.
    """
    once = settings.model_copy(update={"runs": 1})
    with Executor.for_problems(problems, once, tier, workers) as executor:
        for start in range(0, len(problems), BATCH):
            batch = problems[start : start + BATCH]
            calls = [generated_inputs(problem, count) for problem in batch]
            tasks = [
                _submit(executor, problem, some, -(-count // KEPT)) if some else None
                for problem, some in zip(batch, calls, strict=True)
            ]
            executor.finish()
            for some, task in zip(calls, tasks, strict=True):
                chosen = _chosen(task) if task else []
                yield literal([some[place] for place in chosen]) if chosen else ""


def _submit(executor: Executor, problem: Problem, calls: Sequence[Call], wanted: int) -> Task:
    """Have the judge of a problem choose, in place of a test."""
    reference = whole_reference(problem)
    found = [mutant.source for mutant in mutants(reference)]
    some = random.Random(problem.task_id).sample(found, min(MOST_MUTANTS, len(found)))
    arguments = (literal([*calls]), reference, some, problem.entry_point, wanted)
    choice = f"input_choice.chosen_inputs({', '.join(map(repr, arguments))})"
    test = f"def check(candidate):\n    __chosen__.extend({choice})\n"
    check = compile_check(problem.model_copy(update={"test": test}))
    return executor.submit(encode_job(problem.reference, check, CHOICE_CPU_S))


def _chosen(task: Task) -> list[int]:
    assert task.outcome is not None
    reports = [ending.report for ending in task.outcome.endings if ending.report]
    return [place for report in reports for place in report["chosen"]]
