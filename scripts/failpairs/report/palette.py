"""The colours of the report, in its style sheet and in its figures.

The hues are those of Okabe and Ito (2008, Color Universal Design), which people with any common
colour vision tell apart. A label has the colour that `labels.py` gives it everywhere; related
labels share a hue and differ in lightness, and no colour stands anywhere without the label's name.
"""

from failpairs.labels import Label

INK = "#1b2430"
BASE = "#7a8794"
SEEDS = "#0072b2"
FIXED = "#009e73"
BROKEN = "#d55e00"

MODES = {label: label.colour for label in Label}


def style() -> str:
    """The palette as CSS: `--fixed` and `--broken`, and a class `m-<label>` for every label, which
    sets `--mode`."""
    directions = f":root {{ --fixed: {FIXED}; --broken: {BROKEN}; }}"
    return "\n".join(
        [directions, *(f".m-{label} {{ --mode: {MODES[label]}; }}" for label in Label)]
    )
