"""Whether sampling draws what the model says, with the embedded model.

- Greedy completions are those of `model.generate(do_sample=False)`, token for token.
- With an adapter they are those of a PEFT model and `generate`.
- First tokens follow the softmax: a chi-squared test of 4,000 of them.
- In 1, 3 and 7 shards the same texts are drawn.

Where two ways draw different tokens, the cause must be rounding: the distance from a tie is shown.
It is the gap between the two logits for greedy decoding, and else how far the random number lies
from the boundary between the two tokens in the cumulative distribution. The last line printed is a
JSON object with all figures.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from scipy.stats import chisquare

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.models.load import load_model
from failpairs.models.prepare import EMBEDDED, prepare_model
from failpairs.models.prompts import render_prompt
from failpairs.problems.sources import load_problems
from failpairs.sampling.sampler import Sampler, load_sampler
from failpairs.sampling.token_draws import Draft, Generation, uniforms
from failpairs.sampling.transformers_decoding import decode

MAX_NEW_TOKENS = 128
Prompts = list[tuple[str, list[int]]]


def settings(sampler: Sampler, **changes: Any) -> Generation:
    greedy = {"n_samples": 1, "temperature": 0.0, "top_p": 1.0, "seed": 0}
    return Generation(
        **{"max_new_tokens": MAX_NEW_TOKENS, **greedy, **changes},
        eos_token_ids=sampler.model.eos_token_ids,
    )


def decoded(
    sampler: Sampler, prompts: Prompts, generation: Generation, batch_size: int = 64
) -> dict[tuple[str, int], Draft]:
    """Our drafts by task id and index."""
    groups = decode(sampler.engine.model, prompts, generation, sampler.model.has_stop, batch_size)
    return {(prompts[d.prompt_index][0], d.sample_index): d for group in groups for d in group}


@torch.inference_mode()
def next_logits(model: Any, ids: list[int]) -> torch.Tensor:
    """The logits after some tokens, by a plain forward pass."""
    logits: torch.Tensor = model(torch.tensor([ids])).logits[0, -1].double()
    return logits


def first_difference(one: list[int], other: list[int]) -> int | None:
    """The first position at which two lists of tokens differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), None)


@torch.inference_mode()
def against_generate(sampler: Sampler, model: Any, prompts: Prompts) -> dict[str, Any]:
    """Greedy completions beside those of `generate`."""
    ours = decoded(sampler, prompts, settings(sampler))
    gaps = []
    for task_id, ids in prompts:
        tokens = ours[task_id, 0].tokens
        out = model.generate(
            input_ids=torch.tensor([ids]), do_sample=False, max_new_tokens=len(tokens)
        )
        theirs = out[0, len(ids) :].tolist()
        place = first_difference(tokens, theirs)
        if place is not None:
            logits = next_logits(model, [*ids, *tokens[:place]])
            gaps.append(abs(float(logits[tokens[place]] - logits[theirs[place]])))
    return {"problems": len(prompts), "equal": len(prompts) - len(gaps), "logit_gaps": gaps}


def first_tokens(sampler: Sampler, model: Any, prompts: Prompts, temperature: float) -> float:
    """The p-value of 4,000 first tokens against the softmax, rare tokens taken together."""
    count = 4000
    name, ids = prompts[0]
    generation = settings(sampler, n_samples=count, temperature=temperature, max_new_tokens=1)
    drafts = decoded(sampler, [(name, ids)], generation, 250)
    expected = torch.softmax(next_logits(model, ids) / temperature, -1).numpy() * count
    observed = np.bincount([d.tokens[0] for d in drafts.values()], minlength=len(expected))
    common = expected >= 5
    return float(
        chisquare(
            [*observed[common], observed[~common].sum()],
            [*expected[common], expected[~common].sum()],
        ).pvalue
    )


def sharded(sampler: Sampler, model: Any, prompts: Prompts, shards: int) -> dict[str, Any]:
    """Samples drawn in shards beside those drawn at once."""
    generation = settings(sampler, n_samples=4, temperature=0.8)
    whole = decoded(sampler, prompts, generation)
    parts: dict[tuple[str, int], Draft] = {}
    for number in range(shards):
        parts |= decoded(sampler, prompts[number::shards], generation)
    ids_of, distances = dict(prompts), []
    for (task_id, index), draft in whole.items():
        other = parts[task_id, index].tokens
        place = first_difference(draft.tokens, other)
        if place is None:
            continue
        logits = next_logits(model, [*ids_of[task_id], *draft.tokens[:place]])
        cumulative = torch.softmax(logits / generation.temperature, -1).cumsum(-1)
        u = uniforms(generation.seed, task_id, index, place + 1)[place]
        lower = min(draft.tokens[place], other[place])
        distances.append(abs(float(cumulative[lower]) - u))
    return {
        "samples": len(whole),
        "equal_share": round(1 - len(distances) / len(whole), 4),
        "largest_distance": max(distances, default=0.0),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=40, metavar="N")
    count = parser.parse_args().problems
    torch.set_num_threads(os.cpu_count() or 1)
    with tempfile.TemporaryDirectory() as name:
        folder, adapter = Path(name, "model"), Path(name, "adapter")
        prepare_model(EMBEDDED, "", folder)
        torch.manual_seed(0)
        lora = LoraConfig(target_modules="all-linear", init_lora_weights=False)
        tuned = get_peft_model(load_model(folder, "float32"), lora)
        for parameter_name, parameter in tuned.named_parameters():
            if "lora_B" in parameter_name:
                parameter.data *= 0.1  # a change such as training makes, not noise
        tuned.save_pretrained(adapter)
        base = load_sampler(folder, None, "float32", "chat")
        with_adapter = load_sampler(folder, adapter, "float32", "chat")
        plain = load_model(folder, "float32")
        peft_model = PeftModel.from_pretrained(load_model(folder, "float32"), adapter).eval()
    problems = load_problems("starter:1", "train")[:count]
    prompts = [
        (p.task_id, base.model.encode(render_prompt(base.model.tokenizer, p.prompt, "chat")))
        for p in problems
    ]
    one, other = (decoded(s, prompts, settings(s)) for s in (base, with_adapter))
    figures = {
        "greedy": against_generate(base, plain, prompts),
        "adapter": {
            **against_generate(with_adapter, peft_model, prompts),
            "unlike_base": sum(one[key].tokens != other[key].tokens for key in one),
        },
        "first_tokens_p": [first_tokens(base, plain, prompts, t) for t in (0.8, 1.0)],
        "shards": {n: sharded(base, plain, prompts, n) for n in (3, 7)},
    }
    for what, found in figures.items():
        print(f"{what}: {found}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
