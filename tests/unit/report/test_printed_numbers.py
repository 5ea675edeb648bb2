"""Every number that the page prints as a statistic is in `stats.json`."""

import html
import json
import re
from collections.abc import Iterator
from itertools import chain, count
from types import UnionType
from typing import Any

from execution_builders import a_failure_pair, an_evaluation
from failpairs.report.filters import FILTERS
from failpairs.statistics.comparison import Statistics
from report_builders import FUNNEL, MIXED, Page, curve, rendered

# Of the other two, one shows programs, whose lines are numbered, and one settings and versions.
WITH_STATISTICS = ("answer", "moved", "pairs", "training", "collapse", "controls", "certainty")
NUMERAL = re.compile(r"(?<![\w@.])[+−]?(?:\d+(?:\.\d+)?|\.\d+)%?")
# Numbers of the prose: no knowledge about lengths, perfect accuracy, the power of `detectable`.
OF_THE_PROSE = {"50%", "100%", "80%"}
FORMS = [FILTERS[name] for name in "decimal level number p_value percent points share size".split()]


def run() -> tuple[Page, Statistics]:
    """A page on which no statistic is missing but for the figures, and the statistics on it, with
    numbers that no template makes up by chance."""
    found = [an_evaluation(row * 11, pass_at_k={1: 0.5, 5: 0.75}) for row in MIXED]
    problems = [
        result.model_copy(update={"source": f"source {i % 2}"})
        for i, result in enumerate(found[0].problems)
    ]
    base = found[0].model_copy(update={"problems": problems})
    seeds = {"seed0": found[1], "seed1": found[2]}
    names = ("reward_margin", "reward_accuracy", "chosen_change")
    row = dict.fromkeys(("loss", *names, *(f"held_out_{name}" for name in names)), 0.5)
    files = {
        "pairs.jsonl": [a_failure_pair("TIMEOUT").model_dump()],
        "curation_funnel.json": FUNNEL,
        **{f"arms/sft/eval/{name}.json": one.model_dump() for name, one in seeds.items()},
        **curve("seed0", {"step": 3, **row}),
        **curve("seed1", {"step": 3, **row}),
        **curve("seed0", {"step": 3, **row}, folder="arms/sft/"),
        **curve("seed1", {"step": 3, **row}, folder="arms/sft/"),
    }
    _, stats = rendered(base, seeds, files, ["sft"], planned=["sft:curated"])
    stats = Statistics.model_validate(unmistakable(stats.model_dump(), count(1_009, step=7)))
    return rendered(base, seeds, files, ["sft"], stats=stats)[0], stats


def unmistakable(value: Any, numbers: Iterator[int]) -> Any:
    """The same JSON value with other numbers, large ones and each different."""
    if isinstance(value, dict):
        return {key: unmistakable(one, numbers) for key, one in value.items()}
    if isinstance(value, list):
        return [unmistakable(one, numbers) for one in value]
    if isinstance(value, int):
        return next(numbers)
    return next(numbers) + 0.12345 if isinstance(value, float) else value


def leaves(value: Any, kind: type | UnionType) -> Iterator[Any]:
    """The values of a kind in a JSON value."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from leaves(one, kind)
    elif isinstance(value, kind):
        yield value


def forms(value: float) -> set[str]:
    """The numerals in everything that the filters make of a number."""
    return {numeral for form in FORMS for numeral in NUMERAL.findall(form(value))}


def printed(page: Page, texts: list[str]) -> set[str]:
    """The numerals in the header and in the sections with statistics, without texts that are
    statistics themselves, such as the sentences of verdicts and the names of seeds and problems."""
    names = "|".join(WITH_STATISTICS)
    parts = re.findall(
        rf'<header>.*?</header>|<section id="(?:{names})".*?</section>', page.source, re.DOTALL
    )
    assert len(parts) == 1 + len(WITH_STATISTICS)
    shown = re.sub(r'<details class="example".*?</table>', "", " ".join(parts), flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]*>", " ", shown))
    for known in sorted(texts, key=len, reverse=True):
        text = text.replace(known, "")
    return set(NUMERAL.findall(text))


def test_every_number_printed_is_in_the_statistics() -> None:
    page, stats = run()
    file = json.loads(json.dumps(stats.model_dump()))
    moved = [(len(test["fixed"]), len(test["broken"])) for test in file["seed_tests"].values()]
    broken = [movement["kind"] == "broken" for movement in file["movements"]]
    n_problems = 11 * len(MIXED[0])  # the header counts those of the evaluations
    counts = [len(file["seeds"]), *chain(*moved), sum(broken), broken.count(False), n_problems]
    numbers_of = {part: set(leaves(value, int | float)) for part, value in file.items()}
    numerals_of = {part: set(chain(*map(forms, found))) for part, found in numbers_of.items()}
    numerals = printed(page, list(leaves(file, str)))
    assert numerals - set(chain(*numerals_of.values())) == {
        *OF_THE_PROSE,
        *file["pass_at_k"],
        *map(str, counts),
        "0",  # problems with a mode that an arm does not have
        *(FILTERS["signed"](fixed - broken) for fixed, broken in moved),
    }
    # The other way round: of every part that holds numbers some are on the page, but for the
    # sources, of which it shows the sentences, the samples of a problem, which the header counts in
    # the evaluations, and the tables of each seed, of which it shows the mean.
    unseen = {part for part, found in numerals_of.items() if found and found.isdisjoint(numerals)}
    assert unseen == {"sources", "n_samples", "transitions"}
