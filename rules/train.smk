rule train:
    input:
        model="<results>/model/manifest.json",
        pairs="<results>/pairs.jsonl",
    output:
        weights="<results>/adapters/seed{seed}/adapter_model.safetensors",
        config="<results>/adapters/seed{seed}/adapter_config.json",
        curve="<results>/adapters/seed{seed}/train_log.jsonl",
    log:
        "<results>/logs/train/seed{seed}.log",
    benchmark:
        "<results>/benchmarks/train/seed{seed}.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 8
    resources:
        gpu=1,
        mem_mb=24000,
        runtime=480,
    params:
        code=code_digest("scripts/train.py"),
        lock=lock_digest(),
        model=subpath(input.model, parent=True),
        folder=subpath(output.weights, parent=True),
        options=MODEL_OPTIONS,
        recipe=options("training"),
    shell:
        "python scripts/train.py --model {params.model} --pairs {input.pairs} "
        "--seed {wildcards.seed} --output-dir {params.folder} {params.options} {params.recipe} "
        "--threads {threads} 2> {log}"
