import torch
from failpairs.sampling.kv_cache import GROWTH, SLACK, SlotCache, compute_prompts
from tiny_model import tiny_model


def reference_logits(model: torch.nn.Module, tokens: list[int]) -> torch.Tensor:
    with torch.inference_mode():
        return model(torch.tensor([tokens])).logits[0, -1]


@torch.inference_mode()
def test_slots_that_join_late_see_only_their_own_tokens() -> None:
    model = tiny_model()
    cache = SlotCache(model, 3)
    sequences = {0: [5, 6, 7], 1: [8, 9, 10, 11, 12, 13], 2: [14]}
    prompts = compute_prompts(model, list(sequences.values()))
    cache.place(prompts[0], [0])
    cache.step(torch.tensor([20, 0, 0]), [0])
    sequences[0].append(20)
    for slot in (1, 2):  # the second is longer than what is in the cache, the third shorter
        cache.place(prompts[slot], [slot])
        torch.testing.assert_close(
            prompts[slot].logits, reference_logits(model, sequences[slot]), atol=1e-4, rtol=1e-4
        )
    for token in (30, 31, 32):
        logits = cache.step(torch.tensor([token, token + 5, token + 9]), [0, 1, 2])
        for slot, offset in ((0, 0), (1, 5), (2, 9)):
            sequences[slot].append(token + offset)
            expected = reference_logits(model, sequences[slot])
            torch.testing.assert_close(logits[slot], expected, atol=1e-4, rtol=1e-4)


@torch.inference_mode()
def test_a_long_run_grows_and_trims_the_cache_without_a_trace() -> None:
    model = tiny_model()
    cache = SlotCache(model, 2)
    sequence = [7, 8]
    long, short = compute_prompts(model, [list(range(5, 5 + GROWTH // 2)), sequence])
    cache.place(long, [0])
    cache.place(short, [1])
    for step in range(GROWTH // 2 + SLACK + 10):
        token = 5 + step % 50
        logits = cache.step(torch.tensor([token, token]), [1])
        sequence.append(token)
    torch.testing.assert_close(logits[1], reference_logits(model, sequence), atol=1e-4, rtol=1e-4)
    assert cache.mask.shape[1] <= len(sequence) + SLACK


@torch.inference_mode()
def test_kept_slots_are_renumbered() -> None:
    model = tiny_model()
    cache = SlotCache(model, 3)
    short, long = compute_prompts(model, [[5, 6], [9, 10, 11]])
    cache.place(short, [0, 1])
    cache.place(long, [2])
    cache.keep([2])
    logits = cache.step(torch.tensor([12]), [0])
    expected = reference_logits(model, [9, 10, 11, 12])
    torch.testing.assert_close(logits[0], expected, atol=1e-4, rtol=1e-4)
