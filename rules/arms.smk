# The pairs of a control arm, and mutants for the arms that need them. Training and evaluation are those
# of the curated pairs, in another folder.
rule mutate:
    input:
        problems="<results>/problems/train.jsonl",
        pairs="<results>/pairs.jsonl",
    output:
        "<results>/mutants/samples.jsonl",
    log:
        "<results>/logs/mutants/mutate.log",
    benchmark:
        "<results>/benchmarks/mutants/mutate.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        code=code_digest("mutate.py"),
        lock=lock_digest("requirements.txt"),
        seed=options("curation", "seed"),
    shell:
        program("mutate.py")
        + " --problems {input.problems:q} --pairs {input.pairs:q} "
        "--output {output:q} {params.seed} 2> {log:q}"


use rule execute as execute_mutants with:
    input:
        problems="<results>/problems/train.jsonl",
        trials="<results>/problems/train.trials.jsonl",
        samples="<results>/mutants/samples.jsonl",
    output:
        labels="<results>/mutants/exec_labels.jsonl",
        meta="<results>/mutants/exec_labels.meta.json",
    log:
        "<results>/logs/mutants/execute.log",
    benchmark:
        "<results>/benchmarks/mutants/execute.tsv"


rule make_arm:
    input:
        pairs="<results>/pairs.jsonl",
        problems=needed_by_arm("problems", "problems/train.jsonl"),
        samples=needed_by_arm("samples", "samples.jsonl", "exec_labels.jsonl"),
        samples_meta=needed_by_arm(
            "samples", "samples.meta.json", "exec_labels.meta.json"
        ),
        mutants=needed_by_arm(
            "mutants", "mutants/samples.jsonl", "mutants/exec_labels.jsonl"
        ),
        mutants_meta=needed_by_arm("mutants", "mutants/exec_labels.meta.json"),
        trials=trials_of_arm,
    output:
        "<results>/arms/{name}/pairs.jsonl",
    log:
        "<results>/logs/arms/{name}/make_arm.log",
    benchmark:
        "<results>/benchmarks/arms/{name}/make_arm.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        code=code_digest("make_arm.py"),
        lock=lock_digest("requirements.txt"),
        settings=options("curation"),
        trials=trials_option,
        needs=lambda wildcards, input: shlex.join(
            word
            for need in arms.needs_of(wildcards.name)
            for word in (f"--{need}", *input[need])
        ),
    shell:
        program("make_arm.py")
        + " --arm {wildcards.name} --pairs {input.pairs:q} {params.needs} {params.trials} "
        "--output {output:q} {params.settings} 2> {log:q}"
