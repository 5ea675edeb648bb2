"""Results of an evaluation in the shape of lm-evaluation-harness (lm-eval).

The fields are those of its `evaluator.py` and `EvaluationTracker` (version 0.4.9), so that what
reads its results files (its `make_table`, leaderboards, plots) reads these.
"""

from collections.abc import Mapping, Sequence
from math import comb, sqrt
from statistics import fmean, stdev
from typing import Any, NamedTuple


class Task(NamedTuple):
    """What lm-eval calls a problem source, and the keys of its scores, with `{k}`."""

    name: str
    metric: str
    filter: str


TASKS = {
    "humaneval": Task("humaneval", "pass@{k}", "create_test"),
    "humanevalplus": Task("humaneval_plus", "pass@{k}", "create_test"),
    "mbpp": Task("mbpp", "pass_at_{k}", "none"),
    "mbppplus": Task("mbpp_plus", "pass_at_{k}", "none"),
}


def task_of(source: str) -> Task:
    """The task that a problem source is; a source that lm-eval does not know keeps its name."""
    return TASKS.get(source, Task(source, "pass@{k}", "none"))


def lm_eval_results(
    passed: Mapping[str, Sequence[int]],
    n_samples: int,
    ks: Sequence[int],
    protocol: Mapping[str, Any],
    provenance: Mapping[str, str | None],
    adapter: str,
    date: float,
) -> dict[str, Any]:
    """One model's results as lm-eval writes them.

    The standard error is that of a mean over problems, as lm-eval's.

    Args:
        passed: by source, how many samples of each problem passed.
        ks: of which pass@k is wanted, none larger than `n_samples`.
        protocol: how was sampled: `model`, `generation`, `engine`, `prompt_format`.
        provenance: what the evaluation was made with.
        adapter: the folder of the model's adapter, or the empty string.
        date: when the model was evaluated, in seconds since 1970.
    """
    tasks = {task_of(source): counts for source, counts in passed.items()}
    model, generation = protocol["model"], protocol["generation"]
    engine = protocol["engine"].get("name")
    adapted = f",peft={adapter}" if adapter else ""
    revision = f",revision={model['revision']}" if model["revision"] else ""
    name = adapter or model["id"]
    return {
        "results": {
            task.name: _scores(task, counts, n_samples, ks) for task, counts in tasks.items()
        },
        "group_subtasks": {task.name: [] for task in tasks},
        "configs": {
            task.name: {
                "task": task.name,
                "output_type": "generate_until",
                "repeats": n_samples,
                "num_fewshot": 0,
                "generation_kwargs": generation,
            }
            for task in tasks
        },
        "versions": {task.name: f"failpairs {provenance.get('failpairs')}" for task in tasks},
        "n-shot": {task.name: 0 for task in tasks},
        "higher_is_better": {
            task.name: {task.metric.format(k=k): True for k in ks} for task in tasks
        },
        "n-samples": {
            task.name: {"original": len(counts), "effective": len(counts)}
            for task, counts in tasks.items()
        },
        "config": {
            "model": engine,
            "model_args": f"pretrained={model['id']}{revision}{adapted}",
            "limit": None,
            "gen_kwargs": generation,
            "random_seed": generation.get("seed"),
        },
        "git_hash": provenance.get("git_revision"),
        "date": date,
        "transformers_version": provenance.get("transformers"),
        "lm_eval_version": None,  # it did not evaluate
        "model_source": engine,
        "model_name": name,
        "model_name_sanitized": name.replace("/", "__").replace(":", "_"),
        "chat_template": None,
        "system_instruction": None,
    }


def _scores(task: Task, passed: Sequence[int], n_samples: int, ks: Sequence[int]) -> dict[str, Any]:
    scores: dict[str, Any] = {"alias": task.name}
    for k in ks:
        metric = task.metric.format(k=k)
        values = [1 - comb(n_samples - count, k) / comb(n_samples, k) for count in passed]
        error = stdev(values) / sqrt(len(values)) if len(values) > 1 else "N/A"
        scores[f"{metric},{task.filter}"] = fmean(values)
        scores[f"{metric}_stderr,{task.filter}"] = error
    return scores
