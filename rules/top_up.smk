# Where the samples would give too few pairs, more of each problem are drawn, before the pairs are
# curated. A round that needs none hands the samples on.
use rule gather_samples as gather_before_top_up with:
    input:
        problems="<results>/problems/train.jsonl",
        shards=lambda wildcards: gather.sample(
            f"{drawn_before(wildcards)}/{{scatteritem}}.jsonl"
        ),
        metas=lambda wildcards: gather.sample(
            f"{drawn_before(wildcards)}/{{scatteritem}}.meta.json"
        ),
    output:
        samples="<results>/top_up/{round}/samples.jsonl",
        meta="<results>/top_up/{round}/samples.meta.json",
    log:
        "<results>/logs/top_up/{round}/gather_samples.log",
    benchmark:
        "<results>/benchmarks/top_up/{round}/gather_samples.tsv"


use rule execute as execute_before_top_up with:
    input:
        problems="<results>/problems/train.jsonl",
        trials="<results>/problems/train.trials.jsonl",
        samples="<results>/top_up/{round}/samples.jsonl",
    output:
        labels="<results>/top_up/{round}/exec_labels.jsonl",
        meta="<results>/top_up/{round}/exec_labels.meta.json",
    log:
        "<results>/logs/top_up/{round}/execute.log",
    benchmark:
        "<results>/benchmarks/top_up/{round}/execute.tsv"


rule top_up:
    input:
        problems="<results>/problems/train.jsonl",
        samples="<results>/top_up/{round}/samples.jsonl",
        samples_meta="<results>/top_up/{round}/samples.meta.json",
        labels="<results>/top_up/{round}/exec_labels.jsonl",
        labels_meta="<results>/top_up/{round}/exec_labels.meta.json",
        trials="<results>/problems/train.trials.jsonl" if VERIFIES else [],
    output:
        "<results>/top_up/{round}/supply.json",
    log:
        "<results>/logs/top_up/{round}/top_up.log",
    benchmark:
        "<results>/benchmarks/top_up/{round}/top_up.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        code=code_digest("top_up.py"),
        lock=lock_digest("requirements.txt"),
        trials=trials_option,
        most=4 * config["sampling"]["n_samples"],
        seeds=(
            [config["curation"]["seed"] + seed for seed in SEEDS]
            if PAIRS_OF_SEEDS
            else []
        ),
        settings=options("curation"),
    shell:
        program("top_up.py")
        + " --problems {input.problems:q} --samples {input.samples:q} "
        "--labels {input.labels:q} --most {params.most} --output {output:q} {params.trials} {params.settings} "
        "--seeds {params.seeds} 2> {log:q}"


use rule sample_shard as sample_top_up with:
    input:
        model="<results>/model/manifest.json",
        problems="<results>/problems/train.jsonl",
        tried=ancient("<results>/problems/tried"),
        drawn=lambda wildcards: f"{drawn_before(wildcards)}/{wildcards.scatteritem}.jsonl",
        drawn_meta=lambda wildcards: f"{drawn_before(wildcards)}/{wildcards.scatteritem}.meta.json",
        supply="<results>/top_up/{round}/supply.json",
    output:
        samples="<results>/top_up/{round}/shards/{scatteritem}.jsonl",
        meta="<results>/top_up/{round}/shards/{scatteritem}.meta.json",
    log:
        "<results>/logs/top_up/{round}/sample/{scatteritem}.log",
    benchmark:
        "<results>/benchmarks/top_up/{round}/sample/{scatteritem}.tsv"
    params:
        part=lambda wildcards, input: (
            f"--shard {wildcards.scatteritem.replace('-of-', '/')} "
            f"--extend {shlex.quote(input.drawn)} --supply {shlex.quote(input.supply)}"
        ),
