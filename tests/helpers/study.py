"""The rules by which docs/study.md answers its questions, and the tables of its results, out of the
statistics of the study.

As a program it prints them: `python tests/helpers/study.py docs/study/stats.json`.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from failpairs.statistics.number_format import p_text
from told import change_told, percent

Statistics = Mapping[str, Any]
Answer = Literal["holds here", "does not hold here", "open"]

ALPHA = 0.05
LESS_LIKELY = -0.01  # nats per token
SHOWN = 2  # problems that end so for any of the models


def answers(statistics: Statistics) -> list[Answer]:
    """What is said of the four claims, in their order, by the table of docs/study.md."""
    rules = (_synthetic_bugs, _hidden_shifts, _external_solutions, _one_seed)
    return [rule(statistics) for rule in rules]


def _answer(holds: bool, does_not_hold: bool) -> Answer:
    if holds:
        return "holds here"
    return "does not hold here" if does_not_hold else "open"


def _found(effect: Mapping[str, Any]) -> bool:
    return bool(effect["p_corrected"] <= ALPHA)


def planned(statistics: Statistics, subject: str) -> Mapping[str, Any]:
    """The planned comparison of that name, such as `external against curated`."""
    effects = {effect["subject"]: effect for effect in statistics["planned"]["effects"]}
    found: Mapping[str, Any] = effects[f"{subject}, pass@1"]
    return found


def arms(statistics: Statistics) -> dict[str, Mapping[str, Any]]:
    """The control arms by name."""
    return {arm["name"]: arm for arm in statistics["arms"]}


def seed_verdicts(statistics: Statistics) -> list[int]:
    """Of each seed of the curated pairs by itself: 1 improved, -1 worsened, 0 neither."""
    return [_verdict(test) for test in statistics["seed_tests"].values()]


def _verdict(test: Mapping[str, Any]) -> int:
    if test["p_exact"] > ALPHA:
        return 0
    return 1 if len(test["fixed"]) > len(test["broken"]) else -1


def _synthetic_bugs(statistics: Statistics) -> Answer:
    effect, margin = planned(statistics, "synthetic against curated"), _margin(statistics)
    within = -margin < effect["low"] and effect["high"] < margin
    return _answer(
        holds=_found(effect) and effect["change"] < 0,
        does_not_hold=within or (_found(effect) and effect["change"] > 0),
    )


def _hidden_shifts(statistics: Statistics) -> Answer:
    score, margin = statistics["effect"], _margin(statistics)
    moved = [mode["change"] for mode in statistics["modes"] if _found(mode)]
    falls, rises = (_found(score) and sign * score["change"] > 0 for sign in (-1, 1))
    equivalent = -margin < score["low"] and score["high"] < margin
    return _answer(
        holds=max(moved, default=0) > 0 and not falls,
        does_not_hold=(not moved and equivalent) or (rises and max(moved, default=0) < 0),
    )


def _external_solutions(statistics: Statistics) -> Answer:
    effect = planned(statistics, "external against curated")
    of_curated = statistics["held_out"]["chosen_change"]["mean"]
    of_external = arms(statistics)["external"]["held_out"]["chosen_change"]["mean"]
    less_likely = of_external < LESS_LIKELY <= of_curated
    return _answer(
        holds=(_found(effect) and effect["change"] < 0) or less_likely,
        does_not_hold=-_margin(statistics) < effect["low"],
    )


def _one_seed(statistics: Statistics) -> Answer:
    passed = statistics["tuned_pass_at_1"]["values"]
    agree = len(set(seed_verdicts(statistics))) == 1
    close = max(passed) - min(passed) < _margin(statistics)
    return _answer(holds=not agree, does_not_hold=close)


def _margin(statistics: Statistics) -> float:
    return float(statistics["criteria"]["equivalence_margin"])


def tables(statistics: Statistics) -> Iterator[str]:
    """The lines of the tables of results, in Markdown."""
    for rows in (_of_models, _of_planned, _of_modes, _of_seeds, _of_failures):
        head, *lines = rows(statistics)
        yield from (_line(head), _line(["---"] * len(head)), *map(_line, lines), "")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _of_models(statistics: Statistics) -> Iterator[list[str]]:
    yield [
        "pairs",
        "pass@1 of each seed, %",
        "against the base model, points",
        "against the curated pairs, points",
        "accuracy on held-out pairs",
        "their chosen sides, nats per token",
    ]
    curated = statistics["tuned_passes"], statistics["effect"], "", statistics["held_out"]
    yield _of_pairs(statistics, "curated", *curated)
    for name, arm in arms(statistics).items():
        base, other = arm["against_base"][0], change_told(arm["against_curated"][0])
        yield _of_pairs(statistics, name, base["after"], base, other, arm["held_out"])


def _of_pairs(
    statistics: Statistics,
    name: str,
    passes: Mapping[str, Any],
    change: Mapping[str, Any],
    against_curated: str,
    held_out: Mapping[str, Any],
) -> list[str]:
    shares = (percent(value / statistics["n_problems"]) for value in passes["values"])
    chosen = f"{held_out['chosen_change']['mean']:+.3f}".replace("-", "−")
    accuracy = f"{held_out['accuracy']['mean']:.2f}"
    return [name, ", ".join(shares), change_told(change), against_curated, accuracy, chosen]


def _of_planned(statistics: Statistics) -> Iterator[list[str]]:
    yield ["planned comparison", "difference, points", "corrected p", "verdict"]
    for effect in statistics["planned"]["effects"]:
        subject = effect["subject"].removesuffix(", pass@1")
        yield [subject, change_told(effect), p_text(effect["p_corrected"]), effect["verdict"]]


def _of_modes(statistics: Statistics) -> Iterator[list[str]]:
    yield ["ending", "problems of the base model", "of the curated pairs", "change", "corrected p"]
    for mode in statistics["modes"]:
        before, after = mode["before"], mode["after"]["mean"]
        numbers = [f"{before:.1f}", f"{after:.1f}", change_told(mode)]
        yield [mode["metric"], *numbers, p_text(mode["p_corrected"])]


def _of_seeds(statistics: Statistics) -> Iterator[list[str]]:
    yield ["seed", "pass@1, %", "fixed", "broken", "p"]
    passed = statistics["tuned_pass_at_1"]["values"]
    for share, (name, test) in zip(passed, statistics["seed_tests"].items(), strict=True):
        moved = [str(len(test[side])) for side in ("fixed", "broken")]
        yield [name, percent(share), *moved, p_text(test["p_exact"])]


def _of_failures(statistics: Statistics) -> Iterator[list[str]]:
    modes = {mode["metric"]: mode for mode in statistics["modes"]}
    found = arms(statistics)
    yield ["problems that end in", "base model", "curated", *found]
    for label, mode in modes.items():
        of_arms = [arm["counts"].get(label, 0.0) for arm in found.values()]
        numbers = [mode["before"], mode["after"]["mean"], *of_arms]
        if max(numbers) >= SHOWN:
            yield [label, *(f"{number:.1f}" for number in numbers)]


if __name__ == "__main__":
    study = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(*tables(study), *answers(study), sep="\n")
