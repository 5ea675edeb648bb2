from pathlib import Path

import pytest
import torch
from failpairs.errors import InputError
from failpairs.provenance.protocol import write_meta
from failpairs.storage.files import write_jsonl
from failpairs.training import packing, reference_logprobs
from failpairs.training.reference_logprobs import read_reference, reference_of, with_reference
from test_train_adapter import PAIRS
from tiny_model import write_tiny_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model"))


def test_rows_name_their_pairs_and_join_them_again(folder: Path) -> None:
    rows, meta = reference_of(folder, PAIRS, "float32", "chat", 4)
    assert [row.task_id for row in rows] == [pair.task_id for pair in PAIRS]
    assert all(row.chosen_logprob < 0 and row.rejected_logprob < 0 for row in rows)
    assert meta.dtype == "torch.float32"
    encoded = with_reference([{} for _ in PAIRS], PAIRS, reversed(rows))
    assert [row["reference"][0][0] for row in encoded] == [row.chosen_logprob for row in rows]
    assert all(row.chosen_logprob <= row.chosen_inside_logprob <= 0 for row in rows)


def test_other_pairs_and_another_model_are_refused(folder: Path, tmp_path: Path) -> None:
    rows, meta = reference_of(folder, PAIRS[:2], "float32", "chat", 4)
    path = tmp_path / "reference_logps.jsonl"
    write_jsonl(path, rows)
    write_meta(path, meta)
    assert read_reference(path, meta) == rows
    edited = PAIRS[1].model_copy(update={"chosen": "return 7\n```"})
    with pytest.raises(InputError, match="are those of other pairs: the pair t/1"):
        with_reference([{}, {}], [PAIRS[0], edited], rows)
    with pytest.raises(InputError, match=r"dtype is 'torch.float32' in one and 'torch.bfloat16'"):
        read_reference(path, meta.model_copy(update={"dtype": "torch.bfloat16"}))


def test_a_pair_beyond_the_context_is_refused_and_never_cut(folder: Path) -> None:
    long = PAIRS[0].model_copy(update={"chosen": "x = 1\n" * 500})
    with pytest.raises(InputError, match=r"the pair t/0 \(0, 1\) has .* has room for 2048"):
        reference_of(folder, [long], "float32", "chat", 4)


def test_a_model_that_sees_beyond_the_mask_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    causal = torch.full((1, 1, 999, 999), float("-inf")).triu(1)
    monkeypatch.setattr(
        packing, "_mask", lambda group, *_: causal[:, :, : len(group), : len(group)]
    )
    with pytest.raises(InputError, match="ignores the attention mask"):
        reference_of(folder, PAIRS, "float32", "chat", 1)


def test_no_pairs_are_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="no pairs"):
        reference_of(folder, [], "float32", "chat", 4)


def test_pairs_that_cannot_fit_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference_logprobs, "room_here", lambda: 2**28)
    with pytest.raises(InputError, match=r"the reference needs .* and has 0\.2 GiB"):
        reference_of(folder, PAIRS, "float32", "chat", 4)


def test_memory_that_runs_out_halves_what_is_in_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    expected, _ = reference_of(folder, PAIRS, "float32", "chat", 4)
    from failpairs.training import pair_scores

    real = pair_scores.pack

    def pack(pairs: list[object]) -> object:
        if len(pairs) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(pairs)

    monkeypatch.setattr(pair_scores, "pack", pack)
    found, _ = reference_of(folder, PAIRS, "float32", "chat", 4)
    assert [row.chosen_logprob for row in found] == pytest.approx(
        [row.chosen_logprob for row in expected]
    )
    assert "going on with 1 pairs at once" in caplog.text
