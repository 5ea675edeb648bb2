"""The protocol lock: what two sample sets must share before they may be compared or paired.

Every samples file has a `.meta.json` beside it that says which model wrote it, from which prompts,
with which generation settings, on which engine.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from failpairs.errors import InputError
from failpairs.models.prompts import PromptFormat
from failpairs.storage.files import read_json, sha256_file, sha256_json

Meta = dict[str, Any]

SAME_EVALUATION = ("model", "prompt_format", "prompts_sha256", "generation", "engine")
SAME_SAMPLING = ("model", "adapter_sha256", "prompt_format", "generation", "engine")


def meta_path(path: Path) -> Path:
    """Where the meta of a JSONL file is: `samples.jsonl` has `samples.meta.json`."""
    name = path.name.removesuffix(".gz")
    return path.with_name(Path(name).stem + ".meta.json")


def sampling_meta(
    model: Meta,
    adapter_sha256: str | None,
    prompt_format: PromptFormat,
    prompts: dict[str, str],
    generation: Meta,
    engine: Meta,
    hardware: str | None,
) -> Meta:
    """The meta of a samples file: all that decides what is in it, and what it was made on.

    Args:
        prompts: the rendered prompt of each problem.
        generation: every setting of the generation.
        engine: what ran the model, and in which version.
        hardware: what it ran on, where that is known; it may differ where samples are compared.
    """
    return {
        "model": model,
        "adapter_sha256": adapter_sha256,
        "prompt_format": prompt_format.name,
        "prompts_sha256": sha256_json(prompts),
        "prompts": prompts,
        "generation": {**generation, "stop": list(prompt_format.stop), "repetition_penalty": 1.0},
        "engine": engine,
        "hardware": hardware,
    }


def read_meta(path: Path) -> Meta:
    """The meta of a JSONL file.

    Raises:
        InputError: it has none.
    """
    meta = read_json(meta_path(path))
    if not isinstance(meta, dict):
        raise InputError(f"{meta_path(path)}: expected a JSON object")
    return meta


def read_labels_meta(labels: Path, samples: Path) -> Meta:
    """The meta of a labels file, once it is known to belong to a samples file.

    Raises:
        InputError: it has none, or these are the labels of other samples.
    """
    meta = read_meta(labels)
    if meta.get("samples_sha256") != sha256_file(samples):
        raise InputError(f"{labels}: these are labels of another samples file than {samples}")
    return meta


def first_difference(one: Any, other: Any, prefix: str = "") -> str | None:
    """The first setting in which two metas differ, with both values, or None."""
    return next(_differences(one, other, prefix), None)


def _differences(one: Any, other: Any, prefix: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            yield from _differences(one.get(key), other.get(key), f"{prefix}.{key}".lstrip("."))
    elif one != other:
        yield f"{prefix} is {one!r} in one and {other!r} in the other"


def require_same(
    one: Meta, other: Meta, keys: Sequence[str], names: tuple[str, str], why: str
) -> None:
    """Refuse two metas that differ in one of the keys.

    Raises:
        InputError: names both files and the first setting that differs.
    """
    difference = first_difference({k: one.get(k) for k in keys}, {k: other.get(k) for k in keys})
    if difference:
        raise InputError(f"{names[0]} and {names[1]} {why}: {difference}")


def merge_metas(metas: Sequence[tuple[str, Meta]]) -> Meta:
    """The meta of several shards together: all the same but for their prompts and hardware.

    Args:
        metas: (file name, meta) of each shard.

    Raises:
        InputError: two shards were sampled differently.
    """
    first_name, first = metas[0]
    prompts: dict[str, str] = {}
    for name, meta in metas:
        require_same(first, meta, SAME_SAMPLING, (first_name, name), "were not sampled alike")
        prompts |= meta["prompts"]
    machines = dict.fromkeys(meta["hardware"] for _, meta in metas if meta.get("hardware"))
    return {
        **first,
        "prompts": prompts,
        "prompts_sha256": sha256_json(prompts),
        "hardware": "; ".join(machines) or None,
    }
