"""Schemas whose types are missing, doubled or wrong."""

from __future__ import annotations

import pytest

from runapy_tools.openapi import Schema

from .documents import imported_property, imported_schemas, part, reference


def test_properties_without_a_type_make_an_object() -> None:
    result = imported_schemas({"Shelf": {"properties": {"row": {"type": "integer"}}}})
    assert result.schemas["Shelf"]["type"] == "object"
    assert result.report.places("an object without a type") == ["Shelf"]


def test_a_map_without_a_type_is_an_object() -> None:
    result = imported_property({"additionalProperties": {"type": "string"}})
    assert part(result) == {"additionalProperties": {"type": "string"}, "type": "object"}
    assert result.report.places("an object without a type") == ["Shelf.part"]


def test_items_without_a_type_make_an_array() -> None:
    result = imported_property({"items": {"type": "string"}})
    assert part(result) == {"items": {"type": "string"}, "type": "array"}
    assert result.report.places("an array without a type") == ["Shelf.part"]


@pytest.mark.parametrize("nullable", [{}, {"nullable": True}], ids=["", "nullable"])
def test_an_object_beside_one_part_is_the_part(nullable: Schema) -> None:
    schema = {"type": "object", "allOf": [reference("Box")], **nullable}
    result = imported_property(schema, Box={"type": "object", "properties": {"x": {}}})
    expected = {"anyOf": [reference("Box"), {"type": "null"}]} if nullable else reference("Box")
    assert part(result) == expected
    rule = "`type: object` beside `allOf`, whose parts say it"
    assert result.report.places(rule) == ["Shelf.part"]


def test_an_object_beside_an_enum_is_the_enum() -> None:
    schema = {"type": "object", "allOf": [reference("Colour")]}
    result = imported_property(schema, Colour={"type": "string", "enum": ["red"]})
    assert part(result) == reference("Colour")


def test_parts_are_merged_into_one_object() -> None:
    result = imported_schemas(
        {
            "Named": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "row": {"type": "string"}},
            },
            "Shelf": {
                "type": "object",
                "allOf": [
                    reference("Named"),
                    {
                        "type": "object",
                        "required": ["name", "row"],
                        "properties": {"row": {"type": "integer"}},
                    },
                ],
            },
        }
    )
    assert result.schemas["Shelf"] == {
        "type": "object",
        "required": ["name", "row"],
        "properties": {"name": {"type": "string"}, "row": {"type": "integer"}},
    }
    assert "Shelf" in result.report.places("`type: object` beside `allOf`, whose parts say it")


def test_parts_of_different_types_are_refused() -> None:
    parts = [{"type": "object", "properties": {"x": {}}}, {"type": "string"}]
    with pytest.raises(ValueError, match=r"disagree on the type: \['object', 'string'\]"):
        imported_schemas({"Shelf": {"allOf": parts}})


def test_an_enum_without_a_type_is_of_strings() -> None:
    result = imported_schemas({"Colour": {"enum": ["red", "blue"]}})
    assert result.schemas["Colour"]["type"] == "string"
    assert result.report.places("an enum without a type") == ["Colour"]


def test_items_on_a_string_go() -> None:
    result = imported_property({"type": "string", "items": {"type": "string"}})
    assert part(result) == {"type": "string"}
    assert result.report.places("`items` on what is no array") == ["Shelf.part"]


def test_an_enum_of_strings_called_an_object_is_of_strings() -> None:
    schema = {"type": "object", "properties": {}, "enum": ["Full", "Empty"]}
    result = imported_schemas({"Reason": schema})
    assert result.schemas["Reason"] == {
        "type": "string",
        "enum": ["Full", "Empty"],
        "x-enum-varnames": ["FULL", "EMPTY"],
    }
    assert result.report.places("an enum of strings called an object") == ["Reason"]


def test_an_empty_schema_allows_everything() -> None:
    assert part(imported_property({})) == {}


def test_a_schema_may_refer_to_itself() -> None:
    box = {
        "type": "object",
        "properties": {
            "outer": reference("Box"),
            "inner": {"type": "array", "items": reference("Box")},
        },
    }
    assert imported_schemas({"Box": box}).schemas["Box"] == box


def test_two_schemas_may_refer_to_each_other() -> None:
    lid = {"type": "object", "properties": {"box": reference("Box")}}
    box = {"type": "object", "properties": {"lid": reference("Lid")}}
    result = imported_schemas({"Lid": lid, "Box": box})
    assert (result.schemas["Lid"], result.schemas["Box"]) == (lid, box)


def test_required_names_that_are_defined_nowhere_go() -> None:
    shelf = {
        "type": "object",
        "required": ["row", "spec"],
        "properties": {"row": {"type": "integer"}},
    }
    empty = {"type": "object", "required": ["logs"], "properties": {"x": {}}}
    result = imported_schemas({"Shelf": shelf, "Empty": empty})
    assert result.schemas["Shelf"]["required"] == ["row"]
    assert "required" not in result.schemas["Empty"]
    rule = "`required` names what is defined nowhere"
    assert result.report.places(rule) == ["Shelf.spec", "Empty.logs"]


def test_a_required_name_that_another_part_defines_stays() -> None:
    base = {"type": "object", "properties": {"row": {"type": "integer"}}}
    shelf = {"allOf": [reference("Base"), {"type": "object", "required": ["row"]}]}
    result = imported_schemas({"Base": base, "Shelf": shelf})
    assert result.schemas["Shelf"]["required"] == ["row"]
    assert result.report.places("`required` names what is defined nowhere") == []


@pytest.mark.parametrize("mark", ["readOnly", "writeOnly"])
def test_what_one_side_alone_gives_stays_marked(mark: str) -> None:
    shelf = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string", mark: True}},
    }
    assert imported_schemas({"Shelf": shelf}).schemas["Shelf"] == shelf


def row_or_column(**facts: object) -> dict[str, Schema]:
    properties = {"x": {"type": "integer"}}
    row: Schema = {"type": "object", "properties": properties, **facts}
    place = {"oneOf": [reference("Row"), reference("Column")]}
    return {"Row": row, "Column": {**row}, "Place": place}


@pytest.mark.parametrize(
    "facts", [{"required": ["x"]}, {"additionalProperties": False}], ids=["required", "closed"]
)
def test_alternatives_without_a_discriminator_stay(facts: dict[str, object]) -> None:
    schemas = row_or_column(**facts)
    assert imported_schemas(schemas).schemas["Place"] == schemas["Place"]


def test_alternatives_that_do_not_exclude_each_other_are_any_of_them() -> None:
    schemas = row_or_column()
    result = imported_schemas(schemas)
    assert result.schemas["Place"] == {"anyOf": schemas["Place"]["oneOf"]}
    rule = "a `oneOf` whose alternatives do not exclude each other is `anyOf`"
    assert result.report.places(rule) == ["Place"]


def test_a_name_that_is_required_and_defined_nowhere_excludes_nothing() -> None:
    result = imported_schemas(row_or_column(required=["y"]))
    assert "anyOf" in result.schemas["Place"]
