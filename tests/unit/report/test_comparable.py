"""Only evaluations that were sampled and judged alike are compared."""

import json

import pytest
from execution_builders import PROTOCOL, an_evaluation
from failpairs.errors import InputError
from failpairs.report.inputs import require_comparable
from failpairs.statistics.evaluation import Evaluation


def changed(path: str, value: object) -> Evaluation:
    """An evaluation in which one setting of the protocol has another value."""
    protocol = json.loads(json.dumps(PROTOCOL))
    *parents, last = path.split(".")
    place = protocol
    for parent in parents:
        place = place[parent]
    place[last] = value
    return an_evaluation(["PASS"], protocol=protocol)


@pytest.mark.parametrize(
    ("setting", "value", "before"),
    [
        ("generation.temperature", 0.2, "0.0"),
        ("generation.n_samples", 5, "1"),
        ("generation.repetition_penalty", 1.1, "None"),
        ("prompts_sha256", "1" * 64, repr("0" * 64)),
        ("prompt_format", "completion", "'chat'"),
        ("model.revision", "2", "'1'"),
        ("engine.version", "6", "'5'"),
    ],
)
def test_evaluations_of_different_protocols_are_refused(
    setting: str, value: object, before: str
) -> None:
    with pytest.raises(InputError) as caught:
        require_comparable(an_evaluation(["PASS"]), {"seed3": changed(setting, value)})
    assert str(caught.value) == (
        "base and seed3 cannot be compared: "
        f"{setting} is {before} in one and {value!r} in the other"
    )


def test_evaluations_judged_differently_are_refused() -> None:
    other = an_evaluation(["PASS"], validator={"code": "abc", "sandbox": "process", "timeout": 3.0})
    with pytest.raises(InputError, match=r"validator\.timeout is 10\.0 in one and 3\.0"):
        require_comparable(an_evaluation(["PASS"]), {"seed0": other})


def test_the_adapter_may_differ() -> None:
    require_comparable(an_evaluation(["PASS"]), {"seed0": changed("adapter_sha256", "1" * 64)})


def test_evaluations_judged_by_other_tests_are_refused() -> None:
    one, other, unknown = (
        an_evaluation(["PASS"], provenance={"problems_sha256": value}) for value in ("1", "2", None)
    )
    require_comparable(one, {"seed0": one})
    with pytest.raises(InputError, match="problems_sha256 is '1' in one and '2' in the other"):
        require_comparable(one, {"seed0": other})
    with pytest.raises(InputError, match="problems_sha256 is None in one and '2' in the other"):
        require_comparable(unknown, {"seed0": other})


def test_evaluations_that_do_not_say_what_judged_them_are_compared() -> None:
    one, other = (an_evaluation(["PASS"], provenance={"python": text}) for text in ("1", "2"))
    require_comparable(one, {"seed0": other})
