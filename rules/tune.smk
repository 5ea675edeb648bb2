# Candidates for the recipe: each is trained with the first seed, and measured on what is held out.
# Evaluation problems have no part in it.
use rule train as train_candidate with:
    input:
        model="<results>/model/manifest.json",
        pairs="<results>/pairs.jsonl",
        held_out="<results>/held_out_pairs.jsonl",
        reference="<results>/reference_logps.jsonl",
        reference_meta="<results>/reference_logps.meta.json",
    output:
        weights="<results>/tuning/{candidate}/adapter_model.safetensors",
        config="<results>/tuning/{candidate}/adapter_config.json",
        card="<results>/tuning/{candidate}/README.md",
        curve="<results>/tuning/{candidate}/train_log.jsonl",
    log:
        "<results>/logs/tuning/{candidate}/train.log",
    benchmark:
        "<results>/benchmarks/tuning/{candidate}/train.tsv"
    params:
        method="preference",
        seed=lambda wildcards: SEEDS[0],
        recipe=recipe_of_candidate,
        tuning="",
        start="",


use rule sample_eval as sample_candidate with:
    input:
        adapter=adapter_of_candidate,
        model="<results>/model/manifest.json",
        problems="<results>/held_out_problems.jsonl",
        tried=ancient("<results>/problems/tried"),
    output:
        samples="<results>/tuning/{candidate}/samples.jsonl",
        meta="<results>/tuning/{candidate}/samples.meta.json",
    log:
        "<results>/logs/tuning/{candidate}/sample.log",
    benchmark:
        "<results>/benchmarks/tuning/{candidate}/sample.tsv"
    params:
        settings=sampling_of_candidates,


use rule execute as execute_candidate with:
    input:
        problems="<results>/held_out_problems.jsonl",
        trials="<results>/problems/train.trials.jsonl",
        samples="<results>/tuning/{candidate}/samples.jsonl",
    output:
        labels="<results>/tuning/{candidate}/exec_labels.jsonl",
        meta="<results>/tuning/{candidate}/exec_labels.meta.json",
    log:
        "<results>/logs/tuning/{candidate}/execute.log",
    benchmark:
        "<results>/benchmarks/tuning/{candidate}/execute.tsv"


rule tune:
    input:
        held_out="<results>/held_out_pairs.jsonl",
        curves=expand(
            "<results>/tuning/{candidate}/train_log.jsonl",
            candidate=range(len(CANDIDATES)),
        ),
        labels=expand(
            "<results>/tuning/{candidate}/exec_labels.jsonl",
            candidate=TUNED_ON,
        ),
    output:
        "<results>/tuning.json",
    log:
        "<results>/logs/tune.log",
    benchmark:
        "<results>/benchmarks/tune.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=code_digest("tune.py"),
        lock=lock_digest("requirements.txt"),
        candidates=json.dumps(CANDIDATES),
    shell:
        program("tune.py")
        + " --candidates {params.candidates:q} --curves {input.curves:q} "
        "--labels {input.labels:q} --held-out {input.held_out:q} --output {output:q} 2> {log:q}"
