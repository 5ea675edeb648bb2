import sys
from pathlib import Path

from builders import a_problem
from failpairs.execution.preloading import ALWAYS, IF_USUAL, modules_for


def test_modules_that_many_problems_import_are_loaded_once_for_all() -> None:
    usual = [a_problem(prompt="import random\n\n\ndef double(n):\n    ...\n")] * 10
    assert set(modules_for(usual)) == ALWAYS | {"random"}
    set_up = [a_problem(setup="from random import *\n")] * 10
    assert set(modules_for(set_up)) == ALWAYS | {"random"}


def test_modules_that_few_problems_import_are_left_to_them() -> None:
    rare = [a_problem(prompt="import random\n\n\ndef double(n):\n    ...\n"), *[a_problem()] * 30]
    assert set(modules_for(rare)) == ALWAYS


def test_nothing_but_the_standard_library_is_loaded() -> None:
    foreign = [a_problem(test="import numpy, os\n\n\ndef check(candidate):\n    ...\n")] * 10
    assert set(modules_for(foreign)) == ALWAYS
    assert sys.stdlib_module_names >= ALWAYS | IF_USUAL


def test_a_package_that_is_there_is_loaded_if_any_problem_imports_it(tmp_path: Path) -> None:
    for name in ("numpy.py", "pandas.py"):
        (tmp_path / name).touch()
    packages = {str(tmp_path): ["numpy.py", "pandas.py"]}
    test = "import numpy as np, os\n\n\ndef check(candidate):\n    ...\n"
    problems = [a_problem(test=test), *[a_problem()] * 30]
    assert set(modules_for(problems, packages)) == ALWAYS | {"numpy"}
