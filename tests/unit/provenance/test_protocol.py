import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from failpairs.errors import InputError
from failpairs.provenance.protocol import (
    SAME_EVALUATION,
    SAME_SAMPLING,
    LabelsMeta,
    Meta,
    SamplesMeta,
    first_difference,
    merge_metas,
    meta_path,
    read_labels_meta,
    read_samples_meta,
    require_same,
    write_meta,
)
from failpairs.storage.files import read_json, sha256_file, sha256_json, write_json
from hypothesis import example, given, settings
from hypothesis import strategies as st

json_values = st.recursive(
    st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


def a_meta(prompts: dict[str, str] | None = None, **changes: Any) -> SamplesMeta:
    prompts = prompts or {"t/0": "aa"}
    return SamplesMeta.model_validate(
        {
            "model": {"id": "some/model", "revision": "abc", "weights_sha256": "0" * 64},
            "adapter_sha256": None,
            "prompt_format": "chat",
            "prompts_sha256": sha256_json(prompts),
            "prompts": prompts,
            "generation": {"temperature": 0.0, "max_new_tokens": 512},
            "engine": {"name": "transformers", "version": "5"},
            "hardware": "EPYC",
            **changes,
        }
    )


OTHER_MODEL = {"id": "other", "revision": "abc", "weights_sha256": "0" * 64}


@pytest.mark.parametrize(
    ("name", "meta"),
    [
        ("samples.jsonl", "samples.meta.json"),
        ("samples.jsonl.gz", "samples.meta.json"),
        ("part.1.jsonl", "part.1.meta.json"),
        ("samples", "samples.meta.json"),
    ],
)
def test_the_meta_stands_beside_its_file(name: str, meta: str) -> None:
    assert meta_path(Path("results") / name) == Path("results") / meta


def test_a_missing_meta_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"samples\.meta\.json: no such file"):
        read_samples_meta(tmp_path / "samples.jsonl")


@pytest.mark.parametrize(
    "content",
    [
        *("[]", '"text"', "3", "null", "{}", "", "{", '{"model": 3}', '{"model": {}}'),
        *('{"model": null}', '{"samples_sha256": null}', '{"samples_sha256": "0"}', '{"a": NaN}'),
    ],
)
@pytest.mark.parametrize("read", [read_samples_meta, lambda path: read_labels_meta(path, path)])
def test_nonsense_is_no_meta(tmp_path: Path, content: str, read: Callable[[Path], Meta]) -> None:
    (tmp_path / "samples.jsonl").touch()
    (tmp_path / "samples.meta.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"samples\.meta\.json"):
        read(tmp_path / "samples.jsonl")


def test_labels_of_missing_samples_are_refused(tmp_path: Path) -> None:
    write_meta(tmp_path / "labels.jsonl", LabelsMeta(samples_sha256="0", validator={}))
    with pytest.raises(InputError, match=r"samples\.jsonl: no such file"):
        read_labels_meta(tmp_path / "labels.jsonl", tmp_path / "samples.jsonl")


def test_a_meta_is_read_as_it_was_written_in_the_order_of_its_fields(tmp_path: Path) -> None:
    meta = a_meta()
    write_meta(tmp_path / "samples.jsonl", meta)
    assert read_samples_meta(tmp_path / "samples.jsonl") == meta
    assert list(read_json(tmp_path / "samples.meta.json")) == [
        *("model", "adapter_sha256", "prompt_format", "prompts_sha256", "prompts"),
        *("generation", "engine", "hardware"),
    ]


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("adapter", "abc", "field 'adapter': extra inputs are not permitted"),
        ("prompts", ["text"], "field 'prompts': input should be a valid dictionary"),
        ("model", {"id": "a", "revision": ""}, "field 'model.weights_sha256': field required"),
    ],
)
def test_a_wrong_field_is_named_with_its_file(
    tmp_path: Path, key: str, value: Any, fault: str
) -> None:
    write_json(tmp_path / "samples.meta.json", {**a_meta().model_dump(), key: value})
    with pytest.raises(InputError, match=rf"samples\.meta\.json: {re.escape(fault)}"):
        read_samples_meta(tmp_path / "samples.jsonl")


@settings(deadline=None, max_examples=100)
@given(one=json_values, other=json_values)
@example(one={"a": {}}, other={"a": {"b": 1}})
def test_a_difference_is_found_exactly_where_there_is_one(one: Any, other: Any) -> None:
    assert first_difference(one, copy.deepcopy(one)) is None
    assert (first_difference(one, other) is None) == (one == other)
    assert (first_difference(other, one) is None) == (one == other)


def test_a_difference_deep_inside_is_named_with_both_values() -> None:
    one, other = {"a": {"b": {"c": 1, "d": 2}}}, {"a": {"b": {"c": 1, "d": 3}}}
    assert first_difference(one, other) == "a.b.d is 2 in one and 3 in the other"


@pytest.mark.parametrize(
    ("keys", "key", "value", "named"),
    [
        (SAME_EVALUATION, "generation", {"temperature": 0.2}, "generation.max_new_tokens is 512"),
        (SAME_EVALUATION, "prompts_sha256", "other", "prompts_sha256 is"),
        (SAME_EVALUATION, "model", OTHER_MODEL, "model.id is 'some/model'"),
        (SAME_EVALUATION, "engine", {"name": "vllm"}, "engine.name is"),
        (SAME_SAMPLING, "adapter_sha256", "abc", "adapter_sha256 is None"),
        (SAME_SAMPLING, "prompt_format", "completion", "prompt_format is 'chat'"),
    ],
)
def test_what_must_be_the_same_is_required(
    keys: tuple[str, ...], key: str, value: Any, named: str
) -> None:
    other = a_meta(**{key: value})
    with pytest.raises(InputError) as caught:
        require_same(a_meta(), other, keys, ("a.jsonl", "b.jsonl"), "do not compare")
    assert str(caught.value).startswith(f"a.jsonl and b.jsonl do not compare: {named}")


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        (SAME_EVALUATION, "adapter_sha256"),
        (SAME_EVALUATION, "hardware"),
        (SAME_SAMPLING, "prompts_sha256"),
        (SAME_SAMPLING, "hardware"),
    ],
)
def test_what_may_differ_may_differ(keys: tuple[str, ...], key: str) -> None:
    require_same(a_meta(), a_meta(**{key: "other"}), keys, ("a", "b"), "differ")


@settings(deadline=None, max_examples=60)
@given(
    prompts=st.dictionaries(st.text(max_size=4), st.text(max_size=4), min_size=1), data=st.data()
)
def test_shards_merge_into_the_meta_of_the_whole(
    prompts: dict[str, str], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(list(prompts)))
    count = data.draw(st.integers(1, len(order)))
    shards = [{key: prompts[key] for key in order[i::count]} for i in range(count)]
    metas = [(f"shard{i}", a_meta(shard)) for i, shard in enumerate(shards)]
    assert merge_metas(metas) == a_meta(prompts)


def test_shards_of_two_models_do_not_merge() -> None:
    other = a_meta(model=OTHER_MODEL)
    with pytest.raises(InputError, match=r"^s1 and s2 were not sampled alike: model\.id is"):
        merge_metas([("s1", a_meta()), ("s2", other)])


@pytest.mark.parametrize(
    ("machines", "merged"),
    [
        (["EPYC", "EPYC, 1 × T4", "EPYC"], "EPYC; EPYC, 1 × T4"),
        ([None, "EPYC"], "EPYC"),
        ([None, None], None),
    ],
)
def test_shards_may_come_from_several_machines(
    machines: list[str | None], merged: str | None
) -> None:
    metas = [(f"shard{i}", a_meta(hardware=one)) for i, one in enumerate(machines)]
    assert merge_metas(metas).hardware == merged


def test_labels_of_other_samples_are_refused(tmp_path: Path) -> None:
    samples, labels = tmp_path / "samples.jsonl", tmp_path / "labels.jsonl"
    samples.write_text("one", encoding="utf-8")
    meta = LabelsMeta(samples_sha256=sha256_file(samples), validator={"timeout": 10.0})
    write_meta(labels, meta)
    assert read_labels_meta(labels, samples) == meta
    samples.write_text("other", encoding="utf-8")
    with pytest.raises(InputError, match=r"labels\.jsonl: these are labels of another samples"):
        read_labels_meta(labels, samples)
