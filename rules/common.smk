import hashlib
import os
import shlex
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from failpairs.config import command_line, reported, validate_config
from failpairs.console import shorten
from failpairs.digest import code_digest as digest_of
from failpairs.errors import InputError
from failpairs.problems import MBPP_SPLITS
from failpairs.shards import shard_pattern

try:
    config = validate_config(config)
except InputError as error:
    raise WorkflowError(str(error).replace("; config: ", "\nconfig: ")) from None


shorten(workflow)
SEEDS = config["seeds"]["values"]
MODELS = ["base", *expand("seed{seed}", seed=SEEDS)]
ARMS = config["arms"]
MODEL_OPTIONS = command_line(
    {k: config["model"][k] for k in ("dtype", "prompt_format")}
)


wildcard_constraints:
    seed=r"\d+",
    model=r"base|seed\d+",
    arm=r"((arms/[a-z]+\d*|pairs/seed\d+)/)?",  # empty for the curated pairs
    name=r"[a-z]+\d*",


scattergather:
    sample=config["sampling"]["shards"],


def code_digest(script):
    """Reruns a rule when its script or a module that it imports has changed in more than looks."""
    return digest_of(Path(workflow.basedir) / script)


def lock_digest(*names):
    """Reruns what depends on floating-point results when the locked packages have changed."""
    files = [Path(workflow.basedir) / "envs" / name for name in names]
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:16]


def options(section, *keys):
    """A section of the configuration, or some of its keys, as command-line options."""
    values = config[section]
    return command_line({key: values[key] for key in keys} if keys else values)


def adapter_of(wildcards):
    """The adapter that a model is evaluated with: none for the base model."""
    if wildcards.model == "base":
        return []
    folder = f"<results>/{wildcards.arm}adapters/{wildcards.model}"
    return [f"{folder}/adapter_model.safetensors", f"{folder}/adapter_config.json"]


def pair_folder(wildcards):
    """The folder of the pairs that a run trains on; each seed has its own where seeds vary them."""
    if config["seeds"]["vary"] == "pairs" and not wildcards.arm:
        return f"pairs/seed{wildcards.seed}/"
    return wildcards.arm


def curation_for_seed(wildcards):
    """The curation options of a seed that has pairs of its own."""
    curation = config["curation"]
    return command_line({**curation, "seed": curation["seed"] + int(wildcards.seed)})


def held_out_pairs(folder):
    """The pairs to measure on beside those in a folder: an arm has those of the curated pairs."""
    own = "" if folder.startswith("arms/") else folder
    return f"<results>/{own}held_out_pairs.jsonl"


def samples_of_arm(wildcards, name):
    """What the pairs of an arm are made of: the samples, or mutants of some of them."""
    folder = "arms/synthetic/" if wildcards.name == "synthetic" else ""
    return f"<results>/{folder}{name}"


def problem_files(source):
    """The files behind a problem source, as a rule's input, so that a changed file reruns it.

    They are `local`: never looked for in the object storage that a cluster may use for results.
    """
    name, _, path = source.partition(":")
    if name == "starter":
        bank = Path(workflow.basedir) / "resources" / "starter"
        return local(sorted(os.path.relpath(path) for path in bank.glob("*.py")))
    return local([path] if path and source not in MBPP_SPLITS else [])
