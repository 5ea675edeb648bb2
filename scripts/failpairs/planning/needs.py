"""The memory that a run needs, stage by stage, with the lengths of its own prompts."""

from failpairs.models.memory_estimate import (
    LoadedModel,
    Need,
    sampling_need,
    scoring_need,
    training_choice,
)
from failpairs.models.out_of_memory import smaller_sizes
from failpairs.planning.stages import n_trainings
from failpairs.workflow.config import Config


def needs_of(config: Config, model: LoadedModel, room: int, slots: int, prompt: int) -> list[Need]:
    """What sampling, evaluation, the reference and training need at most; the last two where
    something is trained.

    Args:
        room: bytes that a process may use.
        slots: sequences that are decoded together.
        prompt: tokens of the longest prompt.
    """
    recipe = config.training
    sizes = smaller_sizes(recipe.batch_size, recipe.micro_batch_size)
    answer, of_evaluation = config.sampling.max_new_tokens, config.evaluation.max_new_tokens
    needs = [
        sampling_need("sampling", model, slots, prompt, answer),
        sampling_need("evaluation", model, slots, prompt, of_evaluation),
    ]
    if not n_trainings(config):
        return needs
    pair = (prompt + 2 * answer, 2 * answer)  # tokens of it, and of its sides
    _, training = training_choice(
        recipe.activation_checkpointing, model, room, sizes, *pair, recipe.lora_rank
    )
    return [*needs, scoring_need("the reference", model, sizes, *pair), training]
