"""How often the verdicts and the intervals are wrong: simulated studies with a known truth.

A study has a base model and three seeds on n problems. In each seed a share of the problems (the
discordance) comes out otherwise than in the base model. Most of them are the same in all seeds, as
in the published experiment, whose seeds differ by half a problem from each other and by six from
the base model. Under the null a problem that moves is as likely to be broken as to be fixed.

In a crossed study each pair set and each training seed moves the logits of all problems by an
effect of its own, and each adapter passes or fails a problem by chance.

The functions tested are those of the report. The last line printed is a JSON object with all
figures.
"""

import argparse
import json
import math
import sys
import warnings
from pathlib import Path

import numpy as np
from scipy.special import expit
from scipy.stats import bootstrap, ttest_1samp

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from failpairs.statistics.arrays import Floats, Ints
from failpairs.statistics.intervals import estimate
from failpairs.statistics.power import mcnemar_power
from failpairs.statistics.variance_split import variance_split

SEEDS = 3
SHARED = 0.9  # of a seed's discordant problems; the rest are its own
EFFECT = 0.0346  # the published change of pass@1
CONFIDENCE = 0.95
ALPHA = 0.05
BCA_STUDIES = 400
BCA_RESAMPLES = 999
ARMS = 12
# Crossed studies: mean and standard deviation of the logits of problems, by how many of these
# problems nearly always come out alike, and standard deviations of the effects of pair sets and of
# training seeds.
DECIDED = {"few decided": (1.8, 3.0), "most decided": (6.0, 20.0)}
SPREADS = ((0.0, 0.0), (0.5, 0.2), (1.0, 0.5))


def simulate(
    draw: np.random.Generator, studies: int, n: int, discordance: float, effect: float
) -> Ints:
    """Differences from the base model, -1, 0 or 1, (studies, seeds, problems)."""
    fixed = draw.random((studies, 1, n)) < (1 + effect / discordance) / 2
    shared = draw.random((studies, 1, n)) < SHARED * discordance
    own = (1 - SHARED) * discordance / (1 - SHARED * discordance)
    moved = shared | (draw.random((studies, SEEDS, n)) < own)
    return moved * np.where(fixed, 1, -1)


def share(flags: list[bool]) -> tuple[float, float]:
    """A share with its Monte-Carlo standard error."""
    mean = sum(flags) / len(flags)
    return mean, math.sqrt(mean * (1 - mean) / len(flags))


def bca_coverage(differences: Ints, effect: float) -> float:
    """Share of studies whose BCa bootstrap interval over problems holds the effect."""
    held = []
    for study in differences[:BCA_STUDIES]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a study without differences has no interval
            found = bootstrap(
                (study / SEEDS,),
                np.mean,
                n_resamples=BCA_RESAMPLES,
                confidence_level=CONFIDENCE,
                method="BCa",
                vectorized=True,
                rng=np.random.default_rng(0),
            ).confidence_interval
        held.append(bool(found.low <= effect <= found.high))
    return share(held)[0]


def measure(
    draw: np.random.Generator, studies: int, n: int, discordance: float
) -> dict[str, float]:
    """False alarms, coverage and power at one number of problems and one discordance."""
    figures: dict[str, float] = {}
    for name, effect in (("null", 0.0), ("effect", EFFECT)):
        seeds = simulate(draw, studies, n, discordance, effect)
        sums = seeds.sum(axis=1)
        found = [estimate(study, SEEDS, CONFIDENCE) for study in sums]
        verdicts, error = share([one.significant for one in found])
        coverage, _ = share([one.low <= effect <= one.high for one in found])
        single, _ = share([estimate(s, 1, CONFIDENCE).significant for s in seeds[:, 0]])
        figures |= {
            f"{name}_verdicts": verdicts,
            f"{name}_error": error,
            f"{name}_coverage": coverage,
            f"{name}_single_seed_verdicts": single,
            f"{name}_bca_coverage": bca_coverage(sums, effect),
        }
        if not effect:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")  # seeds that are all alike have no t
                p = ttest_1samp(seeds.sum(axis=2) / n, 0, axis=1).pvalue
            figures["t_test"] = share((p <= ALPHA).tolist())[0]
    # The moments that make three seeds equivalent to one: see failpairs.intervals.
    squared, absolute = (sums / SEEDS) ** 2, np.abs(sums / SEEDS)
    size = squared.mean() / absolute.mean()
    equivalent = squared.mean() / size**2
    return figures | {
        "power_exact": mcnemar_power(n, equivalent, EFFECT / size, ALPHA, mid_p=True),
        "power_single_seed_exact": mcnemar_power(n, discordance, EFFECT, ALPHA),
    }


def alarms_among_arms(
    draw: np.random.Generator, studies: int, n: int, discordance: float
) -> tuple[float, float]:
    """Share of studies under the null that call any of many control arms different from the base
    model or from the curated pairs in pass@1, by Holm's procedure, with its Monte-Carlo error."""
    models = [simulate(draw, studies, n, discordance, 0.0).sum(axis=1) for _ in range(1 + ARMS)]
    curated, *arms = models
    found = []
    for study in range(studies):
        differences = [arm[study] - other for arm in arms for other in (0, curated[study])]
        smallest = min(estimate(each, SEEDS, CONFIDENCE).p for each in differences)
        found.append(smallest * len(differences) <= ALPHA)
    return share(found)


def true_deviations(logits: Floats, spread_of_sets: float, spread_of_seeds: float) -> Floats:
    """The standard deviations of pass@1 that are due to pair sets, to training seeds and to the
    rest, by Gauss-Hermite quadrature over both effects."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(41)
    weights = weights / weights.sum()
    sets = spread_of_sets * nodes[:, None, None]
    seeds = spread_of_seeds * nodes[None, :, None]
    p = expit(logits + sets + seeds)
    rates = p.mean(axis=2)
    by_set, by_seed = rates @ weights, weights @ rates
    mean = weights @ by_set
    flips = (p * (1 - p)).mean(axis=2) / len(logits)
    both = (rates - by_set[:, None] - by_seed + mean) ** 2 + flips
    variances = [weights @ (by_set - mean) ** 2, weights @ (by_seed - mean) ** 2]
    found: Floats = np.sqrt([*variances, weights @ both @ weights])
    return found


def coverage_of_components(
    draw: np.random.Generator, studies: int, levels: int, spreads: tuple[float, float], kind: str
) -> tuple[Floats, Floats]:
    """The true standard deviations due to pair sets, training seeds and the rest, and the share of
    crossed studies of 164 problems whose intervals hold them."""
    logits = np.random.default_rng(7).normal(*DECIDED[kind], 164)
    truth = true_deviations(logits, *spreads)
    held = np.zeros(3)
    for _ in range(studies):
        sets = draw.normal(0, spreads[0], (levels, 1, 1))
        seeds = draw.normal(0, spreads[1], (1, levels, 1))
        p = expit(logits + sets + seeds)
        passes = (draw.random(p.shape) < p).astype(float)
        parts = variance_split(passes, np.zeros(164), CONFIDENCE).components[:3]
        held += [
            (part.low or 0) <= sd + 1e-12 and sd - 1e-12 <= (part.high or 0)
            for part, sd in zip(parts, truth, strict=True)
        ]
    return truth, held / studies


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=10_000, metavar="N", help="of each kind")
    studies = parser.parse_args().studies
    draw = np.random.default_rng(20240)
    print(
        "| problems | discordance | improved or worsened under the null | coverage, null | "
        "coverage, effect | BCa coverage, null | BCa, effect | power | calculated | "
        "power of one seed | exact | t-test over seeds, null |"
    )
    print("| " + " | ".join(["---"] * 12) + " |")
    cells = []
    for n in (164, 500):
        for discordance in (0.05, 0.10, 0.15):
            cell = measure(draw, studies, n, discordance)
            cells.append({"n": n, "discordance": discordance, **cell})
            shown = (
                f"{cell['null_verdicts']:.2%} ± {cell['null_error']:.2%}",
                f"{cell['null_coverage']:.1%}",
                f"{cell['effect_coverage']:.1%}",
                f"{cell['null_bca_coverage']:.1%}",
                f"{cell['effect_bca_coverage']:.1%}",
                f"{cell['effect_verdicts']:.3f}",
                f"{cell['power_exact']:.3f}",
                f"{cell['effect_single_seed_verdicts']:.3f}",
                f"{cell['power_single_seed_exact']:.3f}",
                f"{cell['t_test']:.0%}",
            )
            print(f"| {n} | {discordance:.0%} | {' | '.join(shown)} |", flush=True)
    among_arms = {}
    print(f"\n| problems | discordance | any of {ARMS} arms called different |\n|{' --- |' * 3}")
    for n in (164, 500):
        for discordance in (0.05, 0.10, 0.15):
            alarms, error = alarms_among_arms(draw, studies // 10, n, discordance)
            among_arms[f"{n}, {discordance}"] = alarms
            print(f"| {n} | {discordance:.0%} | {alarms:.1%} ± {error:.1%} |", flush=True)
    of_components = {}
    draw = np.random.default_rng(20241)
    print(
        "\n| design | problems | sd of pair sets, points | of seeds | of the rest | "
        f"coverage, pair sets | seeds | rest |\n|{' --- |' * 8}"
    )
    for levels in (3, 2):
        for kind in DECIDED:
            for spreads in SPREADS:
                truth, held = coverage_of_components(draw, studies // 10, levels, spreads, kind)
                of_components[f"{levels}, {kind}, {spreads}"] = held.tolist()
                shown = [f"{100 * sd:.2f}" for sd in truth] + [f"{each:.1%}" for each in held]
                print(f"| {levels} × {levels} | {kind} | {' | '.join(shown)} |", flush=True)
    coverages = [cell[f"{kind}_coverage"] for cell in cells for kind in ("null", "effect")]
    errors = [
        abs(cell[seen] - cell[calculated])
        for cell in cells
        for seen, calculated in (
            ("effect_verdicts", "power_exact"),
            ("effect_single_seed_verdicts", "power_single_seed_exact"),
        )
    ]
    print(
        json.dumps(
            {
                "worst_false_positive": max(cell["null_verdicts"] for cell in cells),
                "worst_coverage": max(coverages, key=lambda c: abs(c - CONFIDENCE)),
                "worst_power_error": max(errors),
                "t_test_false_positive": float(np.mean([cell["t_test"] for cell in cells])),
                "among_arms": among_arms,
                "of_components": of_components,
                "studies": studies,
                "cells": cells,
            }
        )
    )


if __name__ == "__main__":
    main()
