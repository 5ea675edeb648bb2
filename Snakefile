from snakemake.utils import min_version

min_version("9.20")


configfile: "config/config.yaml"


include: "rules/common.smk"
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
        "<results>/samples.jsonl",
        "<results>/exec_labels.jsonl",
        "<results>/pairs.jsonl",
        "<results>/curation_funnel.json",
        expand("<results>/adapters/seed{seed}/adapter_model.safetensors", seed=SEEDS),
        "<results>/eval/base.json",
        expand("<results>/eval/seed{seed}.json", seed=SEEDS),
        expand("<results>/arms/{name}/eval/seed{seed}.json", name=ARMS, seed=SEEDS),
        "<results>/report.html",
        "<results>/stats.json",
        "<results>/failures.csv",
