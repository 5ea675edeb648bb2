"""The registry of problem sources.

A new source is a module with a function that loads its problems, and an entry in `SOURCES`: the
configuration, its description, the options of the programs and Snakemake's inputs follow from it.
"""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from failpairs.errors import InputError
from failpairs.problems.evalplus import load_release, release_files
from failpairs.problems.humaneval import load_humaneval
from failpairs.problems.jsonl import FORMATS, check_set, jsonl_files, load_jsonl
from failpairs.problems.livecodebench import livecodebench_files, load_livecodebench
from failpairs.problems.mbpp import load_mbpp, mbpp_files
from failpairs.problems.rows import REMEDY, Loaded, listed
from failpairs.problems.starter_bank import TRAIN_SHARE, load_half, starter_files
from failpairs.records import Problem

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """Where problems come from; the configuration names it as `NAME` or `NAME:ARGUMENT`.

    Attributes:
        forms: all ways to write it, for messages.
        argument: the regular expression of what may follow the name, the colon included.
        description: what it is, in one sentence for the configuration's text and for `--help`.
        load: gives the problems of an argument ("" without one) and a split (`train` or `eval`),
            with the faults of single rows; raises InputError if none can be read.
        files: gives the files of the project or of the user that `load` reads.
    """

    name: str
    forms: tuple[str, ...]
    argument: str
    description: str
    load: Callable[[str, str], Loaded]
    files: Callable[[str], list[Path]] = lambda argument: []


SOURCES = (
    Source(
        name="starter",
        forms=("starter", "starter:LEVEL"),
        argument=r"(:[1-3])?",
        description="starter is the bank that ships with the project (starter:1 only its easiest "
        "level, starter:2 the two easier levels)",
        load=load_half,
        files=starter_files,
    ),
    Source(
        name="mbpp",
        forms=("mbpp", "mbpp:train", "mbpp:test", "mbpp:PATH"),
        argument=r"(:.+)?",
        description="mbpp comes from the Hub or, as mbpp:PATH, from a local file in its original "
        "format (mbpp:test is MBPP's test split, mbpp:train all other problems), with its first "
        "test in the prompt",
        load=load_mbpp,
        files=mbpp_files,
    ),
    Source(
        name="mbpp-tests",
        forms=("mbpp-tests",),
        argument=r"(:.+)?",
        description="mbpp-tests is the same with all tests in the prompt, as in the paper of MBPP "
        "(programs may then hard-code the answers)",
        load=partial(load_mbpp, n_shown=None),
        files=mbpp_files,
    ),
    Source(
        name="mbpp-text",
        forms=("mbpp-text",),
        argument=r"(:.+)?",
        description="mbpp-text is the same with no test in the prompt",
        load=partial(load_mbpp, n_shown=0),
        files=mbpp_files,
    ),
    Source(
        name="humaneval",
        forms=("humaneval",),
        argument="",
        description="humaneval comes from PyPI",
        load=load_humaneval,
    ),
    Source(
        name="humanevalplus",
        forms=("humanevalplus", "humanevalplus:PATH"),
        argument=r"(:.+)?",
        description="humanevalplus is EvalPlus's release of HumanEval+ (v0.1.10), with base and "
        "additional tests, from GitHub or, as humanevalplus:PATH, from a file",
        load=lambda path, split: load_release("humanevalplus", path),
        files=release_files,
    ),
    Source(
        name="mbppplus",
        forms=("mbppplus", "mbppplus:PATH"),
        argument=r"(:.+)?",
        description="mbppplus is its release of MBPP+ (v0.2.0), likewise",
        load=lambda path, split: load_release("mbppplus", path),
        files=release_files,
    ),
    Source(
        name="livecodebench",
        forms=("livecodebench:PATH", "livecodebench:PATH@FROM..TO"),
        argument=r":.+",
        description="livecodebench:PATH is a file of LiveCodeBench (with @FROM..TO at its end "
        "only the problems of these days, such as @2024-10-01..)",
        load=load_livecodebench,
        files=livecodebench_files,
    ),
    Source(
        name="jsonl",
        forms=("jsonl:PATH", "jsonl:PATH:train", "jsonl:PATH:eval"),
        argument=r":.+",
        description="jsonl:PATH is a file of your own, with rows like those of "
        + ", ".join(each.name for each in FORMATS)
        + f" (jsonl:PATH:train about {TRAIN_SHARE:.0%} of it, by a hash of each task id, and "
        "jsonl:PATH:eval the rest)",
        load=load_jsonl,
        files=jsonl_files,
    ),
)
FORMS = tuple(form for source in SOURCES for form in source.forms)
PATTERN = "|".join(f"{source.name}{source.argument}" for source in SOURCES)
DESCRIPTION = "; ".join(source.description for source in SOURCES)


def load_problems(text: str, split: str, broken: str = "stop") -> list[Problem]:
    """The problems of a source as the configuration names it.

    Args:
        split: `train` or `eval`; a source that has one set gives it for either.
        broken: what to do about malformed rows: `drop` leaves them out, with a line each in the
            log; `stop` does not.

    Raises:
        InputError: an unknown source, a missing or malformed file, no problems in it.
    """
    source, argument = _find(text)
    loaded = source.load(argument, split)
    if loaded.faults and not loaded.problems:
        raise InputError(listed(loaded.faults))
    if loaded.faults and broken == "stop":
        raise InputError(f"{listed(loaded.faults)}. {REMEDY}")
    for fault in loaded.faults:
        log.warning("left out: %s: %s", *fault)
    if loaded.faults:
        log.warning("%s: %d malformed rows are left out", text, len(loaded.faults))
    check_set(loaded.problems, f"problem source {text!r}")
    return loaded.problems


def load_all(
    sources: Sequence[str], split: str, limit: int = 0, broken: str = "stop"
) -> list[Problem]:
    """The problems of several sources one after the other, so many of each where `limit` is not 0.

    Raises:
        InputError: as `load_problems`, or a problem of one source is named like one of another.
    """
    sets = [load_problems(source, split, broken) for source in sources]
    problems = [problem for each in sets for problem in each[: limit or None]]
    check_set(problems, f"problem sources {', '.join(sources)}")
    return problems


def source_files(text: str) -> list[Path]:
    """The files of the project or of the user that a source reads, as the configuration names it.

    Raises:
        InputError: an unknown source.
    """
    source, argument = _find(text)
    return source.files(argument)


def _find(text: str) -> tuple[Source, str]:
    """A source and its argument."""
    for source in SOURCES:
        if re.fullmatch(source.name + source.argument, text):
            return source, text.partition(":")[2]
    raise InputError(f"problem source {text!r}: expected one of {', '.join(FORMS)}")
