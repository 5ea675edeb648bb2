from pathlib import Path

import pytest
import torch
from builders import a_problem
from failpairs.errors import InputError
from failpairs.records import Pair
from failpairs.sampling.sampler import load_sampler, sample_problems
from failpairs.sampling.settings import SamplingSettings
from failpairs.sampling.token_draws import Generation
from failpairs.sampling.transformers_decoding import decode
from failpairs.training.encoding import encode_pairs, require_room
from llama_like import SCHEMES, llama_like_tokenizer
from tiny_model import tiny_model, tiny_tokenizer
from transformers import BloomConfig, LlamaConfig, MistralConfig, Qwen2Config

PROMPT = 'def double(n):\n    """Return n times two."""\n'


def a_pair(chosen: str, rejected: str, prompt: str = PROMPT) -> Pair:
    return Pair(
        prompt=prompt,
        chosen=chosen,
        rejected=rejected,
        task_id="t/0",
        chosen_index=0,
        rejected_index=1,
        rejected_label="NAME_ERROR",
        similarity=0.5,
        length_ratio=1.0,
    )


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("prompt_format", ["chat", "completion"])
def test_answers_are_encoded_as_what_follows_their_prompt(scheme: str, prompt_format: str) -> None:
    tokenizer = llama_like_tokenizer(scheme)
    chosen, rejected = "    return n * 2\n", "return n\n```"
    row = encode_pairs(tokenizer, [a_pair(chosen, rejected)], prompt_format)[0]
    for side, text in (("chosen_ids", chosen), ("rejected_ids", rejected)):
        whole = tokenizer(PROMPT + text, add_special_tokens=prompt_format == "completion")
        assert row["prompt_ids"] + row[side] == [*whole["input_ids"], tokenizer.eos_token_id]


def test_byte_level_answers_are_encoded_alone() -> None:
    tokenizer = tiny_tokenizer()
    row = encode_pairs(tokenizer, [a_pair("    return é\n", "\n")], "chat")[0]
    for side, text in (("chosen_ids", "    return é\n"), ("rejected_ids", "\n")):
        assert row[side] == [*tokenizer(text)["input_ids"], tokenizer.eos_token_id]


def test_a_pair_that_the_tokenizer_cannot_encode_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"the pair t/0 \(0, 1\): .* of the rejected completion"):
        encode_pairs(llama_like_tokenizer(), [a_pair("x", "▁")], "completion")
    with pytest.raises(InputError, match=r"the pair t/0 \(0, 1\): .* of the chosen completion"):
        encode_pairs(tiny_tokenizer(), [a_pair("\ud800", "x")], "completion")


def test_a_pair_without_samples_is_named_by_its_text() -> None:
    own = a_pair("x", "▁").model_copy(update={"chosen_index": None, "rejected_index": None})
    with pytest.raises(InputError, match=r"the pair of t/0 whose chosen completion begins 'x': "):
        encode_pairs(llama_like_tokenizer(), [own], "completion")


def test_a_pair_beyond_the_context_or_the_sliding_window_is_refused_by_name() -> None:
    pairs = [a_pair("xxx", "x", prompt="p")]
    rows = encode_pairs(tiny_tokenizer(), pairs, "chat")  # of 5 tokens, the end token included
    require_room(rows, pairs, MistralConfig(max_position_embeddings=5, sliding_window=5))
    require_room(rows, pairs, BloomConfig())  # has positions for any number of tokens
    require_room(rows, pairs, Qwen2Config(sliding_window=4))  # does not use it
    with pytest.raises(InputError, match=r"the pair t/0 \(0, 1\) has 5 tokens, .* has room for 4"):
        require_room(rows, pairs, LlamaConfig(max_position_embeddings=4))
    with pytest.raises(InputError, match=r"has 5 tokens, .* only the last 4 \(its sliding window"):
        require_room(rows, pairs, MistralConfig(sliding_window=4))


@pytest.mark.parametrize(("temperature", "n_samples"), [(0.0, 1), (1.0, 16)])
def test_the_ids_that_are_drawn_are_stored_as_text_and_trained_on(
    tmp_path: Path, temperature: float, n_samples: int
) -> None:
    problem = a_problem(prompt=PROMPT)
    sampler = load_sampler(write_llama_like_model(tmp_path), None, "float32", "completion")
    settings = SamplingSettings(n_samples=n_samples, temperature=temperature, max_new_tokens=12)
    samples, _ = sample_problems(sampler, [problem], settings, n_samples)

    model = sampler.model
    prompt = (problem.task_id, model.encode(PROMPT))
    generation = Generation(**settings.generation(), eos_token_ids=model.eos_token_ids)
    (drafts,) = decode(sampler.engine.model, [prompt], generation, model.has_stop, n_samples)
    pairs = [a_pair(sample.completion, sample.completion) for sample in samples]
    rows = encode_pairs(model.tokenizer, pairs, "completion")
    for draft, row in zip(drafts, rows, strict=True):
        ended = [] if draft.finish_reason == "eos" else [model.tokenizer.eos_token_id]
        assert row["prompt_ids"] == prompt[1]
        assert row["chosen_ids"] == row["rejected_ids"] == [*draft.tokens, *ended]
    if temperature == 0:
        assert samples[0].completion.startswith(" ")


def write_llama_like_model(folder: Path) -> Path:
    """A model whose most likely answer to the prompt begins with a space; it draws no tokens of
    bytes, so that whatever it draws is the encoding of its text."""
    tokenizer = llama_like_tokenizer(merges=[], more="\n")
    model = tiny_model(tokenizer.convert_tokens_to_ids("<0x00>"))
    with torch.no_grad():
        likely = model(torch.tensor([tokenizer(PROMPT)["input_ids"]])).logits[0, -1].argmax().item()
        swapped = [likely, tokenizer.convert_tokens_to_ids("▁")]
        model.lm_head.weight[swapped] = model.lm_head.weight[swapped[::-1]]
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
