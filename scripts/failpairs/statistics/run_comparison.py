"""Finished runs beside each other: their results, and their differences where one protocol allows
it."""

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from failpairs.labels import PASS
from failpairs.provenance.protocol import SAME_EVALUATION
from failpairs.statistics.arm_comparison import counts_of_arms
from failpairs.statistics.effects import Criteria, Effect, corrected
from failpairs.statistics.evaluation import Evaluation
from failpairs.statistics.fixed_and_broken import Movement, movements
from failpairs.statistics.label_counts import effect_on, in_order_of
from failpairs.statistics.paired_tests import Spread

MOST_CHARACTERS = 60  # of a value in a sentence
SHA256 = re.compile(r"[0-9a-f]{64}")


class RunStatistics(BaseModel):
    """What a comparison of runs takes from `stats.json`; what else stands there is ignored, so that
    the runs of earlier versions can be read."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    criteria: Criteria
    seeds: Annotated[list[str], Field(min_length=1)]
    base_pass_at_1: float
    tuned_pass_at_1: Spread
    effect: Effect
    config: dict[str, Any] | None = None


@dataclass(frozen=True)
class Run:
    """A finished run.

    Attributes:
        seeds: evaluations by name, as `stats` names them.
        n_pairs: how many pairs were trained on; None where none are known.
    """

    name: str
    stats: RunStatistics
    base: Evaluation
    seeds: Mapping[str, Evaluation]
    n_pairs: int | None

    @cached_property
    def movements(self) -> list[Movement]:
        """The problems that the run fixed or broke."""
        return movements(self.base, in_order_of(self.base, self.seeds))


class RunSummary(BaseModel):
    """A run: its settings, and its results as its own report has them.

    `settings` are those in which the runs differ, by path, as `training.loss`; null for a run
    without a known configuration. `fixed` and `broken` hold, for each problem that at least one
    tuned model fixed or broke, how many of them did; by first samples.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    settings: dict[str, Any] | None
    n_pairs: int | None
    seeds: list[str]
    criteria: Criteria
    base_pass_at_1: float
    tuned_pass_at_1: Spread
    effect: Effect
    fixed: dict[str, int]
    broken: dict[str, int]


class RunDifference(BaseModel):
    """A run against the first run of its group.

    `effect` is the difference of pass@1, in which `before` is the first run; all such differences
    are one family (Holm). The lists hold the problems that only one of the two fixed or broke, with
    any of its tuned models; by first samples.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    against: str
    effect: Effect
    only_fixed: list[str]
    only_fixed_by_other: list[str]
    only_broken: list[str]
    only_broken_by_other: list[str]


class RunGroup(BaseModel):
    """Runs of one protocol, which may be compared.

    `model` is the id of the base model, null where it is not known, since another tool drew the
    samples; `sandbox` is the tier in which programs were run. `differences` says in what the
    protocol differs from that of the first group. `settings` are the paths of the settings in which
    these runs differ, and `common_settings` what they share and runs of other groups do not.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str | None
    sandbox: str | None
    n_problems: int
    sources: list[str]
    differences: list[str]
    settings: list[str]
    common_settings: dict[str, Any]
    runs: list[RunSummary]
    comparisons: list[RunDifference]


class RunsComparison(BaseModel):
    """`runs.json`: every number of the page of runs.

    `criteria` are those of the first run, by which the differences between runs are judged;
    `settings` are the paths of the settings in which the runs differ.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    criteria: Criteria
    settings: list[str]
    groups: list[RunGroup]


def compare_runs(runs: Sequence[Run]) -> RunsComparison:
    """All runs in groups of one protocol, and each run against the first of its group.

    Args:
        runs: at least one, with different names.
    """
    criteria = runs[0].stats.criteria
    configs = {run.name: flat(run.stats.config) for run in runs if run.stats.config is not None}
    settings = differing_paths([*configs.values()])
    groups = groups_of(runs)
    effects = chain.from_iterable(_effects(group, criteria) for group in groups)
    judged = iter(corrected([*effects], "holm", criteria))
    return RunsComparison(
        criteria=criteria,
        settings=settings,
        groups=[
            _group(group, runs[0].base, configs, settings, [next(judged) for _ in group[1:]])
            for group in groups
        ],
    )


def _group(
    runs: Sequence[Run],
    first: Evaluation,
    configs: Mapping[str, Mapping[str, Any]],
    settings: Sequence[str],
    effects: Sequence[Effect],
) -> RunGroup:
    """A group of runs.

    Args:
        first: of the base model of the first group.
        configs: settings by the name of the run and their path, where they are known.
        settings: the paths of those in which any runs differ.
        effects: of all runs but the first, against the first.
    """
    base = runs[0].base
    known = [configs[run.name] for run in runs if run.name in configs]
    differing = [path for path in settings if path in differing_paths(known)]
    shared = [path for path in settings if path not in differing] if known else []
    return RunGroup(
        model=_text_at(base.protocol, "model", "id"),
        sandbox=_text_at(base.validator, "sandbox"),
        n_problems=base.n_problems,
        sources=[*base.by_source],
        differences=protocol_differences(base, first),
        settings=differing,
        common_settings={path: known[0].get(path) for path in shared},
        runs=[_summary(run, configs.get(run.name), settings) for run in runs],
        comparisons=[
            _difference(run, runs[0], effect) for run, effect in zip(runs[1:], effects, strict=True)
        ],
    )


def groups_of(runs: Sequence[Run]) -> list[list[Run]]:
    """The runs in groups that share the protocol, the problems and the labels of the base model.
    Groups, and the runs in them, keep the order given."""
    groups: list[list[Run]] = []
    for run in runs:
        alike = (g for g in groups if not protocol_differences(run.base, g[0].base))
        group = next(alike, None)
        if group is None:
            groups.append([run])
        else:
            group.append(run)
    return groups


def protocol_differences(one: Evaluation, other: Evaluation) -> list[str]:
    """What keeps the runs of two base models from being compared, as `temperature 0.2 instead of
    0.8`; nothing where they may be compared.

    Args:
        one, other: evaluations of the base models; what is said is said of the first.
    """
    settings, instead = flat(_protocol(one)), flat(_protocol(other))
    found = [
        f"{_readable(path)} {shown(settings.get(path))} instead of {shown(instead.get(path))}"
        for path in differing_paths([instead, settings])
    ]
    labels, others = ({p.task_id: p.labels for p in each.problems} for each in (one, other))
    foreign = len(labels.keys() - others.keys())
    if foreign:
        found.append(f"{foreign} of {len(labels)} problems are others")
    changed = sum(labels[task] != others[task] for task in labels.keys() & others.keys())
    if changed and not found:
        found.append(f"the base model has other labels on {changed} of {len(labels)} problems")
    return found


def _protocol(evaluation: Evaluation) -> dict[str, Any]:
    """What decides whether evaluations may be compared, but for the labels themselves."""
    return {
        **{key: evaluation.protocol.get(key) for key in SAME_EVALUATION},
        "validator": dict(evaluation.validator),
        "problems": len(evaluation.problems),
        "problems_sha256": evaluation.provenance.get("problems_sha256"),
    }


def _readable(path: str) -> str:
    """The path of a setting as words.

    >>> _readable("generation.max_new_tokens"), _readable("model.weights_sha256")
    ('max new tokens', 'model weights SHA-256')
    """
    text = path.removeprefix("generation.").replace("_sha256", " SHA-256")
    return text.replace("_", " ").replace(".", " ")


def shown(value: Any) -> str:
    """A value in a sentence; long values are cut.

    >>> shown(0.2), shown(None), shown("chat"), shown(["a"]), shown("0f" * 32)
    ('0.2', 'none', 'chat', '["a"]', '0f0f0f0f0f0f…')
    """
    if value is None:
        return "none"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if SHA256.fullmatch(text):
        return f"{text[:12]}…"
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"


def flat(config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings in nested sections by their paths.

    >>> flat({"training": {"loss": "ipo"}, "rounds": 1})
    {'training.loss': 'ipo', 'rounds': 1}
    """
    return dict(_leaves(config))


def _leaves(config: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in config.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def differing_paths(configs: Sequence[Mapping[str, Any]]) -> list[str]:
    """The paths of settings that not all configurations have with the same value; a setting that
    is missing counts as null.

    >>> differing_paths([{"rounds": 1, "loss": "dpo"}, {"rounds": 1, "loss": "ipo", "focus": 2}])
    ['loss', 'focus']
    """
    paths = dict.fromkeys(chain.from_iterable(configs))
    values = {path: [config.get(path) for config in configs] for path in paths}
    return [path for path, found in values.items() if any(one != found[0] for one in found)]


def _effects(group: Sequence[Run], criteria: Criteria) -> list[Effect]:
    """Pass@1 of each run against the first one, each judged on its own."""
    counts = counts_of_arms(group[0].base, {run.name: run.seeds for run in group})
    first, *others = counts
    return [
        effect_on(
            PASS,
            "exploratory",
            counts[first],
            counts[name],
            criteria,
            f"{name} against {first}, pass@1",
        )
        for name in others
    ]


def _summary(run: Run, config: Mapping[str, Any] | None, settings: Sequence[str]) -> RunSummary:
    fixed, broken = _moved(run)
    known = None if config is None else {path: config[path] for path in settings if path in config}
    return RunSummary(
        name=run.name,
        settings=known,
        n_pairs=run.n_pairs,
        seeds=run.stats.seeds,
        criteria=run.stats.criteria,
        base_pass_at_1=run.stats.base_pass_at_1,
        tuned_pass_at_1=run.stats.tuned_pass_at_1,
        effect=run.stats.effect,
        fixed=fixed,
        broken=broken,
    )


def _difference(run: Run, first: Run, effect: Effect) -> RunDifference:
    (fixed, broken), (fixed_by_first, broken_by_first) = _moved(run), _moved(first)
    return RunDifference(
        name=run.name,
        against=first.name,
        effect=effect,
        only_fixed=_without(fixed, fixed_by_first),
        only_fixed_by_other=_without(fixed_by_first, fixed),
        only_broken=_without(broken, broken_by_first),
        only_broken_by_other=_without(broken_by_first, broken),
    )


def _moved(run: Run) -> tuple[dict[str, int], dict[str, int]]:
    """How many tuned models fixed each problem, and how many broke each."""
    moved: dict[bool, dict[str, int]] = {False: {}, True: {}}
    for movement in run.movements:
        moved[movement.kind == "broken"][movement.task_id] = len(movement.seeds)
    return moved[False], moved[True]


def _without(some: Iterable[str], others: Container[str]) -> list[str]:
    return [task_id for task_id in some if task_id not in others]


def _text_at(value: Any, *keys: str) -> str | None:
    """A text inside of what somebody else wrote; None where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else None
