import ast
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from builders import (
    IGNORE_ESCAPES,
    a_problem,
    bigcodebench_row,
    data_file,
    evalplus_row,
    humaneval_row,
    mbpp_row,
    run_check,
    write_lines,
)
from failpairs.code.syntax import preamble
from failpairs.errors import InputError
from failpairs.problems.jsonl import read_problems
from failpairs.problems.sources import DESCRIPTION, SOURCES, load_all, load_problems, source_files
from failpairs.records import Problem
from failpairs.storage.files import write_jsonl
from places import SCRIPTS


def mbpp_problem(tmp_path: Path, **changes: Any) -> Problem:
    (problem,) = load_problems(f"mbpp:{write_lines(tmp_path / 'm', mbpp_row(**changes))}", "train")
    return problem


@pytest.mark.parametrize(
    ("source", "examples"),
    [
        ("mbpp", "\n\n    >>> double(2) == 4"),
        ("mbpp-tests", "\n\n    >>> double(2) == 4\n    >>> double(0) == 0"),
        ("mbpp-text", ""),
    ],
)
def test_a_prompt_of_mbpp_shows_one_of_its_tests_or_all_or_none(
    tmp_path: Path, source: str, examples: str
) -> None:
    (problem,) = load_problems(f"{source}:{write_lines(tmp_path / 'm', mbpp_row())}", "train")
    text = f"Write a function to double a number.{examples}"
    assert problem.prompt == f'def double(n):\n    """{text}\n    """\n'


def humanevalpack_row() -> dict[str, Any]:
    """A row as in HumanEvalPack: the test calls the function by a name, and is run at its end."""
    test = "def check(double):\n    assert double(2) == 4\n\ncheck(double)"
    return humaneval_row(task_id="Python/0", test=test, buggy_solution="    return n\n")


def sanitized_row() -> dict[str, Any]:
    """A row as in the sanitized MBPP."""
    tests = {"test_imports": ["import math"], "test_list": ["assert math.floor(double(2)) == 4"]}
    return {"prompt": "Double a number.", **mbpp_row(text=..., test_setup_code=...), **tests}


def test_the_starter_bank_is_split_in_two() -> None:
    train, evaluation = load_problems("starter", "train"), load_problems("starter", "eval")
    assert not {p.task_id for p in train} & {p.task_id for p in evaluation}
    assert len(train) > len(evaluation) > 0


def test_a_level_takes_the_easier_problems_alone() -> None:
    everything = {p.task_id for p in load_problems("starter", "train")}
    assert {p.task_id for p in load_problems("starter:1", "train")} < everything


def test_humaneval_has_its_164_problems_and_every_reference_passes() -> None:
    problems = load_problems("humaneval", "eval")
    assert [p.task_id for p in problems] == [f"HumanEval/{n}" for n in range(164)]
    assert problems[0].entry_point == "has_close_elements"
    for problem in problems:
        run_check(problem, problem.reference)


def test_mbpp_is_split_by_its_published_ids(tmp_path: Path) -> None:
    rows = [mbpp_row(task_id=number) for number in (1, 10, 11, 510, 511, 974)]
    source = f"mbpp:{write_lines(tmp_path / 'mbpp.jsonl', *rows)}"
    assert [p.task_id for p in load_problems(source, "eval")] == ["mbpp/11", "mbpp/510"]
    assert [p.task_id for p in load_problems(source, "train")] == [
        f"mbpp/{number}" for number in (1, 10, 511, 974)
    ]


@IGNORE_ESCAPES
def test_the_published_mbpp_is_read_whole_and_every_reference_passes() -> None:
    source = f"mbpp:{data_file('mbpp.jsonl')}"
    train, evaluation = load_problems(source, "train"), load_problems(source, "eval")
    assert (len(train), len(evaluation)) == (474, 500)
    for problem in train + evaluation:
        run_check(problem, problem.reference)


@IGNORE_ESCAPES
def test_every_prompt_of_mbpp_can_be_run_by_itself_and_names_what_its_test_uses() -> None:
    source = f"mbpp:{data_file('mbpp.jsonl')}"
    for problem in load_problems(source, "train") + load_problems(source, "eval"):
        names: dict[str, Any] = {}
        exec(problem.prompt, names)
        test = ast.parse(problem.test)
        nodes = [node for node in ast.walk(test) if isinstance(node, ast.Name)]
        bound = {node.id for node in nodes if isinstance(node.ctx, ast.Store)} | {"candidate"}
        used = {node.id for node in nodes} - bound
        assert used <= names.keys() | names["__builtins__"].keys(), problem.task_id


def test_a_signature_alone_is_a_prompt(tmp_path: Path) -> None:
    row = humaneval_row(prompt="import math\ndef double(n):\n")
    (problem,) = read_problems(write_lines(tmp_path / "own.jsonl", row))
    assert preamble(problem.prompt, "double") == "import math\n"
    run_check(problem, problem.reference)


def test_prose_is_a_prompt_if_it_names_the_function(tmp_path: Path) -> None:
    row = a_problem(prompt="Write a function `double` of one number.").model_dump()
    (problem,) = read_problems(write_lines(tmp_path / "own.jsonl", row))
    assert preamble(problem.prompt, "double") == ""
    run_check(problem, problem.reference)
    path = write_lines(tmp_path / "own.jsonl", {**row, "prompt": "Write a function."})
    with pytest.raises(InputError, match="prompt of t/0 does not define 'double'"):
        read_problems(path)


def test_additional_tests_are_checked_like_the_test(tmp_path: Path) -> None:
    row = a_problem(plus_test="def other(): pass").model_dump()
    with pytest.raises(InputError, match="'plus_test' of t/0 does not define check"):
        read_problems(write_lines(tmp_path / "own.jsonl", row))


@pytest.mark.parametrize("mark", ["base_input", "plus_input"])
def test_inputs_of_evalplus_are_never_left_out(tmp_path: Path, mark: str) -> None:
    path = write_lines(tmp_path / "own.jsonl", humaneval_row(**{mark: [[1]]}))
    with pytest.raises(
        InputError, match=r"own.jsonl:1: task Own/0: field '(plus|base)_input': field req"
    ):
        read_problems(path)


def test_the_mixed_inputs_of_mbpp_plus_are_refused(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "own.jsonl", {**sanitized_row(), "test": "inputs = [[1]]"})
    with pytest.raises(InputError, match="write mbppplus:PATH"):
        read_problems(path)


def test_an_mbpp_problem_becomes_a_signature_with_a_docstring(tmp_path: Path) -> None:
    assert mbpp_problem(tmp_path) == Problem(
        task_id="mbpp/1",
        prompt='def double(n):\n    """Write a function to double a number.\n\n'
        '    >>> double(2) == 4\n    """\n',
        entry_point="double",
        test="def check(candidate):\n    double = candidate\n"
        "    assert double(2) == 4\n    assert double(0) == 0\n",
        reference="def double(n):\n  return n * 2\n",
        source="mbpp",
        license="CC-BY-4.0",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {
            "code": "class P:\n    def __init__(self, n): self.n = n\ndef f(p): return p.n",
            "test_list": ["assert f(P(3)) == 3"],
        },
        {
            "code": "import math\ndef f(n): return math.sqrt(n)",
            "test_list": ["assert math.isclose(f(4), 2)"],
        },
        {
            "code": "from math import isclose\ndef f(n): return n",
            "test_list": ["assert isclose(f(4), 4)"],
        },
        {
            "code": "from typing import List\ndef f(xs: List[int]) -> int: return len(xs)",
            "test_list": ["assert f([1]) == 1"],
        },
        {"code": "TOP = 3\ndef f(n=TOP): return n", "test_list": ["assert f() == 3"]},
        {
            "code": "def f(n): return n",
            "test_setup_code": "m = 3\r\nk = 4",
            "test_list": ["assert f(m) == 3", "assert f(k) == 4"],
        },
        {
            "code": "def helper(n): return n\ndef f(n): return helper(n)",
            "test_list": ["assert f(1) == 1"],
        },
        {"code": "def f(s): return s", "test_list": ['assert f("""\\n""") == "\\n"']},
        {"text": 'Say "a"""" and \\N.', "code": "def f(): return 1", "test_list": ["assert f()"]},
    ],
    ids=[
        "class in the tests",
        "import in the tests",
        "from-import in the tests",
        "typed",
        "constant as a default",
        "setup code",
        "helper function",
        "quotes in the tests",
        "quotes in the text",
    ],
)
def test_what_an_mbpp_problem_needs_is_in_its_prompt(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    problem = mbpp_problem(tmp_path, **changes)
    exec(problem.prompt, {})
    run_check(problem, problem.reference)


@pytest.mark.parametrize(
    ("row", "task_id"),
    [
        (a_problem("own/1").model_dump(), "own/1"),
        (humaneval_row(), "Own/0"),
        (evalplus_row(), "Own/0"),
        (humanevalpack_row(), "Python/0"),
        (mbpp_row(), "mbpp/1"),
        (sanitized_row(), "mbpp/1"),
        (bigcodebench_row(), "BigCodeBench/0"),
    ],
    ids=["ours", "HumanEval", "EvalPlus", "HumanEvalPack", "MBPP", "sanitized", "BigCodeBench"],
)
@pytest.mark.parametrize("split", ["train", "eval"])
def test_each_format_of_a_file_is_found_out(
    tmp_path: Path, row: dict[str, Any], task_id: str, split: str
) -> None:
    path = tmp_path / "own.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(row).encode()))
    (problem,) = load_problems(f"jsonl:{path}", split)
    assert problem.task_id == task_id
    run_check(problem, problem.reference)


def test_written_problems_are_read_back_the_same(tmp_path: Path) -> None:
    problems = load_problems("starter:1", "train")
    write_jsonl(tmp_path / "problems.jsonl", problems)
    assert read_problems(tmp_path / "problems.jsonl") == problems


@pytest.mark.parametrize(
    "source",
    ["", "nowhere", "jsonl", "jsonl:", "starter:4", "starter:bank.py", "humaneval:own.jsonl"],
)
def test_an_unknown_source_is_refused_with_the_known_ones(source: str) -> None:
    with pytest.raises(InputError, match=f"problem source '{source}': expected one of .*starter"):
        load_problems(source, "eval")


@pytest.mark.parametrize(
    ("source", "split", "task_id"),
    [
        ("mbpp", "train", "mbpp/1"),
        ("mbpp", "eval", "mbpp/11"),
        ("mbpp:test", "train", "mbpp/11"),
        ("mbpp:train", "eval", "mbpp/1"),
    ],
)
def test_a_split_of_mbpp_can_be_asked_for(
    monkeypatch: pytest.MonkeyPatch, source: str, split: str, task_id: str
) -> None:
    rows = [("hub:1", mbpp_row()), ("hub:11", mbpp_row(task_id=11))]
    monkeypatch.setattr("failpairs.problems.mbpp._rows_of_hub", lambda: rows)
    assert [problem.task_id for problem in load_problems(source, split)] == [task_id]


@pytest.mark.parametrize(
    ("source", "files"),
    [
        ("humaneval", []),
        ("mbpp", []),
        ("mbpp:test", []),
        ("mbpp:own/mbpp.jsonl", ["own/mbpp.jsonl"]),
        ("jsonl:own.jsonl", ["own.jsonl"]),
        ("humanevalplus:own.jsonl.gz", ["own.jsonl.gz"]),
        ("mbppplus", []),
        ("livecodebench:own.jsonl", ["own.jsonl"]),
        ("livecodebench:own@home.jsonl@2024-10-01..", ["own@home.jsonl"]),
    ],
)
def test_a_source_names_the_files_that_it_reads(source: str, files: list[str]) -> None:
    assert source_files(source) == list(map(Path, files))


def test_the_starter_bank_reads_its_folder() -> None:
    topics = source_files("starter:1")
    assert {path.parent for path in topics} == {SCRIPTS / "failpairs" / "problems" / "bank"}
    assert topics == sorted(topics)


def test_every_source_is_described() -> None:
    assert all(source.description.startswith(source.name) for source in SOURCES)
    assert all(source.description in DESCRIPTION for source in SOURCES)


def test_several_sources_stand_one_after_the_other_and_each_is_limited(tmp_path: Path) -> None:
    own = write_lines(tmp_path / "own.jsonl", humaneval_row(), humaneval_row(task_id="Own/1"))
    found = load_all([f"jsonl:{own}", "starter:1"], "eval", limit=1)
    assert [p.source for p in found] == ["own.jsonl", "starter"]
    assert len(load_all([f"jsonl:{own}", "starter:1"], "eval")) > 3
    with pytest.raises(InputError, match="'Own/0' occurs twice"):
        load_all([f"jsonl:{own}", f"jsonl:{own}"], "eval")


def test_malformed_rows_stop_a_source_or_are_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bad = [humaneval_row(task_id=f"Own/{n}", test=...) for n in range(1, 13)]
    path = write_lines(tmp_path / "own.jsonl", bad[0], humaneval_row(), *bad[1:])
    with pytest.raises(InputError) as caught:
        load_problems(f"jsonl:{path}", "eval")
    text = "field 'test': field required"
    assert str(caught.value).startswith(
        f"{path}:1: task Own/1: {text}; {path}:3: task Own/2: {text}; "
    )
    assert str(caught.value).endswith(
        f"{path}:11: task Own/10: {text}; and 2 more. Mend them, or set problems.broken (--broken) "
        "to drop to leave them out"
    )
    (problem,) = load_problems(f"jsonl:{path}", "eval", "drop")
    assert problem.task_id == "Own/0"
    assert caplog.messages[0] == f"left out: {path}:1: task Own/1: {text}"
    assert caplog.messages[12:] == [f"jsonl:{path}: 12 malformed rows are left out"]
    assert load_all([f"jsonl:{path}", "starter:1"], "eval", 1, "drop")[0] == problem


def test_a_file_of_nothing_but_malformed_rows_is_refused(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "own.jsonl", humaneval_row(test=...))
    with pytest.raises(InputError) as caught:
        load_problems(f"jsonl:{path}", "eval", "drop")
    assert str(caught.value) == f"{path}:1: task Own/0: field 'test': field required"


@pytest.mark.parametrize("task_id", ["own/1", -1])
def test_the_source_mbpp_needs_the_numbers_that_tell_its_splits(
    tmp_path: Path, task_id: str | int
) -> None:
    path = write_lines(tmp_path / "own.jsonl", mbpp_row(task_id=task_id), mbpp_row(task_id=2))
    with pytest.raises(InputError, match=r":1: task .*: field 'task_id': expected the number of"):
        load_problems(f"mbpp:{path}", "train")
    assert len(load_problems(f"jsonl:{path}", "train")) == 2


@pytest.mark.parametrize("source", ["jsonl", "mbpp"])
def test_a_missing_file_is_named(tmp_path: Path, source: str) -> None:
    with pytest.raises(InputError, match=r"missing\.jsonl: no such file"):
        load_problems(f"{source}:{tmp_path / 'missing.jsonl'}", "train")


@pytest.mark.parametrize("source", ["jsonl", "mbpp"])
def test_a_file_without_problems_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(InputError, match="no problems in it"):
        load_problems(f"{source}:{write_lines(tmp_path / 'empty.jsonl')}", "train")


def test_a_task_id_may_not_occur_twice(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "own.jsonl", humaneval_row(), humaneval_row())
    with pytest.raises(InputError, match="task_id 'Own/0' occurs twice"):
        read_problems(path)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"task_id": ...}, "field 'task_id': field required"),
        ({"task_id": None}, "field 'task_id': field required"),
        ({"task_id": 1.5}, "task_id"),
        ({"task_id": True}, "task_id"),
        ({"task_id": ["Own/0"]}, "task_id"),
        ({"test": ...}, "field 'test': field required"),
        (
            {"canonical_solution": ..., "entry_point": ...},
            "no field that tells its format (EvalPlus: base_input or",
        ),
        ({"prompt": "def double(n:\n"}, "'prompt' of Own/0"),
        ({"prompt": "def doubled(n):\n    pass\n"}, "prompt of Own/0 does not define 'double'"),
        ({"prompt": 3}, "prompt"),
        ({"entry_point": "dou"}, "does not define 'dou'"),
        ({"entry_point": None}, "entry_point"),
        ({"canonical_solution": 3}, "task Own/0: field 'canonical_solution'"),
        ({"canonical_solution": "    return (\n"}, "'reference' of Own/0"),
        ({"language": "java"}, "task Own/0: field 'language': 'java', expected python"),
        ({"test": "assert double(2) == 4\n"}, "'test' of Own/0 does not define check"),
        ({"test": "def check(candidate):\n    assert (\n"}, "'test' of Own/0"),
        ({"test": "def check(candidate):\n    '\0'\n"}, "'test' of Own/0"),
    ],
)
def test_a_bad_humaneval_row_is_named(tmp_path: Path, change: dict[str, Any], named: str) -> None:
    good = humaneval_row(task_id="Own/1")
    path = write_lines(tmp_path / "own.jsonl", good, humaneval_row(**change))
    with pytest.raises(InputError) as caught:
        read_problems(path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("field", "task"), [("task_id", ""), ("text", "task 1: "), ("test_list", "task 1: ")]
)
def test_a_field_that_mbpp_lacks_is_named(tmp_path: Path, field: str, task: str) -> None:
    path = write_lines(tmp_path / "own.jsonl", mbpp_row(task_id=2), mbpp_row(**{field: ...}))
    with pytest.raises(InputError) as caught:
        load_problems(f"mbpp:{path}", "train")
    assert str(caught.value) == (
        f"{path}:2: {task}field '{field}': field required. Mend them, or set problems.broken "
        "(--broken) to drop to leave them out"
    )


@pytest.mark.parametrize("source", ["jsonl", "mbpp"])
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"code": 3}, "code"),
        ({"code": "def double(:"}, "code"),
        ({"code": "def other(n): return n"}, "calls no function"),
        ({"text": None}, "text"),
        ({"test_list": []}, "test"),
        ({"test_list": [1]}, "test"),
        ({"test_list": ["assert double(2) =="]}, "test"),
        ({"test_setup_code": 3}, "test_setup_code"),
    ],
)
def test_a_bad_mbpp_row_is_named(
    tmp_path: Path, source: str, change: dict[str, Any], named: str
) -> None:
    path = write_lines(tmp_path / "own.jsonl", mbpp_row(task_id=2), mbpp_row(**change))
    with pytest.raises(InputError) as caught:
        load_problems(f"{source}:{path}", "train")
    assert str(caught.value).startswith(f"{path}:2: ")
    assert named in str(caught.value)
