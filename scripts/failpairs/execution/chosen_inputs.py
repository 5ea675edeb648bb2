"""Has the judge of a problem choose among inputs, where no program is judged."""

from collections.abc import Iterator, Sequence

from failpairs.errors import InputError
from failpairs.execution.compiled_test import compile_check
from failpairs.execution.executor import Executor, Task
from failpairs.execution.settings import ExecutionSettings
from failpairs.execution.worker import encode_job
from failpairs.records import Problem

CPU_S = 0.5  # a limit as of programs; the judge, which does the work, has four times as much


def chosen_calls(
    problems: Sequence[Problem], settings: ExecutionSettings, tier: str, workers: int
) -> Iterator[list[tuple[int, str]]]:
    """The places of the calls that the test of each problem chooses, with the source of the answers
    of its reference; none where that takes too long.

    Args:
        problems: as `problems.generated_inputs.choosing` makes them.
        tier: the sandbox, one of `layers.TIERS` or `none`.
    """
    once = settings.model_copy(update={"runs": 1})
    with Executor.for_problems(problems, once, tier, workers) as executor:
        tasks = [_submit(executor, problem) for problem in problems]
        executor.finish()
    for task in tasks:
        endings = task.outcome.endings if task and task.outcome else ()
        reports = [ending.report for ending in endings if ending.report]
        yield [(place, answer) for report in reports for place, answer in report["chosen"]]


def _submit(executor: Executor, problem: Problem) -> Task | None:
    """Have its judge choose; nothing for a problem with a fault, which its trial will find."""
    try:
        return executor.submit(encode_job(problem.reference, compile_check(problem), CPU_S))
    except InputError:
        return None
