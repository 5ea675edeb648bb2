import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from failpairs.statistics.published_counts import Published, PublishedMode, replication_card
from places import ROOT

PUBLISHED = Published(**yaml.safe_load((ROOT / "docs/published.yaml").read_text("utf-8")))
CARD = replication_card(PUBLISHED)


@pytest.mark.parametrize(
    ("mean", "sd", "counts"),
    [
        (3.67, 0.58, [(3, 4, 4)]),
        (18.67, 0.58, [(18, 19, 19)]),
        (5.0, 0.0, [(5, 5, 5)]),
        (4.0, 0.58, []),
    ],
)
def test_mean_and_sd_tell_the_counts_of_three_seeds(
    mean: float, sd: float, counts: list[tuple[int, ...]]
) -> None:
    assert PublishedMode(base=6, mean=mean, sd=sd).seeds(3) == counts


@pytest.mark.parametrize(
    "text",
    [
        "132/164 = 80.49% (Wilson interval 73.75% to 85.83%)",
        "83.94% ± 0.35, a change of +3.46 points",
        "| passes, 132 → 138 | +6 | .031 (mid-p .016) | .070 (mid-p .039) | .109 (mid-p .065) |",
        "| NAME_ERROR, 6 → 3 | +3 | .250 ",
        "p = .031 if all seeds fixed the same problems, < .001 if each fixed others",
        "3 before, 4.0 on average after",
        "| 10% | 7.03 (6.61) | 0.21 (0.28) |",
    ],
)
def test_the_card_says_what_the_counts_support(text: str) -> None:
    assert text in CARD


def test_fewer_passes_are_judged_as_more_are() -> None:
    """Six problems broken and none fixed have the p-value of six fixed and none broken; of 138
    passes of 164 problems at most 26 can be fixed."""
    card = replication_card(
        Published(n_problems=164, base_passes=138, seed_passes=[132, 132], modes={})
    )
    assert "| passes, 138 → 132 | -6 | .031 (mid-p .016) |" in card
    assert ".031 to .512 |" in card
    assert "had no problem been fixed: sign-flip p = .031 if all seeds broke the same" in card


def test_more_fixed_problems_than_failed_are_spread_over_those_that_did() -> None:
    """Three seeds that fix 6 of 10 failures each cannot fix 18 different problems: at least eight
    are fixed by two of them."""
    counts = Published(n_problems=20, base_passes=10, seed_passes=[16, 16, 16], modes={})
    card = replication_card(counts)
    assert "p = .031 if all seeds fixed the same problems, .002 if they fixed problems" in card
    assert "as different as possible among the 10 there are. The counts" in card
    assert "if each fixed others" not in card


def test_problems_to_be_broken_are_those_that_passed() -> None:
    few = Published(n_problems=100, base_passes=8, seed_passes=[3, 3], modes={})
    assert "broke problems as different as possible among the 8 there are" in replication_card(few)
    enough = Published(n_problems=100, base_passes=10, seed_passes=[5, 5], modes={})
    assert ".002 if each broke others" in replication_card(enough)


def test_a_single_tuned_model_has_no_mean_over_seeds() -> None:
    card = replication_card(Published(n_problems=164, base_passes=132, seed_passes=[137], modes={}))
    assert "tuned 137: 83.54%" in card
    assert "seeds" not in card.replace("one seed could", "")


def test_seeds_that_moved_apart_have_no_common_mean() -> None:
    counts = Published(n_problems=164, base_passes=132, seed_passes=[131, 138], modes={})
    assert "Some seeds gained and others lost" in replication_card(counts)


def test_what_few_problems_cannot_tell_is_not_defined() -> None:
    card = replication_card(Published(n_problems=3, base_passes=0, seed_passes=[3], modes={}))
    assert "| 6% | none (none) | not defined |" in card and "nan" not in card


def test_the_level_moves_the_intervals_and_the_power() -> None:
    """The Wilson interval with z = 0.6745."""
    card = replication_card(PUBLISHED, alpha=0.5)
    assert "(Wilson interval 78.32% to 82.49%)" in card
    assert "| 10% | 7.03" not in card


def test_the_documentation_holds_the_card() -> None:
    assert CARD in (ROOT / "docs/statistics.md").read_text(encoding="utf-8")


def test_the_program_prints_the_card_and_names_what_is_wrong(tmp_path: Path) -> None:
    def run(path: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "scripts/published.py", str(path)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert run(ROOT / "docs/published.yaml").stdout == CARD
    bad = tmp_path / "bad.yaml"
    for text, message in (("a: [", "not valid YAML"), ("n_problems: x", "field 'n_problems'")):
        bad.write_text(text, encoding="utf-8")
        done = run(bad)
        assert (done.returncode, message in done.stderr) == (2, True)
    for path, fault in ((tmp_path / "none.yaml", "no such file"), (tmp_path, "a folder")):
        done = run(path)
        assert (done.returncode, f"{path}: {fault}" in done.stderr) == (2, True)
