import xml.etree.ElementTree as ET

import pytest
from failpairs.figures import failure_modes, training_curves
from failpairs.stats import spread
from failpairs.verdicts import Effect

SVG = "{http://www.w3.org/2000/svg}"
SEEDS = ["seed0", "seed1", "seed2"]
MODES = [
    Effect.model_construct(metric="NAME_ERROR", before=6.0, after=spread([4, 4, 3])),
    Effect.model_construct(metric="ASSERTION_FAIL", before=23.0, after=spread([19, 19, 18])),
]
CURVES = {
    name: [
        {"step": step, "loss": 0.7 / step, "reward_margin": 0.1 * step, "chosen_logprob": -step}
        for step in (1, 2, 3)
    ]
    for name in ("seed0", "seed1")
}
HOSTILE = "</svg><script>alert('1 & 2')</script>"


def parsed(svg: str) -> ET.Element:
    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    return root


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()).strip() for element in parsed(svg).iter(f"{SVG}text")]


def test_failure_modes_are_labelled_with_text() -> None:
    found = texts(failure_modes(MODES, SEEDS))
    assert {"NAME_ERROR", "ASSERTION_FAIL", "base", "each seed", "evaluation problems"} <= set(
        found
    )


def test_training_curves_are_labelled_with_text() -> None:
    found = texts(training_curves(CURVES))
    assert {"seed0", "seed1", "loss", "reward margin", "step"} <= set(found)


@pytest.mark.parametrize("seeds", [1, 3])
def test_every_seed_has_a_dot_for_each_mode(seeds: int) -> None:
    modes = [mode.model_copy(update={"after": spread(mode.after.values[:seeds])}) for mode in MODES]
    root = parsed(failure_modes(modes, SEEDS[:seeds]))
    dots = [
        use
        for use in root.iter(f"{SVG}use")
        if "#0072b2" in (use.get("style") or "") and use.get("x") and use.get("y")
    ]
    in_legend = 1
    assert len(dots) == seeds * len(modes) + in_legend


def test_the_same_input_gives_the_same_bytes() -> None:
    assert failure_modes(MODES, SEEDS) == failure_modes(MODES, SEEDS)
    assert training_curves(CURVES) == training_curves(CURVES)


def test_other_input_gives_another_figure() -> None:
    other = [MODES[0], MODES[1].model_copy(update={"before": 22.0})]
    assert failure_modes(MODES, SEEDS) != failure_modes(other, SEEDS)


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
    svg = failure_modes(MODES, SEEDS)
    assert "date" not in {element.tag.rpartition("}")[2] for element in parsed(svg).iter()}
