"""The model that is sampled: its folder, and how its tokens are read and written."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from failpairs.models.continuations import decode_continuation
from failpairs.models.prompts import PromptFormat, cut_at_stop, encode
from failpairs.models.tuned import is_adapter

STOP_WINDOW = 16  # last tokens that are searched for a stop text; no stop is longer


@dataclass(frozen=True)
class SampledModel:
    """A model folder and its tokenizer, and what is sampled in its place, if anything is.

    Attributes:
        tuned: folder of a tuned model, see `models/tuned.py`.
        dtype, quantization: as `device.choose_device` takes them.
        eos_token_ids: the tokens that end an answer.
    """

    folder: Path
    tuned: Path | None
    dtype: str
    format: PromptFormat
    tokenizer: Any
    eos_token_ids: tuple[int, ...]
    quantization: str = "none"

    @property
    def loaded(self) -> Path:
        """The folder of the model that is loaded: a whole tuned model in place of the other."""
        is_whole = self.tuned is not None and not is_adapter(self.tuned)
        return self.tuned if self.tuned is not None and is_whole else self.folder

    def encode(self, prompt: str) -> list[int]:
        """The token ids of a rendered prompt."""
        return encode(self.tokenizer, prompt, self.format.name)

    def has_stop(self, tokens: list[int]) -> bool:
        """Whether an answer's tokens hold a stop; all are read only if the last hold its text."""
        tail = decode_continuation(self.tokenizer, tokens[-STOP_WINDOW:])
        if not any(stop in tail for stop in self.format.stop):
            return False
        return cut_at_stop(self.text(tokens), self.format) is not None

    def text(self, tokens: list[int]) -> str:
        """The text of an answer's tokens, without the token that ended it."""
        written = tokens[:-1] if tokens[-1] in self.eos_token_ids else tokens
        return decode_continuation(self.tokenizer, written)
