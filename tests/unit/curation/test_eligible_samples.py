from collections import Counter

import pytest
from builders import a_problem
from execution_builders import a_sample, a_verdict
from failpairs.curation.eligible_samples import (
    MOST,
    Candidates,
    Labelled,
    find_candidates,
    join_labels,
    stable_rank,
)
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.labels import PASS


def text(number: int) -> str:
    return f"    return n * 2 + {number}\n"


def of(
    rows: list[tuple[str, int]], exclude_labels: tuple[str, ...] = (), seed: int = 0
) -> Candidates:
    """Candidates of one problem with so many different samples of each label."""
    labels = [label for label, count in rows for _ in range(count)]
    samples = [
        Labelled(number, text(number), False, label, True) for number, label in enumerate(labels)
    ]
    policy = Policy(exclude_labels=list(exclude_labels), seed=seed)
    return find_candidates([a_problem()], {"t/0": samples}, policy)


def test_samples_and_verdicts_are_joined_in_the_order_of_the_samples_numbers() -> None:
    samples = [a_sample("b", "t/1", 1), a_sample("a", "t/1", 0, finish_reason="length")]
    verdicts = [a_verdict(PASS, "t/1", 0), a_verdict("FLAKY", "t/1", 1)]
    assert join_labels(samples, verdicts) == {
        "t/1": [Labelled(0, "a", True, PASS, True), Labelled(1, "b", False, "FLAKY", True)]
    }


def test_a_sample_that_differs_on_generated_inputs_stands_on_neither_side() -> None:
    samples = [a_sample(text(number), "t/0", number) for number in range(3)]
    verdicts = [
        a_verdict(PASS, "t/0", 0),
        a_verdict("ASSERTION_FAIL", "t/0", 1),
        a_verdict("ASSERTION_FAIL", "t/0", 2).model_copy(update={"fragile": True}),
    ]
    for with_inputs, n_rejected in (({"t/0"}, 1), ({"t/1"}, 2)):
        labelled = join_labels(samples, verdicts, with_inputs)
        found = find_candidates([a_problem()], labelled, Policy())
        assert [len(side) for side in found.sides["t/0"]] == [1, n_rejected]
        assert found.removed["differs on generated inputs"] == 2 - n_rejected


def test_without_a_reference_a_sample_that_differs_from_most_stands_on_neither_side() -> None:
    answers = [["a", "b"], ["a", "b"], ["a", "c"], ["a"], []]  # the last fails the test itself
    samples = [a_sample(text(number), "t/0", number) for number in range(len(answers))]
    labels = [PASS, PASS, PASS, "TIMEOUT", "ASSERTION_FAIL"]
    verdicts = [
        a_verdict(label, "t/0", number).model_copy(
            update={"answers": answers[number], "fragile": label == "TIMEOUT"}
        )
        for number, label in enumerate(labels)
    ]
    found = [each.doubtful for each in join_labels(samples, verdicts, {"t/0"})["t/0"]]
    assert found == [False, False, False, False, False]  # two of four are no majority
    samples.append(a_sample(text(9), "t/0", 9))
    verdicts.append(a_verdict(PASS, "t/0", 9).model_copy(update={"answers": ["a", "b"]}))
    labelled = join_labels(samples, verdicts, {"t/0"})
    assert [each.doubtful for each in labelled["t/0"]] == [False, False, True, True, False, False]
    assert find_candidates([a_problem()], labelled, Policy()).removed == {
        "differs on generated inputs": 2
    }


def test_inputs_on_which_half_of_the_passing_programs_differ_do_not_count() -> None:
    differing: list[list[int] | None] = [[7], [7], [7, 2], None, *[[]] * 2]  # None: unknown where
    samples = [a_sample(text(number), "t/0", number) for number in range(len(differing))]
    verdicts = [
        a_verdict(PASS if numbers == [] else "ASSERTION_FAIL", "t/0", index).model_copy(
            update={"fragile": numbers != [], "differing": numbers or []}
        )
        for index, numbers in enumerate(differing)
    ]
    found = join_labels(samples, verdicts, {"t/0"})["t/0"]
    assert [each.doubtful for each in found] == [False, False, True, True, False, False]
    assert [each.label == PASS for each in found] == [not each.doubtful for each in found]
    # With one more program that passes, the others are a minority.
    more, passing = a_sample(text(6), "t/0", 6), a_verdict(PASS, "t/0", 6)
    found = join_labels([*samples, more], [*verdicts, passing], {"t/0"})["t/0"]
    assert [each.doubtful for each in found] == [True] * 4 + [False] * 3


def test_copies_of_a_program_have_one_voice() -> None:
    samples = [a_sample(text(number // 4), "t/0", number) for number in range(8)]
    wrong = {"fragile": True, "differing": [0]}
    verdicts = [a_verdict("KEY_ERROR", "t/0", i).model_copy(update=wrong) for i in range(4)]
    verdicts += [a_verdict(PASS, "t/0", i) for i in range(4, 8)]
    found = join_labels(samples, verdicts, {"t/0"})["t/0"]
    assert [each.doubtful for each in found] == [True] * 4 + [False] * 4


def test_a_sample_without_a_verdict_is_refused() -> None:
    with pytest.raises(InputError, match="sample 3 of 't/0' has no label"):
        join_labels([a_sample("a", "t/0", 3)], [a_verdict(PASS, "t/0", 2)])


def test_there_are_no_more_candidates_than_can_be_used() -> None:
    found = of([(PASS, 30), ("TIMEOUT", 30)])
    passing, failing = found.sides["t/0"]
    assert (len(passing), len(failing)) == (MOST, MOST)
    assert found.removed["more than can be used"] == 60 - 2 * MOST
    assert found.failures == {"TIMEOUT": 30}


def test_rare_failures_are_among_the_candidates() -> None:
    _, failing = of([(PASS, 1), ("TIMEOUT", 200), ("KEY_ERROR", 2), ("EXIT", 1)]).sides["t/0"]
    assert Counter(sample.label for sample in failing) == {
        "TIMEOUT": MOST - 3,
        "KEY_ERROR": 2,
        "EXIT": 1,
    }


@pytest.mark.parametrize("label", ["FLAKY", "INFRA_ERROR", "TRUNCATED"])
def test_some_labels_are_never_rejected_and_others_if_so_wanted(label: str) -> None:
    found = of([(PASS, 1), (label, 2), ("TIMEOUT", 1)], exclude_labels=("TRUNCATED",))
    assert [sample.label for sample in found.sides["t/0"][1]] == ["TIMEOUT"]
    assert found.removed[f"label {label}"] == 2


@pytest.mark.parametrize("rows", [[(PASS, 2)], [("TIMEOUT", 2)]])
def test_a_problem_without_both_sides_has_no_candidates(rows: list[tuple[str, int]]) -> None:
    found = of(rows)
    assert found.sides == {}
    assert found.removed["no sample on the other side"] == 2


def test_the_seed_decides_which_of_many_are_candidates() -> None:
    def numbers(seed: int) -> list[int]:
        return [
            sample.sample_index
            for sample in of([(PASS, 40), ("EXIT", 1)], seed=seed).sides["t/0"][0]
        ]

    assert numbers(0) == numbers(0)
    assert numbers(0) != numbers(1)


def test_a_rank_depends_on_the_seed_and_on_each_name() -> None:
    ranks = [
        stable_rank(0, "a", 1),
        stable_rank(1, "a", 1),
        stable_rank(0, "a", 2),
        stable_rank(0, "b", 1),
        stable_rank(0, "a1"),
    ]
    assert len(set(ranks)) == len(ranks)
    assert stable_rank(0, "a", 1) == ranks[0]
