"""Runs are read from folders of results."""

import json
from pathlib import Path

import pytest
from execution_builders import an_evaluation, passes
from failpairs.errors import InputError
from failpairs.report.finished_runs import NotFinished, folders_by_name, read_run
from failpairs.storage.files import write_json
from run_builders import write_run

BASE, TUNED = passes(2, 6), passes(4, 6)


def changed(path: Path, **values: object) -> None:
    """Write a JSON file with other values."""
    write_json(path, {**json.loads(path.read_text(encoding="utf-8")), **values})


def test_a_run_is_read_with_its_evaluations_and_the_number_of_its_pairs(tmp_path: Path) -> None:
    run = read_run(write_run(tmp_path, BASE, TUNED, BASE, config={"rounds": 1}, n_pairs=7), "run")
    assert (run.name, run.n_pairs, list(run.seeds)) == ("run", 7, ["seed0", "seed1"])
    assert run.base == an_evaluation(BASE)
    assert run.seeds["seed0"] == an_evaluation(TUNED)
    assert run.stats.config == {"rounds": 1}


def test_statistics_of_an_earlier_version_have_no_configuration(tmp_path: Path) -> None:
    write_run(tmp_path, BASE, TUNED, config={"rounds": 1})
    stats = json.loads((tmp_path / "stats.json").read_text(encoding="utf-8"))
    write_json(tmp_path / "stats.json", {k: v for k, v in stats.items() if k != "config"})
    changed(tmp_path / "stats.json", of_old={"a": 1})
    assert read_run(tmp_path, "run").stats.config is None


def test_pairs_that_an_earlier_run_left_do_not_count_for_tuned_models(tmp_path: Path) -> None:
    write_run(tmp_path, BASE, TUNED, config={"tuned": {"seed0": "my-adapter"}})
    assert read_run(tmp_path, "run").n_pairs is None
    (tmp_path / "pairs.jsonl").unlink()
    changed(tmp_path / "stats.json", config=None)
    assert read_run(tmp_path, "run").n_pairs is None


@pytest.mark.parametrize("name", ["stats.json", "eval/base.json", "eval/seed0.json"])
def test_a_run_without_one_of_its_files_is_not_finished(tmp_path: Path, name: str) -> None:
    write_run(tmp_path, BASE, TUNED)
    (tmp_path / name).unlink()
    with pytest.raises(NotFinished) as caught:
        read_run(tmp_path, "run")
    assert str(caught.value) == f"{tmp_path}: no finished run: {name} is missing"


def test_a_file_holds_no_finished_run_and_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    with pytest.raises(NotFinished, match="no finished run"):
        read_run(tmp_path / "notes.txt", "run")
    with pytest.raises(InputError, match="missing: no such folder") as caught:
        read_run(tmp_path / "missing", "run")
    assert not isinstance(caught.value, NotFinished)


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("stats.json", {"seeds": []}, "stats.json: field 'seeds': list should have at least 1"),
        ("stats.json", {"effect": 1}, "stats.json: field 'effect': input should be"),
        ("stats.json", {"base_pass_at_1": 0.5}, "stats.json is of other evaluations than those"),
        ("eval/seed0.json", {"pass_at_1": 0.5}, "stats.json is of other evaluations than those"),
        ("eval/seed0.json", {"problems": []}, "eval/seed0.json: expected problems with labels"),
        ("eval/seed0.json", {"validator": {}}, "base and seed0 cannot be compared: validator"),
        ("eval/base.json", {"format": 2}, "base.json: field 'format': input should be 1"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(
    tmp_path: Path, name: str, values: dict[str, object], told: str
) -> None:
    write_run(tmp_path, BASE, TUNED)
    changed(tmp_path / name, **values)
    with pytest.raises(InputError) as caught:
        read_run(tmp_path, "run")
    assert told in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path))


def test_tuned_models_of_other_problems_are_refused(tmp_path: Path) -> None:
    write_run(tmp_path, BASE, TUNED)
    write_json(tmp_path / "eval/seed0.json", an_evaluation(TUNED * 2).model_dump())
    with pytest.raises(InputError, match="base and seed0 were not both evaluated on 't/10'"):
        read_run(tmp_path, "run")


def test_statistics_that_are_no_object_are_refused(tmp_path: Path) -> None:
    write_run(tmp_path, BASE, TUNED)
    write_json(tmp_path / "stats.json", [])
    with pytest.raises(InputError, match=r"stats\.json: expected a JSON object"):
        read_run(tmp_path, "run")


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["results/a", "results/b/"], ["a", "b"]),
        (["x/demo", "y/demo", "y/other"], ["x/demo", "y/demo", "other"]),
        (["x/r/demo", "y/r/demo", "r/demo"], ["x/r/demo", "y/r/demo", "{here}/r/demo"]),
        (["demo", "x/demo"], ["{here}/demo", "x/demo"]),
        (["b", "a", "b", "./a/"], ["b", "a"]),
        (["."], ["{here}"]),
        (["v1.5", "v1.6"], ["v1.5", "v1.6"]),
    ],
)
def test_folders_have_names_that_tell_them_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paths: list[str], names: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    found = folders_by_name([Path(path) for path in paths])
    assert [*found] == [name.format(here=tmp_path.name) for name in names]
    assert [*found.values()] == [*dict.fromkeys(map(Path, paths))]


def test_a_link_to_a_folder_that_was_named_counts_once(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "latest").symlink_to("run")
    assert [*folders_by_name([tmp_path / "latest", tmp_path / "run"])] == ["latest"]
