# What makes jobs run again, beside settings and inputs; docs/architecture.md has a table of it.
from snakemake.io import IOFile, strip_wildcard_constraints

from failpairs.sampling import engines
from failpairs.workflow import digests

SYNTAX = digests.SyntaxMemo(Path(".snakemake/failpairs-syntax.json"))


def code_digest(name):
    """Reruns a rule when its program or a module that it imports has changed in more than looks."""
    return digests.code_digest(CHECKOUT / "scripts" / name, memo=SYNTAX)


def lock_digest(*names):
    """Reruns what depends on the locked packages when these have changed."""
    return digests.lock_digest(CHECKOUT / "envs" / name for name in names)


def sampling_lock_digest(section):
    """The same for what samples the training or the evaluation problems, with the lock of its engine."""
    engine = config[section]["engine"]
    return lock_digest(*engines.locks([engine], config["inference"]["python"]))


def content_digest(files):
    """Reruns a rule when what stands in some files has changed. As inputs these are `ancient`, since
    their times also change with a checkout, and need not change where another file takes their place.
    """
    return lambda wildcards: digests.content_digest(map(Path, files))


def lost_files(wildcards):
    """Files that a job which failed was to make again, after others had been made of them.

    Snakemake has removed them, but it records them as if the job had succeeded: with nothing changed
    since, it would be content with what was made of the former ones.
    """
    if workflow.storage_settings.default_storage_provider:
        return []
    parts = {
        "arm": [
            *FOLDERS,
            *PAIRS_OF_SEEDS,
            *expand("arms/{later}/seed{seed}/", later=ROUNDS, seed=SEEDS),
        ],
        "model": [*MODELS, *AGAIN],
        "seed": SEEDS,
        "name": ARMS,
        "later": ROUNDS,
        "candidate": ["base", *range(len(CANDIDATES))],
        "round": range(1, TOP_UPS + 1),
    }
    shards = gather.sample("{scatteritem}")
    files = {
        file
        for rule in workflow.modifier.rules
        for output in rule.output
        for file in expand(
            strip_wildcard_constraints(output), **parts, scatteritem=shards
        )
    }
    made = {
        file: record
        for file in files
        if (record := workflow.persistence.metadata(IOFile(file)))
    }
    return sorted(
        {
            source
            for file, record in made.items()
            if Path(file).exists()
            for source in record.input or []
            if source in made
            and made[source].endtime > record.endtime
            and not Path(source).exists()
        }
    )


def require_record(wildcards):
    """No input, but a stop where Snakemake has no record of how the results were made: it would then
    notice changed files alone, and the report would go on to show what other settings gave.
    """
    first = f"{RESULTS}/model/manifest.json"
    later = [
        f"{RESULTS}/{name}"
        for name in (
            "samples.jsonl",
            "pairs.jsonl",
            "eval/base.json",
            "compare/eval/base.json",
        )
    ]
    if (
        workflow.is_main_process
        and not workflow.touch
        and Path(first).exists()
        and any(Path(file).exists() for file in later)
        and workflow.persistence.metadata(IOFile(first)) is None
    ):
        raise WorkflowError(
            f"{RESULTS}: Snakemake has no record of these results, since they were moved or copied "
            "here or .snakemake was deleted, and would not notice changed settings or code. If they "
            "were made with this configuration and this version, say so once, by the same command "
            "with --touch --forceall; if not, delete them or choose another pathvars.results"
        )
    return []
