"""What a study costs: a model of every stage, and the tables of docs/scaling.md.

No GPU was available. GPU-hours are arithmetic: operations and bytes, over the peaks that a vendor
publishes, times an assumed utilisation. All else goes through points that were measured by the
other benchmarks; docs/scaling.md says by which. The last line printed is a JSON object with all
figures.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

Points = Sequence[tuple[float, float]]

# Measured, on two cores of a CPU; seconds are CPU seconds.
EXECUTION = 9.7e-3  # s a sample that ends by itself, half of which pass and run twice
EXECUTION_PLUS = 0.17  # s a sample of HumanEval+, endless ones included
TRIAL, TRIAL_PLUS = 30e-3, 0.41  # s a problem without and with additional tests
CURATION: Points = ((10_000, 2.90), (100_000, 20.0), (1_000_000, 199.0))  # samples, s
PLANNING: Points = ((1_000, 3.1), (10_000, 16.6))  # jobs, s
MERGING = 9.0e-6  # s a sample
STARTING = 10.0  # s of a job that loads a model, without reading its weights
REPORT = 9.0  # s, of 1,000 problems and ten seeds
TEXT, FIELDS = 468, 141  # bytes of a completion, and of all else in its row
BYTES = {"label": 287, "pair": 202, "prompt": 415, "reference": 245, "job": 3_700}

# Assumed.
UTILISATION = 0.3  # of the device's peaks
ENDLESS = 0.01  # share of the samples
ENDLESS_LIMIT = 0.5  # s that an endless program gets, where the reference is fast
READING = 1e9  # bytes of weights per second
CORES = 8  # of the job that executes, as its rule asks for

GPUS = (1, 64)
SHARDS = 4  # at least; otherwise one for each GPU


@dataclass(frozen=True)
class Device:
    """A GPU: the vendor's peaks, in operations and in bytes per second."""

    name: str
    operations: float
    bandwidth: float


A100 = Device("A100 80 GB SXM", 312e12, 2.039e12)  # dense bfloat16


@dataclass(frozen=True)
class Model:
    """Weights, and bytes of keys and values a token, both in bfloat16; LoRA's width is the sum of
    inputs and outputs of all linear layers."""

    name: str
    weights: float
    cache_bytes: float
    lora_width: int


def qwen_3b() -> Model:
    """Qwen2.5-Coder-3B, by its config.json: 36 layers, 2 key-value heads of 128."""
    hidden, inner, keys, layers = 2048, 11008, 256, 36
    width = 2 * (hidden + hidden) + 2 * (hidden + keys) + 3 * (hidden + inner)
    return Model("Qwen2.5-Coder-3B", 3.09e9, layers * 2 * keys * 2, layers * width)


@dataclass(frozen=True)
class Study:
    """An experiment, in the words of the configuration; lengths in tokens."""

    name: str
    problems: int
    n_samples: int
    n_pairs: int
    seeds: int
    epochs: float = 2
    candidates: int = 6
    candidate_epochs: float = 1.5
    candidate_samples: int = 8
    held_out: float = 0.1
    measurements: int = 10
    eval_problems: int = 164
    prompt: int = 116
    completion: int = 140
    batch_size: int = 64
    max_new_tokens: int = 512
    lora_rank: int = 16

    @property
    def samples(self) -> int:
        return self.problems * self.n_samples

    @property
    def pair_tokens(self) -> int:
        return self.n_pairs * (self.prompt + 2 * self.completion)


STUDIES = (
    Study("config.yaml", problems=474, n_samples=40, n_pairs=500, seeds=3),
    Study("a million", problems=10_000, n_samples=100, n_pairs=50_000, seeds=10),
)


def sampling(study: Study, problems: float, n_samples: int, model: Model, gpu: Device) -> float:
    """GPU-seconds of one job: each prompt once, and each step all weights and the keys and values
    of a batch. The last sequence may go to its limit, so that there are at least so many steps.
    """
    operations = 2 * model.weights * problems * study.prompt
    steps = max(problems * n_samples * study.completion / study.batch_size, study.max_new_tokens)
    context = study.prompt + study.completion / 2
    step_bytes = 2 * model.weights + study.batch_size * context * model.cache_bytes
    return operations / (UTILISATION * gpu.operations) + steps * step_bytes / (
        UTILISATION * gpu.bandwidth
    )


def reference(study: Study, model: Model, gpu: Device) -> float:
    """GPU-seconds: every pair, and those held out, forwards once."""
    tokens = study.pair_tokens * (1 + study.held_out)
    return 2 * model.weights * tokens / (UTILISATION * gpu.operations)


def training(study: Study, epochs: float, model: Model, gpu: Device) -> float:
    """GPU-seconds of one run: forwards, forwards again for activations that were not kept, and
    backwards through frozen weights; and the measurements on the pairs held out."""
    passes = 6 * epochs + 2 * study.held_out * study.measurements
    return passes * model.weights * study.pair_tokens / (UTILISATION * gpu.operations)


def trials(study: Study) -> float:
    """CPU-seconds of trying the training and the evaluation problems."""
    return TRIAL * study.problems + TRIAL_PLUS * study.eval_problems


def execution(samples: int) -> float:
    """CPU-seconds."""
    return samples * (EXECUTION + ENDLESS * ENDLESS_LIMIT)


def line(points: Points, x: float) -> float:
    """The value at x of the line that fits best, by relative error."""
    xs, ys = np.array(points).T
    slope, start = np.polyfit(xs, ys, 1, w=1 / ys)
    return float(start + slope * x)


@dataclass(frozen=True)
class Stage:
    """Seconds of work of each job, on one GPU or one core; its jobs could all run at once."""

    name: str
    on: str
    seconds: float
    jobs: int
    cores: int = 1

    @property
    def work(self) -> float:
        """Seconds of one GPU or one core."""
        return self.seconds * self.jobs

    def wall(self, gpus: int) -> float:
        """Seconds with so many GPUs, and as many CPUs as there are jobs."""
        rounds = math.ceil(self.jobs / gpus) if self.on == "GPU" else 1
        return rounds * self.seconds / self.cores


def stages(study: Study, model: Model, gpu: Device, shards: int) -> list[Stage]:
    """All stages, each of which waits for the one before."""
    start = STARTING + 2 * model.weights / READING
    drawn = sampling(study, study.problems / shards, study.n_samples, model, gpu)
    evaluated = sampling(study, study.eval_problems, 1, model, gpu)
    models = 2 + study.seeds  # the base model twice
    aside = study.held_out * study.problems  # problems on which candidates are measured
    tried = sampling(study, aside, study.candidate_samples, model, gpu)
    return [
        Stage("plan", "CPU", line(PLANNING, jobs(study, shards)), 1),
        Stage("try problems", "CPU", trials(study), 1, CORES),
        Stage("sample", "GPU", start + drawn, shards),
        Stage("merge", "CPU", MERGING * study.samples, 1),
        Stage("execute", "CPU", execution(study.samples), 1, CORES),
        Stage("curate", "CPU", line(CURATION, study.samples), 1),
        Stage("reference", "GPU", start + reference(study, model, gpu), 1),
        Stage(
            "tune: train",
            "GPU",
            start + training(study, study.candidate_epochs, model, gpu),
            study.candidates,
        ),
        Stage("tune: sample", "GPU", start + tried, 1 + study.candidates),
        Stage(
            "tune: execute",
            "CPU",
            execution(round(aside * study.candidate_samples)),
            1 + study.candidates,
            CORES,
        ),
        Stage("train", "GPU", start + training(study, study.epochs, model, gpu), study.seeds),
        Stage("evaluate: sample", "GPU", start + evaluated, models),
        Stage("evaluate: execute", "CPU", EXECUTION_PLUS * study.eval_problems, models, CORES),
        Stage("report", "CPU", REPORT, 1),
    ]


def jobs(study: Study, shards: int) -> int:
    """Jobs of a study without control arms."""
    return shards + 22 + 4 * study.seeds + 3 * study.candidates


def bytes_on_disk(study: Study, model: Model, n_jobs: int) -> dict[str, float]:
    """Bytes of each kind of file."""
    sample = TEXT + FIELDS
    models = 2 + study.seeds
    return {
        "weights of the model": 2 * model.weights,
        "samples, in shards and merged": 2
        * (study.samples * sample + study.problems * BYTES["prompt"]),
        "labels": study.samples * BYTES["label"],
        "pairs and their reference": study.n_pairs
        * (1 + study.held_out)
        * (BYTES["pair"] + BYTES["prompt"] + 2 * TEXT + BYTES["reference"]),
        "adapters": (study.seeds + study.candidates) * 4 * study.lora_rank * model.lora_width,
        "evaluations": models * study.eval_problems * (sample + BYTES["label"] + BYTES["prompt"]),
        "logs and Snakemake's records": n_jobs * BYTES["job"],
    }


def duration(seconds: float) -> str:
    """In seconds, minutes or hours, with two digits."""
    units = ((3600, "h"), (60, "min"), (1, "s"))
    length, unit = next((one for one in units if seconds >= one[0]), units[-1])
    value = seconds / length
    return f"{value:.{0 if value >= 9.95 else 1}f} {unit}"


def size(count: float) -> str:
    """In MB or GB."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def cells(study: Study, model: Model, gpu: Device) -> list[list[str]]:
    """By stage, and of all: work, and wall time for each number of GPUs."""
    runs = [stages(study, model, gpu, max(SHARDS, gpus)) for gpus in GPUS]
    rows = []
    for alike in zip(*runs, strict=True):
        walls = [stage.wall(gpus) for stage, gpus in zip(alike, GPUS, strict=True)]
        work = f"{duration(alike[0].work)} {alike[0].on}"
        rows.append([work, *map(duration, walls)])
    sums = {on: sum(stage.work for stage in runs[0] if stage.on == on) for on in ("GPU", "CPU")}
    work = ", ".join(f"{duration(seconds)} {on}" for on, seconds in sums.items())
    walls = [sum(stage.wall(n) for stage in run) for run, n in zip(runs, GPUS, strict=True)]
    return [*rows, [work, *map(duration, walls)]]


def time_table(model: Model, gpu: Device) -> str:
    """Work and wall time of all studies."""
    names = [*(stage.name for stage in stages(STUDIES[0], model, gpu, SHARDS)), "all"]
    heads = [f"{s.name}: {head}" for s in STUDIES for head in ("work", *(f"{n} GPU" for n in GPUS))]
    found = zip(*(cells(study, model, gpu) for study in STUDIES), strict=True)
    rows = [[name, *chain(*parts)] for name, parts in zip(names, found, strict=True)]
    return table(["stage", *heads], rows)


def byte_table(disk: Mapping[str, Mapping[str, float]]) -> str:
    """Bytes of all studies."""
    kinds = [*disk[STUDIES[0].name]]
    rows = [[kind, *(size(found[kind]) for found in disk.values())] for kind in kinds]
    rows.append(["all", *(size(sum(found.values())) for found in disk.values())])
    return table(["files", *disk], rows)


def main() -> None:
    model, gpu = qwen_3b(), A100
    disk = {s.name: bytes_on_disk(s, model, jobs(s, max(SHARDS, *GPUS))) for s in STUDIES}
    work = {
        s.name: {stage.name: stage.work for stage in stages(s, model, gpu, SHARDS)} for s in STUDIES
    }
    print(f"{time_table(model, gpu)}\n\n{byte_table(disk)}")
    print(json.dumps({"work_seconds": work, "bytes": disk}))


if __name__ == "__main__":
    main()
