rule reference:
    input:
        model="<results>/model/manifest.json",
        pairs="<results>/{arm}pairs.jsonl",
        held_out=lambda wildcards: held_out_pairs(wildcards.arm),
        adapter=adapter_of_reference,
    output:
        logprobs="<results>/{arm}reference_logps.jsonl",
        meta="<results>/{arm}reference_logps.meta.json",
    log:
        "<results>/logs/{arm}reference.log",
    benchmark:
        "<results>/benchmarks/{arm}reference.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 8
    resources:
        gpu=PROCESSES,
        mem_mb=24000,
        runtime=120,
        batch_size=config["training"]["micro_batch_size"],
    params:
        code=code_digest("reference.py"),
        lock=lock_digest("requirements.txt"),
        model=subpath(input.model, parent=True),
        options=MODEL_OPTIONS,
        processes=options("training", "processes"),
        adapter=lambda wildcards, input: folder_option("--adapter", input.adapter),
    shell:
        program("reference.py") + " --model {params.model:q} "
        "--pairs {input.pairs:q} {input.held_out:q} --output {output.logprobs:q} {params.options} {params.processes} "
        "{params.adapter} --micro-batch-size {resources.batch_size} --threads {threads} 2> {log:q}"


rule train:
    input:
        model="<results>/model/manifest.json",
        pairs=lambda wildcards: f"<results>/{pair_folder(wildcards)}pairs.jsonl",
        held_out=lambda wildcards: held_out_pairs(pair_folder(wildcards)),
        reference=lambda wildcards: f"<results>/{pair_folder(wildcards)}reference_logps.jsonl",
        reference_meta=lambda wildcards: f"<results>/{pair_folder(wildcards)}reference_logps.meta.json",
        tuning="<results>/tuning.json" if CANDIDATES else [],
        start=adapter_to_go_on_from,
    output:
        weights="<results>/{arm}adapters/seed{seed}/adapter_model.safetensors",
        config="<results>/{arm}adapters/seed{seed}/adapter_config.json",
        card="<results>/{arm}adapters/seed{seed}/README.md",
        curve="<results>/{arm}adapters/seed{seed}/train_log.jsonl",
    log:
        "<results>/logs/{arm}train/seed{seed}.log",
    benchmark:
        "<results>/benchmarks/{arm}train/seed{seed}.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 8
    resources:
        gpu=PROCESSES,
        # No params, since they change no adapter: nothing runs again for them.
        live=live_options(),
        mem_mb=24000,
        runtime=480,
    params:
        code=code_digest("train.py"),
        lock=lock_digest("requirements.txt"),
        model=subpath(input.model, parent=True),
        folder=subpath(output.weights, parent=True),
        options=MODEL_OPTIONS,
        method=method_of,
        seed=lambda wildcards: wildcards.seed,
        recipe=recipe_of_run,
        tuning=lambda wildcards, input: (
            f"--tuning {shlex.quote(input.tuning)}" if input.tuning else ""
        ),
        start=lambda wildcards, input: folder_option("--start", input.start),
    shell:
        program("train.py") + " --model {params.model:q} --pairs {input.pairs:q} "
        "--held-out {input.held_out:q} --reference {input.reference:q} --method {params.method} "
        "--seed {params.seed} --output-dir {params.folder:q} {params.options} {params.recipe} {params.tuning} "
        "{params.start} {resources.live} "
        "--threads {threads} 2> {log:q}"
