"""How much memory `execute.py` needs for many samples, which should not depend on their number.

The samples are HumanEval's reference solutions again and again, each made unlike the others by a
comment, so that every one is run. The last line printed is a JSON object with all figures.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.problems.sources import load_problems
from failpairs.storage.files import write_jsonl

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "execute.py"


def write_samples(path: Path, problems: Path, count: int) -> None:
    """So many samples, in the order in which a model would be sampled."""
    bank = load_problems("humaneval", "eval")
    write_jsonl(problems, bank)
    each = -(-count // len(bank))
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            problem = bank[number // each]
            body = problem.reference.removeprefix(problem.prompt).rstrip("\n")
            completion = f"{body}\n    # {number}\n"
            file.write(json.dumps({"task_id": problem.task_id, "completion": completion}) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=200_000, metavar="N")
    count = parser.parse_args().samples
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        samples, problems = folder / "samples.jsonl", folder / "problems.jsonl"
        write_samples(samples, problems, count)
        start = time.monotonic()
        command = [sys.executable, str(SCRIPT)]
        files = {"problems": problems, "samples": samples, "output": folder / "labels.jsonl"}
        options = [f"--{key}={value}" for key, value in {**files, "workers": 2, "runs": 1}.items()]
        subprocess.run([*command, *options], check=True)
        wall = time.monotonic() - start
    # Of the largest process, which is the one that reads and writes.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "samples": count,
                "samples_per_s": round(count / wall, 1),
                "peak_mb": round(peak, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
