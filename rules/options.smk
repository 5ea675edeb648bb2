# What programs are told, as parts of their commands.
import json
import shlex

from failpairs.sampling.engines import ENGINES
from failpairs.statistics.settings import OF_TWO_MODELS
from failpairs.workflow.config import reported
from failpairs.workflow.options import command_line


def program(name, python="python"):
    """The beginning of a command that runs a program of the checkout.

    The path is relative, so that the command is the same wherever the project lies.
    """
    return f"{python} {shlex.quote(os.path.relpath(CHECKOUT / 'scripts' / name))}"


def options(section, *keys):
    """A section of the configuration, or some of its keys, as command-line options."""
    return command_line(SECTIONS[section], config[section], *keys)


def engine_of(section):
    """The entry of the engine that samples the training or the evaluation problems."""
    return ENGINES[config[section]["engine"]]


def engine_options(section):
    """The options that only this engine has."""
    keys = engine_of(section).options
    return options("inference", *keys) if keys else ""


def machine_options(section):
    """Those that say how this engine uses the machine."""
    keys = engine_of(section).machine
    return options("inference", *keys) if keys else ""


def gpus_of(section):
    """The GPUs that a job of this engine needs."""
    return engine_of(section).n_gpus(config["inference"]["tensor_parallel"])


def recipe_options(**values):
    """The recipe but for what is tried, and with some values of that."""
    fixed = {
        k: v for k, v in config["training"].items() if k not in config["tuning"]["grid"]
    }
    return command_line(SECTIONS["training"], {**fixed, **values})


def live_options():
    """The options of a training that is watched; empty where nobody watches."""
    if not config["training"]["report_to"]:
        return ""
    folder = shlex.quote(f"{RESULTS}/live")
    return f"{options('training', 'report_to')} --live-dir {folder}"


def recipe_of_candidate(wildcards):
    """The recipe of a candidate, which is measured to its end however far it goes astray."""
    values = CANDIDATES[int(wildcards.candidate)]
    return recipe_options(**{**values, "max_chosen_drop": 100})


def sampling_of_candidates(wildcards):
    """How held-out training problems are sampled: as training problems are, by the engine of
    evaluation, since that of the training samples need not apply adapters."""
    values = {
        **config["sampling"],
        "engine": config["evaluation"]["engine"],
        "n_samples": config["tuning"]["n_samples"],
    }
    return command_line(SECTIONS["sampling"], values)


def execution_of_evaluation():
    """How samples of evaluation problems are executed: all of them, since an evaluation has a label
    of each. Where some could not be, the job fails, and the next run tries these alone again.
    """
    values = {**config["execution"], "max_infra_errors": 0.0}
    return command_line(SECTIONS["execution"], values)


def folder_option(name, files):
    """An option that names the folder of some files; empty where there are none."""
    return f"{name} {shlex.quote(str(Path(files[0]).parent))}" if files else ""


def part_of_evaluation(wildcards, input):
    """What the evaluation samples: an adapter, or the base model, once more with half the batch."""
    if input.adapter:
        return folder_option("--adapter", input.adapter)
    return "--half-batches" if wildcards.get("model") == "again" else ""


def trials_option(wildcards, input):
    """The trials of the training problems, where these have generated inputs."""
    return f"--trials {shlex.quote(input.trials)}" if input.trials else ""


def curation_for_seed(wildcards):
    """The curation options of a seed that has pairs of its own."""
    curation = config["curation"]
    seed = curation["seed"] + int(wildcards.seed)
    return command_line(SECTIONS["curation"], {**curation, "seed": seed})


def sampling_of_round(wildcards):
    """How a later round samples: with another seed, so that it draws anew."""
    later = int(wildcards.later.removeprefix("round")) - 1
    values = {**config["sampling"], "seed": config["sampling"]["seed"] + later}
    return command_line(SECTIONS["sampling"], values)


def curation_of_round(wildcards):
    """The curation options of a later round, in which fewer problems may be left to learn from."""
    return command_line(
        SECTIONS["curation"], {**config["curation"], "allow_fewer": True}
    )


def broken_option(split):
    """What happens to malformed rows and broken problems."""
    broken = config["problems"]["broken"]
    if broken == "auto":
        broken = "stop" if split == "eval" else "drop"
    return f"--broken {broken}"


def trial_options(split):
    """How problems are tried."""
    return f"{broken_option(split)} {options('execution')}"


MODEL_OPTIONS = options("model", "dtype", "quantization", "prompt_format")
