"""Finished runs in folders, as the workflow leaves them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from builders import write_lines
from execution_builders import PROTOCOL, a_failure_pair, an_evaluation
from failpairs.statistics.comparison import compare
from failpairs.statistics.effects import Criteria
from failpairs.storage.files import write_json
from report_builders import CRITERIA

Labels = Sequence[Sequence[str] | str]


def write_run(
    folder: Path,
    base: Labels,
    *seeds: Labels,
    config: Mapping[str, Any] | None = None,
    n_pairs: int = 2,
    criteria: Criteria = CRITERIA,
    **changes: Any,
) -> Path:
    """A folder with a finished run of these labels.

    Args:
        changes: of all evaluations.
    """
    before = an_evaluation(base, **changes)
    tuned = {f"seed{i}": an_evaluation(labels, **changes) for i, labels in enumerate(seeds)}
    stats = compare(before, tuned, criteria, 99, seed=0, config=config and dict(config))
    for name, one in {"base": before, **tuned}.items():
        write_json(folder / "eval" / f"{name}.json", one.model_dump())
    write_json(folder / "stats.json", stats.model_dump())
    write_lines(folder / "pairs.jsonl", *[a_failure_pair("TIMEOUT").model_dump()] * n_pairs)
    return folder


def with_generation(**settings: Any) -> dict[str, Any]:
    """The protocol with other settings of the generation."""
    return {**PROTOCOL, "generation": {**PROTOCOL["generation"], **settings}}
