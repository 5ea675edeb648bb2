"""Samples of an earlier run, for one that asks for more of them or for other problems.

A draw depends on the seed, the problem and the number of the sample alone, so that samples drawn
with the same code and settings need not be drawn again.
"""

import os
import shutil
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.models.tuned import settings_sha256
from failpairs.provenance.protocol import SamplesMeta, first_difference, read_samples_meta
from failpairs.records import Sample
from failpairs.storage.files import parse_row, read_json, read_jsonl, sha256_json, write_json


def drawing_sha256(code: str, model: Path, tuned: Path | None) -> str:
    """A hash of what decides a draw and is not in the meta of the samples: the code, and the
    settings of the model and of the tuned model, such as an adapter's alpha.

    Args:
        code: a hash of the code that draws.
    """
    folders = filter(None, (model, tuned))
    return sha256_json([code, *map(settings_sha256, folders)])


def keep(samples: Path, meta: SamplesMeta, drawing: str) -> None:
    """Keep a samples file that is whole, under a hidden name beside it: Snakemake removes a file
    before it is made again, but not that one. A second name takes no space on most file systems.

    Args:
        drawing: as `drawing_sha256`.
    """
    rows, about = _places(samples)
    about.unlink(missing_ok=True)
    rows.unlink(missing_ok=True)
    try:
        os.link(samples, rows)
    except OSError:  # a file system without hard links
        shutil.copyfile(samples, rows)
    write_json(about, {"drawing": drawing, "meta": meta.model_dump()})


def kept_samples(samples: Path, meta: SamplesMeta, drawing: str) -> dict[str, list[Sample]]:
    """The kept samples of each problem, in the order of their numbers from 0, that are what a run
    with this meta would draw; none where they were drawn in another way."""
    rows, about = _places(samples)
    with suppress(InputError):  # never kept, or damaged
        value = read_json(about)
        old = parse_row(SamplesMeta, value["meta"], str(about))
        if value.get("drawing") == drawing and _decisive(old) == _decisive(meta):
            return _usable(rows, old, meta)
    return {}


def given_samples(samples: Path, meta: SamplesMeta) -> dict[str, list[Sample]]:
    """The samples of a file, as `kept_samples`.

    Raises:
        InputError: they were drawn in another way than this meta says, or cannot be read.
    """
    old = read_samples_meta(samples)
    difference = first_difference(_decisive(old), _decisive(meta))
    if difference:
        raise InputError(f"{samples}: not drawn as these samples are to be: {difference}")
    return _usable(samples, old, meta)


def _usable(rows: Path, old: SamplesMeta, meta: SamplesMeta) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = defaultdict(list)
    for sample in read_jsonl(rows, Sample):
        if old.prompts[sample.task_id] == meta.prompts.get(sample.task_id):
            found[sample.task_id].append(sample)
    return {
        task_id: each
        for task_id, each in found.items()
        if [sample.sample_index for sample in each] == [*range(len(each))]
    }


def _places(samples: Path) -> tuple[Path, Path]:
    """The kept rows, and the file that says what they are."""
    return samples.with_name(f".{samples.name}.kept"), samples.with_name(
        f".{samples.name}.kept.json"
    )


def _decisive(meta: SamplesMeta) -> dict[str, Any]:
    """All that decides a draw, apart from its problem and its number."""
    generation = {**meta.generation, "n_samples": None}
    left_out = {"prompts", "prompts_sha256", "generation"}
    return {**meta.model_dump(exclude=left_out), "generation": generation}
