rule execute:
    input:
        problems="<results>/problems/train.jsonl",
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
        "--output {output.labels} --workers {threads} {params.settings} 2> {log}"
