"""The views on a document of the tests' own, with compositions that few control planes use."""

from __future__ import annotations

from typing import Any

import pytest

from runai.testing.samples import Samples
from runai.testing.schema_views import request_view, response_view
from runai.testing.specification import Schemas

NAMED = {
    "Base": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
    "Closed": {"type": "object", "properties": {"b": {"type": "string"}}},
    "Free": {"type": "object"},
    "Counts": {"type": "object", "additionalProperties": {"type": "integer"}},
    "Alternatives": {
        "oneOf": [{"$ref": "#/components/schemas/Base"}, {"$ref": "#/components/schemas/Closed"}]
    },
    "Combined": {
        "type": "object",
        "properties": {"c": {"$ref": "#/components/schemas/Closed"}},
        "allOf": [{"$ref": "#/components/schemas/Base"}],
        "anyOf": [{"properties": {"d": {"type": "integer"}}}, {"properties": {"e": True}}],
    },
    "Identity": {"type": "string", "readOnly": True},
    "Annotated": {
        "type": "object",
        "required": ["id", "secret", "other", "undefined"],
        "properties": {
            "id": {"$ref": "#/components/schemas/Identity"},
            "secret": {"type": "string", "writeOnly": True},
            "other": {"type": "string"},
            # A property whose name is that of a keyword.
            "readOnly": {"type": "boolean"},
        },
    },
    "Tree": {
        "type": "object",
        "properties": {
            "leaf": {"type": "integer"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
    },
    "Endless": {
        "type": "object",
        "required": ["next"],
        "properties": {
            "next": {"anyOf": [{"$ref": "#/components/schemas/Endless"}, {"type": "null"}]}
        },
    },
}
DOCUMENT: dict[str, Any] = {"paths": {}, "components": {"schemas": NAMED}}
REQUESTS = Schemas(request_view(DOCUMENT))
RESPONSES = Schemas(response_view(DOCUMENT))


@pytest.mark.parametrize(
    ("name", "value", "is_valid"),
    [
        ("Base", {"a": 1}, True),
        ("Base", {"a": 1, "x": 1}, False),
        ("Free", {"x": 1}, True),
        ("Counts", {"x": 1}, True),
        ("Counts", {"x": "1"}, False),
        ("Alternatives", {"a": 1}, True),
        ("Alternatives", {"b": "1"}, True),
        ("Alternatives", {"a": 1, "b": "1"}, False),
        ("Combined", {"a": 1, "c": {"b": "1"}, "d": 1}, True),
        ("Combined", {"a": 1, "e": None}, True),
        ("Combined", {"a": 1, "x": 1}, False),
        ("Combined", {"a": 1, "c": {"x": 1}}, False),
        ("Combined", {"c": {}}, False),
        ("Annotated", {"secret": "s", "other": "o", "undefined": 1, "readOnly": True}, True),
        ("Annotated", {"id": "1", "secret": "s", "other": "o", "undefined": 1}, False),
        ("Annotated", {"secret": "s", "undefined": 1}, False),
        ("Tree", {"children": [{"children": [{"leaf": 1}]}]}, True),
        ("Tree", {"children": [{"children": [{"x": 1}]}]}, False),
    ],
)
def test_request_view(name: str, value: Any, is_valid: bool) -> None:
    schema = {"$ref": f"#/components/schemas/{name}"}
    assert REQUESTS.is_valid(schema, value) == is_valid
    assert bool(list(REQUESTS.problems(schema, value, "body"))) != is_valid


@pytest.mark.parametrize(
    ("value", "is_valid"),
    [
        ({"id": "1", "other": "o", "undefined": 1}, True),
        ({"other": "o", "undefined": 1}, False),
        ({"id": "1", "secret": "s", "other": "o", "undefined": 1}, False),
    ],
)
def test_response_view(value: Any, is_valid: bool) -> None:
    schema = {"$ref": "#/components/schemas/Annotated"}
    assert RESPONSES.is_valid(schema, value) == is_valid


@pytest.mark.parametrize("name", NAMED)
def test_samples_of_compositions(name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}"}
    for schemas in (REQUESTS, RESPONSES):
        sample = Samples(schemas).of(schema)
        assert list(schemas.problems(schema, sample, "sample")) == []


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 3, "maximum": 3},
        {"type": "integer", "exclusiveMinimum": 3},
        {"type": "integer", "maximum": -1},
        {"type": "integer", "minimum": 5, "multipleOf": 4},
        {"type": "number", "minimum": 0, "maximum": 0},
        {"type": "number", "exclusiveMinimum": 1},
        {"type": "string", "minLength": 40},
        {"type": "string", "maxLength": 2},
        {"type": "string", "format": "uuid"},
        {"type": "string", "format": "date"},
        {"type": "string", "format": "email"},
        {"type": "string", "format": "hostname"},
        {"type": "string", "format": "ipv4"},
        {"type": "string", "format": "uri"},
        {"type": "string", "format": "byte"},
        {"type": ["null", "string"]},
        {"type": "null"},
        {"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True},
        {"type": "array", "items": {"type": "integer"}, "maxItems": 0},
        {"enum": [None, "x"]},
        {"const": 7},
    ],
)
def test_samples_of_values(schema: dict[str, Any]) -> None:
    for index in (0, 7):
        sample = Samples(REQUESTS).of(schema, "name", index)
        assert list(REQUESTS.problems(schema, sample, "sample")) == []


def test_samples_are_the_same_every_time_and_differ_by_item() -> None:
    schema = {"type": "object", "properties": {"id": {"format": "uuid", "type": "string"}}}
    samples = Samples(REQUESTS)
    assert samples.of(schema, "x", 1) == samples.of(schema, "x", 1) != samples.of(schema, "x", 2)


def test_a_pattern_without_a_known_sample_is_named() -> None:
    with pytest.raises(ValueError, match=r"no sample of 'code' meets .*q.9"):
        Samples(REQUESTS).of({"type": "string", "pattern": "^q{9}$"}, "code")
