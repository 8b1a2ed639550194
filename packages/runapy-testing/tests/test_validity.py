"""Functions made of schemas say what jsonschema says."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from runai.testing.samples import Samples
from runai.testing.schema_problems import SchemaProblems
from runai.testing.specification import Schemas, load

OTHERS: list[Any] = [
    *(None, True, 0, 1, 1.0, 2.5, -1, 2**31, 2**63, "", "x", "1", "x" * 300, "2026-01-31"),
    *("2026-01-31T08:00:00Z", "2026-01-31T25:00:00Z", "b7a4d7ca-5bd0-4b5e-8a3d-0d1c8d0a9f00"),
    *("127.0.0.1", "https://x/y", "eA==", [], [None], ["x", "x"], [1, True], {}, {"x": None}),
]
SCHEMAS: list[Any] = [
    *(True, False, {}, {"enum": [1, None, "x"]}, {"enum": ["x", ""]}, {"enum": [True, 0]}),
    *({"const": 1}, {"const": True}, {"const": [1, True]}, {"const": {"x": None}}),
    *({"type": name} for name in "array boolean integer null number object string".split()),
    *({"type": ["null", "integer"]}, {"type": ["string", "object"], "maxProperties": 0}),
    *({"minLength": 1, "maxLength": 1}, {"minItems": 1}, {"maxItems": 1}, {"minProperties": 1}),
    *({"minimum": 1}, {"maximum": 1}, {"exclusiveMinimum": 1}, {"exclusiveMaximum": 1}),
    *({"multipleOf": 2}, {"uniqueItems": True}, {"prefixItems": [{"type": "null"}]}),
    *({"pattern": "^x$"}, {"pattern": "\\d"}, {"items": {"type": "string"}}, {"items": False}),
    *({"format": name} for name in "uuid date-time date uri ipv4 byte int32 int64 colour".split()),
    *({"required": ["x"]}, {"properties": {"x": False}}, {"additionalProperties": False}),
    *({"additionalProperties": {"type": "string"}}, {"not": {"type": "null"}}, {"not": {}}),
    {"properties": {"x": True}, "additionalProperties": False},
    {"properties": {"x": True}, "unevaluatedProperties": False},
    {"allOf": [{"type": "number"}, {"minimum": 1}]},
    {"anyOf": [{"type": "null"}, {"minLength": 2}]},
    {"oneOf": [{"type": "number"}, {"minimum": 1}]},
    {"$ref": "#/components/schemas/Tree", "description": "Also itself."},
]
TREE = {"items": {"$ref": "#/components/schemas/Tree"}, "type": ["array", "null"]}
VIEW = {"components": {"schemas": {"Tree": TREE}}}
SPECIFICATION = load("2.24")
# What a document's own schemas are given beside samples: one of each type is enough.
WRONG = (None, True, -1.5, "?", [1], {"?": 1})


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
def test_keywords(schema: Any) -> None:
    schemas, problems = Schemas(VIEW), SchemaProblems(VIEW)
    for value in OTHERS:
        assert schemas.is_valid(schema, value) == problems.is_valid(schema, value), value


@pytest.mark.parametrize("group", sorted({name.split(".")[0] for name in SPECIFICATION.operations}))
def test_bodies_and_answers(group: str) -> None:
    for name, operation in SPECIFICATION.operations.items():
        if name.split(".")[0] != group:
            continue
        for schemas, parts in (
            (SPECIFICATION.request_schemas, operation.body_schemas),
            (SPECIFICATION.response_schemas, operation.answer_schemas),
        ):
            for schema in parts.values():
                agree(schemas, schema)


def agree(schemas: Schemas, schema: Any) -> None:
    """Expect the same of both of a sample, and of it with something wrong in one place."""
    problems = schemas._problems
    sample = Samples(schemas).of(schema)
    assert schemas.is_valid(schema, sample)
    places = list(_places(sample))
    # All of them would take minutes; neighbours get different values.
    for place, wrong in zip(places[:: len(places) // 6 + 1], itertools.cycle(WRONG)):
        value = _changed(sample, place, wrong)
        assert schemas.is_valid(schema, value) == problems.is_valid(schema, value), (place, wrong)


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _places(part, (*place, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _places(part, (*place, index))


def _changed(sample: Any, place: tuple[Any, ...], wrong: Any) -> Any:
    if not place:
        return wrong
    value = copy.deepcopy(sample)
    holder = value
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = wrong
    return value
