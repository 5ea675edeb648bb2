"""The program `curate.py`."""

from pathlib import Path

import pytest
from builders import a_problem
from execution_builders import a_labels_meta, a_sample, a_samples_meta, a_verdict
from failpairs.commands.curate import policy_section
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.labels import PASS
from failpairs.provenance.protocol import write_meta
from failpairs.storage.files import read_json, sha256_file, write_jsonl
from places import ROOT
from warm_python import run_program

SHIPPED = ROOT / "config" / "config.yaml"


def write_labelled(folder: Path) -> list[str]:
    """A pass and two failures of a problem, as options of the program."""
    labels = (PASS, "NAME_ERROR", "TIMEOUT")
    write_jsonl(folder / "problems.jsonl", [a_problem()])
    samples = folder / "samples.jsonl"
    write_jsonl(samples, [a_sample(f"    return n * 2 + {i}\n", "t/0", i) for i in range(3)])
    write_meta(samples, a_samples_meta())
    write_jsonl(
        folder / "labels.jsonl", [a_verdict(label, "t/0", i) for i, label in enumerate(labels)]
    )
    of_samples = {"samples_sha256": sha256_file(samples)}
    write_meta(folder / "labels.jsonl", a_labels_meta().model_copy(update=of_samples))
    files = ("problems", "samples", "labels")
    given = [part for name in files for part in (f"--{name}", f"{name}.jsonl")]
    return [*given, "--output", "pairs.jsonl"]


def test_the_shipped_configuration_gives_the_defaults_of_the_options(tmp_path: Path) -> None:
    options = [*write_labelled(tmp_path), "--policy", str(SHIPPED)]
    more = ("--allow-fewer", "--held-out=0", "--max-similarity=1", "--max-pairs-per-problem=1")
    done = run_program("curate", tmp_path, *options, *more)
    assert done.returncode == 0, done.stderr
    assert "curated 1 of 500 pairs" in done.stderr
    assert read_json(tmp_path / "curation_funnel.json")["pairs"]["possible"] == 2


def test_the_file_gives_what_no_option_says(tmp_path: Path) -> None:
    options = write_labelled(tmp_path)
    path = tmp_path / "mine.yaml"
    path.write_text("curation: {n_pairs: 7, top_up: true, verify_inputs: 9}", encoding="utf-8")
    assert policy_section(path) == {"n_pairs": 7}
    done = run_program("curate", tmp_path, *options, "--policy", str(path))
    assert (done.returncode, "of 7 pairs can be made" in done.stderr) == (2, True)
    done = run_program("curate", tmp_path, *options, "--policy", str(path), "--n-pairs=8")
    assert (done.returncode, "of 8 pairs can be made" in done.stderr) == (2, True)


def test_the_section_of_the_shipped_configuration_is_part_of_the_policy() -> None:
    assert policy_section(SHIPPED).keys() <= Policy.model_fields.keys()


@pytest.mark.parametrize("text", ["curation: {n_pair: 5}", "curation: {top_up: 7}"])
def test_a_wrong_key_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"^config: curation\.(n_pair|top_up): "):
        policy_section(path)
