# Each control arm has a folder of its own.
OWN_ARM = expand("arms/{name}/", name=ARMS)
OWN_PAIRS_OF_ARMS = expand(
    "arms/{name}/", name=filter(arms.has_own_pairs, config["arms"])
)

# The pairs of all seeds, and those that recipes are tried on, have one set of log-probabilities.
OWN_REFERENCE = [""] if CANDIDATES or not PAIRS_OF_SEEDS else []

# Names of the benchmark files of the jobs whose time and memory the report shows.
CURATION_JOBS = [
    "prepare_train_problems",
    "try_train_problems",
    *gather.sample("sample/{scatteritem}"),
    *expand(
        "top_up/{round}/{job}",
        round=range(1, TOP_UPS + 1),
        job=[
            "gather_samples",
            "execute",
            "top_up",
            *gather.sample("sample/{scatteritem}"),
        ],
    ),
    "gather_samples",
    "execute",
    "curate",
    *expand("{folder}curate", folder=PAIRS_OF_SEEDS),
    *expand("{folder}reference", folder=[*OWN_REFERENCE, *PAIRS_OF_SEEDS]),
]
TUNING_JOBS = [
    *expand("tuning/{candidate}/train", candidate=range(len(CANDIDATES))),
    *expand(
        "tuning/{candidate}/{verb}", candidate=TUNED_ON, verb=["sample", "execute"]
    ),
    *(["tune"] if CANDIDATES else []),
]
JOBS = [
    "prepare_model",
    *expand("prepare_tuned/{model}", model=TUNED),
    "prepare_eval_problems",
    "try_eval_problems",
    *(CURATION_JOBS if CURATES else []),
    *(["import_pairs", "reference"] if OWN_PAIRS else []),
    *TUNING_JOBS,
    *expand("train/seed{seed}", seed=SEEDS),
    *[f"{folder}train/seed{seed}" for folder, seed in CROSSED],
    *expand(
        "eval/{model}/{verb}",
        model=[*MODELS, *AGAIN],
        verb=["sample", "execute", "evaluate"],
    ),
    *[
        f"{folder}eval/seed{seed}/{verb}"
        for folder, seed in CROSSED
        for verb in ["sample", "execute", "evaluate"]
    ],
    *(
        ["mutants/mutate", "mutants/execute"]
        if any("mutants" in arms.needs_of(name) for name in ARMS)
        else []
    ),
    *expand("{folder}{verb}", folder=OWN_PAIRS_OF_ARMS, verb=["make_arm", "reference"]),
    *expand(
        "arms/{later}/seed{seed}/{job}",
        later=ROUNDS,
        seed=SEEDS,
        job=[
            *gather.sample("sample/{scatteritem}"),
            "gather_samples",
            "execute",
            "curate",
            "reference",
        ],
    ),
    *expand("{folder}train/seed{seed}", folder=OWN_ARM, seed=SEEDS),
    *expand(
        "{folder}eval/seed{seed}/{verb}",
        folder=OWN_ARM,
        seed=SEEDS,
        verb=["sample", "execute", "evaluate"],
    ),
]

# Of the training side.
OF_CURATION = [
    *([] if TUNED else ["pairs.jsonl", "curation_funnel.json"]),
    *(["tuning.json"] if CANDIDATES else []),
    *(
        [
            "problems/train.jsonl",
            "problems/decontamination.json",
            "samples.meta.json",
        ]
        if CURATES
        else []
    ),
]
# Figures; given pairs may not say how their rejected completions failed.
OF_PAIRS = [] if TUNED else ["pairs", *(["dose_response"] if CURATES else [])]


rule report:
    input:
        base="<results>/eval/base.json",
        tuned=expand("<results>/eval/{model}.json", model=MODELS[1:]),
        again=expand("<results>/eval/{model}.json", model=AGAIN),
        arms=expand("<results>/arms/{name}/eval/seed{seed}.json", name=ARMS, seed=SEEDS),
        of_rounds=[
            *(["<results>/samples.jsonl"] if ROUNDS else []),
            *expand(
                "<results>/arms/{later}/seed{seed}/{name}.jsonl",
                later=ROUNDS,
                seed=SEEDS,
                name=["samples", "pairs"],
            ),
        ],
        crossed=[f"<results>/{folder}eval/seed{seed}.json" for folder, seed in CROSSED],
        problems="<results>/problems/eval.jsonl",
        of_curation=expand("<results>/{name}", name=OF_CURATION),
        samples=expand("<results>/eval/{model}/samples.jsonl", model=MODELS),
        labels=expand("<results>/eval/{model}/exec_labels.jsonl", model=MODELS),
        curves=expand("<results>/adapters/seed{seed}/train_log.jsonl", seed=SEEDS),
        arm_curves=expand(
            "<results>/arms/{name}/adapters/seed{seed}/train_log.jsonl",
            name=ARMS,
            seed=SEEDS,
        ),
        cards=expand("<results>/adapters/seed{seed}/README.md", seed=SEEDS),
        benchmarks=where_carried(expand(f"{RESULTS}/benchmarks/{{job}}.tsv", job=JOBS)),
        templates=as_inputs(template_files()),
    output:
        page=report(
            "<results>/report.html",
            caption="../report/captions/page.rst",
            category="Report",
            labels={"what": "the whole report", "format": "HTML"},
        ),
        stats="<results>/stats.json",
        failures="<results>/failures.csv",
        answer=report(
            "<results>/figures/answer.svg",
            caption="../report/captions/answer.rst",
            category="Figures",
            labels={"what": "the answer", "format": "SVG"},
        ),
        modes=report(
            "<results>/figures/failure_modes.svg",
            caption="../report/captions/failure_modes.rst",
            category="Figures",
            labels={"what": "failure modes before and after", "format": "SVG"},
        ),
        strip=report(
            "<results>/figures/mode_strip.svg",
            caption="../report/captions/mode_strip.rst",
            category="Figures",
            labels={"what": "every problem", "format": "SVG"},
        ),
        transitions=report(
            "<results>/figures/transitions.svg",
            caption="../report/captions/transitions.rst",
            category="Figures",
            labels={"what": "from base to tuned", "format": "SVG"},
        ),
        arms=(
            report(
                "<results>/figures/arms.svg",
                caption="../report/captions/arms.rst",
                category="Figures",
                labels={
                    "what": "the curated pairs and the control arms",
                    "format": "SVG",
                },
            )
            if ARMS
            else []
        ),
        training=(
            []
            if TUNED
            else report(
                "<results>/figures/training.svg",
                caption="../report/captions/training.rst",
                category="Figures",
                labels={"what": "training curves", "format": "SVG"},
            )
        ),
        pairs=expand("<results>/figures/{name}.svg", name=OF_PAIRS),
        bitmaps=expand(
            "<results>/figures/{name}.png",
            name=[
                "answer",
                "failure_modes",
                "mode_strip",
                "transitions",
                *(["arms"] if ARMS else []),
                *([] if TUNED else ["training"]),
                *OF_PAIRS,
            ],
        ),
        headline="<results>/tables/headline.csv",
        tables=expand(
            "<results>/tables/{name}.csv",
            name=["modes", "transitions", "movements", "arms"],
        ),
    log:
        "<results>/logs/report.log",
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        code=code_digest("report.py"),
        lock=lock_digest("requirements.txt"),
        results=subpath(output.page, parent=True),
        arms=ARMS,
        of_curation=OF_CURATION,
        benchmarks=JOBS,
        figures=subpath(output.modes, parent=True),
        tables=subpath(output.headline, parent=True),
        templates=content_digest(template_files()),
        ngram=options("problems", "ngram"),
        settings=options("statistics"),
        vary=options("seeds", "vary"),
        config=reported(config),
    shell:
        program("report.py") + " --base {input.base:q} --eval {input.tuned:q} "
        "--again {input.again:q} "
        "--results {params.results:q} --arms {params.arms} "
        "--benchmarks {params.benchmarks:q} --of-curation {params.of_curation} --output {output.page:q} "
        "--stats {output.stats:q} --failures {output.failures:q} --figures {params.figures:q} "
        "--tables {params.tables:q} --config {params.config} {params.ngram} "
        "{params.settings} {params.vary} 2> {log:q}"
