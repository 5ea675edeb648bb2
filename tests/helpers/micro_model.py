"""A real but tiny language model for the tests: it knows some problems by heart, with mistakes.

A two-layer Llama is trained for about a minute on the references of a few problems and on corrupted
copies of them, so that sampling it gives passes and failures of several modes.

    python tests/helpers/micro_model.py FOLDER

writes FOLDER/micro-model and FOLDER/micro-eval.jsonl, as config/test.yaml expects them.
"""

import ast
import itertools
import re
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from failpairs.models.prompts import encode, render_prompt
from failpairs.problems.sources import load_problems
from failpairs.records import Problem
from failpairs.storage.files import write_jsonl
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

TEMPLATE = "{% for message in messages %}<user>{{ message.content }}<end>{% endfor %}<assistant>"
STEPS, LEARNING_RATE, BATCH = 150, 3e-3, 32
N_PROBLEMS = 12  # of each set, as problems.limit in config/test.yaml


def write_micro_model(folder: Path, problems: list[Problem], steps: int = STEPS) -> None:
    """Train the model on the problems and write it as a model folder."""
    torch.manual_seed(0)
    answers = {problem.task_id: variants(problem) for problem in problems}
    tokenizer = tokenizer_of([*(p.prompt for p in problems), *itertools.chain(*answers.values())])
    sequences = [
        (
            encode(tokenizer, render_prompt(tokenizer, problem.prompt, "chat"), "chat"),
            [*tokenizer(text, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id],
        )
        for problem in problems
        for text in answers[problem.task_id]
    ]
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=128,
            intermediate_size=256,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=1024,
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    train_on_answers(model, sequences, tokenizer.pad_token_id, steps)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def variants(problem: Problem) -> list[str]:
    """Answers to learn: the reference twice, and a copy with each mistake that it allows."""
    tree = ast.parse(problem.reference)
    function = next(n for n in tree.body if isinstance(n, ast.FunctionDef))
    function.body = function.body[1:] if ast.get_docstring(function) else function.body
    right = ast.unparse(tree)
    wrong_name = re.sub(rf"\breturn (.*)\b{function.args.args[0].arg}\b", r"return \1itme", right)
    wrong_value = re.sub(r"\breturn ", "return not ", right)
    no_colon = right.replace(":\n", "\n", 1)
    other_function = right.replace(f"def {function.name}(", "def solve(", 1)
    wrong = [wrong_name, wrong_value, no_colon, other_function]
    texts = [right, right] + [text for text in wrong if text != right]
    return [f"{text}\n```" for text in texts]


def tokenizer_of(texts: list[str], size: int = 700) -> PreTrainedTokenizerFast:
    """A tokenizer with so many tokens that fit the texts."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<pad>", "<eos>", "<user>", "<end>", "<assistant>"]
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<eos>", pad_token="<pad>")
    fast.chat_template = TEMPLATE
    return fast


def train_on_answers(
    model: PreTrainedModel,
    sequences: list[tuple[list[int], list[int]]],
    pad: int,
    steps: int,
) -> None:
    """Train all weights on answers to prompts, both as token ids."""
    generator = torch.Generator().manual_seed(0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    model.train()
    for _ in range(steps):
        chosen = torch.randint(len(sequences), (BATCH,), generator=generator).tolist()
        batch = [sequences[i] for i in chosen]
        width = max(len(prompt) + len(answer) for prompt, answer in batch)
        ids = torch.full((BATCH, width), pad)
        labels = torch.full((BATCH, width), -100)
        for row, (prompt, answer) in enumerate(batch):
            end = len(prompt) + len(answer)
            ids[row, :end] = torch.tensor(prompt + answer)
            labels[row, len(prompt) : end] = torch.tensor(answer)
        # Padding stands on the right, so causal attention never sees it.
        loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    model.eval()


if __name__ == "__main__":
    torch.set_num_threads(2)
    target = Path(sys.argv[1])
    train, evaluation = (load_problems("starter:1", s)[:N_PROBLEMS] for s in ("train", "eval"))
    write_jsonl(target / "micro-eval.jsonl", evaluation)
    write_micro_model(target / "micro-model", train + evaluation)
