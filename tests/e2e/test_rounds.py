"""The workflow with a second round: each seed samples, curates and trains on from its adapter."""

import hashlib
import json
from pathlib import Path
from typing import Any

from conftest import Project

ROUND = {
    **{"sample_round": 4, "gather_round": 2, "execute_round": 2, "curate_round": 2},
    **{"reference": 2, "train": 2, "sample_eval": 2, "execute_eval": 2, "evaluate": 2},
    **{"export": 1, "report": 1},
}


def test_a_second_round_goes_on_from_the_adapters_of_the_first(finished: Project) -> None:
    results = finished.results
    config = finished.folder / "config/test.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(f"{text}\nrounds: 2\nround_reference: last\n", encoding="utf-8")
    assert finished.planned() == ROUND
    done = finished.snakemake()
    assert done.returncode == 0, done.stdout + done.stderr
    assert finished.planned() == {}
    of_round = results / "arms/round2"
    for seed in ("seed0", "seed1"):
        first = sha256(results / f"adapters/{seed}/adapter_model.safetensors")
        meta = value(of_round / seed / "samples.meta.json")
        assert (meta["adapter_sha256"], meta["generation"]["seed"]) == (first, 1)
        reference = value(of_round / seed / "reference_logps.meta.json")
        assert reference["adapter_sha256"] == first
        samples = {(s["task_id"], s["completion"]) for s in rows(of_round / seed / "samples.jsonl")}
        pairs = rows(of_round / seed / "pairs.jsonl")
        assert pairs
        assert {
            (p["task_id"], p[side]) for p in pairs for side in ("chosen", "rejected")
        } <= samples
        start, *_, last = rows(of_round / f"adapters/{seed}/train_log.jsonl")
        # The reference is where this training began.
        assert abs(start["held_out_reward_margin"]) < 1e-3
        assert last["step"] > 0
        assert sha256(of_round / f"adapters/{seed}/adapter_model.safetensors") != first
    shown = value(results / "stats.json")["rounds"]
    assert [each["number"] for each in shown] == [1, 2]
    assert shown[1]["n_pairs"]["values"] == [
        len(rows(of_round / seed / "pairs.jsonl")) for seed in ("seed0", "seed1")
    ]
    assert 'id="rounds"' in (results / "report.html").read_text(encoding="utf-8")
    finished.edit("config/test.yaml", "rounds: 2", "rounds: 3")
    assert finished.planned() == ROUND


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def value(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def rows(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
