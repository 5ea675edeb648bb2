from pathlib import Path

import pytest
from failpairs.errors import InputError
from failpairs.models.load import load_model, model_identity
from failpairs.models.prepare import complete_model, prepare_model
from failpairs.storage.files import read_json, sha256_file
from tiny_model import write_tiny_model


def test_a_local_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    source = write_tiny_model(tmp_path / "source")
    prepare_model(str(source), "", tmp_path / "model")
    manifest = read_json(tmp_path / "model" / "manifest.json")
    assert manifest["id"] == str(source)
    weights = source / "model.safetensors"
    assert manifest["files"]["model.safetensors"] == sha256_file(weights)
    assert load_model(tmp_path / "model", "float32").config.vocab_size == 260


def test_another_local_model_leaves_nothing_of_the_one_before(tmp_path: Path) -> None:
    one, other = write_tiny_model(tmp_path / "a"), write_tiny_model(tmp_path / "b")
    (one / "added_tokens.json").write_text("{}", encoding="utf-8")
    (other / "model.safetensors").rename(other / "model-00001-of-00001.safetensors")
    for folder in (one, other):
        prepare_model(str(folder), "", tmp_path / "model")
        wanted = {path.name for path in folder.iterdir()}
        assert set(read_json(tmp_path / "model" / "manifest.json")["files"]) == wanted
    assert (one / "model.safetensors").is_file()


def test_a_second_copy_of_the_weights_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_tiny_model(tmp_path / "source")
    names = {path.name for path in source.iterdir()}
    (source / "consolidated.safetensors").write_bytes(b"again")
    ignored = []

    def download(model: str, *, ignore_patterns: list[str], **options: object) -> str:
        ignored.extend(ignore_patterns)
        return str(source)

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    output = tmp_path / "model"
    output.mkdir()
    # As an earlier version has linked it.
    (output / "consolidated.safetensors").symlink_to(source / "consolidated.safetensors")
    prepare_model("some/model", "a" * 40, output)
    assert ignored == ["consolidated*.safetensors"]
    assert set(read_json(output / "manifest.json")["files"]) == names


def test_a_model_is_not_prepared_in_its_own_folder(tmp_path: Path) -> None:
    source = write_tiny_model(tmp_path / "source")
    with pytest.raises(InputError, match=r"--output .* expected another folder"):
        prepare_model(str(source), "", source)
    assert load_model(source, "float32").config.vocab_size == 260


def test_another_revision_leaves_no_weights_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"a" * 40: "model.safetensors", "b" * 40: "model-00001-of-00001.safetensors"}

    def download(model: str, revision: str, **options: object) -> str:
        folder = tmp_path / "cache" / revision
        folder.mkdir(parents=True)
        for name in ("config.json", names[revision]):
            (folder / name).write_text(revision, encoding="utf-8")
        return str(folder)

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    for revision in names:
        prepare_model("some/model", revision, tmp_path / "model")
    manifest = read_json(tmp_path / "model" / "manifest.json")
    assert set(manifest["files"]) == {"config.json", "model-00001-of-00001.safetensors"}


def test_the_identity_changes_with_the_weights(tmp_path: Path) -> None:
    one, other = write_tiny_model(tmp_path / "a"), write_tiny_model(tmp_path / "b")
    assert model_identity(one).weights_sha256 == model_identity(other).weights_sha256
    with (other / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\1")
    assert model_identity(one).weights_sha256 != model_identity(other).weights_sha256


def test_a_manifest_alone_brings_back_its_model(tmp_path: Path) -> None:
    source = write_tiny_model(tmp_path / "source")
    prepare_model(str(source), "", tmp_path / "model")
    whole = model_identity(tmp_path / "model")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "model/manifest.json").rename(tmp_path / "elsewhere/manifest.json")
    complete_model(tmp_path / "elsewhere")
    assert model_identity(tmp_path / "elsewhere") == whole
    assert load_model(tmp_path / "elsewhere", "float32").config.vocab_size == 260


def test_a_model_that_changed_since_its_manifest_is_refused(tmp_path: Path) -> None:
    source = write_tiny_model(tmp_path / "source")
    prepare_model(str(source), "", tmp_path / "model")
    for path in (tmp_path / "model").glob("*.safetensors"):
        path.unlink()
    with (source / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\1")
    with pytest.raises(InputError, match=r"model\.safetensors is no longer what it was"):
        complete_model(tmp_path / "model")


@pytest.mark.parametrize(
    ("model", "revision", "message"),
    [
        ("embedded:gpt-5", "", "the only embedded model is"),
        ("no/such-model", "", "no such local folder"),
        ("not a model id!", "0" * 40, "neither a local folder nor a model id"),
    ],
)
def test_an_unknown_model_is_named(tmp_path: Path, model: str, revision: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        prepare_model(model, revision, tmp_path / "model")
    assert model in str(caught.value)
    assert not (tmp_path / "model").exists()


def test_a_folder_without_configuration_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no config\.json"):
        prepare_model(str(tmp_path / "empty"), "", tmp_path / "model")
    with pytest.raises(InputError, match=r"no config\.json"):
        model_identity(tmp_path / "empty")
