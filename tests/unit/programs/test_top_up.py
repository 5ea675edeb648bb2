"""How many samples are to be drawn, where several seeds of curation need enough pairs."""

import json
import sys
from pathlib import Path
from typing import ClassVar

import pytest
from builders import a_problem
from failpairs.commands import top_up
from failpairs.curation.policy import Policy
from failpairs.records import Supply
from failpairs.storage.files import read_json, write_jsonl


def test_as_many_samples_are_drawn_as_the_seed_needs_that_needs_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = {0: 10, 1: 30, 2: 20}
    asked = []

    def supply(problems: object, labelled: object, policy: Policy, *args: object) -> Supply:
        asked.append(policy.seed)
        return Supply(n_samples=needed[policy.seed], pairs=1, wanted=2)

    monkeypatch.setattr(top_up, "supply", supply)
    for name in ("read_labels_meta", "read_samples_meta", "iterate_samples", "join_labels"):
        monkeypatch.setattr(top_up, name, lambda *args: Generated())
    for name in ("samples", "labels"):
        write_jsonl(tmp_path / name, [])
    write_jsonl(tmp_path / "problems", [a_problem("t/0")])
    files = [f"--{name}={tmp_path / name}" for name in ("problems", "samples", "labels")]
    output = tmp_path / "supply.json"
    argv = ["top_up.py", *files, "--most=40", f"--output={output}", "--seed=0"]
    monkeypatch.setattr(sys, "argv", [*argv, "--seeds", "0", "1", "2"])
    top_up.main()
    assert asked == [0, 1, 2]
    assert read_json(output)["n_samples"] == 30
    monkeypatch.setattr(sys, "argv", [*argv, "--seeds"])
    top_up.main()
    assert json.loads(output.read_text(encoding="utf-8"))["n_samples"] == 10


class Generated:
    """The meta of samples of which there are ten of each problem."""

    generation: ClassVar[dict[str, int]] = {"n_samples": 10}
