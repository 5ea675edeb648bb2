# The pairs of a control arm. Training and evaluation are those of the curated pairs, in another folder.
rule mutate:
    input:
        problems="<results>/problems/train.jsonl",
        pairs="<results>/pairs.jsonl",
    output:
        "<results>/arms/synthetic/samples.jsonl",
    log:
        "<results>/logs/arms/synthetic/mutate.log",
    benchmark:
        "<results>/benchmarks/arms/synthetic/mutate.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        code=code_digest("scripts/mutate.py"),
        lock=lock_digest("requirements.txt"),
        seed=options("curation", "seed"),
    shell:
        "python scripts/mutate.py --problems {input.problems} --pairs {input.pairs} "
        "--output {output} {params.seed} 2> {log}"


use rule execute as execute_mutants with:
    input:
        problems="<results>/problems/train.jsonl",
        samples="<results>/arms/synthetic/samples.jsonl",
    output:
        labels="<results>/arms/synthetic/exec_labels.jsonl",
        meta="<results>/arms/synthetic/exec_labels.meta.json",
    log:
        "<results>/logs/arms/synthetic/execute.log",
    benchmark:
        "<results>/benchmarks/arms/synthetic/execute.tsv"


rule make_arm:
    input:
        problems="<results>/problems/train.jsonl",
        pairs="<results>/pairs.jsonl",
        samples=lambda wildcards: samples_of_arm(wildcards, "samples.jsonl"),
        # Mutants have none.
        samples_meta=lambda wildcards: (
            [] if wildcards.name == "synthetic" else "<results>/samples.meta.json"
        ),
        labels=lambda wildcards: samples_of_arm(wildcards, "exec_labels.jsonl"),
        labels_meta=lambda wildcards: samples_of_arm(wildcards, "exec_labels.meta.json"),
    output:
        "<results>/arms/{name}/pairs.jsonl",
    log:
        "<results>/logs/arms/{name}/make_arm.log",
    benchmark:
        "<results>/benchmarks/arms/{name}/make_arm.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        code=code_digest("scripts/make_arm.py"),
        lock=lock_digest("requirements.txt"),
        settings=options("curation", "seed", "held_out"),
    shell:
        "python scripts/make_arm.py --arm {wildcards.name} --problems {input.problems} "
        "--pairs {input.pairs} --samples {input.samples} --labels {input.labels} "
        "--output {output} {params.settings} 2> {log}"
