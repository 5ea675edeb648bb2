# Results in the forms of other tools. Nothing depends on them, so they make nothing run again.
EVALUATED = [
    *expand("eval/{model}", model=MODELS),
    *expand("{folder}eval/seed{seed}", folder=OWN_ARM, seed=SEEDS),
]


rule export_training:
    input:
        problems="<results>/problems/train.jsonl",
        samples="<results>/samples.jsonl",
        pairs="<results>/pairs.jsonl",
        held_out="<results>/held_out_pairs.jsonl",
        card="<results>/pairs.md",
    output:
        problems="<results>/problems/train.humaneval.jsonl",
        samples="<results>/samples.evalplus.jsonl",
        pairs=multiext(
            "<results>/hub/pairs/", "README.md", "pairs.jsonl", "held_out_pairs.jsonl"
        ),
    log:
        "<results>/logs/export_training.log",
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        code=code_digest("export.py"),
        lock=lock_digest("requirements.txt"),
    shell:
        program("export.py")
        + " --problems {input.problems:q} --samples {input.samples:q} "
        "--pairs {input.pairs:q} 2> {log:q}"


rule export:
    input:
        problems="<results>/problems/eval.jsonl",
        samples=expand("<results>/{model}/samples.jsonl", model=EVALUATED),
        evaluations=expand("<results>/{model}.json", model=EVALUATED),
    output:
        problems="<results>/problems/eval.humaneval.jsonl",
        samples=expand("<results>/{model}/samples.evalplus.jsonl", model=EVALUATED),
        results=expand("<results>/{model}/results.json", model=EVALUATED),
    log:
        "<results>/logs/export.log",
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        code=code_digest("export.py"),
        lock=lock_digest("requirements.txt"),
    shell:
        program("export.py")
        + " --problems {input.problems:q} --samples {input.samples:q} "
        "--evaluations {input.evaluations:q} 2> {log:q}"


# No target of `all`, and without an output: it uploads whenever it is asked for.
rule upload:
    input:
        pairs="<results>/hub/pairs/README.md" if config["hub"]["pairs"] else [],
        adapters=(
            expand("<results>/adapters/seed{seed}/README.md", seed=SEEDS)
            if config["hub"]["adapters"]
            else []
        ),
    log:
        "<results>/logs/upload.log",
    localrule: True
    conda:
        "../envs/failpairs.yaml"
    params:
        data_set=f"{RESULTS}/hub/pairs",
        adapters=expand(f"{RESULTS}/adapters/seed{{seed}}", seed=SEEDS),
        hub=options("hub"),
    shell:
        program("upload.py")
        + " --data-set {params.data_set:q} --adapter-dirs {params.adapters:q} "
        "{params.hub} 2> {log:q}"
