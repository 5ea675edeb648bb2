import re
from typing import Any

import pytest
import yaml
from builders import a_problem
from execution_builders import a_labels_meta, a_samples_meta
from failpairs.curation.build_pairs import Curated, Funnel
from failpairs.curation.dataset_card import dataset_card
from failpairs.curation.false_passes import FalsePasses
from failpairs.models.load import ModelIdentity
from failpairs.records import Pair, Problem
from huggingface_hub import DatasetCard

HOSTILE = ["a|b", "|", "a\nb", "\r\n| x | y |\r\n", "\n\n---\n", "a: [b", "\u2028|ä漢😀", "#", "`"]


def a_pair(task_id: str = "t/0", label: str = "ASSERTION_FAIL") -> Pair:
    return Pair(
        prompt=f"<{task_id}>",
        chosen="return n * 2",
        rejected="return n",
        task_id=task_id,
        chosen_index=0,
        rejected_index=1,
        rejected_label=label,
        similarity=0.8,
        length_ratio=1.5,
    )


def a_card(
    pairs: list[Pair] | None = None,
    held_out: list[Pair] | None = None,
    problems: list[Problem] | None = None,
    funnel: Funnel | None = None,
    model: str = "some/model",
    revision: str = "",
    validator: dict[str, Any] | None = None,
    policy: dict[str, Any] | None = None,
    hashes: dict[str, str] | None = None,
) -> str:
    some = Funnel(
        samples={"all": 20, "may be chosen": 3},
        problems={"all": 2},
        pairs={"kept": 1},
        mix={"ASSERTION_FAIL": {"failures": 7, "pairs wanted": 2, "pairs": 1}},
        longer_wins=1.0,
    )
    return dataset_card(
        Curated([a_pair()] if pairs is None else pairs, held_out or [], funnel or some),
        problems or [a_problem(), a_problem("t/1", license="CC-BY-4.0")],
        a_samples_meta(model=ModelIdentity(model, revision, "0" * 64)),
        a_labels_meta(**(validator or {"sandbox": "full"})),
        policy or {"n_pairs": 2, "mix": "natural"},
        hashes or {"pairs.jsonl": "0" * 64, "samples.jsonl": "f" * 64},
    )


def header_of(card: str) -> dict[str, Any]:
    """The YAML between the first line and the next line of three dashes."""
    start, header, _ = re.split(r"^---$", card, maxsplit=2, flags=re.MULTILINE)
    assert start == ""
    loaded = yaml.safe_load(header)
    assert isinstance(loaded, dict)
    return loaded


def tables_of(card: str) -> list[list[list[str]]]:
    """The cells of the rows of every table."""
    blocks = re.findall(r"(?:^\|.*\n)+", card, flags=re.MULTILINE)
    return [
        [re.split(r"(?<!\\)\|", row.strip("\n"))[1:-1] for row in block.rstrip("\n").split("\n")]
        for block in blocks
    ]


def test_the_header_is_what_dataset_hubs_read() -> None:
    assert header_of(a_card()) == {
        "pretty_name": "Failure pairs of some/model",
        "license": ["mit"],
        "language": ["code", "en"],
        "size_categories": ["n<1K"],
        "tags": ["preference", "dpo", "code", "failpairs"],
        "task_categories": ["text-generation"],
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": "train", "path": "pairs.jsonl"}],
            }
        ],
    }


def test_licences_and_sources_of_held_out_pairs_are_told() -> None:
    card = a_card(held_out=[a_pair("t/1")])
    assert header_of(card)["license"] == ["cc-by-4.0", "mit"]
    assert "1 preference pairs of 1 problems, and 1 held out" in card
    (sources,) = (rows for rows in tables_of(card) if rows[0][0].strip() == "source")
    assert [row[1].strip() for row in sources[2:]] == ["CC-BY-4.0", "MIT"]


def test_held_out_pairs_are_a_split_of_their_own_where_there_are_any() -> None:
    (config,) = header_of(a_card(held_out=[a_pair("t/1")]))["configs"]
    assert config["data_files"] == [
        {"split": "train", "path": "pairs.jsonl"},
        {"split": "held_out", "path": "held_out_pairs.jsonl"},
    ]


def test_the_library_of_the_hub_reads_the_header() -> None:
    data = DatasetCard(a_card(held_out=[a_pair("t/1")])).data
    assert (data.license, data.size_categories) == (["cc-by-4.0", "mit"], ["n<1K"])
    assert data.pretty_name == "Failure pairs of some/model"


def test_every_licence_of_the_problems_that_are_used_is_in_the_header_once() -> None:
    licences = ("MIT", "CC-BY-4.0", "MIT", "Apache-2.0")
    problems = [a_problem(f"t/{i}", license=name) for i, name in enumerate(licences)]
    pairs = [a_pair("t/0"), a_pair("t/1"), a_pair("t/2"), a_pair("t/2")]
    assert header_of(a_card(pairs, problems=problems))["license"] == ["cc-by-4.0", "mit"]


@pytest.mark.parametrize("licence", [*HOSTILE, "ask me"])
def test_a_licence_that_hubs_do_not_know_is_another(licence: str) -> None:
    card = a_card(problems=[a_problem(license=licence)])
    assert header_of(card)["license"] == ["other"]


@pytest.mark.parametrize(
    ("count", "category"), [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (10_000, "10K<n<100K")]
)
def test_the_size_is_one_that_dataset_hubs_know(count: int, category: str) -> None:
    assert header_of(a_card([a_pair()] * count))["size_categories"] == [category]


@pytest.mark.parametrize(
    "text",
    [
        "1 preference pairs of 1 problems",
        "and 2 held out for training curves",
        "`some/model` (revision `none`)",
        "| test | MIT | 1 |",
        "| ASSERTION_FAIL | 7 | 2 | 1 |",
        "| samples | all | 20 |",
        "| samples | may be chosen | 3 |",
        "| problems | all | 2 |",
        "| pairs | kept | 1 |",
        "| n_pairs | 2 |",
        "| mix | natural |",
        "| sandbox | full |",
        f"| pairs.jsonl | {'0' * 64} |",
        f"| samples.jsonl | {'f' * 64} |",
        ": 1.000 (.5 tells nothing)",
    ],
)
def test_the_card_says_where_the_pairs_come_from_and_what_they_are_like(text: str) -> None:
    assert text in a_card(held_out=[a_pair("t/1"), a_pair("t/1")])


def test_the_revision_of_the_model_is_told() -> None:
    assert "`some/model` (revision `0123abc`)" in a_card(revision="0123abc")


def test_a_set_without_pairs_has_a_card() -> None:
    card = a_card([], funnel=Funnel())
    assert "0 preference pairs of 0 problems" in card
    assert ": none (.5 tells nothing)" in card
    assert header_of(card)["license"] == ["unknown"]


def test_problems_are_counted_by_source_and_licence() -> None:
    sources = [("mbpp", "CC-BY-4.0"), ("own", "MIT"), ("mbpp", "CC-BY-4.0"), ("own", "Apache-2.0")]
    problems = [
        a_problem(f"t/{i}", source=source, license=licence)
        for i, (source, licence) in enumerate(sources)
    ]
    card = a_card([a_pair(f"t/{i}") for i in range(4)] * 2, problems=problems)
    assert (
        "| mbpp | CC-BY-4.0 | 2 |\n| own | Apache-2.0 | 1 |\n| own | MIT | 1 |\n\n## Failures"
    ) in card


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_a_table(text: str) -> None:
    plain, hostile = (
        tables_of(
            a_card(
                problems=[a_problem(source=value, license=value)],
                funnel=Funnel(
                    samples={value: 1},
                    problems={value: 2},
                    pairs={value: 3},
                    mix={value: {"failures": 7, "pairs wanted": 2, "pairs": 1}},
                ),
                validator={value: value},
                policy={value: [value], "model": {"id": value}},
                hashes={value: value},
            )
        )
        for value in ("plain", text)
    )
    assert len(plain) == 6
    assert [[len(row) for row in table] for table in hostile] == [
        [len(row) for row in table] for table in plain
    ]
    for table in hostile:
        assert all(cell.strip() == "---" for cell in table[1])
        assert len({len(row) for row in table}) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_of_a_model_breaks_the_header_or_a_table(text: str) -> None:
    card = a_card(model=text, revision=text)
    name = f"Failure pairs of {' '.join(text.split())}"
    assert header_of(card) == {**header_of(a_card()), "pretty_name": name}
    assert tables_of(card)[-6:] == tables_of(a_card())


def test_the_card_says_how_many_passes_were_false_where_inputs_were_generated() -> None:
    found = FalsePasses(
        problems=3,
        by_agreement=0,
        passed=40,
        differ=4,
        share=0.1,
        low=0.02,
        high=0.25,
        confidence=0.95,
    )
    text = "40 samples of 3 problems that pass the test, 4 differ"
    assert text in a_card(funnel=Funnel(false_passes=found))
    assert "10.0% false passes (95% interval 2.0% to 25.0%)" in a_card(
        funnel=Funnel(false_passes=found)
    )
    assert "false passes" not in a_card()
    agreeing = a_card(funnel=Funnel(false_passes={**found, "by_agreement": 2}))
    assert "have no reference" not in a_card(funnel=Funnel(false_passes=found))
    assert "Of 2 of these problems, which have no reference" in agreeing
