"""What a report is made of: the evaluations, their statistics, and the folder of the run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from failpairs.provenance.protocol import SAME_EVALUATION, require_same
from failpairs.report.figure_style import Drawing
from failpairs.report.run_folder import RunFolder
from failpairs.report.shown_problems import ShownProblem, shown_problems
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

    @cached_property
    def shown(self) -> list[ShownProblem]:
        """The evaluation problems whose programs are known, with these programs."""
        problems = {problem.task_id: problem for problem in self.run.eval_problems}
        programs = self.run.programs(self.evaluations, problems)
        return shown_problems(self.base, self.seeds, problems, programs)


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
    """Refuse evaluations that were not sampled and judged alike, by the same tests.

    Evaluations of other tools' samples do not say what problems they are of. They are compared with
    each other, and with none that says so.

    Args:
        others: evaluations of seeds and arms by name.

    Raises:
        InputError: names the first setting that differs.
    """
    keys = (*SAME_EVALUATION, "validator", "problems_sha256")
    for name, tuned in others.items():
        names = ("base", name)
        require_same(_decisive(base), _decisive(tuned), keys, names, "cannot be compared")


def _decisive(evaluation: Evaluation) -> dict[str, Any]:
    return {
        **evaluation.protocol,
        "validator": evaluation.validator,
        "problems_sha256": evaluation.provenance.get("problems_sha256"),
    }
