"""Compare models by samples that any tool drew: run what is not labelled yet, and report."""

import argparse
import logging
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from failpairs.commands.execute import (
    find_tier_and_say_why,
    label_file,
    labels_meta,
    validator,
    warn_of_fences,
)
from failpairs.errors import InputError
from failpairs.exchange.samples import iterate_samples
from failpairs.exec_labels import ExecLabel, ProblemTrial
from failpairs.execution.label_samples import count_samples
from failpairs.execution.problem_trials import try_problems
from failpairs.execution.settings import ExecutionSettings
from failpairs.problems.jsonl import read_problems
from failpairs.problems.rows import REMEDY, Fault, listed
from failpairs.problems.settings import ProblemLimits
from failpairs.problems.sources import load_all
from failpairs.provenance.protocol import LabelsMeta, read_labels_meta
from failpairs.provenance.versions import git_revision, versions
from failpairs.records import Problem, Sample
from failpairs.report.figures import all_figures
from failpairs.report.in_short import what_was_measured
from failpairs.report.inputs import ReportInputs, compare_run
from failpairs.report.page import render_report
from failpairs.report.run_folder import RunFolder
from failpairs.statistics.effects import Criteria
from failpairs.statistics.evaluation import Evaluation, evaluate
from failpairs.statistics.settings import OF_TWO_MODELS, StatisticsSettings
from failpairs.storage.file_names import names_of
from failpairs.storage.files import (
    atomic_write,
    read_json,
    read_jsonl,
    require_output,
    sha256_file,
    sha256_json,
    write_json,
    write_jsonl,
)
from failpairs.workflow.config import Comparison
from failpairs.workflow.options import add_options, at_least_one, read_options

log = logging.getLogger(__name__)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--problems",
        required=True,
        nargs="+",
        metavar="SOURCE",
        help="a problem file, or sources as in the configuration, such as humaneval",
    )
    parser.add_argument("--base", required=True, type=Path, metavar="FILE", help="samples")
    parser.add_argument(
        "--tuned",
        required=True,
        nargs="+",
        type=Path,
        metavar="FILE",
        help="samples of tuned models; several are taken for repetitions of one training, such as "
        "its seeds: their mean is compared, and each of them by itself",
    )
    parser.add_argument("--output", required=True, type=Path, metavar="FILE", help="HTML page")
    parser.add_argument(
        "--results",
        type=Path,
        metavar="DIR",
        help="folder for samples, labels, evaluations and stats.json, where a second run finds "
        "what was labelled (default: named like the page, with the suffix .files)",
    )
    parser.add_argument(
        "--workers",
        type=at_least_one,
        default=os.cpu_count(),
        metavar="N",
        help="processes at once",
    )
    parser.add_argument(
        "--broken",
        choices=["stop", "drop"],
        default="stop",
        help="what to do about malformed rows, and problems whose own reference fails or whose "
        "test asserts nothing: stop, or leave them out (default: %(default)s)",
    )
    add_options(parser, Comparison, only=("extract",))
    add_options(parser, ProblemLimits, only=("limit",))
    add_options(parser, ExecutionSettings)
    add_options(parser, StatisticsSettings, only=OF_TWO_MODELS)
    args = parser.parse_args()

    require_output(args.output, args.base, *args.tuned, *map(Path, args.problems))
    results = args.results or args.output.with_suffix(".files")
    if results.is_file() or (results / "eval" / "base" / "samples.meta.json").exists():
        raise InputError(f"{results}: holds other results; name another folder with --results")
    execution = read_options(args, ExecutionSettings)
    statistics = read_options(args, StatisticsSettings)
    base, *tuned = names_of([args.base, *args.tuned])
    files = dict(zip(["base", *tuned], [args.base, *args.tuned], strict=True))
    # An evaluation has a label of every sample: what could not be executed is left to the next run.
    all_of_them = execution.model_copy(update={"max_infra_errors": 0.0})
    known, problems = _problems(args.problems, read_options(args, ProblemLimits).limit, args.broken)
    numbers = [
        count_samples(warn_of_fences(iterate_samples(path, known, args.extract), path), str(path))
        for path in files.values()
    ]
    for path, found in zip(files.values(), numbers, strict=True):
        log.info("%s: samples of %s", path, _extent(found, problems))
    shared = [p for p in problems if all(p.task_id in found for found in numbers)]
    if not shared:
        raise InputError(f"no problem has samples in all of {', '.join(map(str, files.values()))}")
    if len(shared) < len(problems):
        log.info(
            "%d of %d problems are left out: not every file has samples of them",
            len(problems) - len(shared),
            len(problems),
        )
    tier = find_tier_and_say_why(execution)
    trials = _trials(results, shared, execution, tier, args.workers)
    sound = _sound(shared, trials, args.broken)
    sound_ids = {problem.task_id for problem in sound}
    left_out = [problem.task_id for problem in problems if problem.task_id not in sound_ids]
    write_jsonl(results / "problems" / "eval.jsonl", sound)
    for name, path in files.items():
        kept = _kept(iterate_samples(path, known, args.extract), sound_ids)
        write_jsonl(_folder(results, name) / "samples.jsonl", kept)
        folder = _folder(results, name)
        _label(folder, sound, all_of_them, tier, args.workers, args.extract, trials)
    evaluations = {name: _evaluate(_folder(results, name), sound) for name in files}

    criteria = Criteria(
        confidence=statistics.confidence, equivalence_margin=statistics.equivalence_margin
    )
    before = evaluations.pop("base")
    run = RunFolder(results, tuned, of_curation=())
    stats = compare_run(before, evaluations, run, criteria, statistics.resamples, statistics.seed)
    subject, title = f"{', '.join(tuned)} against {base}", "What changed?"
    measured = what_was_measured(subject, before, evaluations, 0)
    report = ReportInputs(
        before,
        evaluations,
        run,
        stats,
        figures=all_figures(before, evaluations, stats, [], {}, title, measured),
        seeds_vary="training",
        ngram=ProblemLimits().ngram,
        title=title,
        subject=subject,
        measured=measured,
        left_out=left_out,
    )
    page = render_report(report)
    write_json(results / "stats.json", stats.model_dump())
    with atomic_write(args.output) as file:
        file.write(page)
    log.info("%s", stats.effect.sentence)


def _problems(sources: Sequence[str], limit: int, broken: str) -> tuple[list[str], list[Problem]]:
    """All task ids, of which there may be samples, and the problems to compare on."""
    if len(sources) == 1 and Path(sources[0]).is_file():
        problems = read_problems(Path(sources[0]))
        return [p.task_id for p in problems], problems[: limit or None]
    problems = load_all(sources, "eval", 0, broken)
    task_ids = [problem.task_id for problem in problems]
    return task_ids, load_all(sources, "eval", limit, broken) if limit else problems


def _extent(found: Mapping[str, int], problems: Sequence[Problem]) -> str:
    """Of how many problems there are samples, and how many of each."""
    counts = [found[p.task_id] for p in problems if p.task_id in found]
    numbers = " to ".join(map(str, sorted({min(counts, default=0), max(counts, default=0)})))
    return f"{len(counts)} of {len(problems)} problems, {numbers} of each"


def _kept(samples: Iterable[Sample], task_ids: Collection[str]) -> Iterator[Sample]:
    seen: Counter[str] = Counter()
    for sample in samples:
        if sample.task_id in task_ids:
            yield sample.model_copy(update={"sample_index": seen[sample.task_id]})
            seen[sample.task_id] += 1


def _folder(results: Path, name: str) -> Path:
    return results / "eval" / name


def _trials(
    results: Path,
    problems: Sequence[Problem],
    settings: ExecutionSettings,
    tier: str,
    workers: int,
) -> list[ProblemTrial]:
    """How each problem's reference does: found out, or kept from a comparison on the same ones."""
    path, about = (results / "problems" / name for name in ("trials.jsonl", "trials.meta.json"))
    decisive = {
        "problems": sha256_json([problem.model_dump() for problem in problems]),
        "validator": validator(settings, tier, extract=False),
    }
    with suppress(InputError):  # nothing is kept
        if read_json(about) == decisive:
            return list(read_jsonl(path, ProblemTrial))
    # Labels that were made with other problems go first, so that a crash leaves none of them.
    for labels in results.glob("eval/*/exec_labels.jsonl"):
        labels.unlink()
    found = list(try_problems(problems, settings, tier, workers))
    write_jsonl(path, found)
    write_json(about, decisive)
    return found


def _sound(
    problems: Sequence[Problem], trials: Iterable[ProblemTrial], broken: str
) -> list[Problem]:
    """The problems without a fault.

    Raises:
        InputError: there are others, and these are not to be left out, or there are only others.
    """
    faults = {trial.task_id: trial.fault for trial in trials if trial.fault is not None}
    for task_id, fault in faults.items():
        log.warning("problem %s: %s", task_id, fault)
    sound = [problem for problem in problems if problem.task_id not in faults]
    if faults and (broken == "stop" or not sound):
        named = listed([Fault(task_id, fault) for task_id, fault in faults.items()])
        raise InputError(f"broken problems: {named}. {REMEDY}")
    return sound


def _label(
    folder: Path,
    problems: Sequence[Problem],
    settings: ExecutionSettings,
    tier: str,
    workers: int,
    extract: bool,
    trials: Iterable[ProblemTrial],
) -> None:
    """Label the samples of a model, if its labels are missing or were made otherwise."""
    samples, labels = folder / "samples.jsonl", folder / "exec_labels.jsonl"
    meta = labels_meta(samples, settings, tier, extract)
    if labels.exists() and _meta_of(labels, samples) == meta:
        return
    total = count_samples(iterate_samples(samples), str(samples)).total()
    log.info("%s:", folder.name)
    by_id = {trial.task_id: trial for trial in trials}
    label_file(problems, samples, labels, total, settings, tier, workers, by_id, meta)


def _meta_of(labels: Path, samples: Path) -> LabelsMeta | None:
    """The meta of labels; None if they are not the labels of these samples."""
    try:
        return read_labels_meta(labels, samples)
    except InputError:
        return None


def _evaluate(folder: Path, problems: Sequence[Problem]) -> Evaluation:
    samples, labels = folder / "samples.jsonl", folder / "exec_labels.jsonl"
    meta = read_labels_meta(labels, samples)
    evaluation = evaluate(
        problems,
        iterate_samples(samples),
        read_jsonl(labels, ExecLabel),
        None,
        meta,
        {
            **versions(),
            "git_revision": git_revision(),
            "executed_on": meta.hardware,
            "samples_sha256": sha256_file(samples),
            "labels_sha256": sha256_file(labels),
        },
    )
    write_json(folder.with_name(f"{folder.name}.json"), evaluation.model_dump())
    return evaluation
