"""What the engine of vLLM decides by itself; tests/vllm runs it."""

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import pytest
from failpairs.errors import InputError
from failpairs.models.prompts import FORMATS
from failpairs.models.settings import InferenceSettings
from failpairs.sampling import vllm_engine
from failpairs.sampling.engines import ENGINES, request_seed
from failpairs.sampling.sampled_model import SampledModel
from failpairs.sampling.settings import GenerationSettings
from failpairs.sampling.vllm_engine import VllmEngine
from tiny_model import tiny_tokenizer


class StandIn:
    """What the engine uses of `vllm.LLM`; `applies` says whether adapters have an effect.

    It is its own `llm_engine`, which ends each sample at once.
    """

    made: ClassVar[list[dict[str, Any]]] = []  # what each was made with
    asked: ClassVar[list[Any]] = []  # the parameters of each request

    def __init__(self, applies: bool = True, **arguments: Any) -> None:
        self.applies = applies
        self.made.append(arguments)
        self.llm_engine = self
        self.requests: list[str] = []

    def add_request(self, name: str, prompt: Any, params: Any, lora_request: Any) -> None:
        self.requests.append(name)
        self.asked.append(params)

    def has_unfinished_requests(self) -> bool:
        return bool(self.requests)

    def step(self) -> list[Any]:
        answer = SimpleNamespace(token_ids=[0], finish_reason="stop", cumulative_logprob=-1.0)
        return [SimpleNamespace(request_id=self.requests.pop(0), outputs=[answer])]

    def generate(self, prompts: list[Any], *args: Any, lora_request: Any, **more: Any) -> list[Any]:
        shift = 0.5 if lora_request and self.applies else 0.0
        logprobs = [{7: SimpleNamespace(logprob=-1.0 - shift)}]
        return [SimpleNamespace(outputs=[SimpleNamespace(logprobs=logprobs)]) for _ in prompts]


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VllmEngine:
    """The engine with an adapter, in a Python that seems to have vLLM."""
    names = ("vllm", "vllm.lora", "vllm.lora.request", "vllm.sampling_params")
    modules = {name: ModuleType(name) for name in names}
    for name in ("SamplingParams", "TokensPrompt"):
        setattr(modules["vllm"], name, lambda **values: values)
    vars(modules["vllm"])["LLM"] = StandIn
    vars(modules["vllm.sampling_params"])["RequestOutputKind"] = SimpleNamespace(FINAL_ONLY=0)
    monkeypatch.setattr(StandIn, "made", [])
    monkeypatch.setattr(StandIn, "asked", [])
    vars(modules["vllm.lora.request"])["LoRARequest"] = lambda *values: values
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(vllm_engine, "is_installed", lambda: True)
    write_settings(tmp_path)
    return load(tmp_path)


def write_settings(folder: Path, **changes: Any) -> None:
    settings = {"peft_type": "LORA", "r": 4, **changes}
    (folder / "adapter_config.json").write_text(json.dumps(settings), encoding="utf-8")


def load(adapter: Path, config: str = "{}", **inference: Any) -> VllmEngine:
    (adapter / "config.json").write_text(config, encoding="utf-8")  # it is the model as well
    return VllmEngine(sampled(adapter), InferenceSettings(**inference))


def sampled(folder: Path) -> SampledModel:
    return SampledModel(folder, folder, "float32", FORMATS["completion"], tiny_tokenizer(), (0,))


def complete(engine: VllmEngine) -> list[tuple[str, int]]:
    """Draws of a prompt of three tokens, of which one sample is there, and of one of five tokens;
    says which samples came."""
    settings = GenerationSettings(n_samples=2, temperature=0.5, max_new_tokens=10)
    groups = engine.complete({"a": "abc", "b": "abcde"}, settings, 7, {"a": 1})
    return [(each.task_id, each.sample_index) for group in groups for each in group]


def test_each_sample_is_a_request_with_its_own_seed(engine: VllmEngine) -> None:
    assert complete(engine) == [("a", 1), ("b", 0), ("b", 1)]
    seeds = [request_seed(0, *each) for each in (("a", 1), ("b", 0), ("b", 1))]
    assert [params["seed"] for params in StandIn.asked] == seeds


def test_a_greedy_sample_needs_no_seed(engine: VllmEngine) -> None:
    settings = GenerationSettings(n_samples=1, temperature=0, max_new_tokens=10)
    assert len(list(engine.complete({"a": "abc"}, settings, 7, {}))) == 1
    assert [params["seed"] for params in StandIn.asked] == [None]


def test_the_cache_is_made_for_the_longest_prompt_and_answer(engine: VllmEngine) -> None:
    complete(engine)
    (made,) = StandIn.made
    assert made["max_model_len"] == 5 + 10
    assert made["max_num_seqs"] == 7


def test_the_machine_is_used_as_the_configuration_says(engine: VllmEngine, tmp_path: Path) -> None:
    complete(load(tmp_path, vllm_memory_share=0.5, vllm_eager=True, tensor_parallel=2))
    (made,) = StandIn.made
    assert made["gpu_memory_utilization"] == 0.5
    assert made["enforce_eager"]
    assert made["tensor_parallel_size"] == 2


def test_nothing_is_loaded_where_no_sample_is_missing(engine: VllmEngine) -> None:
    settings = GenerationSettings(n_samples=1, temperature=0.5)
    assert list(engine.complete({}, settings, 7, {})) == []
    assert not StandIn.made


@pytest.mark.parametrize(
    ("config", "fits"),
    [
        ('{"max_position_embeddings": 15}', True),
        ('{"max_position_embeddings": 14}', False),
        ('{"text_config": {"max_position_embeddings": 14}}', False),
        ('{"max_position_embeddings": 14, "rope_parameters": {"rope_theta": 1e4}}', False),
        ('{"max_position_embeddings": 14, "rope_scaling": {"factor": 4.0}}', True),
        ("{}", True),
    ],
)
def test_a_sequence_that_may_exceed_the_context_is_named_before_the_model_is_loaded(
    engine: VllmEngine, tmp_path: Path, config: str, fits: bool
) -> None:
    engine = load(tmp_path, config)
    if fits:
        assert complete(engine)
        return
    message = r"b: a prompt of 5 tokens and max_new_tokens 10 are 15 tokens, .* has room for 14"
    with pytest.raises(InputError, match=message):
        complete(engine)
    assert not StandIn.made


def test_a_python_with_vllm_and_without_a_device_does_not_sample_with_its_transformers(
    engine: VllmEngine, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"engine auto: .* has vLLM, but .* finds no CUDA device"):
        ENGINES["auto"].load(sampled(tmp_path), InferenceSettings())


def test_a_model_is_split_by_vllm_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(vllm_engine, "is_installed", lambda: False)
    with pytest.raises(InputError, match=r"tensor_parallel is 2, and only vLLM can split a model"):
        ENGINES["auto"].load(sampled(tmp_path), InferenceSettings(tensor_parallel=2))
    assert [ENGINES[name].n_gpus(2) for name in ("auto", "vllm", "transformers")] == [2, 2, 1]


def test_an_adapter_that_vllm_does_not_apply_ends_the_run(engine: VllmEngine) -> None:
    with pytest.raises(InputError, match="vLLM draws the same with it and without it"):
        engine._require_effect(StandIn(applies=False), ["a", "b"])
    engine._require_effect(StandIn(applies=True), ["a", "b"])


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"use_dora": True}, "use_dora"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"peft_type": "IA3"}, "IA3"),
        ({"lora_bias": True}, "lora_bias"),
        ({"bias": "lora_only"}, "bias"),
        ({"trainable_token_indices": [1]}, "trainable_token_indices"),
        ({"r": 640}, "rank 640, which is above 512"),
        ({"rank_pattern": {"q_proj": 640}}, "rank 640, which is above 512"),
    ],
)
def test_an_adapter_that_vllm_cannot_apply_is_refused(
    engine: VllmEngine, tmp_path: Path, changes: dict[str, Any], kind: str
) -> None:
    write_settings(tmp_path, **changes)
    with pytest.raises(InputError, match=f"vLLM cannot apply one with {kind}"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("changes", "room"),
    [
        ({"r": 4}, 8),
        ({"r": 8, "use_rslora": True}, 8),
        ({"r": 48, "bias": "none"}, 64),
        ({"r": 4, "rank_pattern": {"q_proj": 24}, "alpha_pattern": {"q_proj": 8}}, 32),
        ({"r": 512, "target_modules": ["q_proj", "lm_head"]}, 512),
    ],
)
def test_an_adapter_has_the_least_room_that_its_ranks_need(
    engine: VllmEngine, tmp_path: Path, changes: dict[str, Any], room: int
) -> None:
    write_settings(tmp_path, **changes)
    assert load(tmp_path)._arguments["max_lora_rank"] == room


def test_an_adapter_that_vllm_refuses_for_this_model_is_a_clear_error(engine: VllmEngine) -> None:
    class Refusing(StandIn):
        def generate(self, *args: Any, lora_request: Any, **more: Any) -> list[Any]:
            if lora_request:
                raise ValueError("expected target modules in {'q_proj'}\nbut received lm_head")
            return super().generate(*args, lora_request=lora_request, **more)

    message = "vLLM cannot apply it to this model .* but received lm_head.*: set evaluation.engine"
    with pytest.raises(InputError, match=message):
        engine._require_effect(Refusing(), ["a"])
