import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.pack.files import pack_files, shipped_pack
from bot.pack.schema import schema
from tests.pack.conftest import ABOUT


def refusals(file: Any) -> list[str]:
    """What the schema says against a file that was read by `yaml.safe_load`."""
    return sorted(f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema()).iter_errors(file))


def test_it_is_a_schema_that_can_be_written_down() -> None:
    Draft202012Validator.check_schema(schema())
    assert json.loads(json.dumps(schema())) == schema()
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", pack_files(shipped_pack()), ids=lambda path: path.name)
def test_it_accepts_every_file_of_the_shipped_pack(path: Path) -> None:
    assert refusals(yaml.safe_load(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        ("colours: {}", "$: Additional properties are not allowed ('colours' was unexpected)"),
        (f"{ABOUT}  colour: green", "$.pack: Additional properties are not allowed ('colour' was unexpected)"),
        ("pack: {title: T, notice: N, greeting: G}", "$.pack: 'source' is a required property"),
        (
            "entries: {e: {question: Q, phrasing: [a]}}",
            "$.entries.e: Additional properties are not allowed ('phrasing' was unexpected)",
        ),
        ("entries: {e: {question: Q, phrasings: a}}", "$.entries.e.phrasings: 'a' is not of type 'array'"),
        ("entries: {e: {question: no}}", "$.entries.e.question: False is not of type 'string'"),
        ("entries: {e: {question: Q, risk: huge}}", "$.entries.e.risk: 'huge' is not one of ['high', 'low', 'normal']"),
        ("background: [[a]]", "$.background[0]: ['a'] is not of type 'string'"),
        ("[]", "$: [] is not of type 'object'"),
    ],
)
def test_it_refuses_what_the_loader_refuses(source: str, refusal: str) -> None:
    assert refusals(yaml.safe_load(source)) == [refusal]


@pytest.mark.parametrize(
    "source", ["rules: {a: b}", ABOUT, ABOUT + "  reviewed: null\n", "things: {a: {kind: b, name: c, facts: {d: e, f: [g]}}}"]
)
def test_a_file_may_hold_any_of_the_sections(source: str) -> None:
    assert refusals(yaml.safe_load(source)) == []
