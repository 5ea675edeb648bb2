"""The Hub's cache, laid out by hand, and what its client raises."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from failpairs.errors import InputError
from failpairs.exchange.pairs import read_pairs
from failpairs.models.load import load_model
from failpairs.models.prepare import prepare_model
from failpairs.problems.mbpp import HUB_ID, HUB_REVISION
from failpairs.problems.sources import load_problems
from failpairs.storage.files import read_json, sha256_file
from failpairs.storage.hub import fetch_snapshot
from huggingface_hub import constants
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from tiny_model import write_tiny_model

COMMIT = "a" * 40
SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"


def fill_cache(cache: Path, kind: str, name: str, commit: str, files: dict[str, bytes]) -> Path:
    """Lay files out as the Hub's client does: contents in blobs, to which snapshots link."""
    repository = cache / f"{kind}s--{name.replace('/', '--')}"
    snapshot = repository / "snapshots" / commit
    for path, content in files.items():
        blob = repository / "blobs" / hashlib.sha256(content).hexdigest()
        blob.parent.mkdir(parents=True, exist_ok=True)
        blob.write_bytes(content)
        (snapshot / path).parent.mkdir(parents=True, exist_ok=True)
        (snapshot / path).symlink_to(os.path.relpath(blob, (snapshot / path).parent))
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit, encoding="utf-8")
    return snapshot


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of a machine that must not ask the Hub."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "datasets")
    return tmp_path / "hub"


def test_a_model_in_the_cache_is_prepared_without_the_hub(tmp_path: Path, cache: Path) -> None:
    source = write_tiny_model(tmp_path / "source")
    files = {path.name: path.read_bytes() for path in source.iterdir()}
    fill_cache(cache, "model", "me/tiny", COMMIT, {**files, "onnx/model.onnx": b"\0"})
    prepare_model("me/tiny", COMMIT, tmp_path / "model")
    manifest = read_json(tmp_path / "model" / "manifest.json")
    assert (manifest["id"], manifest["revision"]) == ("me/tiny", COMMIT)
    assert set(manifest["files"]) == set(files)
    weights = tmp_path / "model" / "model.safetensors"
    assert weights.resolve().parent.name == "blobs"  # nothing is stored twice
    assert sha256_file(weights) == sha256_file(source / "model.safetensors")
    assert load_model(tmp_path / "model", "float32").config.vocab_size == 260


def test_the_program_heeds_the_environment_of_the_hub(tmp_path: Path) -> None:
    source = write_tiny_model(tmp_path / "source")
    files = {path.name: path.read_bytes() for path in source.iterdir()}
    fill_cache(tmp_path / "home" / "hub", "model", "me/tiny", COMMIT, files)
    environment = {**os.environ, "HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "1"}

    def prepared(revision: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, SCRIPTS / "prepare_model.py", "--model", "me/tiny"]
        command += ["--revision", revision, "--output", tmp_path / "model"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert prepared(COMMIT).returncode == 0
    assert (tmp_path / "model" / "manifest.json").is_file()
    refused = prepared("b" * 40)
    assert refused.returncode == 2
    assert refused.stderr.startswith(
        "error: model 'me/tiny': cannot be loaded from the Hub: HF_HUB"
    )
    assert refused.stderr.count("\n") == 1


def test_pairs_in_the_cache_are_read_at_their_revision(cache: Path) -> None:
    for commit, chosen in ((COMMIT, "right"), ("b" * 40, "newer")):
        row = f'{{"prompt": "p", "chosen": "{chosen}", "rejected": "wrong"}}\n'
        name = f"me/pairs-{chosen}" if chosen == "newer" else "me/pairs"
        fill_cache(cache, "dataset", name, commit, {"test.jsonl": row.encode()})
    assert read_pairs(f"hub:me/pairs@{COMMIT}:test")[0].chosen == "right"
    assert read_pairs("hub:me/pairs-newer@main:test")[0].chosen == "newer"
    with pytest.raises(InputError, match=r"hub:me/pairs@b+:test: .*HF_HUB_OFFLINE is set"):
        read_pairs(f"hub:me/pairs@{'b' * 40}:test")


def test_mbpp_in_the_cache_is_read(tmp_path: Path, cache: Path) -> None:
    import pandas as pd

    with pytest.raises(InputError, match=r"mbpp: .*HF_HUB_OFFLINE is set.*write mbpp:PATH"):
        load_problems("mbpp", "train")
    rows = {
        "task_id": [601, 11],
        "text": ["Add one.", "Add two."],
        "code": ["def add(x):\n    return x + 1", "def add(x):\n    return x + 2"],
        "test_list": [["assert add(1) == 2"], ["assert add(1) == 3"]],
        "test_setup_code": ["", ""],
        "challenge_test_list": [[], []],
    }
    card = (
        "configs:\n- config_name: full\n  data_files:\n  - split: train\n    path: full/train-*\n"
    )
    card += "- config_name: sanitized\n  data_files: sanitized/*\n"
    files = {
        "README.md": f"---\n{card}---\n".encode(),
        "full/train-00000-of-00001.parquet": pd.DataFrame(rows).to_parquet(None),
    }
    fill_cache(cache, "dataset", HUB_ID, HUB_REVISION, files)
    [problem] = load_problems("mbpp", "train")
    assert problem.task_id == "mbpp/601"


def an_answer(kind: type[HfHubHTTPError], status: int) -> HfHubHTTPError:
    request = httpx2.Request("GET", "https://huggingface.co/api")
    return kind(
        f"{status} Client Error.\n\nMore.", response=httpx2.Response(status, request=request)
    )


def not_cached(cause: Exception) -> LocalEntryNotFoundError:
    error = LocalEntryNotFoundError("An error happened\nand the cache does not hold it")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (
            an_answer(GatedRepoError, 403),
            "ask for access at https://huggingface.co/me/it, then",
        ),
        (an_answer(GatedRepoError, 401), "access to it is restricted"),
        (
            an_answer(RepositoryNotFoundError, 401),
            "no such model, or it is private; check",
        ),
        (an_answer(RevisionNotFoundError, 404), f"no revision {COMMIT}; check the commit at https"),
        (an_answer(HfHubHTTPError, 403), r"refuses access \(403\); log in with `hf auth login`"),
        (not_cached(an_answer(HfHubHTTPError, 503)), "answers with status 503; try again later"),
        (not_cached(OfflineModeIsEnabled("off")), "HF_HUB_OFFLINE is set.* run once without"),
        (
            not_cached(httpx2.ConnectError("Name or service not known")),
            r"reached \(Name or service",
        ),
        (httpx2.ReadTimeout(""), r"cannot be reached \(ReadTimeout\); check network and proxy"),
        (httpx2.ProxyError("407"), r"cannot be reached \(407\); check network and proxy"),
    ],
)
def test_a_fault_of_the_hub_is_one_line_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, error: Exception, remedy: str
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise error

    monkeypatch.setattr("huggingface_hub.snapshot_download", fail)
    with pytest.raises(InputError, match=f"^model 'me/it': cannot be loaded .*{remedy}") as caught:
        fetch_snapshot("model 'me/it'", "me/it", "model", COMMIT)
    assert "\n" not in str(caught.value)


def test_a_fault_of_the_disk_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device", "blob")

    monkeypatch.setattr("huggingface_hub.snapshot_download", fail)
    with pytest.raises(OSError, match="No space left"):
        fetch_snapshot("mbpp", "me/it", "dataset", None)
