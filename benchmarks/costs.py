"""What a study costs: a model of every stage, and the tables of docs/scaling.md.

No GPU was available. GPU-hours are arithmetic: operations and bytes, over the peaks that a vendor
publishes, times an assumed utilisation. All else goes through points that were measured by the
other benchmarks; docs/scaling.md says by which. The last line printed is a JSON object with all
figures.
"""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.models.memory_estimate import Shape
from failpairs.planning.decoding_cost import seconds_to_decode
from failpairs.planning.rates import Rates, by_arithmetic

Points = Sequence[tuple[float, float]]

# Measured, on two cores of a CPU; seconds are CPU seconds.
EXECUTION = 9.7e-3  # s a sample that ends by itself, half of which pass and run twice
EXECUTION_PLUS = 0.17  # s a sample of HumanEval+, endless ones included
TRIAL, TRIAL_PLUS = 30e-3, 0.41  # s a problem without and with additional tests
CURATION: Points = ((10_000, 2.90), (100_000, 20.0), (1_000_000, 199.0))  # samples, s
PLANNING: Points = ((1_000, 3.1), (10_000, 16.6))  # jobs, s
MERGING = 9.0e-6  # s a sample
REPORT = 9.0  # s, of 1,000 problems and ten seeds
TEXT, FIELDS = 468, 141  # bytes of a completion, and of all else in its row
BYTES = {"label": 287, "pair": 202, "prompt": 415, "reference": 245, "job": 3_700}

# Assumed.
ENDLESS = 0.01  # share of the samples
ENDLESS_LIMIT = 0.5  # s that an endless program gets, where the reference is fast
CORES = 8  # of the job that executes, as its rule asks for

GPUS = (1, 64)
SHARDS = 4  # at least; otherwise one for each GPU
GPU = "A100-80GB"
BFLOAT16, FLOAT32 = 2, 4  # bytes of a weight

# Qwen2.5-Coder-3B, by its config.json.
QWEN_3B = Shape(
    layers=36,
    hidden=2048,
    heads=16,
    kv_heads=2,
    head_size=128,
    intermediate=11008,
    vocabulary=151936,
    is_tied=True,
    has_bias=True,
)


@dataclass(frozen=True)
class Study:
    """An experiment, in the words of the configuration; lengths in tokens."""

    name: str
    problems: int
    n_samples: int
    n_pairs: int
    seeds: int
    width: int
    epochs: float = 2
    candidates: int = 6
    candidate_epochs: float = 1.5
    candidate_samples: int = 8
    held_out: float = 0.1
    measurements: int = 10
    eval_problems: int = 164
    batch_size: int = 64
    lora_rank: int = 16

    @property
    def samples(self) -> int:
        return self.problems * self.n_samples


REFERENCE = Study("config.yaml", problems=474, n_samples=40, n_pairs=500, seeds=3, width=FLOAT32)
NARROW = replace(REFERENCE, name="in bfloat16", width=BFLOAT16)
MILLION = replace(
    NARROW, name="a million", problems=10_000, n_samples=100, n_pairs=50_000, seeds=10
)
STUDIES = (REFERENCE, NARROW, MILLION)


def rates_of(study: Study) -> Rates:
    """What work costs on the GPU."""
    return by_arithmetic(GPU, QWEN_3B, study.width)


def sampling(study: Study, problems: float, n_samples: int, rates: Rates) -> float:
    """GPU-seconds of one job."""
    return seconds_to_decode(rates, math.ceil(problems), n_samples, study.batch_size)


def reference(study: Study, rates: Rates) -> float:
    """GPU-seconds: every pair, and those held out, forwards once."""
    return study.n_pairs * (1 + study.held_out) * rates.pair_tokens * rates.scoring


def training(study: Study, epochs: float, rates: Rates) -> float:
    """GPU-seconds of one run, with the measurements on the pairs held out."""
    exams = study.held_out * study.measurements * rates.scoring
    return study.n_pairs * rates.pair_tokens * (epochs * rates.training + exams)


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


def stages(study: Study, rates: Rates, shards: int) -> list[Stage]:
    """All stages, each of which waits for the one before."""
    start = rates.sampling_start
    drawn = sampling(study, study.problems / shards, study.n_samples, rates)
    evaluated = sampling(study, study.eval_problems, 1, rates)
    models = 2 + study.seeds  # the base model twice
    aside = study.held_out * study.problems  # problems on which candidates are measured
    tried = sampling(study, aside, study.candidate_samples, rates)
    return [
        Stage("plan", "CPU", line(PLANNING, jobs(study, shards)), 1),
        Stage("try problems", "CPU", trials(study), 1, CORES),
        Stage("sample", "GPU", start + drawn, shards),
        Stage("merge", "CPU", MERGING * study.samples, 1),
        Stage("execute", "CPU", execution(study.samples), 1, CORES),
        Stage("curate", "CPU", line(CURATION, study.samples), 1),
        Stage("reference", "GPU", start + reference(study, rates), 1),
        Stage(
            "tune: train",
            "GPU",
            start + training(study, study.candidate_epochs, rates),
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
        Stage("train", "GPU", start + training(study, study.epochs, rates), study.seeds),
        Stage("evaluate: sample", "GPU", start + evaluated, models),
        Stage("evaluate: execute", "CPU", EXECUTION_PLUS * study.eval_problems, models, CORES),
        Stage("report", "CPU", REPORT, 1),
    ]


def jobs(study: Study, shards: int) -> int:
    """Jobs of a study without control arms."""
    return shards + 22 + 4 * study.seeds + 3 * study.candidates


def bytes_on_disk(study: Study, shape: Shape, n_jobs: int) -> dict[str, float]:
    """Bytes of each kind of file."""
    sample = TEXT + FIELDS
    models = 2 + study.seeds
    return {
        "weights of the model": BFLOAT16 * shape.n_weights,
        "samples, in shards and merged": 2
        * (study.samples * sample + study.problems * BYTES["prompt"]),
        "labels": study.samples * BYTES["label"],
        "pairs and their reference": study.n_pairs
        * (1 + study.held_out)
        * (BYTES["pair"] + BYTES["prompt"] + 2 * TEXT + BYTES["reference"]),
        "adapters": (study.seeds + study.candidates) * 4 * shape.n_adapter_weights(study.lora_rank),
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


def cells(study: Study) -> list[list[str]]:
    """By stage, and of all: work, and wall time for each number of GPUs."""
    rates = rates_of(study)
    runs = [stages(study, rates, max(SHARDS, gpus)) for gpus in GPUS]
    rows = []
    for alike in zip(*runs, strict=True):
        walls = [stage.wall(gpus) for stage, gpus in zip(alike, GPUS, strict=True)]
        work = f"{duration(alike[0].work)} {alike[0].on}"
        rows.append([work, *map(duration, walls)])
    sums = {on: sum(stage.work for stage in runs[0] if stage.on == on) for on in ("GPU", "CPU")}
    work = ", ".join(f"{duration(seconds)} {on}" for on, seconds in sums.items())
    walls = [sum(stage.wall(n) for stage in run) for run, n in zip(runs, GPUS, strict=True)]
    return [*rows, [work, *map(duration, walls)]]


def time_table() -> str:
    """Work and wall time of all studies."""
    names = [*(stage.name for stage in stages(REFERENCE, rates_of(REFERENCE), SHARDS)), "all"]
    heads = [f"{s.name}: {head}" for s in STUDIES for head in ("work", *(f"{n} GPU" for n in GPUS))]
    found = zip(*(cells(study) for study in STUDIES), strict=True)
    rows = [[name, *chain(*parts)] for name, parts in zip(names, found, strict=True)]
    return table(["stage", *heads], rows)


def byte_table(disk: Mapping[str, Mapping[str, float]]) -> str:
    """Bytes of all studies."""
    kinds = [*disk[REFERENCE.name]]
    rows = [[kind, *(size(found[kind]) for found in disk.values())] for kind in kinds]
    rows.append(["all", *(size(sum(found.values())) for found in disk.values())])
    return table(["files", *disk], rows)


def main() -> None:
    disk = {
        s.name: bytes_on_disk(s, QWEN_3B, jobs(s, max(SHARDS, *GPUS))) for s in (REFERENCE, MILLION)
    }
    work = {
        s.name: {stage.name: stage.work for stage in stages(s, rates_of(s), SHARDS)}
        for s in STUDIES
    }
    print(f"{time_table()}\n\n{byte_table(disk)}")
    print(json.dumps({"work_seconds": work, "bytes": disk}))


if __name__ == "__main__":
    main()
