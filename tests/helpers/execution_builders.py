"""Samples, verdicts and evaluations for the unit tests."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from failpairs.exec_labels import ExecLabel
from failpairs.labels import PASS
from failpairs.provenance.protocol import LabelsMeta, SamplesMeta
from failpairs.records import Pair, Sample
from failpairs.statistics.evaluation import Evaluation, ProblemResult, Stratum, Texts

PROTOCOL: dict[str, Any] = {
    "model": {"id": "some/model", "revision": "1", "weights_sha256": "0" * 64},
    "adapter_sha256": None,
    "prompt_format": "chat",
    "prompts_sha256": "0" * 64,
    "generation": {"n_samples": 1, "temperature": 0.0, "top_p": 1.0},
    "engine": {"name": "transformers", "version": "5"},
}


def a_samples_meta(**changes: Any) -> SamplesMeta:
    """The protocol above, with the prompt of one problem and a machine."""
    values = {"prompts": {"t/0": "text"}, "hardware": "EPYC", **PROTOCOL, **changes}
    return SamplesMeta.model_validate(values)


def a_labels_meta(**validator: Any) -> LabelsMeta:
    """The meta of labels that such a validator gave."""
    return LabelsMeta(samples_sha256="0" * 64, validator=validator)


def a_sample(
    completion: str, task_id: str = "t/0", sample_index: int = 0, **changes: Any
) -> Sample:
    """A sample that ended by itself."""
    values = {"finish_reason": "eos", **changes}
    return Sample(task_id=task_id, sample_index=sample_index, completion=completion, **values)


def a_verdict(label: str, task_id: str = "t/0", sample_index: int = 0) -> ExecLabel:
    """A verdict without details."""
    return ExecLabel(task_id=task_id, sample_index=sample_index, label=label)


def a_failure_pair(rejected_label: str | None) -> Pair:
    """A pair whose rejected side failed so."""
    return Pair(
        prompt="p",
        chosen="c",
        rejected="r",
        task_id="t/0",
        chosen_index=0,
        rejected_index=1,
        rejected_label=rejected_label,
        similarity=0.5,
        length_ratio=1.0,
    )


def an_evaluation(labels: Sequence[Sequence[str] | str], **changes: Any) -> Evaluation:
    """An evaluation whose problem `t/<i>` got the i-th label, or the i-th list of labels."""
    results = [
        ProblemResult(
            task_id=f"t/{i}",
            source="test",
            labels=[given] if isinstance(given, str) else [*given],
        )
        for i, given in enumerate(labels)
    ]
    n_samples = len(results[0].labels)
    rate = sum(result.labels.count(PASS) for result in results) / (n_samples * len(results))
    whole: dict[str, Any] = {
        "n_problems": len(results),
        "counts": dict(Counter(label for result in results for label in result.labels)),
        "pass_at_k": {1: rate},
    }
    values: dict[str, Any] = {
        **whole,
        "n_samples": n_samples,
        "pass_at_1": rate,
        "by_source": {"test": Stratum(**whole)},
        "texts": Texts(
            mean_tokens=50.0, mean_characters=200.0, distinct_share=1.0, comment_share=0.0
        ),
        "problems": results,
        "protocol": PROTOCOL,
        "validator": {"code": "abc", "sandbox": "process", "timeout": 10.0},
        "provenance": {"python": "3.11"},
    }
    return Evaluation(**{**values, **changes})


def passes(count: int, total: int, failure: str = "ASSERTION_FAIL") -> list[str]:
    """Labels of `total` problems of which the first `count` pass."""
    return [PASS] * count + [failure] * (total - count)
