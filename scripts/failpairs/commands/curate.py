"""Make preference pairs of labelled samples, and say how many candidates each step removed."""

import argparse
import logging
from dataclasses import asdict
from pathlib import Path

from failpairs.curation.build_pairs import curate
from failpairs.curation.dataset_card import dataset_card
from failpairs.curation.eligible_samples import is_held_out, join_labels
from failpairs.curation.false_passes import false_passes
from failpairs.curation.policy import CurationSettings, Policy
from failpairs.errors import InputError
from failpairs.exchange.samples import iterate_samples
from failpairs.exec_labels import ExecLabel, ProblemTrial
from failpairs.problems.generated_inputs import has_reference
from failpairs.problems.jsonl import read_problems
from failpairs.provenance.protocol import read_labels_meta, read_samples_meta
from failpairs.storage.files import (
    atomic_write,
    read_jsonl,
    read_yaml,
    sha256_file,
    write_json,
    write_jsonl,
)
from failpairs.workflow.options import add_options, read_options
from failpairs.workflow.validation import section_from

log = logging.getLogger(__name__)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", required=True, type=Path, metavar="FILE")
    parser.add_argument("--samples", required=True, type=Path, metavar="FILE")
    parser.add_argument("--labels", required=True, type=Path, metavar="FILE")
    parser.add_argument(
        "--output",
        required=True,
        type=Path,
        metavar="FILE",
        help="the pairs; beside it: curation_funnel.json, a dataset card, held_out_pairs.jsonl and "
        "held_out_problems.jsonl",
    )
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        help="a configuration file whose section `curation` gives the defaults of these options",
    )
    parser.add_argument(
        "--trials",
        type=Path,
        metavar="FILE",
        help="what scripts/try_problems.py found out about the problems; where it generated "
        "inputs, samples that differ on them are left out",
    )
    add_options(parser, Policy)
    policy_file = parser.parse_known_args()[0].policy
    if policy_file is not None:
        parser.set_defaults(**policy_section(policy_file))
    args = parser.parse_args()

    policy = read_options(args, Policy)
    labels_meta = read_labels_meta(args.labels, args.samples)
    samples_meta = read_samples_meta(args.samples)
    problems = read_problems(args.problems)
    with_inputs = problems_with_inputs(args.trials)
    verdicts = read_jsonl(args.labels, ExecLabel)
    labelled = join_labels(iterate_samples(args.samples), verdicts, with_inputs)
    without = {problem.task_id for problem in problems if not has_reference(problem)}
    checked = false_passes(labelled, with_inputs, without) if args.trials else None
    curated = curate(problems, labelled, samples_meta.prompts, policy, checked)
    made = len(curated.pairs), policy.n_pairs, len(curated.held_out)
    log.info("curated %d of %d pairs, and %d that are held out", *made)
    beside = args.output.parent
    write_json(beside / "curation_funnel.json", asdict(curated.funnel))
    write_jsonl(beside / "held_out_pairs.jsonl", curated.held_out)
    aside = (p for p in problems if is_held_out(p.task_id, policy.held_out, policy.seed))
    write_jsonl(beside / "held_out_problems.jsonl", aside)
    write_jsonl(args.output, curated.pairs)
    hashes = {path.name: sha256_file(path) for path in (args.output, args.samples, args.labels)}
    with atomic_write(args.output.with_suffix(".md")) as file:
        file.write(
            dataset_card(curated, problems, samples_meta, labels_meta, policy.model_dump(), hashes)
        )


def problems_with_inputs(trials: Path | None) -> set[str]:
    """The task ids of the problems for which inputs were generated."""
    rows = read_jsonl(trials, ProblemTrial) if trials else ()
    return {trial.task_id for trial in rows if trial.inputs}


def policy_section(path: Path) -> dict[str, object]:
    """What the section `curation` of a configuration file says of the policy.

    Raises:
        InputError: there is no such file, or it has no such section, or a key of it is wrong.
    """
    loaded = read_yaml(path)
    section = loaded.get("curation") if isinstance(loaded, dict) else None
    if not isinstance(section, dict):
        raise InputError(f"{path}: it has no section 'curation'")
    section_from(CurationSettings, section)
    return {key: value for key, value in section.items() if key in Policy.model_fields}
