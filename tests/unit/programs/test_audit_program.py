"""The program `audit.py`, on pairs whose faults are known."""

import json
import random
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from builders import a_problem, write_lines
from failpairs.code.mutation import mutants
from failpairs.problems.decontamination import decontaminate
from failpairs.problems.sources import load_problems
from failpairs.problems.starter_bank import load_starter
from failpairs.records import Problem
from warm_python import run_program

N_PAIRS, N_FLIPPED, N_FOREIGN, N_DUPLICATED = 2000, 100, 60, 80
# Their references are as short as `return len(string)`, which gives no problem away.
SHORT = {"HumanEval/2", "HumanEval/23", "HumanEval/27", "HumanEval/28"}
HOSTILE = "</script><img src=x onerror=alert(1)>"
PROBLEM = a_problem()
RIGHT, WRONG = "    return n * 2\n", "    return n ** 3\n"


def audit(folder: Path, *rows: Any, **options: str) -> subprocess.CompletedProcess[str]:
    """Run the program on rows of pairs, and on the problems in a file of the folder."""
    write_lines(folder / "pairs.jsonl", *rows)
    given = {"problems": "problems.jsonl", "workers": "2", "timeout": "2", **options}
    outputs = ("--rows=audit.jsonl", "--output=audit.html")
    settings = (f"--{name}={value}" for name, value in given.items())
    return run_program("audit", folder, "pairs.jsonl", *outputs, *settings)


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """The rows of the audit."""
    lines = (folder / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def rows_with(folder: Path, finding: str) -> set[int]:
    return {row["row"] for row in rows_of(folder) if finding in row["findings"]}


@dataclass(frozen=True)
class Programs:
    """A problem, its reference and programs that fail its test."""

    problem: Problem
    failing: list[str]


def passes(program: str, problem: Problem) -> bool:
    """Whether a program of ours passes, found out without the executor."""
    names: dict[str, Any] = {}
    try:
        exec(program, names)
        exec(problem.test, names)
        names["check"](names[problem.entry_point])
    except Exception:
        return False
    return True


def with_failing_mutants(problem: Problem, theirs: list[Problem]) -> Programs:
    """A problem with two mutants that fail and are no solution of another problem."""
    changed = [
        problem.model_copy(update={"reference": mutant.source})
        for mutant in mutants(problem.reference)
    ]
    apart, _ = decontaminate([problem, *changed], theirs, ngram=10)
    return Programs(problem, [p.reference for p in apart if not passes(p.reference, problem)][:2])


def told(program: str, draw: random.Random) -> str:
    """A program as a chat model tells it, in words that no other answer has."""
    words = ("".join(draw.choices("bcdfghklmnprst", k=6)) for _ in range(40))
    return f"The answer {' '.join(words)}.\n\n```python\n{program.rstrip()}\n```\n"


def row(prompt: str, chosen: str, rejected: str) -> dict[str, Any]:
    return {
        "prompt": [{"role": "user", "content": prompt}],
        "chosen": [{"role": "assistant", "content": chosen}],
        "rejected": [{"role": "assistant", "content": rejected}],
    }


def test_known_faults_among_two_thousand_pairs_are_counted_exactly(tmp_path: Path) -> None:
    draw = random.Random(0)
    simple = [p for p in load_starter(max_level=1) if "for" not in p.reference.split()]
    theirs = load_problems("humaneval", "eval")
    apart, _ = decontaminate(simple, theirs, ngram=10)
    found = [with_failing_mutants(problem, theirs) for problem in apart[:20]]
    ours = [each for each in found if len(each.failing) == 2][:8]
    assert len(ours) == 8
    theirs = theirs[:30]
    places = draw.sample(range(1, N_PAIRS), N_FLIPPED + N_FOREIGN + N_DUPLICATED)
    flipped = set(places[:N_FLIPPED])
    foreign = set(places[N_FLIPPED : N_FLIPPED + N_FOREIGN])
    duplicated = set(places[N_FLIPPED + N_FOREIGN :])
    leaked: set[int] = set()
    rows: list[dict[str, Any]] = []
    clean: list[dict[str, Any]] = []
    for place in range(N_PAIRS):
        if place in duplicated:
            copy = json.loads(json.dumps(draw.choice(clean)))
            copy["chosen"][0]["content"] += "# as before\n"
            rows.append(copy)
        elif place in foreign:
            number = sorted(foreign).index(place)
            task = theirs[number % len(theirs)]
            # The first half leak by the prompt, the others by the program.
            by_prompt = number < len(theirs)
            if by_prompt or task.task_id not in SHORT:
                leaked.add(place)
            prompt = task.prompt if by_prompt else "Please solve the exercise."
            program = "def f():\n    return 1\n" if by_prompt else task.reference
            rows.append(row(prompt, told(program, draw), told("def f():\n    pass\n", draw)))
        else:
            kind = ours[place % len(ours)]
            sides = [kind.problem.reference, kind.failing[place % 2]]
            answers = [told(side, draw) for side in sides]
            request = f"Complete this function:\n\n{kind.problem.prompt}"
            rows.append(row(request, *(answers[::-1] if place in flipped else answers)))
            if place not in flipped:
                clean.append(rows[-1])
    write_lines(tmp_path / "problems.jsonl", *(kind.problem.model_dump() for kind in ours))
    done = audit(tmp_path, *rows)
    assert done.returncode == 0, done.stderr

    def numbers(group: set[int]) -> set[int]:
        return {place + 1 for place in group}

    assert rows_with(tmp_path, "chosen side fails") == numbers(flipped)
    assert rows_with(tmp_path, "rejected side passes") == numbers(flipped)
    assert rows_with(tmp_path, "flipped: chosen side fails, rejected side passes") == numbers(
        flipped
    )
    assert rows_with(tmp_path, "leaks an evaluation problem") == numbers(leaked)
    assert rows_with(tmp_path, "matches no problem") == numbers(foreign)
    assert rows_with(tmp_path, "nearly the same as an earlier pair") == numbers(duplicated)
    for finding in ("both sides are identical", "a side is empty", "cannot be judged"):
        assert rows_with(tmp_path, finding) == set()
    table = done.stdout.splitlines()
    assert table[0].split() == ["pairs", "2000"]
    assert table[1].split()[3:5] == ["100", "5.0%"]
    assert "1940 of 2000 pairs match a problem" in done.stderr


def test_each_finding_names_its_row_and_its_cause(tmp_path: Path) -> None:
    write_lines(
        tmp_path / "problems.jsonl",
        PROBLEM.model_dump(),
        a_problem("t/1", entry_point="other", prompt="def other(n):\n", reference="").model_dump(),
    )
    done = audit(
        tmp_path,
        {"prompt": PROBLEM.prompt, "chosen": RIGHT, "rejected": WRONG},
        {"prompt": PROBLEM.prompt, "chosen": "", "rejected": RIGHT},
        {"prompt": "say hello", "chosen": " ", "rejected": " "},
        {"prompt": "x", "task_id": "t/0", "chosen": "I am sorry.", "rejected": RIGHT},
        {"prompt": "x", "task_id": "HumanEval/3", "chosen": "a", "rejected": "b"},
        {"prompt": PROBLEM.prompt, "chosen": f"{RIGHT}    # \ud800", "rejected": f"{WRONG}#"},
    )
    assert done.returncode == 0, done.stderr
    rows = rows_of(tmp_path)
    assert [(row["task_id"], row["chosen_label"], row["rejected_label"]) for row in rows] == [
        ("t/0", "PASS", "ASSERTION_FAIL"),
        ("t/0", "EMPTY", "PASS"),
        (None, None, None),
        ("t/0", "REFUSAL", "PASS"),
        (None, None, None),
        ("t/0", "SYNTAX_ERROR", "ASSERTION_FAIL"),
    ]
    flipped = [
        "chosen side fails",
        "rejected side passes",
        "flipped: chosen side fails, rejected side passes",
    ]
    assert [row["findings"] for row in rows] == [
        [],
        [*flipped, "a side is empty"],
        ["both sides are identical", "a side is empty", "matches no problem"],
        flipped,
        ["leaks an evaluation problem", "matches no problem"],
        ["chosen side fails", "nearly the same as an earlier pair"],
    ]
    assert rows[4]["leaks"] == ["task_id: HumanEval/3"]
    assert rows[5]["duplicate_of"] == 1


def test_a_problem_with_a_fault_judges_no_pair(tmp_path: Path) -> None:
    broken = a_problem(reference=f"{PROBLEM.prompt}{WRONG}")
    write_lines(tmp_path / "problems.jsonl", broken.model_dump())
    done = audit(tmp_path, {"prompt": PROBLEM.prompt, "chosen": RIGHT, "rejected": WRONG})
    assert done.returncode == 0, done.stderr
    assert "problem t/0: its reference does not pass its own test" in done.stderr
    assert rows_of(tmp_path)[0]["findings"] == ["cannot be judged"]


def test_what_others_wrote_stays_text_on_the_page(tmp_path: Path) -> None:
    write_lines(tmp_path / "problems.jsonl", a_problem(f"t/{HOSTILE}").model_dump())
    program = f"{WRONG}    # {HOSTILE} \u202e\n"
    done = audit(
        tmp_path,
        {"prompt": f"{PROBLEM.prompt}# {HOSTILE}", "chosen": program, "rejected": program},
        {"prompt": HOSTILE, "chosen": HOSTILE, "rejected": ""},
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "audit.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert "<script" not in page
    assert "\u202e" not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("option", ["rows", "output"])
def test_the_pairs_themselves_are_never_overwritten(tmp_path: Path, option: str) -> None:
    pair = {"prompt": "a", "chosen": "b", "rejected": "c"}
    done = audit(tmp_path, pair, **{option: "pairs.jsonl"})
    assert (done.returncode, done.stderr) == (
        2,
        "error: pairs.jsonl: is read as well; write to another file\n",
    )
    assert json.loads((tmp_path / "pairs.jsonl").read_text(encoding="utf-8")) == pair


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"problems": "nowhere"}, "problem source 'nowhere': expected one of"),
        ({"problems": "pairs.jsonl"}, "pairs.jsonl:1: not a problem"),
        ({"eval": "nowhere"}, "problem source 'nowhere': expected one of"),
        ({"ngram": "2"}, "problems.ngram: 2 should be greater than or equal to 5"),
        ({"near-duplicate": "0"}, "curation.near_duplicate: 0.0 should be greater than 0"),
    ],
)
def test_wrong_options_end_in_one_line(tmp_path: Path, options: dict[str, str], fault: str) -> None:
    write_lines(tmp_path / "problems.jsonl", PROBLEM.model_dump())
    done = audit(tmp_path, {"prompt": "a", "chosen": "b", "rejected": "c"}, **options)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert fault in done.stderr
