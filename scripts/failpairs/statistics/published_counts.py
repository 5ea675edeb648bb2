"""What published counts alone can support, when nobody has published the problems behind them."""

from collections.abc import Iterator
from itertools import combinations_with_replacement

import numpy as np
from pydantic import BaseModel, ConfigDict
from statsmodels.stats.proportion import proportion_confint

from failpairs.labels import PASS
from failpairs.statistics.effects import Criteria, measure
from failpairs.statistics.number_format import p_is, p_text, percent, spread_text
from failpairs.statistics.paired_tests import mcnemar_mid_p, mcnemar_p, sign_flip, spread
from failpairs.statistics.power import mcnemar_power, minimum_detectable

ALPHA = 0.05
POWER = 0.8
DISCORDANCES = (0.06, 0.10, 0.15)


class PublishedMode(BaseModel):
    """A failure mode: problems in the base model, mean and sample sd over seeds (2 decimals)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: int
    mean: float
    sd: float

    def seeds(self, count: int) -> list[tuple[int, ...]]:
        """The counts of the seeds, in rising order, that round to this mean and sd."""
        around = range(max(0, int(self.mean - count)), int(self.mean + count) + 2)
        return [
            counts
            for counts in combinations_with_replacement(around, count)
            if round(float(np.mean(counts)), 2) == self.mean
            and round(float(np.std(counts, ddof=1)), 2) == self.sd
        ]


class Published(BaseModel):
    """The counts of a published experiment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    n_problems: int
    base_passes: int
    seed_passes: list[int]
    modes: dict[str, PublishedMode]


def replication_card(published: Published, alpha: float = ALPHA) -> str:
    """Markdown: what the counts can and cannot support, tested at this level."""
    n = published.n_problems
    low, high = proportion_confint(published.base_passes, n, alpha, method="wilson")
    tuned = spread([count / n for count in published.seed_passes])
    change = tuned.mean - published.base_passes / n
    lines = [
        f"Base {published.base_passes}/{n} = {percent(published.base_passes / n)} (Wilson interval "
        f"{percent(low)} to {percent(high)}); {_tuned(published)}: "
        f"{spread_text(tuned, as_percent=True)}, a change of {100 * change:+.2f} points.",
        "",
        "A count says how many more problems passed, not how many were fixed and how many broken:",
        "",
        "| problems | net | p, none broken | one broken | two broken | p over all overlaps |",
        "| --- | --- | --- | --- | --- | --- |",
        *_overlaps(published),
        "",
        *(line for text in _seed_mean(published, alpha) for line in (text, "")),
        *(_unnamed(published) if published.modes else ()),
        *([""] if published.modes else []),
        f"What {n} problems and one seed could have found ({POWER:.0%} power, exact McNemar test; "
        "mid-p in brackets):",
        "",
        f"| problems that differ | least effect, points | power for {100 * change:+.2f} points |",
        "| --- | --- | --- |",
        *_powers(n, change, alpha),
    ]
    return "\n".join(lines) + "\n"


def _tuned(published: Published) -> str:
    counts = ", ".join(map(str, published.seed_passes))
    return f"seeds {counts}" if len(published.seed_passes) > 1 else f"tuned {counts}"


def verdicts_on_counts(published: Published, criteria: Criteria) -> Iterator[str]:
    """The verdicts on pass@1 for both extremes of what may lie behind each count."""
    n, base = published.n_problems, published.base_passes
    places = np.arange(n)[None]
    rule = f"{100 * criteria.confidence:g}% confidence"
    margin = f"±{100 * criteria.equivalence_margin:g} points"
    for count in sorted({*published.seed_passes}):
        net, most = count - base, _most_against(published, count)
        none, all_of_them = (
            measure(
                PASS,
                "primary",
                before=np.where((places >= fixed) & (places < fixed + broken), 1, 0),
                after=np.where(places < fixed, 1, 0),
                n_samples=1,
                criteria=criteria,
            ).verdict
            for fixed, broken in ((max(net, 0) + k, max(-net, 0) + k) for k in (0, most))
        )
        undone = "fixed" if net < 0 else "broken"
        over_all = f"{none} if no problem was {undone}, {all_of_them} if {most} were"
        if none == all_of_them:
            over_all = f"{none}, however many problems were {undone}"
        yield f"Verdict on {base} → {count} ({rule}, margin {margin}): {over_all}."


def _most_against(published: Published, count: int) -> int:
    """How many problems can have moved against the net change of the passes."""
    base, n = published.base_passes, published.n_problems
    return min(base, count, n - base, n - count)


def _overlaps(published: Published) -> Iterator[str]:
    base = published.base_passes
    for count in sorted(set(published.seed_passes)):
        yield _overlap(f"passes, {base} → {count}", count - base, _most_against(published, count))
    for name, mode in published.modes.items():
        possible = {c for counts in mode.seeds(len(published.seed_passes)) for c in counts}
        for count in sorted(possible):
            # Problems that lose the mode, or gain it, are at most all that have it on either side.
            yield _overlap(
                f"{name}, {mode.base} → {count}", mode.base - count, min(mode.base, count)
            )


def _overlap(what: str, net: int, most: int) -> str:
    """One row: `net` problems more went one way than the other, of which at most `most`."""
    size = abs(net)
    first = [
        f"{p_text(mcnemar_p(size + k, k))} (mid-p {p_text(mcnemar_mid_p(size + k, k))})"
        for k in range(min(most, 2) + 1)
    ]
    first += ["–"] * (3 - len(first))
    # The more problems moved, the likelier is a net of this size by chance.
    least, greatest = (p_text(mcnemar_p(size + k, k)) for k in (0, most))
    cells = [what, f"{net:+d}", *first, f"{least} to {greatest}"]
    return f"| {' | '.join(cells)} |"


def _seed_mean(published: Published, alpha: float) -> Iterator[str]:
    nets = [count - published.base_passes for count in published.seed_passes]
    if len(nets) == 1:
        return
    if min(nets) < 0 < max(nets):
        yield "Some seeds gained and others lost: nothing can be said of their mean."
        return
    sizes = [abs(net) for net in nets]
    base = published.base_passes
    verb, undone, there_are = "fixed", "broken", published.n_problems - base
    if min(nets) < 0:
        verb, undone, there_are = "broke", "fixed", base
    nested = [sum(size > place for size in sizes) for place in range(max(sizes))]
    same, different = (
        sign_flip(np.array(moved), alpha).p for moved in (nested, _apart(sum(sizes), there_are))
    )
    others = f"if each {verb} others"
    if sum(sizes) > there_are:
        others = f"if they {verb} problems as different as possible among the {there_are} there are"
    yield (
        f"The mean over seeds, had no problem been {undone}: sign-flip "
        f"{p_is(same)} if all seeds {verb} the same problems, {p_text(different)} {others}. "
        f"The counts do not say which, nor whether any was {undone}."
    )


def _apart(moves: int, problems: int) -> list[int]:
    """How many seeds moved each problem, if the moves of all seeds are spread over the problems as
    evenly as they can be."""
    moved = min(moves, problems)
    return [moves // moved + (place < moves % moved) for place in range(moved)]


def _unnamed(published: Published) -> Iterator[str]:
    base = published.n_problems - published.base_passes
    named = sum(mode.base for mode in published.modes.values())
    after = published.n_problems - float(np.mean(published.seed_passes))
    named_after = sum(mode.mean for mode in published.modes.values())
    yield (
        f"Failures of other modes than {' and '.join(published.modes)}: {base - named} before, "
        f"{after - named_after:.1f} on average after. Nothing published says which."
    )


def _powers(n: int, change: float, alpha: float) -> Iterator[str]:
    for discordance in DISCORDANCES:
        effects = [
            minimum_detectable(n, discordance, alpha, POWER, mid_p) for mid_p in (False, True)
        ]
        least, of_mid_p = ("none" if e is None else f"{100 * e:.2f}" for e in effects)
        power = "not defined"  # of a change by more problems than differ
        if abs(change) <= discordance:
            exact, mid = (
                mcnemar_power(n, discordance, change, alpha, mid_p) for mid_p in (False, True)
            )
            power = f"{exact:.2f} ({mid:.2f})"
        yield f"| {discordance:.0%} | {least} ({of_mid_p}) | {power} |"
