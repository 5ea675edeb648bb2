"""How long the stages of a run take, and what disk they need, by what a pilot measured."""

import math
from dataclasses import dataclass
from statistics import mean

from failpairs.curation.control_arms import pairs_wanted
from failpairs.planning.decoding_cost import seconds_to_decode
from failpairs.planning.forecast import Forecast
from failpairs.planning.rates import Rates
from failpairs.training.recipe import Recipe
from failpairs.training.train_adapter import MEASUREMENTS
from failpairs.training.tuning import grid_points
from failpairs.workflow.arms import has_own_pairs
from failpairs.workflow.config import Config

COPIES = 3  # of the samples: as shards, all of them, and for EvalPlus
ROW = 900  # bytes of a sample and its label (docs/scaling.md)
FLOAT32 = 4  # bytes of a weight of an adapter
IN_TRAINING = 4  # times the size of an adapter that its checkpoint has, with the optimiser's state


@dataclass(frozen=True)
class Size:
    """How much there is to do.

    Attributes:
        train, evaluation: problems.
        pairs, held_out_pairs, held_out_problems: as many as curation gives.
    """

    train: int
    evaluation: int
    pairs: int
    held_out_pairs: int
    held_out_problems: int


@dataclass(frozen=True)
class Machine:
    """What runs the jobs.

    Attributes:
        workers: programs that are executed at once.
        gpus: jobs that run a model at once; 1 on a CPU, whose cores one job takes.
        slots: sequences that are decoded together.
    """

    workers: int
    gpus: int
    slots: int


@dataclass(frozen=True)
class Stage:
    """Jobs of one kind: their number, the seconds of each, and whether they run a model."""

    name: str
    n_jobs: int
    seconds: float
    runs_model: bool = True

    def wall_clock(self, gpus: int) -> float:
        """Seconds for all jobs, of which so many run at once."""
        return math.ceil(self.n_jobs / (gpus if self.runs_model else 1)) * self.seconds


def n_references(config: Config) -> int:
    """Sets of pairs whose log-probabilities are computed, those of later rounds aside."""
    of_seeds = len(config.seeds.values) if config.seeds.vary != "training" else 0
    of_all = 1 if config.tuning.grid or not of_seeds else 0
    return of_all + of_seeds + sum(map(has_own_pairs, config.arms))


def size_of(
    config: Config, n_train: int, n_eval: int, promise: Forecast | None, n_own: int = 0
) -> Size:
    """What is to be done; without a forecast, with as many pairs as are asked for.

    Args:
        n_own: pairs that are given, where `config.pairs` names some.
    """
    held_out = config.curation.held_out
    wanted, mixed = config.curation.n_pairs, float(n_train)
    if config.pairs:
        wanted = round(n_own * (1 - held_out))
    elif promise:
        wanted = min(wanted, round(promise.pairs * (1 - held_out)))
        mixed = promise.mixed
    return Size(
        train=n_train,
        evaluation=n_eval,
        pairs=wanted,
        held_out_pairs=round(wanted * held_out / (1 - held_out)),
        held_out_problems=round(mixed * held_out),
    )


def pairs_of(arm: str, n_curated: int) -> int:
    """How many pairs an arm is trained on.

    Example:
        >>> pairs_of("n125", 500), pairs_of("random", 500), pairs_of("focus2", 500)
        (125, 500, 500)
    """
    return pairs_wanted(arm, n_curated) if has_own_pairs(arm) else n_curated


def n_trainings(config: Config) -> int:
    """Adapters that are trained, those of the candidates for the recipe aside."""
    seeds = len(config.seeds.values)
    if config.tuned:
        return 0
    crossed = seeds * (seeds - 1) if config.seeds.vary == "both" else 0
    return seeds * (len(config.arms) + config.rounds) + crossed


def stages_of(config: Config, size: Size, machine: Machine, rates: Rates) -> list[Stage]:
    """The stages whose time depends on the size of the run, in their order."""

    def sampling(problems: float, n_samples: int) -> float:
        decoding = seconds_to_decode(rates, math.ceil(problems), n_samples, machine.slots)
        return rates.sampling_start + decoding

    def executing(n_samples: int) -> float:
        return n_samples * rates.execution / machine.workers

    tokens, held_out = (n * rates.pair_tokens for n in (size.pairs, size.held_out_pairs))

    def training(recipe: Recipe, pairs: int = size.pairs) -> float:
        steps = math.ceil(pairs / recipe.batch_size) * recipe.epochs
        exams = 1 + (steps // recipe.eval_every if recipe.eval_every else MEASUREMENTS)
        trained = pairs * rates.pair_tokens * recipe.epochs
        work = trained * rates.training + exams * held_out * rates.scoring
        return rates.training_start + work

    scoring = rates.sampling_start + (tokens + held_out) * rates.scoring
    found = []
    if not (config.tuned or config.pairs):
        shards, n_samples = config.sampling.shards, config.sampling.n_samples
        found += [
            Stage("try_train_problems", 1, size.train * rates.trial / machine.workers, False),
            Stage("sample/*", shards, sampling(size.train / shards, n_samples)),
            Stage("execute", 1, executing(size.train * n_samples), False),
        ]
    trainings, references = n_trainings(config), n_references(config)
    if trainings:
        found.append(Stage("reference", references, scoring))
    candidates = [config.training.model_copy(update=p) for p in grid_points(config.tuning.grid)]
    if candidates and trainings:
        each = mean(map(training, candidates))
        found.append(Stage("tuning/*/train", len(candidates), each))
        drawn = sampling(size.held_out_problems, config.tuning.n_samples)
        tried = executing(size.held_out_problems * config.tuning.n_samples)
        found.append(Stage("tuning/*/sample", len(candidates) + 1, drawn))
        found.append(Stage("tuning/*/execute", len(candidates) + 1, tried, False))
    if trainings:
        recipe = max(candidates, key=lambda r: r.epochs, default=config.training)
        seeds = len(config.seeds.values)
        of_arms = [training(recipe, pairs_of(arm, size.pairs)) for arm in config.arms] * seeds
        of_curated = [training(recipe)] * (trainings - len(of_arms))
        found.append(Stage("train/*", trainings, mean([*of_arms, *of_curated])))
    evaluated = 1 + config.evaluation.again + trainings + len(config.tuned)
    drawn = sampling(size.evaluation, config.evaluation.n_samples)
    executed = executing(size.evaluation * config.evaluation.n_samples)
    later = (config.rounds - 1) * len(config.seeds.values)
    if later:
        drawn_later = sampling(size.train, config.sampling.n_samples)
        run_later = executing(size.train * config.sampling.n_samples)
        found.append(Stage("arms/*/sample", later, drawn_later))
        found.append(Stage("arms/*/execute", later, run_later, False))
        found.append(Stage("arms/*/reference", later, scoring))
    return [
        *found,
        Stage("eval/*/sample", evaluated, drawn),
        Stage("eval/*/execute", evaluated, executed, False),
    ]


def disk_of(config: Config, size: Size, model: int, n_adapter: int) -> dict[str, int]:
    """Bytes on the disk, by what they hold.

    Args:
        model: bytes of the model's files.
        n_adapter: weights of an adapter.
    """
    trainings = n_trainings(config)
    models = 1 + config.evaluation.again + trainings + len(config.tuned)
    rows = size.evaluation * config.evaluation.n_samples * models
    if not (config.tuned or config.pairs):
        rounds = 1 + (config.rounds - 1) * len(config.seeds.values)
        rows += COPIES * rounds * size.train * config.sampling.n_samples
    candidates = len(grid_points(config.tuning.grid)) if trainings else 0
    return {
        "model": model,
        "samples and labels": rows * ROW,
        "adapters": (trainings + candidates) * n_adapter * FLOAT32,
        "checkpoint": IN_TRAINING * n_adapter * FLOAT32 if trainings else 0,
    }
