"""What a change to a finished project runs again: the data of a test and of a table in the docs.

python tests/workflow/invalidation_table.py writes the table into docs/architecture.md.
"""

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Project

ARCHITECTURE = Path(__file__).resolve().parents[2] / "docs" / "architecture.md"
PLACE = re.compile(r"(?<=<!-- table of changes -->\n).*?(?=<!-- end of the table -->)", re.DOTALL)
CONFIG = "config/test.yaml"
LONG_AGO = (0, 0)  # access and modification time, as `touch -d 1970-01-01` sets them

Jobs = Mapping[str, int]
Change = Callable[["Project"], object]

NOTHING: Jobs = {}
REPORT = {"report": 1}
EXPORT = {"export": 1}
TEMPLATES = "scripts/failpairs/report/templates"
TUNED = {"sample_eval": 2, "execute_eval": 2, "evaluate": 2, **EXPORT, **REPORT}
EVALUATIONS = {"sample_eval": 3, "execute_eval": 3, "evaluate": 3, **EXPORT, **REPORT}
ONE_SEED = {"train": 1, "sample_eval": 1, "execute_eval": 1, "evaluate": 1, **EXPORT, **REPORT}
TRAIN = {"train": 2, **TUNED}
FROM_PAIRS = {"reference": 1, **TRAIN}
CROSSED = {"train": 4, "sample_eval": 4, "execute_eval": 4, "evaluate": 4}
CURATE = {"curate": 1, "export_training": 1, **FROM_PAIRS}
FROM_SAMPLES = {"gather_samples": 1, "execute": 1, **CURATE}
SAMPLE = {"sample_shard": 2, **FROM_SAMPLES}
TRIALS = {"try_train_problems": 1, "try_eval_problems": 1}
VERDICTS = {**TRIALS, "execute": 1, **CURATE, "execute_eval": 3, "evaluate": 3}
FROM_MODEL = {**SAMPLE, **EVALUATIONS}
TRAIN_PROBLEMS = {"prepare_train_problems": 1, "try_train_problems": 1, **SAMPLE}
EVAL_PROBLEMS = {"prepare_eval_problems": 1, "try_eval_problems": 1, **EVALUATIONS}
MODEL = {"prepare_model": 1, **FROM_MODEL}
PROBLEMS = {**TRAIN_PROBLEMS, **EVAL_PROBLEMS}
EVERYTHING = {"prepare_model": 1, **PROBLEMS}


@dataclass(frozen=True)
class Row:
    """A change to the project with two seeds that has run to its end, and the jobs it needs."""

    what: str
    change: Change
    jobs: Jobs


def edit(name: str, old: str, new: str) -> Change:
    return lambda project: project.edit(name, old, new)


def setting(old: str, new: str) -> Change:
    return edit(CONFIG, old, new)


def append(name: str, text: str) -> Change:
    def change(project: "Project") -> None:
        with (project.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


def write(name: str, text: str) -> Change:
    return lambda project: (project.folder / name).write_text(text, encoding="utf-8")


def delete(*names: str) -> Change:
    def change(project: "Project") -> None:
        for name in names:
            found = list(project.results.glob(name))
            assert found, f"there is no {name}"
            for path in found:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    return change


def both(*changes: Change) -> Change:
    return lambda project: [change(project) for change in changes]


def touch(folder: str, *patterns: str) -> Change:
    """Give files the present time, each a little later, in the order of their names."""

    def change(project: "Project") -> None:
        paths = {path for one in patterns for path in (project.folder / folder).glob(one)}
        now = time.time()
        for later, path in enumerate(sorted(path for path in paths if path.is_file())):
            os.utime(path, (now, now + later / 1000), follow_symlinks=False)

    return change


def check_out(project: "Project") -> None:
    for command in (
        ["init", "--quiet"],
        ["add", "--all"],
        ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "--quiet", "--message", "x"],
        ["rm", "-r", "--quiet", "."],
        ["checkout", "--quiet", "HEAD", "--", "."],
    ):
        done = project.run("git", *command)
        assert done.returncode == 0, done.stderr


def change_problem(project: "Project") -> None:
    path = project.folder / "resources/micro-eval.jsonl"
    problems = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    problems[0]["prompt"] += "    # a change\n"
    path.write_text("".join(json.dumps(problem) + "\n" for problem in problems), encoding="utf-8")


def change_problem_as_of_long_ago(project: "Project") -> None:
    change_problem(project)
    os.utime(project.folder / "resources/micro-eval.jsonl", LONG_AGO)


def rename_problems(project: "Project") -> None:
    folder = project.folder / "resources"
    (folder / "micro-eval.jsonl").rename(folder / "renamed.jsonl")
    project.edit(CONFIG, "micro-eval.jsonl", "renamed.jsonl")


def swap_weights(project: "Project") -> None:
    weights = project.folder / "resources/micro-model/model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    os.utime(weights, LONG_AGO)


def edit_pairs(project: "Project") -> None:
    path = project.results / "pairs.jsonl"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(rows[:-1]), encoding="utf-8")


def move_results(project: "Project") -> None:
    project.results.rename(project.folder / "results/kept")
    project.edit(CONFIG, "results/test", "results/kept")


def vouch(project: "Project") -> None:
    """Tell Snakemake that the results are those of the project as it is."""
    done = project.snakemake("--touch", "--forceall")
    assert done.returncode == 0, done.stdout + done.stderr


RULES = "rules/train.smk"
SEEDS = "values: [0, 1]"
EVALUATION = "evaluation:\n  again: false"

ROWS = [
    # Settings, in the order of the data flow.
    Row(
        "`model.revision`: a newer revision",
        setting('revision: ""', f"revision: {'a' * 40}"),
        MODEL,
    ),
    Row(
        "`model.prompt_format`",
        setting("dtype: float32", "dtype: float32\n  prompt_format: completion"),
        FROM_MODEL,
    ),
    Row("`inference.batch_size`", setting("batch_size: 32", "batch_size: 16"), NOTHING),
    Row(
        "`inference.vllm_memory_share`, `vllm_eager` or `tensor_parallel`",
        setting(
            "batch_size: 32", "vllm_memory_share: 0.5\n  vllm_eager: true\n  tensor_parallel: 2"
        ),
        NOTHING,
    ),
    Row(
        "`inference.server_url`, where no server is sampled",
        setting("batch_size: 32", "server_url: http://localhost:8000/v1"),
        NOTHING,
    ),
    Row("`problems.limit`", setting("limit: 12", "limit: 11"), PROBLEMS),
    Row("`problems.ngram`", setting("limit: 12", "limit: 12\n  ngram: 9"), TRAIN_PROBLEMS),
    Row("`sampling.temperature`", setting("temperature: 1.0", "temperature: 0.9"), SAMPLE),
    Row(
        "`sampling.shards`: 3 instead of 2",
        setting("shards: 2", "shards: 3"),
        {**SAMPLE, "sample_shard": 3},
    ),
    Row("`execution.timeout`", setting("timeout: 2", "timeout: 3"), VERDICTS),
    Row(
        "`curation.verify_inputs`",
        setting("verify_inputs: 20", "verify_inputs: 10"),
        {"try_train_problems": 1, "execute": 1, **CURATE},
    ),
    Row("`curation.n_pairs`", setting("n_pairs: 20", "n_pairs: 16"), CURATE),
    Row(
        "`curation.mix`: a quota",
        setting("n_pairs: 20", "n_pairs: 20\n  mix: uniform"),
        CURATE,
    ),
    Row("`training.epochs`", setting("epochs: 2", "epochs: 1"), TRAIN),
    Row(
        "`training.micro_batch_size`",
        setting("micro_batch_size: 2", "micro_batch_size: 4"),
        TRAIN,
    ),
    Row(
        "`training.report_to`: tools to watch with",
        setting("micro_batch_size: 2", "micro_batch_size: 2\n  report_to: [tensorboard, mlflow]"),
        NOTHING,
    ),
    Row("`seeds.values`: a new seed", setting(SEEDS, "values: [0, 1, 2]"), ONE_SEED),
    Row("`seeds.values`: one removed", setting(SEEDS, "values: [0]"), {**EXPORT, **REPORT}),
    Row("`seeds.values`: another order", setting(SEEDS, "values: [1, 0]"), REPORT),
    Row(
        "`seeds.vary`: pairs",
        setting(SEEDS, f"{SEEDS}\n  vary: pairs"),
        {"curate_for_seed": 2, **FROM_PAIRS, "reference": 2},
    ),
    Row(
        "`seeds.vary`: both",
        setting(SEEDS, f"{SEEDS}\n  vary: both"),
        {"curate_for_seed": 2, **FROM_PAIRS, "reference": 2, **CROSSED},
    ),
    Row(
        "`arms`: a new one",
        setting(SEEDS, f"{SEEDS}\narms: [shuffled]"),
        {"make_arm": 1, **FROM_PAIRS},
    ),
    Row(
        "`arms`: one of mutants",
        setting(SEEDS, f"{SEEDS}\narms: [synthetic]"),
        {"mutate": 1, "execute_mutants": 1, "make_arm": 1, **FROM_PAIRS},
    ),
    Row(
        "`rounds`: 2 instead of 1",
        setting(SEEDS, f"{SEEDS}\nrounds: 2"),
        {
            **{"sample_round": 4, "gather_round": 2, "execute_round": 2, "curate_round": 2},
            **{"reference": 2, "train": 2, **TUNED},
        },
    ),
    Row(
        "an evaluation setting",
        setting(EVALUATION, f"{EVALUATION}\n  seed: 1"),
        EVALUATIONS,
    ),
    Row("`statistics.resamples`", setting("resamples: 999", "resamples: 1999"), REPORT),
    # Code.
    Row(
        "a comment in a library module",
        edit("scripts/failpairs/storage/files.py", "import gzip", "import gzip  # a note"),
        NOTHING,
    ),
    Row(
        "a docstring in a library module",
        edit(
            "scripts/failpairs/storage/files.py",
            '"""Read one JSON value,',
            '"""Read one value of JSON,',
        ),
        NOTHING,
    ),
    Row(
        "a new library module that nothing imports",
        write("scripts/failpairs/unused.py", "X = 1\n"),
        NOTHING,
    ),
    Row(
        "a script that is no stage",
        append("scripts/document_config.py", "\nX = 1\n"),
        NOTHING,
    ),
    Row(
        "`sampled_model.py`",
        edit("scripts/failpairs/sampling/sampled_model.py", "STOP_WINDOW = 16", "STOP_WINDOW = 17"),
        FROM_MODEL,
    ),
    Row(
        "`layers.py`",
        edit(
            "scripts/failpairs/execution/sandbox/layers.py",
            "PR_SET_DUMPABLE, 0, 0",
            "PR_SET_DUMPABLE, 0, 1",
        ),
        VERDICTS,
    ),
    Row(
        "`build_pairs.py`",
        append("scripts/failpairs/curation/build_pairs.py", "\nX = 1\n"),
        CURATE,
    ),
    Row(
        "`packing.py`",
        edit("scripts/failpairs/training/packing.py", "range(3)", "range(1, 4)"),
        FROM_PAIRS,
    ),
    Row(
        "`paired_tests.py`",
        edit("scripts/failpairs/statistics/paired_tests.py", "ddof=1", "ddof=0"),
        REPORT,
    ),
    Row(
        "a template of the report", append(f"{TEMPLATES}/sections/answer.html.j2", "<hr>\n"), REPORT
    ),
    Row("the style sheet", append(f"{TEMPLATES}/style.css", "main { margin: 0 }\n"), REPORT),
    Row(
        "a published score of a model",
        append("scripts/failpairs/statistics/baselines.yaml", "# A note.\n"),
        REPORT,
    ),
    Row("a new section's template", write(f"{TEMPLATES}/sections/new.html.j2", "<p>\n"), REPORT),
    Row("a caption for `snakemake --report`", append("report/captions/page.rst", "\nX\n"), NOTHING),
    Row(
        "the description of a setting",
        edit("scripts/failpairs/sampling/settings.py", "Seed of the draws", "The seed of draws"),
        NOTHING,
    ),
    # How and where jobs run.
    Row(
        "the command in a rule, if only by a space",
        edit(RULES, " 2> {log:q}", "  2> {log:q}"),
        FROM_PAIRS,
    ),
    Row("threads of a rule", edit(RULES, "threads: 8", "threads: 4"), NOTHING),
    Row("memory and run time of a rule", edit(RULES, "mem_mb=24000", "mem_mb=48000"), NOTHING),
    Row(
        "the place of a log",
        edit(RULES, "<results>/logs/{arm}train", "<results>/logs/{arm}training"),
        NOTHING,
    ),
    Row(
        "a profile",
        edit("profiles/default/profile.yaml", "- gpu=1", "- gpu=2\nset-threads:\n  - train=3"),
        NOTHING,
    ),
    Row("a package in the lock", edit("envs/requirements.txt", "scipy==", "scipy==0."), EVERYTHING),
    Row(
        "the environment for `--sdm conda`, where it is not used",
        append("envs/failpairs.yaml", "  - python-dateutil\n"),
        NOTHING,
    ),
    Row("a comment in the lock", append("envs/requirements.txt", "\n# a note\n"), NOTHING),
    Row("the lock of vLLM, where it is not used", append("envs/vllm.txt", "x==1\n"), NOTHING),
    Row(
        "`inference.python`: vLLM's",
        setting("batch_size: 32", "python: .venv-vllm/bin/python"),
        FROM_MODEL,
    ),
    # Data.
    Row("an evaluation problem", change_problem, EVAL_PROBLEMS),
    Row(
        "the evaluation problems, by a file that is older than the results",
        change_problem_as_of_long_ago,
        EVAL_PROBLEMS,
    ),
    Row("another name for the file of problems", rename_problems, EVAL_PROBLEMS),
    Row(
        "an evaluation problem, and `sampling.temperature`",
        both(change_problem, setting("temperature: 1.0", "temperature: 0.9")),
        {**SAMPLE, **EVAL_PROBLEMS},
    ),
    Row(
        "a training problem",
        edit("scripts/failpairs/problems/bank/arithmetic.py", "digit_sum", "sum_of_digits"),
        TRAIN_PROBLEMS,
    ),
    Row("weights of a local model, by a file older than the results", swap_weights, MODEL),
    Row(
        "all inputs touched",
        touch(".", "resources/**/*", "report/**/*", "config/*", "envs/*", "scripts/**/*"),
        NOTHING,
    ),
    Row("a git checkout: all times new", check_out, NOTHING),
    # Results.
    Row("an adapter deleted", delete("adapters/seed1/adapter_model.safetensors"), ONE_SEED),
    Row("an adapter's settings deleted", delete("adapters/seed1/adapter_config.json"), ONE_SEED),
    Row("intermediates deleted", delete("shards", "eval/*/samples.jsonl", "problems"), NOTHING),
    Row(
        "the same after the results have been vouched for",
        both(vouch, delete("shards", "eval/*/samples.jsonl", "problems")),
        NOTHING,
    ),
    Row(
        "the same, and the rest vouched for",
        both(delete("shards", "eval/*/samples.jsonl", "problems"), vouch),
        NOTHING,
    ),
    Row("benchmarks and logs deleted", delete("benchmarks", "logs"), NOTHING),
    Row(
        "benchmarks deleted, and a template changed",
        both(delete("benchmarks"), append(f"{TEMPLATES}/style.css", "main { margin: 0 }\n")),
        REPORT,
    ),
    Row("`samples.jsonl` deleted", delete("samples.jsonl"), FROM_SAMPLES),
    Row("a figure deleted", delete("figures/mode_strip.png"), REPORT),
    Row("`pairs.jsonl` edited by hand", edit_pairs, {"export_training": 1, **FROM_PAIRS}),
    Row(
        "results copied without their times",
        touch("results", "**/*"),
        NOTHING,
    ),
    Row(
        "`results` moved to another folder, and vouched for",
        both(move_results, vouch),
        NOTHING,
    ),
    Row(
        "the same, then an evaluation setting",
        both(move_results, vouch, setting(EVALUATION, f"{EVALUATION}\n  seed: 1")),
        EVALUATIONS,
    ),
]


def table() -> str:
    """The rows as a table in Markdown."""
    lines = ["| change | jobs that run again |", "| --- | --- |"]
    lines += [f"| {row.what} | {_listed(row.jobs)} |" for row in ROWS]
    return "\n".join(lines) + "\n"


def _listed(jobs: Jobs) -> str:
    names = [f"{rule} {count}" if count > 1 else rule for rule, count in jobs.items()]
    return ", ".join(names) or "none"


def main() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    assert PLACE.search(text)
    ARCHITECTURE.write_text(PLACE.sub(lambda _: table(), text), encoding="utf-8")


if __name__ == "__main__":
    main()
