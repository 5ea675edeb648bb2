from pathlib import Path

import pytest
from failpairs.models.prompts import FORMATS
from failpairs.sampling.sampled_model import STOP_WINDOW, SampledModel
from llama_like import llama_like_tokenizer

TOKENIZER = llama_like_tokenizer()
EOS = TOKENIZER.eos_token_id


def sampled(prompt_format: str = "completion") -> SampledModel:
    return SampledModel(Path(), None, "float32", FORMATS[prompt_format], TOKENIZER, (EOS,))


def ids(*tokens: str) -> list[int]:
    return TOKENIZER.convert_tokens_to_ids(list(tokens))


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (["▁▁▁▁", "return", "▁", "x", "</s>"], "    return x"),
        (["▁▁▁▁", "return"], "    return"),
        (["return"], "return"),
        (["</s>"], ""),
        (["▁", "</s>"], " "),
        (["<0xE2>", "<0x82>", "<0xAC>", "<0x0A>", "▁"], "€\n "),
        (["<0xE2>", "<0x82>"], "��"),
        (["▁", "<s>", "▁", "x"], " <s> x"),
    ],
)
def test_the_text_is_what_the_tokens_say_after_a_prompt(tokens: list[str], text: str) -> None:
    assert sampled().text(ids(*tokens)) == text


def test_the_end_of_an_answer_is_found_however_much_stands_before_it() -> None:
    stop = ids("<0x0A>", "d", "e", "f")
    for before in range(2 * STOP_WINDOW):
        answer = [*ids(*["▁"] * before), *stop]
        assert sampled().has_stop(answer)
        assert not sampled().has_stop(answer[:-1])
    assert sampled("chat").has_stop(ids("`", "`", "`"))
    assert not sampled("chat").has_stop(ids("`", "`"))
