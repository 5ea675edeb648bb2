import pytest
from report_builders import page_of_size


@pytest.mark.parametrize(("n_problems", "n_seeds", "megabytes"), [(164, 3, 5), (1000, 10, 25)])
def test_the_page_stays_small(n_problems: int, n_seeds: int, megabytes: int) -> None:
    page = page_of_size(n_problems, n_seeds)
    assert page.count("<article") == n_problems
    assert len(page.encode()) < megabytes * 1e6
