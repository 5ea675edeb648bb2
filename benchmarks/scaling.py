"""What the workflow itself costs at a million samples, without any model.

Snakemake plans a study of 10,000 problems × 100 samples and ten seeds; shards of made-up samples
are merged by the program of the rule, and a million samples with their labels are evaluated. The
last line printed is a JSON object with all figures; `costs.py` goes on from them.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.exec_labels import ExecLabel
from failpairs.models.load import ModelIdentity
from failpairs.models.prompts import FORMATS
from failpairs.provenance.protocol import LabelsMeta, SamplesMeta, sampling_meta, write_meta
from failpairs.records import Problem, Sample
from failpairs.storage.files import sha256_file, write_json, write_jsonl

ROOT = Path(__file__).resolve().parents[1]
SEEDS, SAMPLES_OF_A_PROBLEM = 10, 100
BODY = (
    "    total = 0\n    for number in numbers:\n        total += number * {}\n    return total\n```"
)


def measured(command: Sequence[str]) -> tuple[dict[str, float], str]:
    """Seconds, CPU seconds and peak MiB of a command run in the project, and what it printed."""
    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        with subprocess.Popen(command, cwd=ROOT, stdout=output) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - start
        output.seek(0)
        printed = output.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: status {process.returncode}\n{printed}")
    figures = {
        "seconds": round(wall, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mb": round(usage.ru_maxrss / 1024, 1),
    }
    return figures, printed


def a_problem(number: int) -> Problem:
    """A problem, made up."""
    name = f"measure_{number}"
    prompt = f'def {name}(numbers: list[int]) -> int:\n    """Return what {name} asks for."""\n'
    return Problem(
        task_id=f"made/{number}",
        prompt=prompt,
        entry_point=name,
        test="def check(candidate):\n    assert candidate([1, 2, 3]) == 6\n",
        reference=f"{prompt}    return sum(numbers)\n",
        source="made",
        license="CC0-1.0",
    )


def samples_of(problem: Problem) -> Iterator[Sample]:
    """Samples of a problem, made up, no two of them alike."""
    for index in range(SAMPLES_OF_A_PROBLEM):
        yield Sample(
            task_id=problem.task_id,
            sample_index=index,
            completion=problem.prompt + BODY.format(index),
            finish_reason="stop",
            n_tokens=60,
            sum_logprob=-12.3456,
            seed=0,
        )


def verdict_of(sample: Sample) -> ExecLabel:
    """A verdict, made up: every second sample passes."""
    label = "PASS" if sample.sample_index % 2 else "ASSERTION_FAIL"
    return ExecLabel(
        task_id=sample.task_id, sample_index=sample.sample_index, label=label, tests_total=1, runs=2
    )


def meta_of(problems: Sequence[Problem]) -> SamplesMeta:
    """The protocol of samples of some problems."""
    prompts = {problem.task_id: problem.prompt for problem in problems}
    model = ModelIdentity("made/up", "", "")
    return sampling_meta(model, None, FORMATS["completion"], prompts, {}, {"name": "none"}, None)


def plan(folder: Path, problems: Path, shards: int) -> dict[str, float]:
    """A dry run of the study with so many shards."""
    config = {
        "pathvars": {"results": str(folder / "results")},
        "problems": {"train": f"jsonl:{problems}", "eval": ["humaneval"]},
        "sampling": {"shards": shards, "n_samples": SAMPLES_OF_A_PROBLEM},
        "curation": {"n_pairs": 50_000, "max_pairs_per_problem": 8},
        "seeds": {"values": list(range(SEEDS))},
    }
    write_json(folder / "study.json", config)
    command = ["snakemake", "--dry-run", "--quiet", "rules", "--cores", "64"]
    figures, printed = measured([*command, "--configfile", str(folder / "study.json")])
    jobs = re.search(r"^total +(\d+)$", printed, re.MULTILINE)
    return {"jobs": int(jobs[1]) if jobs else 0, **figures}


def merge(folder: Path, problems: Sequence[Problem], n_shards: int) -> dict[str, float]:
    """The shards of the study, made up and merged."""
    shards = [folder / "shards" / f"{i}-of-{n_shards}.jsonl" for i in range(1, n_shards + 1)]
    for number, shard in enumerate(shards):
        own = problems[number::n_shards]
        write_jsonl(shard, (sample for problem in own for sample in samples_of(problem)))
        write_meta(shard, meta_of(own))
    files = {"problems": folder / "problems.jsonl", "output": folder / "samples.jsonl"}
    options = [f"--{name}={path}" for name, path in files.items()]
    command = [sys.executable, "scripts/merge_samples.py", *options, *map(str, shards)]
    figures, _ = measured(command)
    return {"shards": n_shards, "samples": len(problems) * SAMPLES_OF_A_PROBLEM, **figures}


def evaluate(folder: Path, problems: Sequence[Problem]) -> dict[str, float]:
    """The evaluation of the merged samples."""
    samples, labels = folder / "samples.jsonl", folder / "exec_labels.jsonl"
    drawn = (sample for problem in problems for sample in samples_of(problem))
    write_jsonl(labels, map(verdict_of, drawn))
    meta = LabelsMeta(samples_sha256=sha256_file(samples), validator={"code": "none"})
    write_meta(labels, meta)
    files = {"problems": folder / "problems.jsonl", "samples": samples, "labels": labels}
    options = [f"--{name}={path}" for name, path in files.items()]
    output = f"--output={folder / 'base.json'}"
    figures, _ = measured([sys.executable, "scripts/evaluate.py", *options, output])
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", type=int, nargs="+", default=[4, 256], metavar="N")
    parser.add_argument("--problems", type=int, default=10_000, metavar="N")
    args = parser.parse_args()
    problems = [a_problem(number) for number in range(args.problems)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_jsonl(folder / "problems.jsonl", problems)
        found = {
            "plan": [plan(folder, folder / "problems.jsonl", n_shards) for n_shards in args.shards],
            "merge": merge(folder, problems, max(args.shards)),
            "evaluate": evaluate(folder, problems),
        }
    print("| what | seconds | peak MiB |\n| --- | --- | --- |")
    for row in found["plan"]:
        print(f"| plan {row['jobs']} jobs | {row['seconds']} | {row['peak_mb']} |")
    for what in ("merge", "evaluate"):
        print(f"| {what} | {found[what]['seconds']} | {found[what]['peak_mb']} |")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
