import os
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.utils import min_version

min_version("9.20")

if not workflow.current_basedir.is_local:
    raise WorkflowError(
        "failpairs runs the programs of its checkout: clone it, and name its Snakefile by a path"
    )

# Not `workflow.basedir`, which is that of another workflow where this one is a module.
CHECKOUT = Path(workflow.current_basedir)


configfile: os.path.relpath(CHECKOUT / "config/config.yaml")


# A configuration of the folder that Snakemake runs in counts for more.
OWN_CONFIG = Path("config/config.yaml")

if OWN_CONFIG.exists() and not OWN_CONFIG.samefile(CHECKOUT / OWN_CONFIG):

    configfile: OWN_CONFIG


include: "rules/common.smk"
include: "rules/inputs.smk"
include: "rules/changes.smk"
include: "rules/lifetime.smk"
include: "rules/prepare.smk"
include: "rules/sample.smk"
include: "rules/execute.smk"
include: "rules/curate.smk"
include: "rules/arms.smk"
include: "rules/train.smk"
include: "rules/evaluate.smk"
include: "rules/report.smk"
include: "rules/export.smk"


rule all:
    default_target: True
    input:
        require_record,
        lost_files,
        (
            []
            if TUNED
            else [
                "<results>/samples.jsonl",
                "<results>/exec_labels.jsonl",
                rules.curate.output,
                rules.export_training.output.samples,
                rules.export_training.output.pairs,
            ]
        ),
        # Written out, since expand() takes no output that a profile puts into object storage.
        expand(
            "<results>/{arm}adapters/seed{seed}/{name}",
            arm=FOLDERS,
            seed=SEEDS,
            name=[
                "adapter_model.safetensors",
                "adapter_config.json",
                "README.md",
                "train_log.jsonl",
            ],
        ),
        "<results>/eval/base.json",
        expand("<results>/eval/{model}.json", model=TUNED),
        expand("<results>/{arm}eval/seed{seed}.json", arm=FOLDERS, seed=SEEDS),
        rules.report.output,
        rules.export.output.samples,
        rules.export.output.results,
