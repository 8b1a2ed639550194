"""Null: where OpenAPI 3.0 documents say it badly, it still becomes the type "null"."""

from __future__ import annotations

from .documents import imported_property, imported_schemas, part, reference

BOX = {"type": "object", "properties": {"x": {"type": "integer"}}}
BOX_OR_NULL = {"anyOf": [reference("Box"), {"type": "null"}]}


def test_nullable_becomes_a_type() -> None:
    assert part(imported_property({"type": "string", "nullable": True})) == {
        "type": ["string", "null"]
    }


def test_nullable_that_is_false_says_nothing() -> None:
    assert part(imported_property({"type": "string", "nullable": False})) == {"type": "string"}


def test_nullable_beside_a_reference_counts() -> None:
    result = imported_property({**reference("Box"), "nullable": True}, Box=BOX)
    assert part(result) == BOX_OR_NULL
    assert result.report.places("`nullable` beside a `$ref`") == ["Shelf.part"]


def test_nullable_beside_a_part_keeps_the_other_facts() -> None:
    schema = {"allOf": [reference("Box")], "nullable": True, "readOnly": True}
    assert part(imported_property(schema, Box=BOX)) == {**BOX_OR_NULL, "readOnly": True}


def test_a_component_that_may_be_null_is_so_wherever_it_is_used() -> None:
    result = imported_property(reference("Box"), Box={**BOX, "nullable": True})
    assert part(result) == BOX_OR_NULL
    assert result.schemas["Box"] == BOX


def test_a_nullable_enum_without_null_gets_it() -> None:
    result = imported_property({"type": "string", "enum": ["a", "b"], "nullable": True})
    assert part(result) == {"type": ["string", "null"], "enum": ["a", "b", None]}
    assert result.report.places("a nullable enum without null in its list") == ["Shelf.part"]


def test_a_nullable_enum_with_null_keeps_one() -> None:
    result = imported_property({"type": "string", "enum": ["a", None], "nullable": True})
    assert part(result) == {"type": ["string", "null"], "enum": ["a", None]}
    assert result.report.places("a nullable enum without null in its list") == []


def test_null_is_no_member_of_an_enum_class() -> None:
    schema = {"type": "string", "enum": ["a", None], "nullable": True}
    result = imported_property(reference("Letter"), Letter=schema)
    assert part(result) == {"anyOf": [reference("Letter"), {"type": "null"}]}
    assert result.schemas["Letter"] == {"type": "string", "enum": ["a"], "x-enum-varnames": ["A"]}


def test_an_element_may_be_null() -> None:
    schema = {"type": "array", "items": {"type": "integer", "nullable": True}}
    assert part(imported_property(schema))["items"] == {"type": ["integer", "null"]}


def test_a_parts_null_alone_does_not_make_the_whole_null() -> None:
    parts = [reference("Box"), {"type": "object", "properties": {"y": {}}, "nullable": True}]
    result = imported_schemas({"Box": BOX, "Shelf": {"allOf": parts}})
    assert result.schemas["Shelf"]["type"] == "object"
