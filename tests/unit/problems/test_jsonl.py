from pathlib import Path

import pytest
from builders import a_problem, humaneval_row, write_lines
from failpairs.errors import InputError
from failpairs.problems.jsonl import check_set, read_problems
from failpairs.problems.sources import load_problems, source_files
from failpairs.problems.starter_bank import TRAIN_SHARE

N = 1000


def test_a_file_is_split_in_two_by_its_task_ids(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a:b.jsonl", *(humaneval_row(task_id=n) for n in range(N)))
    train = [p.task_id for p in load_problems(f"jsonl:{path}:train", "eval")]
    evaluation = [p.task_id for p in load_problems(f"jsonl:{path}:eval", "train")]
    assert sorted(train + evaluation) == sorted(map(str, range(N)))
    assert abs(len(train) / N - TRAIN_SHARE) < 0.05
    assert [p.task_id for p in load_problems(f"jsonl:{path}", "eval")] == [*map(str, range(N))]
    assert train[:5] == ["0", "1", "3", "4", "7"]


def test_more_rows_move_none_to_the_other_half(tmp_path: Path) -> None:
    def half(count: int) -> list[str]:
        rows = (humaneval_row(task_id=n) for n in range(count))
        path = write_lines(tmp_path / "own.jsonl", *rows)
        return [p.task_id for p in load_problems(f"jsonl:{path}:train", "train")]

    assert half(40)[: len(half(20))] == half(20)


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("jsonl:own.jsonl", "own.jsonl"),
        ("jsonl:own.jsonl:train", "own.jsonl"),
        ("jsonl:C:/a b/own.jsonl:eval", "C:/a b/own.jsonl"),
        ("jsonl:C:/own.jsonl", "C:/own.jsonl"),
        ("jsonl:own.jsonl:test", "own.jsonl:test"),
        ("jsonl:train", "train"),
    ],
)
def test_a_half_is_told_by_the_end_of_a_source(source: str, path: str) -> None:
    assert source_files(source) == [Path(path)]


def test_a_file_of_the_pipeline_is_no_half(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "own:train", humaneval_row(), humaneval_row(task_id="Own/1"))
    assert len(read_problems(path)) == 2


def test_all_malformed_rows_are_named(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "own.jsonl", *({"task_id": n, "test": ""} for n in range(12)))
    with pytest.raises(InputError) as caught:
        read_problems(path)
    text = str(caught.value)
    assert text.startswith(
        f"{path}:1: task 0: not a problem: it has no field that tells its format"
    )
    assert text.count("not a problem") == 10
    assert text.endswith("; and 2 more")


def test_task_ids_that_differ_in_case_alone_are_refused() -> None:
    with pytest.raises(InputError, match=r"^here: task_ids 'Mbpp/1' and 'mbpp/1' differ in upper"):
        check_set([a_problem("Mbpp/1"), a_problem("Mbpp/2"), a_problem("mbpp/1")], "here")
    check_set([a_problem("Mbpp/1"), a_problem("mbpp/2")], "here")
