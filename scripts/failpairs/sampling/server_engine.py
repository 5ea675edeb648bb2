"""Sampling through a server that speaks OpenAI's completions protocol: vLLM, llama.cpp, Ollama, ...

Each sample is a request of its own, with a seed made of ours, the problem and the sample, so that
as far as the server keeps to its seeds a draw depends on nothing else. The prompt is the very text
that the local engine would use.
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from failpairs.errors import InputError
from failpairs.models.load import load_tokenizer, model_identity
from failpairs.models.prompts import PromptFormat, cut_at_stop, render_prompts
from failpairs.progress import Progress
from failpairs.provenance.protocol import SamplesMeta, sampling_meta
from failpairs.records import Problem, Sample
from failpairs.sampling.settings import GenerationSettings

TRIES = 6
BACKOFF_S = 1.0  # doubled with each try, unless the server names a time
TIMEOUT_S = 600.0  # for one completion
BUSY = (429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Server:
    """Where to ask: the base URL (`http://localhost:8000/v1`), the name of the model there, and a
    key or nothing."""

    url: str
    model: str
    key: str = field(repr=False)


def sample_from_server(
    server: Server,
    folder: Path,
    prompt_format: PromptFormat,
    problems: Sequence[Problem],
    settings: GenerationSettings,
    at_once: int,
    backoff_s: float = BACKOFF_S,
) -> tuple[list[Sample], SamplesMeta]:
    """Draw the configured number of completions of every problem.

    Args:
        folder: the model's folder, whose tokenizer renders the prompts.
        at_once: requests that are open at a time.

    Returns:
        the samples, in the order of the problems and of their index, and the protocol they follow.

    Raises:
        InputError: the server cannot be reached, refuses, or answers with something else.
    """
    generation = settings.generation()
    identity = model_identity(folder)
    prompts = render_prompts(load_tokenizer(folder), problems, prompt_format.name)
    wanted = [(*one, index) for one in prompts.items() for index in range(generation["n_samples"])]
    with ThreadPoolExecutor(at_once) as pool, _session(server, at_once, backoff_s) as session:

        def ask(one: tuple[str, str, int]) -> Sample:
            return _ask(session, server, prompt_format, generation, *one)

        try:
            samples = list(_with_progress(pool.map(ask, wanted), len(wanted)))
        except InputError:
            pool.shutdown(cancel_futures=True)
            raise
    engine = {"name": "server", "url": server.url, "model": server.model}
    return samples, sampling_meta(identity, None, prompt_format, prompts, generation, engine, None)


def request_seed(seed: int, task_id: str, sample_index: int) -> int:
    """The seed of one sample: 31 bits, which every server takes."""
    digest = hashlib.sha256(f"{seed}\0{task_id}\0{sample_index}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def _session(server: Server, at_once: int, backoff_s: float) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no key of another service from ~/.netrc
    if server.key:
        session.headers["Authorization"] = f"Bearer {server.key}"
    retry = Retry(
        total=TRIES - 1,
        backoff_factor=backoff_s,
        status_forcelist=BUSY,
        allowed_methods=None,
        raise_on_status=False,
    )
    adapter = HTTPAdapter(max_retries=retry, pool_maxsize=at_once)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _ask(
    session: requests.Session,
    server: Server,
    prompt_format: PromptFormat,
    generation: dict[str, Any],
    task_id: str,
    prompt: str,
    sample_index: int,
) -> Sample:
    url = f"{server.url.rstrip('/')}/completions"
    body = {
        "model": server.model,
        "prompt": prompt,
        "n": 1,
        "temperature": generation["temperature"],
        "top_p": generation["top_p"],
        "max_tokens": generation["max_new_tokens"],
        "seed": request_seed(generation["seed"], task_id, sample_index),
    }
    # A server leaves the stop out of its answer, so that it is told only those that we leave out.
    if not prompt_format.keep_stop:
        body["stop"] = list(prompt_format.stop[:4])  # OpenAI's limit; the others are cut here
    try:
        answer = session.post(url, json=body, timeout=TIMEOUT_S)
    except requests.RequestException as error:
        kind = type(error).__name__
        raise InputError(f"{url}: no answer after {TRIES} tries ({kind}): is it there?") from None
    if answer.status_code != requests.codes.ok:
        raise InputError(f"{url}: status {answer.status_code}: {_excerpt(answer, server)}")
    try:
        choice = answer.json()["choices"][0]
        text, reason = choice["text"], choice["finish_reason"]
    except (ValueError, LookupError, TypeError):
        text = reason = None  # which is refused like any other answer that is none
    if not isinstance(text, str) or reason not in ("stop", "length"):
        raise InputError(f"{url}: the answer is no completion: {_excerpt(answer, server)!r}")
    return _as_sample(text, reason, prompt_format, generation["seed"], task_id, sample_index)


def _excerpt(answer: requests.Response, server: Server) -> str:
    """The beginning of an answer, in which a server may have repeated the key."""
    text = " ".join(answer.text.split())
    return (text.replace(server.key, "[key]") if server.key else text)[:200]


def _as_sample(
    text: str,
    reason: str,
    prompt_format: PromptFormat,
    seed: int,
    task_id: str,
    sample_index: int,
) -> Sample:
    cut = cut_at_stop(text, prompt_format)
    # Where a stop was sent, the server's "stop" may be it or the model's own end.
    own_end = "eos" if prompt_format.keep_stop else "stop"
    return Sample.model_validate(
        {
            "task_id": task_id,
            "sample_index": sample_index,
            "completion": text if cut is None else cut,
            "finish_reason": "stop" if cut is not None else own_end if reason == "stop" else reason,
            "seed": seed,
        }
    )


def _with_progress(samples: Iterator[Sample], total: int) -> Iterator[Sample]:
    progress = Progress("samples from the server", total)
    start = time.monotonic()
    characters = 0
    for done, sample in enumerate(samples, start=1):
        characters += len(sample.completion)
        rate = characters / max(1e-9, time.monotonic() - start)
        progress.update(done, f"{rate:.0f} characters/s")
        yield sample
