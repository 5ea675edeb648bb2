import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from execution_builders import a_failure_pair, an_evaluation
from failpairs.report import palette
from failpairs.report.figure_style import Drawing
from failpairs.report.figures import NAMES, all_figures
from failpairs.report.outcome_figures import failure_modes, mode_strip
from failpairs.report.training_figures import training_curves
from failpairs.statistics.comparison import compare
from failpairs.statistics.effects import Criteria, Effect
from failpairs.statistics.paired_tests import spread

SVG = "{http://www.w3.org/2000/svg}"
N_PROBLEMS = 164
MODES = [
    Effect.model_construct(
        metric="NAME_ERROR", before=6.0, after=spread([4, 4, 3]), low=-0.05, high=0.01
    ),
    Effect.model_construct(
        metric="ASSERTION_FAIL", before=23.0, after=spread([19, 19, 18]), low=-0.08, high=0.02
    ),
]
CURVES = {
    name: [
        {"step": step, "loss": 0.7 / step, "reward_margin": 0.1 * step, "chosen_change": -step}
        for step in (1, 2, 3)
    ]
    for name in ("seed0", "seed1")
}
HOSTILE = "</svg><script>alert('1 & 2')</script>"


def parsed(drawing: Drawing) -> ET.Element:
    root = ET.fromstring(drawing.svg())
    assert root.tag == f"{SVG}svg"
    return root


def texts(drawing: Drawing) -> list[str]:
    return ["".join(element.itertext()).strip() for element in parsed(drawing).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def figures() -> dict[str, Drawing]:
    base = an_evaluation(["PASS", "TIMEOUT", "NAME_ERROR", "STUB"])
    seeds = {
        "seed0": an_evaluation(["PASS", "PASS", "PASS", "STUB"]),
        "seed1": an_evaluation(["TIMEOUT", "PASS", "NAME_ERROR", "STUB"]),
    }
    pairs = [a_failure_pair("TIMEOUT"), a_failure_pair("NAME_ERROR")]
    criteria = Criteria(confidence=0.95, equivalence_margin=0.02)
    statistics = compare(
        base, seeds, criteria, 99, seed=0, pairs=pairs, arms={"sft": {"seed0": base}}
    )
    return all_figures(base, seeds, statistics, pairs, CURVES, "What changed?", f"a: {HOSTILE}")


def test_every_figure_has_a_name_and_says_in_words_what_it_shows(
    figures: dict[str, Drawing],
) -> None:
    names = "answer failure_modes mode_strip transitions arms pairs dose_response training".split()
    assert list(figures) == names == [*NAMES]
    assert all(name == drawing.name for name, drawing in figures.items())
    assert all(len(drawing.alternative) > 40 for drawing in figures.values())


def test_what_is_not_there_is_not_drawn() -> None:
    base = an_evaluation(["PASS", "TIMEOUT"])
    statistics = compare(
        base, {"seed0": base}, Criteria(confidence=0.95, equivalence_margin=0.02), 99, seed=0
    )
    found = all_figures(base, {"seed0": base}, statistics, [], {"seed0": []}, "Why?", "some/model")
    assert list(found) == ["answer", "failure_modes", "mode_strip", "transitions"]


def test_characters_that_cannot_be_seen_are_shown_in_links() -> None:
    base = an_evaluation(["PASS", "TIMEOUT"])
    statistics = compare(
        base, {"a\u202eb": base}, Criteria(confidence=0.95, equivalence_margin=0.02), 99, seed=0
    )
    figures = all_figures(base, {"a\u202eb": base}, statistics, [], {}, "Why?", "some/model")
    assert "\u202e" not in figures["mode_strip"].inline()


def test_pairs_that_do_not_say_how_their_sides_failed_have_no_dose() -> None:
    base = an_evaluation(["PASS", "TIMEOUT"])
    pairs = [a_failure_pair(None)]
    criteria = Criteria(confidence=0.95, equivalence_margin=0.02)
    statistics = compare(base, {"seed0": base}, criteria, 99, seed=0, pairs=pairs)
    found = all_figures(base, {"seed0": base}, statistics, pairs, {}, "Why?", "some/model")
    assert "pairs" in found
    assert "dose_response" not in found


def test_figures_on_one_page_share_no_id(figures: dict[str, Drawing]) -> None:
    ids = [
        name for drawing in figures.values() for name in re.findall(r' id="([^"]*)"', drawing.svg())
    ]
    assert len(ids) == len(set(ids))


def test_the_ink_of_a_figure_is_that_of_its_page(figures: dict[str, Drawing]) -> None:
    for drawing in figures.values():
        assert palette.INK in drawing.svg()
        assert palette.INK not in drawing.inline()
        assert "currentColor" in drawing.inline()


def test_a_link_of_a_figure_says_where_it_leads(figures: dict[str, Drawing]) -> None:
    for name in ("failure_modes", "mode_strip"):
        root = ET.fromstring(str(figures[name].inline()))
        links = root.findall(f".//{SVG}a")
        assert len(links) > 2
        assert all(link[0].tag == f"{SVG}title" and link[0].text for link in links)
    names = re.findall("<title>([^<]*)</title>", figures["mode_strip"].inline())
    assert {"change: fixed, base: TIMEOUT", "model: seed1, ends: TIMEOUT"} <= {*names}


def test_a_bitmap_is_the_same_bytes_again(figures: dict[str, Drawing], tmp_path: Path) -> None:
    for name in ("one", "other"):
        figures["arms"].write_png(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert (tmp_path / "one").read_bytes().startswith(b"\x89PNG")


def test_the_strip_says_how_many_problems_moved() -> None:
    base = an_evaluation(["PASS", "TIMEOUT", "NAME_ERROR", "STUB"])
    seeds = {
        "seed0": an_evaluation(["PASS", "PASS", "PASS", "STUB"]),
        "seed1": an_evaluation(["TIMEOUT", "PASS", "NAME_ERROR", "STUB"]),
    }
    statistics = compare(
        base, seeds, Criteria(confidence=0.95, equivalence_margin=0.02), 99, seed=0
    )
    drawing = mode_strip(base, seeds, statistics.movements)
    assert drawing.alternative.endswith(
        "1 fixed in all, 1 fixed in some, 1 broken, 1 neither fixed nor broken."
    )
    assert {
        "base",
        "seed0",
        "seed1",
        "broken (1)",
        "neither fixed nor broken (1)",
        "TIMEOUT",
    } <= set(texts(drawing))


def test_a_mode_has_its_colour_in_every_figure(figures: dict[str, Drawing]) -> None:
    for name in ("mode_strip", "dose_response"):
        assert palette.MODES["TIMEOUT"] in figures[name].svg()


def test_failure_modes_are_labelled_with_text() -> None:
    found = texts(failure_modes(MODES, N_PROBLEMS))
    assert {
        "NAME_ERROR",
        "ASSERTION_FAIL",
        "base",
        "each tuned model",
        "evaluation problems",
    } <= set(found)


def test_training_curves_are_labelled_with_text() -> None:
    found = texts(training_curves(CURVES))
    assert {"seed0", "seed1", "loss", "reward margin", "step"} <= set(found)


@pytest.mark.parametrize("seeds", [1, 3])
def test_every_seed_has_a_dot_for_each_mode(seeds: int) -> None:
    modes = [mode.model_copy(update={"after": spread(mode.after.values[:seeds])}) for mode in MODES]
    root = parsed(failure_modes(modes, N_PROBLEMS))
    dots = [
        use
        for use in root.iter(f"{SVG}use")
        if "#0072b2" in (use.get("style") or "") and use.get("x") and use.get("y")
    ]
    in_legend = 1
    assert len(dots) == seeds * len(modes) + in_legend


def test_the_same_input_gives_the_same_bytes() -> None:
    one, other = (failure_modes(MODES, N_PROBLEMS) for _ in range(2))
    assert one.svg() == other.svg() == one.svg()
    assert training_curves(CURVES).svg() == training_curves(CURVES).svg()


def test_other_input_gives_another_figure() -> None:
    other = [MODES[0], MODES[1].model_copy(update={"before": 22.0})]
    assert failure_modes(MODES, N_PROBLEMS).svg() != failure_modes(other, N_PROBLEMS).svg()


@pytest.mark.parametrize("name", [HOSTILE, "5$ to 9$"])
def test_a_name_is_drawn_as_it_is(name: str) -> None:
    assert name in texts(training_curves({name: CURVES["seed0"]}))


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([{"step": 1, "loss": 0.7}], id="a single step"),
        pytest.param([{"step": 1, "loss": 0.7}, {"step": 2}], id="a step without values"),
    ],
)
def test_a_curve_with_gaps_is_drawn(rows: list[dict[str, float]]) -> None:
    assert {"seed0", "loss"} <= set(texts(training_curves({"seed0": rows})))


def test_a_figure_holds_no_date() -> None:
    root = parsed(failure_modes(MODES, N_PROBLEMS))
    assert "date" not in {element.tag.rpartition("}")[2] for element in root.iter()}


def test_the_picture_of_the_answer_can_stand_alone(figures: dict[str, Drawing]) -> None:
    shown = " ".join(texts(figures["answer"]))
    for part in ("25.0% → 50.0%", "Cannot be told from noise: 2 fixed, 1 broken", "What changed?"):
        assert part in shown
    assert HOSTILE in shown
    assert "Pass@1 25.0% → 50.0%" in figures["answer"].alternative
