from collections import Counter
from typing import Any

import numpy as np
import pytest
import torch
from failpairs.sampling import kv_cache, transformers_decoding
from failpairs.sampling.kv_cache import SlotCache
from failpairs.sampling.token_draws import Draft, Generation, draw_tokens, uniforms
from failpairs.sampling.transformers_decoding import decode
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare
from tiny_model import tiny_model
from torch.utils._python_dispatch import TorchDispatchMode

PROMPTS = [(f"p{i}", list(range(5, 8 + 7 * i))) for i in range(5)]


def generation(**changes: object) -> Generation:
    settings = {
        "n_samples": 3,
        "temperature": 1.0,
        "top_p": 1.0,
        "max_new_tokens": 40,
        "seed": 0,
        "eos_token_ids": (0, 1, 2),
    }
    return Generation(**{**settings, **changes})  # type: ignore[arg-type]


def run(settings: Generation, batch_size: int, prompts=PROMPTS) -> dict[tuple[int, int], Draft]:
    groups = decode(tiny_model(), prompts, settings, lambda tokens: False, batch_size)
    return {(d.prompt_index, d.sample_index): d for group in groups for d in group}


@pytest.mark.parametrize("batch_size", [1, 2, 8])
def test_greedy_decoding_equals_generate(batch_size: int) -> None:
    settings = generation(temperature=0.0, n_samples=1)
    ours = run(settings, batch_size)
    model = tiny_model()
    for index, (_, ids) in enumerate(PROMPTS):
        theirs = model.generate(
            torch.tensor([ids]),
            do_sample=False,
            max_new_tokens=settings.max_new_tokens,
            eos_token_id=list(settings.eos_token_ids),
        )
        assert ours[index, 0].tokens == theirs[0, len(ids) :].tolist()


def test_batch_size_does_not_change_what_is_drawn() -> None:
    small, large = run(generation(), 3), run(generation(), 64)
    assert {k: d.tokens for k, d in small.items()} == {k: d.tokens for k, d in large.items()}


def test_order_of_prompts_does_not_change_what_is_drawn() -> None:
    forward, backward = run(generation(), 6), run(generation(), 6, PROMPTS[::-1])
    last = len(PROMPTS) - 1
    for (prompt, sample), draft in forward.items():
        assert backward[last - prompt, sample].tokens == draft.tokens


def test_more_samples_extend_the_old_ones() -> None:
    few, many = run(generation(n_samples=2), 16), run(generation(n_samples=5), 16)
    assert all(many[key].tokens == draft.tokens for key, draft in few.items())


def test_every_slot_is_used_as_soon_as_it_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []
    plain = SlotCache.step

    def counted(self: SlotCache, tokens: torch.Tensor, live: list[int]) -> torch.Tensor:
        steps.append(len(live))
        return plain(self, tokens, live)

    monkeypatch.setattr(SlotCache, "step", counted)
    endless = generation(max_new_tokens=10, eos_token_ids=())
    run(endless, 4, PROMPTS[:4])
    # 12 samples are three rounds of four; the prompt gives the first of their ten tokens.
    assert steps == [4] * 27


class Waits(TorchDispatchMode):
    """Counts what would make the CPU wait for a GPU: values that are read (`read`), masks that are
    used as indexes (`masks`), and lists that become tensors (`lists`)."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        aten = torch.ops.aten
        self.seen["read"] += func.overloadpacket in (aten._local_scalar_dense, aten.nonzero)
        self.seen["lists"] += func.overloadpacket is aten.lift_fresh and args[0].numel() > 0
        if func.overloadpacket in (aten.index, aten.index_put, aten.index_put_):
            used = [index for index in args[1] if index is not None]
            self.seen["masks"] += any(index.dtype == torch.bool for index in used)
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize(("temperature", "top_p"), [(0.0, 1.0), (1.0, 1.0), (1.0, 0.9)])
def test_a_step_waits_for_the_device_only_for_what_it_drew(
    monkeypatch: pytest.MonkeyPatch, temperature: float, top_p: float
) -> None:
    calls: Counter[str] = Counter()
    waits = Waits()

    def count(owner: Any, name: str) -> None:
        plain = getattr(owner, name)

        def counted(*args: Any) -> Any:
            calls[name] += 1
            return plain(*args)

        monkeypatch.setattr(owner, name, counted)

    compute_prompts = transformers_decoding.compute_prompts

    def apart(*args: Any) -> Any:
        """Prompts are computed between steps; there transformers reads the attention mask."""
        read = waits.seen["read"]
        prompts = compute_prompts(*args)
        waits.seen["read"] = read
        return prompts

    monkeypatch.setattr(transformers_decoding, "compute_prompts", apart)
    count(torch.Tensor, "tolist")
    count(transformers_decoding, "draw_tokens")
    count(transformers_decoding, "on_device")
    count(kv_cache, "on_device")
    model, settings = tiny_model(), generation(temperature=temperature, top_p=top_p)
    with waits:
        assert [*decode(model, PROMPTS, settings, lambda tokens: False, 4)]
    assert calls["tolist"] == calls["draw_tokens"] > 40
    assert waits.seen["read"] == waits.seen["masks"] == 0
    assert waits.seen["lists"] == calls["on_device"]


def test_another_seed_draws_something_else() -> None:
    one, other = run(generation(), 16), run(generation(seed=1), 16)
    assert any(one[key].tokens != other[key].tokens for key in one)


def test_log_probabilities_are_those_of_a_plain_forward_pass() -> None:
    model = tiny_model()
    for (index, _), draft in run(generation(max_new_tokens=12), 4).items():
        ids = PROMPTS[index][1]
        with torch.inference_mode():
            logits = model(torch.tensor([ids + draft.tokens])).logits[0, len(ids) - 1 : -1]
        expected = logits.log_softmax(-1).gather(-1, torch.tensor(draft.tokens)[:, None]).sum()
        assert draft.sum_logprob == pytest.approx(float(expected), abs=1e-3)


def test_each_ending_has_its_reason() -> None:
    drafts = run(generation(max_new_tokens=200, n_samples=8), 64).values()
    for draft in drafts:
        ended = draft.tokens[-1] in (0, 1, 2)
        assert draft.finish_reason == ("eos" if ended else "length")
        assert not set(draft.tokens[:-1]) & {0, 1, 2}
    assert any(draft.finish_reason == "eos" for draft in drafts)
    stopped = decode(tiny_model(), PROMPTS, generation(), lambda tokens: len(tokens) == 3, 8)
    for group in stopped:
        for draft in group:
            assert len(draft.tokens) == 3 or draft.finish_reason == "eos"
            assert draft.finish_reason in {"stop", "eos"}


def test_every_prompt_gets_all_its_samples_once() -> None:
    groups = list(decode(tiny_model(), PROMPTS, generation(), lambda tokens: False, 4))
    assert sorted(group[0].prompt_index for group in groups) == list(range(len(PROMPTS)))
    assert all([d.sample_index for d in group] == [0, 1, 2] for group in groups)


def test_sampled_tokens_follow_the_distribution() -> None:
    logits = torch.tensor([[0.0, 1.0, 2.0, -1.0, 0.5]])
    for temperature in (0.5, 1.0):
        u = torch.tensor(uniforms(0, "p", 0, 4000))
        tokens = draw_tokens(logits.expand(4000, -1), u, temperature, top_p=1.0)
        expected = torch.softmax(logits[0].double() / temperature, -1).numpy() * 4000
        observed = np.bincount(tokens.numpy(), minlength=5)
        assert chisquare(observed, expected * 4000 / expected.sum()).pvalue > 0.001


def test_top_p_keeps_the_smallest_set_that_reaches_it() -> None:
    logits = torch.tensor([[0.1, 0.6, 0.3]]).log().expand(1000, -1)
    u = torch.tensor(uniforms(0, "p", 0, 1000))
    assert set(draw_tokens(logits, u, 1.0, top_p=0.59).tolist()) == {1}
    assert set(draw_tokens(logits, u, 1.0, top_p=0.7).tolist()) == {1, 2}
    assert set(draw_tokens(logits, u, 1.0, top_p=1.0).tolist()) == {0, 1, 2}


def test_a_large_vocabulary_is_drawn_from_as_a_plain_inversion_would() -> None:
    torch.manual_seed(0)
    logits = torch.randn(200, 1000) * 3
    u = torch.rand(200, dtype=torch.float64)
    cumulative = torch.softmax(logits, -1).double().cumsum(-1)
    expected = torch.searchsorted(cumulative, u[:, None] * cumulative[:, -1:], right=True)
    assert draw_tokens(logits, u, 1.0, top_p=1.0).tolist() == expected.squeeze(-1).tolist()


@given(st.floats(0, 1, exclude_max=True), st.lists(st.floats(-20, 20), min_size=2, max_size=9))
def test_a_draw_is_always_a_token(u: float, logits: list[float]) -> None:
    token = int(draw_tokens(torch.tensor([logits]), torch.tensor([u]), 1.0, 1.0))
    assert 0 <= token < len(logits)


@given(st.integers(0, 2**32 - 1), st.text(max_size=20), st.integers(0, 1000))
def test_uniforms_are_extended_not_redrawn(seed: int, task_id: str, index: int) -> None:
    short, long = uniforms(seed, task_id, index, 5), uniforms(seed, task_id, index, 9)
    assert (short == long[:5]).all()
    assert ((long >= 0) & (long < 1)).all()
    assert (uniforms(seed, task_id, index + 1, 9) != long).any()
