# Samples that are there already take the place of all that samples and trains.
COMPARED = [
    file
    for path in [config["compare"]["base"], *config["compare"]["tuned"]]
    for file in sample_files(Path(path))
]


# They have a folder of their own in the results, since a run has samples of its own.
rule compare:
    input:
        base=as_inputs([config["compare"]["base"]]),
        tuned=as_inputs(config["compare"]["tuned"]),
        problems=as_inputs(problem_files(*config["problems"]["eval"])),
    output:
        page=report(
            "<results>/compare/report.html",
            caption="../report/captions/page.rst",
            category="Report",
            labels={"what": "the whole report", "format": "HTML"},
        ),
        stats="<results>/compare/stats.json",
        base="<results>/compare/eval/base.json",
    log:
        "<results>/logs/compare.log",
    benchmark:
        "<results>/benchmarks/compare.tsv"
    conda:
        "../envs/failpairs.yaml"
    threads: 8
    resources:
        mem_mb=8000,
        runtime=240,
    params:
        code=code_digest("compare.py"),
        lock=lock_digest("requirements.txt"),
        source=shlex.join(config["problems"]["eval"]),
        content=content_digest(
            [
                *problem_files(*config["problems"]["eval"]),
                *COMPARED,
            ]
        ),
        broken=broken_option("eval"),
        results=subpath(output.page, parent=True),
        templates=content_digest(template_files()),
        extract=options("compare"),
        limit=options("problems", "limit"),
        execution=options("execution"),
        settings=options("statistics", *OF_TWO_MODELS),
    shell:
        program("compare.py")
        + " --problems {params.source} --base {input.base:q} --tuned {input.tuned:q} "
        "--output {output.page:q} --results {params.results:q} --workers {threads} {params.extract} "
        "{params.limit} {params.broken} {params.execution} {params.settings} 2> {log:q}"
