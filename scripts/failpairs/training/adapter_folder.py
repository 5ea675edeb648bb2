"""A trained adapter as a folder that PEFT loads."""

from pathlib import Path
from typing import Any

from peft import get_peft_model_state_dict, set_peft_model_state_dict
from peft.utils import load_peft_weights

from failpairs.errors import InputError
from failpairs.models.load import ModelIdentity
from failpairs.models.tuned import adapter_settings
from failpairs.storage.files import atomic_write, read_json, staging, write_json

ADAPTER_FILES = ("adapter_model.safetensors", "adapter_config.json", "README.md")


def start_from(model: Any, folder: Path, rank: int, alpha: int) -> None:
    """Give a model that has a new LoRA adapter the weights of another one.

    Raises:
        InputError: the other one has not this rank and alpha, or it belongs to another model.
    """
    settings = adapter_settings(folder)
    found = (settings.get("r"), settings.get("lora_alpha"))
    if found != (rank, alpha):
        raise InputError(
            f"{folder}: rank and alpha of this adapter are {found}; training goes on from one with "
            f"{(rank, alpha)} (training.lora_rank and training.lora_alpha)"
        )
    weights = load_peft_weights(str(folder), device="cpu")
    own = get_peft_model_state_dict(model)
    if {name: each.shape for name, each in own.items()} != {
        name: each.shape for name, each in weights.items()
    }:
        raise InputError(f"{folder}: this adapter belongs to another model")
    set_peft_model_state_dict(model, weights)


def write_adapter(model: Any, output: Path, identity: ModelIdentity, card: str) -> None:
    """Write the files of an adapter: weights, configuration and model card, and nothing else.

    Args:
        identity: the model that it belongs to, which the configuration names.
        card: text of the model card.
    """
    with staging(output) as made:
        model.save_pretrained(made)
        config = read_json(made / "adapter_config.json")
        # PEFT keeps these as a set, whose order changes from run to run.
        config["target_modules"] = sorted(config["target_modules"])
        # PEFT knows only where the model's files were on this machine.
        config["base_model_name_or_path"] = identity.id
        config["revision"] = identity.revision or None
        write_json(made / "adapter_config.json", config)
        with atomic_write(made / "README.md") as file:
            file.write(card)
        for path in made.iterdir():
            if path.name not in ADAPTER_FILES:
                path.unlink()
