import pytest
from failpairs.curation.near_duplicates import NearDuplicates

LONG = "\n".join(f"    value_{i} = first[{i}] + second[{i}]" for i in range(40))


def test_a_pair_is_remembered_once() -> None:
    like = NearDuplicates(0.9)
    assert like.add("return a + b", "return a - b")
    assert not like.add("return a + b", "return a - b")
    assert like.add("return sorted(names, key=len)", "return names.sort()")


def test_a_comment_makes_no_other_pair() -> None:
    like = NearDuplicates(0.9)
    assert like.add("return a + b", "return a - b")
    assert not like.add("# the sum\nreturn a + b", "return a - b  # oh")


def test_the_first_pair_that_another_resembles_is_named() -> None:
    like = NearDuplicates(0.9)
    assert like.earlier("return sorted(names, key=len)", "return names.sort()") is None
    assert like.earlier("return a + b", "return a - b") is None
    assert like.earlier("return a + b", "return a - b  # oh") == 1
    assert like.earlier("return sorted(names, key=len)", "return names.sort()") == 0


@pytest.mark.parametrize(("threshold", "is_new"), [(0.8, False), (0.999, True)])
def test_the_threshold_decides_on_a_pair_that_differs_in_a_word(
    threshold: float, is_new: bool
) -> None:
    like = NearDuplicates(threshold)
    assert like.add(LONG, "return None")
    assert like.add(LONG.replace("value_7 ", "another "), "return None") is is_new


def test_with_a_threshold_of_one_every_pair_passes() -> None:
    like = NearDuplicates(1)
    assert like.add("return a", "return b")
    assert like.add("return a", "return b")
