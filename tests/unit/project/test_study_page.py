"""The numbers of docs/study.md are those of what they come from."""

import csv
import json
import re
from statistics import fmean
from typing import Any

import numpy as np
import pytest
import yaml
from failpairs.labels import PASS
from failpairs.statistics.effects import Criteria, Effect, measure
from failpairs.statistics.number_format import p_is
from failpairs.statistics.plan import population, power_of_study
from places import ROOT
from study import LESS_LIKELY, answers, arms, planned, seed_verdicts, tables
from told import percent, points

FOLDER = ROOT / "docs/study"
PAGE = (ROOT / "docs/study.md").read_text(encoding="utf-8")
ABOVE, PLAN = PAGE.split("\n## Design\n")
RESULTS, _ = ABOVE.split("\n### How to run it again\n")
CONFIG = yaml.safe_load((ROOT / "config/study.yaml").read_text(encoding="utf-8"))
STATISTICS: Any = json.loads((FOLDER / "stats.json").read_text(encoding="utf-8"))
MODES = {mode["metric"]: mode for mode in STATISTICS["modes"]}
ARMS = arms(STATISTICS)
RANDOM, SYNTHETIC, EXTERNAL, SFT = (
    planned(STATISTICS, f"{name} against curated")
    for name in ("random", "synthetic", "external", "sft")
)
SHUFFLED = planned(STATISTICS, "shuffled against base")


def rows(name: str) -> list[dict[str, str]]:
    """A table of the study's folder."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def interval(effect: Any) -> str:
    """The interval of a change."""
    return f"{points(effect['low'])} to {points(effect['high'])}"


def corrected(effect: Any) -> str:
    """The corrected p of a change."""
    return f"corrected {p_is(effect['p_corrected'])}"


def without_seed2(name: str) -> Effect:
    """A planned comparison of an arm with the curated pairs, if seed2 had not been trained."""
    found = rows("failures.csv")
    passed = {
        arm: np.array(
            [
                [int(row["passed"]) for row in found if (row["arm"], row["model"]) == (arm, seed)]
                for seed in ("seed0", "seed1", "seed3", "seed4")
            ]
        )
        for arm in ("curated", name)
    }
    criteria = Criteria.model_validate(STATISTICS["criteria"])
    unit = STATISTICS["n_samples"]
    return measure(PASS, "planned", passed["curated"], passed[name], unit, criteria)


def told() -> list[str]:
    """What the results say with a number, out of the files."""
    effect, seeds = STATISTICS["effect"], STATISTICS["tuned_pass_at_1"]["values"]
    stub, base = MODES["STUB"], ARMS["external"]["against_base"][0]
    less_likely = ARMS["external"]["held_out"]["chosen_change"]["mean"]
    rise = f"from {percent(STATISTICS['base_pass_at_1'])}%"
    rise += f" to {percent(STATISTICS['tuned_pass_at_1']['mean'])}%"
    gains = [ARMS[name]["against_base"][0]["change"] for name in ("n24", "n48")]
    gain, other = (percent(each) for each in gains)
    kept, n_held_out = (STATISTICS["funnel"]["pairs"][name] for name in ("kept", "held out"))
    spread = {name: arm["against_base"][0]["after"]["values"] for name, arm in ARMS.items()}
    of_random = (max(spread["random"]) - min(spread["random"])) / STATISTICS["n_problems"]
    synthetic = ARMS["synthetic"]["against_base"][0]
    chosen = STATISTICS["tuning"]["candidates"][STATISTICS["tuning"]["chosen"]]
    judged = [arm[side][0] for arm in ARMS.values() for side in ("against_base", "against_curated")]
    (single,) = {each["family"] for each in judged}
    repeated = STATISTICS["again"]
    errors = STATISTICS["variance"]
    n = STATISTICS["n_problems"]
    n_adapters = len(STATISTICS["seeds"]) * (1 + len(ARMS))
    others = [value for i, value in enumerate(stub["after"]["values"]) if i != 3]
    without_seed3 = (fmean(others) - stub["before"]) / n
    leaner = [value for i, value in enumerate(seeds) if i != 2]
    more_truncated = (ARMS["shuffled"]["counts"]["TRUNCATED"] - MODES["TRUNCATED"]["before"]) / n
    docstrings = {row["texts"]: row for row in rows("docstrings.csv")}
    of = {name: int(row["with_docstring"]) for name, row in docstrings.items()}
    count = {name: int(row["number"]) for name, row in docstrings.items()}
    return [
        f"pass@1 rises {rise}, better beyond chance",
        f"on the same {n} problems",
        f"alike in text and length; {kept} pairs",
        f"pass@1 rises {rise}, by {points(effect['change'])} points (95% interval"
        f" {interval(effect)}; {p_is(effect['p'])})",
        f"no gain is seen ({points(synthetic['change'])} points against the base model,"
        f" {interval(synthetic)}), and is {percent(-SYNTHETIC['change'])} points lower than with"
        f" the curated pairs ({interval(SYNTHETIC)}; {corrected(SYNTHETIC)})",
        f"STUB {points(stub['change'])} points, {interval(stub)}, {corrected(stub)}",
        f"has {stub['before']:.1f} such problems and the seeds"
        f" {', '.join(f'{value:.1f}' for value in stub['after']['values'])}:",
        f"pass@1 is {percent(-EXTERNAL['change'])} points lower than with the curated pairs"
        f" ({interval(EXTERNAL)}; {corrected(EXTERNAL)})",
        f"less likely, by {-less_likely:.2f} nats per token",
        f"seed2 alone would be reported as an improvement"
        f" ({p_is(STATISTICS['seed_tests']['seed2']['p_exact'])})",
        f"spreads over {percent(max(seeds) - min(seeds))} points",
        f"(`random` over {percent(of_random)} points)",
        *(
            f"({name} {points(MODES[name]['change'])} points, {interval(MODES[name])},"
            f" {corrected(MODES[name])})"
            for name in ("SYNTAX_ERROR", "NAME_ERROR")
        ),
        *(
            f"({ARMS['shuffled']['counts'][name]:.1f} problems of {MODES[name]['before']:.1f};"
            f" curated: {MODES[name]['after']['mean']:.1f})"
            for name in ("SYNTAX_ERROR", "NAME_ERROR")
        ),
        f"by {points(RANDOM['change'])} points ({interval(RANDOM)}; {corrected(RANDOM)}),"
        f" {RANDOM['verdict']} within the margin of"
        f" {100 * STATISTICS['criteria']['equivalence_margin']:.0f}.",
        f"gains {percent(ARMS['sft']['against_base'][0]['change'])} points,"
        f" {percent(SFT['change'])} more than `curated` ({interval(SFT)}; {corrected(SFT)}, by the"
        f" plan {SFT['verdict']})",
        f"{gain}, {other} and {percent(effect['change'])} points for a quarter, half and all",
        f"the base model ({points(SHUFFLED['change'])} points, {interval(SHUFFLED)},"
        f" {SHUFFLED['verdict']} within",
        f"gives {repeated['other_label']} of {n} first samples another label and"
        f" {repeated['other_side'] or 'none'} another side",
        f"the {n_held_out} held-out pairs (curated, beside the {kept},",
        "a coin has 0.50.",
        f"`shuffled` has {ARMS['shuffled']['held_out']['accuracy']['mean']:.2f} and gains nothing",
        f"Of the {len(judged)} comparisons of arms in it",
        f"for all {single} (of pass@1, NAME_ERROR",
        f"is not among them ({corrected(base)})",
        f"the learning rate {chosen['values']['learning_rate']:.0e}".replace("e-0", "e-"),
        f"it gained {percent(chosen['gain'])} ± {percent(chosen['gain_se'])} points",
        f"all {of['chosen sides of external']} reference solutions restate",
        f"{of['rejected sides of external']} of the {count['rejected sides of external']}"
        " rejected sides do",
        f"{of['samples of external']} of their {count['samples of external']} samples",
        f"(base model: {of['samples of the base model']} of {count['samples of the base model']})",
        *(
            f"({'STUB, ' if label == 'STUB' else 'TRUNCATED, '}"
            f"{ARMS['external']['counts'][label]:.1f}"
            f"{' problems' if label == 'STUB' else ''} against {MODES[label]['before']:.1f})"
            for label in ("STUB", "TRUNCATED")
        ),
        f"{of['chosen sides of curated']} of the chosen sides have a docstring and"
        f" {of['rejected sides of curated']} of the rejected ones: six more of"
        f" {count['chosen sides of curated']}, and it grew to {of['samples of curated']} of"
        f" {count['samples of curated']} samples",
        f"it is {of['chosen sides of random']} and {of['rejected sides of random']}, and"
        f" {of['samples of random']} of {count['samples of random']}.",
        f"All {of['STUBs of curated']} STUBs",
        f"ipo ({ARMS['ipo']['counts']['STUB']:.1f} problems)"
        f" and simpo ({ARMS['simpo']['counts']['STUB']:.1f})",
        f"({ARMS['random']['counts']['STUB']:.1f} and {ARMS['sft']['counts']['STUB']:.1f})",
        *(
            f"{label} {ARMS['synthetic']['counts'][label]:.1f}{unit} against"
            f" {MODES[label]['before']:.1f}"
            for label, unit in (("SYNTAX_ERROR", " problems"), ("WRONG_ENTRY_POINT", ""))
        ),
        f"is {percent(errors['problems_se'])} points over problems, and"
        f" {percent(errors['seeds_se'])} over seeds",
        f"(the others spread over {percent(max(leaner) - min(leaner))} points)",
        f"by {points(without_seed2('random').change)} points"
        f" ({interval(without_seed2('random').model_dump())}), no longer equivalent",
        f"more TRUNCATED ({points(more_truncated)} points",
        "second criterion, 0.01 nats per token",
        f"Without seed3 STUB rises by {percent(without_seed3)} points instead of"
        f" {percent(stub['change'])}",
        f"would be {percent(-without_seed2('synthetic').change)} points instead of"
        f" {percent(-SYNTHETIC['change'])}, and its corrected p above .05;",
        f"a change of {percent(effect['minimum_detectable'])} points would have been found with 80%"
        " probability, not of 4",
        f"All {(2 + n_adapters) * n * STATISTICS['n_samples']} samples of the evaluations",
        f"in {sum(int(row['cpu_s']) for row in rows('times.csv')) / 3600:.1f} hours of CPU time",
    ]


TOLD = told()
# What no file says: commits, the order of claims, repeated jobs, and seeds by name.
OF_THE_PROSE = (
    r"64c9e02|f55b9fa|commit e7948d9|commit 5a3aa94|SHA256SUMS"
    r"|pass@1|`?n24`?|`?n48`?|seed\d|[Cc]laim \d|^\d\. |^\| \d\. "
)


@pytest.mark.parametrize("text", TOLD)
def test_what_the_results_say_is_what_the_files_say(text: str) -> None:
    assert text in " ".join(RESULTS.split())


def test_every_number_of_the_results_is_tested() -> None:
    in_tables = "|".join(re.escape(line) for line in [*filter(None, tables(STATISTICS)), *times()])
    rest = re.sub(f"^(?:{in_tables})$", "", RESULTS, flags=re.MULTILINE)
    rest = re.sub(OF_THE_PROSE, "", rest, flags=re.MULTILINE)
    rest = " ".join(re.sub(r"\]\([^)]*\)", "]", rest).split())
    for text in TOLD:
        cleaned = " ".join(re.sub(OF_THE_PROSE, "", text, flags=re.MULTILINE).split())
        rest = rest.replace(cleaned, "")
    assert re.findall(r".{0,40}\d.{0,40}", rest) == []


def times() -> list[str]:
    """The rows of the table of times, with minutes."""
    minutes = [
        [str(round(int(row[kind]) / 60)) for kind in ("wall_clock_s", "cpu_s")]
        for row in rows("times.csv")
    ]
    return [
        f"| {row['stage']} | {row['jobs']} | {' | '.join(each)} |"
        for row, each in zip(rows("times.csv"), minutes, strict=True)
    ]


@pytest.mark.parametrize("line", [*filter(None, tables(STATISTICS)), *times()])
def test_the_tables_are_those_of_the_files(line: str) -> None:
    assert line in RESULTS.splitlines()


def test_the_answers_are_those_of_the_rules() -> None:
    said = re.findall(r"^\| \d\. [^|]+ \| ([^|]+) \|", RESULTS, re.MULTILINE)
    assert said == answers(STATISTICS)


def test_what_is_said_without_numbers_is_so() -> None:
    # Of five planned comparisons that of the external arm alone has a smaller p.
    assert 0.05 / 4 < without_seed2("synthetic").p < RANDOM["p"]
    assert without_seed2("random").high > STATISTICS["criteria"]["equivalence_margin"]
    assert ARMS["synthetic"]["held_out"]["chosen_change"]["mean"] < LESS_LIKELY
    assert MODES["STUB"]["high"] < STATISTICS["criteria"]["equivalence_margin"]
    values = STATISTICS["tuned_pass_at_1"]["values"]
    assert seed_verdicts(STATISTICS) == [0, 0, 1, 0, 0]
    assert min(values) > STATISTICS["base_pass_at_1"]
    external = ARMS["external"]["against_base"][0]
    assert max(external["after"]["values"]) < external["before"]
    stands = {
        (name, side): arm[side][0]["verdict"]
        for name, arm in ARMS.items()
        for side in ("against_base", "against_curated")
        if arm[side][0]["p_corrected"] <= 0.05
    }
    assert stands == {
        ("random", "against_base"): "improved",
        ("sft", "against_base"): "improved",
        ("simpo", "against_base"): "improved",
        ("external", "against_curated"): "worsened",
        ("shuffled", "against_curated"): "worsened",
    }
    candidates = STATISTICS["tuning"]["candidates"]
    chosen = candidates[STATISTICS["tuning"]["chosen"]]
    assert chosen["gain"] == max(candidate["gain"] for candidate in candidates)
    assert chosen["values"]["epochs"] == 1
    assert STATISTICS["effect"]["change"] < chosen["gain"] / 2


def test_the_folder_has_what_the_page_says() -> None:
    assert json.loads((FOLDER / "tuning.json").read_text("utf-8")) == STATISTICS["tuning"]
    assert (FOLDER / "report.html").stat().st_size < 3_000_000
    labelled = [row for row in rows("failures.csv") if row["arm"] == "external"]
    passed = ARMS["external"]["against_base"][0]["after"]["values"]
    assert [
        sum(int(row["passed"]) / int(row["n_samples"]) for row in labelled if row["model"] == seed)
        for seed in STATISTICS["seeds"]
    ] == pytest.approx(passed)
    summed = (FOLDER / "SHA256SUMS").read_text("utf-8").splitlines()
    weights = [line for line in summed if line.endswith("/adapter_model.safetensors")]
    assert len(weights) == len(STATISTICS["seeds"]) * (1 + len(ARMS))
    for part in ("curation", "evaluation", "seeds"):
        assert STATISTICS["config"][part].items() >= CONFIG[part].items()


@pytest.mark.parametrize(
    ("row", "alpha"), [("power, primary question", 0.05), ("at 1%, the strictest level of", 0.01)]
)
def test_the_power_is_that_of_the_program(row: str, alpha: float) -> None:
    [command] = re.findall(r"plan.py --base (\S+) --concentration (\S+) --problems (\d+)", PLAN)
    base, concentration, n_problems = float(command[0]), float(command[1]), int(command[2])
    size = n_problems, CONFIG["evaluation"]["n_samples"], len(CONFIG["seeds"]["values"])
    [effects] = re.findall(r"\| change of pass@1, points \|(.+)\|", PLAN)
    powers = [
        power_of_study(population(base, float(effect) / 100, concentration), *size, alpha)
        for effect in effects.split("|")
    ]
    [shown] = re.findall(rf"\| {row}[^|]*\|(.+)\|", PLAN)
    assert shown.split() == " | ".join(f"{100 * power:.0f}%" for power in powers).split()


def test_what_the_page_says_of_the_configuration_is_so() -> None:
    assert f"**Margin**: {100 * CONFIG['statistics']['equivalence_margin']:.0f} points" in PLAN
    assert f"{CONFIG['curation']['n_pairs']}, and a fifth of the problems held out" in PLAN
    adapters = len(CONFIG["seeds"]["values"]) * (1 + len(CONFIG["arms"]))
    assert f"five seeds of the curated pairs and of each arm: {adapters}" in PLAN
    [names] = re.findall(r"\| arms \|(.+)\|", PLAN)
    assert re.findall(r"`(\w+)`", names) == CONFIG["arms"]
    compared = ["/".join(pair) for pair in CONFIG["statistics"]["compare"]]
    assert {pair.split("/")[0] for pair in compared[:4]} == {
        "synthetic",
        "external",
        "random",
        "sft",
    }
    assert {pair.split("/")[1] for pair in compared[:4]} == {"curated"}
    assert compared[4:] == ["shuffled/base"]
