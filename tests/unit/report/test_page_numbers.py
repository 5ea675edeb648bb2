"""The numbers of the page are those of the statistics."""

import html

import pytest
from execution_builders import PROTOCOL, a_failure_pair, a_sample, an_evaluation, passes
from failpairs.report.sections import used_sections
from failpairs.statistics.evaluation import Evaluation
from failpairs.statistics.number_format import number, p_text, percent, points, spread_text
from report_builders import MIXED, Files, crossed, curve, rendered, reported

EXPERIMENT = [passes(132, 164), passes(137, 164), passes(138, 164), passes(138, 164)]


def test_the_answer_is_the_verdict_and_the_counts() -> None:
    page, statistics = reported(EXPERIMENT)
    assert (
        f"{statistics.effect.sentence} The base model solves 132 of 164 problems (80.49%), "
        "the 3 tuned models solve on average 137.67 (83.94%)."
    ) in page.text
    assert "the tuned model solves 3 (" in reported(MIXED[:2])[0].text


@pytest.mark.parametrize(
    ("base", "told"),
    [(20, "solves every problem"), (0, "solves no problem"), (19, ""), (1, "")],
)
def test_a_base_model_at_the_end_of_the_scale_is_named(base: int, told: str) -> None:
    text = reported([passes(base, 20), passes(10, 20)])[0].text
    warnings = ("solves every problem", "solves no problem")
    assert [warning for warning in warnings if warning in text] == ([told] if told else [])


def test_tuned_models_that_were_not_trained_here_are_told_to_be_repetitions() -> None:
    told = "are taken for repetitions of one training"
    base, first, second = (an_evaluation(passes(count, 20)) for count in (9, 11, 12))
    text = rendered(base, {"mine": first, "other": second})[0].text
    assert f"mine, other {told}" in text
    assert "had no control arms" not in text
    assert told not in rendered(base, {"mine": first})[0].text


def test_only_sections_that_a_run_reads_are_shown() -> None:
    config = {
        **{"model": {"id": "m"}, "problems": {"train": "a", "eval": "b"}, "sampling": {}},
        **{"curation": {"n_pairs": 5, "held_out": 0.1, "seed": 0}, "training": {}, "seeds": {}},
        **{"arms": [], "rounds": 1, "round_reference": "base", "tuned": {}, "pairs": ""},
    }
    assert used_sections(config) == config
    of_tuned = used_sections({**config, "tuned": {"mine": "folder"}})
    assert [*of_tuned] == ["model", "problems", "tuned", "pairs"]
    of_pairs = used_sections({**config, "pairs": "jsonl:mine"})
    assert of_pairs["curation"] == {"held_out": 0.1, "seed": 0}
    assert of_pairs["problems"] == {"eval": "b"}
    assert "sampling" not in of_pairs
    assert "training" in of_pairs


def test_the_sentences_of_the_declared_modes_stand_at_the_top() -> None:
    page, statistics = reported(MIXED)
    for mode in statistics.modes:
        assert (mode.sentence in page.text) == (mode.role == "declared")


def test_the_headline_has_the_numbers_of_the_published_experiment() -> None:
    headline = reported(EXPERIMENT)[0].table_with("Pass@1")
    assert headline["Base"]["Pass@1"] == "80.49% (132/164)"
    assert headline["Tuned, mean ± sd"]["Pass@1"] == "83.94% ± 0.35"
    assert headline["seed0"]["Pass@1"] == "83.54% (137/164)"
    assert headline["seed1"]["fixed"] == "6"
    assert headline["seed1"]["broken"] == "0"
    assert headline["seed1"]["net"] == "+6"
    assert headline["seed1"]["McNemar p"] == ".031"


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (132, "The difference is within chance."),
        (
            115,
            "That is more than chance explains; the reason may be the prompt format (chat here, "
            "qwen there), the time limits of the tests.",
        ),
    ],
)
def test_a_published_score_stands_beside_that_of_the_base_model(count: int, told: str) -> None:
    model = {**PROTOCOL["model"], "id": "Qwen/Qwen2.5-Coder-3B-Instruct"}

    def on_humanevalplus(count: int) -> Evaluation:
        one = an_evaluation(passes(count, 164), protocol={**PROTOCOL, "model": model})
        problems = [each.model_copy(update={"source": "humanevalplus"}) for each in one.problems]
        return one.model_copy(update={"problems": problems})

    page, _ = rendered(on_humanevalplus(count), {"seed0": on_humanevalplus(138)})
    assert f"On humanevalplus the base model solves {count} of 164 problems" in page.text
    assert "80.50% were published (https://arxiv.org/abs/2409.12186v3" in page.text
    assert told in page.text


def test_nothing_is_said_of_a_model_without_a_published_score() -> None:
    assert "were published" not in reported(EXPERIMENT)[0].text


def test_the_numbers_of_each_seed_are_those_of_the_statistics() -> None:
    page, statistics = reported(MIXED)
    headline = page.table_with("Pass@1")
    assert headline["sign-flip p"]["Pass@1"] == p_text(statistics.effect.p)
    for i, name in enumerate(statistics.seeds):
        found = statistics.seed_tests[name]
        fixed, broken = len(found.fixed), len(found.broken)
        assert (
            headline[name].items()
            >= {
                "Pass@1": f"{percent(statistics.tuned_pass_at_1.values[i])} "
                f"({number(statistics.tuned_passes.values[i])}/6)",
                "fixed": str(fixed),
                "broken": str(broken),
                "net": f"{fixed - broken:+d}".replace("+0", "0").replace("-", "−"),
                "McNemar p": p_text(found.p_exact),
            }.items()
        )


def test_how_the_problems_of_every_model_end_stands_below_the_headline() -> None:
    page, statistics = reported(MIXED)
    table = page.table_with("Base")
    passes = statistics.base_passes, statistics.tuned_passes, statistics.effect.p
    modes = {mode.metric: (mode.before, mode.after, mode.p) for mode in statistics.modes}
    wanted = {"PASS": passes, **modes}
    assert [*table] == [*wanted]
    for name, (before, after, p) in wanted.items():
        assert table[name] == {
            "Base": number(before),
            "Tuned, mean ± sd": spread_text(after),
            "seed0": number(after.values[0]),
            "seed1": number(after.values[1]),
            "sign-flip p": p_text(p),
        }


def test_every_mode_has_the_numbers_of_the_statistics() -> None:
    page, statistics = reported(MIXED)
    table = page.table_with("base")
    assert list(table) == [mode.metric for mode in statistics.modes]
    for mode in statistics.modes:
        assert (
            table[mode.metric].items()
            >= {
                "base": number(mode.before),
                "tuned, mean ± sd": spread_text(mode.after),
                "change (points)": points(mode.change),
                "interval": f"{points(mode.low)} to {points(mode.high)}",
                "p": p_text(mode.p),
                "corrected p": p_text(mode.p_corrected),
                "verdict": mode.verdict,
            }.items()
        )


def test_the_transition_table_is_that_of_the_statistics() -> None:
    page, statistics = reported(MIXED)
    assert page.table_with("PASS") == {
        label: {
            after: number(value) if value else ""
            for after, value in zip(statistics.labels, row, strict=True)
        }
        for label, row in zip(statistics.labels, statistics.mean_transitions, strict=True)
    }


def test_fixed_and_broken_problems_are_named() -> None:
    page, _ = reported(MIXED)
    text = " ".join(page.text.split())
    assert "seed0 fixed: t/2 t/4 · broken: t/1" in text
    assert "seed1 fixed: t/2 t/3 · broken: none" in text


def test_every_comparison_of_every_arm_is_shown() -> None:
    page, statistics = reported(MIXED)
    table = next(table for table in page.tables if table[0][0] == "arm")
    arm = statistics.arms[0]
    expected = [
        [
            "shuffled",
            other,
            "pass@1" if effect.metric == "PASS" else effect.metric,
            points(effect.change),
            f"{points(effect.low)} to {points(effect.high)}",
            p_text(effect.p),
            p_text(effect.p_corrected),
            effect.verdict,
        ]
        for other, effects in (("base", arm.against_base), ("curated", arm.against_curated))
        for effect in effects
    ]
    assert table[1:] == expected


def test_planned_comparisons_are_shown_with_what_the_correction_for_all_would_cost() -> None:
    base, curated, arm = (["TIMEOUT"] * (30 - n) + ["PASS"] * n for n in (0, 8, 16))
    files = {"arms/sft/eval/seed0.json": an_evaluation(arm).model_dump()}
    seeds = {"seed0": an_evaluation(curated)}
    page, statistics = rendered(an_evaluation(base), seeds, files, ["sft"], planned=["sft:curated"])
    planned = statistics.planned
    assert planned is not None and planned.alone is not None and planned.among_all is not None
    text = " ".join(page.text.split())
    assert planned.effects[0].sentence in text
    assert "corrected for 1 test and not for 6" in text
    assert f"change of {100 * planned.alone:.2f} points with 80% probability" in text
    assert "As planned" not in reported(MIXED)[0].text


def test_the_variance_of_a_crossed_study_is_shown_by_its_sources() -> None:
    others = {"seed0": {"seed1": MIXED[1]}, "seed1": {"seed0": MIXED[0]}}
    files = crossed(
        {
            own: {name: an_evaluation(labels) for name, labels in rows.items()}
            for own, rows in others.items()
        }
    )
    page, statistics = reported(MIXED, files, {"seeds_vary": "both"})
    split = statistics.variance_split
    assert split is not None
    text = " ".join(page.text.split())
    assert f"Over all 4 adapters pass@1 changes by {points(split.change)} points" in text
    assert f"standard error of {100 * split.se:.2f} for other pairs" in text
    assert split.sentence in text
    assert page.table_with("share of the variance") == {
        part.source: {
            "number": str(part.levels),
            "standard deviation (points)": f"{100 * part.sd:.2f}",
            "95% interval": ""
            if part.low is None or part.high is None
            else f"{100 * part.low:.2f} to {100 * part.high:.2f}",
            "share of the variance": f"{100 * part.share:.1f}%",
            "twice as many take away": ""
            if part.doubling is None
            else f"{100 * part.doubling:.1f}%",
        }
        for part in split.components
    }
    assert page.table_with("trained as seed1") == {
        "seed0": {"trained as seed0": "50.00%", "trained as seed1": "50.00%"},
        "seed1": {"trained as seed0": "33.33%", "trained as seed1": "66.67%"},
    }
    assert "Sources of variance" not in reported(MIXED, files, {"seeds_vary": "pairs"})[0].text


@pytest.mark.parametrize(("margin", "is_named"), [(0.1, True), (0.3, False)])
def test_the_answer_names_adapters_that_may_have_learned_nothing(
    margin: float, is_named: bool
) -> None:
    row = {"step": 1, "held_out_reward_margin": margin, "held_out_reward_margin_se": 0.1}
    page, _ = reported(MIXED, {"adapters/seed1/train_log.jsonl": [row]})
    text = " ".join(page.text.split())
    assert ("The held-out pairs do not show that seed1 learned anything" in text) == is_named


def test_rounds_stand_beside_each_other_from_the_base_model_on() -> None:
    second = [MIXED[0], MIXED[0][::-1]]
    files: Files = {"pairs.jsonl": [a_failure_pair("STUB").model_dump()] * 3}
    for seed, labels in enumerate(second):
        own = f"arms/round2/seed{seed}"
        files |= {
            f"arms/round2/eval/seed{seed}.json": an_evaluation(labels).model_dump(),
            f"{own}/pairs.jsonl": [a_failure_pair("STUB").model_dump()] * (1 + seed),
            f"{own}/samples.jsonl": [a_sample(text).model_dump() for text in ("a", "a")],
            f"arms/round2/adapters/seed{seed}/train_log.jsonl": [
                {"step": 1, "held_out_chosen_change": 0.25}
            ],
        }
    base, *seeds = map(an_evaluation, MIXED)
    named = {f"seed{number}": one for number, one in enumerate(seeds)}
    config = {"round_reference": "last"}
    page, statistics = rendered(base, named, files, ["round2"], config=config)
    assert [each.number for each in statistics.rounds] == [1, 2]
    table = page.table_with("distinct samples before it")
    assert [row["pairs"] for row in table.values()] == ["", "3.00", "1.50 ± 0.71"]
    last = table["2"]
    assert last["pass@1"] == spread_text(statistics.rounds[1].pass_at_1, as_percent=True)
    assert last["TIMEOUT"] == table["base"]["TIMEOUT"] == "2"
    assert last["distinct samples before it"] == "50.00% ± 0.00"
    assert last["change of held-out chosen log-probability"] == "0.25 ± 0.00"
    assert "The reference model was that of the round before." in page.text
    assert "distinct samples before it" not in reported(MIXED)[0].text


def test_a_mode_that_only_a_later_round_has_is_among_the_rounds() -> None:
    base, later = an_evaluation(["PASS", "STUB"]), an_evaluation(["PASS", "CRASH"])
    files = {"arms/round2/eval/seed0.json": later.model_dump()}
    page, _ = rendered(base, {"seed0": base}, files, ["round2"])
    table = page.table_with("distinct samples before it")
    assert [row["CRASH"] for row in table.values()] == ["0", "0", "1"]
    assert [row["STUB"] for row in table.values()] == ["1", "1", "0"]


def test_the_share_of_false_passes_is_shown_where_inputs_were_generated() -> None:
    found: dict[str, float] = {"problems": 3, "passed": 40, "differ": 4, "share": 0.1}
    found |= {"low": 0.02, "high": 0.25, "confidence": 0.95}
    funnel = {"samples": {}, "problems": {}, "pairs": {}, "mix": {}, "longer_wins": None}
    with_inputs, without = (
        reported(MIXED, {"curation_funnel.json": {**funnel, "false_passes": value}})[0].text
        for value in (found, None)
    )
    assert "10.0% false passes (95% interval 2.0% to 25.0%)" in " ".join(with_inputs.split())
    assert "false passes" not in without
    assert "have no reference" not in with_inputs
    found["by_agreement"] = 2
    agreeing = reported(MIXED, {"curation_funnel.json": {**funnel, "false_passes": found}})[0].text
    assert "Of 2 of these problems, which have no reference" in " ".join(agreeing.split())


@pytest.mark.parametrize("count", [114, 115])
def test_equal_tuned_models_say_nothing_of_others(count: int) -> None:
    text = " ".join(reported([passes(110, 164), *[passes(count, 164)] * 3])[0].text.split())
    assert "unknown number of points for other tuned models like these, since all of them" in text


def test_what_an_arm_learned_stands_beside_what_it_changed() -> None:
    names = ("step", "held_out_reward_accuracy", "held_out_chosen_change")
    own, of_arm = (
        dict(zip(names, row, strict=True)) for row in ((3, 0.75, 0.0012), (3, 0.5, -0.25))
    )
    base, seed0, seed1 = map(an_evaluation, MIXED)
    files: Files = {}
    for seed in ("seed0", "seed1"):
        files |= curve(seed, own) | curve(seed, of_arm, folder="arms/random/")
        files[f"arms/random/eval/{seed}.json"] = base.model_dump()
    page, statistics = rendered(base, {"seed0": seed0, "seed1": seed1}, files, ["random"])
    (arm,) = statistics.arms
    assert arm.held_out is not None
    assert arm.held_out.chosen_change.values == [-0.25, -0.25]
    change = "change of chosen log-probability (nats per token)"
    assert page.table_with(change) == {
        "curated": {"reward accuracy": "0.750", change: "0.001"},
        "random": {"reward accuracy": "0.500", change: "−0.250"},
    }
    counts = dict.fromkeys(statistics.labels, 0.0) | arm.counts
    assert {
        label: (row["base"], row["random"], row["curated"])
        for label, row in page.table_with("random").items()
    } == {
        mode.metric: (
            number(mode.before),
            number(counts[mode.metric]),
            number(mode.after.mean),
        )
        for mode in statistics.modes
    }
    del files["arms/random/adapters/seed1/train_log.jsonl"]
    page, statistics = rendered(base, {"seed0": seed0, "seed1": seed1}, files, ["random"])
    assert statistics.arms[0].held_out is None
    assert [*page.table_with(change)] == ["curated"]


def test_given_pairs_are_named_with_their_hash_and_the_rows_that_are_left_out() -> None:
    left_out = [
        {"row": 3, "reason": "both sides are identical", "detail": ""},
        {"row": 5, "reason": "leaks an evaluation problem", "detail": "prompt: e/1 (10 words)"},
        *(
            {"row": row, "reason": "the chosen side is empty", "detail": ""}
            for row in range(6, 106)
        ),
    ]
    given = {"source": "jsonl:mine.jsonl", "sha256": "0123abcd", "left_out": left_out}
    funnel = {"samples": {}, "problems": {}, "pairs": {"all": 900}, "mix": {}, "longer_wins": 0.5}
    text = reported(MIXED, {"curation_funnel.json": {**funnel, "given": given}})[0].text
    assert "Made of jsonl:mine.jsonl (SHA-256 0123abcd)." in text
    assert "Rows that are left out: 102" in text
    assert "row 3: both sides are identical\n" in text.replace("row 5", "\nrow 5")
    assert "row 5: leaks an evaluation problem (prompt: e/1 (10 words))" in text
    assert "row 103" in text and "row 104" not in text
    assert "Made of" not in reported(MIXED, {"curation_funnel.json": funnel})[0].text


def test_the_first_screen_counts_what_any_tuned_model_fixed_or_broke() -> None:
    page, statistics = reported(MIXED)
    kinds = [movement.kind for movement in statistics.movements]
    links = [attrs for tag, attrs in page.tags if tag == "a" and "data-direction" in attrs]
    assert [link["data-direction"] for link in links[:2]] == ["fixed", "broken"]
    n_broken = kinds.count("broken")
    assert f"{len(kinds) - n_broken} fixed, {n_broken} broken" in page.text


def test_every_label_on_the_page_says_what_it_means() -> None:
    page, statistics = reported(MIXED)
    modes = [attrs for tag, attrs in page.tags if "mode" in (attrs.get("class") or "").split()]
    assert all(attrs["title"] for attrs in modes)
    glossary = page.source[page.source.index('<details class="glossary">') :]
    glossary = glossary[: glossary.index("</details>")]
    for label in statistics.labels:
        assert label.meaning.replace("`", "") in html.unescape(glossary)
