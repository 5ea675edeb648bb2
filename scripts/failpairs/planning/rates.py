"""How fast a machine does the work of a run: as a pilot measured it, or by arithmetic for a GPU."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from failpairs.errors import InputError
from failpairs.models.device import GIB
from failpairs.models.memory_estimate import Shape

UTILISATION = 0.3  # of a GPU's peaks, assumed
STARTING = 10.0  # seconds of a job that loads a model, without reading its weights
READING = 1e9  # bytes of weights per second, assumed
# Tokens of MBPP's prompts and of 5,493 published completions of HumanEval, on average.
PROMPT, COMPLETION = 116, 140
EXECUTION, TRIAL = 14.7e-3, 0.1  # seconds of one core per sample and problem (docs/scaling.md)


class Gpu(NamedTuple):
    """What a vendor publishes: bytes of memory, and the peaks of bytes and of dense operations per
    second, in bfloat16 and in float32 without TF32."""

    memory: int
    bandwidth: float
    bfloat16: float
    float32: float


# From the data sheets of NVIDIA; bfloat16 of the RTX 4090 with accumulation in float32.
GPUS = {
    "L4": Gpu(24 * GIB, 0.300e12, 121e12, 30.3e12),
    "A10": Gpu(24 * GIB, 0.600e12, 125e12, 31.2e12),
    "RTX4090": Gpu(24 * GIB, 1.008e12, 165e12, 82.6e12),
    "L40S": Gpu(48 * GIB, 0.864e12, 362e12, 91.6e12),
    "A100-80GB": Gpu(80 * GIB, 2.039e12, 312e12, 19.5e12),
    "H100-SXM": Gpu(80 * GIB, 3.35e12, 989e12, 67e12),
    "H200-SXM": Gpu(141 * GIB, 4.8e12, 989e12, 67e12),
}


class DecodingCost(NamedTuple):
    """Seconds per token of a prompt, per step whatever the number of sequences, and per sequence in
    a step."""

    per_prompt_token: float
    per_step: float
    per_token: float


@dataclass(frozen=True)
class Rates:
    """What work costs, in seconds, and what the work is made of.

    Attributes:
        sampling_start, training_start: until a job has loaded libraries and model.
        training, scoring: per token of a pair that is trained on, or scored without training.
        trial, execution: of one core, per problem that is tried and per sample that is executed.
        prompt_tokens: of a prompt, on average.
        lengths: tokens of some completions.
        outcomes: (passes, failures) of some problems.
    """

    sampling_start: float
    training_start: float
    decoding: DecodingCost
    training: float
    scoring: float
    trial: float
    execution: float
    prompt_tokens: float
    lengths: Sequence[int]
    outcomes: Sequence[tuple[int, int]] = field(default=())

    @property
    def pair_tokens(self) -> float:
        """Of a pair, on average: its prompt is computed once for both sides."""
        return self.prompt_tokens + 2 * sum(self.lengths) / len(self.lengths)


def by_arithmetic(name: str, shape: Shape, width: int) -> Rates:
    """Rates of a model on a GPU that nobody measured: operations and bytes over the peaks that its
    vendor publishes, times an assumed utilisation. A weight takes two operations per token, and
    training three times as many, since the forward pass is computed twice and the weights are
    frozen.

    Args:
        name: of the GPU, one of `GPUS`.
        width: bytes of a weight: 2 or 4.

    Raises:
        InputError: a GPU that is not known.
    """
    if name not in GPUS:
        raise InputError(f"--gpu {name}: expected one of {', '.join(GPUS)}")
    gpu = GPUS[name]
    operations = gpu.bfloat16 if width == 2 else gpu.float32
    per_token = 2 * shape.n_weights / (UTILISATION * operations)
    bandwidth = UTILISATION * gpu.bandwidth
    context = PROMPT + COMPLETION / 2
    start = STARTING + width * shape.n_weights / READING
    return Rates(
        sampling_start=start,
        training_start=start,
        decoding=DecodingCost(
            per_prompt_token=per_token,
            per_step=width * shape.n_weights / bandwidth,
            per_token=max(per_token, width * context * shape.n_cached / bandwidth),
        ),
        training=3 * per_token,
        scoring=per_token,
        trial=TRIAL,
        execution=EXECUTION,
        prompt_tokens=PROMPT,
        lengths=[COMPLETION],
    )
