"""OpenAPI 3.1 says some things in other words; the result is the same."""

from __future__ import annotations

import pytest

from runapy_tools.openapi import Schema

from .documents import Imported, imported_property, imported_schemas, part, reference

NULL = {"type": "null"}
TEXT = {"type": "string"}
BOX = {"type": "object", "properties": {"x": {"type": "integer"}}}
LETTER = {"type": "string", "enum": ["a", "b"]}

EQUAL: dict[str, tuple[Schema, Schema]] = {
    "a type": (
        {"type": "string", "nullable": True, "maxLength": 3},
        {"type": ["string", "null"], "maxLength": 3},
    ),
    "a list of one type": ({"type": "string"}, {"type": ["string"]}),
    "a type beside null": (
        {"type": "string", "nullable": True, "maxLength": 3},
        {"anyOf": [{"type": "string", "maxLength": 3}, NULL]},
    ),
    "a reference beside null": (
        {"allOf": [reference("Box")], "nullable": True},
        {"anyOf": [reference("Box"), NULL]},
    ),
    "a reference or null, exactly one": (
        {"allOf": [reference("Box")], "nullable": True},
        {"oneOf": [reference("Box"), NULL]},
    ),
    "an enum's name beside null": (
        {"allOf": [reference("Letter")], "nullable": True},
        {"anyOf": [reference("Letter"), NULL]},
    ),
    "an enum's name and its type": (
        {"allOf": [reference("Letter")], "type": "string", "nullable": True},
        {"allOf": [reference("Letter")], "type": ["string", "null"]},
    ),
    "a reference with other facts": (
        {"allOf": [reference("Box")], "readOnly": True},
        {**reference("Box"), "readOnly": True},
    ),
    "an enum": (
        {"type": "string", "nullable": True, "enum": ["a", "b", None]},
        {"type": ["string", "null"], "enum": ["a", "b", None]},
    ),
    "an object without a name": (
        {"type": "object", "nullable": True, "properties": {"y": TEXT}},
        {"type": ["object", "null"], "properties": {"y": TEXT}},
    ),
    "an object without a name beside null": (
        {"type": "object", "nullable": True, "properties": {"y": TEXT}},
        {"anyOf": [{"type": "object", "properties": {"y": TEXT}}, NULL]},
    ),
    "a list and its elements": (
        {"type": "array", "nullable": True, "items": {"type": "string", "nullable": True}},
        {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
    ),
    "elements that are models": (
        {"type": "array", "items": {"allOf": [reference("Box")], "nullable": True}},
        {"type": "array", "items": {"anyOf": [reference("Box"), NULL]}},
    ),
    "several alternatives": (
        {"anyOf": [reference("Box"), TEXT], "nullable": True},
        {"anyOf": [reference("Box"), TEXT, NULL]},
    ),
    "an excluded limit": (
        {"type": "integer", "minimum": 3, "exclusiveMinimum": True},
        {"type": "integer", "exclusiveMinimum": 3},
    ),
    "examples": ({"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
}


def in_version(openapi: str, schema: Schema) -> Imported:
    return imported_property(schema, openapi, Box=BOX, Letter=LETTER)


@pytest.mark.parametrize(("old", "new"), EQUAL.values(), ids=EQUAL)
def test_both_versions_give_the_same_files(old: Schema, new: Schema) -> None:
    assert in_version("3.1.0", new).files == in_version("3.0.3", old).files


def test_null_beside_a_reference_makes_no_model_of_its_own() -> None:
    result = in_version("3.1.0", {"anyOf": [reference("Box"), NULL]})
    assert part(result) == {"anyOf": [reference("Box"), NULL]}
    assert set(result.schemas) == {"Shelf", "Box", "Letter", "ListShelves200Response"}


@pytest.mark.parametrize("openapi", ["3.0.3", "3.1.0"])
def test_a_type_beside_a_reference_does_not_refuse_null(openapi: str) -> None:
    typed: Schema = {"allOf": [reference("Letter")]}
    typed |= (
        {"type": "string", "nullable": True} if openapi == "3.0.3" else {"type": ["string", "null"]}
    )
    result = in_version(openapi, typed)
    assert part(result) == {"anyOf": [reference("Letter"), NULL]}
    rule = "`type: string` beside `allOf`, whose parts say it"
    assert result.report.places(rule) == ["Shelf.part"]


def test_null_beside_the_parts_of_a_component_makes_no_model_of_its_own() -> None:
    parts: Schema = {"allOf": [reference("Box"), {"type": "object", "properties": {"y": TEXT}}]}
    old = imported_schemas({"Box": BOX, "Crate": {**parts, "nullable": True}}, "3.0.3")
    new = imported_schemas({"Box": BOX, "Crate": {"anyOf": [parts, NULL]}}, "3.1.0")
    assert new.files == old.files
    assert set(new.schemas) == {"Box", "Crate", "ListShelves200Response"}


def test_equal_objects_without_a_name_are_one_model_though_one_may_be_null() -> None:
    lid: Schema = {"properties": {"z": TEXT}}
    properties = {"a": {**lid, "type": "object"}, "b": {**lid, "type": ["object", "null"]}}
    result = in_version("3.1.0", {"type": "object", "properties": properties})
    assert {name for name in result.schemas if name.startswith("ShelfPart")} == {
        "ShelfPart",
        "ShelfPartA",
    }


def test_a_choice_of_types_is_reported() -> None:
    result = in_version("3.1.0", {"type": ["string", "integer"]})
    assert part(result) == {}
    assert result.report.places("a choice of types (string, integer)") == ["Shelf.part"]
