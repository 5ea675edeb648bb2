"""EvalPlus (Liu et al. 2023, arXiv 2305.01210): HumanEval+ and MBPP+ in the form of its releases.

A problem has base inputs, those of the original benchmark, and plus inputs; the right answers are
those of the reference. The contract, which tells valid inputs, is not run: EvalPlus only makes
inputs with it, and evaluates without. What tasks of MBPP need besides follows evalplus 0.3.1
(`eval/__init__.py`, `eval/_special_oracle.py`, and `data/mbpp.py` for the types of inputs).
"""

import ast
import gzip
import hashlib
import json
import urllib.request
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from failpairs.errors import InputError
from failpairs.problems.generated_tests import oracle_test
from failpairs.problems.mbpp import definitions, shaped_prompt
from failpairs.problems.rows import Loaded, load_file, parse_code
from failpairs.records import Problem
from failpairs.storage.files import parse_row

EVALPLUS_MARKS = {"base_input", "plus_input"}


class Release(NamedTuple):
    """A file of EvalPlus, and the MD5 of what it unpacks to, as evalplus reports it."""

    url: str
    md5: str


_GITHUB = "https://github.com/evalplus"
RELEASES = {
    "humanevalplus": Release(
        f"{_GITHUB}/humanevalplus_release/releases/download/v0.1.10/HumanEvalPlus.jsonl.gz",
        "fe585eb4df8c88d844eeb463ea4d0302",
    ),
    "mbppplus": Release(
        f"{_GITHUB}/mbppplus_release/releases/download/v0.2.0/MbppPlus.jsonl.gz",
        "ee43ecabebf20deef4bb776a405ac5b1",
    ),
}

# The comparison of tasks that have several right answers, by entry point.
HUMANEVAL_RULES = {"find_zero": "root"}
MBPP_RULES = {
    "are_equivalent": "anything",
    "sum_div": "or_zero",
    "surface_Area": "pyramid",
    "digit_distance_nums": "digits",
    **dict.fromkeys(
        """similar_elements find_char_long common_in_nested_lists extract_singly larg_nnum
        intersection_array find_dissimilar Diff""".split(),
        "same_set",
    ),
    **dict.fromkeys("check_str text_match_three text_starta_endb".split(), "not_none"),
}

# The types of the arguments, of which JSON made lists and texts, by the numbers of MBPP's tasks; in
# the letters of the oracle `check_inputs`.
MBPP_SHAPES = {
    number: shapes
    for numbers, shapes in (
        (
            "2 116 132 143 222 261 273 394 399 421 424 429 470 560 579 596 616 630 726 740 744 809",
            ["t"],
        ),
        ("63 64 70 94 120 237 272 299 400 409 417 438 473 614 780", ["lt"]),
        ("75 413 444 753", ["lt", ""]),
        ("106 750", ["", "t"]),
        ("115", ["ls"]),
        ("124", ["f", "c"]),
        ("250 307 405 446 617 720 763 808", ["t", ""]),
        ("252", ["c"]),
        ("259 401 445", ["tt"]),
        ("278 580 615 791", ["T"]),
        ("722", ["dt", ""]),
    )
    for number in numbers.split()
}


class _EvalPlusRow(BaseModel):
    """A row of a release; its test and its contract are not used, since the inputs say as much."""

    model_config = ConfigDict(extra="ignore", strict=True)

    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    base_input: list[list[Any]]
    plus_input: list[list[Any]]
    atol: float


def load_release(name: str, path: str) -> Loaded:
    """The problems of a release, which serve as either split.

    Args:
        name: `humanevalplus` or `mbppplus`.
        path: a file of a release; without one the release that the name stands for is downloaded.

    Raises:
        InputError: the file cannot be downloaded or read.
    """
    if not path:
        with TemporaryDirectory() as folder:
            file = Path(folder) / f"{name}.jsonl"
            file.write_bytes(_download(name))
            return load_release(name, str(file))
    return load_file(Path(path), problem_from_evalplus, name)


def _download(name: str) -> bytes:
    url, md5 = RELEASES[name]
    remedy = f"download {url} yourself and write {name}:PATH"
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            data = gzip.decompress(answer.read())
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{name}: cannot download {url} ({error}); {remedy}") from None
    found = hashlib.md5(data, usedforsecurity=False).hexdigest()
    if found != md5:
        raise InputError(f"{name}: {url} has MD5 {found} unpacked, expected {md5}; {remedy}")
    return data


def release_files(path: str) -> list[Path]:
    """The file that `load_release` reads."""
    return [Path(path)] if path else []


def problem_from_evalplus(row: dict[str, Any], where: str, source: str) -> Problem:
    """A row as a problem, whose test has the base inputs and whose additional test the plus inputs.

    MBPP+ has prose for a prompt, which becomes the docstring of the reference's signature.

    Raises:
        InputError: a field is missing or of another type, or the reference does not parse or lacks
            the entry point.
    """
    given = parse_row(_EvalPlusRow, row, where)
    benchmark, _, number = given.task_id.partition("/")
    rules = {"HumanEval": HUMANEVAL_RULES, "Mbpp": MBPP_RULES}.get(benchmark, {})
    prompt, reference = given.prompt, given.prompt + given.canonical_solution
    if benchmark == "Mbpp":
        prompt, reference = _mbpp_prompt(given, where), given.canonical_solution
    options = {
        "atol": given.atol,
        "rule": rules.get(given.entry_point, ""),
        "shapes": MBPP_SHAPES.get(number, []) if benchmark == "Mbpp" else [],
    }

    def test(inputs: list[list[Any]]) -> str:
        text = json.dumps(inputs)
        return oracle_test("check_inputs", text, reference, given.entry_point, **options)

    value = {
        "task_id": given.task_id,
        "prompt": prompt,
        "entry_point": given.entry_point,
        "test": test(given.base_input),
        "plus_test": test(given.plus_input) if given.plus_input else "",
        "reference": reference,
        "source": source,
        "license": "Apache-2.0",
    }
    return parse_row(Problem, value, where)


def _mbpp_prompt(row: _EvalPlusRow, where: str) -> str:
    text = ast.get_docstring(parse_code(row.prompt, f"{where}: field 'prompt'")) or ""
    tree = parse_code(row.canonical_solution, f"{where}: field 'canonical_solution'")
    for found in definitions(tree):
        if found.name == row.entry_point and found.signature:
            text = text.replace("\n", "\n    ")
            return shaped_prompt(row.canonical_solution, tree, found, set(), text)
    raise InputError(f"{where}: the reference of {row.task_id} does not define {row.entry_point!r}")
