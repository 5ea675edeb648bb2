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
        code=code_digest("scripts/export.py"),
        lock=lock_digest("requirements.txt"),
    shell:
        "python scripts/export.py --problems {input.problems} --samples {input.samples} "
        "--pairs {input.pairs} 2> {log}"


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
        code=code_digest("scripts/export.py"),
        lock=lock_digest("requirements.txt"),
    shell:
        "python scripts/export.py --problems {input.problems} --samples {input.samples} "
        "--evaluations {input.evaluations} 2> {log}"


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
        "python scripts/upload.py --data-set {params.data_set} --adapter-dirs {params.adapters} "
        "{params.hub} 2> {log}"
