import ast

import pytest
from builders import a_problem
from failpairs.code.extraction import extract_program, replace_program
from failpairs.code.mutation import mutants
from failpairs.records import Problem
from hypothesis import given, settings
from hypothesis import strategies as st

BODY = "    return n * 2\n"
WHOLE = "def double(n):\n    return n * 2\n"
HELPED = a_problem(
    prompt=(
        "import math\nfrom typing import List\n\n\n"
        "def helper(n: int) -> int:\n    return n\n\n\n"
        'def double(n: int) -> List[int]:\n    """Return n times two."""\n'
    )
)


def result_of(program: str) -> object:
    names: dict[str, object] = {}
    exec(program, names)
    double = names["double"]
    assert callable(double)
    return double(21)


@pytest.mark.parametrize(
    "completion",
    [
        pytest.param(BODY, id="continues the prompt"),
        pytest.param("\n" + BODY, id="continues after an empty line"),
        pytest.param("# as asked\n" + BODY, id="continues after a comment"),
        pytest.param(BODY + "\n\ndef other():\n    pass\n", id="continues and defines more"),
        pytest.param("def double(n):\n\treturn n * 2", id="indented with a tab"),
        pytest.param(WHOLE, id="whole function"),
        pytest.param("FACTOR = 2\n\n\ndef double(n):\n    return n * FACTOR", id="constant first"),
        pytest.param(f"```python\n{WHOLE}```", id="fenced"),
        pytest.param(f"```\n{WHOLE}```\n", id="fenced without a language"),
        pytest.param(f"```python\n{WHOLE}", id="fence never closed"),
        pytest.param(f"{WHOLE}```\nThis doubles n.", id="fence opened by the prompt"),
        pytest.param(f"```python\n{BODY}```", id="fenced continuation"),
        pytest.param(f"Here is the code:\n\n{WHOLE}", id="prose before"),
        pytest.param(f"{WHOLE}\nThis function doubles its argument.", id="prose after"),
        pytest.param(f"{BODY}\nThis function doubles its argument.", id="prose after the body"),
        pytest.param(f"Sure!\n```python\n{WHOLE}```\nIt doubles n.", id="prose around a fence"),
        pytest.param(
            f"First:\n```python\nimport os\n```\nthen\n```python\n{WHOLE}```",
            id="the second block defines it",
        ),
        pytest.param(
            f"```python\n{WHOLE}```\nUse it:\n```python\nprint(double(2))\n```",
            id="an example follows",
        ),
        pytest.param(f"{BODY}<|im_end|>", id="end token left in"),
        pytest.param(f"{WHOLE}</s>", id="other end token left in"),
        pytest.param(WHOLE.replace("\n", "\r\n"), id="Windows line ends"),
        pytest.param(
            '    text = """\nThe quick brown fox\n"""\n    return n * 2\n', id="prose in a string"
        ),
    ],
)
def test_the_code_in_a_completion_becomes_a_program_that_works(completion: str) -> None:
    program, label = extract_program(a_problem(), completion)
    assert label == ""
    assert program is not None
    assert result_of(program) == 42


@pytest.mark.parametrize(
    ("completion", "label"),
    [
        ("", "EMPTY"),
        (" \n\t\n", "EMPTY"),
        ("<|endoftext|>", "EMPTY"),
        ("I'm sorry, but I can't help with that.", "REFUSAL"),
        ("I cannot write this function.", "REFUSAL"),
        ("As an AI language model I do not write code.", "REFUSAL"),
        (" I'm sorry, but I can't help with that.", "REFUSAL"),
        ("I can’t help with that.", "REFUSAL"),
        ("Multiply the argument by two.", "NO_CODE"),
        (" Multiply the argument by two.", "NO_CODE"),
        ("```\n```", "NO_CODE"),
    ],
)
def test_a_completion_without_code_says_why(completion: str, label: str) -> None:
    assert extract_program(a_problem(), completion) == (None, label)


def test_an_apology_with_code_is_no_refusal() -> None:
    program, label = extract_program(a_problem(), f"Sorry, here it is:\n```python\n{WHOLE}```")
    assert (result_of(program or ""), label) == (42, "")


def test_a_whole_function_keeps_the_imports_and_helpers_of_the_prompt() -> None:
    program, _ = extract_program(
        HELPED, "def double(n) -> List[int]:\n    return [math.floor(helper(n)) * 2]\n"
    )
    assert result_of(program or "") == [42]


def test_a_whole_function_is_defined_once() -> None:
    program, _ = extract_program(HELPED, WHOLE)
    names = [n.name for n in ast.parse(program or "").body if isinstance(n, ast.FunctionDef)]
    assert names == ["helper", "double"]


def test_a_continuation_stands_after_the_whole_prompt() -> None:
    program, _ = extract_program(HELPED, BODY)
    assert program == HELPED.prompt + BODY


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(st.characters() | st.sampled_from("`\n \t'\"#:<|>"), max_size=200))
def test_any_text_is_either_a_program_or_has_a_label(completion: str) -> None:
    program, label = extract_program(a_problem(), completion)
    assert (program is None) == (label in {"EMPTY", "REFUSAL", "NO_CODE"})
    assert (program is not None) == (label == "")


@pytest.mark.parametrize(
    ("completion", "expected"),
    [
        ("    return n * 2\n", ["    return n * 3\n"]),
        ("def double(n):\n    return n * 2\n```", ["def double(n):\n    return n * 3\n```"]),
        (
            "Sure:\n\n```python\ndef double(n):\n    return n * 2  # so\n```\nThat's it.",
            ["Sure:\n\n```python\ndef double(n):\n    return n * 3  # so\n```\nThat's it."],
        ),
        ("I cannot help with that.", []),
        ("", []),
    ],
    ids=["continues the prompt", "whole function", "in a fence", "no code", "nothing"],
)
def test_a_program_is_replaced_and_all_around_it_stays(
    completion: str, expected: list[str]
) -> None:
    def triple(program: str) -> list[str]:
        return [program.replace("* 2", "* 3")]

    assert replace_program(a_problem(), completion, triple) == expected


def test_a_change_of_what_the_prompt_holds_is_no_other_completion() -> None:
    assert replace_program(a_problem(), "    return n * 2\n", lambda p: [p.upper()]) == []


AROUND = {
    "continues the prompt": ("", BODY),
    "continues after an empty line": ("\n", BODY),
    "whole function": ("", WHOLE),
    "whole function without a newline": ("", WHOLE.rstrip()),
    "many newlines at the end": ("", f"{WHOLE}\n\n\n"),
    "in a fence": ("Sure, \t\r\nhere:\n\n```py \n", f"{WHOLE}``` \n\nIt doubles ä漢😀.\n\n"),
    "a continuation in a fence": ("```\n", f"{BODY}```"),
    "fence never closed": ("```python\n", WHOLE),
    "the second of three blocks": ("```\nimport os\n```\n", f"{WHOLE}```\n```\ndouble(3)\n```\n"),
    "prose without a fence": ("Here is the code:\n\n", f"{WHOLE}\nThis doubles its argument.\n"),
    "end tokens": ("<|im_start|>", f"{WHOLE}<|im_end|></s>"),
    "Windows line ends": ("Sure:\r\n```python\r\n", WHOLE.replace("\n", "\r\n") + "```\r\n"),
}


@pytest.mark.parametrize("problem", [a_problem(), HELPED], ids=["alone", "with helpers"])
@pytest.mark.parametrize(("before", "rest"), AROUND.values(), ids=AROUND.keys())
def test_what_stands_around_a_replaced_program_stays_byte_for_byte(
    before: str, rest: str, problem: Problem
) -> None:
    changes = ("* 3", "* 2 + '漢'", "* (\n        4\n    )")
    seen: list[str] = []

    def change(program: str) -> list[str]:
        seen.append(program)
        return [program.replace("* 2", text) for text in changes]

    found = replace_program(problem, before + rest, change)
    assert found == [before + rest.replace("* 2", text) for text in changes]
    assert seen == [extract_program(problem, before + rest)[0]]


@pytest.mark.parametrize(("before", "rest"), AROUND.values(), ids=AROUND.keys())
def test_a_replaced_program_is_what_the_new_completion_stands_for(before: str, rest: str) -> None:
    (found,) = replace_program(HELPED, before + rest, lambda p: [p.replace("* 2", "* 3")])
    program, _ = extract_program(HELPED, found)
    assert result_of(program or "") == 63


@pytest.mark.parametrize("completion", [BODY, WHOLE])
def test_only_changes_of_what_the_model_wrote_are_completions(completion: str) -> None:
    found = replace_program(HELPED, completion, lambda p: [m.source for m in mutants(p)])
    assert found
    for text in found:
        program, _ = extract_program(HELPED, text)
        assert (program or "").startswith("import math\nfrom typing import List\n")
        assert "def helper(n: int) -> int:\n    return n\n" in (program or "")


@pytest.mark.parametrize("completion", ["```\n```", "<|endoftext|>", "As an AI I do not.", "\n"])
def test_where_there_is_no_code_nothing_is_replaced(completion: str) -> None:
    assert replace_program(a_problem(), completion, lambda _: ["x = 1\n"]) == []
