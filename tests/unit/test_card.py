import yaml
from builders import a_problem
from failpairs.card import dataset_card
from failpairs.curation import Curated, Funnel
from failpairs.records import Pair

PAIR = Pair(
    prompt="<t/0>",
    chosen="return n * 2",
    rejected="return n",
    task_id="t/0",
    chosen_index=0,
    rejected_index=1,
    rejected_label="ASSERTION_FAIL",
    similarity=0.8,
    length_ratio=1.5,
)


def a_card(model: str = "some/model") -> str:
    funnel = Funnel(
        samples={"all": 20},
        problems={"all": 2},
        pairs={"kept": 1},
        mix={"ASSERTION_FAIL": {"failures": 7, "pairs wanted": 2, "pairs": 1}},
        longer_wins=1.0,
    )
    return dataset_card(
        Curated([PAIR], [], funnel),
        [a_problem(), a_problem("t/1", license="CC-BY-4.0")],
        {"model": {"id": model, "revision": ""}},
        {"validator": {"sandbox": "full"}},
        {"n_pairs": 2},
        {"pairs.jsonl": "0" * 64},
    )


def test_the_header_is_what_dataset_hubs_read() -> None:
    _, header, _ = a_card().split("---\n", 2)
    assert yaml.safe_load(header)["license"] == ["MIT"]
    assert yaml.safe_load(header)["size_categories"] == ["n<1K"]


def test_the_card_says_where_the_pairs_come_from_and_what_they_are_like() -> None:
    card = a_card()
    for text in (
        "1 preference pairs of 1 problems",
        "`some/model` (revision `none`)",
        "| test | MIT | 1 |",
        "| ASSERTION_FAIL | 7 | 2 | 1 |",
        "| samples | all | 20 |",
        "| sandbox | full |",
        f"| pairs.jsonl | {'0' * 64} |",
        ": 1.000 (.5 tells nothing)",
    ):
        assert text in card


def test_no_text_breaks_a_table() -> None:
    card = a_card().replace("full", "")
    hostile = dataset_card(
        Curated([], [], Funnel()),
        [],
        {"model": {"id": "m", "revision": ""}},
        {"validator": {"a|b": "c\nd"}},
        {},
        {},
    )
    assert "| a\\|b | c d |" in hostile
    assert card.count("\n---\n") == 1
