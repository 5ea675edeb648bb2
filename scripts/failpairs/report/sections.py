"""The sections of the report, in their order.

A new section is an entry of `SECTIONS` with its data function here, and a template of its name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean
from typing import Any

from failpairs.curation.leaks import find_leaks
from failpairs.exchange.pairs import ForeignPair
from failpairs.labels import Label
from failpairs.problems.decontamination import Contamination, decontaminate
from failpairs.provenance.versions import Fact, distinct_values
from failpairs.report.in_short import (
    fixed_and_broken,
    in_short,
    interval_bar,
    told_at_once,
    where_it_went,
)
from failpairs.report.inputs import ReportInputs
from failpairs.report.pair_examples import examples
from failpairs.report.shown_problems import CHANGES, direction_of
from failpairs.training.train_log import flags, is_idle

Variables = dict[str, Any]

COLLAPSE = [label for label in Label if label.kind == "text"]
N_EXAMPLES = 30  # pairs on the page
OF_TRAINING = ("sampling", "curation", "training", "seeds", "arms", "rounds", "round_reference")
MACHINES = ("hardware", "executed_on")  # in the provenance of an evaluation


@dataclass(frozen=True)
class Section:
    """A section of the report.

    Attributes:
        name: its anchor on the page.
        title: its heading, and its entry in the navigation.
        data: the variables of its template besides `stats` and `figures`, which every template
            has; None leaves the section out.
    """

    name: str
    title: str
    data: Callable[[ReportInputs], Variables | None]

    @property
    def template(self) -> str:
        """Its template, a path in the folder of templates."""
        return f"sections/{self.name}.html.j2"


def _answer(report: ReportInputs) -> Variables:
    stats = report.stats
    fixed, broken = fixed_and_broken(stats.movements)
    return {
        "in_short": in_short(stats.effect, stats.criteria),
        "bar": interval_bar(stats.effect),
        "n_fixed": fixed,
        "n_broken": broken,
        "told": told_at_once(stats),
        "flows": {mode.metric: where_it_went(mode, stats) for mode in stats.modes},
        "idle": [name for name, rows in report.run.curves.items() if is_idle(rows)],
    }


def _moved(report: ReportInputs) -> Variables:
    return {
        "largest_transition": max(map(max, report.stats.mean_transitions)),
        "shown_ids": {problem.task_id for problem in report.shown},
    }


def _programs(report: ReportInputs) -> Variables:
    directions = [*dict.fromkeys(map(direction_of, CHANGES))]
    doses = {dose.label: dose for dose in report.stats.doses if dose.n_pairs}
    return {"shown": report.shown, "directions": directions, "doses": doses}


def _pairs(report: ReportInputs) -> Variables | None:
    if not (report.run.pairs or report.stats.funnel):
        return None
    return {
        "examples": examples(report.run.pairs, N_EXAMPLES),
        "seeds_vary": report.seeds_vary,
    }


def _tuning(report: ReportInputs) -> Variables | None:
    return {} if report.stats.tuning else None


def _training(report: ReportInputs) -> Variables | None:
    if not report.stats.training:
        return None
    return {
        "flags": {name: flags(rows) for name, rows in report.run.curves.items()},
        "all_held_out": all(
            "held_out_reward_margin" in row for row in report.stats.training.values()
        ),
        "seeds_vary": report.seeds_vary,
    }


def _collapse(report: ReportInputs) -> Variables:
    return {"labels": COLLAPSE, "modes": {mode.metric: mode for mode in report.stats.modes}}


def _base_tests(report: ReportInputs) -> Variables | None:
    evaluations = report.evaluations
    if any(one.base_tests is None for one in evaluations.values()):
        return None
    return {
        "evaluations": evaluations,
        "labels": [
            label for label in Label if any(label in one.counts for one in evaluations.values())
        ],
        "fragile": {
            name: sum(len(problem.fragile) for problem in one.problems)
            for name, one in evaluations.items()
        },
    }


def _by_date(report: ReportInputs) -> Variables | None:
    months = {p.task_id: p.released[:7] for p in report.run.eval_problems if p.released}
    if len(months) < report.base.n_problems:
        return None
    of_month: dict[str, dict[str, list[float]]] = {
        month: {name: [] for name in report.evaluations} for month in sorted({*months.values()})
    }
    for name, one in report.evaluations.items():
        for problem in one.problems:
            rate = problem.labels.count(Label.PASS) / len(problem.labels)
            of_month[months[problem.task_id]][name].append(rate)
    return {
        "names": [*report.evaluations],
        "months": [
            (month, len(rates["base"]), {name: fmean(each) for name, each in rates.items()})
            for month, rates in of_month.items()
        ],
    }


def _controls(report: ReportInputs) -> Variables | None:
    # What was not trained here has no control arms, and a hint at them would lead nowhere.
    if not (report.stats.arms or report.stats.training):
        return None
    # Seeds with pairs of their own, and later rounds, have other held-out pairs.
    found = {"curated": report.stats.held_out} if report.seeds_vary == "training" else {}
    for arm in report.stats.arms:
        if arm.name not in report.run.rounds:
            found[arm.name] = arm.held_out
    return {
        "learned": {name: learned for name, learned in found.items() if learned},
        **_by_mode(report, [arm.counts for arm in report.stats.arms]),
    }


def _rounds(report: ReportInputs) -> Variables | None:
    if not report.stats.rounds:
        return None
    return {
        "reference": (report.config or {}).get("round_reference", "base"),
        **_by_mode(report, [each.counts for each in report.stats.rounds]),
    }


def _by_mode(report: ReportInputs, others: Sequence[Mapping[Label, float]]) -> Variables:
    """The modes of the base model, the curated pairs or others, who may have more of them."""
    modes = report.stats.modes
    found = {*(mode.metric for mode in modes), *chain(*others)}
    return {
        "labels": [label for label in Label if label in found],
        "base_counts": {mode.metric: mode.before for mode in modes},
        "curated_counts": {mode.metric: mode.after.mean for mode in modes},
    }


def _certainty(report: ReportInputs) -> Variables:
    return {"declared": [mode.metric for mode in report.stats.modes if mode.role == "declared"]}


def _variance(report: ReportInputs) -> Variables | None:
    return {} if report.stats.variance_split else None


def _provenance(report: ReportInputs) -> Variables:
    return {
        "base": report.base,
        "n_unverified": sum(one.unverified for one in report.evaluations.values()),
        "config": used_sections(report.config) if report.config else report.config,
        "left_out": report.left_out,
        "versions": _versions(report),
        "machines": _machines(report),
        "timings": report.run.timings,
        "decontamination": report.run.json("problems/decontamination.json"),
        "contamination": _contamination(report),
        "leaks": _leaks(report),
    }


def used_sections(config: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration without the sections that a run does not read: one of given pairs, or of
    models that are tuned already."""
    if config.get("tuned"):
        return {key: value for key, value in config.items() if key not in OF_TRAINING}
    if config.get("pairs"):
        curation = {key: config["curation"][key] for key in ("held_out", "seed")}
        problems = {key: value for key, value in config["problems"].items() if key != "train"}
        used = {**config, "curation": curation, "problems": problems}
        used.pop("sampling")
        return used
    return dict(config)


def _versions(report: ReportInputs) -> list[Fact]:
    """What the models were evaluated with, but for the machines."""
    tuned = {name: (one.protocol or {}).get("adapter_sha256") for name, one in report.seeds.items()}
    return [
        *distinct_values(
            "weights of the tuned model (SHA-256)", tuned if any(tuned.values()) else {}
        ),
        *(
            fact
            for key in report.base.provenance
            if key not in MACHINES
            for fact in distinct_values(key, _provenance_of_models(report, key))
        ),
    ]


def _machines(report: ReportInputs) -> list[Fact]:
    """The machines that sampled, executed and trained; the report may be made on another one."""
    meta = report.run.json("samples.meta.json")
    sampled = {"base": meta.get("hardware")} if meta else {}
    of_evaluation = {key: _provenance_of_models(report, key) for key in MACHINES}
    return [
        *distinct_values("sampling the training problems", sampled),
        *distinct_values("training", report.run.trained_on),
        *distinct_values("sampling the evaluation problems", of_evaluation["hardware"]),
        *distinct_values("executing these samples", of_evaluation["executed_on"]),
    ]


def _provenance_of_models(report: ReportInputs, key: str) -> dict[str, str | None]:
    return {name: one.provenance.get(key) for name, one in report.evaluations.items()}


def _contamination(report: ReportInputs) -> list[Contamination]:
    """Training problems that match an evaluation problem and were not dropped."""
    return decontaminate(report.run.train_problems, report.run.eval_problems, report.ngram)[1]


def _leaks(report: ReportInputs) -> dict[int, list[str]]:
    """The rows of pairs, from 1, that leak an evaluation problem, where no training problems are
    known: the pairs came from elsewhere, and before the evaluation problems did."""
    pairs = [] if report.run.train_problems else report.run.pairs
    foreign = [
        ForeignPair("", row, "standard", each.prompt, each.chosen, each.rejected, each.task_id)
        for row, each in enumerate(pairs, start=1)
    ]
    found = find_leaks(foreign, [None] * len(foreign), report.run.eval_problems, report.ngram)
    return {row + 1: leaks for row, leaks in sorted(found.items())}


SECTIONS = [
    Section("answer", "The answer", _answer),
    Section("moved", "Changes by failure mode", _moved),
    Section("base_tests", "Base and additional tests", _base_tests),
    Section("by_date", "Results by date of release", _by_date),
    Section("programs", "Programs", _programs),
    Section("pairs", "Pairs", _pairs),
    Section("tuning", "Choice of the recipe", _tuning),
    Section("training", "Training", _training),
    Section("collapse", "Collapse checks", _collapse),
    Section("rounds", "Rounds", _rounds),
    Section("controls", "Control arms", _controls),
    Section("certainty", "Statistical certainty", _certainty),
    Section("variance", "Sources of variance", _variance),
    Section("provenance", "Provenance", _provenance),
]
