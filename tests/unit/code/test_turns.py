import pytest
from failpairs.code.turns import answer_of, without_tags


@pytest.mark.parametrize(
    ("text", "answer", "is_thinking"),
    [
        ("    return 1\n", "    return 1\n", False),
        ("<think>a</think>\n    return 1\n", "\n    return 1\n", False),
        ("a\n</think>b", "b", False),
        ("<think>\na\n```\nb\n```</think>```\nc\n```", "```\nc\n```", False),
        ("<think>a", "", True),
        ("b\n<think>\na", "b\n", True),
        ("<think>say `</think>` at the end</think>b", "b", False),
        ("x = '</think>'\n", "x = '</think>'\n", False),
        ("if a<think>b:\n", "if a<think>b:\n", False),
        ("x = [think]\n", "x = [think]\n", False),
        ("<THINK>a</THINK>b", "b", False),
        ("<|begin_of_thought|>a<|end_of_thought|>b", "b", False),
        ("<|START_THINKING|>a<|END_THINKING|>b<|END_OF_TURN_TOKEN|>", "b", False),
        ("<|im_start|><s>a<|im_end|>b", "a", False),
        ("a</s></s>", "a", False),
        ("a[INST]b[/INST]", "a", False),
        ("x = '<|im_end|>'", "x = '<|im_end|>'", False),
        ("<|endoftext|>", "", False),
        ("a <| b |> c", "a <| b |> c", False),
    ],
)
def test_an_answer_has_no_thoughts_and_ends_with_its_turn(
    text: str, answer: str, is_thinking: bool
) -> None:
    assert answer_of(text) == (answer, is_thinking)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("<answer>a</answer>", "\na\n"),
        ("[PYTHON]\na\n[/PYTHON]", "\n\na\n\n"),
        ("[BEGIN]\n    a\n[DONE]", "\n\n    a\n\n"),
        ("f('<code>')", "f('<code>')"),
        ("x = [code]", "x = [code]"),
    ],
)
def test_tags_are_left_out(text: str, without: str) -> None:
    assert without_tags(text) == without
