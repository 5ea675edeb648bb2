"""The problems that were fixed or broken, with the programs of the base model and of the seeds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from failpairs.errors import InputError
from failpairs.exchange.samples import iterate_samples
from failpairs.exec_labels import ExecLabel
from failpairs.execution.label_samples import program_of
from failpairs.records import Problem, Sample
from failpairs.report.code_diff import Row, side_by_side
from failpairs.statistics.evaluation import Evaluation
from failpairs.statistics.fixed_and_broken import KINDS, Movement
from failpairs.storage.files import read_jsonl, sha256_file

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
class MovedProblem:
    """A problem that was fixed or broken."""

    movement: Movement
    prompt: str
    base: ShownOutcome
    versions: list[SeedVersion]

    @property
    def direction(self) -> str:
        return "broken" if self.movement.kind == "broken" else "fixed"

    @property
    def tuned(self) -> list[str]:
        """The labels in the seeds that moved, each once."""
        return list(dict.fromkeys(self.movement.tuned[name] for name in self.movement.seeds))


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


def cases(
    movements: Sequence[Movement],
    problems: Mapping[str, Problem],
    programs: Mapping[str, Programs],
) -> list[MovedProblem]:
    """Every fixed or broken problem whose programs are known, those of a kind together.

    Args:
        problems: by task id.
        programs: of each model (`base` or the name of a seed), by task id.
    """
    found = [
        _case(movement, problems[movement.task_id], programs)
        for movement in movements
        if movement.task_id in problems
        and all(movement.task_id in programs.get(name, {}) for name in ("base", *movement.seeds))
    ]
    return sorted(found, key=lambda case: KINDS.index(case.movement.kind))


def _case(movement: Movement, problem: Problem, programs: Mapping[str, Programs]) -> MovedProblem:
    base, verdict = programs["base"][movement.task_id]
    alike: dict[tuple[str, str], list[str]] = {}
    for name in movement.seeds:
        sample, _ = programs[name][movement.task_id]
        alike.setdefault((sample.completion, movement.tuned[name]), []).append(name)
    versions = []
    for names in alike.values():
        sample, after = programs[names[0]][movement.task_id]
        at = failing_line(problem, base, verdict), failing_line(problem, sample, after)
        rows = side_by_side(base.completion, sample.completion, at)
        versions.append(SeedVersion(names, _ending(problem, after), rows))
    return MovedProblem(movement, problem.prompt, _ending(problem, verdict), versions)


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
    lines = problem.test.split("\n")
    place = source = ""
    if verdict.line is not None:
        place = f"line {verdict.line} of the {'test' if verdict.raised_in == 'test' else 'program'}"
        if verdict.raised_in == "test" and verdict.line <= len(lines):
            source = lines[verdict.line - 1].strip()
    exception = ": ".join(filter(None, [verdict.exception, verdict.message]))
    return ShownOutcome(
        verdict.label, exception, place, source, verdict.tests_passed, verdict.tests_total
    )
