from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from builders import a_problem
from failpairs.curation.control_arms import (
    MUTANTS,
    ArmInputs,
    make_arm,
    mutated_samples,
    pairs_wanted,
)
from failpairs.curation.eligible_samples import Labelled, is_held_out
from failpairs.curation.pairs import similarity
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.labels import PASS
from failpairs.models.prompts import FORMATS, cut_at_stop
from failpairs.records import Pair, Problem
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


def an_arm(
    name: str, curated: Sequence[Pair] = CURATED, seed: int = 0, held_out: float = 0, **more: Any
) -> list[Pair]:
    inputs = ArmInputs(curated, pairs_wanted(name, len(curated)), **more)
    return make_arm(name, inputs, Policy(seed=seed, held_out=held_out))


def flips(pairs: list[Pair]) -> list[bool]:
    return [pair.chosen == WRONG for pair in pairs]


@given(st.integers(0, 40), st.integers(0, 5))
def test_shuffled_flips_exactly_half(count: int, seed: int) -> None:
    curated = [a_pair(i) for i in range(count)]
    shuffled = an_arm("shuffled", curated, seed)
    assert sum(flips(shuffled)) == count // 2
    for pair, original in zip(shuffled, curated, strict=True):
        assert {pair.chosen, pair.rejected} == {original.chosen, original.rejected}


def test_a_flipped_pair_says_what_it_is() -> None:
    pair = next(pair for pair in an_arm("shuffled") if pair.chosen == WRONG)
    assert (pair.chosen_index, pair.rejected_index, pair.rejected_label) == (4, 3, PASS)
    assert pair.length_ratio == round(len(WRONG) / len(RIGHT), 4)


def test_the_seed_decides_which_half_is_flipped() -> None:
    assert flips(an_arm("shuffled")) == flips(an_arm("shuffled"))
    assert len({tuple(flips(an_arm("shuffled", seed=seed))) for seed in range(5)}) > 1


def test_a_larger_subset_holds_every_smaller_one_in_the_same_order() -> None:
    subsets = [an_arm(f"n{count}") for count in range(1, 9)]
    for count, (small, large) in enumerate(pairwise(subsets), start=1):
        assert len(small) == count
        assert [pair for pair in large if pair in small] == small
    assert subsets[-1] == CURATED


def test_a_subset_larger_than_the_whole_is_refused() -> None:
    with pytest.raises(InputError, match="arm 'n9' needs 9 pairs, but only 8 can be made"):
        an_arm("n9")


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
    prompts = {p.task_id: p.prompt if prompt_format == "completion" else "<>" for p in PROBLEMS}
    curated = [p.model_copy(update={"prompt": prompts[p.task_id]}) for p in CURATED]
    pairs = an_arm("external", curated, problems=PROBLEMS)
    assert [pair.rejected for pair in pairs] == [pair.rejected for pair in CURATED]
    assert {pair.chosen for pair in pairs} == {chosen}
    assert {pair.chosen_index for pair in pairs} == {None}
    assert pairs[0].similarity == similarity(chosen, WRONG)


def an_external_pair(problem: Problem, prompt: str = "") -> Pair:
    pair = CURATED[0].model_copy(
        update={"task_id": problem.task_id, "prompt": prompt or problem.prompt}
    )
    return an_arm("external", [pair], problems=[problem])[0]


REFERENCE = """import math
numbers = [1]
OFFSET = 1
def add(a, b):
    return a + b
def total(numbers):
  # of all
  return add(math.fsum(numbers), OFFSET)
"""


def test_external_continues_a_bare_prompt_with_the_body_of_a_whole_function() -> None:
    prompt = 'def total(numbers):\n    """Add the numbers up, and 1."""\n'
    problem = a_problem("t/0", prompt=prompt, entry_point="total", reference=REFERENCE)
    chosen = an_external_pair(problem).chosen
    # A top-level name that an argument hides is not assigned, nor are there lines to stop at.
    assert chosen == (
        "    import math\n    OFFSET = 1\n    def add(a, b):\n        return a + b\n"
        "    return add(math.fsum(numbers), OFFSET)\n"
    )
    names: dict[str, Any] = {}
    exec(prompt + chosen, names)
    assert names["total"]([2, 3]) == 6


@pytest.mark.parametrize(
    "reference",
    ["total = sum\n", "from math import *\ndef total(numbers):\n    return fsum(numbers)\n"],
)
def test_external_refuses_references_that_continue_no_bare_prompt(reference: str) -> None:
    prompt = 'def total(numbers):\n    """Add the numbers up."""\n'
    problem = a_problem("t/0", prompt=prompt, entry_point="total", reference=reference)
    with pytest.raises(InputError, match=r"1 problems have no reference .*, such as 't/0'"):
        an_external_pair(problem)


def test_external_continues_prose_with_the_whole_reference() -> None:
    problem = a_problem("t/0", prompt="Add the numbers up.\n", reference=REFERENCE)
    assert an_external_pair(problem).chosen == REFERENCE


@pytest.mark.parametrize("prompt_format", ["chat", "evalplus", "qwen"])
def test_external_ends_with_the_fence_only_where_answers_keep_it(prompt_format: str) -> None:
    entry = FORMATS[prompt_format]
    assert entry.request is not None
    prompt = f"<user>{entry.request(PROBLEMS[0].prompt).strip()}<end>{entry.opening}"
    chosen = an_external_pair(PROBLEMS[0], prompt).chosen
    assert cut_at_stop(chosen.removesuffix("\n```") + "\n```\n", entry) == chosen


def test_external_has_no_pair_of_a_problem_without_a_reference() -> None:
    problems = [p.model_copy(update={"reference": ""}) if i else p for i, p in enumerate(PROBLEMS)]
    with pytest.raises(InputError, match="'external': 7 problems have no reference"):
        an_arm("external", problems=problems)


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
    (pair,) = an_arm("synthetic", CURATED[:1], mutants=labelled(PASS, "KEY_ERROR", "FLAKY"))
    assert (pair.chosen, pair.chosen_index) == (RIGHT, 3)
    assert (pair.rejected, pair.rejected_index) == ("mutant 1", 3 * MUTANTS + 1)
    assert pair.rejected_label == "KEY_ERROR"


def test_another_mutant_takes_the_place_of_a_chosen_side_that_has_none() -> None:
    mutated = {**labelled("EXIT", "EXIT"), **labelled(PASS, task_id="t/1")}
    pairs = an_arm("synthetic", CURATED[:2], mutants=mutated)
    assert [pair.task_id for pair in pairs] == ["t/0", "t/0"]
    assert len({pair.rejected for pair in pairs}) == 2


def test_too_few_mutants_that_fail_are_refused() -> None:
    with pytest.raises(InputError, match="arm 'synthetic' needs 1 pairs, but only 0 can be made"):
        an_arm("synthetic", CURATED[:1], mutants=labelled(PASS))


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
    curated = [a_pair(i) for i in range(60)]
    pairs = an_arm("random", curated, held_out=0.2, samples=samples, prompts=prompts)
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
    with pytest.raises(InputError, match="arm 'random' needs 8 pairs, but only 6 can be made"):
        an_arm("random", samples=samples, prompts={"t/0": "<t/0>"})


@pytest.mark.parametrize("name", ["", "n", "n0", "n12x", "randomly", "sft"])
def test_an_unknown_arm_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(InputError, match=f"arm '{name}': expected one of random, .*, n125"):
        an_arm(name)
