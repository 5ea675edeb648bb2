rule prepare_model:
    input:
        as_inputs(model_files(config["model"]["id"], config["model"]["revision"])),
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
        code=code_digest("prepare_model.py"),
        lock=lock_digest("requirements.txt"),
        model=shlex.quote(config["model"]["id"]),
        revision=shlex.quote(config["model"]["revision"]),
        content=content_digest(
            model_files(config["model"]["id"], config["model"]["revision"])
        ),
        folder=subpath(output[0], parent=True),
    shell:
        program("prepare_model.py")
        + " --model {params.model} --revision={params.revision} "
        "--output {params.folder:q} 2> {log:q}"


use rule prepare_model as prepare_tuned with:
    input:
        lambda wildcards: as_inputs(model_files(*place_of_tuned(wildcards.model))),
    output:
        "<results>/tuned/{model}/manifest.json",
    log:
        "<results>/logs/prepare_tuned/{model}.log",
    benchmark:
        "<results>/benchmarks/prepare_tuned/{model}.tsv"
    params:
        model=lambda wildcards: shlex.quote(place_of_tuned(wildcards.model)[0]),
        revision=lambda wildcards: shlex.quote(place_of_tuned(wildcards.model)[1]),
        content=lambda wildcards: content_digest(
            model_files(*place_of_tuned(wildcards.model))
        ),


# Problems are tried before any sample is drawn, and those with a fault stop the run or are left out.
# What decides this (the executor and its limits) is no param that Snakemake compares: it must not make
# samples again. The rules `try_…_problems` run again for it.
rule prepare_eval_problems:
    input:
        as_inputs(problem_files(*config["problems"]["eval"])),
    output:
        "<results>/problems/eval.jsonl",
    log:
        "<results>/logs/prepare_eval_problems.log",
    benchmark:
        "<results>/benchmarks/prepare_eval_problems.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 8
    resources:
        mem_mb=8000,
        runtime=60,
    params:
        code=code_digest("prepare_problems.py"),
        lock=lock_digest("requirements.txt"),
        broken=lambda wildcards, input: broken_option("eval"),
        trial=lambda wildcards, input: trial_options("eval"),
        source=shlex.join(config["problems"]["eval"]),
        content=content_digest(problem_files(*config["problems"]["eval"])),
        limit=options("problems", "limit"),
    shell:
        "("
        + program("prepare_problems.py")
        + " --source {params.source} --split eval "
        "{params.limit} {params.broken} --output {output:q} && "
        + program("try_problems.py")
        + " --problems {output:q} --workers {threads} {params.trial}) "
        "2> {log:q}"


# The evaluation problems decide here only which training problems are left out, and a changed test set
# must never retrain a model. So they are read from their source, and what depends on `input` is no
# parameter that Snakemake compares. (Their file as an `ancient` input would hide other changes: where
# it is made again, Snakemake does not look whether this rule has reasons of its own.)
rule prepare_train_problems:
    input:
        as_inputs(problem_files(config["problems"]["train"])),
    output:
        problems="<results>/problems/train.jsonl",
        dropped="<results>/problems/decontamination.json",
    log:
        "<results>/logs/prepare_train_problems.log",
    benchmark:
        "<results>/benchmarks/prepare_train_problems.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 8
    resources:
        mem_mb=8000,
        runtime=60,
    params:
        code=code_digest("prepare_problems.py"),
        lock=lock_digest("requirements.txt"),
        broken=lambda wildcards, input: broken_option("train"),
        trial=lambda wildcards, input: trial_options("train"),
        source=shlex.quote(config["problems"]["train"]),
        content=content_digest(problem_files(config["problems"]["train"])),
        against=lambda wildcards, input: shlex.join(config["problems"]["eval"]),
        settings=options("problems", "limit", "ngram"),
    shell:
        "("
        + program("prepare_problems.py")
        + " --source {params.source} --split train "
        "{params.settings} {params.broken} --against {params.against} --dropped {output.dropped:q} "
        "--output {output.problems:q} && "
        + program("try_problems.py")
        + " --problems {output.problems:q} --workers {threads} "
        "{params.trial}) 2> {log:q}"
