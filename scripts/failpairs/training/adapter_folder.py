"""A trained adapter as a folder that PEFT loads."""

from pathlib import Path
from typing import Any

from failpairs.models.load import ModelIdentity
from failpairs.storage.files import atomic_write, read_json, staging, write_json

ADAPTER_FILES = ("adapter_model.safetensors", "adapter_config.json", "README.md")


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
