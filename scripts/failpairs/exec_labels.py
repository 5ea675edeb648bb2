"""What running programs shows: the rows of `exec_labels.jsonl` and of `problems/*.trials.jsonl`."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from failpairs.labels import Label
from failpairs.records import Count, ModelText, Name, Row, omitted


def _label(value: object) -> Label:
    # pydantic's own message would list all labels, and its strict mode refuses their names.
    if not isinstance(value, str) or value not in Label.__members__:
        raise ValueError("expected a label of those in docs/file-formats.md")
    return Label[value]


KnownLabel = Annotated[Label, BeforeValidator(_label)]


class ExecLabel(Row):
    """One row of `exec_labels.jsonl`: how one sample ended (times in seconds, memory in MiB).

    `verified` is false where the test had to run in the candidate's own process, since it passes,
    or was given, something that cannot cross to another process. `fragile` is true of a failure on
    additional tests alone (`plus_test` of the problem), and `differing` has the numbers of the
    generated inputs on which it differs from the reference, up to one on which it did not end.
    Where a problem has no reference, `answers` has a hash of its answer to each of these inputs, or
    `raised`, likewise up to one on which it did not end.
    """

    task_id: Name
    sample_index: Count
    label: KnownLabel
    exception: str | None = None
    message: ModelText | None = None
    raised_in: Literal["candidate", "test"] | None = None
    line: int | None = None
    tests_passed: Count = 0
    tests_total: Count = 0
    verified: bool = True
    fragile: bool = False
    differing: Annotated[list[Count], omitted([])] = Field(default_factory=list)
    answers: Annotated[list[str], omitted([])] = Field(default_factory=list)
    runs: Count = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    max_rss_mb: float = 0.0


class ProblemTrial(Row):
    """One row of `problems/{train,eval}.trials.jsonl`: what trying a problem showed.

    `timeout` is the limit of its programs in CPU seconds. `inside` says that its reference passes
    only if the tests run in the program's own process. `inputs` are generated ones as Python
    source: a list of calls, each with the answer of the reference if there is one. `fault` is what
    is wrong with it.
    """

    task_id: Name
    timeout: Annotated[float, Field(gt=0)]
    inside: bool = False
    inputs: Annotated[str, omitted("")] = ""
    fault: str | None = None
