import argparse
import contextlib
import json
import re
import shlex
from copy import deepcopy
from typing import Any

import pytest
import yaml
from builders import a_config
from failpairs.curation.policy import Policy
from failpairs.errors import InputError
from failpairs.labels import FAILURES
from failpairs.models.settings import ModelFormat
from failpairs.sampling.settings import SamplingSettings
from failpairs.settings import Section
from failpairs.workflow.config import (
    Config,
    config_schema,
    reported,
    sections,
    validate_config,
)
from failpairs.workflow.documentation import arm_table, parameter_table
from failpairs.workflow.options import (
    add_options,
    command_line,
    is_own,
    read_options,
)
from failpairs.workflow.validation import section_from
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from places import ROOT

SECTIONS = [*sections()]
PROGRAMS = [kind for kind in SECTIONS if not all(is_own(kind, key) for key in kind.model_fields)]


def load(name: str) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load((ROOT / "config" / name).read_text("utf-8"))
    return values


def nodes(kind: type[Section]) -> dict[str, Any]:
    properties: dict[str, Any] = kind.model_json_schema()["properties"]
    return properties


def parse(kind: type[Section], words: list[str], *only: str) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    add_options(parser, kind, only)
    return read_options(parser.parse_args(words), kind).model_dump()


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
    # argparse takes away a value that is "--" alone.
    return st.text(min_size=node.get("minLength", 0)).filter(lambda text: text != "--")


@pytest.mark.parametrize("kind", SECTIONS, ids=lambda kind: kind.section)
def test_every_section_and_every_key_is_described(kind: type[Section]) -> None:
    assert kind.__doc__
    assert kind.section in Config.model_fields
    assert [key for key, node in nodes(kind).items() if not node.get("description")] == []


@pytest.mark.parametrize("kind", SECTIONS, ids=lambda kind: kind.section)
def test_the_defaults_are_valid(kind: type[Section]) -> None:
    defaults = {key: node["default"] for key, node in nodes(kind).items() if "default" in node}
    needed = {"id": "m", "train": "mbpp", "eval": ["mbpp"]}
    given = {key: needed[key] for key in nodes(kind) if key in needed}
    made = section_from(kind, {**given, **defaults})
    assert made == section_from(kind, given)


def test_every_failure_can_be_excluded_from_the_pairs() -> None:
    assert nodes(Policy)["exclude_labels"]["items"]["enum"] == list(FAILURES)


def test_the_reference_configuration_is_valid_and_says_everything() -> None:
    config = load("config.yaml")
    found = validate_config(config)
    assert found["tuning"]["grid"] == {
        "learning_rate": [3e-5, 1e-4, 3e-4],
        "epochs": config["training"]["epochs"],
    }
    for key in found["tuning"]["grid"]:
        config["training"][key] = found["training"][key]
    config["tuning"]["grid"] = found["tuning"]["grid"]
    assert found == config


@pytest.mark.parametrize("name", ["demo.yaml", "study.yaml", "test.yaml"])
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


@pytest.mark.parametrize(
    ("section", "key", "text", "value"),
    [
        ("training", "learning_rate", "1e-5", 1e-5),
        ("training", "learning_rate", "2.0e-4", 2e-4),
        ("sampling", "n_samples", "8", 8),
        ("curation", "allow_fewer", "true", True),
        ("curation", "allow_fewer", "no", False),
        ("seeds", "values", ["2", 0, "1"], [2, 0, 1]),
        ("inference", "server_model", "0123", "0123"),
        ("inference", "batch_size", "32", 32),
        ("inference", "batch_size", "auto", "auto"),
        ("pathvars", "results", "my (first) results", "my (first) results"),
    ],
)
def test_texts_stand_for_what_a_key_wants(
    section: str, key: str, text: object, value: object
) -> None:
    given = a_config(**{section: {key: text}})
    before = deepcopy(given)
    made = validate_config(given)[section][key]
    assert (made, type(made)) == (value, type(value))
    assert given == before


@pytest.mark.parametrize(
    ("training", "grid"),
    [
        ({"learning_rate": 1e-4}, {}),
        ({"learning_rate": "auto"}, {"learning_rate": [3e-5, 1e-4, 3e-4]}),
        (
            {"learning_rate": [1e-4, "3e-4"], "epochs": [1, 2]},
            {"learning_rate": [1e-4, 3e-4], "epochs": [1.0, 2.0]},
        ),
        ({"loss": ["dpo"]}, {"loss": ["dpo"]}),
        ({"batch_size": [16, 32], "micro_batch_size": 16}, {"batch_size": [16, 32]}),
        ({"report_to": ["wandb", "mlflow"]}, {}),
    ],
)
def test_lists_in_the_recipe_are_what_is_tried(
    training: dict[str, Any], grid: dict[str, Any]
) -> None:
    config = validate_config(a_config(training=training))
    assert config["tuning"]["grid"] == grid
    assert config == validate_config(
        a_config(
            tuning={"grid": grid}, training={k: v for k, v in training.items() if k not in grid}
        )
    )


def test_defaults_fill_what_is_not_said() -> None:
    config = validate_config(a_config(sampling={"n_samples": 7}))
    assert config["sampling"]["n_samples"] == 7
    assert config["sampling"]["temperature"] == 0.8
    assert config["training"]["learning_rate"] == 5e-5
    assert config["pathvars"] == {"results": "results"}


def test_the_report_knows_no_setting_that_changes_no_result() -> None:
    one, other = (
        validate_config(a_config(hub={"pairs": name}, training={"report_to": tools}))
        for name, tools in (("", []), ("me/my-pairs", "tensorboard"))
    )
    assert other["training"]["report_to"] == ["tensorboard"]
    assert reported(one) == reported(other)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("hub: {pairs: mine}", "hub.pairs: 'mine' should match pattern"),
        ("sampling: {n_sample: 3}", "sampling.n_sample: unknown key; did you mean 'n_samples'?"),
        ("samplin: {}", "samplin: unknown key; did you mean 'sampling'?"),
        ("statistics: {quux: 1}", "statistics.quux: unknown key; known keys are confidence, "),
        ("sampling: {n_samples: '8.5'}", "sampling.n_samples: '8.5' should be a valid integer"),
        ("seeds: {values: ['0', one]}", "seeds.values.1: 'one' should be a valid integer"),
        ("curation: {allow_fewer: perhaps}", "allow_fewer: 'perhaps' should be a valid boolean"),
        ("pathvars: {results: results/}", "'results/' should be a folder that neither begins"),
        ("pathvars: {results: ' results'}", "' results' should be a folder that neither begins"),
        ("pathvars: {results: -results}", "'-results' should be a folder that neither begins"),
        ("pathvars: {results: 'my {results}'}", "should be a folder .* without braces"),
        ("pathvars: {results: <results>}", "should be a folder .* angle brackets"),
        ("training: {learning_rate: [1e-4, 7]}", "training.learning_rate: 7 should be less than"),
        ("training: {epochs: []}", "training.epochs: .. should have at least one value, none"),
        ("training: {beta: [0.1, 0.1]}", "training.beta: .* should have at least one value, none"),
        ("training: {micro_batch_size: [1, 2]}", "tuning.grid.micro_batch_size: expected one of "),
        ("training: {batch_size: [4, 6]}", "training.micro_batch_size: 4 does not divide .* 6"),
        *(
            (
                f"tuned: {given}",
                "give each tuned model a name of letters, digits and _, as in {mine",
            )
            for given in ("adapter", "[my-adapter]", "{my adapter: a}", "{1: a}", "{a-b: c}")
        ),
        ("tuned: {mine: org/x@main}", "tuned.mine: 'org/x@main': expected @ and the 40 hex digits"),
        ("tuning: {grid: {speed: [1]}}", "tuning.grid.speed: expected one of batch_size, beta,"),
        ("tuning: {grid: {report_to: [wandb]}}", "tuning.grid.report_to: expected one of batch_"),
        ("training: {report_to: [wand]}", "training.report_to.0: 'wand' should be one of tensorb"),
        ("training: {report_to: [wandb, wandb]}", "training.report_to: .* should have no value tw"),
        ("training: {learning_rate: fast}", "training.learning_rate: 'fast' should be a valid num"),
        ("training: {batch_size: 6}", "training.micro_batch_size: 4 does not divide .* 6"),
        (
            "{training: {learning_rate: auto}, curation: {held_out: 0}}",
            "curation.held_out: 0 leaves nothing to choose a recipe by; .* of learning_rate",
        ),
        (
            "{training: {order: replay}, curation: {held_out: 0}}",
            "training.order: held-out pairs tell what to replay",
        ),
        (
            "{arms: [replay], curation: {held_out: 0}}",
            "arms: replay: held-out pairs tell what to replay",
        ),
        (
            "{arms: [replay], training: {batch_size: 1, micro_batch_size: 1}}",
            "training.order: replay takes half of the places of each step",
        ),
        (
            "{arms: [kto], training: {micro_batch_size: 1}}",
            "arms: kto needs training.micro_batch_size of at least 2",
        ),
        ("{rounds: 2, seeds: {vary: pairs}}", "rounds: each seed has pairs of its own from the"),
        ("sampling: {temperature: 0}", "sampling.n_samples: 40 greedy samples would all be the s"),
        ("evaluation: {n_samples: 2}", "evaluation.n_samples: 2 greedy samples .*temperature"),
        ("sampling: {top_p: 0}", "sampling.top_p: 0 should be greater than 0"),
        ("sampling: {temperature: .nan}", "sampling.temperature: nan should be a finite number"),
        ("sampling: {n_samples: true}", "sampling.n_samples: True should be a valid integer"),
        (
            "{model: {id: m, quantization: nf4}, evaluation: {engine: vllm}}",
            "model.quantization: evaluation.engine vllm cannot do it; use one of auto, transf",
        ),
        ("sampling: {engine: server}", "inference.server_url: sampling.engine server needs it"),
        ("inference: {batch_size: 0}", "batch_size: 0 should be auto or a whole number from 1 to"),
        ("inference: {batch_size: many}", "inference.batch_size: 'many' should be auto or a who"),
        ("inference: {batch_size: true}", "inference.batch_size: True should be auto or a whole"),
        ("sampling:", "sampling: None should be a section with keys"),
        ("curation: {min_similarity: 1}", "curation.min_similarity: 1.0 is above .*max_similarity"),
        ("seeds: {values: []}", "seeds.values: .* should have at least 1 item"),
        ("seeds: {values: [1, 1]}", "seeds.values: .* should have no value twice"),
        ("seeds: {vary: all}", "seeds.vary: 'all' should be 'training', 'pairs' or 'both'"),
        ("seeds: {values: [1], vary: both}", "seeds.vary: both needs at least 2 seeds in seeds.v"),
        ("{pairs: 'jsonl:a', seeds: {vary: pairs}}", "seeds.vary: with pairs of your own, each"),
        ("{pairs: 'jsonl:a', seeds: {vary: both}}", "seeds.vary: with pairs of your own, each"),
        ("{tuned: {mine: a}, seeds: {vary: both}}", "seeds.vary: with `tuned` nothing is trained"),
        ("seeds: {values: [0, -1]}", "seeds.values.1: -1 should be greater than or equal to 0"),
        ("curation: {exclude_labels: [PASS]}", "curation.exclude_labels.0: 'PASS' should be one"),
        (
            "problems: {train: jsonl, eval: starter}",
            "train: 'jsonl' should be one of starter, st",
        ),
        (
            "problems: {train: starter, eval: [humaneval, x]}",
            "eval.1: 'x' should be one of st",
        ),
        ("problems: {train: starter, eval: []}", "problems.eval: "),
        ("problems: {train: starter}", "problems.eval: required, but missing"),
        ("arms: [random, n0]", "arms.1: 'n0' should be one of random, synthetic, .*, n125"),
        ("arms: [sft, dpo]", "arms: dpo is how the curated pairs are trained already"),
        ("{arms: [ipo], training: {loss: ipo}}", "arms: ipo is how the curated pairs"),
        (
            "{arms: [simpo], training: {beta: [0.1, 0.3]}}",
            "arms: simpo has values of its own of beta, which `tuning` tries",
        ),
        ("rounds: 0", "rounds: 0 should be greater than or equal to 1"),
        ("{rounds: 2, tuned: {a: b}}", "rounds: with `tuned` nothing is sampled"),
        ("{rounds: 2, pairs: 'jsonl:a'}", "rounds: with `pairs` nothing is sampled"),
        ("{rounds: 2, training: {processes: 2}}", "rounds: later rounds train in one process"),
        (
            "{rounds: 2, sampling: {engine: server}, "
            "inference: {server_url: 'http://a', server_model: b}}",
            "rounds: sampling.engine server cannot sample the adapters",
        ),
        ("arms: [round2]", "arms.0: 'round2' should be one of"),
        ("{arms: [focus3], training: {focus: 3}}", "arms: focus3 is how the curated pairs are"),
        ("statistics: {compare: [[ipo, base]]}", "compare: ipo:base: 'ipo' is none of base, cur"),
        ("statistics: {compare: [[curated]]}", "statistics.compare.0: "),
        ("statistics: {compare: [base:curated]}", "compare: base:curated: expected an arm and"),
        ("model: {}", "model.id: required, but missing"),
        ("model: {id: m, revision: main}", "model.revision: 'main' should match pattern"),
        (
            f"model: {{id: 'embedded:smollm2-135m-instruct', revision: {'a' * 40}}}",
            'model.revision: the embedded model has none, so write revision: ""',
        ),
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


@pytest.mark.parametrize("kind", PROGRAMS, ids=lambda kind: kind.section)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_section_survives_the_command_line(kind: type[Section], data: st.DataObject) -> None:
    found = {key: node for key, node in nodes(kind).items() if not is_own(kind, key)}
    values = data.draw(st.fixed_dictionaries({k: valid_values(n) for k, n in found.items()}))
    try:
        made = section_from(kind, values).model_dump()
    except InputError:
        return  # of keys that do not go together
    words = shlex.split(command_line(kind, made))
    assert parse(kind, words) == made


@pytest.mark.parametrize("text", ["--seed", "-1", "a b", "$HOME 'x'", "a=b"])
def test_no_text_is_taken_for_an_option(text: str) -> None:
    words = shlex.split(command_line(Policy, {"mix": text}))
    parser = argparse.ArgumentParser()
    add_options(parser, Policy)
    assert parser.parse_args(words).mix == text


def test_a_whole_number_written_as_a_float_is_refused_or_reaches_the_program() -> None:
    with contextlib.suppress(InputError):
        sampling = validate_config(a_config(sampling={"n_samples": 20.0}))["sampling"]
        assert parse(SamplingSettings, shlex.split(command_line(SamplingSettings, sampling)))


def test_without_options_a_program_has_the_defaults() -> None:
    assert parse(Policy, []) == Policy().model_dump()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (SamplingSettings, ["--top-p=0"]),
        (SamplingSettings, ["--temperature=nan"]),
        (Policy, ["--exclude-labels", "TYPO"]),
        (Policy, ["--held-out=inf"]),
    ],
)
def test_an_option_out_of_range_is_refused(kind: type[Section], words: list[str]) -> None:
    key = words[0].partition("=")[0].removeprefix("--").replace("-", "_")
    with pytest.raises(InputError, match=rf"^config: {kind.section}\.{key}"):
        parse(kind, words)


def test_a_program_takes_only_the_options_it_asks_for_and_none_of_the_workflow_s_own() -> None:
    parser = argparse.ArgumentParser()
    add_options(parser, ModelFormat, only=("dtype",))
    add_options(parser, SamplingSettings)
    found = set(vars(parser.parse_args([])))
    assert found == set(SamplingSettings.model_fields) - {"shards"} | {"dtype"}


def test_a_program_can_be_given_some_of_the_options() -> None:
    values = Policy(seed=3).model_dump()
    assert command_line(Policy, values, "seed", "held_out") == "--held-out=0.1 --seed=3"


@pytest.mark.parametrize("kind", SECTIONS, ids=lambda kind: kind.section)
def test_help_shows_every_option(kind: type[Section]) -> None:
    parser = argparse.ArgumentParser()
    add_options(parser, kind)
    help_text = parser.format_help()
    for key in kind.model_fields:
        assert (f"--{key.replace('_', '-')}" in help_text) != is_own(kind, key)


def test_the_parameter_table_has_a_well_formed_row_for_every_key() -> None:
    header, rule, *rows = parameter_table(load("config.yaml")).splitlines()
    keys = {f"{kind.section}.{key}" for kind in SECTIONS for key in kind.model_fields}
    assert {row.split("`")[1] for row in rows} == keys | {
        *("arms", "pairs", "rounds", "round_reference", "tuned")
    }
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in (header, rule, *rows)} == {5}


def test_what_is_made_from_the_classes_is_current() -> None:
    assert parameter_table(load("config.yaml")) in (ROOT / "config" / "README.md").read_text(
        "utf-8"
    )
    assert f"-->\n{arm_table()}<!--" in (ROOT / "README.md").read_text("utf-8")
    schema = json.loads((ROOT / "config" / "config.schema.json").read_text("utf-8"))
    assert schema == config_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(load("config.yaml"))
