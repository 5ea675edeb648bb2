from pathlib import Path

import pytest
from builders import write_lines
from execution_builders import a_sample, a_verdict, an_evaluation
from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel
from failpairs.labels import Label
from failpairs.records import Problem
from failpairs.report.shown_problems import (
    CHANGES,
    change_of,
    failing_line,
    read_programs,
    shown_problems,
)
from failpairs.storage.files import sha256_file

PROBLEM = Problem(
    task_id="t/0",
    prompt='import math\n\n\ndef area(r):\n    """The area."""\n',
    entry_point="area",
    test="def check(candidate):\n    assert candidate(0) == 0\n    assert candidate(1) > 3\n",
    reference="",
    source="test",
    license="",
)
WHOLE = "def area(r):\n    return math.tau * x\n"
SEEDS = ["seed0", "seed1", "seed2"]


def verdict(label: str, **details: object) -> ExecLabel:
    return a_verdict(label).model_copy(update=details)


@pytest.mark.parametrize(
    ("completion", "line", "expected"),
    [
        pytest.param(WHOLE, 3, 2, id="after the prompt's import"),
        pytest.param(f"Sure:\n```python\n{WHOLE}```\n", 3, 4, id="in a fence"),
        pytest.param("    return math.tau * x\n", 6, 1, id="a continuation"),
        pytest.param("    return math.tau * x\n", 4, None, id="a line of the prompt"),
        pytest.param("I cannot.", 1, None, id="no program"),
        pytest.param(WHOLE, None, None, id="no line"),
    ],
)
def test_the_line_at_fault_is_found_in_the_completion(
    completion: str, line: int | None, expected: int | None
) -> None:
    found = verdict("NAME_ERROR", raised_in="candidate", line=line)
    assert failing_line(PROBLEM, a_sample(completion), found) == expected


def test_a_line_of_the_test_is_none_of_the_completion() -> None:
    failed = verdict("ASSERTION_FAIL", raised_in="test", line=2)
    assert failing_line(PROBLEM, a_sample(WHOLE), failed) is None


def test_seeds_that_wrote_the_same_stand_together() -> None:
    base = an_evaluation(["ASSERTION_FAIL"])
    tuned = {name: an_evaluation(["PASS"]) for name in SEEDS}
    texts = {"seed0": "one", "seed1": "other", "seed2": "one"}
    failed = verdict("ASSERTION_FAIL", raised_in="test", line=3, tests_passed=1, tests_total=2)
    programs = {
        "base": {"t/0": (a_sample(WHOLE), failed)},
        **{name: {"t/0": (a_sample(text), verdict("PASS"))} for name, text in texts.items()},
    }
    (case,) = shown_problems(base, tuned, {"t/0": PROBLEM}, programs)
    assert (case.change, case.direction, case.after) == ("fixed in all", "fixed", {"PASS": SEEDS})
    assert [version.seeds for version in case.versions] == [["seed0", "seed2"], ["seed1"]]
    assert case.base.place == "line 3 of the test"
    assert case.base.source == "assert candidate(1) > 3"
    assert (case.base.tests_passed, case.base.tests_total) == (1, 2)


def test_a_problem_without_its_programs_is_left_out() -> None:
    models = an_evaluation(["PASS"]), {"seed0": an_evaluation(["STUB"])}
    assert shown_problems(*models, {"t/0": PROBLEM}, {"base": {}}) == []
    assert shown_problems(*models, {}, {}) == []


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("PASS", ["PASS", "PASS"], "still passes"),
        ("PASS", ["PASS", "STUB"], "broken"),
        ("STUB", ["PASS", "PASS"], "fixed in all"),
        ("STUB", ["PASS", "EXIT"], "fixed in some"),
        ("STUB", ["STUB", "EXIT"], "fails otherwise"),
        ("STUB", ["STUB", "STUB"], "still fails"),
    ],
)
def test_every_problem_has_one_of_six_changes(before: str, after: list[str], change: str) -> None:
    assert change_of(Label[before], [Label[label] for label in after]) == change
    assert change in CHANGES


def test_where_no_label_changed_the_most_frequent_text_stands_for_all() -> None:
    base, failed = an_evaluation(["STUB"]), verdict("STUB")
    texts = {"base": "own", "seed0": "one", "seed1": "other", "seed2": "other"}
    programs = {name: {"t/0": (a_sample(text), failed)} for name, text in texts.items()}
    (shown,) = shown_problems(base, dict.fromkeys(SEEDS, base), {"t/0": PROBLEM}, programs)
    assert (shown.change, shown.after) == ("still fails", {"STUB": SEEDS})
    assert [version.seeds for version in shown.versions] == [["seed1", "seed2"]]


def test_models_that_moved_are_shown_before_those_that_did_not() -> None:
    base, other, passing = (an_evaluation([label]) for label in ("STUB", "EXIT", "PASS"))
    seeds = {"seed0": base, "seed1": other, "seed2": passing}
    programs = {
        name: {"t/0": (a_sample(name), verdict(one.problems[0].labels[0]))}
        for name, one in {"base": base, **seeds}.items()
    }
    (shown,) = shown_problems(base, seeds, {"t/0": PROBLEM}, programs)
    assert shown.change == "fixed in some"
    assert [version.seeds for version in shown.versions] == [["seed2"], ["seed1"], ["seed0"]]


def test_only_first_samples_of_the_problems_wanted_are_read(tmp_path: Path) -> None:
    samples, labels = tmp_path / "samples.jsonl", tmp_path / "exec_labels.jsonl"
    keys = [("t/0", 0), ("t/0", 1), ("t/1", 0)]
    write_lines(samples, *(a_sample("x", *key).model_dump() for key in keys))
    write_lines(labels, *(a_verdict("PASS", *key).model_dump() for key in keys))
    evaluation = an_evaluation(["PASS"], provenance={"samples_sha256": sha256_file(samples)})
    found = read_programs(samples, labels, evaluation, ["t/0"])
    assert {name: sample.sample_index for name, (sample, _) in found.items()} == {"t/0": 0}


def test_samples_of_another_evaluation_are_refused(tmp_path: Path) -> None:
    samples = tmp_path / "samples.jsonl"
    write_lines(samples, a_sample("x").model_dump())
    evaluation = an_evaluation(["PASS"], provenance={"samples_sha256": "0" * 64})
    with pytest.raises(InputError, match="not the samples that were evaluated"):
        read_programs(samples, samples, evaluation, [])


@pytest.mark.parametrize(
    ("fragile", "place", "source"),
    [
        (False, "line 2 of the test", "assert candidate(0) == 0"),
        (True, "line 2 of the additional tests", "assert candidate(10) > 314"),
    ],
)
def test_a_failure_on_additional_tests_alone_shows_a_line_of_these(
    fragile: bool, place: str, source: str
) -> None:
    plus_test = "def check(candidate):\n    assert candidate(10) > 314\n"
    problem = PROBLEM.model_copy(update={"plus_test": plus_test})
    failed = verdict("ASSERTION_FAIL", raised_in="test", line=2, fragile=fragile)
    one = an_evaluation(["ASSERTION_FAIL"])
    programs = {name: {"t/0": (a_sample(WHOLE), failed)} for name in ("base", "seed0")}
    (shown,) = shown_problems(one, {"seed0": one}, {"t/0": problem}, programs)
    assert (shown.base.place, shown.base.source) == (place, source)


def test_a_very_long_line_of_additional_tests_is_cut() -> None:
    problem = PROBLEM.model_copy(update={"plus_test": f"inputs = {[*range(5000)]}\n"})
    failed = verdict("ASSERTION_FAIL", raised_in="test", line=1, fragile=True)
    one = an_evaluation(["ASSERTION_FAIL"])
    programs = {name: {"t/0": (a_sample(WHOLE), failed)} for name in ("base", "seed0")}
    (shown,) = shown_problems(one, {"seed0": one}, {"t/0": problem}, programs)
    assert shown.base.source.startswith("inputs = [0, 1, 2")
    assert len(shown.base.source) == 2001 and shown.base.source.endswith("…")


def test_labels_of_seeds_go_by_the_names_of_problems_and_not_by_their_order() -> None:
    base, tuned = an_evaluation(["STUB", "STUB"]), an_evaluation(["PASS", "STUB"])
    other_order = tuned.model_copy(update={"problems": tuned.problems[::-1]})
    names = ("t/0", "t/1")
    problems = {name: PROBLEM.model_copy(update={"task_id": name}) for name in names}
    programs = {
        model: {name: (a_sample("x", name), a_verdict("STUB", name)) for name in names}
        for model in ("base", "seed0")
    }
    shown = shown_problems(base, {"seed0": other_order}, problems, programs)
    assert [(each.task_id, each.change) for each in shown] == [
        ("t/0", "fixed in all"),
        ("t/1", "still fails"),
    ]
