"""How a problem is put to a model, and where its answer ends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError

from failpairs.code.fences import find_closing_fence
from failpairs.errors import InputError
from failpairs.records import Problem

REQUEST = "Complete this Python function. Reply with only the code.\n\n```python\n{prompt}\n```"
OPENING = "```python\n"
FENCE = "```"


@dataclass(frozen=True)
class PromptFormat:
    """A way to ask: the texts that end an answer, and whether the answer keeps them.

    A fence that is a stop ends an answer where it closes the block: not in a string or a comment.
    The stops of `completion` are those of the HumanEval paper (Chen et al. 2021, section 3).
    """

    name: str
    stop: tuple[str, ...]
    keep_stop: bool

    @property
    def plain_stop(self) -> list[str]:
        """The stops for an engine that compares texts and knows no strings: it ends at fences at
        the beginning of a line, while those in docstrings are indented. `cut_at_stop` ends an
        answer that goes on after another fence."""
        return [f"\n{stop}" if stop == FENCE else stop for stop in self.stop]


FORMATS = {
    "chat": PromptFormat("chat", (FENCE,), keep_stop=True),
    "completion": PromptFormat(
        "completion", ("\nclass", "\ndef", "\n#", "\nif", "\nprint", "\n```"), keep_stop=False
    ),
}


def render_prompt(tokenizer: Any, prompt: str, prompt_format: str) -> str:
    """The exact text that the model continues, special tokens included.

    Raises:
        InputError: `chat` with a model that has no chat template.
    """
    if prompt_format == "completion":
        return prompt
    message = {"role": "user", "content": REQUEST.format(prompt=prompt.rstrip("\n"))}
    return f"{render_conversation(tokenizer, [message])}{OPENING}"


def render_conversation(tokenizer: Any, messages: Sequence[Mapping[str, str]]) -> str:
    """A conversation as the text that the model's answer continues, special tokens included.

    Raises:
        InputError: the model has no chat template, or it refuses such a conversation.
    """
    if not tokenizer.chat_template:
        raise InputError(
            "the model has no chat template: set model.prompt_format (--prompt-format) to "
            "completion, or choose a model that has one"
        )
    try:
        text: str = tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True
        )
    except TemplateError as error:
        raise InputError(f"the model's chat template refuses the conversation: {error}") from None
    return text


def render_prompts(
    tokenizer: Any, problems: Iterable[Problem], prompt_format: str
) -> dict[str, str]:
    """The rendered prompt of each problem, by its task id."""
    return {p.task_id: render_prompt(tokenizer, p.prompt, prompt_format) for p in problems}


def encode(tokenizer: Any, text: str, prompt_format: str) -> list[int]:
    """Token ids of a rendered prompt; a chat template already holds every special token."""
    ids: list[int] = tokenizer(text, add_special_tokens=prompt_format == "completion")["input_ids"]
    return ids


def cut_at_stop(text: str, prompt_format: PromptFormat) -> str | None:
    """The answer up to its first stop, or None while there is none."""
    starts = {
        stop: find_closing_fence(text) if stop == FENCE else text.find(stop)
        for stop in prompt_format.stop
    }
    ends = [(start, len(stop)) for stop, start in starts.items() if start >= 0]
    if not ends:
        return None
    start, length = min(ends)
    return text[: start + length] if prompt_format.keep_stop else text[:start]
