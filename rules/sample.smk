rule sample_shard:
    input:
        model="<results>/model/manifest.json",
        problems="<results>/problems/train.jsonl",
        tried=ancient("<results>/problems/tried"),
    output:
        samples="<results>/shards/{scatteritem}.jsonl",
        meta="<results>/shards/{scatteritem}.meta.json",
    log:
        "<results>/logs/sample/{scatteritem}.log",
    benchmark:
        "<results>/benchmarks/sample/{scatteritem}.tsv"
    conda:
        f"../envs/{engine_of('sampling').environment}.yaml"
    threads: 8
    resources:
        gpu=gpus_of("sampling"),
        # No params, since they do not change what is sampled: nothing runs again for them.
        batch_size=config["inference"]["batch_size"],
        machine=machine_options("sampling"),
        mem_mb=16000,
        runtime=240,
    params:
        code=code_digest("sample.py"),
        lock=sampling_lock_digest("sampling"),
        python=config["inference"]["python"],
        model=subpath(input.model, parent=True),
        part=lambda wildcards: f"--shard {wildcards.scatteritem.replace('-of-', '/')}",
        options=MODEL_OPTIONS,
        settings=options("sampling"),
        engine=engine_options("sampling"),
    shell:
        program("sample.py", "{params.python}")
        + " --model {params.model:q} --problems {input.problems:q} "
        "--output {output.samples:q} {params.part} {params.options} {params.settings} "
        "{params.engine} {resources.machine} --batch-size={resources.batch_size} "
        "--threads {threads} 2> {log:q}"


rule gather_samples:
    input:
        problems="<results>/problems/train.jsonl",
        shards=gather.sample(f"{DRAWN}/{{scatteritem}}.jsonl"),
        metas=gather.sample(f"{DRAWN}/{{scatteritem}}.meta.json"),
    output:
        samples="<results>/samples.jsonl",
        meta="<results>/samples.meta.json",
    log:
        "<results>/logs/gather_samples.log",
    benchmark:
        "<results>/benchmarks/gather_samples.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        code=code_digest("merge_samples.py"),
        lock=lock_digest("requirements.txt"),
    shell:
        program("merge_samples.py")
        + " --problems {input.problems:q} --output {output.samples:q} "
        "{input.shards:q} 2> {log:q}"
