"""Control arms: the curated pairs with one thing changed, so that what it does can be told.

All have as many pairs as `curated` (but the subsets, whose number is their point), and every choice
among equals is by a hash of the seed and of what is chosen.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from failpairs.code.extraction import replace_program
from failpairs.code.mutation import mutants
from failpairs.curation.build_pairs import as_pairs, is_held_out
from failpairs.curation.eligible_samples import Labelled, stable_rank
from failpairs.curation.matching import Match, similarity
from failpairs.errors import InputError
from failpairs.labels import FAILURES, PASS
from failpairs.models.prompts import FORMATS
from failpairs.records import Pair, Problem, Sample

MUTANTS = 8  # of each chosen side, since some of them pass
Labels = Mapping[str, list[Labelled]]


def random_arm(
    labelled: Labels, prompts: Mapping[str, str], n_pairs: int, held_out: float, seed: int
) -> list[Pair]:
    """Passing and failing samples of the same problem, paired at random: no policy but the labels,
    and that nothing is trained on what is held out.

    Raises:
        InputError: there are fewer failures of problems with a pass than pairs.
    """
    ranked: list[tuple[str, str, list[Labelled], Labelled]] = []
    for task_id, samples in labelled.items():
        passes = [sample for sample in samples if sample.label == PASS]
        if passes and not is_held_out(task_id, held_out, seed):
            failures = (sample for sample in samples if sample.label in FAILURES)
            ranked.extend(
                (stable_rank(seed, task_id, f.sample_index), task_id, passes, f) for f in failures
            )
    _require(len(ranked), n_pairs, "random")
    ranked.sort()
    matches = []
    for place, task_id, passes, failure in ranked[:n_pairs]:
        chosen = passes[int(place, 16) % len(passes)]
        value = similarity(chosen.completion, failure.completion)
        matches.append(Match(task_id, chosen, failure, value, order=0))
    return as_pairs(matches, prompts)


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


def synthetic_arm(curated: Sequence[Pair], mutated: Labels, seed: int) -> list[Pair]:
    """The curated chosen sides against mutants of them that fail: injected bugs, not the model's.

    Raises:
        InputError: too few mutants fail.
    """
    failing: dict[tuple[str, int], list[Labelled]] = defaultdict(list)
    for task_id, samples in mutated.items():
        for sample in samples:
            if sample.label in FAILURES:
                failing[task_id, sample.sample_index // MUTANTS].append(sample)
    for (task_id, _), samples in failing.items():
        samples.sort(key=lambda sample: stable_rank(seed, task_id, sample.sample_index))
    pairs = []
    spare = []
    for pair in curated:
        own = failing[_chosen(pair)]
        if own:
            pairs.append(_with_rejected(pair, own.pop(0)))
            spare.append(pair)
    # A chosen side none of whose mutants fails is replaced by one that has several.
    for pair in sorted(spare, key=lambda one: stable_rank(seed, *_chosen(one))):
        own = failing[_chosen(pair)]
        if own and len(pairs) < len(curated):
            pairs.append(_with_rejected(pair, own.pop(0)))
    _require(len(pairs), len(curated), "synthetic")
    return pairs


def external_arm(
    curated: Sequence[Pair], problems: Sequence[Problem], prompt_format: str
) -> list[Pair]:
    """The curated rejected sides against the reference solutions, which are not the model's own."""
    answers = {problem.task_id: _as_completion(problem, prompt_format) for problem in problems}
    return [_changed(pair, chosen=answers[pair.task_id], chosen_index=None) for pair in curated]


def shuffled_arm(curated: Sequence[Pair], seed: int) -> list[Pair]:
    """The curated pairs, half of them flipped: the null, from which there is nothing to learn."""
    order = sorted(range(len(curated)), key=lambda i: stable_rank(seed, "flip", *_key(curated[i])))
    flipped = set(order[: len(curated) // 2])
    return [_flipped(pair) if i in flipped else pair for i, pair in enumerate(curated)]


def subset_arm(curated: Sequence[Pair], count: int, seed: int) -> list[Pair]:
    """So many of the curated pairs; a larger subset holds every smaller one.

    Raises:
        InputError: there are not as many.
    """
    _require(len(curated), count, f"n{count}")
    order = sorted(
        range(len(curated)), key=lambda i: stable_rank(seed, "subset", *_key(curated[i]))
    )
    return [curated[i] for i in sorted(order[:count])]


def _require(found: int, wanted: int, arm: str) -> None:
    if found < wanted:
        raise InputError(f"arm {arm!r}: only {found} pairs of the {wanted} that it is to have")


def _chosen(pair: Pair) -> tuple[str, int]:
    """Which sample the chosen side of a curated pair is."""
    assert pair.chosen_index is not None
    return pair.task_id, pair.chosen_index


def _key(pair: Pair) -> tuple[str, int | None, int | None]:
    return pair.task_id, pair.chosen_index, pair.rejected_index


def _changed(pair: Pair, **values: object) -> Pair:
    """A pair with other sides, and what follows from them."""
    pair = pair.model_copy(update=values)
    return pair.model_copy(
        update={
            "similarity": similarity(pair.chosen, pair.rejected),
            "length_ratio": round(len(pair.chosen) / max(1, len(pair.rejected)), 4),
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


def _as_completion(problem: Problem, prompt_format: str) -> str:
    """A reference as the model would have written it after the prompt."""
    if prompt_format == "completion":
        return problem.reference.removeprefix(problem.prompt)
    return problem.reference.rstrip("\n") + "\n" + FORMATS[prompt_format].stop[0]
