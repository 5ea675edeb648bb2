"""The examples in the docstrings of the statistics room."""

import doctest
import importlib
import pkgutil

import pytest
from failpairs import statistics

MODULES = [
    importlib.import_module(f"{statistics.__name__}.{module.name}")
    for module in pkgutil.iter_modules(statistics.__path__)
]
EXAMPLES = [
    test for module in MODULES for test in doctest.DocTestFinder().find(module) if test.examples
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_example_is_true(example: doctest.DocTest) -> None:
    assert doctest.DocTestRunner().run(example).failed == 0


def test_tests_and_intervals_have_examples() -> None:
    names = {example.name.split(".")[-1] for example in EXAMPLES}
    assert names >= {"mcnemar_p", "mcnemar_mid_p", "sign_flip", "estimate", "minimum_detectable"}
