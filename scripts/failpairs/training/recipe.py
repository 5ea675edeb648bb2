"""The section `training` of the configuration."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from failpairs.settings import OWN, SINGLE_TEXT, UNIQUE, OneOf, Section, fault
from failpairs.training.losses import LOSSES
from failpairs.training.trackers import TRACKERS

AUTO_RATES = [3.0e-5, 1.0e-4, 3.0e-4]  # learning rates that `auto` tries
# Keys that say how a recipe is computed or watched, and are no part of it.
NOT_TRIED = {
    "micro_batch_size",
    "processes",
    "activation_checkpointing",
    "eval_every",
    "max_chosen_drop",
    "report_to",
}


class MicroBatch(Section):
    """How many pairs are computed together, and on how many GPUs."""

    section: ClassVar[str] = "training"

    micro_batch_size: Annotated[int, Field(ge=1, le=4096)] = 4
    """Pairs in memory at once, in each process; times `processes` it must divide batch_size. Where
    memory runs out it is halved, with a warning."""

    processes: Annotated[int, Field(ge=1, le=64)] = 1
    """Processes that train one adapter together on one machine, each with a GPU and with a part of
    the model's weights (FSDP2), for a model that does not fit one GPU. On one host Snakemake needs
    --resources gpu=N for N processes."""


class Recipe(MicroBatch):
    """How each adapter is trained, the same for every seed."""

    loss: Annotated[str, OneOf(LOSSES)] = "dpo"
    """Loss on the pairs; docs/training.md says what each one minimises."""

    learning_rate: Annotated[float, Field(gt=0, le=1)] = 5.0e-5
    """Peak learning rate. In a configuration auto tries 3e-5, 1e-4 and 3e-4 and takes the best
    one, as a list of values does for this and other keys (`tuning`). What a run does depends on
    rate and number of steps together: 500 pairs at 5e-6 change nothing, and thousands at 2e-4 have
    ruined models."""

    epochs: Annotated[float, Field(gt=0, le=100)] = 2.0
    """Passes over the pairs."""

    order: Literal["shuffled", "common_first", "rare_first", "replay"] = "shuffled"
    """The order of the pairs in each epoch: by chance, or one failure mode of the rejected sides
    after the other, from the most common on or from the rarest on. replay is rare_first
    and repeats pairs of the modes that the held-out pairs show as not learned."""

    batch_size: Annotated[int, Field(ge=1, le=4096)] = 8
    """Pairs per optimiser step."""

    warmup_ratio: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Share of the steps in which the learning rate rises, from 0 in the first step: where there
    are few steps, 0 wastes none."""

    beta: Annotated[float, Field(gt=0, le=10)] = 0.1
    """Strength of the pull towards the reference model (beta in the formula
    of the loss)."""

    sft_weight: Annotated[float, Field(ge=0, le=10)] = 0.2
    """Weight of the likelihood term on the chosen side, against the fall of its probability under
    plain DPO; 0 turns it off."""

    focus: Annotated[float, Field(gt=0, le=1000)] = 1.0
    """How often each token inside the difference of the two sides of a pair counts in the loss,
    where every other token counts once; 1 makes no difference between them."""

    lora_rank: Annotated[int, Field(ge=1, le=1024)] = 16
    """Rank of the LoRA matrices."""

    lora_alpha: Annotated[int, Field(ge=1, le=4096)] = 32
    """LoRA's scale; the update is multiplied by lora_alpha / lora_rank."""

    lora_dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Dropout on the adapter's input."""

    max_grad_norm: Annotated[float, Field(gt=0, le=1000)] = 1.0
    """Gradients are clipped to this norm."""

    activation_checkpointing: Literal["auto", "always", "never"] = "auto"
    """Compute activations twice instead of keeping them, which needs less memory and a third more
    time. auto does so on a GPU, unless its free memory surely holds them (docs/scaling.md)."""

    eval_every: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Optimiser steps between two measurements on the held-out pairs, each with a checkpoint from
    which an interrupted run resumes; 0 makes about ten measurements per run."""

    max_chosen_drop: Annotated[float, Field(gt=0, le=100)] = 0.5
    """How far the log-probability of the chosen sides may fall below the reference model's, on
    training or on held-out pairs, in nats per token; beyond that the run is stopped."""

    @model_validator(mode="after")
    def _micro_batches_fill_a_batch(self) -> Self:
        if self.batch_size % (self.micro_batch_size * self.processes):
            at_once = f"{self.micro_batch_size}" + (
                f" in each of {self.processes} processes" if self.processes > 1 else ""
            )
            raise fault(
                f"micro_batch_size: {at_once} does not divide training.batch_size {self.batch_size}"
            )
        return self

    @model_validator(mode="after")
    def _replay_has_places(self) -> Self:
        if self.order == "replay" and (self.batch_size == 1 or self.processes > 1):
            raise fault(
                "order: replay takes half of the places of each step and trains in one process: it "
                "needs training.batch_size of at least 2 and training.processes 1"
            )
        return self


class Watching(Section):
    """Where a training can be watched while it runs."""

    section: ClassVar[str] = "training"

    report_to: Annotated[list[Annotated[str, OneOf(TRACKERS)]], UNIQUE, SINGLE_TEXT, OWN] = Field(
        default=[]
    )
    """Tools that show the curves of each training while it runs: tensorboard, trackio, wandb and
    mlflow, or some of them, where they are installed. They write to live/ in the results and send
    nothing, unless the environment says otherwise (docs/training.md). No adapter changes, and no
    training runs again for this key."""


class TrainingSettings(Watching, Recipe):
    """How each adapter is trained, and where that can be watched."""


class TuningSettings(Section):
    """How a recipe is chosen by measurement, where the configuration gives several values."""

    section: ClassVar[str] = "tuning"

    n_samples: Annotated[int, Field(ge=1, le=1000)] = 8
    """Samples of each held-out training problem (`curation.held_out`), of the base model and of
    each candidate, drawn as `sampling` says."""

    grid: Annotated[dict[str, list[Any]], OWN] = Field(default={})
    """Values to try, by keys of `training`; each combination is a candidate, trained with the first
    seed. A list among the keys of `training` is taken for such values: learning_rate: [5.0e-5,
    2.0e-4]. docs/training.md says how the choice is made."""
