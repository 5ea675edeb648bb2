"""Compare models by samples that any tool drew: run what is not labelled yet, and report."""

import argparse
import logging
import math
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from failpairs.commands.execute import (
    find_tier_and_say_why,
    judged_all_the_same,
    label_file,
    labels_meta,
)
from failpairs.errors import InputError
from failpairs.exchange.samples import iterate_samples
from failpairs.exec_labels import ExecLabel
from failpairs.execution.label_samples import count_samples
from failpairs.execution.problem_trials import ProblemTrial, try_problems
from failpairs.execution.settings import ExecutionSettings
from failpairs.problems.jsonl import read_problems
from failpairs.problems.settings import ProblemLimits
from failpairs.problems.sources import load_all
from failpairs.provenance.protocol import LabelsMeta, read_labels_meta
from failpairs.provenance.versions import git_revision, versions
from failpairs.records import Problem, Sample
from failpairs.report.figures import all_figures
from failpairs.report.inputs import ReportInputs, compare_run
from failpairs.report.page import render_report
from failpairs.report.run_folder import RunFolder
from failpairs.statistics.effects import Criteria
from failpairs.statistics.evaluation import Evaluation, evaluate
from failpairs.statistics.settings import StatisticsSettings
from failpairs.storage.file_names import names_of
from failpairs.storage.files import (
    atomic_write,
    dump_row,
    read_jsonl,
    sha256_file,
    write_json,
    write_jsonl,
)
from failpairs.workflow.config import Comparison
from failpairs.workflow.options import add_options, read_options

log = logging.getLogger(__name__)
MOST_SAMPLES = 10_000  # least common multiple of their numbers: the tests take time with it


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
        "--workers", type=int, default=os.cpu_count(), metavar="N", help="processes at once"
    )
    add_options(parser, Comparison, only=("extract",))
    add_options(parser, ProblemLimits, only=("limit",))
    add_options(parser, ExecutionSettings)
    add_options(parser, StatisticsSettings)
    args = parser.parse_args()

    results = args.results or args.output.with_suffix(".files")
    execution = read_options(args, ExecutionSettings)
    statistics = read_options(args, StatisticsSettings)
    base, *tuned = names_of([args.base, *args.tuned])
    files = dict(zip(["base", *tuned], [args.base, *args.tuned], strict=True))
    problems = _problems(args.problems, read_options(args, ProblemLimits).limit)
    task_ids = [problem.task_id for problem in problems]
    numbers = {name: _count(path, task_ids, args.extract) for name, path in files.items()}
    shared = [p for p in problems if all(p.task_id in found for found in numbers.values())]
    if not shared:
        raise InputError(f"no problem has samples in all of {', '.join(map(str, files.values()))}")
    shared_ids = {problem.task_id for problem in shared}
    left_out = [task_id for task_id in task_ids if task_id not in shared_ids]
    if left_out:
        log.info(
            "%d of %d problems are left out: not every file has samples of them",
            len(left_out),
            len(problems),
        )
    most = samples_to_use([found[p.task_id] for p in shared for found in numbers.values()])
    _write_problems(results, shared)
    for name, path in files.items():
        samples = iterate_samples(path, task_ids, args.extract)
        kept = _kept(samples, shared_ids, most)
        write_jsonl(_folder(results, name) / "samples.jsonl", kept)
    _label(results, [*files], shared, execution, args.workers, args.extract)
    evaluations = {name: _evaluate(_folder(results, name), shared) for name in files}

    criteria = Criteria(
        confidence=statistics.confidence, equivalence_margin=statistics.equivalence_margin
    )
    before = evaluations.pop("base")
    run = RunFolder(results, tuned, of_curation=())
    stats = compare_run(before, evaluations, run, criteria, statistics.resamples, statistics.seed)
    report = ReportInputs(
        before,
        evaluations,
        run,
        stats,
        figures=all_figures(before, evaluations, stats, [], {}),
        seeds_vary="training",
        ngram=ProblemLimits().ngram,
        title="What changed?",
        subject=f"{', '.join(tuned)} against {base}",
        left_out=left_out,
    )
    page = render_report(report)
    write_json(results / "stats.json", stats.model_dump())
    with atomic_write(args.output) as file:
        file.write(page)
    log.info("%s", stats.effect.sentence)


def samples_to_use(numbers: Sequence[int]) -> int | None:
    """How many samples of each problem are compared, given how many there are; None for all.

    All are used, if need be with unequal numbers, unless these have no reasonable multiple in
    common.

    >>> samples_to_use([10, 10, 200]), samples_to_use([97, 89, 64])
    (None, 64)
    """
    return None if math.lcm(*{*numbers}) <= MOST_SAMPLES else min(numbers)


def _problems(sources: Sequence[str], limit: int) -> list[Problem]:
    if len(sources) == 1 and Path(sources[0]).is_file():
        return read_problems(Path(sources[0]))[: limit or None]
    return load_all(sources, "eval", limit)


def _count(path: Path, task_ids: Sequence[str], extract: bool) -> Counter[str]:
    """How many samples of each problem a file has.

    Raises:
        InputError: as `iterate_samples` and `count_samples`.
    """
    count_samples(iterate_samples(path, task_ids, extract))
    return Counter(sample.task_id for sample in iterate_samples(path, task_ids, extract))


def _kept(
    samples: Iterable[Sample], task_ids: Collection[str], most: int | None
) -> Iterator[Sample]:
    seen: Counter[str] = Counter()
    for sample in samples:
        if sample.task_id in task_ids and (most is None or seen[sample.task_id] < most):
            yield sample.model_copy(update={"sample_index": seen[sample.task_id]})
            seen[sample.task_id] += 1


def _folder(results: Path, name: str) -> Path:
    return results / "eval" / name


def _write_problems(results: Path, problems: Sequence[Problem]) -> None:
    """Write the problem file; labels that were made with another one go before that, so that they
    are not taken for new ones after a crash."""
    path = results / "problems" / "eval.jsonl"
    if path.exists() and path.read_text(encoding="utf-8") == "".join(map(dump_row, problems)):
        return
    for labels in results.glob("eval/*/exec_labels.jsonl"):
        labels.unlink()
    write_jsonl(path, problems)


def _label(
    results: Path,
    names: Sequence[str],
    problems: Sequence[Problem],
    settings: ExecutionSettings,
    workers: int,
    extract: bool,
) -> None:
    """Label the samples of those models whose labels are missing or were made otherwise."""
    tier = find_tier_and_say_why(settings)
    trials: dict[str, ProblemTrial] = {}
    for name in names:
        samples, labels = (
            _folder(results, name) / file for file in ("samples.jsonl", "exec_labels.jsonl")
        )
        meta = labels_meta(samples, settings, tier, extract)
        if labels.exists() and _meta_of(labels, samples) == meta:
            continue
        trials = trials or judged_all_the_same(try_problems(problems, settings, tier, workers))
        total = count_samples(iterate_samples(samples))
        log.info("%s:", name)
        label_file(problems, samples, labels, total, settings, tier, workers, trials, meta)


def _meta_of(labels: Path, samples: Path) -> LabelsMeta | None:
    """The meta of labels; None if they are not the labels of these samples."""
    try:
        return read_labels_meta(labels, samples)
    except InputError:
        return None


def _evaluate(folder: Path, problems: Sequence[Problem]) -> Evaluation:
    samples, labels = folder / "samples.jsonl", folder / "exec_labels.jsonl"
    evaluation = evaluate(
        problems,
        iterate_samples(samples),
        read_jsonl(labels, ExecLabel),
        None,
        read_labels_meta(labels, samples),
        {
            **versions(),
            "git_revision": git_revision(),
            "samples_sha256": sha256_file(samples),
            "labels_sha256": sha256_file(labels),
        },
    )
    write_json(folder.with_suffix(".json"), evaluation.model_dump())
    return evaluation
