"""What published counts alone can support, when nobody has published the problems behind them."""

from collections.abc import Iterator
from itertools import combinations_with_replacement

import numpy as np
from pydantic import BaseModel, ConfigDict
from statsmodels.stats.proportion import proportion_confint

from failpairs.statistics.number_format import p_text, percent, spread_text
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


def replication_card(published: Published) -> str:
    """Markdown: what the counts can and cannot support."""
    n = published.n_problems
    low, high = proportion_confint(published.base_passes, n, method="wilson")
    tuned = spread([count / n for count in published.seed_passes])
    change = tuned.mean - published.base_passes / n
    lines = [
        f"Base {published.base_passes}/{n} = {percent(published.base_passes / n)} (Wilson interval "
        f"{percent(low)} to {percent(high)}); seeds {', '.join(map(str, published.seed_passes))}: "
        f"{spread_text(tuned, as_percent=True)}, a change of {100 * change:+.2f} points.",
        "",
        "A count says how many more problems passed, not how many were fixed and how many broken:",
        "",
        "| problems | net | p, none broken | one broken | two broken | p over all overlaps |",
        "| --- | --- | --- | --- | --- | --- |",
        *_overlaps(published),
        "",
        *_seed_mean(published),
        "",
        *(_unnamed(published) if published.modes else ()),
        *([""] if published.modes else []),
        f"What {n} problems and one seed could have found ({POWER:.0%} power, exact McNemar test; "
        "mid-p in brackets):",
        "",
        f"| problems that differ | least effect, points | power for {100 * change:+.2f} points |",
        "| --- | --- | --- |",
        *_powers(n, change),
    ]
    return "\n".join(lines) + "\n"


def _overlaps(published: Published) -> Iterator[str]:
    n, base = published.n_problems, published.base_passes
    for count in sorted(set(published.seed_passes)):
        yield _overlap(f"passes, {base} → {count}", count - base, min(base, n - count))
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
    p_values = [mcnemar_p(size + other, other) for other in range(most + 1)]
    first = [
        f"{p_text(p)} (mid-p {p_text(mcnemar_mid_p(size + k, k))})"
        for k, p in enumerate(p_values[:3])
    ]
    first += ["–"] * (3 - len(first))
    cells = [what, f"{net:+d}", *first, f"{p_text(min(p_values))} to {p_text(max(p_values))}"]
    return f"| {' | '.join(cells)} |"


def _seed_mean(published: Published) -> Iterator[str]:
    nets = [count - published.base_passes for count in published.seed_passes]
    nested = [sum(net > place for net in nets) for place in range(max(nets))]
    apart = [1] * sum(nets)
    same, different = (sign_flip(np.array(moved), ALPHA).p for moved in (nested, apart))
    yield (
        "The mean over seeds, had no problem been broken: sign-flip "
        f"p = {p_text(same)} if all seeds fixed the same problems, {p_text(different)} if each "
        "fixed others. The counts do not say which, nor whether any was broken."
    )


def _unnamed(published: Published) -> Iterator[str]:
    base = published.n_problems - published.base_passes
    named = sum(mode.base for mode in published.modes.values())
    after = published.n_problems - float(np.mean(published.seed_passes))
    named_after = sum(mode.mean for mode in published.modes.values())
    yield (
        f"Failures of other modes than {' and '.join(published.modes)}: {base - named} before, "
        f"{after - named_after:.1f} on average after. Nothing published says which."
    )


def _powers(n: int, change: float) -> Iterator[str]:
    for discordance in DISCORDANCES:
        effects = [
            minimum_detectable(n, discordance, ALPHA, POWER, mid_p) or 1.0
            for mid_p in (False, True)
        ]
        powers = [mcnemar_power(n, discordance, change, ALPHA, mid_p) for mid_p in (False, True)]
        yield (
            f"| {discordance:.0%} | {100 * effects[0]:.2f} ({100 * effects[1]:.2f}) | "
            f"{powers[0]:.2f} ({powers[1]:.2f}) |"
        )
