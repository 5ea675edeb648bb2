import json
import logging
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from builders import a_problem
from failpairs.errors import InputError
from failpairs.models.load import load_tokenizer
from failpairs.models.prompts import render_prompt
from failpairs.models.settings import InferenceSettings
from failpairs.provenance.protocol import SamplesMeta
from failpairs.records import Sample
from failpairs.sampling import server_engine
from failpairs.sampling.engines import request_seed
from failpairs.sampling.sampler import load_sampler, sample_problems
from failpairs.sampling.server_engine import TRIES, Server, find_server
from failpairs.sampling.settings import SamplingSettings
from tiny_model import write_tiny_model

SETTINGS = SamplingSettings(n_samples=2, top_p=0.9, max_new_tokens=30)
PROBLEMS = [a_problem(f"t/{i}", prompt=f"def double(n):  # {i}\n") for i in range(3)]
KEY = "the-key-that-nobody-may-see"
Answer = tuple[int, str]


def completion(text: str, reason: str = "stop") -> Answer:
    return 200, json.dumps({"choices": [{"text": text, "finish_reason": reason}]})


class FakeServer:
    """A real HTTP server on loopback that answers as a function says."""

    def __init__(self, answer: Callable[[dict[str, Any]], Answer]) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(body)
                outer.headers.append({**dict(self.headers), "path": self.path})
                status, text = answer(body)
                data = text.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[dict[str, Any]], Answer]], FakeServer]]:
    started: list[FakeServer] = []

    def serve(answer: Callable[[dict[str, Any]], Answer]) -> FakeServer:
        started.append(FakeServer(answer))
        threading.Thread(target=started[-1].http.serve_forever, daemon=True).start()
        return started[-1]

    yield serve
    for server in started:
        server.http.shutdown()
        server.http.server_close()


Serve = Callable[[Callable[[dict[str, Any]], Answer]], FakeServer]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_engine, "BACKOFF_S", 0.0)


def sample(
    url: str, folder: Path, prompt_format: str = "chat", key_variable: str = ""
) -> tuple[list[Sample], SamplesMeta]:
    inference = InferenceSettings(
        server_url=url, server_model="served", server_key_variable=key_variable
    )
    sampler = load_sampler(folder, None, "auto", prompt_format, "server", inference)
    return sample_problems(sampler, PROBLEMS, SETTINGS, 4)


def test_every_sample_is_a_request_with_the_local_prompt_and_a_seed_of_its_own(
    serve: Serve, folder: Path
) -> None:
    server = serve(lambda body: completion(f"{len(body['prompt'])} {body['seed']}"))
    samples, meta = sample(server.url, folder)
    tokenizer = load_tokenizer(folder)
    prompts = {p.task_id: render_prompt(tokenizer, p.prompt, "chat") for p in PROBLEMS}
    assert meta.prompts == prompts
    assert meta.engine == {"name": "server", "url": server.url, "model": "served"}
    assert meta.hardware is None
    keys = [(p.task_id, index) for p in PROBLEMS for index in range(2)]
    assert [(s.task_id, s.sample_index) for s in samples] == keys
    for s in samples:
        seed = request_seed(0, s.task_id, s.sample_index)
        assert s.completion == f"{len(prompts[s.task_id])} {seed}"
    assert {body["prompt"] for body in server.requests} == set(prompts.values())
    assert len({body["seed"] for body in server.requests}) == len(keys)
    body = server.requests[0]
    assert (body["model"], body["n"], body["temperature"]) == ("served", 1, 0.8)
    assert (body["top_p"], body["max_tokens"]) == (0.9, 30)
    assert server.headers[0]["path"] == "/v1/completions"


@pytest.mark.parametrize(
    ("prompt_format", "text", "reason", "completed", "finish_reason"),
    [
        ("chat", "return 1\n```\nThat's it.", "stop", "return 1\n```", "stop"),
        ("chat", "return 1\n```\nThat's", "length", "return 1\n```", "stop"),
        ("chat", "return 1\n", "stop", "return 1\n", "eos"),
        ("chat", "return 1\n", "length", "return 1\n", "length"),
        ("completion", "    return 1\nprint(2)", "length", "    return 1", "stop"),
        ("completion", "    return 1\n", "stop", "    return 1\n", "stop"),
    ],
)
def test_an_answer_ends_where_the_local_engine_would_end_it(
    serve: Serve,
    folder: Path,
    prompt_format: str,
    text: str,
    reason: str,
    completed: str,
    finish_reason: str,
) -> None:
    server = serve(lambda body: completion(text, reason))
    samples, _ = sample(server.url, folder, prompt_format)
    assert {(s.completion, s.finish_reason) for s in samples} == {(completed, finish_reason)}
    assert ("stop" in server.requests[0]) == (prompt_format == "completion")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(serve: Serve, folder: Path, status: int) -> None:
    count = iter(range(1000))
    server = serve(lambda body: (status, "busy") if next(count) < 2 else completion("return 1"))
    samples, _ = sample(server.url, folder)
    assert len(samples) == 6
    assert len(server.requests) == 8


FAULTS = {
    "always busy": (503, "busy", "status 503: busy"),
    "wrong key": (401, f"invalid key {KEY}", "status 401: invalid key [key]"),
    "no such model": (404, "no model 'served'", "status 404: no model 'served'"),
    "no JSON": (200, "<html>", "the answer is no completion: '<html>'"),
    "another object": (200, '{"choices": []}', "the answer is no completion"),
    "another reason": (
        200,
        '{"choices": [{"text": "x", "finish_reason": "tool_calls"}]}',
        "the answer is no completion",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_the_server_does_wrong_is_one_line_without_the_key(
    serve: Serve,
    folder: Path,
    name: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OWN_KEY", KEY)
    status, text, message = FAULTS[name]
    server = serve(lambda body: (status, text))
    with caplog.at_level(logging.DEBUG), pytest.raises(InputError) as caught:
        sample(server.url, folder, key_variable="OWN_KEY")
    assert message in str(caught.value)
    assert server.url in str(caught.value)
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert KEY not in caplog.text + str(caught.value) + repr(Server(server.url, "served", KEY))


def test_a_server_that_is_not_there_is_named(serve: Serve, folder: Path) -> None:
    server = serve(lambda body: completion(""))
    server.http.shutdown()
    server.http.server_close()
    with pytest.raises(InputError, match=rf"no answer after {TRIES} tries .*: is it there\?"):
        sample(server.url, folder)


INFERENCE = {"server_url": "http://x/v1", "server_model": "m"}


@pytest.mark.parametrize(
    ("changes", "adapter", "fault"),
    [
        ({"server_url": ""}, None, "--server-url: --engine server needs it"),
        ({"server_model": ""}, None, "--server-model: --engine server needs it"),
        ({"server_key_variable": "NO_SUCH_KEY"}, None, "the environment has no NO_SUCH_KEY"),
        ({}, Path("adapter"), "--adapter: --engine server cannot apply one; use one of auto, tr"),
    ],
)
def test_what_is_missing_is_said(
    folder: Path, changes: dict[str, str], adapter: Path | None, fault: str
) -> None:
    inference = InferenceSettings(**{**INFERENCE, **changes})
    with pytest.raises(InputError, match=fault):
        load_sampler(folder, adapter, "auto", "chat", "server", inference)


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWN_KEY", KEY)
    found = find_server(InferenceSettings(**INFERENCE, server_key_variable="OWN_KEY"))
    assert found == Server("http://x/v1", "m", KEY)
