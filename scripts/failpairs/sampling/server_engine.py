"""Sampling through a server that speaks OpenAI's completions protocol: vLLM, llama.cpp, Ollama, ...

Each sample is a request of its own, with a seed made of ours, the problem and the sample, so that
if the server respects its seeds a draw depends on nothing else. The prompt is the very text
that the local engine would use.
"""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from failpairs.errors import InputError
from failpairs.models.prompts import PromptFormat
from failpairs.models.settings import InferenceSettings
from failpairs.sampling.engines import Completion, request_seed
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


def find_server(inference: InferenceSettings) -> Server:
    """The server that the settings name.

    Raises:
        InputError: the environment does not hold its key.
    """
    variable = inference.server_key_variable
    if variable and not os.environ.get(variable):
        raise InputError(f"--server-key-variable: the environment has no {variable}")
    key = os.environ[variable] if variable else ""
    return Server(inference.server_url, inference.server_model, key)


@dataclass(frozen=True)
class ServerEngine:
    """A model behind a server; at most `batch_size` requests are open at a time."""

    server: Server
    format: PromptFormat

    def complete(
        self,
        prompts: Mapping[str, str],
        settings: GenerationSettings,
        batch_size: int,
        drawn: Mapping[str, int],
    ) -> Iterator[list[Completion]]:
        """As `Engine.complete`.

        Raises:
            InputError: the server cannot be reached, refuses, or answers with something else.
        """
        missing = {task_id: range(drawn.get(task_id, 0), settings.n_samples) for task_id in prompts}
        wanted = [
            (task_id, prompt, index)
            for task_id, prompt in prompts.items()
            for index in missing[task_id]
        ]
        with (
            ThreadPoolExecutor(batch_size) as pool,
            _session(self.server, batch_size) as session,
        ):
            # The first failure cancels the requests that wait.
            answers = pool.map(lambda one: self._ask(session, settings, *one), wanted)
            for task_id in prompts:
                yield list(islice(answers, len(missing[task_id])))

    def describe(self) -> dict[str, str]:
        """Name and address, and the name of the model there."""
        return {"name": "server", "url": self.server.url, "model": self.server.model}

    def own_settings(self) -> dict[str, Any]:
        """None: the server knows the end tokens."""
        return {}

    def _ask(
        self,
        session: requests.Session,
        settings: GenerationSettings,
        task_id: str,
        prompt: str,
        sample_index: int,
    ) -> Completion:
        url = f"{self.server.url.rstrip('/')}/completions"
        body = {
            "model": self.server.model,
            "prompt": prompt,
            "n": 1,
            "temperature": settings.temperature,
            "top_p": settings.top_p,
            "max_tokens": settings.max_new_tokens,
            "seed": request_seed(settings.seed, task_id, sample_index),
        }
        # A server leaves the stop out of its answer, so it is told only those that we leave out.
        if not self.format.keep_stop:
            body["stop"] = list(self.format.stop[:4])  # OpenAI's limit; the sampler cuts at all
        try:
            answer = session.post(url, json=body, timeout=TIMEOUT_S)
        except requests.RequestException as error:
            kind = type(error).__name__
            raise InputError(
                f"{url}: no answer after {TRIES} tries ({kind}): is it there?"
            ) from None
        if answer.status_code != requests.codes.ok:
            raise InputError(f"{url}: status {answer.status_code}: {_excerpt(answer, self.server)}")
        try:
            choice = answer.json()["choices"][0]
            text, reason = choice["text"], choice["finish_reason"]
        except (ValueError, LookupError, TypeError):
            text = reason = None  # which is refused like any other answer that is none
        if not isinstance(text, str) or reason not in ("stop", "length"):
            found = _excerpt(answer, self.server)
            raise InputError(f"{url}: the answer is no completion: {found!r}")
        # Where a stop was sent, the server's "stop" may be it or the model's own end.
        own_end = "eos" if self.format.keep_stop else "stop"
        return Completion(task_id, sample_index, text, own_end if reason == "stop" else reason)


def _session(server: Server, at_once: int) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no key of another service from ~/.netrc
    if server.key:
        session.headers["Authorization"] = f"Bearer {server.key}"
    retry = Retry(
        total=TRIES - 1,
        backoff_factor=BACKOFF_S,
        status_forcelist=BUSY,
        allowed_methods=None,
        raise_on_status=False,
    )
    adapter = HTTPAdapter(max_retries=retry, pool_maxsize=at_once)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _excerpt(answer: requests.Response, server: Server) -> str:
    """The beginning of an answer, in which a server may have repeated the key."""
    text = " ".join(answer.text.split())
    return (text.replace(server.key, "[key]") if server.key else text)[:200]
