import pytest
from failpairs.models.out_of_memory import smaller_part


@pytest.mark.parametrize(("batch", "micro", "smaller"), [(16, 4, 2), (12, 6, 3), (9, 9, 3)])
def test_a_smaller_part_still_divides_the_batch(batch: int, micro: int, smaller: int) -> None:
    assert smaller_part(batch, micro) == smaller
