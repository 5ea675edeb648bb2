# The base model and each seed go through the rules of the training side, with an adapter or without.
use rule sample_shard as sample_eval with:
    input:
        adapter=adapter_of,
        model="<results>/model/manifest.json",
        problems="<results>/problems/eval.jsonl",
        tried=ancient("<results>/problems/tried"),
    output:
        samples="<results>/{arm}eval/{model}/samples.jsonl",
        meta="<results>/{arm}eval/{model}/samples.meta.json",
    log:
        "<results>/logs/{arm}eval/{model}/sample.log",
    benchmark:
        "<results>/benchmarks/{arm}eval/{model}/sample.tsv"
    conda:
        f"../envs/{engine_of('evaluation').environment}.yaml"
    resources:
        gpu=gpus_of("evaluation"),
        batch_size=config["inference"]["batch_size"],
        machine=machine_options("evaluation"),
        mem_mb=16000,
        runtime=240,
    params:
        lock=sampling_lock_digest("evaluation"),
        part=part_of_evaluation,
        engine=engine_options("evaluation"),
        settings=options("evaluation"),


use rule execute as execute_eval with:
    input:
        problems="<results>/problems/eval.jsonl",
        trials="<results>/problems/eval.trials.jsonl",
        samples="<results>/{arm}eval/{model}/samples.jsonl",
    output:
        labels="<results>/{arm}eval/{model}/exec_labels.jsonl",
        meta="<results>/{arm}eval/{model}/exec_labels.meta.json",
    log:
        "<results>/logs/{arm}eval/{model}/execute.log",
    benchmark:
        "<results>/benchmarks/{arm}eval/{model}/execute.tsv"
    params:
        settings=execution_of_evaluation(),


rule evaluate:
    input:
        problems="<results>/problems/eval.jsonl",
        samples="<results>/{arm}eval/{model}/samples.jsonl",
        samples_meta="<results>/{arm}eval/{model}/samples.meta.json",
        labels="<results>/{arm}eval/{model}/exec_labels.jsonl",
        labels_meta="<results>/{arm}eval/{model}/exec_labels.meta.json",
    output:
        "<results>/{arm}eval/{model}.json",
    log:
        "<results>/logs/{arm}eval/{model}/evaluate.log",
    benchmark:
        "<results>/benchmarks/{arm}eval/{model}/evaluate.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=code_digest("evaluate.py"),
        lock=lock_digest("requirements.txt"),
    shell:
        program("evaluate.py")
        + " --problems {input.problems:q} --samples {input.samples:q} "
        "--labels {input.labels:q} --output {output:q} 2> {log:q}"
