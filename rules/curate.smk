rule curate:
    input:
        problems="<results>/problems/train.jsonl",
        samples="<results>/samples.jsonl",
        samples_meta="<results>/samples.meta.json",
        labels="<results>/exec_labels.jsonl",
        labels_meta="<results>/exec_labels.meta.json",
        trials="<results>/problems/train.trials.jsonl" if VERIFIES else [],
    output:
        pairs="<results>/pairs.jsonl",
        held_out="<results>/held_out_pairs.jsonl",
        held_out_problems="<results>/held_out_problems.jsonl",
        card="<results>/pairs.md",
        funnel="<results>/curation_funnel.json",
    log:
        "<results>/logs/curate.log",
    benchmark:
        "<results>/benchmarks/curate.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        code=code_digest("curate.py"),
        lock=lock_digest("requirements.txt"),
        trials=trials_option,
        settings=options("curation"),
    shell:
        program("curate.py")
        + " --problems {input.problems:q} --samples {input.samples:q} "
        "--labels {input.labels:q} --output {output.pairs:q} {params.trials} {params.settings} "
        "2> {log:q}"


# Another set of pairs for a seed, where the seeds vary them.
use rule curate as curate_for_seed with:
    output:
        pairs="<results>/pairs/seed{seed}/pairs.jsonl",
        held_out="<results>/pairs/seed{seed}/held_out_pairs.jsonl",
        held_out_problems="<results>/pairs/seed{seed}/held_out_problems.jsonl",
        card="<results>/pairs/seed{seed}/pairs.md",
        funnel="<results>/pairs/seed{seed}/curation_funnel.json",
    log:
        "<results>/logs/pairs/seed{seed}/curate.log",
    benchmark:
        "<results>/benchmarks/pairs/seed{seed}/curate.tsv"
    params:
        code=code_digest("curate.py"),
        lock=lock_digest("requirements.txt"),
        settings=curation_for_seed,
