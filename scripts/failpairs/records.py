"""The rows of the pipeline's JSONL files; those of labels are in exec_labels.py.

Sampling and training read no label, and do not run again when the table of labels changes.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator


def _text(value: object) -> str:
    # Model output may hold lone surrogates, which pydantic's own check of str refuses.
    if not isinstance(value, str):
        raise ValueError("expected text")
    return value


ModelText = Annotated[str, PlainValidator(_text)]
Name = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]


def omitted(default: object) -> Any:
    """Marks a field that is not written where it has its default."""
    return Field(exclude_if=lambda value: bool(value == default))


class Row(BaseModel):
    """What all rows have in common: no unknown field, and no value of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Problem(Row):
    """One row of `problems/{train,eval}.jsonl`: a prompt and the test of what is made from it.

    `test` defines `check(candidate)`; `reference` is a whole program that passes it, or empty where
    none is known. Optional fields are written where they differ from their defaults.

    Attributes:
        prompt: signature and docstring of the entry point, with what stands before it, or prose.
        entry_point: the function that the test calls, also as `Solution.method` of a class.
        kind: `program` is one that reads standard input and prints; for it the candidate of the
            test is called with a text and returns what was printed, and the entry point is `main`.
        plus_test: additional tests in the form of `test`, for what has passed that.
        setup: code that runs before every program, such as imports that are taken for granted.
        released: the day on which the problem was published, as YYYY-MM-DD.
    """

    task_id: Name
    prompt: Name
    entry_point: Name
    test: Name
    reference: str
    source: str
    license: str
    kind: Annotated[Literal["function", "program"], omitted("function")] = "function"
    plus_test: Annotated[str, omitted("")] = ""
    setup: Annotated[str, omitted("")] = ""
    released: Annotated[str, omitted("")] = ""


class Sample(Row):
    """One row of `samples.jsonl`: exactly what the model wrote, and how it ended.

    `sum_logprob` is in nats, under the model's own distribution at temperature 1.
    """

    task_id: Name
    sample_index: Count
    completion: ModelText
    finish_reason: Literal["eos", "stop", "length"] | None = None
    n_tokens: Count | None = None
    sum_logprob: float | None = None
    seed: int | None = None


class ForeignSample(Sample):
    """A sample of another tool, which is run as that tool runs it: the prompt and a completion of
    it, or a solution alone; nothing is taken out of prose or fences."""

    form: Literal["completion", "solution"]


class Pair(Row):
    """One row of `pairs.jsonl`: TRL's preference format and where both sides come from.

    `similarity` is the share of tokens in common (0 to 1), `length_ratio` the characters of the
    chosen side over those of the rejected side. A side that is no sample of this project, as in a
    control arm or in pairs of other people, has no index; of such pairs the label may be unknown.
    """

    prompt: ModelText
    chosen: ModelText
    rejected: ModelText
    task_id: Name
    chosen_index: Count | None
    rejected_index: Count | None
    rejected_label: Name | None
    similarity: float
    length_ratio: float


class Reference(Row):
    """One row of `reference_logps.jsonl`: a pair's log-probabilities before any training.

    They are in nats, summed over the tokens of a side, or over those inside the difference of the
    sides; `pair_sha256` is a hash of the pair's texts.
    """

    task_id: Name
    chosen_index: Count | None
    rejected_index: Count | None
    pair_sha256: Name
    chosen_logprob: float
    rejected_logprob: float
    chosen_inside_logprob: float
    rejected_inside_logprob: float


class Supply(Row):
    """What `top_up.py` writes: how many samples of each problem are to be drawn, so that `wanted`
    pairs can be made, and how many `pairs` those that are there give."""

    n_samples: Annotated[int, Field(ge=1)]
    pairs: Count
    wanted: Count
