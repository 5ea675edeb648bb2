import ast
import doctest
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from builders import IGNORE_ESCAPES, data_file, run_check
from failpairs.code.mutation import mutants
from failpairs.code.syntax import normalised
from failpairs.errors import InputError
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.labels import PASS
from failpairs.problems.decontamination import decontaminate
from failpairs.problems.sources import load_problems
from failpairs.problems.starter_bank import half_of, load_starter
from failpairs.records import Problem, Sample

BANK = load_starter()
MOST_SURVIVORS = 3  # of the mutants of one problem
FUNCTION = 'def {name}(n: int) -> int:\n    """{text}"""\n    return n\n\n\n'
CHECK = "def check_{name}(candidate):\n    assert candidate(1) == 1\n\n\n"


def a_file(name: str = "same_number", text: str = "Return n.", level: int = 1) -> str:
    head = f'"""A topic."""\n\nLEVEL = {level}\n\n\n'
    return head + FUNCTION.format(name=name, text=text) + CHECK.format(name=name)


def write_bank(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("problem", BANK, ids=lambda problem: problem.entry_point)
def test_a_reference_passes_its_own_check(problem: Problem) -> None:
    run_check(problem, problem.reference)


@pytest.mark.parametrize("answer", [None, True, False, 0, 1, "", [], {}])
def test_no_check_is_content_with_one_answer_to_everything(answer: Any) -> None:
    for problem in BANK:
        with pytest.raises(AssertionError):
            run_check(problem, f"def {problem.entry_point}(*given): return {answer!r}")


def test_every_check_has_at_least_six_cases() -> None:
    few = [
        problem.entry_point
        for problem in BANK
        if sum(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(problem.test))) < 6
    ]
    assert few == []


def test_every_docstring_s_examples_hold() -> None:
    runner, parser = doctest.DocTestRunner(verbose=False), doctest.DocTestParser()
    for problem in BANK:
        names: dict[str, Any] = {}
        exec(problem.reference, names)
        doc = names[problem.entry_point].__doc__
        found = parser.get_doctest(doc, names, problem.entry_point, None, None)
        assert found.examples, problem.entry_point
        runner.run(found)
    assert runner.summarize(verbose=False).failed == 0


def test_a_prompt_is_the_beginning_of_its_reference() -> None:
    for problem in BANK:
        assert problem.reference.startswith(problem.prompt)
        assert problem.prompt.rstrip().endswith('"""')


def test_names_and_solutions_of_the_bank_are_all_different() -> None:
    assert len({problem.entry_point for problem in BANK}) == len(BANK)
    assert len({normalised(problem.reference) for problem in BANK}) == len(BANK)


def test_references_pass_and_mutants_of_them_fail_in_the_sandbox() -> None:
    changed = {problem.task_id: mutants(problem.reference) for problem in BANK}
    samples = [
        Sample(task_id=problem.task_id, sample_index=index, completion=text)
        for problem in BANK
        for index, text in enumerate(
            [problem.reference, *(mutant.source for mutant in changed[problem.task_id])]
        )
    ]
    settings = ExecutionSettings(timeout=0.5, memory_mb=512, runs=1)
    verdicts = list(execute_samples(BANK, samples, settings, find_tier(), workers=2))
    assert [v for v in verdicts if v.sample_index == 0 and v.label != PASS] == []
    # Those that change nothing, such as `<=` for `<` where both give the same, count as survivors.
    survivors = [v for v in verdicts if v.sample_index > 0 and v.label == PASS]
    told = [changed[v.task_id][v.sample_index - 1] for v in survivors]
    assert len(survivors) <= 0.03 * sum(map(len, changed.values())), told
    for task_id, count in Counter(v.task_id for v in survivors).items():
        assert count <= MOST_SURVIVORS, (task_id, [v for v in survivors if v.task_id == task_id])


@IGNORE_ESCAPES
@pytest.mark.parametrize("benchmark", ["humaneval", "mbpp"])
def test_no_problem_is_one_of_a_benchmark_in_disguise(benchmark: str) -> None:
    source = "humaneval" if benchmark == "humaneval" else f"jsonl:{data_file('mbpp.jsonl')}"
    kept, dropped = decontaminate(BANK, load_problems(source, "eval"), ngram=10)
    assert dropped == []
    assert kept == BANK


@pytest.mark.parametrize(
    ("task_id", "split"),
    [
        ("starter/digit_sum", "eval"),
        ("starter/count_zero_digits", "eval"),
        ("starter/digit_gap", "train"),
        ("starter/snail_days", "eval"),
    ],
)
def test_a_problem_stays_on_its_side(task_id: str, split: str) -> None:
    assert half_of(task_id) == split


def test_a_level_leaves_out_the_harder_files(tmp_path: Path) -> None:
    write_bank(tmp_path, a=a_file("easy", level=1), b=a_file("hard", level=3))
    assert [p.entry_point for p in load_starter(tmp_path, max_level=2)] == ["easy"]
    assert [p.entry_point for p in load_starter(tmp_path)] == ["easy", "hard"]


def test_a_file_becomes_problems(tmp_path: Path) -> None:
    (problem,) = load_starter(write_bank(tmp_path, topic=a_file()))
    assert problem == Problem(
        task_id="starter/same_number",
        prompt='def same_number(n: int) -> int:\n    """Return n."""\n',
        entry_point="same_number",
        test="def check(candidate):\n    assert candidate(1) == 1\n",
        reference='def same_number(n: int) -> int:\n    """Return n."""\n    return n\n',
        source="starter",
        license="Apache-2.0",
    )


@pytest.mark.parametrize("text", ["Größe: ß", "line\u2028separator", "form\x0cfeed"])
def test_any_character_may_stand_in_a_docstring(tmp_path: Path, text: str) -> None:
    (problem,) = load_starter(write_bank(tmp_path, topic=a_file(text=text)))
    assert problem.prompt == f'def same_number(n: int) -> int:\n    """{text}"""\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (a_file().replace("check_same_number", "check_other"), "there is no check_same_number"),
        (a_file().replace('    """Return n."""\n', ""), "it has no docstring"),
        (a_file().replace("LEVEL = 1", ""), "does not say LEVEL"),
        (a_file(level=4), "LEVEL"),
        (a_file() + a_file(text="Again."), "same_number.*twice"),
    ],
    ids=["no check", "no docstring", "no level", "unknown level", "defined twice"],
)
def test_a_bad_file_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault) as caught:
        load_starter(write_bank(tmp_path, topic=text))
    assert re.search(re.escape(str(tmp_path)), str(caught.value))


def test_a_name_may_not_be_used_in_two_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="same_number is defined twice"):
        load_starter(write_bank(tmp_path, a=a_file(), b=a_file()))


def test_a_folder_without_problems_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no problems"):
        load_starter(tmp_path)
