from snakemake.utils import min_version

min_version("9.20")


configfile: "config/config.yaml"


include: "rules/common.smk"
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


rule all:
    default_target: True
    input:
        require_record,
        "<results>/samples.jsonl",
        "<results>/exec_labels.jsonl",
        rules.curate.output,
        expand(rules.train.output, arm=FOLDERS, seed=SEEDS),
        "<results>/eval/base.json",
        expand("<results>/{arm}eval/seed{seed}.json", arm=FOLDERS, seed=SEEDS),
        rules.report.output,
