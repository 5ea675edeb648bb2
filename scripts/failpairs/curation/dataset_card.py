"""The dataset card of a set of pairs: Markdown with a YAML header, as dataset hubs read it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from failpairs.curation.build_pairs import Curated
from failpairs.markdown import table
from failpairs.provenance.protocol import LabelsMeta, SamplesMeta
from failpairs.records import Problem


def dataset_card(
    curated: Curated,
    problems: Sequence[Problem],
    samples_meta: SamplesMeta,
    labels_meta: LabelsMeta,
    policy: Mapping[str, Any],
    hashes: Mapping[str, str],
) -> str:
    """Where the pairs come from, what they are like, and what was left out.

    Args:
        hashes: SHA-256 of the files that belong together, by name.
    """
    used = {pair.task_id for pair in curated.pairs}
    sources = Counter((p.source, p.license) for p in problems if p.task_id in used)
    header = {
        "license": sorted({license for _, license in sources}),
        "task_categories": ["text-generation"],
        "tags": ["preference", "dpo", "code", "failpairs"],
        "size_categories": [_size_category(len(curated.pairs))],
    }
    funnel = curated.funnel
    wins = "none" if funnel.longer_wins is None else f"{funnel.longer_wins:.3f}"
    model, revision = (
        " ".join((text or "none").split())
        for text in (samples_meta.model.id, samples_meta.model.revision)
    )
    return "\n".join(
        [
            "---",
            yaml.safe_dump(header, sort_keys=True).rstrip("\n"),
            "---",
            "",
            "# Failure pairs",
            "",
            f"{len(curated.pairs)} preference pairs of {len(used)} problems, and "
            f"{len(curated.held_out)} held out for training curves. Both sides of each are "
            f"completions of `{model}` (revision `{revision}`), run by one and the same validator: "
            "the chosen side passed every test in every execution, the "
            "rejected side failed as its `rejected_label` says.",
            "",
            f'Accuracy of the rule "the longer side is the chosen one": {wins} (.5 tells nothing).',
            "",
            "## Sources",
            "",
            *table(
                ("source", "licence", "problems"), ((*k, n) for k, n in sorted(sources.items()))
            ),
            "",
            "## Failures",
            "",
            *table(
                ("rejected side", "failures among the samples", "pairs wanted", "pairs"),
                ((label, *counts.values()) for label, counts in funnel.mix.items()),
            ),
            "",
            "## Funnel",
            "",
            *table(
                ("of", "step", "number"),
                (
                    (part, step, number)
                    for part in ("samples", "problems", "pairs")
                    for step, number in getattr(funnel, part).items()
                ),
            ),
            "",
            "## Provenance",
            "",
            *table(("policy", "value"), ((key, value) for key, value in policy.items())),
            "",
            *table(("validator", "value"), ((k, v) for k, v in labels_meta.validator.items())),
            "",
            *table(("file", "SHA-256"), hashes.items()),
            "",
        ]
    )


def _size_category(count: int) -> str:
    bounds = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))
    return next((name for bound, name in bounds if count < bound), "100K<n<1M")
