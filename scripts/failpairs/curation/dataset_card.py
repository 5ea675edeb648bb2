"""The dataset card of a set of pairs: Markdown with a YAML header, as dataset hubs read it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from failpairs.curation.build_pairs import Curated
from failpairs.curation.false_passes import FalsePasses
from failpairs.markdown import table
from failpairs.provenance.protocol import LabelsMeta, SamplesMeta
from failpairs.records import Problem

# What problems come with, of https://huggingface.co/docs/hub/repositories-licenses.
HUB_LICENSES = frozenset(
    """apache-2.0 mit bsd bsd-2-clause bsd-3-clause cc cc0-1.0 cc-by-2.0 cc-by-3.0 cc-by-4.0
    cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-4.0 cc-by-nc-sa-4.0 gpl-2.0 gpl-3.0 lgpl-3.0 agpl-3.0
    mpl-2.0 isc unlicense odc-by unknown""".split()
)


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
    used = {pair.task_id for pair in (*curated.pairs, *curated.held_out)}
    n_trained = len({pair.task_id for pair in curated.pairs})
    sources = Counter((p.source, p.license) for p in problems if p.task_id in used)
    model, revision = (
        " ".join((text or "none").split())
        for text in (samples_meta.model.id, samples_meta.model.revision)
    )
    splits = {"train": curated.pairs, "held_out": curated.held_out}
    files = {"train": "pairs.jsonl", "held_out": "held_out_pairs.jsonl"}
    header = {
        "pretty_name": f"Failure pairs of {model}",
        "license": sorted({hub_license(license) for _, license in sources}) or ["unknown"],
        "language": ["code", "en"],
        "task_categories": ["text-generation"],
        "tags": ["preference", "dpo", "code", "failpairs"],
        "size_categories": [_size_category(sum(map(len, splits.values())))],
        "configs": [
            {
                "config_name": "default",
                # A file without rows has no columns, and would keep the others from being loaded.
                "data_files": [
                    {"split": name, "path": files[name]} for name, pairs in splits.items() if pairs
                ],
            }
        ],
    }
    funnel = curated.funnel
    wins = "none" if funnel.longer_wins is None else f"{funnel.longer_wins:.3f}"
    return "\n".join(
        [
            "---",
            yaml.safe_dump(header, sort_keys=True).rstrip("\n"),
            "---",
            "",
            "# Failure pairs",
            "",
            f"{len(curated.pairs)} preference pairs of {n_trained} problems, and "
            f"{len(curated.held_out)} held out for training curves. Both sides of each are "
            f"completions of `{model}` (revision `{revision}`), run by one and the same validator: "
            "the chosen side passed every test in every execution, the "
            "rejected side failed as its `rejected_label` says.",
            "",
            f'Accuracy of the rule "the longer side is the chosen one": {wins} (.5 tells nothing).',
            "",
            *_false_passes(funnel.false_passes),
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


def _false_passes(found: FalsePasses | None) -> list[str]:
    if not found or found["share"] is None:
        return []
    agreement = (
        f" Of {found['by_agreement']} of these problems, which have no reference, those count that "
        "differ from most other samples that pass."
    )
    return [
        f"Of {found['passed']} samples of {found['problems']} problems that pass the test, "
        f"{found['differ']} differ from the reference on generated inputs: {found['share']:.1%} "
        f"false passes ({found['confidence']:.0%} interval {found['low']:.1%} to "
        f"{found['high']:.1%}). They are on neither side of a pair."
        f"{agreement if found['by_agreement'] else ''}",
        "",
    ]


def hub_license(name: str) -> str:
    """A licence as the Hub identifies it: SPDX in lower case, or `other` for what it does not list.

    Example:
        >>> hub_license("CC-BY-4.0"), hub_license("ask my boss")
        ('cc-by-4.0', 'other')
    """
    return name.lower() if name.lower() in HUB_LICENSES else "other"


def _size_category(count: int) -> str:
    bounds = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))
    return next((name for bound, name in bounds if count < bound), "100K<n<1M")
