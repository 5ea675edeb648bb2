"""Control arms: the curated pairs with one thing changed, so that its effect can be measured.

All arms have as many pairs as `curated` (but the subsets, whose number is their point), and every
choice among equals is by a hash of the seed and of what is chosen.

A new arm is a function and an entry in `ARMS`: the configuration, its description, the inputs of
the rules and the table in README.md follow from it. Arms that have the curated pairs themselves are
in `training/trained_arms.py`. The Snakefile imports this module, where the packages of the jobs
need not be installed.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import indent
from typing import Literal

from failpairs.code.extraction import replace_program
from failpairs.code.mutation import mutants
from failpairs.code.syntax import Function, bound_names, compiles, parse_prompt
from failpairs.curation.eligible_samples import Labelled, is_held_out, stable_rank
from failpairs.curation.pairs import Match, as_pairs, length_ratio, similarity
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.labels import FAILURES, PASS
from failpairs.models.prompts import FENCE, FORMATS
from failpairs.records import Pair, Problem, Sample

MUTANTS = 8  # of each chosen side, since some of them pass
Labels = Mapping[str, list[Labelled]]


@dataclass(frozen=True)
class ArmInputs:
    """What the pairs of an arm are made of; what the arm does not need is empty.

    Attributes:
        curated: the curated pairs.
        n_pairs: how many pairs the arm is to have.
        problems: the training problems.
        samples: the labelled samples of each problem.
        prompts: the rendered prompt of each problem that was sampled, as the model saw it.
        mutants: labelled mutants of the chosen sides, as `mutated_samples` makes them.
    """

    curated: Sequence[Pair]
    n_pairs: int
    problems: Sequence[Problem] = ()
    samples: Labels = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)
    mutants: Labels = field(default_factory=dict)


@dataclass(frozen=True)
class Arm:
    """An entry of the registry.

    Attributes:
        name: how the configuration names it; of a pattern, an example.
        pairs: what its pairs are.
        shows: what its comparison with the curated pairs shows.
        make: gives its pairs, or as many as can be made where there are too few.
        needs: what `make` uses beside the curated pairs; `samples` come with their prompts.
        pattern: the regular expression of its names, where there are several; a number at the end
            of a name is the number of pairs.
    """

    name: str
    pairs: str
    shows: str
    make: Callable[[ArmInputs, Policy], list[Pair]]
    needs: frozenset[Literal["problems", "samples", "mutants"]] = frozenset()
    pattern: str = ""


def find_arm(name: str) -> Arm:
    """The arm with pairs of its own that the configuration names.

    Raises:
        InputError: there is no such arm.
    """
    for arm in ARMS:
        if re.fullmatch(arm.pattern or arm.name, name):
            return arm
    raise InputError(f"arm {name!r}: expected one of {', '.join(arm.name for arm in ARMS)}")


def make_arm(name: str, inputs: ArmInputs, policy: Policy) -> list[Pair]:
    """The pairs of the arm that the configuration names.

    Raises:
        InputError: there is no such arm, or there are too few pairs for it.
    """
    pairs = find_arm(name).make(inputs, policy)
    if len(pairs) < inputs.n_pairs:
        raise InputError(
            f"arm {name!r} needs {inputs.n_pairs} pairs, but only {len(pairs)} can be made"
        )
    return pairs


def pairs_wanted(name: str, n_curated: int) -> int:
    """How many pairs an arm is to have: the number in its name, or as many as are curated."""
    number = re.search(r"\d+$", name)
    return int(number.group()) if number else n_curated


def random_arm(inputs: ArmInputs, policy: Policy) -> list[Pair]:
    """Pairs each failure with a random pass of its problem: no policy but the labels, and that
    nothing is trained on what is held out."""
    ranked: list[tuple[str, str, list[Labelled], Labelled]] = []
    for task_id, samples in inputs.samples.items():
        passes = [sample for sample in samples if sample.label == PASS]
        if passes and not is_held_out(task_id, policy.held_out, policy.seed):
            failures = (sample for sample in samples if sample.label in FAILURES)
            ranked.extend(
                (stable_rank(policy.seed, task_id, f.sample_index), task_id, passes, f)
                for f in failures
            )
    ranked.sort()
    matches = []
    for rank, task_id, passes, failure in ranked[: inputs.n_pairs]:
        chosen = passes[int(rank, 16) % len(passes)]
        value = similarity(chosen.completion, failure.completion)
        matches.append(Match(task_id, chosen, failure, value, order=0))
    return as_pairs(matches, inputs.prompts)


def mutated_samples(
    curated: Sequence[Pair], problems: Sequence[Problem], seed: int
) -> list[Sample]:
    """Mutants of the chosen sides, to be executed as samples are.

    Their `sample_index` is that of the chosen side times `MUTANTS`, plus the number of the mutant.
    """
    by_id = {problem.task_id: problem for problem in problems}
    chosen = {_chosen(pair): pair.chosen for pair in curated}
    samples = []
    for (task_id, index), completion in sorted(chosen.items()):
        changed = replace_program(
            by_id[task_id], completion, lambda program: [m.source for m in mutants(program)]
        )
        changed.sort(key=lambda text: stable_rank(seed, task_id, index, text))
        for number, text in enumerate(changed[:MUTANTS]):
            place = index * MUTANTS + number
            samples.append(
                Sample(task_id=task_id, sample_index=place, completion=text, finish_reason="stop")
            )
    return samples


def synthetic_arm(inputs: ArmInputs, policy: Policy) -> list[Pair]:
    """The curated chosen sides against mutants of them that fail: injected bugs, not the model's.

    A chosen side none of whose mutants fails is replaced by a chosen side that has several.
    """
    failing: dict[tuple[str, int], list[Labelled]] = defaultdict(list)
    for task_id, samples in inputs.mutants.items():
        for sample in samples:
            if sample.label in FAILURES:
                failing[task_id, sample.sample_index // MUTANTS].append(sample)
    for (task_id, _), samples in failing.items():
        samples.sort(key=lambda sample: stable_rank(policy.seed, task_id, sample.sample_index))
    pairs = []
    spare = []
    for pair in inputs.curated:
        own = failing[_chosen(pair)]
        if own:
            pairs.append(_with_rejected(pair, own.pop(0)))
            spare.append(pair)
    for pair in sorted(spare, key=lambda pair: stable_rank(policy.seed, *_chosen(pair))):
        own = failing[_chosen(pair)]
        if own and len(pairs) < inputs.n_pairs:
            pairs.append(_with_rejected(pair, own.pop(0)))
    return pairs


def external_arm(inputs: ArmInputs, policy: Policy) -> list[Pair]:
    """The curated rejected sides against the reference solutions, which are not the model's own.

    Raises:
        InputError: a problem has no reference, or none that can continue its prompt.
    """
    by_id = {problem.task_id: problem for problem in inputs.problems}
    chosen = [_as_completion(by_id[pair.task_id], pair.prompt) for pair in inputs.curated]
    lacking = {pair.task_id for pair, text in zip(inputs.curated, chosen, strict=True) if not text}
    if lacking:
        raise InputError(
            f"arm 'external': {len(lacking)} problems have no reference that could stand for an "
            f"answer, such as {min(lacking)!r}: leave out the arm, or these training problems"
        )
    return [
        _changed(pair, chosen=text, chosen_index=None)
        for pair, text in zip(inputs.curated, chosen, strict=True)
    ]


def shuffled_arm(inputs: ArmInputs, policy: Policy) -> list[Pair]:
    """The curated pairs, half of them flipped: the null, from which there is nothing to learn."""
    flipped = _random_places(inputs.curated, len(inputs.curated) // 2, "flip", policy.seed)
    return [_flipped(pair) if i in flipped else pair for i, pair in enumerate(inputs.curated)]


def subset_arm(inputs: ArmInputs, policy: Policy) -> list[Pair]:
    """Some of the curated pairs; a larger subset holds every smaller one."""
    kept = _random_places(inputs.curated, inputs.n_pairs, "subset", policy.seed)
    return [pair for i, pair in enumerate(inputs.curated) if i in kept]


def curated_arm(inputs: ArmInputs, policy: Policy) -> list[Pair]:
    """Another number of pairs, curated anew."""
    # With it come packages that need not be there where the registry is read.
    from failpairs.curation.build_pairs import curate

    wanted = policy.model_copy(update={"n_pairs": inputs.n_pairs, "allow_fewer": True})
    return curate(inputs.problems, inputs.samples, inputs.prompts, wanted).pairs


ARMS = (
    Arm(
        name="random",
        pairs="passes and failures of a problem, paired at random",
        shows="what curation adds",
        make=random_arm,
        needs=frozenset({"samples"}),
    ),
    Arm(
        name="synthetic",
        pairs="the curated chosen sides against mutants of them that fail, executed like samples",
        shows="real failures against injected ones",
        make=synthetic_arm,
        needs=frozenset({"mutants"}),
    ),
    Arm(
        name="external",
        pairs="the curated rejected sides against the reference solutions",
        shows="the model's own passes against somebody else's",
        make=external_arm,
        needs=frozenset({"problems"}),
    ),
    Arm(
        name="shuffled",
        pairs="the curated pairs, half of them flipped",
        shows="the null, which must show no effect",
        make=shuffled_arm,
    ),
    Arm(
        name="n125",
        pairs="125 of the curated pairs, or any other number of them",
        shows="dose and response",
        make=subset_arm,
        pattern=r"n[1-9][0-9]*",
    ),
    Arm(
        name="curated1000",
        pairs="1000 pairs, or any other number of them, curated anew from the same samples",
        shows="more pairs, and beside several rounds whether it takes those",
        make=curated_arm,
        needs=frozenset({"problems", "samples"}),
        pattern=r"curated[1-9][0-9]*",
    ),
)


def _random_places(pairs: Sequence[Pair], count: int, purpose: str, seed: int) -> set[int]:
    """Places in a list of pairs that the seed decides, for each purpose others."""
    texts = [(pair.prompt, pair.chosen, pair.rejected) for pair in pairs]
    order = sorted(range(len(pairs)), key=lambda i: stable_rank(seed, purpose, *texts[i]))
    return set(order[:count])


def _chosen(pair: Pair) -> tuple[str, int]:
    """Which sample the chosen side of a curated pair is."""
    assert pair.chosen_index is not None
    return pair.task_id, pair.chosen_index


def _changed(pair: Pair, **values: object) -> Pair:
    """A pair with other sides, and what follows from them."""
    pair = pair.model_copy(update=values)
    return pair.model_copy(
        update={
            "similarity": similarity(pair.chosen, pair.rejected),
            "length_ratio": length_ratio(pair.chosen, pair.rejected),
        }
    )


def _with_rejected(pair: Pair, mutant: Labelled) -> Pair:
    return _changed(
        pair,
        rejected=mutant.completion,
        rejected_index=mutant.sample_index,
        rejected_label=mutant.label,
    )


def _flipped(pair: Pair) -> Pair:
    return _changed(
        pair,
        chosen=pair.rejected,
        rejected=pair.chosen,
        chosen_index=pair.rejected_index,
        rejected_index=pair.chosen_index,
        rejected_label=PASS,
    )


def _as_completion(problem: Problem, prompt: str) -> str:
    """A reference as the model would have written it after the rendered prompt: a continuation of
    the bare prompt, or else the whole function, with the end of the fence where answers keep it.
    Nothing if there is no reference, or none that can continue the prompt."""
    if not problem.reference.strip():
        return ""
    if prompt == problem.prompt:
        return _continuation(problem)
    asked = (
        each
        for each in FORMATS.values()
        if each.request and each.request(problem.prompt).strip() in prompt
    )
    end = "" if any(not each.keep_stop for each in asked) else f"\n{FENCE}"
    return problem.reference.rstrip("\n") + end


def _continuation(problem: Problem) -> str:
    """What of a reference stands after a bare prompt. Where it does not begin with the prompt, as
    MBPP's do not, this is the body of its function, after the rest of its program, since the model
    stops at what is not indented; nothing if that is no program."""
    reference = problem.reference
    if reference.startswith(problem.prompt):
        return reference.removeprefix(problem.prompt)
    try:
        parse_prompt(problem.prompt)
        program = ast.parse(reference).body
    except (SyntaxError, ValueError):  # prose, which any program continues
        return reference
    functions = [node for node in program if isinstance(node, Function)]
    asked = [node for node in functions if node.name == problem.entry_point]
    arguments = {arg.arg for each in asked for arg in ast.walk(each.args) if type(arg) is ast.arg}
    others = [n for n in program if n not in asked and not bound_names(n) & arguments]
    body = asked[-1].body if asked else []
    written = indent("\n".join(map(ast.unparse, [*others, *body])), "    ") + "\n"
    return written if body and compiles(problem.prompt + written) else ""
