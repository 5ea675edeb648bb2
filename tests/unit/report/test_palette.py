from failpairs.labels import LABELS
from failpairs.report.palette import MODES, style


def test_every_label_has_a_colour_of_its_own() -> None:
    assert set(MODES) == set(LABELS)
    assert len(set(MODES.values())) == len(LABELS)


def test_the_style_sheet_has_the_same_colours() -> None:
    assert all(f".m-{label} {{ --mode: {MODES[label]}; }}" in style() for label in LABELS)
