"""What tests/gpu and benchmarks/gpu.py run: the shape of Qwen2.5-Coder-3B with random weights.

`FAILPAIRS_GPU_TESTS=cpu` has the same tests run with a tiny shape on the CPU.
"""

import json
import os
import random
from pathlib import Path
from typing import Any

import torch
from failpairs.models.load import MANIFEST
from failpairs.records import Pair
from failpairs.workflow.gpu_lease import DETERMINISTIC
from tiny_model import tiny_tokenizer
from transformers import AutoModelForCausalLM, Qwen2Config

os.environ.setdefault(*DETERMINISTIC)  # as in a job, before CUDA starts
ON_CPU = os.environ.get("FAILPAIRS_GPU_TESTS") == "cpu"
QWEN_3B = {
    "vocab_size": 151936,
    "hidden_size": 2048,
    "intermediate_size": 11008,
    "num_hidden_layers": 36,
    "num_attention_heads": 16,
    "num_key_value_heads": 2,
    "max_position_embeddings": 32768,
}
TINY = {
    "vocab_size": 512,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 2048,
}


def random_model(dtype: torch.dtype = torch.float32, tiny: bool = ON_CPU) -> Any:
    """The model in evaluation mode, made on the GPU, or on the CPU if tiny; the same weights on
    every call."""
    config = Qwen2Config(
        **(TINY if tiny else QWEN_3B),
        rms_norm_eps=1e-6,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=0,
        pad_token_id=0,
    )
    torch.manual_seed(0)
    with torch.device("cpu" if tiny else "cuda"):
        model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    return model.to(dtype).eval()


def write_folder(folder: Path, model: Any) -> Path:
    """A model folder without weights, which `random_model` makes: its manifest vouches for them."""
    folder.mkdir()
    model.config.save_pretrained(folder)
    tiny_tokenizer().save_pretrained(folder)
    manifest = {"id": "random", "revision": "", "files": {"model.safetensors": "0" * 64}}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def random_prompts(model: Any, count: int, shortest: int, longest: int) -> list[tuple[str, Any]]:
    """Prompts of random tokens, as `decode` takes them."""
    draw = random.Random(0)
    return [
        (
            f"p{number}",
            [
                draw.randrange(1, model.config.vocab_size)
                for _ in range(draw.randint(shortest, longest))
            ],
        )
        for number in range(count)
    ]


def text_pairs(count: int, length: int = 12) -> list[Pair]:
    """Pairs of texts; a side has about ten tokens per unit of `length`."""
    right, wrong = "x = x + 1\n" * length, "x = x - 1\n" * length
    return [
        Pair(
            prompt=f"<user>{'add one to ' * length}{number}<end><assistant>",
            chosen=f"{right}return {number}\n```",
            rejected=f"{wrong}return {number}\n```",
            task_id=f"t/{number}",
            chosen_index=0,
            rejected_index=1,
            rejected_label="NAME_ERROR",
            similarity=0.5,
            length_ratio=1.0,
        )
        for number in range(count)
    ]
