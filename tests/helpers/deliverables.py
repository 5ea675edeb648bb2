"""What two runs of the workflow must have in common, byte for byte."""

import json
import os
import re
from pathlib import Path

APART = {"logs", "benchmarks"}
# What a run measures of itself: seconds, and memory.
MEASURED = ("cpu_s", "wall_s", "max_rss_mb")
TIMINGS = re.compile(r"<caption>Time and memory of each stage.*?</table>", re.DOTALL)
NAMES_LABELS = re.compile(r"labels_sha256|exec_labels\.jsonl")
DATE = re.compile(r'(?<="date": )[\d.]+')  # of results.json
HASH = re.compile(r"\b[0-9a-f]{64}\b")


def deliverables(results: Path) -> dict[str, bytes]:
    """Every file that can be seen in a folder of results, by name, without what it measures."""
    return {str(path.relative_to(results)): content(path) for path in visible(results)}


def visible(results: Path) -> list[Path]:
    """The files with final names, those apart that tell how a run went."""
    found = []
    for folder, folders, files in os.walk(results):  # which bears it that folders vanish
        folders[:] = [name for name in folders if name not in APART and name[0] != "."]
        found += [Path(folder, name) for name in files if name[0] != "."]
    return found


def content(path: Path) -> bytes:
    """What is in a file besides measurements, and besides hashes of the files that hold some."""
    data = path.read_bytes()
    if path.name == "exec_labels.jsonl":
        return _without_measurements(data)
    if path.name == "report.html" or path.suffix in (".json", ".md"):
        lines = DATE.sub("", TIMINGS.sub("", data.decode())).splitlines(keepends=True)
        kept = (HASH.sub("", line) if NAMES_LABELS.search(line) else line for line in lines)
        return "".join(kept).encode()
    return data


def _without_measurements(labels: bytes) -> bytes:
    assert labels.endswith(b"\n")
    rows = [json.loads(line) for line in labels.splitlines()]
    kept = [{key: row[key] for key in row if key not in MEASURED} for row in rows]
    return "".join(f"{json.dumps(row)}\n" for row in kept).encode()


def leftovers(results: Path) -> set[str]:
    """The names of hidden files that a run should not leave: all but its lock and kept samples."""
    hidden = {path.name for path in results.rglob(".*")}
    return {name for name in hidden - {".lock"} if ".kept" not in name}
