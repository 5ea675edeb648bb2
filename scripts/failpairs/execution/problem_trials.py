"""Tries problems before they are trusted: runs each reference against its own tests.

The trial finds out what is wrong with a problem, whether its tests can judge a program from outside
its process, and how much CPU time a program of the problem may use.
"""

import math
from collections.abc import Collection, Iterator, Sequence

from failpairs.errors import InputError
from failpairs.exec_labels import ProblemTrial
from failpairs.execution.compiled_test import CompiledTest, compile_check
from failpairs.execution.executor import Executor, ProgramOutcome, Task
from failpairs.execution.settings import ExecutionSettings
from failpairs.execution.worker import encode_job
from failpairs.labels import INFRA_ERROR, PASS, Label
from failpairs.records import Problem

PLUS_FACTOR = 8  # by which the least limit is higher where a benchmark has additional tests
BATCH = 64  # problems whose tests are in memory at once


def try_problems(
    problems: Sequence[Problem],
    settings: ExecutionSettings,
    tier: str,
    workers: int,
    generated: Collection[str] = (),
) -> Iterator[ProblemTrial]:
    """Try problems, in their order. One without a reference is not tried. It gets the whole limit,
    and so does one with a fault, since what its reference took tells nothing.

    Args:
        tier: the sandbox, one of `layers.TIERS` or `none`.
        generated: task ids of the problems whose additional tests are generated inputs, so that the
            least limit is no higher for them.
    """
    with Executor.for_problems(problems, settings, tier, workers) as executor:
        for start in range(0, len(problems), BATCH):
            batch = problems[start : start + BATCH]
            yield from _try_batch(batch, settings, executor, generated)


def time_limit(cpu_s: float, settings: ExecutionSettings, factor: int = 1) -> float:
    """The limit of a problem's programs in CPU seconds, from what its reference took.

    It is rounded up to a power of two, so that small differences between runs seldom change it.
    Additional tests take a solution long that is right but slower than the reference: with them
    the least limit is higher by a factor of eight, which by default gives EvalPlus's four seconds.

    >>> time_limit(0.01, ExecutionSettings(timeout=10, min_timeout=1, timeout_factor=5))
    1.0
    >>> time_limit(0.5, ExecutionSettings(timeout=10, min_timeout=1, timeout_factor=5))
    4.0
    """
    wanted = 2.0 ** math.ceil(math.log2(max(settings.timeout_factor * cpu_s, 1e-9)))
    return min(settings.timeout, max(settings.min_timeout * factor, wanted))


def _try_batch(
    problems: Sequence[Problem],
    settings: ExecutionSettings,
    executor: Executor,
    generated: Collection[str],
) -> Iterator[ProblemTrial]:
    checks: dict[str, CompiledTest] = {}
    faults: dict[str, str] = {}
    for problem in problems:
        try:
            checks[problem.task_id] = compile_check(problem)
        except InputError as error:
            faults[problem.task_id] = str(error)
    tried = [p for p in problems if p.task_id in checks and p.reference.strip()]

    def run(problem: Problem, program: str, inside: bool = False) -> Task:
        check = checks[problem.task_id]
        return executor.submit(encode_job(program, check, settings.timeout, inside))

    functions = [p for p in tried if p.kind == "function"]
    outside = {p.task_id: run(p, p.reference) for p in tried}
    # Two results that differ in truth: what passes with both asserts nothing.
    idle = {p.task_id: run(p, _idle_program(p, "...")) for p in functions}
    executor.finish()
    inside, idle_too = {}, {}
    for problem in functions:
        name = problem.task_id
        if not _passed(outside[name]):
            inside[name] = run(problem, problem.reference, inside=True)
        if _passed(idle[name]):
            idle_too[name] = run(problem, _idle_program(problem, "None"))
    executor.finish()
    for problem in problems:
        name = problem.task_id
        timeout, is_inside = settings.timeout, False
        if name in outside:
            is_inside = name in inside and _passed(inside[name])
            outcome = _outcome(inside[name] if is_inside else outside[name])
            if outcome.label != PASS:
                faults[name] = _fault(outcome, settings)
            elif name in idle_too and _passed(idle_too[name]):
                faults[name] = "its test asserts nothing: a function that does nothing passes it"
            else:
                cpu_s = max(ending.longest_cpu_s for ending in outcome.endings)
                has_more = problem.plus_test and name not in generated
                timeout = time_limit(cpu_s, settings, PLUS_FACTOR if has_more else 1)
        yield ProblemTrial(task_id=name, timeout=timeout, inside=is_inside, fault=faults.get(name))


def _outcome(task: Task) -> ProgramOutcome:
    assert task.outcome is not None
    return task.outcome


def _passed(task: Task) -> bool:
    return _outcome(task).label == PASS


def _idle_program(problem: Problem, result: str) -> str:
    """A program whose function takes anything and always returns the same."""
    name, _, method = problem.entry_point.partition(".")
    if method:
        return f"class {name}:\n    def {method}(*a, **k):\n        return {result}\n"
    return f"def {name}(*a, **k):\n    return {result}\n"


def _fault(outcome: ProgramOutcome, settings: ExecutionSettings) -> str:
    """Why a reference does not pass, in one line."""
    report = (outcome.endings[-1].report if outcome.endings else None) or {}
    exception, message = report.get("exception"), outcome.problem or report.get("message")
    what = f"{exception}: {message}" if exception and message else message
    if exception == "ModuleNotFoundError":
        return f"it needs a package that the sandbox lacks (see execution.packages): {message}"
    if outcome.label == INFRA_ERROR:
        return f"its test cannot be run: {what or 'no report'}"
    if outcome.label == Label.TIMEOUT:
        return f"its reference needs more than {settings.timeout} CPU seconds (execution.timeout)"
    return f"its reference does not pass its own test: {outcome.label}{f', {what}' if what else ''}"
