"""The section `execution` of the configuration."""

from typing import Annotated, ClassVar

from pydantic import Field

from failpairs.settings import UNIQUE, Section


class ExecutionSettings(Section):
    """Limits of every program that is run, on the training and on the evaluation side."""

    section: ClassVar[str] = "execution"

    timeout: Annotated[float, Field(gt=0, le=3600)] = 10.0
    """CPU seconds that no program may exceed, nor the reference of its problem; of a script, for
    each input."""

    min_timeout: Annotated[float, Field(gt=0, le=3600)] = 0.5
    """CPU seconds that every program may use, however fast the reference of its problem is; eight
    times as many where the problem has additional tests, as HumanEval+ has."""

    timeout_factor: Annotated[float, Field(ge=1, le=1000)] = 10.0
    """CPU seconds that a program may use for each that the reference of its problem took; the
    product is rounded up to a power of two."""

    memory_mb: Annotated[int, Field(ge=64, le=2**20)] = 1024
    """Memory that a program may map, in MiB."""

    output_kb: Annotated[int, Field(ge=1, le=2**20)] = 256
    """Output that a program may print or write to a file, in KiB; a script may print as much as its
    test is long."""

    packages: Annotated[list[Annotated[str, Field(pattern=r"^\w([\w.-]*\w)?$")]], UNIQUE] = Field(
        default=[]
    )
    """Installed packages that programs and tests may import beside the standard library, by the
    names that pip or an import gives them; the packages that they require come with them."""

    runs: Annotated[int, Field(ge=1, le=100)] = 2
    """Executions of a passing program; if they disagree its label is FLAKY. Only the first has the
    additional tests of a problem."""

    unsafe_no_sandbox: bool = False
    """Run programs in mere processes where no sandbox can be made safe. They can then read your
    files and use your network; every result and the report say so."""

    max_infra_errors: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Share of samples of training problems whose execution may fail through no fault of theirs; of
    evaluation problems, none may."""
