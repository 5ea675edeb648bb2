"""How long curation takes and how much memory it needs, for up to a million samples.

The samples are programs made up here: 100 of each problem, a third of them passing, a fifth the
same as another. One pair is made of every 20 samples. The last line printed is a JSON object with
all figures.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.models.load import ModelIdentity
from failpairs.models.prompts import FORMATS
from failpairs.provenance.protocol import LabelsMeta, sampling_meta, write_meta
from failpairs.storage.files import sha256_file

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "curate.py"
SAMPLES_OF_A_PROBLEM = 100
SAMPLES_OF_A_PAIR = 20
REPEATED = 0.2
LABELS = {
    "PASS": 35,
    "ASSERTION_FAIL": 33,
    "NAME_ERROR": 8,
    "TYPE_ERROR": 8,
    "SYNTAX_ERROR": 6,
    "INDEX_ERROR": 4,
    "VALUE_ERROR": 3,
    "TIMEOUT": 2,
    "FLAKY": 1,
}
WORDS = "total count best item value first last index left right size step limit offset".split()
EXPRESSIONS = (
    "{a} + {n}",
    "{a} * {n} - {b}",
    "max({a}, {n})",
    "abs({a} - {b})",
    "{a} // {n} + {b}",
    "{a} % {n}",
    "min({a}, {b} + {n})",
    "{a} if {a} > {n} else {b}",
)


def a_program(draw: random.Random, name: str) -> str:
    """A function of 4 to 14 lines, as it would stand before a closing fence."""
    known = ["numbers[0]", "len(numbers)"]
    lines = [f"def {name}(numbers: list[int]) -> int:"]
    if draw.random() < 0.3:
        lines.append(f'    """Return what {name} asks for."""')
    for _ in range(draw.randint(2, 8)):
        variable = f"{draw.choice(WORDS)}_{draw.randint(1, 9)}"
        a, b = draw.choice(known), draw.choice(known)
        expression = draw.choice(EXPRESSIONS).format(a=a, b=b, n=draw.randint(2, 99))
        if draw.random() < 0.2:
            lines += [f"    for {variable} in numbers:", f"        {variable} += {expression}"]
        else:
            lines.append(f"    {variable} = {expression}")
        known.append(variable)
    lines.append(f"    return {draw.choice(known)} + {draw.choice(known)}")
    return "\n".join(lines) + "\n```"


def write_problem(draw: random.Random, number: int, files: dict[str, Any]) -> tuple[str, str]:
    """A problem with its samples and their labels: its task id and its rendered prompt."""
    task_id, name = f"made/{number}", f"measure_{number}"
    prompt = f'def {name}(numbers: list[int]) -> int:\n    """Return what {name} asks for."""\n'
    problem = {
        "task_id": task_id,
        "prompt": prompt,
        "entry_point": name,
        "test": "def check(candidate):\n    assert candidate([1, 2, 3]) == 6\n",
        "reference": f"{prompt}    return sum(numbers)\n",
        "source": "made",
        "license": "CC0-1.0",
    }
    files["problems"].write(json.dumps(problem) + "\n")
    programs: list[str] = []
    for index in range(SAMPLES_OF_A_PROBLEM):
        if programs and draw.random() < REPEATED:
            programs.append(draw.choice(programs))
        else:
            programs.append(a_program(draw, name))
        label = draw.choices([*LABELS], [*LABELS.values()])[0]
        key = {"task_id": task_id, "sample_index": index}
        row = {**key, "completion": programs[-1], "finish_reason": "stop", "n_tokens": 90}
        files["samples"].write(json.dumps(row) + "\n")
        files["labels"].write(json.dumps({**key, "label": label, "runs": 2}) + "\n")
    return task_id, f"<|user|>Complete this.\n{prompt}<|assistant|>```python\n"


def write_input(folder: Path, n_samples: int) -> dict[str, Path]:
    """The files that `curate.py` reads, by the names of its options."""
    paths = {name: folder / f"{name}.jsonl" for name in ("problems", "samples", "labels")}
    files = {name: path.open("w", encoding="utf-8") for name, path in paths.items()}
    draw = random.Random(0)
    count = n_samples // SAMPLES_OF_A_PROBLEM
    prompts = dict(write_problem(draw, number, files) for number in range(count))
    for file in files.values():
        file.close()
    model = ModelIdentity("made/up", "", "")
    meta = sampling_meta(model, None, FORMATS["chat"], prompts, {}, {"name": "none"}, None)
    write_meta(paths["samples"], meta)
    digest = sha256_file(paths["samples"])
    write_meta(paths["labels"], LabelsMeta(samples_sha256=digest, validator={"code": "none"}))
    return paths


def measure(n_samples: int) -> dict[str, float]:
    """Seconds, CPU seconds and peak GiB of curating so many samples."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_input(folder, n_samples)
        options = [f"--{option}={path}" for option, path in paths.items()]
        options += [f"--n-pairs={n_samples // SAMPLES_OF_A_PAIR}", "--max-pairs-per-problem=8"]
        command = [sys.executable, str(SCRIPT), *options, f"--output={folder / 'pairs.jsonl'}"]
        start = time.monotonic()
        with subprocess.Popen(command) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - start
        if process.returncode:
            raise SystemExit(process.returncode)
    return {
        "seconds": round(wall, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_gb": round(usage.ru_maxrss / 2**20, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], metavar="N"
    )
    sizes = parser.parse_args().sizes
    found = {}
    print("| samples | seconds | CPU µs a sample | peak GiB |")
    print("| --- | --- | --- | --- |")
    for size in sizes:
        found[size] = figures = measure(size)
        each = 1e6 * figures["cpu_seconds"] / size
        print(f"| {size} | {figures['seconds']} | {each:.0f} | {figures['peak_gb']} |", flush=True)
    largest = found[max(found)]
    print(
        json.dumps(
            {
                "minutes_1m": round(found[1_000_000]["seconds"] / 60, 2)
                if 1_000_000 in found
                else None,
                "peak_gb_1m": largest["peak_gb"] if 1_000_000 in found else None,
                "sizes": found,
            }
        )
    )


if __name__ == "__main__":
    main()
