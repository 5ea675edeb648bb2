"""Print how much memory a model needs in each stage, and refuse what does not fit here."""

import argparse
from dataclasses import asdict
from pathlib import Path

from failpairs.errors import InputError
from failpairs.models.device import BYTES, GIB, find_device, number_format
from failpairs.models.memory_estimate import (
    LoadedModel,
    read_shape,
    room_on,
    sampling_need,
    scoring_need,
    training_choice,
)
from failpairs.models.out_of_memory import smaller_sizes
from failpairs.models.settings import InferenceSettings, ModelFormat
from failpairs.sampling.settings import SamplingSettings
from failpairs.training.recipe import Recipe
from failpairs.workflow.options import add_options, at_least_one, read_options
from failpairs.workflow.validation import section_from

RECIPE_KEYS = ("micro_batch_size", "lora_rank", "activation_checkpointing")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--model", required=True, type=Path, metavar="DIR", help="folder with a config.json"
    )
    parser.add_argument(
        "--prompt-tokens",
        type=at_least_one,
        default=512,
        metavar="N",
        help="tokens of the longest prompt (default: %(default)s)",
    )
    add_options(parser, InferenceSettings, ["batch_size"])
    add_options(parser, ModelFormat, ["dtype", "quantization"])
    add_options(parser, SamplingSettings, ["max_new_tokens"])
    add_options(parser, Recipe, RECIPE_KEYS)
    args = parser.parse_args()

    answer = read_options(args, SamplingSettings).max_new_tokens
    keys = {key: getattr(args, key) for key in RECIPE_KEYS}
    recipe = section_from(Recipe, {**keys, "batch_size": args.micro_batch_size})
    shape, device = read_shape(args.model), find_device()
    dtype = number_format(args.dtype, shape.n_weights, device, args.quantization)
    is_quantized = args.quantization != "none"
    model = LoadedModel(shape, int(BYTES[dtype]), device.kind, is_quantized)
    room = room_on(device)
    batch_size = read_options(args, InferenceSettings).sequences(device.kind)
    sizes = smaller_sizes(recipe.batch_size, recipe.micro_batch_size)
    pair = (args.prompt_tokens + 2 * answer, 2 * answer)  # tokens of it, and of its sides
    is_checkpointed, training = training_choice(
        recipe.activation_checkpointing, model, room, sizes, *pair, recipe.lora_rank
    )
    needs = [
        sampling_need("sampling", model, batch_size, args.prompt_tokens, answer),
        scoring_need("the reference", model, sizes, *pair),
        training,
    ]
    parts = [*asdict(needs[0].sizes[0].memory)]
    label = f"{args.quantization}, computed in {dtype}," if is_quantized else dtype
    activations = "computed twice" if is_checkpointed else "kept"
    print(
        f"GiB with {shape.n_weights / 1e9:.2f} billion weights in {label} on "
        f"{device.name or 'the CPU'}, activations {activations}:"
        f"\n\n| stage | {' | '.join(parts)} | all |\n|{' --- |' * (len(parts) + 2)}"
    )
    for need in needs:
        memory = need.sizes[0].memory
        columns = [*asdict(memory).values(), memory.total]
        print(f"| {need.stage} | {' | '.join(f'{size / GIB:.2f}' for size in columns)} |")
    faults = []
    for need in needs:
        try:
            need.require(room)
        except InputError as error:
            faults.append(str(error))
    if faults:
        raise InputError("; ".join(faults))
