rule report:
    input:
        base="<results>/eval/base.json",
        seeds=expand("<results>/eval/seed{seed}.json", seed=SEEDS),
        arms=expand("<results>/arms/{name}/eval/seed{seed}.json", name=ARMS, seed=SEEDS),
        pairs="<results>/pairs.jsonl",
        curves=expand("<results>/adapters/seed{seed}/train_log.jsonl", seed=SEEDS),
        funnel="<results>/curation_funnel.json",
        decontamination="<results>/problems/decontamination.json",
        templates=["report/report.html.j2", "report/style.css"],
    output:
        page="<results>/report.html",
        stats="<results>/stats.json",
        failures="<results>/failures.csv",
    log:
        "<results>/logs/report.log",
    conda:
        "../envs/failpairs.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=30,
    params:
        code=code_digest("scripts/report.py"),
        settings=options("statistics"),
        vary=options("seeds", "vary"),
    shell:
        "python scripts/report.py --base {input.base} --eval {input.seeds} "
        "--arm-eval {input.arms} --pairs {input.pairs} "
        "--train-log {input.curves} --funnel {input.funnel} "
        "--decontamination {input.decontamination} --output {output.page} "
        "--stats {output.stats} --failures {output.failures} {params.settings} {params.vary} "
        "2> {log}"
