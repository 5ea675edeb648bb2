"""What the first screen of the report says: what was measured, a verdict in a few words, and where
failures went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from failpairs.labels import PASS
from failpairs.statistics.comparison import Statistics
from failpairs.statistics.effects import Criteria, Effect
from failpairs.statistics.evaluation import Evaluation
from failpairs.statistics.fixed_and_broken import Movement
from failpairs.statistics.number_format import number

MOST_FLOWS = 3  # that a sentence names


@dataclass(frozen=True)
class IntervalBar:
    """An interval beside zero, as places on a line from 0 to 1."""

    zero: float
    low: float
    change: float
    high: float


def what_was_measured(
    subject: str, base: Evaluation, seeds: Mapping[str, Evaluation], n_pairs: int
) -> str:
    """One line with the model, the benchmarks and how much of everything there was.

    Example:
        `some/model: 164 problems of HumanEval, 1 sample per problem, 3 tuned models, 500 pairs`
    """
    counts = {len(problem.labels) for one in (base, *seeds.values()) for problem in one.problems}
    samples = " to ".join(str(count) for count in sorted({min(counts), max(counts)}))
    parts = [
        f"{base.n_problems} problems of {', '.join(base.by_source)}",
        f"{samples} {plural('sample', max(counts))} per problem",
        f"{len(seeds)} {plural('tuned model', len(seeds))}",
        *([f"{n_pairs} {plural('pair', n_pairs)}"] if n_pairs else []),
    ]
    return f"{subject}: {', '.join(parts)}"


def plural(noun: str, count: int) -> str:
    """A noun behind a count."""
    return noun if count == 1 else f"{noun}s"


def in_short(effect: Effect, criteria: Criteria) -> str:
    """A verdict in about five words."""
    match effect.verdict:
        case "improved":
            return "Better, beyond chance"
        case "worsened":
            return "Worse, beyond chance"
        case "equivalent":
            return f"No change beyond ±{100 * criteria.equivalence_margin:g} points"
        case "not distinguishable":
            return "Cannot be told from noise"


def fixed_and_broken(movements: Sequence[Movement]) -> tuple[int, int]:
    """How many problems at least one tuned model fixed, and how many at least one broke."""
    broken = sum(movement.kind == "broken" for movement in movements)
    return len(movements) - broken, broken


def interval_bar(effect: Effect) -> IntervalBar:
    """Where the interval of a change lies: the line ends a little beyond it, and beyond zero."""
    first, last = min(0.0, effect.low), max(0.0, effect.high)
    margin = 0.1 * (last - first) or 1.0
    start, width = first - margin, last - first + 2 * margin

    def place(value: float) -> float:
        return (value - start) / width

    return IntervalBar(place(0.0), place(effect.low), place(effect.change), place(effect.high))


def told_at_once(statistics: Statistics) -> list[Effect]:
    """The metrics of the answer besides pass@1: those declared in advance, and whatever has changed
    beyond chance."""
    return [
        effect
        for effect in (*statistics.modes, *statistics.sources.values())
        if effect.role == "declared" or effect.verdict in ("improved", "worsened")
    ]


def where_it_went(mode: Effect, statistics: Statistics) -> str:
    """How the tuned models end the problems that failed in a mode before, by first samples; nothing
    where no problem did, or where all of them still do.

    Example:
        `Of those in the base model, 42 still end so, 19 pass, 14 are now SYNTAX_ERROR.`
    """
    if mode.metric not in statistics.labels:
        return ""
    row = statistics.mean_transitions[statistics.labels.index(mode.metric)]
    stay = row[statistics.labels.index(mode.metric)]
    moved = [
        (count, label)
        for count, label in zip(row, statistics.labels, strict=True)
        if label != mode.metric and count
    ]
    if not moved:
        return ""
    moved.sort(key=lambda each: (each[1] != PASS, -each[0]))
    parts = [f"{number(stay)} still end{'s' if stay == 1 else ''} so"]
    parts += [_ends(count, label) for count, label in moved[:MOST_FLOWS]]
    if len(moved) > MOST_FLOWS:
        parts.append("the others fail otherwise")
    return f"Of those in the base model, {', '.join(parts)}."


def _ends(count: float, label: str) -> str:
    if label == PASS:
        return f"{number(count)} pass{'es' if count == 1 else ''}"
    return f"{number(count)} {'is' if count == 1 else 'are'} now {label}"
