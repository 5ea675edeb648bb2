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
        code=code_digest("try_problems.py"),
        lock=lock_digest("requirements.txt"),
        verify=f"--verify-inputs {VERIFIES}" if VERIFIES else "",
        settings=options("execution"),
    shell:
        program("try_problems.py")
        + " --problems {input:q} --output {output:q} --workers {threads} "
        "{params.verify} {params.settings} 2> {log:q}"


use rule try_train_problems as try_eval_problems with:
    input:
        "<results>/problems/eval.jsonl",
    output:
        "<results>/problems/eval.trials.jsonl",
    log:
        "<results>/logs/try_eval_problems.log",
    benchmark:
        "<results>/benchmarks/try_eval_problems.tsv"
    params:
        verify="",


# Sampling is what costs, so that it waits until nothing can be wrong with a problem any more. Once
# that has been found, no rule makes the file again: else other evaluation problems would draw the
# training samples anew.
if not Path(RESULTS, "problems/tried").exists():

    rule trust_problems:
        input:
            "<results>/problems/eval.trials.jsonl",
            "<results>/problems/train.trials.jsonl" if CURATES else [],
        output:
            touch("<results>/problems/tried"),


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
        code=code_digest("execute.py"),
        lock=lock_digest("requirements.txt"),
        settings=options("execution"),
    shell:
        program("execute.py")
        + " --problems {input.problems:q} --samples {input.samples:q} "
        "--trials {input.trials:q} --output {output.labels:q} --workers {threads} {params.settings} 2> {log:q}"
