import argparse
import contextlib
import re
import shlex
from typing import Any

import pytest
import yaml
from builders import a_config
from failpairs.errors import InputError
from failpairs.labels import FAILURES
from failpairs.workflow.config import (
    SCHEMA_PATH,
    add_options,
    check_section,
    command_line,
    options_of,
    parameter_table,
    schema,
    section_values,
    validate_config,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

SECTIONS = [name for name, node in schema()["properties"].items() if node["type"] == "object"]


def load(name: str) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load((SCHEMA_PATH.parent / name).read_text("utf-8"))
    return values


def parse(section: str, words: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    add_options(parser, section)
    return section_values(parser.parse_args(words), section)


def valid_values(node: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "enum" in node:
        return st.sampled_from(node["enum"])
    if node["type"] == "array":
        return st.lists(valid_values(node["items"]), min_size=node.get("minItems", 0), unique=True)
    if node["type"] == "boolean":
        return st.booleans()
    if node["type"] == "integer":
        return st.integers(node["minimum"], node.get("maximum"))
    if node["type"] == "number":
        return st.floats(
            node.get("minimum", node.get("exclusiveMinimum")),
            node.get("maximum", node.get("exclusiveMaximum")),
            exclude_min="exclusiveMinimum" in node,
            exclude_max="exclusiveMaximum" in node,
        )
    if "pattern" in node:
        return st.from_regex(node["pattern"], fullmatch=True)
    return st.text(min_size=node.get("minLength", 0))


@pytest.mark.parametrize("section", SECTIONS)
def test_every_key_is_described_and_has_a_default_or_is_required(section: str) -> None:
    node = schema()["properties"][section]
    options = options_of(section)
    assert [key for key, option in options.items() if not option.get("description")] == []
    without_default = {key for key, option in options.items() if "default" not in option}
    assert without_default == set(node.get("required", []))
    assert node["description"]


@pytest.mark.parametrize("section", SECTIONS)
def test_the_defaults_are_valid(section: str) -> None:
    options = options_of(section)
    check_section(section, {k: node["default"] for k, node in options.items() if "default" in node})


def test_every_failure_can_be_excluded_from_the_pairs() -> None:
    assert options_of("curation")["exclude_labels"]["items"]["enum"] == list(FAILURES)


def test_the_reference_configuration_is_valid_and_says_everything() -> None:
    config = load("config.yaml")
    assert validate_config(config) == config


@pytest.mark.parametrize("name", ["demo.yaml", "test.yaml"])
def test_a_configuration_on_top_of_the_reference_is_valid(name: str) -> None:
    config = load("config.yaml")
    for key, value in load(name).items():
        config[key] = {**config[key], **value} if isinstance(value, dict) else value
    validate_config(config)


def test_a_single_text_stands_for_a_list_of_one() -> None:
    config = validate_config(a_config(problems={"train": "mbpp", "eval": "humaneval"}))
    assert config["problems"]["eval"] == ["humaneval"]
    several = {"train": "mbpp", "eval": ["humaneval", "mbpp:test"]}
    assert validate_config(a_config(problems=several))["problems"]["eval"] == several["eval"]


def test_defaults_fill_what_is_not_said() -> None:
    config = validate_config(a_config(sampling={"n_samples": 7}))
    assert config["sampling"]["n_samples"] == 7
    assert config["sampling"]["temperature"] == 0.8
    assert config["training"]["learning_rate"] == 5e-6
    assert config["pathvars"] == {"results": "results"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("sampling: {n_sample: 3}", "sampling.n_sample: unknown key; did you mean 'n_samples'?"),
        ("samplin: {}", "samplin: unknown key; did you mean 'sampling'?"),
        ("statistics: {quux: 1}", "statistics.quux: unknown key; known keys are confidence, "),
        ("training: {learning_rate: 1e-5}", "'1e-5' is not of type 'number' .* write 1.0e-5"),
        ("training: {learning_rate: fast}", "training.learning_rate: 'fast' is not of type"),
        ("training: {batch_size: 6}", "training.micro_batch_size: 4 does not divide .* 6"),
        ("sampling: {temperature: 0}", "sampling.n_samples: 20 greedy samples would all be the s"),
        ("evaluation: {n_samples: 2}", "evaluation.n_samples: 2 greedy samples .*temperature"),
        ("sampling: {top_p: 0}", "sampling.top_p: 0 is less than or equal to the minimum of 0"),
        ("sampling: {temperature: .nan}", "sampling.temperature: "),
        ("sampling: {n_samples: true}", "sampling.n_samples: True is not of type 'integer'"),
        ("sampling:", "sampling: None is not of type 'object'"),
        ("seeds: {values: []}", "seeds.values: "),
        ("seeds: {values: [1, 1]}", "seeds.values: .* non-unique"),
        ("seeds: {values: [1], vary: both}", "seeds.vary: 'both' is not one of"),
        ("seeds: {values: [0, -1]}", "seeds.values.1: -1 is less than the minimum of 0"),
        ("curation: {exclude_labels: [PASS]}", "curation.exclude_labels.0: 'PASS' is not one of"),
        ("problems: {train: jsonl, eval: starter}", "problems.train: 'jsonl' does not match"),
        ("problems: {train: starter, eval: [humaneval, x]}", "problems.eval.1: 'x' does not match"),
        ("problems: {train: starter, eval: []}", "problems.eval: "),
        ("problems: {train: starter}", "problems: 'eval' is a required property"),
        ("model: {}", "model: 'id' is a required property"),
        ("model: {id: m, revision: main}", "model.revision: 'main' does not match"),
    ],
)
def test_a_fault_is_one_line_that_names_the_key(text: str, fault: str) -> None:
    with pytest.raises(InputError, match=f"^config: .*{fault}") as caught:
        validate_config(a_config(**yaml.safe_load(text)))
    assert "\n" not in str(caught.value)
    assert str(caught.value).count("config: ") == 1


@pytest.mark.parametrize(
    "sections",
    [
        {"sampling": {"top_p": 2}, "training": {"beta": 0}},
        {"sampling": {"top_p": 2, "seed": -1}},
        {"sampling": {"top_q": 1, "sed": 1}},
    ],
    ids=["two sections", "two values of a section", "two unknown keys of a section"],
)
def test_every_fault_is_told_at_once(sections: dict[str, dict[str, Any]]) -> None:
    with pytest.raises(InputError) as caught:
        validate_config(a_config(**sections))
    for section, values in sections.items():
        for key in values:
            assert f"config: {section}.{key}: " in str(caught.value)


# No program takes the section of seeds as it is: each has one seed.
@pytest.mark.parametrize("section", [name for name in SECTIONS if name != "seeds"])
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_section_survives_the_command_line(section: str, data: st.DataObject) -> None:
    options = options_of(section)
    values = data.draw(st.fixed_dictionaries({k: valid_values(n) for k, n in options.items()}))
    check_section(section, values)
    assert parse(section, shlex.split(command_line(values))) == values


@pytest.mark.parametrize("text", ["--seed", "-1", "a b", "$HOME 'x'", "a=b"])
def test_no_text_is_taken_for_an_option(text: str) -> None:
    words = shlex.split(command_line({"id": text, "revision": ""}))
    assert parse("model", words)["id"] == text


def test_a_whole_number_written_as_a_float_is_refused_or_reaches_the_program() -> None:
    with contextlib.suppress(InputError):
        sampling = validate_config(a_config(sampling={"n_samples": 20.0}))["sampling"]
        assert parse("sampling", shlex.split(command_line(sampling))) == sampling


def test_the_options_of_a_program_default_to_the_schema_s() -> None:
    defaults = {key: node["default"] for key, node in options_of("curation").items()}
    assert parse("curation", []) == defaults


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("sampling", ["--top-p=0"]),
        ("sampling", ["--temperature=nan"]),
        ("training", ["--learning-rate=inf"]),
        ("curation", ["--exclude-labels", "TYPO"]),
        ("problems", ["--train=nowhere", "--eval=starter"]),
    ],
)
def test_an_option_out_of_range_is_refused(section: str, words: list[str]) -> None:
    key = words[0].partition("=")[0].removeprefix("--").replace("-", "_")
    with pytest.raises(InputError, match=rf"^config: {section}\.{key}"):
        parse(section, words)


def test_a_program_takes_only_the_options_it_asks_for() -> None:
    parser = argparse.ArgumentParser()
    add_options(parser, "model", only=("dtype",))
    add_options(parser, "sampling", skip=("shards", "seed"))
    found = set(vars(parser.parse_args([])))
    assert found == {"dtype", "engine", "n_samples", "temperature", "top_p", "max_new_tokens"}


@pytest.mark.parametrize("section", SECTIONS)
def test_help_shows_every_option(section: str) -> None:
    parser = argparse.ArgumentParser()
    add_options(parser, section)
    help_text = parser.format_help()
    for key in options_of(section):
        assert f"--{key.replace('_', '-')}" in help_text


def test_the_parameter_table_has_a_well_formed_row_for_every_key() -> None:
    header, rule, *rows = parameter_table().splitlines()
    keys = {f"{section}.{key}" for section in SECTIONS for key in options_of(section)}
    assert {row.split("`")[1] for row in rows} == keys | {"arms"}
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in (header, rule, *rows)} == {5}


def test_the_schema_stands_in_the_repository() -> None:
    assert ROOT / "config" / "config.schema.yaml" == SCHEMA_PATH
