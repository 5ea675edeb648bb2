# What makes jobs run again, beside settings and inputs; docs/architecture.md has a table of it.
from snakemake.io import IOFile

from failpairs.sampling import engines
from failpairs.workflow import digests


def code_digest(script):
    """Reruns a rule when its script or a module that it imports has changed in more than looks."""
    return digests.code_digest(Path(workflow.basedir) / script)


def lock_digest(*names):
    """Reruns what depends on the locked packages when these have changed."""
    return digests.lock_digest(Path(workflow.basedir) / "envs" / name for name in names)


def sampling_lock_digest():
    """The same for what samples, with the locks of the engines."""
    used = {config[side]["engine"] for side in ("sampling", "evaluation")}
    return lock_digest(*engines.locks(used, config["inference"]["python"]))


def content_digest(files):
    """Reruns a rule when what stands in some files has changed. As inputs these are `ancient`, since
    their times also change with a checkout, and need not change where another file takes their place.
    """
    return lambda wildcards: digests.content_digest(map(Path, files))


def require_record(wildcards):
    """No input, but a stop where Snakemake has no record of how the results were made: it would then
    notice changed files alone, and the report would go on to show what other settings gave.
    """
    first, later = f"{RESULTS}/model/manifest.json", f"{RESULTS}/samples.jsonl"
    if (
        workflow.is_main_process
        and not workflow.touch
        and Path(first).exists()
        and Path(later).exists()
        and workflow.persistence.metadata(IOFile(first)) is None
    ):
        raise WorkflowError(
            f"{RESULTS}: Snakemake has no record of these results, since they were moved or copied "
            "here or .snakemake was deleted, and would not notice changed settings or code. If they "
            "were made with this configuration and this version, say so once, by the same command "
            "with --touch --forceall; if not, delete them or choose another pathvars.results"
        )
    return []
