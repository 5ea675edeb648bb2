rule try_train_problems:
    input:
        "<results>/problems/train.jsonl",
    output:
        "<results>/problems/train.trials.jsonl",
    log:
        "<results>/logs/try_train_problems.log",
    benchmark:
        "<results>/benchmarks/try_train_problems.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 8
    resources:
        mem_mb=8000,
        runtime=60,
    params:
        code=code_digest("scripts/try_problems.py"),
        lock=lock_digest("requirements.txt"),
        settings=options("execution"),
    shell:
        "python scripts/try_problems.py --problems {input} --output {output} --workers {threads} "
        "{params.settings} 2> {log}"


use rule try_train_problems as try_eval_problems with:
    input:
        "<results>/problems/eval.jsonl",
    output:
        "<results>/problems/eval.trials.jsonl",
    log:
        "<results>/logs/try_eval_problems.log",
    benchmark:
        "<results>/benchmarks/try_eval_problems.tsv"


rule execute:
    input:
        problems="<results>/problems/train.jsonl",
        trials="<results>/problems/train.trials.jsonl",
        samples="<results>/samples.jsonl",
    output:
        labels="<results>/exec_labels.jsonl",
        meta="<results>/exec_labels.meta.json",
    log:
        "<results>/logs/execute.log",
    benchmark:
        "<results>/benchmarks/execute.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 8
    resources:
        mem_mb=8000,
        runtime=240,
    params:
        code=code_digest("scripts/execute.py"),
        lock=lock_digest("requirements.txt"),
        settings=options("execution"),
    shell:
        "python scripts/execute.py --problems {input.problems} --samples {input.samples} "
        "--trials {input.trials} --output {output.labels} --workers {threads} {params.settings} 2> {log}"
