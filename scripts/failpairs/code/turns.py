"""The turn of a chat: what a model writes around its answer."""

import re

FLAGS = re.IGNORECASE | re.MULTILINE
# A program that handles such tokens quotes them, and prose puts them between single backticks.
UNQUOTED = r"(?<![\"'])(?<![^`]`)(?:{})(?![\"']|`(?!`))"
THINKING = r"(?:\w+[:_])?(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflection|analysis|scratchpad)"
OPENING = (
    rf"^[ \t]*(?:<{THINKING}>|◁{THINKING}▷|(?-i:\[THINK\])|<\|start_thinking\|>"
    r"|<\|begin_of_thought\|>|<\|channel\|>(?:analysis|commentary)<\|message\|>)"
)
CLOSING = UNQUOTED.format(
    rf"</{THINKING}>|◁/{THINKING}▷|(?-i:\[/THINK\])|<\|end_thinking\|>"
    r"|<\|end_of_thought\|>|<\|channel\|>final<\|message\|>"
)
OPENED = re.compile(OPENING, FLAGS)
CLOSED = re.compile(CLOSING, FLAGS)
THOUGHT = re.compile(rf"{OPENING}(?s:.*?){CLOSING}", FLAGS)
TOKEN = r"<[|｜][^<>|｜\s]+[|｜]>|</?s>|<(?:bos|eos|start_of_turn)>"
BEFORE = re.compile(rf"\A(?:\s*(?:{TOKEN}))+", FLAGS)
END = re.compile(
    UNQUOTED.format(
        r"<[|｜](?![^|｜]*header)[^<>|｜\s]*(?:end|eo[tsmd]|return)[^<>|｜\s]*[|｜]>"
        r"|</s>|<(?:eos|end_of_turn|EOT|file_sep)>|(?-i:\[/?INST\])"
    ),
    FLAGS,
)
TAG = re.compile(
    r"^[ \t]*(?:<(?:answer|solution|python|code)>|(?-i:\[(?:ANSWER|PYTHON|CODE|BEGIN)\]))"
    r"|(?:</(?:answer|solution|python|code)>|(?-i:\[(?:/ANSWER|/PYTHON|/CODE|DONE)\]))[ \t]*$",
    FLAGS,
)


def answer_of(text: str) -> tuple[str, bool]:
    """A text without thoughts and without what follows the end of the turn.

    A closing tag ends a thought even if nothing opens it, since the prompt may have done so.

    Returns:
        the answer, and whether the text ends inside a thought.

    Example:
        >>> answer_of("<think>\\nTwice.\\n</think>return 2 * n<|im_end|>\\n<|im_start|>user")
        ('return 2 * n', False)
    """
    last = max((tag.end() for tag in CLOSED.finditer(text)), default=0)
    text = CLOSED.split(THOUGHT.sub("", text[:last]))[-1] + text[last:]
    answer, *thought = OPENED.split(text, maxsplit=1)
    return END.split(BEFORE.sub("", answer), maxsplit=1)[0], bool(thought)


def without_tags(text: str) -> str:
    """A text without the tags that begin or end an answer, such as `<answer>` and `[PYTHON]`."""
    return TAG.sub("\n", text)
