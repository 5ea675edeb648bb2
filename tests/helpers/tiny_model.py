"""A random two-layer model and a byte-level tokenizer, for tests that need any model at all."""

import random
from pathlib import Path
from typing import Any

import torch
from failpairs.training.encoding import Encoded, difference
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

TEMPLATE = "{% for message in messages %}<user>{{ message.content }}<end>{% endfor %}<assistant>"
SPECIAL = ["<eos>", "<user>", "<end>", "<assistant>"]


def tiny_tokenizer() -> PreTrainedTokenizerFast:
    """One token a byte."""
    vocabulary = {token: i for i, token in enumerate(SPECIAL)}
    for symbol in sorted(pre_tokenizers.ByteLevel.alphabet()):
        vocabulary[symbol] = len(vocabulary)
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<eos>",
        pad_token="<eos>",
        additional_special_tokens=SPECIAL[1:],
    )
    fast.chat_template = TEMPLATE
    return fast


def tiny_model(vocab_size: int = 260, hidden_size: int = 32, **settings: Any) -> LlamaForCausalLM:
    """Random weights, large enough that the model has opinions."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=vocab_size,
        hidden_size=hidden_size,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        initializer_range=0.3,
        bos_token_id=None,
        eos_token_id=0,
        pad_token_id=0,
        **settings,
    )
    return LlamaForCausalLM(config).eval()


def write_tiny_model(folder: Path, **settings: Any) -> Path:
    """A model folder with both; the settings are those of the model's configuration."""
    tokenizer = tiny_tokenizer()
    tiny_model(len(tokenizer), **settings).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def random_pairs(count: int) -> list[Encoded]:
    """Encoded pairs of up to 54 tokens."""
    draw = random.Random(0)

    def tokens(shortest: int, longest: int) -> list[int]:
        return [draw.randrange(4, 260) for _ in range(draw.randint(shortest, longest))]

    pairs = []
    for _ in range(count):
        prompt, chosen, rejected = tokens(1, 30), tokens(1, 12), tokens(1, 12)
        ids = {"prompt_ids": prompt, "chosen_ids": chosen, "rejected_ids": rejected}
        pairs.append({**ids, **difference(chosen, rejected)})
    return pairs
