import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from builders import a_problem
from execution_builders import a_sample, a_verdict
from failpairs.curation.build_pairs import Curated, Funnel, curate, supply
from failpairs.curation.eligible_samples import is_held_out, join_labels
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.exec_labels import ExecLabel
from failpairs.labels import FAILURES, LABELS, PASS
from failpairs.records import Pair, Problem, Sample
from hypothesis import given, settings
from hypothesis import strategies as st

COMPLETIONS = (
    "    return n * 2\n",
    "    return n + n\n",
    "    # twice\n    return n + n\n",
    "    total = n + n\n    return total\n",
    "    return n + 2\n",
    "    return n *\n",
    "    return n * )\n",
    "    while n: pass\n",
)


def a_policy(**changes: Any) -> Policy:
    """A policy that keeps all but what a test is about."""
    loose: dict[str, Any] = {
        "n_pairs": 100,
        "allow_fewer": True,
        "held_out": 0.0,
        "exclude_labels": [],
        "min_similarity": 0.0,
        "max_similarity": 1.0,
        "max_length_ratio": 100.0,
        "near_duplicate": 1.0,
    }
    return Policy(**{**loose, **changes})


class Case:
    """Labelled samples of some problems."""

    def __init__(self, *rows: tuple[str, str, str], finish_reason: str = "eos") -> None:
        """Each row is (task_id, label, completion); samples are numbered within their problem."""
        seen: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.samples: list[Sample] = []
        self.verdicts: list[ExecLabel] = []
        for task_id, label, completion in rows:
            if not seen[task_id]:
                self.problems.append(a_problem(task_id))
            key = (task_id, seen[task_id])
            self.samples.append(a_sample(completion, *key, finish_reason=finish_reason))
            self.verdicts.append(a_verdict(label, *key))
            seen[task_id] += 1

    def curate(self, policy: Policy) -> tuple[list[Pair], Funnel]:
        curated = self.curate_all(policy)
        return curated.pairs, curated.funnel

    def curate_all(self, policy: Policy) -> Curated:
        prompts = {problem.task_id: f"<{problem.task_id}>" for problem in self.problems}
        return curate(self.problems, join_labels(self.samples, self.verdicts), prompts, policy)


def distinct(index: int) -> str:
    return f"    return n * 2 + {index}\n"


def many(task_id: str, label: str, count: int, start: int = 0) -> list[tuple[str, str, str]]:
    return [(task_id, label, distinct(start + i)) for i in range(count)]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    labels = st.one_of(st.just(PASS), st.sampled_from(LABELS))
    row = st.tuples(st.sampled_from(["t/2", "t/0", "t/1"]), labels, st.sampled_from(COMPLETIONS))
    case = Case(*draw(st.lists(row, min_size=1, max_size=24)))
    verified = st.sampled_from([True, True, True, False])
    case.verdicts = [v.model_copy(update={"verified": draw(verified)}) for v in case.verdicts]
    reasons = st.sampled_from(["eos", "stop", "length", None])
    case.samples = [s.model_copy(update={"finish_reason": draw(reasons)}) for s in case.samples]
    return case


IN_MIX = ("NAME_ERROR", "KEY_ERROR")

policies = st.builds(
    a_policy,
    n_pairs=st.integers(1, 12),
    held_out=st.sampled_from([0.0, 0.3]),
    mix=st.sampled_from(["natural", "uniform", "NAME_ERROR=1,KEY_ERROR=2"]),
    max_pairs_per_problem=st.integers(1, 4),
    max_sample_uses=st.integers(1, 3),
    exclude_labels=st.lists(
        st.sampled_from([label for label in FAILURES if label not in IN_MIX]),
        max_size=4,
        unique=True,
    ),
    min_similarity=st.floats(0, 0.5),
    max_similarity=st.floats(0.5, 1),
    max_length_ratio=st.floats(1, 5),
    near_duplicate=st.sampled_from([0.5, 0.9, 1.0]),
    seed=st.integers(0, 3),
)


def curated(case: Case, policy: Policy) -> Curated:
    try:
        return case.curate_all(policy)
    except InputError:
        return Curated([], [], Funnel())


def at_most(limit: int, values: Sequence[object]) -> bool:
    return max(Counter(values).values(), default=0) <= limit


@settings(deadline=None, derandomize=True, max_examples=100)
@given(cases(), policies)
def test_no_pair_violates_the_policy(case: Case, policy: Policy) -> None:
    made = curated(case, policy)
    labels = {(v.task_id, v.sample_index): v.label for v in case.verdicts}
    samples = {(s.task_id, s.sample_index): s for s in case.samples}
    verified = {(v.task_id, v.sample_index) for v in case.verdicts if v.verified}
    for pair in made.pairs + made.held_out:
        chosen, rejected = (pair.task_id, pair.chosen_index), (pair.task_id, pair.rejected_index)
        assert labels[chosen] == PASS
        assert samples[chosen].finish_reason != "length"
        assert chosen in verified
        assert labels[rejected] == pair.rejected_label
        assert pair.rejected_label in set(FAILURES) - set(policy.exclude_labels)
        assert pair.chosen == samples[chosen].completion
        assert pair.rejected == samples[rejected].completion
        assert pair.prompt == f"<{pair.task_id}>"
        assert policy.min_similarity - 1e-4 <= pair.similarity <= policy.max_similarity + 1e-4
        lengths = sorted([len(pair.chosen), len(pair.rejected)])
        assert lengths[1] / lengths[0] <= policy.max_length_ratio
        if policy.mix.startswith("NAME_ERROR"):
            assert pair.rejected_label in {"NAME_ERROR", "KEY_ERROR"}
    assert len(made.pairs) <= policy.n_pairs
    for pairs, is_aside in ((made.pairs, False), (made.held_out, True)):
        assert at_most(policy.max_pairs_per_problem, [p.task_id for p in pairs])
        assert at_most(policy.max_sample_uses, [(p.task_id, p.chosen_index) for p in pairs])
        assert at_most(policy.max_sample_uses, [(p.task_id, p.rejected_index) for p in pairs])
        assert at_most(1, [(p.task_id, p.chosen_index, p.rejected_index) for p in pairs])
        for pair in pairs:
            assert is_held_out(pair.task_id, policy.held_out, policy.seed) is is_aside


@settings(deadline=None, derandomize=True, max_examples=100)
@given(cases(), policies, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(
    case: Case, policy: Policy, order: random.Random
) -> None:
    before = curated(case, policy)
    for rows in (case.problems, case.samples, case.verdicts):
        order.shuffle(rows)
    assert curated(case, policy) == before


@settings(deadline=None, derandomize=True, max_examples=100)
@given(cases(), policies)
def test_the_funnel_adds_up(case: Case, policy: Policy) -> None:
    made = curated(case, policy)
    if not made.pairs:
        return
    samples, kept = made.funnel.samples, made.funnel.pairs
    assert samples["all"] == len(case.samples)
    assert samples["all"] == sum(count for step, count in samples.items() if step != "all")
    assert (kept["kept"], kept["held out"]) == (len(made.pairs), len(made.held_out))
    assert kept["kept"] + kept["held out"] <= kept["matched"]
    assert kept["matched"] <= kept["within the bands"] <= kept["possible"]
    counts = Counter(pair.rejected_label for pair in made.pairs)
    for label, numbers in made.funnel.mix.items():
        assert numbers["pairs"] == counts[label]
    assert counts.keys() <= made.funnel.mix.keys()
    assert sum(numbers["pairs wanted"] for numbers in made.funnel.mix.values()) == policy.n_pairs


def test_the_funnel_counts_each_problem_once() -> None:
    case = Case(
        ("t/0", PASS, distinct(0)),
        ("t/0", "NAME_ERROR", distinct(1)),
        ("t/1", PASS, distinct(0)),
        ("t/2", "NAME_ERROR", distinct(0)),
        ("t/3", "FLAKY", distinct(0)),
    )
    _, funnel = case.curate(a_policy())
    problems = funnel.problems
    assert problems["all"] == 4
    outcomes = ("with neither", "with failures only", "with passes only", "with both")
    assert [problems[outcome] for outcome in outcomes] == [1, 1, 1, 1]


def test_every_problem_gets_a_pair_before_any_gets_its_second() -> None:
    rows = [row for t in ("t/0", "t/1", "t/2") for row in many(t, PASS, 4)]
    rows += [row for t in ("t/0", "t/1", "t/2") for row in many(t, "NAME_ERROR", 4)]
    pairs, _ = Case(*rows).curate(a_policy(n_pairs=4))
    assert sorted(Counter(pair.task_id for pair in pairs).values()) == [1, 1, 2]


def test_a_uniform_mix_takes_a_pair_of_each_failure_before_any_comes_again() -> None:
    rows = many("t/0", PASS, 3) + many("t/0", "NAME_ERROR", 9)
    rows += many("t/0", "KEY_ERROR", 1, 20) + many("t/0", "TIMEOUT", 1, 30)
    pairs, _ = Case(*rows).curate(a_policy(max_pairs_per_problem=3, mix="uniform"))
    assert {pair.rejected_label for pair in pairs} == {"NAME_ERROR", "KEY_ERROR", "TIMEOUT"}


def test_the_natural_mix_is_that_of_all_failures() -> None:
    rows = []
    for number in range(40):
        label = "NAME_ERROR" if number % 4 == 0 else "TIMEOUT"
        rows += [(f"t/{number}", PASS, distinct(0)), (f"t/{number}", label, distinct(1))]
    pairs, funnel = Case(*rows).curate(a_policy(n_pairs=20))
    assert Counter(pair.rejected_label for pair in pairs) == {"NAME_ERROR": 5, "TIMEOUT": 15}
    assert funnel.mix["NAME_ERROR"] == {"failures": 10, "pairs wanted": 5, "pairs": 5}


def test_held_out_pairs_are_of_other_problems() -> None:
    rows = [row for i in range(60) for row in many(f"t/{i}", PASS, 2)]
    rows += [row for i in range(60) for row in many(f"t/{i}", "NAME_ERROR", 2, 50)]
    made = Case(*rows).curate_all(a_policy(n_pairs=40, held_out=0.2))
    assert (len(made.pairs), len(made.held_out)) == (40, 8)
    assert {p.task_id for p in made.pairs} & {p.task_id for p in made.held_out} == set()


def test_pairs_that_are_nearly_the_same_are_dropped() -> None:
    rows = [row for i in range(5) for row in many(f"t/{i}", PASS, 1)]
    rows += [row for i in range(5) for row in many(f"t/{i}", "NAME_ERROR", 1, 50)]
    pairs, funnel = Case(*rows).curate(a_policy(near_duplicate=0.9))
    assert len(pairs) == 1
    assert funnel.pairs["nearly the same as another"] == 4


@pytest.mark.parametrize(
    ("max_pairs_per_problem", "max_sample_uses", "count"),
    [(4, 1, 2), (4, 2, 4), (9, 2, 4), (9, 9, 6), (3, 9, 3), (1, 9, 1)],
)
def test_the_caps_are_used_to_the_full(
    max_pairs_per_problem: int, max_sample_uses: int, count: int
) -> None:
    case = Case(*many("t/0", PASS, 2), *many("t/0", "NAME_ERROR", 3))
    pairs, _ = case.curate(
        a_policy(
            max_pairs_per_problem=max_pairs_per_problem,
            max_sample_uses=max_sample_uses,
        )
    )
    assert len(pairs) == count


@pytest.mark.parametrize(
    ("other", "duplicates"),
    [
        ("    return n * 2\n", 1),
        ("    # twice\n    return (n*2)\n", 1),
        ('def double(number: int):\n    """Double."""\n    return number * 2\n', 1),
        ("```python\ndef double(n):\n    return n * 2\n```", 1),
        ("    return 2 * n\n", 0),
    ],
)
def test_duplicates_are_found_by_their_syntax_tree(other: str, duplicates: int) -> None:
    rows = [("t/0", PASS, "    return n * 2\n"), ("t/0", PASS, other)]
    _, funnel = Case(*rows, ("t/0", "KEY_ERROR", "    return {}[n]\n")).curate(a_policy())
    assert funnel.samples.get("duplicate", 0) == duplicates


@pytest.mark.parametrize(
    ("label", "one", "other"),
    [
        ("SYNTAX_ERROR", "    return n *\n", "    return n +\n"),
        ("NO_CODE", "Multiply the argument by two.", "Add the number to itself."),
    ],
)
def test_texts_without_a_syntax_tree_are_duplicates_only_if_they_are_the_same(
    label: str, one: str, other: str
) -> None:
    rows = [("t/0", label, one), ("t/0", label, other), ("t/0", label, one)]
    _, funnel = Case(("t/0", PASS, "    return n * 2\n"), *rows).curate(a_policy())
    assert funnel.samples["duplicate"] == 1


def test_a_pass_that_hit_the_token_limit_is_not_chosen() -> None:
    case = Case(("t/0", PASS, distinct(0)), ("t/0", PASS, distinct(1)), *many("t/0", "TIMEOUT", 2))
    case.samples[0] = case.samples[0].model_copy(update={"finish_reason": "length"})
    pairs, funnel = case.curate(a_policy())
    assert [pair.chosen_index for pair in pairs] == [1]
    assert funnel.samples["passed, but was cut off"] == 1


def test_a_pass_that_could_have_been_forged_is_not_chosen() -> None:
    case = Case(("t/0", PASS, distinct(0)), ("t/0", PASS, distinct(1)), *many("t/0", "TIMEOUT", 2))
    case.verdicts[0] = case.verdicts[0].model_copy(update={"verified": False})
    pairs, funnel = case.curate(a_policy())
    assert [pair.chosen_index for pair in pairs] == [1]
    assert funnel.samples["passed, but not verified"] == 1


def test_a_result_that_only_the_program_can_judge_is_on_no_side() -> None:
    case = Case(("t/0", PASS, distinct(0)), *many("t/0", "TYPE_ERROR", 2))
    case.verdicts[1] = case.verdicts[1].model_copy(update={"verified": False})
    pairs, funnel = case.curate(a_policy())
    assert [pair.rejected_index for pair in pairs] == [2]
    assert funnel.samples["returned what cannot be judged"] == 1


def test_a_table_of_the_answers_is_not_chosen() -> None:
    table = "    return {2: 4, 3: 6, 5: 10}[n]\n"
    case = Case(("t/0", PASS, table), ("t/0", PASS, distinct(0)), *many("t/0", "TIMEOUT", 2))
    test = "def check(candidate):\n" + "".join(
        f"    assert candidate({n}) == {2 * n}\n" for n in (2, 3, 5)
    )
    case.problems = [a_problem(test=test)]
    pairs, funnel = case.curate(a_policy())
    assert [pair.chosen_index for pair in pairs] == [1]
    assert funnel.samples["passed, but is a table of the test's answers"] == 1


def test_an_empty_completion_can_be_rejected() -> None:
    case = Case(("t/0", PASS, distinct(0)), ("t/0", "EMPTY", ""))
    pairs, _ = case.curate(a_policy())
    assert [pair.rejected for pair in pairs] == [""]


def test_another_seed_makes_another_choice() -> None:
    case = Case(*many("t/0", PASS, 6), *many("t/0", "NAME_ERROR", 6))
    choices = {
        tuple((pair.chosen_index, pair.rejected_index) for pair in case.curate(policy)[0])
        for policy in (a_policy(seed=seed, max_pairs_per_problem=1) for seed in range(8))
    }
    assert len(choices) > 1


def test_too_few_pairs_are_refused_with_what_to_relax() -> None:
    case = Case(*many("t/0", PASS, 2), *many("t/0", "NAME_ERROR", 2))
    with pytest.raises(InputError) as caught:
        case.curate(a_policy(n_pairs=3, allow_fewer=False))
    message = str(caught.value)
    assert message.startswith("draw more samples (sampling.n_samples), raise curation.max_pairs")
    assert "only 2 of 3 pairs can be made" in message
    assert len(message) < 300
    for key in ("n_samples", "max_pairs_per_problem", "max_sample_uses", "n_pairs", "allow_fewer"):
        assert key in message


def test_bands_that_hold_all_pairs_are_not_blamed_for_too_few() -> None:
    # Of 144 pairs each sample may be in one, so that only 12 are matched.
    case = Case(*many("t/0", PASS, 12), *many("t/0", "NAME_ERROR", 12, 50))
    with pytest.raises(InputError, match=r"^draw more samples .*, raise curation\.max_pairs"):
        case.curate(a_policy(allow_fewer=False))
    _, funnel = case.curate(a_policy(max_pairs_per_problem=16))
    steps = ("possible", "within the bands", "matched")
    assert [funnel.pairs[step] for step in steps] == [144, 144, 12]


def test_failures_that_the_mix_does_not_want_are_not_outside_the_bands() -> None:
    rows = many("t/0", PASS, 2) + many("t/0", "NAME_ERROR", 1, 50) + many("t/0", "TIMEOUT", 12, 60)
    with pytest.raises(InputError, match=r"^draw more samples"):
        Case(*rows).curate(a_policy(mix="NAME_ERROR=1", allow_fewer=False))


@pytest.mark.parametrize(
    ("rows", "policy", "remedy"),
    [
        (many("t/0", PASS, 3), {}, "draw more samples .*: 0 of 1 problems have both"),
        (
            many("t/0", PASS, 3) + many("t/0", "KEY_ERROR", 3, 50),
            {"max_similarity": 0.1},
            "widen curation.min_similarity, .*: 0 of 9 pairs lie within them",
        ),
    ],
    ids=["passes only", "too strict"],
)
def test_no_pairs_at_all_are_refused_even_if_fewer_are_allowed(
    rows: list[tuple[str, str, str]], policy: dict[str, object], remedy: str
) -> None:
    with pytest.raises(InputError, match=rf"^{remedy}.* only 0 of 100 pairs can be made$"):
        Case(*rows).curate(a_policy(**policy))


def test_a_sample_without_a_label_is_refused() -> None:
    case = Case(*many("t/0", PASS, 2), *many("t/0", "NAME_ERROR", 2))
    del case.verdicts[3]
    with pytest.raises(InputError, match="sample 3 of 't/0' has no label"):
        case.curate(a_policy())


def test_samples_of_an_unknown_problem_are_refused() -> None:
    case = Case(*many("t/0", PASS, 2), *many("t/1", "NAME_ERROR", 2))
    case.problems.pop()
    with pytest.raises(InputError, match="'t/1', which is not among the problems"):
        case.curate(a_policy())


def test_a_pair_says_how_long_its_sides_are_against_each_other() -> None:
    pairs, _ = Case(("t/0", PASS, "    return n * 2 + 0\n"), ("t/0", "TIMEOUT", " " * 42)).curate(
        a_policy()
    )
    assert pairs[0].length_ratio == 0.5


@pytest.mark.parametrize(
    ("n_pairs", "most", "expected"),
    [
        (2, 100, range(4, 5)),  # enough
        (6, 100, range(9, 17)),  # a quarter passes: a pair for four samples
        (6, 6, range(4, 5)),  # too many would have to be drawn
    ],
)
def test_as_many_samples_are_wanted_as_give_enough_pairs(
    n_pairs: int, most: int, expected: range
) -> None:
    rows = [row for n in range(2) for row in many(f"t/{n}", PASS, 1)]
    rows += [row for n in range(2) for row in many(f"t/{n}", "NAME_ERROR", 3, start=3)]
    case = Case(*rows)
    found = supply(
        case.problems,
        join_labels(case.samples, case.verdicts),
        a_policy(n_pairs=n_pairs),
        4,
        most,
    )
    assert (found.pairs, found.wanted) == (2, n_pairs)
    assert found.n_samples in expected
