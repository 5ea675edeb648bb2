"""The protocol lock: what two sample sets must share before they may be compared or paired.

Every samples file has a `.meta.json` beside it that says which model wrote it, from which prompts,
with which generation settings, on which engine.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from failpairs.errors import InputError
from failpairs.models.load import ModelIdentity
from failpairs.models.prompts import PromptFormat
from failpairs.storage.files import parse_row, read_json, sha256_file, sha256_json, write_json

SAME_EVALUATION = ("model", "prompt_format", "prompts_sha256", "generation", "engine")
SAME_SAMPLING = ("model", "adapter_sha256", "prompt_format", "generation", "engine")


class Meta(BaseModel):
    """What stands beside a JSONL file: what decided its content. The fields are in file order."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SamplesMeta(Meta):
    """The meta of a samples file: all that decides what is in it, and what it was made on.

    `prompts` holds the rendered prompt of each problem; `generation` every setting of the
    generation; `adapter_sha256` the weights of the adapter, or of the tuned model that was sampled
    in place of the model; `engine` the name of what ran the model, and its version or address;
    `hardware` what it ran on, where that is known, which may differ where samples are compared.
    """

    model: ModelIdentity
    adapter_sha256: str | None
    prompt_format: str
    prompts_sha256: str
    prompts: dict[str, str]
    generation: dict[str, Any]
    engine: dict[str, str]
    hardware: str | None


class LabelsMeta(Meta):
    """The meta of a labels file: of which samples they are, what labelled them (the code, the
    Python, the sandbox and the limits), and the machine that ran the programs, where it is known.
    """

    samples_sha256: str
    validator: dict[str, Any]
    hardware: str | None = None


MetaType = TypeVar("MetaType", bound=Meta)


def meta_path(path: Path) -> Path:
    """Where the meta of a JSONL file is: `samples.jsonl` has `samples.meta.json`."""
    name = path.name.removesuffix(".gz")
    return path.with_name(Path(name).stem + ".meta.json")


def sampling_meta(
    model: ModelIdentity,
    adapter_sha256: str | None,
    prompt_format: PromptFormat,
    prompts: dict[str, str],
    generation: Mapping[str, Any],
    engine: dict[str, str],
    hardware: str | None,
) -> SamplesMeta:
    """The meta of samples; `generation` holds the settings apart from those of the format."""
    return SamplesMeta(
        model=model,
        adapter_sha256=adapter_sha256,
        prompt_format=prompt_format.name,
        prompts_sha256=sha256_json(prompts),
        prompts=prompts,
        generation={**generation, "stop": list(prompt_format.stop), "repetition_penalty": 1.0},
        engine=engine,
        hardware=hardware,
    )


def write_meta(path: Path, meta: Meta) -> None:
    """Write the meta of a JSONL file beside it."""
    write_json(meta_path(path), meta.model_dump())


def read_meta(path: Path, kind: type[MetaType]) -> MetaType:
    """The meta of a JSONL file.

    Raises:
        InputError: it has none, or one with a field that is missing, unknown or wrong.
    """
    where = str(meta_path(path))
    meta = read_json(meta_path(path))
    if not isinstance(meta, dict):
        raise InputError(f"{where}: expected a JSON object")
    return parse_row(kind, meta, where)


def read_samples_meta(samples: Path) -> SamplesMeta:
    """The meta of a samples file.

    Raises:
        InputError: as `read_meta`.
    """
    return read_meta(samples, SamplesMeta)


def read_labels_meta(labels: Path, samples: Path) -> LabelsMeta:
    """The meta of a labels file, once it is known to belong to a samples file.

    Raises:
        InputError: as `read_meta`, or these are the labels of other samples, or of none.
    """
    meta = read_meta(labels, LabelsMeta)
    if not samples.exists():
        raise InputError(f"{samples}: no such file")
    if meta.samples_sha256 != sha256_file(samples):
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
    one: Meta | Mapping[str, Any],
    other: Meta | Mapping[str, Any],
    keys: Sequence[str],
    names: tuple[str, str],
    why: str,
) -> None:
    """Refuse two metas that differ in one of the keys.

    Raises:
        InputError: names both files and the first setting that differs.
    """
    difference = first_difference(_values(one, keys), _values(other, keys))
    if difference:
        raise InputError(f"{names[0]} and {names[1]} {why}: {difference}")


def _values(meta: Meta | Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    if isinstance(meta, Meta):
        return meta.model_dump(include=set(keys))
    return {key: meta.get(key) for key in keys}


def merge_metas(metas: Sequence[tuple[str, SamplesMeta]]) -> SamplesMeta:
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
        prompts |= meta.prompts
    machines = dict.fromkeys(meta.hardware for _, meta in metas if meta.hardware)
    return first.model_copy(
        update={
            "prompts": prompts,
            "prompts_sha256": sha256_json(prompts),
            "hardware": "; ".join(machines) or None,
        }
    )
