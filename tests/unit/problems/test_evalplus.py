import gzip
import hashlib
from pathlib import Path
from typing import Any

import pytest
from builders import data_file, evalplus_row, run_check, write_lines
from failpairs.errors import InputError
from failpairs.problems.evalplus import RELEASES, Release, problem_from_evalplus
from failpairs.problems.jsonl import read_problems
from failpairs.problems.sources import load_problems


def an_mbpp_row(number: int, code: str, inputs: list[Any], **changes: Any) -> dict[str, Any]:
    """A row as in the release of MBPP+, whose only function is `f`, with the same inputs twice."""
    row = {
        "task_id": f"Mbpp/{number}",
        "prompt": '"""\nWrite a function to say "\\\\n".\nassert f(1) == 2\n"""\n',
        "entry_point": "f",
        "canonical_solution": code,
        "base_input": inputs,
        "plus_input": inputs,
        "assertion": "assert f(1) == 2",
    }
    return evalplus_row(**{**row, **changes})


def test_base_and_plus_inputs_become_two_tests() -> None:
    problem = problem_from_evalplus(evalplus_row(), "f:1", "own")
    prompt = 'def double(n):\n    """Return n times two."""\n'
    reference = f"{prompt}    return n * 2\n"
    options = "'double', atol=0.0, rule='', shapes=[]"
    start = "def check(candidate):\n    oracles.check_inputs(candidate, "
    assert problem.test == f"{start}'[[2], [0]]', {reference!r}, {options})\n"
    assert problem.plus_test == f"{start}'[[-3], [0.5]]', {reference!r}, {options})\n"
    assert (problem.prompt, problem.reference) == (prompt, reference)
    assert (problem.license, problem.kind) == ("Apache-2.0", "function")


def test_without_plus_inputs_there_is_no_additional_test() -> None:
    assert problem_from_evalplus(evalplus_row(plus_input=[]), "f:1", "own").plus_test == ""


@pytest.mark.parametrize(
    ("wrong", "passes_base"),
    [("    return n * 2 if n >= 0 else 0\n", True), ("    return n\n", False)],
)
def test_a_program_may_fail_on_plus_inputs_alone(wrong: str, passes_base: bool) -> None:
    problem = problem_from_evalplus(evalplus_row(), "f:1", "own")
    program = problem.prompt + wrong
    base = problem.model_copy(update={"plus_test": ""})
    if passes_base:
        run_check(base, program)
    else:
        with pytest.raises(AssertionError, match="case 1: got 2, expected 4"):
            run_check(base, program)
    with pytest.raises(AssertionError):
        run_check(problem, program)


def test_the_prose_of_mbpp_plus_becomes_a_docstring() -> None:
    code = "import math\ndef f(n, k = 2):\n  return math.prod([n, k])\n"
    problem = problem_from_evalplus(an_mbpp_row(1, code, [[1]]), "f:1", "own")
    assert problem.prompt == (
        'def f(n, k=2):\n    """Write a function to say "\\\\n".\n    assert f(1) == 2\n    """\n'
    )
    assert problem.reference == code
    run_check(problem, problem.reference)


@pytest.mark.parametrize(
    ("number", "given", "made"),
    [
        (2, [[1], [2]], ((1,), (2,))),
        (63, [[[1, 2], [3]]], ([(1, 2), (3,)],)),
        (75, [[[1, 2]], 6], ([(1, 2)], 6)),
        (106, [[1], [2]], ([1], (2,))),
        (115, [[[1, 2], []]], ([{1, 2}, {}],)),
        (124, ["1.5", "1j"], (1.5, 1j)),
        (252, ["(1+2j)"], (1 + 2j,)),
        (259, [[[1], [2]], [[3]]], (((1,), (2,)), ((3,),))),
        (278, [[1, [2, 3]]], ((1, (2, 3)),)),
        (307, [[1], 2, [3]], ((1,), 2, [3])),
        (722, [{"a": [1, 2]}, 3], ({"a": (1, 2)}, 3)),
        (3, [[1], [2]], ([1], [2])),
    ],
)
def test_arguments_of_mbpp_plus_have_their_types_again(
    number: int, given: list[Any], made: tuple[Any, ...]
) -> None:
    problem = problem_from_evalplus(
        an_mbpp_row(number, "def f(*given):\n  return repr(given)\n", [given]), "f:1", "own"
    )
    run_check(problem, problem.reference)
    with pytest.raises(AssertionError) as caught:
        run_check(problem, "def f(*given):\n  return ''\n")
    assert repr(repr(made)) in str(caught.value)


@pytest.mark.parametrize(
    ("task_id", "entry_point", "rule"),
    [
        ("HumanEval/32", "find_zero", "root"),
        ("Mbpp/2", "similar_elements", "same_set"),
        ("Mbpp/164", "are_equivalent", "anything"),
        ("Mbpp/295", "sum_div", "or_zero"),
        ("Mbpp/558", "digit_distance_nums", "digits"),
        ("Mbpp/581", "surface_Area", "pyramid"),
        ("Mbpp/794", "text_starta_endb", "not_none"),
        ("Own/1", "similar_elements", ""),
        ("HumanEval/1", "similar_elements", ""),
    ],
)
def test_tasks_with_several_right_answers_have_rules(
    task_id: str, entry_point: str, rule: str
) -> None:
    code = f"def {entry_point}(n):\n  return n\n"
    prompt = '"""\nProse.\n"""\n' if task_id.startswith("Mbpp") else code
    row = evalplus_row(
        task_id=task_id, entry_point=entry_point, prompt=prompt, canonical_solution=code
    )
    assert f"rule={rule!r}" in problem_from_evalplus(row, "f:1", "own").test


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"atol": ...}, "field 'atol': field required"),
        ({"base_input": ...}, "field 'base_input': field required"),
        ({"plus_input": [1]}, "field 'plus_input.0'"),
        ({"task_id": "Mbpp/1", "prompt": "def double("}, "field 'prompt'"),
        ({"task_id": "Mbpp/1", "prompt": '"""A."""', "canonical_solution": "x = 1"}, "'double'"),
    ],
)
def test_a_bad_row_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError) as caught:
        problem_from_evalplus(evalplus_row(**change), "f:1", "own")
    assert str(caught.value).startswith("f:1: ")
    assert named in str(caught.value)


@pytest.mark.parametrize("name", ["humanevalplus", "mbppplus"])
def test_a_release_is_read_from_a_file_or_downloaded_and_checked(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_lines(tmp_path / "f", evalplus_row())
    (problem,) = load_problems(f"{name}:{file}", "eval")
    assert problem.source == name
    packed = tmp_path / "f.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    right = hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
    monkeypatch.setitem(RELEASES, name, Release(packed.as_uri(), right))
    assert load_problems(name, "eval") == [problem]
    monkeypatch.setitem(RELEASES, name, Release(packed.as_uri(), "0" * 32))
    with pytest.raises(InputError, match=f"has MD5 {right} unpacked, .* write {name}:PATH"):
        load_problems(name, "eval")
    monkeypatch.setitem(RELEASES, name, Release((tmp_path / "none").as_uri(), right))
    with pytest.raises(InputError, match=f"{name}: cannot download .* write {name}:PATH"):
        load_problems(name, "eval")


def test_the_release_of_humaneval_plus_is_the_one_whose_sum_is_known() -> None:
    packed = data_file("HumanEvalPlus-v0.1.10.jsonl.gz").read_bytes()
    found = hashlib.md5(gzip.decompress(packed), usedforsecurity=False).hexdigest()
    assert found == RELEASES["humanevalplus"].md5


def test_every_reference_of_the_published_humaneval_plus_passes() -> None:
    problems = read_problems(data_file("HumanEvalPlus-v0.1.10.jsonl.gz"))
    assert len(problems) == 164
    # The plus inputs of these are so large that their references alone compute for a minute.
    slow = {f"HumanEval/{number}" for number in (15, 36, 59, 83, 94, 130, 139)}
    for problem in problems:
        assert problem.plus_test
        some = problem.model_copy(update={"plus_test": ""}) if problem.task_id in slow else problem
        run_check(some, problem.reference)
