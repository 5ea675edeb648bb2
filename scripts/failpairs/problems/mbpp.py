"""MBPP (Austin et al. 2021, arXiv 2108.07732): prose and assertions made HumanEval-shaped.

The prose does not name the function, so the signature is taken from the reference solution, and as
an example the first assertion is shown, or all of them, or none.
"""

import ast
import builtins
import re
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from failpairs.code.syntax import Function, bound_names, source_of
from failpairs.errors import InputError
from failpairs.problems.rows import Loaded, load_file, load_rows, parse_code
from failpairs.records import Problem
from failpairs.storage.files import parse_row
from failpairs.storage.hub import fetch_snapshot

HUB_ID = "google-research-datasets/mbpp"
HUB_REVISION = "4bb6404fdc6cacfda99d4ac4205087b89d32030c"
TEST_IDS = range(11, 511)  # the published test split; the other ids are ours to train on
SPLITS = {"train": "train", "test": "eval"}  # the names of MBPP's splits, and ours
MBPP_MARKS = {"test_list"}


class _MbppRow(BaseModel):
    """A row in MBPP's original format or, with `prompt` and `test_imports`, its sanitized one; the
    challenge tests are not used."""

    model_config = ConfigDict(extra="ignore", strict=True)

    task_id: str
    text: Annotated[str, Field(validation_alias=AliasChoices("text", "prompt"))]
    code: str = ""
    test_list: Annotated[list[str], Field(min_length=1)]
    test_setup_code: str = ""
    test_imports: list[str] = []


class Definition(NamedTuple):
    """What defines a function, if that is known, and its signature, where the code tells it."""

    node: ast.stmt | None
    name: str
    signature: str


def load_mbpp(argument: str, split: str, n_shown: int | None = 1) -> Loaded:
    """The problems of a split (`eval` is MBPP's test split).

    Args:
        n_shown: how many assertions a prompt shows; None shows all.
        argument: a file to read; without one the Hub is read, and `train` or `test` asks for that
            split of MBPP instead of `split`.

    Raises:
        InputError: the file or the Hub cannot be read.
    """
    is_test = SPLITS.get(argument, split) == "eval"

    def wanted(problem: Problem) -> bool:
        return (int(problem.task_id.removeprefix("mbpp/")) in TEST_IDS) == is_test

    def convert(row: dict[str, Any], where: str, source: str) -> Problem:
        problem = problem_from_mbpp(row, where, n_shown)
        if not problem.task_id.removeprefix("mbpp/").isdecimal():  # the number tells the split
            raise InputError(f"{where}: field 'task_id': expected the number of a task of MBPP")
        return problem

    files = mbpp_files(argument)
    if files:
        return load_file(files[0], convert, "mbpp", wanted)
    return load_rows(_rows_of_hub(), convert, "mbpp", wanted)


def mbpp_files(argument: str) -> list[Path]:
    """The file that `load_mbpp` reads, if it does not ask the Hub."""
    return [Path(argument)] if argument and argument not in SPLITS else []


def _rows_of_hub() -> list[tuple[str, dict[str, Any]]]:
    from datasets import concatenate_datasets, load_dataset

    try:
        folder = fetch_snapshot("mbpp", HUB_ID, "dataset", HUB_REVISION)
    except InputError as error:
        raise InputError(
            f"{error}; with a local copy in the original format, write mbpp:PATH"
        ) from None
    splits = load_dataset(str(folder), "full")
    rows = concatenate_datasets([splits[name] for name in sorted(splits)])
    return [(f"{HUB_ID}:{row['task_id']}", dict(row)) for row in rows]


def problem_from_mbpp(row: dict[str, Any], where: str, n_shown: int | None = 1) -> Problem:
    """A row as a problem.

    Args:
        n_shown: how many assertions the prompt shows; None shows all.

    The assertions call the function by name, so `check` binds that name to the candidate. Whatever
    else of the reference's top level the assertions or the signature need becomes part of the
    prompt. Where no signature is known (the reference imports the function, or is missing), the
    prompt is prose.

    Raises:
        InputError: a field is missing or does not parse, or the first assertion calls no function.
    """
    if "test" in row:
        raise InputError(
            f"{where}: MBPP+ as on the Hub does not tell base inputs from plus inputs; write "
            "mbppplus:PATH with the file of EvalPlus's release"
        )
    given = parse_row(_MbppRow, row, where)
    code = given.code.replace("\r\n", "\n")
    tree = parse_code(code, f"{where}: field 'code'")
    setup = [given.test_setup_code] if given.test_setup_code else []
    setup += given.test_imports
    function = _function(tree, given.test_list, setup, where)
    statements = [f"{function.name} = candidate", *setup, *given.test_list]
    body = "".join(_indented(text, f"{where}: field 'test_list'") for text in statements)
    test = f"def check(candidate):\n{body}"
    used = _names(parse_code(test, f"{where}: field 'test_list'"))
    shown = [text.strip().removeprefix("assert ") for text in given.test_list[:n_shown]]
    prompt = f"{given.text}\n\nWrite the Python function `{function.name}`"
    prompt += f": {'; '.join(shown)}\n" if shown else ".\n"
    if function.signature:
        examples = "".join(f"\n    >>> {each}" for each in shown)
        text = f"{given.text}\n{examples}" if shown else given.text
        prompt = shaped_prompt(code, tree, function, used, text)
    value = {
        "task_id": f"mbpp/{given.task_id}" if given.task_id.isdecimal() else given.task_id,
        "prompt": prompt,
        "entry_point": function.name,
        "test": test,
        "reference": f"{code}\n" if code.strip() else "",
        "source": "mbpp",
        "license": "CC-BY-4.0",
    }
    return parse_row(Problem, value, where)


def _indented(code: str, where: str) -> str:
    """Statements as part of a function. What has several lines may have texts of several lines,
    which must not be indented, and is written anew."""
    lines = [code] if "\n" not in code else ast.unparse(parse_code(code, where)).split("\n")
    return "".join(f"    {line}\n" for line in lines)


def _function(tree: ast.Module, tests: list[str], setup: list[str], where: str) -> Definition:
    """The function that the first test calls; without a reference only its name is known."""
    if not tree.body:
        return Definition(None, _unknown_function(tests[0], setup, where), "")
    called = [d for d in definitions(tree) if re.search(rf"\b{d.name}\s*\(", tests[0])]
    if not called:
        raise InputError(f"{where}: the first test calls no function of the reference")
    return sorted(called, key=lambda found: bool(found.signature))[-1]


def _unknown_function(test: str, setup: list[str], where: str) -> str:
    """The name of the outermost function in a test that neither Python nor the setup defines."""
    known = set(dir(builtins))
    for statement in parse_code("\n".join(setup), f"{where}: field 'test_setup_code'").body:
        known |= bound_names(statement)
    for node in ast.walk(parse_code(test, f"{where}: field 'test_list'")):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name not in known:
                return name
    raise InputError(f"{where}: the first test calls no function")


def definitions(tree: ast.Module) -> list[Definition]:
    """The functions of a program's top level, and the names that may stand for a function."""
    found = []
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name, args=args):
                found.append(Definition(node, name, f"def {name}({ast.unparse(args)}):"))
            case ast.AsyncFunctionDef(name=name, args=args):
                found.append(Definition(node, name, f"async def {name}({ast.unparse(args)}):"))
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=args)):
                found.append(Definition(node, name, f"def {name}({ast.unparse(args)}):"))
            case ast.Import() | ast.ImportFrom() | ast.Assign() | ast.AnnAssign():
                found += [Definition(node, name, "") for name in sorted(bound_names(node))]
    return found


def shaped_prompt(
    code: str, tree: ast.Module, function: Definition, used: set[str], text: str
) -> str:
    """A prompt like those of HumanEval: the signature of a function and a docstring.

    Args:
        code: the source of `tree`, in which the function stands.
        used: names of which the definitions in the code, too, become part of the prompt.
        text: the docstring, in which all lines but the first are indented.
    """
    used = used | _names(ast.parse(f"{function.signature} pass"))
    others = (n for n in tree.body if n is not function.node and not isinstance(n, Function))
    needed = [node for node in others if used & bound_names(node)]
    before = "".join(f"{source_of(code.split(chr(10)), node)}\n\n" for node in needed)
    return f'{before}{function.signature}\n    """{_quoted(text)}\n    """\n'


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''")


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
