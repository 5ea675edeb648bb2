from execution_builders import a_failure_pair
from failpairs.report.pair_examples import examples

PAIRS = [a_failure_pair("TIMEOUT")] * 50 + [a_failure_pair("STUB")] * 3


def test_every_failure_mode_is_shown_and_the_rest_is_spread() -> None:
    found = examples(PAIRS, 5)
    rows = [example.row for example in found]
    assert rows == sorted(set(rows))
    assert len(rows) == 5
    assert {example.pair.rejected_label for example in found} == {"TIMEOUT", "STUB"}


def test_few_pairs_are_all_shown() -> None:
    assert [example.row for example in examples(PAIRS[:3], 10)] == [0, 1, 2]
    assert examples([], 10) == []
