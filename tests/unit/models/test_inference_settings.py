import pytest
from failpairs.models.settings import InferenceSettings


@pytest.mark.parametrize(
    ("asked", "device", "sequences"),
    [("auto", "cuda", 256), ("auto", "cpu", 64), ("auto", None, 64), (8, "cuda", 8), (8, None, 8)],
)
def test_the_batch_follows_the_device_unless_it_is_given(
    asked: int | str, device: str | None, sequences: int
) -> None:
    assert InferenceSettings(batch_size=asked).sequences(device) == sequences
