"""The program `compare.py`, as a user calls it on samples of other tools."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from builders import a_problem
from failpairs.storage.files import write_jsonl
from warm_python import run_program

RIGHT, WRONG, BROKEN = ("    return n * 2\n", "    return n\n", "    return m\n")


def rows(**texts: list[str]) -> str:
    return "".join(
        json.dumps({"task_id": f"t/{task[1:]}", "completion": text}) + "\n"
        for task, found in texts.items()
        for text in found
    )


def compare(folder: Path, *options: str, **files: str) -> subprocess.CompletedProcess[str]:
    """The program on four problems; `files` are the samples by the name of the model."""
    write_jsonl(folder / "problems.jsonl", [a_problem(f"t/{i}") for i in range(4)])
    for name, text in files.items():
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    base, *tuned = (f"{name}.jsonl" for name in files)
    command = ["--problems", "problems.jsonl", "--base", base, "--tuned", *tuned]
    command += ["--output", "page.html", "--workers", "2"]
    return run_program("compare", folder, *command, *options)


def statistics(folder: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder / "page.files" / "stats.json").read_text("utf-8"))
    return value


def test_samples_of_other_tools_are_run_and_compared_on_the_problems_that_all_have(
    tmp_path: Path,
) -> None:
    small = rows(t0=[WRONG] * 2, t1=[RIGHT, WRONG], t2=[BROKEN] * 2)
    large = rows(t0=[RIGHT], t1=[RIGHT], t2=[RIGHT], t3=[RIGHT])
    done = compare(tmp_path, small=small, large=large)
    assert done.returncode == 0, done.stderr
    assert "1 of 4 problems are left out" in done.stderr
    stats = statistics(tmp_path)
    assert (stats["n_problems"], stats["seeds"]) == (3, ["large"])
    assert stats["base_pass_at_1"] == pytest.approx(0.5 / 3)
    assert stats["tuned_pass_at_1"]["values"] == [1.0]
    # A problem of which half of the samples passed counts half as much as one that was fixed.
    assert stats["effect"]["change"] == pytest.approx(2.5 / 3)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "large against small" in page
    assert "1 to 2 samples per problem" in page
    assert "How the samples were drawn is not known" in page
    assert "<code>t/3</code>" in page
    assert "seed0" not in page and "DPO" not in page and "Control arms" not in page
    assert '<article id="t/2"' in page


def test_files_of_several_tools_are_compared(tmp_path: Path) -> None:
    prompt = a_problem().prompt
    programs = json.dumps([[prompt + WRONG, prompt + RIGHT], [prompt + RIGHT]])
    numbers = [json.dumps({"task_id": n, "solution": prompt + RIGHT}) + "\n" for n in range(2)]
    done = compare(tmp_path, bigcode=programs, numbers="".join(numbers))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("bigcode.jsonl: programs of the first 2 of 4 problems") == 1
    stats = statistics(tmp_path)
    assert stats["n_problems"] == 2
    assert stats["effect"]["change"] == pytest.approx(0.25)


def test_a_second_comparison_runs_only_what_is_new(tmp_path: Path) -> None:
    some = rows(t0=[WRONG], t1=[RIGHT])
    compare(tmp_path, one=some, two=some)
    labels = {
        name: tmp_path / f"page.files/eval/{name}/exec_labels.jsonl" for name in ("base", "two")
    }
    before = {name: path.stat().st_ino for name, path in labels.items()}
    done = compare(tmp_path, one=some, two=rows(t0=[RIGHT], t1=[RIGHT]))
    assert done.returncode == 0, done.stderr
    assert labels["base"].stat().st_ino == before["base"]
    assert labels["two"].stat().st_ino != before["two"]
    assert statistics(tmp_path)["tuned_passes"]["values"] == [2.0]
    # With other limits all labels are made again.
    compare(tmp_path, "--timeout", "3", one=some, two=some)
    assert labels["base"].stat().st_ino != before["base"]


def test_no_labels_of_other_problems_are_left_by_a_comparison_that_fails(tmp_path: Path) -> None:
    some = rows(t0=[WRONG], t1=[RIGHT])
    compare(tmp_path, one=some, two=some)
    labels = [tmp_path / f"page.files/eval/{name}/exec_labels.jsonl" for name in ("base", "two")]
    assert all(path.exists() for path in labels)
    # The comparison ends before it labels the second model: its samples cannot be written.
    (tmp_path / "page.files/eval/two/.samples.jsonl.tmp").mkdir()
    done = compare(tmp_path, one=some, two=rows(t0=[RIGHT]))
    assert done.returncode != 0
    assert [json.loads(line)["task_id"] for line in labels[0].read_text("utf-8").splitlines()] == [
        "t/0"
    ]
    assert not labels[1].exists()


def test_all_samples_count_whatever_their_numbers(tmp_path: Path) -> None:
    one = rows(t0=[WRONG] + [RIGHT] * 98, t1=[RIGHT] * 101)
    two = rows(t0=[WRONG] * 50 + [RIGHT] * 47, t1=[RIGHT])
    done = compare(tmp_path, one=one, two=two)
    assert done.returncode == 0, done.stderr
    stats = statistics(tmp_path)
    assert stats["base_pass_at_1"] == pytest.approx((98 / 99 + 1) / 2)
    assert stats["tuned_pass_at_1"]["values"] == [pytest.approx((47 / 97 + 1) / 2)]
    assert stats["effect"]["change"] == pytest.approx((47 / 97 - 98 / 99) / 2, abs=1e-4)


def test_models_with_dots_in_their_names_have_files_of_their_own(tmp_path: Path) -> None:
    some = rows(t0=[RIGHT])
    files = {"base": some, "m-v1.5": some, "m-v1.6": rows(t0=[WRONG])}
    done = compare(tmp_path, **files)
    assert done.returncode == 0, done.stderr
    made = {path.name for path in (tmp_path / "page.files/eval").glob("*.json")}
    assert made == {"base.json", "m-v1.5.json", "m-v1.6.json"}


def test_a_limit_leaves_samples_of_the_other_problems_out(tmp_path: Path) -> None:
    some = rows(t0=[RIGHT], t1=[WRONG], t2=[RIGHT])
    done = compare(tmp_path, "--limit", "2", one=some, two=some)
    assert done.returncode == 0, done.stderr
    assert statistics(tmp_path)["n_problems"] == 2


def test_a_problem_whose_reference_fails_stops_or_is_left_out(tmp_path: Path) -> None:
    wrong = a_problem("t/1", reference=f"{a_problem().prompt}    return n\n")
    some = rows(t0=[RIGHT], t1=[RIGHT])
    write_jsonl(tmp_path / "wrong.jsonl", [a_problem("t/0"), wrong])
    for broken, status in (("stop", 2), ("drop", 0)):
        done = compare(tmp_path, "--problems", "wrong.jsonl", "--broken", broken, a=some, b=some)
        assert done.returncode == status, done.stderr
        assert "t/1: " in done.stderr
    assert statistics(tmp_path)["n_problems"] == 1
    assert "or since their own reference fails: 1" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--output", "a.jsonl"), "a.jsonl: is read as well; write to another file"),
        (("--output", "problems.jsonl"), "problems.jsonl: is read as well"),
        (("--output", "run"), "run: is a folder; name a file to write"),
        (("--results", "run"), "run: holds other results; name another folder with --results"),
        (("--results", "a.jsonl"), "a.jsonl: holds other results"),
        (("--workers", "0"), "'0' should be a whole number from 1 on"),
    ],
)
def test_nothing_that_is_there_is_overwritten(
    tmp_path: Path, options: tuple[str, ...], fault: str
) -> None:
    meta = tmp_path / "run/eval/base/samples.meta.json"
    meta.parent.mkdir(parents=True)
    meta.touch()
    some = rows(t0=[RIGHT])
    done = compare(tmp_path, *options, a=some, b=some)
    assert done.returncode == 2
    assert fault in done.stderr
    assert (tmp_path / "a.jsonl").read_text(encoding="utf-8") == some


def test_several_tuned_files_are_repetitions(tmp_path: Path) -> None:
    right = rows(t0=[RIGHT], t1=[RIGHT])
    done = compare(tmp_path, one=rows(t0=[WRONG], t1=[RIGHT]), a=right, base=right)
    assert done.returncode == 0, done.stderr
    assert statistics(tmp_path)["seeds"] == ["a", f"{tmp_path.name}-base"]
    assert "solve on average" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "files", "message"),
    [
        ((), {"one": rows(t0=[WRONG]), "two": rows(t1=[RIGHT])}, "no problem has samples in all"),
        ((), {"one": rows(t0=[WRONG]), "two": rows(t9=[RIGHT])}, "'t/9'"),
        ((), {"one": rows(t0=[WRONG]), "two": ""}, "two.jsonl"),
        (("--problems", "humanevil"), {"one": "", "two": ""}, "problem source 'humanevil'"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_line(
    tmp_path: Path, options: tuple[str, ...], files: dict[str, str], message: str
) -> None:
    done = compare(tmp_path, *options, **files)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_comparison_takes_no_label_of_what_could_not_be_executed(tmp_path: Path) -> None:
    some = rows(t0=[RIGHT])
    done = compare(tmp_path, "--max-infra-errors", "0.5", one=some, two=some)
    assert done.returncode == 0, done.stderr
    for name in ("base", "two"):
        meta = tmp_path / f"page.files/eval/{name}/exec_labels.meta.json"
        assert json.loads(meta.read_text("utf-8"))["validator"]["max_infra_errors"] == 0
