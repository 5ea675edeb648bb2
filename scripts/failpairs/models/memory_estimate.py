"""How much memory sampling, the reference model and training need, by the shape of a model.

An estimate is the sum of what is in use at the peak, without the holes between it that the heap of
a CPU has. docs/scaling.md compares estimates with measured peaks.
"""

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, Self

from failpairs.errors import InputError
from failpairs.models.device import GIB, Device, find_device

CHUNK = 1024  # positions whose logits training holds at once
GROWTH = 256  # columns by which the key-value cache of sampling grows
PREFILL_TOKENS = 1024  # of the prompts that sampling computes at once
ERROR = 0.15  # share by which an estimate may be wrong
# What a process holds before it computes anything. On a GPU its context is in use before the free
# memory is asked for; what remains are work buffers and fragments, and their size is assumed.
RUNTIME = {"cpu": int(0.4 * GIB), "cuda": int(0.5 * GIB)}
TRAINER = {"cpu": int(0.15 * GIB), "cuda": 0}  # what the libraries that train add
FLOAT32 = 4  # bytes
MASK = 8  # bytes of the attention mask per two tokens, while it is made of four conditions
MISCOUNT = 0.01  # share of its weights by which a model may differ from a plain decoder
MICRO_BATCH = "training.micro_batch_size (--micro-batch-size)"
CHECKPOINTING = "training.activation_checkpointing (--activation-checkpointing) to always"
NARROW = "model.dtype (--dtype) to bfloat16"
QUANTIZED = "model.quantization (--quantization) to nf4"
NF4 = 0.5 + 4 / 64  # bytes of a weight of 4 bits, of which 64 share a float32 scale
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shape:
    """The shape of a decoder-only transformer with gated feed-forward layers.

    Attributes:
        head_size: numbers of a key or a value of one head.
        is_tied: the output layer has the weights of the input embeddings.
        has_bias: queries, keys and values have a bias.
    """

    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_size: int
    intermediate: int
    vocabulary: int
    is_tied: bool
    has_bias: bool

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Self:
        """The shape that a `config.json` describes.

        Raises:
            KeyError: it describes a model of another kind.
        """
        heads, hidden = config["num_attention_heads"], config["hidden_size"]
        is_qwen2 = config["model_type"] == "qwen2"
        return cls(
            layers=config["num_hidden_layers"],
            hidden=hidden,
            heads=heads,
            kv_heads=config.get("num_key_value_heads") or heads,
            head_size=config.get("head_dim") or hidden // heads,
            intermediate=config["intermediate_size"],
            vocabulary=config["vocab_size"],
            is_tied=config.get("tie_word_embeddings", False),
            has_bias=config.get("attention_bias", is_qwen2),
        )

    @property
    def matrices(self) -> list[tuple[int, int]]:
        """Inputs and outputs of the linear maps of a layer: queries, keys, values and output of
        attention; gate, up and down of the feed-forward part."""
        queries, keys = self.heads * self.head_size, self.kv_heads * self.head_size
        attention = [(self.hidden, n) for n in (queries, keys, keys)] + [(queries, self.hidden)]
        up = (self.hidden, self.intermediate)
        return [*attention, up, up, (self.intermediate, self.hidden)]

    @property
    def n_weights(self) -> int:
        """Weights of the model."""
        biases = (self.heads + 2 * self.kv_heads) * self.head_size * self.has_bias
        layer = sum(n_in * n_out for n_in, n_out in self.matrices) + 2 * self.hidden + biases
        embeddings = (1 if self.is_tied else 2) * self.vocabulary * self.hidden
        return self.layers * layer + embeddings + self.hidden

    def n_adapter_weights(self, rank: int) -> int:
        """Weights of a LoRA adapter on all linear layers."""
        return self.layers * sum(rank * (n_in + n_out) for n_in, n_out in self.matrices)

    @property
    def n_cached(self) -> int:
        """Numbers that the key-value cache holds per token."""
        return 2 * self.layers * self.kv_heads * self.head_size

    @property
    def n_kept(self) -> int:
        """Numbers per token that a layer keeps for the backward pass: inputs and outputs of both
        norms; queries, keys and values of all heads, and what attention makes of them; gate,
        activated gate, up and their product."""
        return 4 * self.hidden + 4 * self.heads * self.head_size + 4 * self.intermediate


@dataclass(frozen=True)
class Memory:
    """Bytes at the peak of a stage, by what they hold.

    `cache` holds keys and values, `adapter` also its gradients and the state of the optimiser.
    """

    runtime: int
    weights: int
    cache: int = 0
    logits: int = 0
    activations: int = 0
    adapter: int = 0

    @property
    def total(self) -> int:
        return sum(asdict(self).values())

    def __str__(self) -> str:
        parts = ", ".join(f"{k} {v / GIB:.1f}" for k, v in asdict(self).items() if v)
        return f"about {gib(self.total)} ({parts})"


@dataclass(frozen=True)
class LoadedModel:
    """A model in memory.

    Attributes:
        width: bytes of a number that is computed.
        device: `cuda` or `cpu`.
        is_quantized: the linear maps of its layers have weights of 4 bits.
    """

    shape: Shape
    width: int
    device: str
    is_quantized: bool = False

    @property
    def weights(self) -> int:
        """Bytes of the weights; those of the output layer are float32 in every model."""
        shape = self.shape
        linear = shape.layers * sum(n_in * n_out for n_in, n_out in shape.matrices)
        output = shape.vocabulary * shape.hidden
        of_output = 0
        if self.width != FLOAT32:
            of_output = output * (FLOAT32 if shape.is_tied else FLOAT32 - self.width)
        per_weight = NF4 if self.is_quantized else self.width
        return int(per_weight * linear) + self.width * (shape.n_weights - linear) + of_output

    def passing(self, tokens: int) -> int:
        """Bytes of what is in memory of one layer while it computes some tokens."""
        return self.width * tokens * (4 * self.shape.hidden + 3 * self.shape.intermediate)


def sampling_memory(model: LoadedModel, sequences: int, prompt: int, answer: int) -> Memory:
    """What sampling needs, of the base model or of an evaluated one.

    Args:
        sequences: number of them that are decoded together.
        prompt: tokens of the longest prompt.
        answer: tokens after which a completion is cut off.
    """
    columns = -(-(prompt + answer) // GROWTH) * GROWTH
    prefill = min(sequences * prompt, max(PREFILL_TOKENS, prompt))
    return Memory(
        runtime=RUNTIME[model.device],
        weights=model.weights,
        cache=model.width * model.shape.n_cached * (sequences * columns + prefill),
        # Those of the last step and of the live slots, and four tensors that draw tokens.
        logits=sequences * model.shape.vocabulary * 6 * FLOAT32,
        activations=model.passing(prefill),
    )


def scoring_memory(model: LoadedModel, tokens: int, answers: int) -> Memory:
    """What the log-probabilities of pairs need.

    Args:
        tokens: of the pairs in memory at once.
        answers: tokens of their chosen and rejected sides.
    """
    # The logits and their log-softmax.
    logits = min(answers, CHUNK) * model.shape.vocabulary * 2 * FLOAT32
    # When there are logits, only the output of the layers is left of what these computed.
    output = model.width * tokens * model.shape.hidden
    return Memory(
        runtime=RUNTIME[model.device],
        weights=model.weights,
        logits=logits,
        activations=max(output, model.passing(tokens) - logits) + MASK * tokens**2,
    )


def training_memory(
    model: LoadedModel, tokens: int, answers: int, rank: int, is_checkpointed: bool
) -> Memory:
    """What the training of a LoRA adapter needs.

    Args:
        tokens: of the pairs in memory at once.
        answers: tokens of their chosen and rejected sides.
        rank: of the adapter.
        is_checkpointed: whether activations are computed twice, so that of most layers only the
            inputs are kept.
    """
    shape = model.shape
    of_layer = shape.n_kept + len(shape.matrices) * rank
    kept = shape.layers * (shape.hidden if is_checkpointed else of_layer)
    # The log-softmax, its gradient and that of the logits.
    logits = min(answers, CHUNK) * shape.vocabulary * 3 * FLOAT32
    # Only when they are gone, the gradients of the last layer, which may be computed again.
    computed = model.width * tokens * (2 if is_checkpointed else 1) * of_layer
    return Memory(
        runtime=RUNTIME[model.device] + TRAINER[model.device],
        weights=model.weights,
        logits=logits,
        activations=model.width * tokens * kept + max(0, computed - logits) + MASK * tokens**2,
        # Weights, gradients and the two moments of Adam.
        adapter=4 * FLOAT32 * shape.n_adapter_weights(rank),
    )


class Size(NamedTuple):
    """What a stage needs with some value of a setting."""

    setting: str
    memory: Memory


@dataclass(frozen=True)
class Need:
    """What a stage needs.

    Attributes:
        stage: for messages.
        sizes: as configured, and with ever smaller batches; where memory runs out, a stage goes
            from one to the next.
        remedies: with other settings beside the smallest batch, from the one that costs least on.
    """

    stage: str
    sizes: Sequence[Size]
    remedies: Sequence[Size]

    def require(self, room: int) -> None:
        """Say in the log what the stage needs, and warn where only a smaller batch fits.

        Args:
            room: bytes that it may use.

        Raises:
            InputError: not even the smallest batch fits; says which settings do.
        """
        asked, smallest = self.sizes[0].memory, self.sizes[-1].memory
        log.info("memory: %s needs %s of %s", self.stage, asked, gib(room))
        fitting = [s.setting for s in (*self.sizes, *self.remedies) if s.memory.total <= room]
        if (1 - ERROR) * smallest.total > room:
            raise InputError(
                f"{self.stage} needs {smallest} with the smallest batch, and has {gib(room)}: "
                + (f"set {fitting[0]}" if fitting else "use a smaller model or more memory")
            )
        if asked.total > room:
            log.warning(
                "memory may run out, and %s then goes on with less at once; to save the time, "
                "set %s",
                self.stage,
                [*fitting, self.sizes[-1].setting][0],
            )


def sampling_need(
    stage: str, model: LoadedModel, batch_size: int, prompt: int, answer: int
) -> Need:
    """What sampling needs; arguments as of `sampling_memory`."""

    def size(model: LoadedModel, sequences: int, setting: str) -> Size:
        return Size(setting, sampling_memory(model, sequences, prompt, answer))

    batches = [batch_size >> halved for halved in range(batch_size.bit_length())]
    sizes = [size(model, n, f"inference.batch_size (--batch-size) to {n}") for n in batches]
    return Need(stage, sizes, [size(smaller, 1, how) for how, smaller in smaller_formats(model)])


def scoring_need(
    stage: str, model: LoadedModel, batches: Sequence[int], tokens: int, answers: int
) -> Need:
    """What the log-probabilities of pairs need.

    Args:
        batches: the number of pairs at once, and the smaller ones that may take its place.
        tokens: of the longest pair.
        answers: tokens of both of its sides.
    """

    def size(model: LoadedModel, pairs: int, setting: str) -> Size:
        return Size(setting, scoring_memory(model, pairs * tokens, pairs * answers))

    sizes = [size(model, n, f"{MICRO_BATCH} to {n}") for n in batches]
    return Need(stage, sizes, [size(smaller, 1, how) for how, smaller in smaller_formats(model)])


def training_need(
    model: LoadedModel,
    batches: Sequence[int],
    tokens: int,
    answers: int,
    rank: int,
    is_checkpointed: bool,
) -> Need:
    """What training needs; arguments as of `scoring_need` and `training_memory`."""

    def size(model: LoadedModel, pairs: int, is_checkpointed: bool, setting: str) -> Size:
        memory = training_memory(model, pairs * tokens, pairs * answers, rank, is_checkpointed)
        return Size(setting, memory)

    sizes = [size(model, n, is_checkpointed, f"{MICRO_BATCH} to {n}") for n in batches]
    remedies = [] if is_checkpointed else [size(model, 1, True, CHECKPOINTING)]
    first = "" if is_checkpointed else f"{CHECKPOINTING}, and "
    remedies += [size(smaller, 1, True, first + how) for how, smaller in smaller_formats(model)]
    return Need("training", sizes, remedies)


def training_choice(
    setting: str,
    model: LoadedModel,
    room: int,
    batches: Sequence[int],
    tokens: int,
    answers: int,
    rank: int,
) -> tuple[bool, Need]:
    """Whether activations are computed twice, and what training then needs.

    Args:
        setting: `always`, `never`, or `auto`: on a GPU, unless all activations surely fit.
        room: bytes that the process may use.
    """
    kept, twice = (
        training_need(model, batches, tokens, answers, rank, is_checkpointed)
        for is_checkpointed in (False, True)
    )
    fits = kept.sizes[0].memory.total <= (1 - ERROR) * room
    on_gpu = model.device == "cuda"
    is_checkpointed = setting == "always" or (setting == "auto" and on_gpu and not fits)
    return is_checkpointed, twice if is_checkpointed else kept


def smaller_formats(model: LoadedModel) -> list[tuple[str, LoadedModel]]:
    """Which settings make the weights of a model smaller, and the model with them."""
    narrow = replace(model, width=2)
    found = [(NARROW, narrow)] if model.width == FLOAT32 else []
    if not model.is_quantized:
        both = f"{NARROW}, and {QUANTIZED}" if found else QUANTIZED
        found.append((both, replace(narrow, is_quantized=True)))
    return found


def read_shape(folder: Path) -> Shape:
    """The shape of the model in a folder, of which only `config.json` is needed.

    Raises:
        InputError: there is no such model, or it is no plain decoder.
    """
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
        with torch.device("meta"):  # without the weights
            model = AutoModelForCausalLM.from_config(config, trust_remote_code=False)
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"model {str(folder)!r}: no config.json can be read: {reason}") from None
    shape = shape_of(model)
    if shape is None:
        raise InputError(
            f"model {str(folder)!r}: there is no estimate for architectures other than that of "
            "Llama and Qwen2"
        )
    return shape


def shape_of(model: Any) -> Shape | None:
    """The shape of a transformers model; None where it is no plain decoder."""
    try:
        shape = Shape.of(model.config.get_text_config().to_dict())
    except KeyError:
        return None
    miscount = shape.n_weights / model.num_parameters() - 1
    return shape if abs(miscount) <= MISCOUNT else None


def describe_loaded(model: Any) -> LoadedModel | None:
    """What is known of a loaded transformers model; None where it is no plain decoder."""
    from failpairs.models.quantization import is_quantized

    shape = shape_of(model)
    if shape is None:
        return None
    return LoadedModel(shape, model.dtype.itemsize, model.device.type, is_quantized(model))


def room_on(device: Device) -> int:
    """Bytes that a process may use: those that are free on its GPU, or the machine's memory."""
    if device.kind == "cuda":
        return device.free
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def room_here() -> int:
    """Bytes that this process may use together with those that PyTorch has taken on a GPU."""
    import torch

    return room_on(find_device()) + torch.cuda.memory_reserved()


def gib(size: int) -> str:
    return f"{size / GIB:.1f} GiB"
