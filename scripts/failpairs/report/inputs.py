"""What a report is made of: the evaluations, their statistics, and the folder of the run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from failpairs.provenance.protocol import SAME_EVALUATION, require_same
from failpairs.report.figure_style import Drawing
from failpairs.report.run_folder import RunFolder
from failpairs.statistics.comparison import Statistics, compare
from failpairs.statistics.effects import Criteria
from failpairs.statistics.evaluation import Evaluation


@dataclass(frozen=True)
class ReportInputs:
    """What the sections of a report are made of.

    Attributes:
        seeds: evaluations by name.
        figures: by name.
        seeds_vary: `training`, `pairs` where each seed has pairs of its own, or `both` where these
            were also trained on with every other seed.
        ngram: consecutive words that training and evaluation problems must not share.
        config: the configuration of the run, without what changes no result.
        title: the question that the page answers.
        subject: what was compared.
        measured: the subject and how much of everything there was, in one line.
        left_out: task ids of evaluation problems of which some model has no sample.
    """

    base: Evaluation
    seeds: Mapping[str, Evaluation]
    run: RunFolder
    stats: Statistics
    figures: Mapping[str, Drawing]
    seeds_vary: str
    ngram: int
    subject: str
    title: str
    measured: str
    config: Mapping[str, Any] | None = None
    left_out: Sequence[str] = ()

    @property
    def evaluations(self) -> dict[str, Evaluation]:
        """The evaluations of the base model and of the seeds, by name."""
        return {"base": self.base, **self.seeds}


def compare_run(
    base: Evaluation,
    seeds: Mapping[str, Evaluation],
    run: RunFolder,
    criteria: Criteria,
    resamples: int,
    seed: int,
    again: Evaluation | None = None,
    planned: Sequence[str] = (),
    config: dict[str, Any] | None = None,
) -> Statistics:
    """The statistics of a run; see `compare`.

    Raises:
        InputError: the evaluations cannot be compared, or a result of the run is invalid.
    """
    require_comparable(base, {**seeds, **({"again": again} if again else {})})
    for arm, evaluations in run.arm_evaluations.items():
        require_comparable(base, {f"{arm} {name}": one for name, one in evaluations.items()})
    for own, evaluations in run.crossed_evaluations.items():
        named = {f"pairs of {own}, {name}": one for name, one in evaluations.items()}
        require_comparable(base, named)
    return compare(
        base,
        seeds,
        criteria,
        resamples,
        seed,
        run.arm_evaluations,
        run.pairs,
        run.json("curation_funnel.json"),
        run.curves,
        run.json("tuning.json"),
        again,
        planned,
        run.of_rounds if run.rounds else (),
        run.crossed_evaluations,
        config,
        run.arm_curves,
    )


def require_comparable(base: Evaluation, others: Mapping[str, Evaluation]) -> None:
    """Refuse evaluations that were not sampled and judged alike.

    Args:
        others: evaluations of seeds and arms by name.

    Raises:
        InputError: names the first setting that differs.
    """
    one = {**base.protocol, "validator": base.validator}
    for name, tuned in others.items():
        other = {**tuned.protocol, "validator": tuned.validator}
        require_same(
            one, other, (*SAME_EVALUATION, "validator"), ("base", name), "cannot be compared"
        )
