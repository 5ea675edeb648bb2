from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from failpairs.errors import InputError
from failpairs.exchange.export_hub import ADAPTER_FILES, PAIR_FILES, repositories, upload
from huggingface_hub import ModelCard
from huggingface_hub.errors import HFValidationError

CARD = "---\nlibrary_name: peft\ntags:\n- lora\n---\n\n# Adapter\n"


class FakeHub:
    """Keeps what would be uploaded."""

    def __init__(self, error: Exception | None = None) -> None:
        self.made: list[tuple[str, str, bool]] = []
        self.commits: dict[str, dict[str, Any]] = {}
        self._error = error

    def create_repo(self, id: str, *, repo_type: str, private: bool, exist_ok: bool) -> str:
        assert exist_ok
        self.made.append((id, repo_type, private))
        return f"https://hub/{id}"

    def create_commit(
        self, id: str, operations: Sequence[Any], *, commit_message: str, repo_type: str
    ) -> None:
        assert commit_message
        if self._error:
            raise self._error
        self.commits[id] = {each.path_in_repo: each.path_or_fileobj for each in operations}


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "hub" / "pairs", PAIR_FILES)


@pytest.fixture
def adapters(tmp_path: Path) -> list[Path]:
    folders = [
        folder_of(tmp_path / "adapters" / name, ADAPTER_FILES) for name in ("seed0", "seed7")
    ]
    for folder in folders:
        (folder / ".seed0.lock").touch()
        (folder / "README.md").write_text(CARD, encoding="utf-8")
    return folders


def folder_of(folder: Path, names: Sequence[str]) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def test_pairs_and_each_adapter_go_to_private_repositories_of_their_own(
    data_set: Path, adapters: list[Path]
) -> None:
    hub = FakeHub()
    found = repositories("me/pairs", "me/lora", "apache-2.0", data_set, adapters)
    assert list(upload(found, hub)) == [
        "https://hub/me/pairs",
        "https://hub/me/lora-seed0",
        "https://hub/me/lora-seed7",
    ]
    assert hub.made == [
        ("me/pairs", "dataset", True),
        ("me/lora-seed0", "model", True),
        ("me/lora-seed7", "model", True),
    ]
    assert hub.commits["me/pairs"] == {name: str(data_set / name) for name in PAIR_FILES}
    assert set(hub.commits["me/lora-seed0"]) == set(ADAPTER_FILES)
    weights = hub.commits["me/lora-seed7"]["adapter_model.safetensors"]
    assert weights == str(adapters[1] / "adapter_model.safetensors")


def test_the_card_of_an_adapter_names_the_data_set_and_the_licence(
    data_set: Path, adapters: list[Path]
) -> None:
    found = repositories("me/pairs", "me/lora", "apache-2.0", data_set, adapters)
    content = found[1].files["README.md"]
    assert isinstance(content, bytes)
    card = ModelCard(content.decode())
    assert (card.data.datasets, card.data.license) == (["me/pairs"], "apache-2.0")
    assert (card.data.library_name, card.data.tags) == ("peft", ["lora"])
    assert card.text.strip() == "# Adapter"
    alone = repositories("", "me/lora", "", data_set, adapters)[0].files["README.md"]
    assert isinstance(alone, bytes)
    assert alone.decode() == CARD


def test_only_what_is_named_is_uploaded(data_set: Path, adapters: list[Path]) -> None:
    (pairs,) = repositories("me/pairs", "", "", data_set, adapters)
    assert pairs.kind == "dataset"
    with pytest.raises(InputError, match=r"^hub.pairs and hub.adapters are both empty: .*--config"):
        repositories("", "", "", data_set, adapters)


@pytest.mark.parametrize("name", PAIR_FILES)
def test_a_missing_file_is_named(data_set: Path, name: str) -> None:
    (data_set / name).unlink()
    with pytest.raises(InputError, match=rf"{name}: no such file; run the workflow first"):
        repositories("me/pairs", "", "", data_set, [])


@pytest.mark.parametrize("error", [OSError("403\nForbidden"), HFValidationError("bad name")])
def test_a_refusal_of_the_hub_is_one_line(data_set: Path, error: Exception) -> None:
    found = repositories("me/pairs", "", "", data_set, [])
    with pytest.raises(InputError, match=r"^dataset 'me/pairs': cannot be uploaded: ") as caught:
        list(upload(found, FakeHub(error)))
    assert "\n" not in str(caught.value)
