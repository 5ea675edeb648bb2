"""Control arms by their names, and what the configuration says of them."""

import pytest
from failpairs.errors import InputError
from failpairs.training.losses import LOSSES
from failpairs.training.recipe import Recipe
from failpairs.workflow.arms import find_arm, has_own_pairs, method_of, needs_of, recipe_of


def test_an_arm_says_what_it_is_made_of_and_how_it_is_trained() -> None:
    said = {
        name: (has_own_pairs(name), needs_of(name), method_of(name), recipe_of(name))
        for name in (
            "random",
            "n500",
            "sft",
            "kto",
            "ipo",
            "simpo",
            "focus12",
            "common_first",
            "replay",
        )
    }
    assert said == {
        "random": (True, ["samples"], "preference", {}),
        "n500": (True, [], "preference", {}),
        "sft": (False, [], "sft", {}),
        "kto": (False, [], "kto", {}),
        "ipo": (False, [], "preference", {"loss": "ipo"}),
        "simpo": (False, [], "preference", {"loss": "simpo", "beta": 2.0}),
        "focus12": (False, [], "preference", {"focus": 12.0}),
        "common_first": (False, [], "preference", {"order": "common_first"}),
        "replay": (False, [], "preference", {"order": "replay"}),
    }


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_an_arm_that_a_recipe_can_have(name: str) -> None:
    assert Recipe(**recipe_of(name)).loss == name


@pytest.mark.parametrize("name", ["dbo", "focus", "focus1", "focus0.5", "rare"])
def test_an_unknown_arm_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(InputError, match=f"arm '{name}': expected one of random, .*, kto, ipo"):
        find_arm(name)
