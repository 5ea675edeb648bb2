"""Decoding with as large a batch as there is memory for."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch

from failpairs.errors import InputError
from failpairs.models.out_of_memory import is_out_of_memory
from failpairs.sampling.token_draws import Draft, Generation
from failpairs.sampling.transformers_decoding import decode

log = logging.getLogger(__name__)


def decode_within_memory(
    model: Any,
    prompts: Sequence[tuple[str, list[int]]],
    generation: Generation,
    is_complete: Callable[[list[int]], bool],
    batch_size: int,
    drawn: Mapping[str, int],
) -> Iterator[list[Draft]]:
    """As `transformers_decoding.decode`, but with half the batch where memory runs out.

    The prompts that are not finished begin again; since no draw depends on the batch, the result is
    the same.

    Raises:
        InputError: there is not even memory for one sequence.
    """
    left = dict(enumerate(prompts))
    while left:
        numbers = [*left]
        try:
            given = [*left.values()]
            for drafts in decode(model, given, generation, is_complete, batch_size, drawn):
                for draft in drafts:
                    draft.prompt_index = numbers[draft.prompt_index]
                del left[drafts[0].prompt_index]
                yield drafts
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            if batch_size == 1:
                raise InputError(
                    "memory ran out with a single sequence: lower max_new_tokens, or use a smaller "
                    "model or more memory"
                ) from None
            batch_size //= 2
            log.warning(
                f"memory ran out: going on with {batch_size} sequences at once; to save the time, "
                f"lower inference.batch_size (--batch-size) to {batch_size}"
            )
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
