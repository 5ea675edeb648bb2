"""What a run gives: pairs, and the smallest effect that it can find."""

from typing import NamedTuple

import numpy as np

from failpairs.curation.supply import expected_pairs, fitted
from failpairs.planning.rates import Rates
from failpairs.statistics.plan import detectable_effect
from failpairs.workflow.config import Config

POWER = 0.8


class Forecast(NamedTuple):
    """What is expected of a run.

    Attributes:
        pass_rate: of the samples of training problems in the pilot.
        mixed: training problems with passes and failures.
        pairs: that curation can make at most, before what is alike or of other lengths is left out.
        effect: the smallest improvement of pass@1 that is found with 80% power, if the base model
            solves as many evaluation problems as training problems; None where there is none.
    """

    pass_rate: float
    mixed: float
    pairs: float
    effect: float | None


def forecast(config: Config, n_train: int, n_eval: int, rates: Rates) -> Forecast:
    """What the outcomes of a pilot promise, with pass rates that spread over problems as a beta
    distribution."""
    counts = np.array(rates.outcomes, dtype=np.int64)
    a, b = fitted(counts)
    pass_rate = a / (a + b)
    none = np.zeros((n_train, 2), dtype=np.int64)
    drawn, uses = np.full(n_train, config.sampling.n_samples), config.curation.max_sample_uses

    def pairs(most: int) -> float:
        return expected_pairs(none, drawn, (a, b), most, uses)

    n_seeds = len(config.tuned or config.seeds.values)
    return Forecast(
        pass_rate=pass_rate,
        mixed=pairs(1),
        pairs=pairs(config.curation.max_pairs_per_problem),
        effect=detectable_effect(
            pass_rate,
            a + b,
            n_eval,
            config.evaluation.n_samples,
            n_seeds,
            1 - config.statistics.confidence,
            POWER,
        ),
    )
