"""The model card of an adapter: Markdown with a YAML header, as model hubs read it."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from failpairs.curves import Row, flags
from failpairs.markdown import table
from failpairs.models import ModelIdentity

WHAT = {
    "dpo": "direct preference optimisation: chosen sides against rejected ones",
    "sft": "plain fine-tuning on the chosen sides",
}
CURVE = (
    "step",
    "held_out_loss",
    "held_out_reward_margin",
    "held_out_reward_accuracy",
    "held_out_chosen_logprob",
    "held_out_rejected_logprob",
    "held_out_chosen_change",
)


def model_card(
    identity: ModelIdentity,
    method: str,
    seed: int,
    recipe: Mapping[str, Any],
    rows: Sequence[Row],
    files: Mapping[str, str],
) -> str:
    """What an adapter was trained on and how, and its curves on pairs that it never saw.

    Args:
        rows: of `train_log.jsonl`.
        files: SHA-256 of the files that the pairs came from, by name.
    """
    name = " ".join(identity.id.split())
    header = {
        "base_model": name,
        "library_name": "peft",
        "tags": ["lora", "code", "failpairs", method],
    }
    measured = [row for row in rows if "held_out_loss" in row]
    curve = [[row[key] for key in CURVE] for row in measured]
    return "\n".join(
        [
            "---",
            yaml.safe_dump(header, sort_keys=True).rstrip("\n"),
            "---",
            "",
            "# Adapter trained on failure pairs",
            "",
            f"A LoRA adapter of `{name}` (revision `{identity.revision or 'none'}`), trained by "
            f"{WHAT[method]}, with seed {seed}, in {rows[-1]['step']} steps.",
            "",
            "## Flags",
            "",
            *(f"- {flag}" for flag in flags(rows) or ["none"]),
            "",
            "## On held-out pairs",
            "",
            "Of problems that no pair was trained on; step 0 is the model before training. "
            "Log-probabilities are in nats a token, `chosen_change` is against step 0.",
            "",
            *table([key.removeprefix("held_out_") for key in CURVE], curve),
            "",
            "## Recipe",
            "",
            *table(("setting", "value"), recipe.items()),
            "",
            "## Data",
            "",
            *table(("of", "SHA-256"), [*files.items(), ("model weights", identity.weights_sha256)]),
            "",
        ]
    )
