from math import sqrt
from typing import Any

import pytest
from execution_builders import PROTOCOL
from failpairs.exchange.export_results import lm_eval_results

PROVENANCE = {"failpairs": "0.1.0", "transformers": "5.23.0", "git_revision": None}


def results(passed: dict[str, list[int]], n_samples: int = 1, **changes: Any) -> dict[str, Any]:
    values = {
        "ks": [k for k in (1, 2) if k <= n_samples],
        "protocol": PROTOCOL,
        "provenance": PROVENANCE,
        "adapter": "",
        "date": 1.5,
    }
    return lm_eval_results(passed, n_samples, **{**values, **changes})


def test_the_scores_have_the_names_and_the_standard_errors_of_lm_eval() -> None:
    """The sample standard deviation over the square root of the number of problems."""
    found = results({"humaneval": [1, 0, 0, 1]})
    assert found["results"] == {
        "humaneval": {
            "alias": "humaneval",
            "pass@1,create_test": 0.5,
            "pass@1_stderr,create_test": pytest.approx(sqrt(1 / 3) / 2),
        }
    }
    assert found["n-samples"] == {"humaneval": {"original": 4, "effective": 4}}


def test_pass_at_k_is_the_unbiased_estimate() -> None:
    scores = results({"humaneval": [1, 0]}, n_samples=2)["results"]["humaneval"]
    assert scores["pass@1,create_test"] == pytest.approx(0.25)
    assert scores["pass@2,create_test"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("source", "task", "key"),
    [
        ("humanevalplus", "humaneval_plus", "pass@1,create_test"),
        ("mbpp", "mbpp", "pass_at_1,none"),
        ("mbppplus", "mbpp_plus", "pass_at_1,none"),
        ("mine.jsonl", "mine.jsonl", "pass@1,none"),
    ],
)
def test_each_source_is_a_task(source: str, task: str, key: str) -> None:
    found = results({"humaneval": [0, 0], source: [1, 1]})
    assert found["results"][task][key] == 1
    for column in ("versions", "n-shot", "higher_is_better", "configs", "n-samples"):
        assert set(found[column]) == {"humaneval", task}


def test_one_problem_has_no_standard_error() -> None:
    assert results({"mbpp": [1]})["results"]["mbpp"]["pass_at_1_stderr,none"] == "N/A"


def test_the_model_and_its_adapter_are_named() -> None:
    base, tuned = results({"mbpp": [1]}), results({"mbpp": [1]}, adapter="adapters/seed0")
    assert base["config"]["model_args"] == "pretrained=some/model,revision=1"
    assert base["model_name_sanitized"] == "some__model"
    assert tuned["config"]["model_args"].endswith(",peft=adapters/seed0")
    assert (base["date"], base["git_hash"]) == (1.5, None)
