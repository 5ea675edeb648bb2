from failpairs.training.train_log import flags, rounded


def row(step: int, accuracy: float, change: float, prefix: str = "") -> dict[str, float]:
    return {
        "step": step,
        f"{prefix}reward_accuracy": accuracy,
        f"{prefix}chosen_change": change,
    }


def test_perfect_accuracy_with_falling_chosen_sides_is_flagged() -> None:
    [flag] = flags([row(1, 0.5, 0.0), row(2, 1.0, -0.2)])
    assert "training pairs is 1.0" in flag
    assert "0.200 nats per token" in flag
    [flag] = flags([row(0, 0.0, 0.0, "held_out_"), row(4, 1.0, -0.3, "held_out_")])
    assert "held-out pairs" in flag


def test_a_held_out_margin_within_its_noise_is_flagged() -> None:
    def ending(margin: float, noise: float | None) -> list[dict[str, float]]:
        measured = {} if noise is None else {"held_out_reward_margin_se": noise}
        return [{"step": 9, "held_out_reward_margin": margin, **measured}]

    [flag] = flags(ending(0.0035, 0.01))
    assert "do not show that this adapter did anything" in flag
    assert "0.0035, and up to 0.0200" in flag
    assert flags(ending(0.0201, 0.01)) == []
    assert len(flags(ending(-0.1, 0.01))) == 1
    assert flags(ending(0.1, None)) == []  # of a single pair
    assert len(flags(ending(0.0, None))) == 1


def test_a_good_run_and_one_without_measurements_have_no_flags() -> None:
    assert flags([row(1, 0.5, 0.0), row(2, 1.0, 0.1)]) == []
    assert flags([row(1, 0.5, 0.0), row(2, 0.9, -0.4)]) == []
    assert flags([{"step": 1, "loss": 2.0}]) == []
    assert flags([]) == []


def test_numbers_keep_six_digits_and_what_is_not_finite_becomes_none() -> None:
    values = {"step": 3, "a": 0.123456789, "b": 5e-6, "c": float("nan"), "d": float("inf")}
    assert rounded(values) == {"step": 3, "a": 0.123457, "b": 5e-6, "c": None, "d": None}
