from pathlib import Path

import pytest
from failpairs.errors import InputError
from failpairs.models.load import ModelIdentity
from failpairs.training.model_card import model_card, trained_on
from failpairs.training.recipe import Recipe
from huggingface_hub import ModelCard

MACHINE = "AMD EPYC 9654 96-Core Processor (x86_64), 192 logical cores, 377 GiB, 2 × NVIDIA H100"


def test_the_hardware_in_a_card_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    identity = ModelIdentity(id="some/model", revision="", weights_sha256="0" * 64)
    path.write_text(
        model_card(identity, "preference", 0, Recipe(), [{"step": 3}], {}, MACHINE), "utf-8"
    )
    assert trained_on(path) == MACHINE
    path.write_text("---\nbase_model: some/model\n---\n\n# Adapter\n", "utf-8")
    assert trained_on(path) is None


@pytest.mark.parametrize(
    ("revision", "base"), [("0" * 40, ("some/model", "adapter")), ("", (None, None))]
)
def test_the_library_of_the_hub_reads_the_header(
    revision: str, base: tuple[str | None, str | None]
) -> None:
    """The Hub links to the base model, and refuses one that is not there."""
    identity = ModelIdentity(id="some/model", revision=revision, weights_sha256="0" * 64)
    card = model_card(identity, "preference", 0, Recipe(), [{"step": 3}], {}, MACHINE)
    data = ModelCard(card).data
    assert (data.library_name, data.pipeline_tag) == ("peft", "text-generation")
    assert data.tags == ["lora", "code", "failpairs", "dpo"]
    assert (data.base_model, data.get("base_model_relation")) == base


@pytest.mark.parametrize("text", ["", "# Adapter\n", "---\n- a\n---\n", "---\na: [\n---\n"])
def test_what_is_no_card_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "README.md").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"README\.md: expected a model card"):
        trained_on(tmp_path / "README.md")


def test_a_missing_card_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"README\.md: No such file"):
        trained_on(tmp_path / "README.md")
