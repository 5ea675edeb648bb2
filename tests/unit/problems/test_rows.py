import gzip
import json
import re
from codecs import BOM_UTF8
from pathlib import Path
from typing import Any

import pytest
from builders import humaneval_row, write_lines
from failpairs.errors import InputError
from failpairs.problems.humaneval import problem_from_humaneval
from failpairs.problems.rows import Fault, listed, load_file, whole_program
from hypothesis import given
from hypothesis import strategies as st

ROWS = [humaneval_row(), humaneval_row(task_id="Own/1")]
UNNAMED = {key: value for key, value in ROWS[0].items() if key != "task_id"}
INDENTED = json.dumps({"problems": ROWS}, indent=1).encode()


def task_ids(path: Path) -> list[str]:
    loaded = load_file(path, problem_from_humaneval, "own")
    assert loaded.faults == []
    return [problem.task_id for problem in loaded.problems]


@pytest.mark.parametrize(
    "data",
    [
        "".join(json.dumps(row) + "\n" for row in ROWS).encode(),
        BOM_UTF8 + "\r\n\r\n".join(map(json.dumps, ROWS)).encode(),
        json.dumps(ROWS).encode(),
        b"\n" + json.dumps(ROWS, indent=2).encode(),
        BOM_UTF8 + json.dumps(ROWS, indent=2).encode(),
        INDENTED,
        json.dumps({"version": 1, "problems": ROWS}).encode(),
        json.dumps({"Own/0": UNNAMED, "Own/1": ROWS[1]}).encode(),
        json.dumps({"tasks": {"Own/0": UNNAMED, "Own/1": UNNAMED}}, indent=1).encode(),
    ],
    ids=[
        "lines",
        "lines after a byte order mark",
        "array in a line",
        "array",
        "array after a byte order mark",
        "object with a list",
        "object with more than a list",
        "object of rows by task id",
        "object with an object of rows",
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_file_of_any_shape_gives_its_rows(tmp_path: Path, data: bytes, pack: Any) -> None:
    path = tmp_path / "own"
    path.write_bytes(pack(data))
    assert task_ids(path) == ["Own/0", "Own/1"]


def test_a_file_may_be_one_row(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps(ROWS[0], indent=4), encoding="utf-8")
    assert task_ids(path) == ["Own/0"]


def test_every_malformed_row_is_told_in_the_order_of_the_lines(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "own.jsonl",
        3,
        ROWS[0],
        humaneval_row(task_id="Own/2", test="def check("),
        None,
        ROWS[0],
        humaneval_row(task_id="own/0"),
        humaneval_row(task_id="Own/3", prompt=...),
    )
    with path.open("a", encoding="utf-8") as file:
        file.write('{"task_id": \n')
    loaded = load_file(path, problem_from_humaneval, "own")
    assert [problem.task_id for problem in loaded.problems] == ["Own/0"]
    assert [*loaded.faults] == [
        Fault(f"{path}:1", "expected a JSON object"),
        Fault(f"{path}:3", "field 'test' of Own/2: '(' was never closed (<unknown>, line 1)"),
        Fault(f"{path}:4", "expected a JSON object"),
        Fault(f"{path}:5", "task_id 'Own/0' occurs twice"),
        Fault(
            f"{path}:6",
            "task_ids 'Own/0' and 'own/0' differ in upper and lower case alone, which samples do "
            "not tell apart",
        ),
        Fault(f"{path}:7", "task Own/3: field 'prompt': field required"),
        Fault(f"{path}:8", "not valid JSON: Expecting value at character 11"),
    ]


def test_items_that_are_no_rows_are_told_in_an_object_too(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"problems": [*ROWS, "row", ["row"]]}), encoding="utf-8")
    loaded = load_file(path, problem_from_humaneval, "own")
    assert len(loaded.problems) == 2
    assert [*loaded.faults] == [Fault(f"{path}:{n}", "expected a JSON object") for n in (3, 4)]


def test_code_that_is_nested_too_deeply_is_a_fault_of_its_row(tmp_path: Path) -> None:
    deep = "    return " + "+".join(["n"] * 20_000)
    path = write_lines(tmp_path / "own.jsonl", humaneval_row(canonical_solution=deep), ROWS[1])
    loaded = load_file(path, problem_from_humaneval, "own")
    assert [problem.task_id for problem in loaded.problems] == ["Own/1"]
    assert [fault.where for fault in loaded.faults] == [f"{path}:1"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'[{"task_id": 1},\n', "not valid JSON: Expecting value at line 2, character 0"),
        (INDENTED[:-3], "not valid JSON: Expecting"),
        (b"[" * 100_000, "not valid JSON: maximum recursion depth"),
        (gzip.compress(INDENTED)[:-20], "damaged gzip file: Compressed file ended before"),
        (gzip.compress(INDENTED)[:-8] + b"\0" * 8, "damaged gzip file: CRC check failed"),
    ],
    ids=["cut array", "cut object", "deep array", "cut gzip", "damaged gzip"],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "own"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        load_file(path, problem_from_humaneval, "own")
    assert re.match(rf"{path}(:\d+)?: {message}", str(caught.value))


@given(st.binary(max_size=60) | st.text('[]{}:,"1anul\n', max_size=30).map(str.encode))
def test_no_bytes_end_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "own"
    path.write_bytes(data)
    try:
        loaded = load_file(path, problem_from_humaneval, "own")
    except InputError as error:
        assert re.match(rf"{path}(:\d+)?: ", str(error))
    else:
        assert loaded.problems == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


@given(st.dictionaries(st.sampled_from([*ROWS[0], "language"]), JSON))
def test_no_value_of_a_field_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, Any]
) -> None:
    path = write_lines(tmp_path_factory.mktemp("rows") / "own", {**ROWS[0], **changes}, ROWS[1])
    loaded = load_file(path, problem_from_humaneval, "own")
    assert len(loaded.problems) + len(loaded.faults) == 2


def test_ten_faults_are_named_and_the_others_counted() -> None:
    faults = [Fault(f"f:{n}", "no test" if n % 2 else f"no {n}") for n in range(12)]
    assert listed(faults[:3]) == "f:0: no 0; f:1: no test; f:2: no 2"
    assert listed(faults) == (
        "f:0: no 0; f:1, f:3, f:5, f:7, f:9: no test; f:2: no 2; f:4: no 4; f:6: no 6; f:8: no 8; "
        "and 2 more"
    )


@pytest.mark.parametrize(
    ("prompt", "solution", "program"),
    [
        ("def f(x):\n", "    return x\n", "def f(x):\n    return x\n"),
        ("def f(x):", " return x\n", "def f(x): return x\n"),
        ("def f(x):", "    y = x\n    return y\n", "def f(x):\n    y = x\n    return y\n"),
        ('def f(x):\n    """x"""', "    return x\n", 'def f(x):\n    """x"""\n    return x\n'),
        ("import a\n\ndef f(x):\n", "f = a.f\n", "import a\nf = a.f\n"),
        ("def g(): pass\ndef f(x):\n", "from a import f\n", "def g(): pass\nfrom a import f\n"),
        ("Write f.", "async def f(x): pass\n", "async def f(x): pass\n"),
        ("def f(x):\n", "    return (\n", "def f(x):\n    return (\n"),
        ("def f(x):\n", " \n", ""),
    ],
)
def test_a_solution_goes_on_where_the_prompt_ends_or_stands_alone(
    prompt: str, solution: str, program: str
) -> None:
    assert whole_program(prompt, solution, "f") == program


def test_of_several_lists_of_rows_none_is_chosen_by_chance(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps({"train": ROWS, "test": ROWS, "n": [2]}), encoding="utf-8")
    with pytest.raises(InputError, match=r"rows\.json: several lists of rows \(train, test\)"):
        load_file(path, problem_from_humaneval, "own")
