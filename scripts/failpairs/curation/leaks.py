"""Which preference pairs give away an evaluation problem."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from failpairs.code.extraction import extract_program
from failpairs.code.syntax import normalised
from failpairs.curation.pair_problems import ProblemNames
from failpairs.exchange.pairs import ForeignPair
from failpairs.problems.decontamination import decontaminate
from failpairs.records import Problem

FEWEST_NODES = 12  # of a program's syntax tree, for it to give a problem away
DEFINITION = re.compile(r"^[ \t]*(?:async )?def (\w+)", re.MULTILINE)


def answers(pair: ForeignPair) -> tuple[str, str]:
    """The texts in which the programs of both sides stand.

    A prompt that is only what both texts begin with may end in the midst of the program.
    """
    if pair.form == "implicit" and isinstance(pair.prompt, str):
        return pair.prompt + pair.chosen, pair.prompt + pair.rejected
    return pair.chosen, pair.rejected


def find_leaks(
    pairs: Sequence[ForeignPair],
    problems: Sequence[Problem | None],
    evaluation: Sequence[Problem],
    ngram: int,
) -> dict[int, list[str]]:
    """The evaluation problems that pairs leak, by the number of the pair in the list: by name, by
    words of the prompt, or by a program that is the same as a reference up to names and layout and
    is not as short as `return a + b`, which many problems have in common."""
    found: dict[int, list[str]] = defaultdict(list)
    parts: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    names = ProblemNames(evaluation)
    for place, (pair, problem) in enumerate(zip(pairs, problems, strict=True)):
        named = names.find(pair)
        if named:
            found[place].append(f"task_id: {named.task_id}")
        parts["prompt", pair.prompt_text].append((place, "prompt"))
        asked = problem or _stand_in(pair)
        for side, text in zip(("chosen", "rejected"), answers(pair), strict=True):
            program, _ = extract_program(asked, text)
            if program and _is_comparable(program):
                parts["reference", program].append((place, f"{side} side"))
    probes = [
        _problem(**{"task_id": str(number), field: text})
        for number, (field, text) in enumerate(parts)
    ]
    uses = [*parts.values()]
    for match in decontaminate(probes, evaluation, ngram)[1]:
        for place, part in uses[int(match["task_id"])]:
            found[place].append(f"{part}: {match['eval_task_id']} ({match['reason']})")
    return found


def _stand_in(pair: ForeignPair) -> Problem:
    """What takes the place of the problem of a pair that matches none: the program is then what
    defines the last function of the chosen side or, without one, of the prompt."""
    prompt = pair.prompt_text
    names = DEFINITION.findall(pair.chosen) or DEFINITION.findall(prompt) or [""]
    return _problem(prompt=prompt, entry_point=names[-1])


def _problem(**fields: str) -> Problem:
    """A problem of which only some fields count; texts of models are no valid prompts."""
    values: dict[str, Any] = {**dict.fromkeys(Problem.model_fields, ""), "kind": "function"}
    return Problem.model_construct(None, **{**values, **fields})


@lru_cache(maxsize=4096)  # many sides hold the same program
def _is_comparable(program: str) -> bool:
    try:
        shape = normalised(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return shape.count("(") >= FEWEST_NODES  # which begins each node
