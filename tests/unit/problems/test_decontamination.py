import re
import subprocess
import sys
from pathlib import Path

import pytest
from builders import IGNORE_ESCAPES, a_problem, data_file
from failpairs.problems.decontamination import decontaminate
from failpairs.problems.sources import load_problems
from failpairs.problems.standard_input import function_problem, problem_from_apps
from failpairs.problems.starter_bank import load_starter
from failpairs.records import Problem
from failpairs.storage.files import read_json, read_jsonl, write_jsonl
from hypothesis import given, settings
from hypothesis import strategies as st
from places import SCRIPTS

WORDS = re.findall(r"\w+", "one two three four five six seven eight nine ten eleven twelve")


def a_task(task_id: str, text: str, body: str = "return n") -> Problem:
    """A problem whose reference is its own, unless the body says otherwise."""
    prompt = f'def f(n):\n    """{text}"""\n'
    return a_problem(task_id, prompt=prompt, entry_point="f", reference=f"{prompt}    {body}\n")


def test_a_shared_run_of_words_is_dropped_and_reported() -> None:
    train = a_task("t/1", "Zero " + " ".join(WORDS[:5]), "return 1")
    evaluation = a_task("e/1", " ".join(WORDS[:5]) + " end", "return 2")
    kept, dropped = decontaminate([train], [evaluation], 5)
    assert kept == []
    assert dropped == [
        {
            "task_id": "t/1",
            "eval_task_id": "e/1",
            "reason": "5 words",
            "match": "one two three four five",
        }
    ]


@pytest.mark.parametrize("length", range(5, 13))
def test_one_word_less_than_the_limit_is_kept(length: int) -> None:
    train = a_task("t/1", "left " + " ".join(WORDS[: length - 1]) + " side", "return 1")
    evaluation = a_task("e/1", "right " + " ".join(WORDS[: length - 1]) + " end", "return 2")
    kept, _ = decontaminate([train], [evaluation], length)
    assert kept == [train]
    _, dropped = decontaminate([train], [evaluation], length - 1)
    assert [match["task_id"] for match in dropped] == ["t/1"]


def test_case_punctuation_and_line_breaks_do_not_hide_words() -> None:
    train = a_task("t/1", "ONE, two;\n    three: (four) FIVE!", "return 1")
    evaluation = a_task("e/1", "One two three four five", "return 2")
    assert decontaminate([train], [evaluation], 5)[0] == []


def test_a_reference_is_known_under_other_names() -> None:
    train = a_task("t/1", "Apples.", "total = n + 1\n    return total * total")
    evaluation = a_problem(
        "e/1",
        prompt='def pears(x: int) -> int:\n    """Pears."""\n',
        entry_point="pears",
        reference='def pears(x: int) -> int:\n    """Pears."""\n    # next\n'
        "    y = x + 1\n    return y * y\n",
    )
    kept, dropped = decontaminate([train], [evaluation], 10)
    assert kept == []
    assert dropped == [
        {"task_id": "t/1", "eval_task_id": "e/1", "reason": "reference", "match": ""}
    ]


def test_a_task_id_is_known_in_either_case_where_the_function_is_the_same() -> None:
    train = [a_task(f"mbpp/{n}", "Apples.", f"return n + {n}") for n in (1, 2, 3)]
    evaluation = [
        a_task("Mbpp/1", "Pears.", "return n * n"),
        a_task("Mbpp/2", "Pears.", "return n - 1").model_copy(update={"entry_point": "g"}),
    ]
    kept, dropped = decontaminate(train, evaluation, 10)
    assert kept == train[1:]
    assert dropped == [
        {"task_id": "mbpp/1", "eval_task_id": "Mbpp/1", "reason": "task id", "match": ""}
    ]


def test_contests_number_their_programs_anew_in_every_split() -> None:
    train, evaluation = a_program_task("apps/1", "Apples."), a_program_task("apps/1", "Pears.")
    assert decontaminate([train], [evaluation], 10) == ([train], [])


def test_a_reference_that_is_nested_too_deeply_matches_none() -> None:
    deep = a_task("t/1", "Apples.", "return " + "+".join(["n"] * 900))
    assert decontaminate([deep], [deep.model_copy(update={"task_id": "e/1"})], 10) == ([deep], [])


def a_program_task(task_id: str, question: str) -> Problem:
    """A problem of a contest without a reference."""
    tests = {"inputs": ["1"], "outputs": ["1"]}
    row = {"id": task_id, "question": question, "input_output": tests}
    return problem_from_apps(row, "f:1", "own")


def test_prose_is_compared_by_its_own_words_alone() -> None:
    evaluation = a_program_task("e", "One two three four five.")
    same = a_program_task("same", "Given one, two,\nthree: four five!")
    other = a_program_task("other", "Six seven eight nine ten.")
    kept, dropped = decontaminate([same, other], [evaluation], 5)
    assert kept == [other]
    assert dropped == [
        {
            "task_id": "apps/same",
            "eval_task_id": "apps/e",
            "reason": "5 words",
            "match": "one two three four five",
        }
    ]


def a_method_task(number: int, question: str) -> Problem:
    """A problem of a contest that asks for a method, as LiveCodeBench has them."""
    starter = f"class Solution:\n    def solve{number}(self, nums: List[int], k: int) -> int:"
    more = {"task_id": f"t/{number}", "reference": "", "source": "own", "license": "CC"}
    cases = [([[1], 2], 3)]
    name = f"solve{number}"
    return function_problem(question, starter, name, True, cases, more, "f:1", wrapped=False)


def test_the_request_of_a_method_is_in_no_problems_own_words() -> None:
    train = [a_method_task(1, "Count apples."), a_method_task(2, "Weigh the pears.")]
    evaluation = [a_method_task(3, "Eat figs."), a_method_task(4, "Please weigh the pears.")]
    assert decontaminate(train, evaluation, 10) == (train, [])
    assert [each["match"] for each in decontaminate(train, evaluation, 3)[1]] == ["weigh the pears"]


FRUITS = ("apples", "pears", "figs", "plums")
SHARED = "Input is given from Standard Input in the following format"


@pytest.mark.parametrize(("n_prompts", "n_kept"), [(1, 0), (2, 0), (3, 1), (4, 1)])
def test_words_that_many_prompts_of_a_source_share_are_phrasing(
    n_prompts: int, n_kept: int
) -> None:
    train = a_program_task("t", f"Count the cows. {SHARED}")
    evaluation = [a_program_task(f"e{i}", f"Eat {FRUITS[i]}. {SHARED}") for i in range(n_prompts)]
    assert len(decontaminate([train], evaluation, 10)[0]) == n_kept


def test_copies_of_a_problem_do_not_make_its_words_phrasing() -> None:
    train = a_program_task("t", f"Count the cows. {SHARED}")
    same = [a_program_task(f"e{i}", f"Eat figs. {SHARED}") for i in range(4)]
    others = [
        a_program_task(f"e{i}", f"Eat {fruit}. {SHARED}").model_copy(update={"source": fruit})
        for i, fruit in enumerate(FRUITS)
    ]
    for evaluation in (same, others):
        (dropped,) = decontaminate([train], evaluation, 10)[1]
        assert dropped["eval_task_id"] == "apps/e0"


def test_versions_of_a_task_do_not_make_its_words_phrasing() -> None:
    text = " ".join(WORDS)
    ends = ("", " Print the steps.", " Print it modulo seven.", " Count from zero.")
    versions = [a_task(f"e/{n}", text + end, f"return {n}") for n, end in enumerate(ends)]
    kept, dropped = decontaminate([a_task("t/1", text)], versions, 5)
    assert kept == []
    assert [match["eval_task_id"] for match in dropped] == ["e/0"]


def test_without_evaluation_problems_everything_is_kept_in_order() -> None:
    train = [a_task(f"t/{n}", "Same text.") for n in (3, 1, 2)]
    assert decontaminate(train, [], 5) == (train, [])


texts = st.lists(st.sampled_from(WORDS[:3]), max_size=9).map(" ".join)
tasks = st.lists(st.tuples(texts, st.integers(0, 30)), max_size=6)


@settings(deadline=None, max_examples=80)
@given(train=tasks, evaluation=tasks, ngram=st.integers(5, 8))
def test_each_problem_is_either_kept_or_dropped_and_more_evaluation_keeps_no_more(
    train: list[tuple[str, int]], evaluation: list[tuple[str, int]], ngram: int
) -> None:
    ours = [a_task(f"t/{i}", text, f"return {n}") for i, (text, n) in enumerate(train)]
    theirs = [a_task(f"e/{i}", text, f"return {n}") for i, (text, n) in enumerate(evaluation)]
    kept, dropped = decontaminate(ours, theirs, ngram)
    gone = {match["task_id"] for match in dropped}
    assert kept == [problem for problem in ours if problem.task_id not in gone]
    assert len(kept) + len(dropped) == len(ours)
    # Of one source, more prompts may show that words are phrasing; of several, they never do.
    apart = [p.model_copy(update={"source": p.task_id}) for p in theirs]
    (fewer, _), (more, _) = (decontaminate(ours, of, ngram) for of in (apart[:-1], apart))
    assert {p.task_id for p in more} <= {p.task_id for p in fewer}


def test_the_starter_bank_holds_no_problem_of_humaneval() -> None:
    assert decontaminate(load_starter(), load_problems("humaneval", "eval"), 10)[1] == []


@IGNORE_ESCAPES
def test_the_starter_bank_holds_no_problem_of_mbpp() -> None:
    source = f"mbpp:{data_file('mbpp.jsonl')}"
    mbpp = load_problems(source, "train") + load_problems(source, "eval")
    assert decontaminate(load_starter(), mbpp, 10)[1] == []


@IGNORE_ESCAPES
def test_the_known_overlap_of_mbpp_with_humaneval_is_dropped() -> None:
    train = load_problems(f"mbpp:{data_file('mbpp.jsonl')}", "train")
    _, dropped = decontaminate(train, load_problems("humaneval", "eval"), 10)
    assert {(match["task_id"], match["eval_task_id"]) for match in dropped} == {
        ("mbpp/517", "HumanEval/35"),
        ("mbpp/635", "HumanEval/78"),
        ("mbpp/730", "HumanEval/78"),
        ("mbpp/745", "HumanEval/107"),
        ("mbpp/792", "HumanEval/23"),
        ("mbpp/943", "HumanEval/78"),
        ("mbpp/960", "HumanEval/55"),
    }


def test_the_program_drops_what_matches_any_source_of_evaluation(tmp_path: Path) -> None:
    tasks = [a_task(f"t/{i}", f"Return {i}.", f"return {i}") for i in range(3)]
    write_jsonl(tmp_path / "train.jsonl", tasks)
    for i in range(2):
        other = tasks[i].model_copy(update={"task_id": f"e/{i}"})
        write_jsonl(tmp_path / f"eval{i}.jsonl", [other])

    def run(*evaluation: str) -> subprocess.CompletedProcess[str]:
        script = SCRIPTS / "prepare_problems.py"
        command = "--source jsonl:train.jsonl --output out.jsonl --dropped dropped.json --against"
        return subprocess.run(
            [sys.executable, str(script), *command.split(), *evaluation],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    done = run("jsonl:eval0.jsonl", "jsonl:eval1.jsonl")
    assert (done.returncode, done.stdout) == (
        0,
        "2 of 3 training problems match an evaluation problem and are dropped (reference: 2), such "
        "as t/0, which matches e/0\n",
    )
    assert list(read_jsonl(tmp_path / "out.jsonl", Problem)) == tasks[2:]
    dropped = read_json(tmp_path / "dropped.json")
    assert [(d["task_id"], d["eval_task_id"]) for d in dropped] == [("t/0", "e/0"), ("t/1", "e/1")]
    done = run("jsonl:train.jsonl")
    assert (done.returncode, "every problem matches one of" in done.stderr) == (2, True)
