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
include: "rules/options.smk"
include: "rules/inputs.smk"
include: "rules/changes.smk"
include: "rules/lifetime.smk"


if COMPARES:

    include: "rules/compare.smk"

else:

    include: "rules/prepare.smk"
    include: "rules/sample.smk"
    include: "rules/execute.smk"
    include: "rules/own_pairs.smk" if OWN_PAIRS else "rules/curate.smk"

    if TOP_UPS:

        include: "rules/top_up.smk"
    include: "rules/arms.smk"
    include: "rules/train.smk"
    include: "rules/evaluate.smk"
    include: "rules/tune.smk"

    if ROUNDS:

        include: "rules/rounds.smk"
    include: "rules/report.smk"
    include: "rules/export.smk"


include: "rules/targets.smk"


SYNTAX.save()


rule all:
    default_target: True
    input:
        require_record,
        lost_files,
        TARGETS,
