from types import SimpleNamespace
from typing import Any

from failpairs.problems.generated_tests import oracle_test


def test_the_check_calls_the_oracle_with_what_was_given() -> None:
    seen: list[Any] = []
    record = SimpleNamespace(check_it=lambda *given, **options: seen.append((given, options)))
    names: dict[str, Any] = {"oracles": record}
    text = "quotes ' \" and\nlines \\ \ud800"
    exec(oracle_test("check_it", text, atol=0.5, shapes=["t", ""]), names)
    names["check"]("candidate")
    assert seen == [(("candidate", text), {"atol": 0.5, "shapes": ["t", ""]})]
