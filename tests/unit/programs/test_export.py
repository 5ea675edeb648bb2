"""The commands `export` and `upload`: files in, files out, one line of what is wrong."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from builders import a_problem, write_lines
from execution_builders import PROTOCOL, a_failure_pair, a_sample, an_evaluation
from failpairs.commands import export, upload
from failpairs.errors import InputError
from failpairs.problems.jsonl import read_problems
from failpairs.storage.files import write_json, write_jsonl


def run(monkeypatch: pytest.MonkeyPatch, command: Any, *words: object) -> None:
    monkeypatch.setattr(sys, "argv", ["program", *map(str, words)])
    command.main()


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A small folder of results."""
    (tmp_path / "eval").mkdir()
    write_jsonl(tmp_path / "problems.jsonl", [a_problem()])
    write_jsonl(
        tmp_path / "samples.jsonl", [a_sample("    return n * 2\n"), a_sample("no", "t/0", 1)]
    )
    write_json(tmp_path / "eval" / "base.json", an_evaluation([["PASS", "TIMEOUT"]]).model_dump())
    write_jsonl(tmp_path / "pairs.jsonl", [a_failure_pair("TIMEOUT")])
    write_jsonl(tmp_path / "held_out_pairs.jsonl", [])
    (tmp_path / "pairs.md").write_text(
        "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n"
        "    path: pairs.jsonl\n---\n"
    )
    return tmp_path


def test_every_form_stands_beside_what_it_was_made_of(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(
        monkeypatch,
        export,
        *("--problems", results / "problems.jsonl", "--samples", results / "samples.jsonl"),
        *("--evaluations", results / "eval/base.json", "--pairs", results / "pairs.jsonl"),
    )
    rows = (results / "samples.evalplus.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(row)["completion"] for row in rows] == ["    return n * 2\n", "\nno"]
    (problem,) = read_problems(results / "problems.humaneval.jsonl")
    assert problem.reference == a_problem().reference
    found = json.loads((results / "eval/base/results.json").read_text("utf-8"))
    assert found["date"] == (results / "eval/base.json").stat().st_mtime
    assert found["config"]["gen_kwargs"] == PROTOCOL["generation"]


def test_results_name_the_folder_of_the_adapter(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = results / "eval" / "seed3.json"
    protocol = {**PROTOCOL, "adapter_sha256": "0" * 64}
    write_json(path, an_evaluation(["PASS"], protocol=protocol).model_dump())
    run(monkeypatch, export, "--problems", results / "problems.jsonl", "--evaluations", path)
    found = json.loads((results / "eval/seed3/results.json").read_text("utf-8"))
    assert found["model_name"] == str(results / "adapters" / "seed3")


def test_the_pairs_load_as_a_data_set(
    results: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from datasets import load_dataset

    words = ("--problems", results / "problems.jsonl", "--pairs", results / "pairs.jsonl")
    run(monkeypatch, export, *words)
    cache = str(tmp_path_factory.mktemp("cache"))
    loaded = load_dataset(str(results / "hub" / "pairs"), cache_dir=cache)
    assert {split: len(rows) for split, rows in loaded.items()} == {"train": 1}
    assert loaded["train"][0]["chosen"] == "c"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"protocol": {"adapter_sha256": None}}, "field 'protocol': field 'model': field required"),
        (
            {"protocol": {}},
            "how these samples were drawn is not known, which results.json has to say; leave it "
            "out of --evaluations",
        ),
        ({"n_samples": 2}, "problem 't/0' has 1 labels, expected n_samples 2"),
    ],
)
def test_an_evaluation_that_contradicts_itself_is_refused(
    results: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], fault: str
) -> None:
    path = results / "eval" / "base.json"
    write_json(path, an_evaluation(["PASS"], **changes).model_dump())
    with pytest.raises(InputError, match=rf"^{re.escape(f'{path}: {fault}')}$"):
        run(monkeypatch, export, "--problems", results / "problems.jsonl", "--evaluations", path)


@pytest.mark.parametrize("content", ["", "[]", "null", "{}", '{"problems": 1}', "\ud800"])
def test_what_is_no_evaluation_is_refused_in_one_line(
    results: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    path = results / "eval" / "base.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(InputError, match=r"eval/base\.json: ") as caught:
        run(monkeypatch, export, "--problems", results / "problems.jsonl", "--evaluations", path)
    assert "\n" not in str(caught.value)


def test_a_set_of_pairs_lacks_no_file(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (results / "pairs.md").unlink()
    words = ("--problems", results / "problems.jsonl", "--pairs", results / "pairs.jsonl")
    with pytest.raises(InputError, match=r"pairs\.md: no such file"):
        run(monkeypatch, export, *words)
    assert not [*(results / "hub" / "pairs").iterdir()]


def test_a_missing_token_is_one_line(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    folder = results / "set"
    folder.mkdir()
    for name in ("README.md", "pairs.jsonl", "held_out_pairs.jsonl"):
        write_lines(folder / name)
    with pytest.raises(InputError, match=r"^no token of the Hub: set HF_TOKEN"):
        run(monkeypatch, upload, "--data-set", folder, "--pairs", "me/pairs")
