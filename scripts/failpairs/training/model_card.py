"""The model card of an adapter: Markdown with a YAML header, as model hubs read it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from failpairs.errors import InputError
from failpairs.markdown import table
from failpairs.models.load import ModelIdentity
from failpairs.training.losses import LOSSES
from failpairs.training.recipe import Recipe
from failpairs.training.train_log import Row, flags
from failpairs.training.trained_arms import METHODS

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
    recipe: Recipe,
    rows: Sequence[Row],
    files: Mapping[str, str],
    hardware: str,
) -> str:
    """What an adapter was trained on and how, and its curves on pairs that it never saw.

    Args:
        method: as `train_adapter.Run` has it.
        rows: of `train_log.jsonl`.
        files: SHA-256 of the files that the pairs came from, by name.
        hardware: what it was trained on.
    """
    name = " ".join(identity.id.split())
    tag, title = method, METHODS[method]
    if method == "preference":
        tag, title = recipe.loss, LOSSES[recipe.loss].title
    header = {
        "library_name": "peft",
        "pipeline_tag": "text-generation",
        "tags": ["lora", "code", "failpairs", tag],
        "hardware": hardware,
    }
    if identity.revision:  # only then it is a model of the Hub, to which the Hub makes a link
        header |= {"base_model": name, "base_model_relation": "adapter"}
    unsaid = {"processes"} if recipe.processes == 1 else set()
    measured = [row for row in rows if "held_out_loss" in row]
    curve = [[row[key] for key in CURVE] for row in measured]
    return "\n".join(
        [
            "---",
            yaml.safe_dump(header, sort_keys=True, allow_unicode=True).rstrip("\n"),
            "---",
            "",
            "# Adapter trained on failure pairs",
            "",
            f"A LoRA adapter of `{name}` (revision `{identity.revision or 'none'}`), trained by "
            f"{title}, with seed {seed}, in {rows[-1]['step']} steps, on {hardware}.",
            "",
            "## Flags",
            "",
            *(f"- {flag}" for flag in flags(rows) or ["none"]),
            "",
            "## On held-out pairs",
            "",
            "Of problems that no pair was trained on; step 0 is the model before training. "
            "Log-probabilities are in nats per token, `chosen_change` is against step 0.",
            "",
            *table([key.removeprefix("held_out_") for key in CURVE], curve),
            "",
            "## Recipe",
            "",
            *table(("setting", "value"), recipe.model_dump(exclude=unsaid).items()),
            "",
            "## Data",
            "",
            *table(("of", "SHA-256"), [*files.items(), ("model weights", identity.weights_sha256)]),
            "",
        ]
    )


def trained_on(card: Path) -> str | None:
    """The hardware that a model card names in its header, or None.

    Raises:
        InputError: there is no such file, or it has no header.
    """
    try:
        _, header, _ = card.read_text(encoding="utf-8").split("---\n", 2)
        found = yaml.safe_load(header).get("hardware")
    except OSError as error:
        raise InputError(f"{card}: {error.strerror}") from None
    except (ValueError, AttributeError, yaml.YAMLError):
        raise InputError(f"{card}: expected a model card, with a header of YAML") from None
    return None if found is None else str(found)
