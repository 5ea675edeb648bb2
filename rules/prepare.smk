rule prepare_model:
    output:
        "<results>/model/manifest.json",
    log:
        "<results>/logs/prepare_model.log",
    benchmark:
        "<results>/benchmarks/prepare_model.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=8000,
        runtime=120,
    params:
        code=code_digest("scripts/prepare_model.py"),
        model=shlex.quote(config["model"]["id"]),
        revision=options("model", "revision"),
        folder=subpath(output[0], parent=True),
    shell:
        "python scripts/prepare_model.py --model {params.model} {params.revision} "
        "--output {params.folder} 2> {log}"


rule prepare_eval_problems:
    input:
        [problem_files(source) for source in config["problems"]["eval"]],
    output:
        "<results>/problems/eval.jsonl",
    log:
        "<results>/logs/prepare_eval_problems.log",
    benchmark:
        "<results>/benchmarks/prepare_eval_problems.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=code_digest("scripts/prepare_problems.py"),
        source=shlex.join(config["problems"]["eval"]),
        limit=options("problems", "limit"),
    shell:
        "python scripts/prepare_problems.py --source {params.source} --split eval "
        "{params.limit} --output {output} 2> {log}"


# The evaluation problems decide here only which training problems are left out. They are `ancient`:
# a changed test set must never retrain a model.
rule prepare_train_problems:
    input:
        problem_files(config["problems"]["train"]),
        evaluation=ancient("<results>/problems/eval.jsonl"),
    output:
        problems="<results>/problems/train.jsonl",
        dropped="<results>/problems/decontamination.json",
    log:
        "<results>/logs/prepare_train_problems.log",
    benchmark:
        "<results>/benchmarks/prepare_train_problems.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=code_digest("scripts/prepare_problems.py"),
        source=shlex.quote(config["problems"]["train"]),
        settings=options("problems", "limit", "ngram"),
    shell:
        "python scripts/prepare_problems.py --source {params.source} --split train "
        "{params.settings} --against {input.evaluation} --dropped {output.dropped} "
        "--output {output.problems} 2> {log}"
