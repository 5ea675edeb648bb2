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


def run(program: str) -> dict[str, object]:
    names: dict[str, object] = {}
    exec(program, names)
    return names


def result_of(program: str) -> object:
    double = run(program)["double"]
    assert callable(double)
    return double(21)


SCRIPT = "n = int(input())\nprint(2 * n)\n"
METHOD = "class Solution:\n    def double(self, n):\n        return 2 * n\n"
SHIFTED = "1. Read.\n\n   ```python\n   n = int(input())\n   print(2 * n)\n   ```\n"


@pytest.mark.parametrize(
    "around",
    [
        "Use this rule:\n\n   dp[i] = dp[i-1] + dp[i-2]\n\n```python\n{}```\n",
        "```python\n{}```\nwhere\n\n    total = total + n\n\nis the sum.\n",
        "```python\n{}```\nFor the sample input:\n\nn = 3\n\nthe program prints 6.\n",
        "{}",
    ],
    ids=["indented line before", "indented line after", "value after", "alone"],
)
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "program", "entry_point": "main"}, SCRIPT),
        ({"entry_point": "Solution.double"}, METHOD),
    ],
    ids=["script", "method"],
)
def test_the_program_counts_and_not_the_prose_of_a_task(
    changes: dict[str, str], code: str, around: str
) -> None:
    problem = a_problem(prompt="Read n, and print twice n.\n", **changes)
    program, label = extract_program(problem, around.format(code))
    assert (program and program.strip(), label) == (code.strip(), "")


def test_a_method_may_continue_a_prompt_that_is_code() -> None:
    prompt = 'class Solution:\n    def double(self, n):\n        """Twice n."""\n'
    problem = a_problem(prompt=prompt, entry_point="Solution.double")
    body = "        return n * 2\n"
    assert extract_program(problem, body) == (prompt + body, "")


def test_a_class_that_does_not_parse_is_the_answer_all_the_same() -> None:
    problem = a_problem(prompt="Double n.\n", entry_point="Solution.double")
    wrong = "class Solution:\n    def double(self, n)\n        return n * 2\n"
    text = f"```python\n{wrong}```\nUse it:\n```python\nprint(Solution().double(21))\n```\n"
    program, _ = extract_program(problem, text)
    assert program == wrong


def test_the_last_script_counts_also_where_an_earlier_one_has_a_main_function() -> None:
    problem = a_problem(prompt="Read n.\n", kind="program", entry_point="main")
    slow = "def main():\n    n = int(input())\n    print(sum([2] * n))\n\n\nmain()\n"
    text = f"```python\n{slow}```\nFaster:\n```python\n{SCRIPT}```\n"
    program, _ = extract_program(problem, text)
    assert program and program.strip() == SCRIPT.strip()


def test_a_script_that_is_shifted_by_a_list_is_found() -> None:
    problem = a_problem(prompt="Read n.\n", kind="program", entry_point="main")
    program, label = extract_program(problem, SHIFTED)
    assert (program and program.strip(), label) == (SCRIPT.strip(), "")


@pytest.mark.parametrize("line", ["yield n", "await n", "(m := n)", "yield from n, n"])
def test_a_body_of_one_expression_that_does_something_is_code(line: str) -> None:
    assert extract_program(a_problem(), f"    {line}\n") == (
        f"{a_problem().prompt}    {line}\n",
        "",
    )


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


WRONG = "def double(n):\n    return n\n"
SUM = "def add(a, b):\n    return a + b\n"
ADDING = "def double(n):\n    return add(n, n)\n"
METHOD = "class Solution:\n    def double(self, n):\n        return n * 2\n"
USAGE = "from solution import double\n\nprint(double(3))\n"
QUOTING = '''def double(n):
    """Twice n.

    ```
    double(1)
    ```
    """
    return n * 2
'''


def fenced(code: str, marks: str = "```") -> str:
    return f"{marks}python\n{code}{marks}\n"  # code ends in a newline


@pytest.mark.parametrize(
    "completion",
    [
        pytest.param(f"<think>\nSo:\n\n{WRONG}\nNo.\n</think>\n\n{WHOLE}", id="draft in a thought"),
        pytest.param(f"<think>\n{fenced(WRONG)}</think>{fenced(WHOLE)}", id="fence in a thought"),
        pytest.param(
            f"So:\n{WRONG}\nNo.\n</think>\n\n{WHOLE}", id="thought that the prompt opened"
        ),
        pytest.param(f"[THINK]{WRONG}[/THINK]{WHOLE}", id="thought in brackets"),
        pytest.param(f"◁think▷{WRONG}◁/think▷\n{BODY}", id="thought in triangles"),
        pytest.param(f"<seed:think>{WRONG}</seed:think>{WHOLE}", id="thought with a prefix"),
        pytest.param(f"<reasoning>a</reasoning><think>b</think>\n{WHOLE}", id="two thoughts"),
        pytest.param(
            f"<|channel|>analysis<|message|>{WRONG}<|end|><|start|>assistant<|channel|>final"
            f"<|message|>{WHOLE}<|return|>",
            id="channels",
        ),
        pytest.param(f"{WHOLE}\n<think>\nIs that right?", id="thought after the answer"),
        pytest.param(
            "def double(n):\n    '</think>'\n    return n * 2\n\nDone so.\n", id="quoted tag"
        ),
        pytest.param(f"{fenced(WRONG)}No:\n{fenced(WHOLE)}", id="the last block counts"),
        pytest.param(f"{fenced(WHOLE)}As in:\n```python\n{WRONG}", id="before an unclosed block"),
        pytest.param(f"{fenced(SUM)}and\n{fenced(ADDING)}", id="helper in a block before"),
        pytest.param(f"{fenced(ADDING)}and\n{fenced(SUM)}", id="helper in a block after"),
        pytest.param(
            f"{fenced(WRONG + SUM)}Now:\n{fenced(ADDING)}",
            id="helper in a draft",
        ),
        pytest.param(fenced("n = double(3)\n") + fenced(WHOLE), id="example before"),
        pytest.param(fenced(METHOD) + fenced(WHOLE) + fenced(USAGE), id="a method and an import"),
        pytest.param(f"Output:\n```\n[2]\n```\nCode:\n{fenced(WHOLE)}", id="output block"),
        pytest.param(f"~~~py\n{WHOLE}~~~", id="tildes"),
        pytest.param(fenced(QUOTING), id="fence in a docstring"),
        pytest.param(fenced(QUOTING, "````"), id="fence in a docstring in a longer fence"),
        pytest.param(QUOTING, id="fence in a docstring without a fence"),
        pytest.param(f"{QUOTING}\nThat is all.\n", id="fence in a docstring, then prose"),
        pytest.param(f"````markdown\n{fenced(WHOLE)}````\n", id="block in a block"),
        pytest.param(f"```python\n{WHOLE.rstrip()}```\nSo.", id="closed on the last line"),
        pytest.param(
            f"{WHOLE.rstrip()}```\nSo.", id="closed on the last line, opened by the prompt"
        ),
        pytest.param(f"```python\n{WRONG}{fenced(WHOLE)}", id="opened twice"),
        pytest.param(f"```python\n```python\n{WHOLE}```", id="opened twice at once"),
        pytest.param(f"```python\n{WHOLE}```</answer>", id="fence and tag in a line"),
        pytest.param(
            "1. So:\n\n   ```python\n   def double(n):\n       return n * 2\n   ```\n",
            id="in a list",
        ),
        pytest.param(
            "- ```python\n  def double(n):\n      return n * 2\n  ```\n", id="in a list, at once"
        ),
        pytest.param(f"{WHOLE}\nExplanation:\n1. Two times.\n", id="list after"),
        pytest.param(f"{BODY}\nExplanation:\n1. Two times.\n", id="list after the body"),
        pytest.param(f"{WHOLE}\n**Time**: O(1).\n", id="bold after"),
        pytest.param(f"{WHOLE}\nTime: O(1)\nDone\n", id="prose that parses after"),
        pytest.param(f"{WHOLE}\n该函数返回两倍。\n", id="Chinese after"),
        pytest.param(f"这是函数：\n\n{WHOLE}", id="Chinese before"),
        pytest.param(f"here it is, as asked:\n\n{WHOLE}", id="lower case before"),
        pytest.param(f"Sure\n\n{WHOLE}", id="a word before"),
        pytest.param(f"It's easy to import this:\n\n{BODY}", id="prose before the body"),
        pytest.param(f"{BODY}\nOr with prose:\n\n    return n * 3\n", id="body quoted after"),
        pytest.param(f"So:\n{WRONG}\nNo, corrected:\n{WHOLE}", id="corrected without fences"),
        pytest.param(f"[PYTHON]\n{WHOLE}[/PYTHON]\n", id="bracketed tags"),
        pytest.param(f"<answer>{WHOLE.rstrip()}</answer>", id="answer tags"),
        pytest.param(f"<code>{BODY.rstrip()}</code>", id="tags around the body"),
        pytest.param(f"\ufeff{WHOLE}", id="byte order mark"),
        pytest.param(f"```python\n\ufeff{WHOLE}```", id="byte order mark in a fence"),
        *(
            pytest.param(f"{WHOLE.rstrip()}{token}\nuser: thanks", id=token)
            for token in (
                *("<|EOT|>", "<｜end▁of▁sentence｜>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>"),
                *("<end_of_turn>", "</s>", "<|end|>", "[/INST]"),
            )
        ),
        pytest.param(
            f"<|start_header_id|>assistant<|end_header_id|>\n\n{WHOLE}<|eot_id|>", id="header"
        ),
        pytest.param(
            "def double(n):\n    '</s>'\n    return n * 2\n\nThat is it.", id="quoted token"
        ),
        pytest.param(
            '```python\n"""Twice."""\nfrom __future__ import annotations\nimport os\n\n'
            "def double(n: int) -> Never:\n    return n * 2\n```",
            id="future import",
        ),
        pytest.param("    return add(n, n)\n\n\n" + SUM, id="body, then its helper"),
        pytest.param(f"    return add(n, n)\n\n\n{SUM}\nSo be it.", id="body, helper and prose"),
        pytest.param(" def double(n):\n     return n * 2\n", id="shifted by a space"),
        pytest.param(
            "So:\n\n    def double(n):\n        return n * 2\n\nThat.", id="shifted by four"
        ),
        pytest.param('{"code": "def double(n):\\n    return n * 2\\n"}', id="JSON"),
        pytest.param("double = lambda n: n * 2\n", id="no def"),
    ],
)
@pytest.mark.parametrize("problem", [a_problem(), HELPED], ids=["alone", "with helpers"])
def test_models_write_programs_in_many_ways(completion: str, problem: Problem) -> None:
    program, label = extract_program(problem, completion)
    assert (label, result_of(program or "")) == ("", 42)


@pytest.mark.parametrize(
    "completion",
    [
        pytest.param("\treturn n * 2\n", id="tab after spaces"),
        pytest.param("def double(n):\n\u00a0\u00a0return n * 2\n", id="no-break spaces"),
        pytest.param("    x = 1\0\n    return n * 2\n", id="NUL"),
        pytest.param(f"import os\0\n{WHOLE}", id="NUL in an import"),
        pytest.param(f"{WHOLE}\nprint(double(2)\n", id="wrong example"),
        pytest.param(f"{WHOLE}\n\nif __name__", id="cut off"),
        pytest.param(f'{WHOLE}\n"""\nAnd so on', id="open string"),
        pytest.param(f"from from os import path\n\n{WHOLE}", id="wrong import"),
        pytest.param(fenced(WHOLE) + fenced("def double(n):\n"), id="last block"),
        pytest.param(f"def double(n):\n    return (n\n\n{WHOLE}", id="wrong draft"),
        pytest.param("edouble(n):\n    return n * 2\n", id="garbled header"),
        pytest.param("Sure:\n\ndef double(n):\n    return n *\n\nThat is it.", id="prose around"),
    ],
)
def test_a_wrong_program_is_not_mended(completion: str) -> None:
    program, label = extract_program(a_problem(), completion)
    assert label == ""
    with pytest.raises((SyntaxError, ValueError)):
        compile(program or "", "program", "exec")


def test_a_method_is_no_function() -> None:
    program, _ = extract_program(a_problem(), fenced(METHOD))
    assert "double" not in run(program or "")


def test_only_what_the_answer_needs_is_taken_from_other_blocks() -> None:
    program, _ = extract_program(
        a_problem(), fenced(f"import os\n{SUM}print(add(1, 2))\n") + fenced(ADDING)
    )
    assert program == SUM + ADDING.rstrip()


@pytest.mark.parametrize(
    ("completion", "label"),
    [
        ("<think>\nI need to double n:\n\n" + WHOLE, "UNFINISHED_THOUGHT"),
        ("<think>", "UNFINISHED_THOUGHT"),
        ("Let me see.\n<thinking>\n```python\n" + WHOLE + "```", "UNFINISHED_THOUGHT"),
        ("<think>\nTwo times.\n</think>", "EMPTY"),
        ("<think>\nTwo times.\n</think>\nTwo times.", "NO_CODE"),
        ("42", "NO_CODE"),
        ("[1, 2]\nTime: O(1)", "NO_CODE"),
        ("# Twice\n\nI cannot do that.", "REFUSAL"),
        ("```\n    [2, 4]\n```", "NO_CODE"),
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


NONE = {"EMPTY", "REFUSAL", "NO_CODE", "UNFINISHED_THOUGHT"}


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(st.characters() | st.sampled_from("`\n \t'\"#:<|>"), max_size=200))
def test_any_text_is_either_a_program_or_has_a_label(completion: str) -> None:
    program, label = extract_program(a_problem(), completion)
    assert (program is None) == (label in NONE)
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
    "a draft before": (f"{fenced(WRONG)}No.\n```\n", f"{WHOLE}```"),
    "a thought": (f"<think>\n{WHOLE}</think>\n", WHOLE),
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
