"""MBPP (Austin et al. 2021, arXiv 2108.07732): prose and assertions made HumanEval-shaped.

The prose does not name the function, so the signature is taken from the reference solution, and the
first assertion is shown as an example.
"""

import ast
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from failpairs.code.syntax import source_of
from failpairs.errors import InputError
from failpairs.records import Problem
from failpairs.storage.files import parse_row, read_objects

HUB_ID = "google-research-datasets/mbpp"
HUB_REVISION = "4bb6404fdc6cacfda99d4ac4205087b89d32030c"
TEST_IDS = range(11, 511)  # the published test split; the other ids are ours to train on
SPLITS = {"train": "train", "test": "eval"}  # the names of MBPP's splits, and ours
MBPP_MARKS = {"test_list"}


class _MbppRow(BaseModel):
    """A row in MBPP's original format or, with `prompt` and `test_imports`, its sanitized one; the
    challenge tests are not used."""

    model_config = ConfigDict(extra="ignore", strict=True)

    task_id: int
    text: Annotated[str, Field(validation_alias=AliasChoices("text", "prompt"))]
    code: str
    test_list: Annotated[list[str], Field(min_length=1)]
    test_setup_code: str = ""
    test_imports: list[str] = []


def load_mbpp(argument: str, split: str) -> list[Problem]:
    """The problems of a split (`eval` is MBPP's test split).

    Args:
        argument: a file to read; without one the Hub is read, and `train` or `test` asks for that
            split of MBPP instead of `split`.

    Raises:
        InputError: the file or the Hub cannot be read, or a row is malformed.
    """
    files = mbpp_files(argument)
    is_test = SPLITS.get(argument, split) == "eval"
    return [
        problem_from_mbpp(row, where)
        for where, row in (_rows_of_file(files[0]) if files else _rows_of_hub())
        if (parse_row(_MbppRow, row, where).task_id in TEST_IDS) == is_test
    ]


def mbpp_files(argument: str) -> list[Path]:
    """The file that `load_mbpp` reads, if it does not ask the Hub."""
    return [Path(argument)] if argument and argument not in SPLITS else []


def _rows_of_file(path: Path) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{path}:{number}", row) for number, row in read_objects(path)]


def _rows_of_hub() -> list[tuple[str, dict[str, Any]]]:
    from datasets import concatenate_datasets, load_dataset

    try:
        splits = load_dataset(HUB_ID, "full", revision=HUB_REVISION)
    except (OSError, ValueError) as error:
        raise InputError(
            f"mbpp: cannot load {HUB_ID} from the Hub ({error}); with a local copy in the original "
            "format, write mbpp:PATH"
        ) from None
    rows = concatenate_datasets([splits[name] for name in sorted(splits)])
    return [(f"{HUB_ID}:{row['task_id']}", dict(row)) for row in rows]


def problem_from_mbpp(row: dict[str, Any], where: str) -> Problem:
    """A row as a problem.

    The assertions call the function by name, so `check` binds that name to the candidate. Whatever
    else of the reference's top level the assertions or the signature need becomes part of the
    prompt.

    Raises:
        InputError: a field is missing or does not parse, or no assertion calls a function.
    """
    if "test" in row:
        raise InputError(
            f"{where}: MBPP+ as on the Hub does not tell base inputs from plus inputs; write "
            "mbppplus:PATH with the file of EvalPlus's release"
        )
    given = parse_row(_MbppRow, row, where)
    code = given.code.replace("\r\n", "\n")
    reference = parse_code(code, f"{where}: field 'code'")
    functions = [node for node in reference.body if isinstance(node, ast.FunctionDef)]
    called = [f for f in functions if re.search(rf"\b{f.name}\s*\(", given.test_list[0])]
    if not called:
        raise InputError(f"{where}: the first test calls no function of the reference")
    function = called[-1]
    setup = [given.test_setup_code] if given.test_setup_code else []
    setup += given.test_imports
    statements = [f"{function.name} = candidate", *setup, *given.test_list]
    lines = [line for text in statements for line in text.replace("\r", "").split("\n")]
    test = "def check(candidate):\n" + "".join(f"    {line}\n" for line in lines)
    used = _names(parse_code(test, f"{where}: field 'test_list'"))
    example = given.test_list[0].strip().removeprefix("assert ")
    text = f"{given.text}\n\n    >>> {example}"
    value = {
        "task_id": f"mbpp/{given.task_id}",
        "prompt": shaped_prompt(code, reference, function, used, text),
        "entry_point": function.name,
        "test": test,
        "reference": f"{code}\n",
        "source": "mbpp",
        "license": "CC-BY-4.0",
    }
    return parse_row(Problem, value, where)


def shaped_prompt(
    code: str, tree: ast.Module, function: ast.FunctionDef, used: set[str], text: str
) -> str:
    """A prompt like those of HumanEval: the signature of a function and a docstring.

    Args:
        code: the source of `tree`, in which the function stands.
        used: names of which the definitions in the code, too, become part of the prompt.
        text: the docstring, in which all lines but the first are indented.
    """
    used = used | _names(function.args)
    needed = [node for node in tree.body if node is not function and used & _defined(node)]
    before = "".join(f"{source_of(code.split(chr(10)), node)}\n\n" for node in needed)
    signature = f"def {function.name}({ast.unparse(function.args)}):"
    return f'{before}{signature}\n    """{_quoted(text)}\n    """\n'


def parse_code(source: str, where: str) -> ast.Module:
    """The syntax tree of a program.

    Raises:
        InputError: it does not parse; the message begins with `where`.
    """
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise InputError(f"{where}: {error}") from None


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''")


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _defined(node: ast.stmt) -> set[str]:
    """The names that a top-level statement other than a function defines."""
    match node:
        case ast.ClassDef(name=name):
            return {name}
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return {alias.asname or alias.name.split(".")[0] for alias in aliases}
        case ast.Assign(targets=targets):
            return {target.id for target in targets if isinstance(target, ast.Name)}
        case _:
            return set()
