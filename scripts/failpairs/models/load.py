"""A prepared model folder: its identity, its tokenizer, its weights on a device."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.models.device import (
    choose_device,
    count_weights,
    find_device,
    number_format,
    require_room,
)
from failpairs.storage.files import read_json, sha256_file, sha256_json

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class ModelIdentity:
    """What says which weights were used; goes into every samples file's meta."""

    id: str
    revision: str
    weights_sha256: str


def model_identity(folder: Path) -> ModelIdentity:
    """The identity of a model folder, from its manifest or, without one, from its weights.

    Raises:
        InputError: the folder is not a model.
    """
    if not (folder / "config.json").is_file():
        raise InputError(f"model {str(folder)!r}: no such model folder (it has no config.json)")
    manifest: dict[str, Any] = {"id": folder.name, "revision": "", "files": None}
    if (folder / MANIFEST).is_file():
        manifest = read_json(folder / MANIFEST)
    files = manifest["files"] or {p.name: sha256_file(p) for p in folder.glob("*.safetensors")}
    weights = {name: digest for name, digest in files.items() if name.endswith(".safetensors")}
    if not weights:
        raise InputError(f"model {str(folder)!r}: it has no safetensors weights")
    return ModelIdentity(manifest["id"], manifest["revision"], sha256_json(weights))


def load_tokenizer(folder: Path) -> Any:
    """The tokenizer of a model folder.

    Raises:
        InputError: it has none.
    """
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"model {str(folder)!r}: no tokenizer can be loaded: {reason}") from None


def eos_token_ids(folder: Path, tokenizer: Any) -> tuple[int, ...]:
    """The tokens that end an answer: those of the model's generation settings, or of its
    configuration where it has none, and the tokenizer's own."""
    settings = folder / "generation_config.json"
    source = read_json(settings if settings.is_file() else folder / "config.json")
    configured = source.get("eos_token_id")
    ids = configured if isinstance(configured, list) else [configured]
    return tuple(sorted({i for i in [*ids, tokenizer.eos_token_id] if i is not None}))


def load_model(folder: Path, dtype: str, quantization: str = "none", processes: int = 1) -> Any:
    """A causal language model in evaluation mode on the GPU if there is one, else on the CPU.

    Its output layer computes in float32 whatever the number format of the weights.

    Args:
        dtype: `auto`, or a number format.
        quantization: `none`, or `nf4` for linear layers with weights of 4 bits, which are computed
            in the number format.
        processes: each of so many processes, which all call this function, loads and holds only its
            part of the weights; these are frozen.

    Raises:
        InputError: as `choose_device`, or bitsandbytes is not installed.
    """
    import torch
    from transformers import AutoModelForCausalLM

    from failpairs.models.output_layer import compute_logits_in_float32
    from failpairs.models.quantization import keep_gradients, nf4_options

    if processes > 1:
        if quantization != "none":
            raise InputError(
                f"training.processes {processes}: weights of 4 bits cannot be divided; set "
                "model.quantization to none or training.processes to 1"
            )
        return _load_part(folder, dtype, processes)
    device, dtype = choose_device(folder, dtype, quantization)
    options: dict[str, Any] = {"dtype": getattr(torch, dtype), "trust_remote_code": False}
    if quantization == "nf4":
        options |= nf4_options(device, options["dtype"])
    model = AutoModelForCausalLM.from_pretrained(folder, **options)
    compute_logits_in_float32(model)
    keep_gradients(model)
    return model.to(device).eval()


def _load_part(folder: Path, dtype: str, processes: int) -> Any:
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.distributed import DistributedConfig

    device, n_weights = find_device(), count_weights(folder)
    # `auto` chooses as in a single process, so that a reference computed there is of this model.
    dtype = number_format(dtype, n_weights, device)
    require_room(device, dtype, n_weights // processes)
    model = AutoModelForCausalLM.from_pretrained(
        folder,
        dtype=getattr(torch, dtype),
        trust_remote_code=False,
        distributed_config=DistributedConfig(fsdp_size=processes),
    )
    # PEFT takes any number for tensor parallelism, and would gather all weights to save an adapter.
    model._tp_size = None
    # Before its first use, which settles for good what FSDP computes gradients of.
    return model.requires_grad_(False).eval()
