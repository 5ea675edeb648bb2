from collections import Counter
from itertools import pairwise

import pytest
from builders import a_problem
from failpairs.curation.build_pairs import is_held_out
from failpairs.curation.control_arms import (
    MUTANTS,
    external_arm,
    mutated_samples,
    random_arm,
    shuffled_arm,
    subset_arm,
    synthetic_arm,
)
from failpairs.curation.eligible_samples import Labelled
from failpairs.curation.matching import similarity
from failpairs.errors import InputError
from failpairs.labels import PASS
from failpairs.records import Pair
from hypothesis import given
from hypothesis import strategies as st

RIGHT = "def double(n: int) -> int:\n    # twice\n    return n * 2\n```"
WRONG = "def double(n: int) -> int:\n    return n ** 2\n```"
PROBLEMS = [a_problem(f"t/{i}") for i in range(8)]


def a_pair(number: int, chosen: str = RIGHT, rejected: str = WRONG) -> Pair:
    return Pair(
        prompt=f"<{number}>",
        chosen=chosen,
        rejected=rejected,
        task_id=f"t/{number}",
        chosen_index=3,
        rejected_index=4,
        rejected_label="ASSERTION_FAIL",
        similarity=similarity(chosen, rejected),
        length_ratio=round(len(chosen) / len(rejected), 4),
    )


CURATED = [a_pair(i) for i in range(8)]


def flips(pairs: list[Pair]) -> list[bool]:
    return [pair.chosen == WRONG for pair in pairs]


@given(st.integers(0, 40), st.integers(0, 5))
def test_shuffled_flips_exactly_half(count: int, seed: int) -> None:
    curated = [a_pair(i) for i in range(count)]
    shuffled = shuffled_arm(curated, seed)
    assert sum(flips(shuffled)) == count // 2
    for pair, original in zip(shuffled, curated, strict=True):
        assert {pair.chosen, pair.rejected} == {original.chosen, original.rejected}


def test_a_flipped_pair_says_what_it_is() -> None:
    pair = next(pair for pair in shuffled_arm(CURATED, 0) if pair.chosen == WRONG)
    assert (pair.chosen_index, pair.rejected_index, pair.rejected_label) == (4, 3, PASS)
    assert pair.length_ratio == round(len(WRONG) / len(RIGHT), 4)


def test_the_seed_decides_which_half_is_flipped() -> None:
    assert flips(shuffled_arm(CURATED, 0)) == flips(shuffled_arm(CURATED, 0))
    assert len({tuple(flips(shuffled_arm(CURATED, seed))) for seed in range(5)}) > 1


def test_a_larger_subset_holds_every_smaller_one_in_the_same_order() -> None:
    subsets = [subset_arm(CURATED, count, seed=0) for count in range(9)]
    for count, (small, large) in enumerate(pairwise(subsets)):
        assert len(small) == count
        assert [pair for pair in large if pair in small] == small
    assert subsets[-1] == CURATED


def test_a_subset_larger_than_the_whole_is_refused() -> None:
    with pytest.raises(InputError, match="arm 'n9': only 8 pairs of the 9"):
        subset_arm(CURATED, 9, seed=0)


@pytest.mark.parametrize(
    ("prompt_format", "chosen"),
    [
        (
            "chat",
            'def double(n: int) -> int:\n    """Return n times two."""\n    return n * 2\n```',
        ),
        ("completion", "    return n * 2\n"),
    ],
)
def test_external_chooses_the_reference_as_the_model_would_write_it(
    prompt_format: str, chosen: str
) -> None:
    pairs = external_arm(CURATED, PROBLEMS, prompt_format)
    assert [pair.rejected for pair in pairs] == [pair.rejected for pair in CURATED]
    assert {pair.chosen for pair in pairs} == {chosen}
    assert {pair.chosen_index for pair in pairs} == {None}
    assert pairs[0].similarity == similarity(chosen, WRONG)


def test_mutants_differ_from_the_chosen_side_in_one_place() -> None:
    samples = mutated_samples(CURATED[:1], PROBLEMS, seed=0)
    changed = {sample.completion for sample in samples}
    assert changed == {
        RIGHT.replace("n * 2", other) for other in ("n + 2", "n * 3", "n * 1", "None")
    }
    assert [sample.sample_index for sample in samples] == [3 * MUTANTS + i for i in range(4)]


def labelled(*labels: str, task_id: str = "t/0") -> dict[str, list[Labelled]]:
    """Mutants of the chosen side of a curated pair."""
    return {
        task_id: [
            Labelled(3 * MUTANTS + i, f"mutant {i}", False, label, True)
            for i, label in enumerate(labels)
        ]
    }


def test_synthetic_rejects_a_mutant_that_fails() -> None:
    (pair,) = synthetic_arm(CURATED[:1], labelled(PASS, "KEY_ERROR", "FLAKY"), seed=0)
    assert (pair.chosen, pair.chosen_index) == (RIGHT, 3)
    assert (pair.rejected, pair.rejected_index) == ("mutant 1", 3 * MUTANTS + 1)
    assert pair.rejected_label == "KEY_ERROR"


def test_another_mutant_takes_the_place_of_a_chosen_side_that_has_none() -> None:
    mutated = {**labelled("EXIT", "EXIT"), **labelled(PASS, task_id="t/1")}
    pairs = synthetic_arm(CURATED[:2], mutated, seed=0)
    assert [pair.task_id for pair in pairs] == ["t/0", "t/0"]
    assert len({pair.rejected for pair in pairs}) == 2


def test_too_few_mutants_that_fail_are_refused() -> None:
    with pytest.raises(InputError, match="arm 'synthetic': only 0 pairs of the 1"):
        synthetic_arm(CURATED[:1], labelled(PASS), seed=0)


def of_many_problems() -> dict[str, list[Labelled]]:
    return {
        f"t/{i}": [
            Labelled(n, f"{i} {n}", False, PASS if n % 3 == 0 else "TIMEOUT", True)
            for n in range(9)
        ]
        for i in range(30)
    }


def test_random_pairs_a_pass_with_a_failure_of_the_same_problem() -> None:
    samples = of_many_problems()
    prompts = {task_id: f"<{task_id}>" for task_id in samples}
    pairs = random_arm(samples, prompts, 60, held_out=0.2, seed=0)
    assert len(pairs) == 60
    assert len({(pair.task_id, pair.rejected_index) for pair in pairs}) == 60
    for pair in pairs:
        assert pair.prompt == f"<{pair.task_id}>"
        assert pair.chosen_index is not None and pair.chosen_index % 3 == 0
        assert pair.rejected == samples[pair.task_id][pair.rejected_index or 0].completion
        assert pair.rejected_label == "TIMEOUT"
        assert not is_held_out(pair.task_id, 0.2, 0)
    assert len(Counter(pair.chosen_index for pair in pairs)) == 3


def test_random_needs_as_many_failures_as_there_are_pairs() -> None:
    samples = {"t/0": of_many_problems()["t/0"]}
    with pytest.raises(InputError, match="arm 'random': only 6 pairs of the 7"):
        random_arm(samples, {"t/0": "<t/0>"}, 7, held_out=0, seed=0)
