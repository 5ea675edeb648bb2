"""Print what a run will take: time, memory, disk, pairs, and the smallest effect that it can find.

A pilot measures this machine, with two batches of the run's own samples and some steps of training.
"""

import argparse
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from snakemake.utils import update_config

from failpairs.commands.try_problems import try_with_inputs
from failpairs.errors import InputError
from failpairs.exchange.pairs import read_pairs
from failpairs.exec_labels import ExecLabel
from failpairs.execution.label_samples import execute_samples
from failpairs.execution.sandbox.self_test import find_tier
from failpairs.markdown import table
from failpairs.models.device import BYTES, GIB, Device, find_device, number_format
from failpairs.models.load import load_tokenizer
from failpairs.models.memory_estimate import LoadedModel, Need, gib, read_shape, room_on
from failpairs.models.prepare import EMBEDDED, prepare_model
from failpairs.models.prompts import encode, render_prompt
from failpairs.planning.forecast import POWER, Forecast, forecast
from failpairs.planning.needs import needs_of
from failpairs.planning.rates import GPUS, Rates, by_arithmetic
from failpairs.planning.stages import Machine, Stage, disk_of, n_trainings, size_of, stages_of
from failpairs.problems.generated_inputs import with_inputs
from failpairs.problems.sources import load_all
from failpairs.records import Problem, Sample
from failpairs.storage.files import read_yaml
from failpairs.storage.hub import fetch_snapshot
from failpairs.workflow.config import Config
from failpairs.workflow.options import at_least_one
from failpairs.workflow.validation import section_from

OF_FOLDER = Path("config", "config.yaml")  # of the folder where Snakemake would run
DEFAULTS = Path(__file__).resolve().parents[3] / OF_FOLDER
PUBLISHED = 2  # bytes of a weight that is not downloaded yet, as most models are published
WITHOUT_WEIGHTS = ["*.json", "*.jinja", "*.txt", "*.model"]  # files of a model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--configfile",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="as Snakemake's: what differs from config/config.yaml",
    )
    parser.add_argument(
        "--cores", type=at_least_one, default=os.cpu_count(), metavar="N", help="as Snakemake's"
    )
    parser.add_argument(
        "--gpus", type=at_least_one, default=1, metavar="N", help="that the run has (default: 1)"
    )
    parser.add_argument(
        "--gpu",
        choices=GPUS,
        help="take the times of another GPU, by arithmetic from its data sheet and with assumed "
        "lengths, instead of those that a pilot measures here",
    )
    args = parser.parse_args()

    config = read_config(args.configfile)
    if config.compare.base:
        raise InputError("compare: there is nothing to estimate, since no model is run")
    importing = 0.0 if args.gpu else seconds_to_import()
    train, evaluation = load(config, "train"), load(config, "eval")
    n_own = len(read_pairs(config.pairs)) if config.pairs else 0
    with TemporaryDirectory() as work:
        folder = prepare(config, Path(work, "model"), is_run=not args.gpu)
        shape = read_shape(folder)
        of_model = bytes_of(folder) or PUBLISHED * shape.n_weights
        device = device_of(args.gpu)
        form = config.model
        dtype = number_format(form.dtype, shape.n_weights, device, form.quantization)
        slots = config.inference.sequences(device.kind)
        loaded = LoadedModel(shape, int(BYTES[dtype]), device.kind, form.quantization != "none")
        longest = longest_prompt(folder, form.prompt_format, [*train, *evaluation])
        needs = needs_of(config, loaded, room_on(device), slots, longest)
        require_memory(needs, room_on(device))
        if args.gpu:
            rates = by_arithmetic(args.gpu, shape, loaded.width)
        else:
            rates = measure(config, folder, train or evaluation, slots, importing)
    machine = Machine(args.cores, args.gpus if device.kind == "cuda" else 1, slots)
    promise = forecast(config, len(train), len(evaluation), rates) if rates.outcomes else None
    size = size_of(config, len(train), len(evaluation), promise, n_own)
    stages = stages_of(config, size, machine, rates)
    n_adapter = shape.n_adapter_weights(config.training.lora_rank)
    disk = disk_of(config, size, of_model, n_adapter)
    print("\n".join(page(config, needs, stages, machine, disk, promise)))
    require_disk(Path(config.pathvars.results), sum(disk.values()))


def read_config(files: Sequence[Path]) -> Config:
    """The configuration as Snakemake puts it together.

    Raises:
        InputError: a file cannot be read, or holds what the configuration does not know.
    """
    merged: dict[str, Any] = {}
    of_folder = [OF_FOLDER] if OF_FOLDER.exists() and not OF_FOLDER.samefile(DEFAULTS) else []
    for path in (DEFAULTS, *of_folder, *files):
        values = read_yaml(path)
        if not isinstance(values, dict):
            raise InputError(f"{path}: expected a mapping of sections")
        update_config(merged, values)
    return section_from(Config, merged)


def load(config: Config, split: str) -> list[Problem]:
    """The problems of the run; none to train on where nothing is sampled for training."""
    if split == "train" and (config.tuned or config.pairs):
        return []
    sources = [config.problems.train] if split == "train" else config.problems.eval
    broken = "drop" if config.problems.broken != "stop" else "stop"
    return load_all(sources, split, config.problems.limit, broken)


def prepare(config: Config, folder: Path, is_run: bool) -> Path:
    """A folder with the model, of which only configuration and tokenizer are fetched where it is
    not run."""
    model = config.model
    if is_run or Path(model.id).is_dir() or model.id.startswith(EMBEDDED.partition(":")[0]):
        prepare_model(model.id, model.revision, folder)
        return folder
    what = f"model {model.id!r}"
    return fetch_snapshot(what, model.id, "model", model.revision, WITHOUT_WEIGHTS)


def bytes_of(folder: Path) -> int:
    """The size of a model's weights; 0 where they are not there."""
    return sum(path.stat().st_size for path in folder.glob("*.safetensors"))


def device_of(gpu: str | None) -> Device:
    """A GPU by its name, with all of its memory, or what there is here."""
    if gpu is None:
        return find_device()
    memory = GPUS[gpu].memory
    return Device("cuda", gpu, memory, memory)


def longest_prompt(folder: Path, prompt_format: str, problems: Sequence[Problem]) -> int:
    """Tokens of the longest prompt."""
    tokenizer = load_tokenizer(folder)
    texts = (render_prompt(tokenizer, problem.prompt, prompt_format) for problem in problems)
    return max(len(encode(tokenizer, text, prompt_format)) for text in texts)


def require_memory(needs: Sequence[Need], room: int) -> None:
    """
    Raises:
        InputError: stages that do not fit, all of them.
    """
    faults = []
    for need in needs:
        try:
            need.require(room)
        except InputError as error:
            faults.append(str(error))
    if faults:
        raise InputError("; ".join(faults))


def seconds_to_import() -> float:
    """What it takes to load the libraries of the jobs that run a model."""
    start = time.monotonic()
    import failpairs.planning.pilot  # noqa: F401

    return time.monotonic() - start


def measure(
    config: Config, folder: Path, problems: Sequence[Problem], slots: int, importing: float
) -> Rates:
    """The rates of this machine, by a pilot.

    Args:
        importing: seconds in which every job loads its libraries.
    """
    from failpairs.planning.pilot import pilot, some_problems

    settings, tier = config.execution, find_tier(unsafe=config.execution.unsafe_no_sandbox)
    some = some_problems(problems, slots)
    begun = time.monotonic()
    inputs = config.curation.verify_inputs
    trials = {t.task_id: t for t in try_with_inputs(some, settings, tier, 1, inputs)}
    trial = (time.monotonic() - begun) / len(some)
    sound = [each for each in some if trials[each.task_id].fault is None]
    ready = [with_inputs(each, trials[each.task_id].inputs) for each in sound]

    def label(samples: Sequence[Sample]) -> Iterator[ExecLabel]:
        return execute_samples(ready, samples, settings, tier, 1, trials)

    recipe = config.training if n_trainings(config) else None
    rates = pilot(folder, config.model, config.sampling, slots, recipe, sound, label)
    return replace(
        rates,
        sampling_start=importing + rates.sampling_start,
        training_start=importing + rates.training_start,
        trial=trial,
    )


def page(
    config: Config,
    needs: Sequence[Need],
    stages: Sequence[Stage],
    machine: Machine,
    disk: Mapping[str, int],
    promise: Forecast | None,
) -> Iterator[str]:
    """The lines that are printed."""
    walls = [stage.wall_clock(machine.gpus) for stage in stages]
    of_models = sum(stage.n_jobs * stage.seconds for stage in stages if stage.runs_model)
    yield f"About {duration(sum(walls))}, of which {duration(of_models)} run the model:"
    yield ""
    rows = [
        (stage.name, stage.n_jobs, duration(stage.seconds), duration(wall))
        for stage, wall in zip(stages, walls, strict=True)
    ]
    yield from table(["stage", "jobs", "each", "all"], rows)
    yield ""
    parts = [*asdict(needs[0].sizes[0].memory)]
    memory = [
        [need.stage, *(f"{x / GIB:.2f}" for x in (*asdict(m).values(), m.total))]
        for need, m in ((need, need.sizes[0].memory) for need in needs)
    ]
    yield from table(["memory, GiB", *parts, "all"], memory)
    yield ""
    held = ", ".join(f"{name} {size / GIB:.2f}" for name, size in disk.items())
    yield f"Disk, GiB: {sum(disk.values()) / GIB:.2f} ({held})."
    if promise:
        yield from promises(config, promise)


def promises(config: Config, promise: Forecast) -> Iterator[str]:
    """What the pilot says of pairs and effects."""
    wanted = config.curation.n_pairs
    if not config.pairs and not config.tuned:
        yield (
            f"Pairs: at most {promise.pairs:.0f} from {promise.mixed:.0f} problems with passes and "
            f"failures, before those that are too much alike or of other lengths are left out; "
            f"{wanted} are asked for (curation.n_pairs)."
        )
    found = "none" if promise.effect is None else f"{100 * promise.effect:.1f} points"
    yield (
        f"Smallest improvement of pass@1 that is found with {POWER:.0%} power: {found}, where the "
        f"base model solves {promise.pass_rate:.0%}, as in the pilot."
    )


def duration(seconds: float) -> str:
    """In seconds, minutes or hours.

    Example:
        >>> duration(59), duration(95), duration(5400)
        ('59 s', '1.6 min', '1.5 h')
    """
    units = ((3600, "h"), (60, "min"))
    length, unit = next((each for each in units if seconds >= each[0]), (1, "s"))
    return f"{seconds / length:.{0 if length == 1 else 1}f} {unit}"


def require_disk(results: Path, size: int) -> None:
    """
    Raises:
        InputError: the disk that holds the results has less room than they need.
    """
    there = next(each for each in (results, *results.resolve().parents) if each.exists())
    free = shutil.disk_usage(there).free
    if free < size:
        raise InputError(
            f"the run needs {gib(size)} on the disk, and {there} has {gib(free)} free: set "
            "pathvars.results to another disk"
        )
