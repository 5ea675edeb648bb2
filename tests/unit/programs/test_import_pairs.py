"""What `import_pairs.py` says of the pairs."""

from builders import a_foreign_pair
from failpairs.commands.import_pairs import describe, remarks
from failpairs.curation.own_pairs import LeftOut
from failpairs.exchange.pairs import ForeignPair

MARKS = ["<|im_start|>", "<|im_end|>"]
TALK = [{"role": "user", "content": "Do it."}]


def test_each_row_that_is_left_out_is_named_with_its_reason() -> None:
    leak = "leaks an evaluation problem"
    pairs = [ForeignPair("x", number, "standard", "p", "c", "r") for number in range(1, 9)]
    left_out = [LeftOut(pairs[0], "both sides are identical")]
    left_out += [LeftOut(pair, leak, f"prompt: e/{pair.number}") for pair in pairs[1:]]
    assert describe(left_out, 20) == [
        "1 of 20 pairs are left out: both sides are identical (row 1)",
        f"7 of 20 pairs are left out: {leak} (row 2, prompt: e/2; row 3, prompt: e/3; row 4, "
        "prompt: e/4; row 5, prompt: e/5; row 6, prompt: e/6; …)",
    ]


def test_nothing_is_said_of_pairs_that_are_as_evaluation_asks() -> None:
    rendered = a_foreign_pair(f"{MARKS[0]}user\nDo it.{MARKS[1]}")
    talk = ForeignPair("x", 2, "conversational", TALK, "c", "r")
    assert remarks([rendered, talk], 0, MARKS) == []
    assert remarks([a_foreign_pair()], 0, []) == []  # the model continues the prompts in both


def test_plain_prompts_empty_sides_and_held_out_pairs_are_named() -> None:
    empty = ForeignPair("x", 7, "standard", "p", "c", " ")
    held_out, sides, texts = remarks([a_foreign_pair(), empty], 1, MARKS)
    assert held_out.startswith("1 of 2 pairs are held out")
    assert sides.endswith("are trained on, too: row 7")
    assert texts.startswith("2 prompts are plain texts")
