rule train:
    input:
        model="<results>/model/manifest.json",
        pairs="<results>/{arm}pairs.jsonl",
    output:
        weights="<results>/{arm}adapters/seed{seed}/adapter_model.safetensors",
        config="<results>/{arm}adapters/seed{seed}/adapter_config.json",
        curve="<results>/{arm}adapters/seed{seed}/train_log.jsonl",
    log:
        "<results>/logs/{arm}train/seed{seed}.log",
    benchmark:
        "<results>/benchmarks/{arm}train/seed{seed}.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 8
    resources:
        gpu=1,
        mem_mb=24000,
        runtime=480,
    params:
        code=code_digest("scripts/train.py"),
        lock=lock_digest("requirements.txt"),
        model=subpath(input.model, parent=True),
        folder=subpath(output.weights, parent=True),
        options=MODEL_OPTIONS,
        method=lambda wildcards: "sft" if wildcards.arm == "arms/sft/" else "dpo",
        recipe=options("training"),
    shell:
        "python scripts/train.py --model {params.model} --pairs {input.pairs} "
        "--method {params.method} --seed {wildcards.seed} --output-dir {params.folder} "
        "{params.options} {params.recipe} --threads {threads} 2> {log}"
