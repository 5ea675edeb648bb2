# Which files a job reads, where that depends on its wildcards or on the configuration.
from failpairs.exchange.pairs import pair_files
from failpairs.exchange.samples import sample_files
from failpairs.models.prepare import files_of_model
from failpairs.problems.sources import source_files


def adapter_of(wildcards):
    """The adapter, or the tuned model, that is evaluated: none for the base model."""
    if wildcards.model in ("base", "again"):
        return []
    if wildcards.model in TUNED:
        return [f"<results>/tuned/{wildcards.model}/manifest.json"]
    return adapter_files(f"{wildcards.arm}adapters/{wildcards.model}")


def adapter_files(folder):
    """The files of an adapter that a run trains."""
    names = ["adapter_model.safetensors", "adapter_config.json"]
    return [f"<results>/{folder}/{name}" for name in names]


def adapter_before(name, seed):
    """The adapter that a seed has from the round before a later one."""
    last = int(name.removeprefix("round")) - 1
    return adapter_files(
        f"{f'arms/round{last}/' if last > 1 else ''}adapters/seed{seed}"
    )


def adapter_to_go_on_from(wildcards):
    """The adapter that a training begins with: none but in a later round."""
    name = arm_name(wildcards)
    return adapter_before(name, wildcards.seed) if name in ROUNDS else []


def adapter_of_reference(wildcards):
    """The adapter of the reference model: none for the base model."""
    folder = Path(wildcards.arm)
    if folder.parent.name not in ROUNDS or config["round_reference"] == "base":
        return []
    return adapter_before(folder.parent.name, folder.name.removeprefix("seed"))


def adapter_of_candidate(wildcards):
    """The adapter of a candidate for the recipe: none for the base model."""
    if wildcards.candidate == "base":
        return []
    return adapter_files(f"tuning/{wildcards.candidate}")


def drawn_before(wildcards):
    """The folder of the shards of samples as they are before a round of topping up."""
    before = int(wildcards.round) - 1
    return f"<results>/top_up/{before}/shards" if before else "<results>/shards"


def arm_name(wildcards):
    """The name of the control arm that a job belongs to; empty where it belongs to none."""
    return Path(wildcards.arm).name if wildcards.arm.startswith("arms/") else ""


def pair_folder(wildcards):
    """The folder of the pairs that a run trains on; each seed has its own where seeds vary them, and
    in later rounds."""
    if PAIRS_OF_SEEDS and not wildcards.arm:
        return f"pairs/seed{wildcards.seed}/"
    name = arm_name(wildcards)
    if name in ROUNDS:
        return f"{wildcards.arm}seed{wildcards.seed}/"
    return wildcards.arm if not name or arms.has_own_pairs(name) else ""


def held_out_pairs(folder):
    """The pairs to measure on beside those in a folder: an arm has those of the curated pairs."""
    own = folder if Path(folder).name.startswith("seed") else ""
    return f"<results>/{own}held_out_pairs.jsonl"


def needed_by_arm(need, *names):
    """Files of the results, as inputs of the arms that need them."""
    return lambda wildcards: [
        f"<results>/{name}" for name in names if need in arms.needs_of(wildcards.name)
    ]


def trials_of_arm(wildcards):
    """The trials of the training problems, for arms of executed programs where these have inputs."""
    needs = {"samples", "mutants"} & {*arms.needs_of(wildcards.name)}
    return "<results>/problems/train.trials.jsonl" if VERIFIES and needs else []


def method_of(wildcards):
    """How a run is trained: on preferences, unless its arm is trained in another way."""
    name = arm_name(wildcards)
    return arms.method_of(name) if name else "preference"


def recipe_of_run(wildcards):
    """The recipe of a run: that of the configuration, and what its arm changes in it."""
    name = arm_name(wildcards)
    return recipe_options(**(arms.recipe_of(name) if name else {}))


def as_inputs(files):
    """Files of the user or of the project as inputs that make nothing run again by their times.

    They are `local`: never looked for in the object storage that a cluster may use for results.
    """
    names = list(map(str, files))
    for name in names:
        if "{" in name or "}" in name:
            raise WorkflowError(
                f"{name}: Snakemake takes braces in the name of a file for wildcards; rename it"
            )
    return ancient(local(names))


def own_pairs():
    """The file of the pairs that the run is given, if it is one."""
    files = pair_files(OWN_PAIRS)
    made = [
        Path(RESULTS, name).resolve()
        for name in ("pairs.jsonl", "held_out_pairs.jsonl")
    ]
    if any(path.resolve() in made for path in files):
        raise WorkflowError(
            f"pairs: {files[0]} is what this run would write; copy it, or choose another "
            "pathvars.results"
        )
    return files


def model_files(model, revision, key="model"):
    """The files of a model that is a local folder.

    Args:
        key: of the configuration, which names the model.
    """
    folder = Path(model)
    if folder.is_dir():
        files = files_of_model(folder)
        if not {"config.json", "adapter_config.json"} & {path.name for path in files}:
            raise WorkflowError(
                f"{key} {model}: the folder has neither config.json nor adapter_config.json"
            )
        return list(map(str, files))
    if not (revision or model.startswith("embedded:")):
        raise WorkflowError(
            f"{key} {model}: no such folder; a model of the Hub needs its commit (model.revision, or "
            "@ and the commit after a tuned model)"
        )
    return []


def place_of_tuned(name):
    """The folder or the id of a tuned model, its commit on the Hub, and its key."""
    place, _, revision = TUNED[name].partition("@")
    return place, revision, f"tuned.{name}"


def problem_files(*sources):
    """The files that problem sources read: those of the project as seen from the working folder, so
    that both can be moved together, and those of the user as the configuration names them.
    """
    files = [path for source in sources for path in source_files(source)]
    ours = [path.is_relative_to(CHECKOUT) for path in files]
    return [
        os.path.relpath(path) if own else str(path) for path, own in zip(files, ours)
    ]


def template_files():
    """What the page of the report is made of: its templates, and the published scores."""
    package = CHECKOUT / "scripts" / "failpairs"
    folder = package / "report" / "templates"
    kinds = ["*.j2", "sections/*.j2", "*.css", "*.js"]
    paths = [path for kind in kinds for path in folder.glob(kind)]
    paths.append(package / "statistics" / "baselines.yaml")
    return sorted(map(os.path.relpath, paths))


def where_carried(files):
    """Benchmark files as inputs only where jobs see no other files than their inputs: elsewhere a
    lost one would run again what it measured, and all that follows."""
    return files if workflow.storage_settings.default_storage_provider else []
