# Pairs of your own take the place of all that samples and curates.
rule import_pairs:
    input:
        model="<results>/model/manifest.json",
        pairs=as_inputs(own_pairs()),
    output:
        pairs="<results>/pairs.jsonl",
        held_out="<results>/held_out_pairs.jsonl",
        funnel="<results>/curation_funnel.json",
    log:
        "<results>/logs/import_pairs.log",
    benchmark:
        "<results>/benchmarks/import_pairs.tsv"
    # Before the base model is sampled: a fault in the pairs is told while nothing has cost much.
    priority: 1
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        code=code_digest("import_pairs.py"),
        lock=lock_digest("requirements.txt"),
        source=shlex.quote(OWN_PAIRS),
        content=content_digest(pair_files(OWN_PAIRS)),
        model=subpath(input.model, parent=True),
        options=options("model", "prompt_format"),
        # As in `prepare_train_problems`: other evaluation problems must not train again.
        against=lambda wildcards, input: shlex.join(config["problems"]["eval"]),
        limit=lambda wildcards, input: options("problems", "limit"),
        ngram=options("problems", "ngram"),
        settings=options("curation", "held_out", "seed"),
    shell:
        program("import_pairs.py") + " {params.source} --model {params.model:q} "
        "--against {params.against} --output {output.pairs:q} {params.options} {params.limit} "
        "{params.ngram} {params.settings} 2> {log:q}"
