# The base model and each seed go through the same two programs as the training side.
rule sample_eval:
    input:
        adapter_of,
        model="<results>/model/manifest.json",
        problems="<results>/problems/eval.jsonl",
    output:
        samples="<results>/eval/{model}/samples.jsonl",
        meta="<results>/eval/{model}/samples.meta.json",
    log:
        "<results>/logs/eval/{model}/sample.log",
    benchmark:
        "<results>/benchmarks/eval/{model}/sample.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 8
    resources:
        gpu=1,
        mem_mb=16000,
        runtime=240,
    params:
        code=code_digest("scripts/sample.py"),
        lock=lock_digest(),
        model=subpath(input.model, parent=True),
        adapter=lambda wildcards, input: (
            "" if wildcards.model == "base" else f"--adapter {Path(input[0]).parent}"
        ),
        options=MODEL_OPTIONS,
        settings=options("evaluation"),
        batch_size=config["engine"]["batch_size"],
    shell:
        "python scripts/sample.py --model {params.model} {params.adapter} "
        "--problems {input.problems} --output {output.samples} {params.options} "
        "{params.settings} --batch-size {params.batch_size} --threads {threads} 2> {log}"


rule execute_eval:
    input:
        problems="<results>/problems/eval.jsonl",
        samples="<results>/eval/{model}/samples.jsonl",
    output:
        labels="<results>/eval/{model}/exec_labels.jsonl",
        meta="<results>/eval/{model}/exec_labels.meta.json",
    log:
        "<results>/logs/eval/{model}/execute.log",
    benchmark:
        "<results>/benchmarks/eval/{model}/execute.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 8
    resources:
        mem_mb=8000,
        runtime=240,
    params:
        code=code_digest("scripts/execute.py"),
        settings=options("execution"),
    shell:
        "python scripts/execute.py --problems {input.problems} --samples {input.samples} "
        "--output {output.labels} --workers {threads} {params.settings} 2> {log}"


rule evaluate:
    input:
        problems="<results>/problems/eval.jsonl",
        samples="<results>/eval/{model}/samples.jsonl",
        samples_meta="<results>/eval/{model}/samples.meta.json",
        labels="<results>/eval/{model}/exec_labels.jsonl",
        labels_meta="<results>/eval/{model}/exec_labels.meta.json",
    output:
        "<results>/eval/{model}.json",
    log:
        "<results>/logs/eval/{model}/evaluate.log",
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=code_digest("scripts/evaluate.py"),
    shell:
        "python scripts/evaluate.py --problems {input.problems} --samples {input.samples} "
        "--labels {input.labels} --output {output} 2> {log}"
