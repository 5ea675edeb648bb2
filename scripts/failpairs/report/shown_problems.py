"""The evaluation problems as a reader looks at them, with the programs of the base model and of the
seeds."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from failpairs.errors import InputError
from failpairs.exchange.samples import iterate_samples
from failpairs.exec_labels import ExecLabel
from failpairs.execution.label_samples import program_of
from failpairs.labels import PASS, Label
from failpairs.records import Problem, Sample
from failpairs.report.code_diff import Row, side_by_side
from failpairs.statistics.evaluation import Evaluation
from failpairs.statistics.fixed_and_broken import KINDS
from failpairs.storage.files import read_jsonl, sha256_file

CHANGES = (*KINDS, "fails otherwise", "still fails", "still passes")  # in the order of the page
MOST_SHOWN = 2000  # characters of a test or a reference
Programs = Mapping[str, tuple[Sample, ExecLabel]]


@dataclass(frozen=True)
class ShownOutcome:
    """How a program ended: the label, the exception with its message, and the place and the source
    of the line at fault, where they are known."""

    label: str
    exception: str
    place: str
    source: str
    tests_passed: int
    tests_total: int


@dataclass(frozen=True)
class SeedVersion:
    """What some seeds wrote, all of them the same text, beside what the base model wrote."""

    seeds: list[str]
    ending: ShownOutcome
    rows: list[Row]

    @property
    def n_rows(self) -> int:
        """How many lines high the two sides are beside each other."""
        return len(self.rows)


@dataclass(frozen=True)
class ShownProblem:
    """A problem, and what became of it.

    Attributes:
        change: one of `CHANGES`.
        test, reference: as the problem has them, cut where they are very long.
        before: the label in the base model.
        endings: the label in each seed.
        versions: what the seeds wrote, first those that fixed or broke the problem, then those
            that fail otherwise; of those whose label did not change, only the most frequent text.
    """

    task_id: str
    change: str
    before: Label
    endings: dict[str, Label]
    prompt: str
    test: str
    reference: str
    base: ShownOutcome
    versions: list[SeedVersion]

    @property
    def direction(self) -> str:
        """What of the change a filter asks for."""
        return direction_of(self.change)

    @property
    def after(self) -> dict[Label, list[str]]:
        """The seeds by their labels."""
        found: dict[Label, list[str]] = {}
        for seed, label in self.endings.items():
            found.setdefault(label, []).append(seed)
        return found


def read_programs(
    samples: Path, labels: Path, evaluation: Evaluation, task_ids: Iterable[str]
) -> dict[str, tuple[Sample, ExecLabel]]:
    """The first sample of some problems, with its verdict.

    Raises:
        InputError: these are other samples or labels than those that were evaluated.
    """
    for path, name in ((samples, "samples"), (labels, "labels")):
        expected = evaluation.provenance.get(f"{name}_sha256")
        if expected is not None and sha256_file(path) != expected:
            raise InputError(f"{path}: not the {name} that were evaluated; run evaluate again")
    wanted = set(task_ids)
    verdicts = {
        row.task_id: row
        for row in read_jsonl(labels, ExecLabel)
        if row.sample_index == 0 and row.task_id in wanted
    }
    return {
        row.task_id: (row, verdicts[row.task_id])
        for row in iterate_samples(samples)
        if row.sample_index == 0 and row.task_id in verdicts
    }


def shown_problems(
    base: Evaluation,
    seeds: Mapping[str, Evaluation],
    problems: Mapping[str, Problem],
    programs: Mapping[str, Programs],
) -> list[ShownProblem]:
    """Every problem whose programs are known, those with one change together.

    Args:
        seeds: evaluations by name, of the same problems.
        problems: by task id.
        programs: of each model (`base` or the name of a seed), by task id.
    """
    labels = {
        seed: {result.task_id: result.labels[0] for result in one.problems}
        for seed, one in seeds.items()
    }
    found = []
    for result in base.problems:
        name = result.task_id
        known = all(name in programs.get(model, {}) for model in ("base", *seeds))
        if known and name in problems:
            after = {seed: of_seed[name] for seed, of_seed in labels.items()}
            found.append(_shown(problems[name], result.labels[0], after, programs))
    return sorted(found, key=lambda each: CHANGES.index(each.change))


def change_of(before: Label, after: Collection[Label]) -> str:
    """What became of a problem, one of `CHANGES`.

    Args:
        before, after: the labels in the base model and in the seeds.
    """
    solved = [label == PASS for label in after]
    if before == PASS:
        return "still passes" if all(solved) else "broken"
    if any(solved):
        return "fixed in all" if all(solved) else "fixed in some"
    return "fails otherwise" if {before} != {*after} else "still fails"


def direction_of(change: str) -> str:
    """A change, in whatever part of the seeds.

    Example:
        >>> direction_of("fixed in some")
        'fixed'
    """
    return change.partition(" in ")[0]


def _shown(
    problem: Problem, before: Label, after: Mapping[str, Label], programs: Mapping[str, Programs]
) -> ShownProblem:
    name = problem.task_id
    change = change_of(before, after.values())
    moved = {seed for seed, label in after.items() if (label == PASS) != (before == PASS)}
    changed = {seed for seed, label in after.items() if label != before}
    base, verdict = programs["base"][name]
    alike: dict[tuple[str, str], list[str]] = {}
    for seed in sorted(after, key=lambda seed: (seed not in moved, seed not in changed)):
        alike.setdefault((programs[seed][name][0].completion, after[seed]), []).append(seed)
    groups = [seeds for seeds in alike.values() if seeds[0] in changed]
    as_before = [seeds for seeds in alike.values() if seeds[0] not in changed]
    groups += [max(as_before, key=len)] if as_before else []
    versions = []
    for names in groups:
        sample, label = programs[names[0]][name]
        at = failing_line(problem, base, verdict), failing_line(problem, sample, label)
        rows = side_by_side(base.completion, sample.completion, at)
        versions.append(SeedVersion(names, _ending(problem, label), rows))
    return ShownProblem(
        task_id=name,
        change=change,
        before=before,
        endings=dict(after),
        prompt=problem.prompt,
        test=_not_too_long(problem.test.strip()),
        reference=_not_too_long(problem.reference.strip("\n")),
        base=_ending(problem, verdict),
        versions=versions,
    )


def _not_too_long(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def failing_line(problem: Problem, sample: Sample, verdict: ExecLabel) -> int | None:
    """The line of a completion at which its program failed, from 1; None where it is elsewhere.

    Verdicts count the lines of the program that was run, which may have begun before the
    completion and left out the prose around it.
    """
    if verdict.line is None or verdict.raised_in == "test":
        return None
    program, _ = program_of(problem, sample)
    if program is None:
        return None
    lines = program.rstrip().split("\n")
    for start in range(min(len(lines), verdict.line)):
        before, found, _ = sample.completion.partition("\n".join(lines[start:]))
        if found:
            return before.count("\n") + verdict.line - start
    return None


def _ending(problem: Problem, verdict: ExecLabel) -> ShownOutcome:
    place = source = ""
    if verdict.line is not None and verdict.raised_in != "test":
        place = f"line {verdict.line} of the program"
    elif verdict.line is not None:
        name, text = "test", problem.test
        if verdict.fragile and problem.plus_test:
            name, text = "additional tests", problem.plus_test
        lines = text.split("\n")
        place = f"line {verdict.line} of the {name}"
        # A line of additional tests may hold all their inputs.
        source = _not_too_long("".join(lines[verdict.line - 1 : verdict.line]).strip())
    exception = ": ".join(filter(None, [verdict.exception, verdict.message]))
    return ShownOutcome(
        verdict.label, exception, place, source, verdict.tests_passed, verdict.tests_total
    )
