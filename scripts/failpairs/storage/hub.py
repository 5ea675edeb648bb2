"""Repositories of the Hugging Face Hub, by way of the cache that all its tools share."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from failpairs.errors import InputError

PAGES = {"model": "https://huggingface.co", "dataset": "https://huggingface.co/datasets"}


def fetch_snapshot(
    what: str,
    repository: str,
    kind: Literal["model", "dataset"],
    revision: str | None,
    patterns: Sequence[str] | None = None,
    left_out: Sequence[str] = (),
) -> Path:
    """The folder with the files of a repository at a revision, in the cache (`HF_HOME`).

    What the cache holds is not downloaded again. Where HF_HUB_OFFLINE is set, nothing is.

    Args:
        what: names the repository in errors.
        revision: None for the newest.
        patterns: of the files that are wanted; None for all.
        left_out: patterns of files among them that are not wanted.

    Raises:
        InputError: it cannot be fetched, and what would help.
    """
    from httpx2 import HTTPError
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, XetDownloadError

    wanted = [*patterns] if patterns is not None else None
    try:
        folder = snapshot_download(
            repository,
            repo_type=kind,
            revision=revision,
            allow_patterns=wanted,
            ignore_patterns=[*left_out],
        )
    except (HTTPError, OSError, HFValidationError, XetDownloadError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # of the disk
            raise
        why = _explain(error, repository, kind, revision)
        raise InputError(f"{what}: cannot be loaded from the Hub: {why}") from None
    return Path(folder)


def _explain(error: Exception, repository: str, kind: str, revision: str | None) -> str:
    """What went wrong, and what would help."""
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    # What is not in the cache either has as its cause why the Hub was not asked.
    cause = error.__cause__ if isinstance(error, LocalEntryNotFoundError) else error
    login = "log in with `hf auth login` or set HF_TOKEN"
    match cause:
        case HFValidationError():
            return f"neither a local folder nor a {kind} id"
        case GatedRepoError():
            return (
                f"access to it is restricted; ask for access at {PAGES[kind]}/{repository}, then "
                f"{login}"
            )
        case RepositoryNotFoundError():
            return f"the Hub has no such {kind}, or it is private; check the name, or {login}"
        case RevisionNotFoundError():
            return f"it has no revision {revision}; check the commit at {PAGES[kind]}/{repository}"
        case HfHubHTTPError() if cause.response.status_code in (401, 403):
            return f"the Hub refuses access ({cause.response.status_code}); {login}"
        case HfHubHTTPError():
            return f"the Hub answers with status {cause.response.status_code}; try again later"
        case OfflineModeIsEnabled() | None:
            return (
                "HF_HUB_OFFLINE is set, and the cache (HF_HOME) does not hold all of it; run once "
                "without HF_HUB_OFFLINE, or copy the cache of a machine that has it"
            )
    reason = " ".join(str(cause).split()) or type(cause).__name__
    return (
        f"the Hub cannot be reached ({reason}); check network and proxy, or copy the cache "
        "(HF_HOME) of a machine that has it"
    )
