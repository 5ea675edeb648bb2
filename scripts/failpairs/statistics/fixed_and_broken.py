"""Which problems were fixed and which broken, and which pairs aimed at what changed."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from failpairs.errors import InputError
from failpairs.labels import PASS, Label
from failpairs.records import Pair
from failpairs.statistics.evaluation import Evaluation

Kind = Literal["fixed in all", "fixed in some", "broken"]
KINDS: tuple[Kind, ...] = get_args(Kind)  # in the order in which they are shown


class Movement(BaseModel):
    """A problem that the base model and some seed do not both solve or both fail, by first samples:
    the label in the base model and in every seed, and the seeds that moved.

    `sample_index` 0 of `task_id` in each model's samples file is the completion behind a label.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    task_id: str
    source: str
    kind: Kind
    seeds: list[str]
    base: Label
    tuned: dict[str, Label]


class Dose(BaseModel):
    """A failure mode: the pairs whose rejected side had it (dose; their rows in `pairs.jsonl`,
    counted from 0), and the change of its share of the problems (response)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Label
    n_pairs: int
    rows: list[int]
    change: float


def movements(base: Evaluation, seeds: Mapping[str, Evaluation]) -> list[Movement]:
    """Fixed and broken problems, in the order of the problems; all evaluations share it."""
    found = []
    for place, before in enumerate(base.problems):
        tuned = {name: one.problems[place].labels[0] for name, one in seeds.items()}
        label = before.labels[0]
        moved = [name for name, after in tuned.items() if (after == PASS) != (label == PASS)]
        if not moved:
            continue
        kind: Kind = "broken"
        if label != PASS:
            kind = "fixed in all" if len(moved) == len(seeds) else "fixed in some"
        found.append(
            Movement(
                task_id=before.task_id,
                source=before.source,
                kind=kind,
                seeds=moved,
                base=label,
                tuned=tuned,
            )
        )
    return found


def doses(pairs: Sequence[Pair], changes: Mapping[Label, float]) -> list[Dose]:
    """Dose and response of every mode that a pair aimed at or that changed.

    Pairs whose rejected side has no label count for no mode.

    Args:
        changes: of the share of problems, by label.

    Raises:
        InputError: the rejected side of a pair has a label that is not among ours.
    """
    rows: dict[Label, list[int]] = {label: [] for label in changes}
    for row, pair in enumerate(pairs):
        if pair.rejected_label is not None:
            rows.setdefault(_label_of(pair.task_id, pair.rejected_label), []).append(row)
    return [
        Dose(label=label, n_pairs=len(found), rows=found, change=changes.get(label, 0.0))
        for label, found in rows.items()
    ]


def _label_of(task_id: str, name: str) -> Label:
    if name not in Label.__members__:
        raise InputError(
            f"pair of {task_id!r}: field 'rejected_label': {name!r} is none of {', '.join(Label)}"
        )
    return Label[name]
