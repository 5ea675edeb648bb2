import math

import numpy as np
import pytest
from builders import a_problem
from execution_builders import PROTOCOL, a_labels_meta, a_sample, a_samples_meta, a_verdict
from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel
from failpairs.labels import LABELS
from failpairs.records import Sample
from failpairs.statistics.evaluation import Evaluation, evaluate, pass_at_k
from hypothesis import given, settings
from hypothesis import strategies as st

VALIDATOR = {"code": "abc", "timeout": 10.0}


def evaluated(
    labels: dict[str, list[str]], samples: list[Sample] | None = None, reverse: bool = False
) -> Evaluation:
    keys = [(task, index, label) for task, ls in labels.items() for index, label in enumerate(ls)]
    verdicts = [a_verdict(label, task, index) for task, index, label in keys]
    if samples is None:
        samples = [a_sample("x", task, index) for task, index, _ in keys]
    return evaluate(
        [a_problem(task) for task in labels],
        samples[::-1] if reverse else samples,
        verdicts[::-1] if reverse else verdicts,
        a_samples_meta(),
        a_labels_meta(**VALIDATOR),
        {"python": "3.11"},
    )


def test_132_passes_of_164_are_80_49_percent() -> None:
    labels = {f"t/{i}": ["PASS" if i < 132 else "ASSERTION_FAIL"] for i in range(164)}
    result = evaluated(labels)
    assert round(100 * result.pass_at_1, 2) == 80.49
    assert result.counts == {"ASSERTION_FAIL": 32, "PASS": 132}
    assert (result.n_problems, result.n_samples) == (164, 1)


def test_pass_at_1_is_the_mean_of_the_problems_pass_rates() -> None:
    result = evaluated({"t/0": ["PASS", "TIMEOUT", "PASS", "PASS"], "t/1": ["STUB"] * 4})
    assert result.pass_at_1 == 0.375


def test_results_on_the_base_tests_are_those_of_all_but_fragile_samples() -> None:
    problems = [a_problem("t/0", plus_test="x = 1"), a_problem("t/1")]
    fragile = {("t/0", 1)}
    keys = [("t/0", 0, "PASS"), ("t/0", 1, "TIMEOUT"), ("t/1", 0, "STUB"), ("t/1", 1, "PASS")]
    verdicts = [
        a_verdict(label, task, i).model_copy(update={"fragile": (task, i) in fragile})
        for task, i, label in keys
    ]
    samples = [a_sample("x", task, i) for task, i, _ in keys]
    meta = a_samples_meta(), a_labels_meta(**VALIDATOR), {"python": "3.11"}
    result = evaluate(problems, samples, verdicts, *meta)
    assert result.base_tests is not None
    assert (result.pass_at_1, result.base_tests.pass_at_k[1]) == (0.5, 0.75)
    assert result.base_tests.counts == {"STUB": 1, "PASS": 3}
    assert [problem.fragile for problem in result.problems] == [[1], []]
    assert evaluate(problems[1:], samples[2:], verdicts[2:], *meta).base_tests is None


def test_samples_whose_test_ran_in_their_own_process_are_counted() -> None:
    verdicts = [
        a_verdict("PASS", "t/0", i).model_copy(update={"verified": i == 0}) for i in range(3)
    ]
    samples = [a_sample("x", "t/0", i) for i in range(3)]
    meta = a_samples_meta(), a_labels_meta(**VALIDATOR), {"python": "3.11"}
    assert evaluate([a_problem("t/0")], samples, verdicts, *meta).unverified == 2
    assert evaluated({"t/0": ["PASS"]}).unverified == 0


def test_evaluations_of_earlier_versions_are_readable() -> None:
    one = evaluated({"t/0": ["PASS"]})
    assert Evaluation.model_validate(one.model_dump(exclude={"unverified"})) == one


def test_counts_follow_the_order_of_the_taxonomy() -> None:
    counts = evaluated({"t/0": ["PASS", "FLAKY"], "t/1": ["CRASH", "EMPTY"]}).counts
    assert list(counts) == ["EMPTY", "CRASH", "PASS", "FLAKY"]


@settings(deadline=None, derandomize=True, max_examples=50)
@given(
    st.integers(1, 3).flatmap(
        lambda n: st.lists(
            st.lists(
                st.sampled_from([x for x in LABELS if x != "INFRA_ERROR"]), min_size=n, max_size=n
            ),
            min_size=1,
            max_size=6,
        )
    )
)
def test_every_sample_is_counted_once_whatever_the_order_of_the_rows(
    rows: list[list[str]],
) -> None:
    labels = {f"t/{i}": row for i, row in enumerate(rows)}
    result = evaluated(labels)
    assert sum(result.counts.values()) == len(rows) * len(rows[0])
    assert {problem.task_id: problem.labels for problem in result.problems} == labels
    assert evaluated(labels, reverse=True) == result


def test_the_result_survives_its_file_format() -> None:
    result = evaluated({"t/0": ["PASS", "STUB"], "t/1": ["TIMEOUT", "TIMEOUT"]})
    assert Evaluation.model_validate_json(result.model_dump_json()) == result


def test_the_protocol_and_the_validator_are_kept_without_prompts_and_hardware() -> None:
    result = evaluated({"t/0": ["PASS"]})
    assert (result.protocol, result.validator) == (PROTOCOL, VALIDATOR)


@pytest.mark.parametrize(
    ("tokens", "mean"), [([10, 13], 11.5), ([10, None], 10.0), ([None] * 2, None)]
)
def test_the_mean_length_is_of_the_samples_whose_length_is_known(
    tokens: list[int | None], mean: float | None
) -> None:
    samples = [a_sample("x", "t/0", i, n_tokens=count) for i, count in enumerate(tokens)]
    assert evaluated({"t/0": ["PASS", "PASS"]}, samples).texts.mean_tokens == mean


def test_pass_at_k_is_estimated_for_each_k_that_the_samples_allow() -> None:
    result = evaluated({"t/0": ["PASS", "TIMEOUT", "PASS", "PASS"], "t/1": ["STUB"] * 4})
    assert result.pass_at_k == pytest.approx({1: 0.375, 2: 0.5})


def chen(n: int, c: int, k: int) -> float:
    """1 - C(n - c, k) / C(n, k)."""
    return 1 - math.comb(n - c, k) / math.comb(n, k)


@given(st.integers(1, 20), st.data())
@settings(deadline=None, derandomize=True, max_examples=50)
def test_pass_at_k_is_the_formula_of_its_paper(n: int, data: st.DataObject) -> None:
    passed = data.draw(st.lists(st.integers(0, n), min_size=1, max_size=5))
    k = data.draw(st.integers(1, n))
    expected = np.mean([chen(n, c, k) for c in passed])
    assert pass_at_k(np.array(passed), n, k) == pytest.approx(expected, abs=1e-12)


def test_pass_at_k_has_known_values() -> None:
    assert pass_at_k(np.array([1]), 2, 1) == pytest.approx(0.5)
    assert pass_at_k(np.array([1]), 2, 2) == 1
    assert pass_at_k(np.array([0, 3]), 5, 2) == pytest.approx((0 + 0.9) / 2)


def test_every_source_is_counted_apart() -> None:
    problems = [a_problem("t/0"), a_problem("m/0", source="mbpp"), a_problem("t/1")]
    labels = ["PASS", "TIMEOUT", "STUB"]
    result = evaluate(
        problems,
        [a_sample("x", problem.task_id) for problem in problems],
        [a_verdict(label, p.task_id) for label, p in zip(labels, problems, strict=True)],
        a_samples_meta(),
        a_labels_meta(**VALIDATOR),
        {},
    )
    found = {name: (s.n_problems, s.counts, s.pass_at_k) for name, s in result.by_source.items()}
    assert found == {
        "test": (2, {"STUB": 1, "PASS": 1}, {1: 0.5}),
        "mbpp": (1, {"TIMEOUT": 1}, {1: 0.0}),
    }


def test_the_texts_are_described() -> None:
    texts = ["# a\n\n  # b\nx = '#'\n", "y\n", " y"]
    samples = [a_sample(text, "t/0", index) for index, text in enumerate(texts)]
    found = evaluated({"t/0": ["PASS"] * 3}, samples).texts
    assert found.mean_characters == round(sum(map(len, texts)) / 3, 2)
    assert found.distinct_share == pytest.approx(2 / 3)
    assert found.comment_share == pytest.approx(2 / 5)


def test_an_infrastructure_error_is_refused() -> None:
    with pytest.raises(InputError, match="sample 1 of 't/1' is INFRA_ERROR"):
        evaluated({"t/0": ["PASS", "PASS"], "t/1": ["PASS", "INFRA_ERROR"]})


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"t/0": ["PASS", "PASS"], "t/1": ["PASS"]}, "'t/1' has 1 samples, not 2"),
        ({"t/0": ["PASS"], "t/1": []}, "'t/1' has 0 samples, not 1"),
    ],
)
def test_a_problem_with_fewer_samples_than_the_rest_is_refused(
    labels: dict[str, list[str]], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        evaluated(labels)


@pytest.mark.parametrize("samples", [[a_sample("x")], [a_sample("x", "t/0", i) for i in range(3)]])
def test_samples_and_labels_that_do_not_belong_together_are_refused(samples: list[Sample]) -> None:
    with pytest.raises(InputError, match="of 't/0' has no label, or the label no sample"):
        evaluated({"t/0": ["PASS", "PASS"]}, samples)


def verdicts_with(*extra: ExecLabel) -> Evaluation:
    verdicts = [a_verdict("PASS", "t/0"), a_verdict("PASS", "t/1"), *extra]
    samples = [a_sample("x", "t/0"), a_sample("x", "t/1")]
    problems = [a_problem("t/0"), a_problem("t/1")]
    return evaluate(problems, samples, verdicts, a_samples_meta(), a_labels_meta(), {})


def test_a_label_of_an_unknown_problem_is_refused() -> None:
    with pytest.raises(InputError, match="'t/9' is not among the problems"):
        verdicts_with(a_verdict("PASS", "t/9"))


def test_a_sample_that_is_labelled_twice_is_named() -> None:
    with pytest.raises(InputError, match="'t/0'"):
        verdicts_with(a_verdict("TIMEOUT", "t/0"))


def test_samples_and_labels_are_read_one_by_one() -> None:
    problem = a_problem("t/0")
    given = [(a_sample("x", "t/0", i), a_verdict("PASS", "t/0", i)) for i in range(3)]
    result = evaluate(
        [problem],
        (sample for sample, _ in given),
        (verdict for _, verdict in given),
        a_samples_meta(),
        a_labels_meta(**VALIDATOR),
        {},
    )
    assert result.counts == {"PASS": 3}
