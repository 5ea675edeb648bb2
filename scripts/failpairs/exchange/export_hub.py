"""Which files go to which repository of the Hugging Face Hub, and their way there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from failpairs.errors import InputError

PAIR_FILES = ("README.md", "pairs.jsonl", "held_out_pairs.jsonl")
ADAPTER_FILES = (
    "README.md",
    "adapter_config.json",
    "adapter_model.safetensors",
    "train_log.jsonl",
)


@dataclass(frozen=True)
class Repository:
    """A repository of the Hub and its files by name: each a file here, or its content."""

    id: str
    kind: Literal["dataset", "model"]
    files: Mapping[str, Path | bytes]


def repositories(
    pairs: str, adapters: str, license: str, data_set: Path, folders: Sequence[Path]
) -> list[Repository]:
    """What is to be uploaded.

    Each adapter gets a repository of its own, since PEFT and the Hub's pages expect that: that of
    `adapters/seed0` is called as `adapters`, with `-seed0` after it. Its card names the data set,
    where that is uploaded too, and the licence, where there is one.

    Args:
        pairs, adapters: names of repositories, or the empty string for what stays here.
        license: the Hub's name of the licence of the adapters, or the empty string.
        data_set: the folder of the pairs.
        folders: those of the adapters.

    Raises:
        InputError: a file is missing, or both names are empty.
    """
    if not pairs and not adapters:
        raise InputError(
            "hub.pairs and hub.adapters are both empty: name a repository, such as "
            "--config 'hub={pairs: me/my-pairs}'"
        )
    found = [Repository(pairs, "dataset", _files(data_set, PAIR_FILES))] if pairs else []
    added = {"datasets": [pairs] if pairs else [], "license": license}
    for folder in folders if adapters else []:
        files = _files(folder, ADAPTER_FILES)
        card = _card_with(folder / "README.md", {k: v for k, v in added.items() if v})
        found.append(Repository(f"{adapters}-{folder.name}", "model", {**files, "README.md": card}))
    return found


def upload(repositories: Sequence[Repository], api: Any) -> Iterator[str]:
    """Upload each repository as one commit, and yield its address; new ones are private.

    Args:
        api: a `huggingface_hub.HfApi`.

    Raises:
        InputError: the Hub cannot be reached, or refuses.
    """
    from httpx2 import HTTPError
    from huggingface_hub import CommitOperationAdd

    for each in repositories:
        try:
            url = api.create_repo(each.id, repo_type=each.kind, private=True, exist_ok=True)
            api.create_commit(
                each.id,
                [CommitOperationAdd(name, content) for name, content in each.files.items()],
                commit_message="Upload from failpairs",
                repo_type=each.kind,
            )
        except (HTTPError, OSError, ValueError) as error:  # the last of a bad name or card
            reason = " ".join(str(error).split())
            raise InputError(
                f"{each.kind} {each.id!r}: cannot be uploaded: {reason}; check the name, the token "
                "and whether it may write there"
            ) from None
        yield str(url)


def _files(folder: Path, names: Sequence[str]) -> dict[str, Path | bytes]:
    for name in names:
        if not (folder / name).is_file():
            raise InputError(f"{folder / name}: no such file; run the workflow first")
    return {name: folder / name for name in names}


def _card_with(path: Path, values: Mapping[str, Any]) -> bytes:
    """A card with some more values in its header."""
    from huggingface_hub import RepoCard

    card = RepoCard.load(path)
    for key, value in values.items():
        card.data[key] = value
    return str(card).encode()
