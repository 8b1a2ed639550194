"""Names that collide, are spelled in two ways, or that Python does not allow."""

from __future__ import annotations

import pytest

from runapy_tools.openapi import Schema

from .documents import document, imported, imported_schemas, operation, reference


def model(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


TEXT = {"type": "string"}


def test_of_two_names_that_differ_in_capitals_the_equal_of_another_is_that_one() -> None:
    lower = model(metric=TEXT)
    result = imported_schemas(
        {"box": lower, "Box": model(id=TEXT), "Box1": lower, "Shelf": model(box=reference("box"))}
    )
    assert result.schemas["Box"] == model(id=TEXT)
    assert result.schemas["Shelf"]["properties"]["box"] == reference("Box1")
    assert result.report.places("a schema, to its equal") == ["box -> Box1"]


def test_of_two_equal_names_one_stays() -> None:
    result = imported_schemas({"Datavolume": model(id=TEXT), "datavolume": model(id=TEXT)})
    assert "Datavolume" in result.schemas
    assert "datavolume" not in result.schemas
    assert result.report.places("a schema, to its equal") == ["datavolume -> Datavolume"]


def test_two_names_that_differ_in_capitals_and_in_meaning_are_refused() -> None:
    with pytest.raises(ValueError, match="the schema box and another one have the class name Box"):
        imported_schemas({"box": model(metric=TEXT), "Box": model(id=TEXT)})


def test_a_name_in_lower_case_becomes_a_class_name() -> None:
    result = imported_schemas({"units-2": model(id=TEXT), "Shelf": model(u=reference("units-2"))})
    assert result.schemas["Shelf"]["properties"]["u"] == reference("Units2")
    assert result.report.places("a schema, to its class name") == ["units-2 -> Units2"]


def test_numbered_names_stay() -> None:
    result = imported_schemas({"Pool": model(id=TEXT), "Pool1": model(name=TEXT)})
    assert {"Pool", "Pool1"} <= set(result.schemas)


def test_an_object_without_a_name_gets_its_places() -> None:
    shelf = model(
        row=model(x=TEXT),
        boxes={"type": "array", "items": model(y=TEXT)},
        by_colour={"type": "object", "additionalProperties": model(z=TEXT)},
    )
    result = imported_schemas({"Shelf": shelf})
    assert result.schemas["Shelf"]["properties"] == {
        "row": reference("ShelfRow"),
        "boxes": {"type": "array", "items": reference("ShelfBoxesInner")},
        "by_colour": {"type": "object", "additionalProperties": reference("ShelfByColourValue")},
    }
    given = result.report.places("an object without a name, by its place")
    assert {"ShelfRow", "ShelfBoxesInner", "ShelfByColourValue"} <= set(given)


def test_a_name_that_is_taken_gets_a_number() -> None:
    result = imported_schemas({"Shelf": model(row=model(x=TEXT)), "ShelfRow": model(y=TEXT)})
    assert result.schemas["Shelf"]["properties"]["row"] == reference("ShelfRow1")


def test_equal_objects_without_a_name_share_one() -> None:
    row = model(x=TEXT)
    result = imported_schemas({"Shelf": model(row=row), "Rack": model(row=row)})
    assert result.schemas["Rack"]["properties"]["row"] == reference("ShelfRow")


def test_a_field_stays_deprecated_when_its_object_gets_a_name() -> None:
    """The name is its own all the same: it was so, and scripts know it."""
    row = model(x=TEXT)
    result = imported_schemas({"Shelf": model(row=row, old={**row, "deprecated": True})})
    assert result.schemas["Shelf"]["properties"] == {
        "row": reference("ShelfRow"),
        "old": {**reference("ShelfOld"), "deprecated": True},
    }
    assert result.schemas["ShelfOld"] == result.schemas["ShelfRow"] == row


@pytest.mark.parametrize(("wire", "python"), [("from", "var_from"), ("field", "var_field")])
def test_a_property_that_python_does_not_allow_gets_another_name(wire: str, python: str) -> None:
    result = imported_schemas({"Shelf": model(**{wire: TEXT})})
    assert result.schemas["Shelf"]["properties"][wire] == {"type": "string", "x-name": python}
    rule = "a property, to a name that Python allows"
    assert result.report.places(rule) == [f"Shelf.{wire} -> {python}"]


@pytest.mark.parametrize(
    "wire", ["gpu-memory", "config_map", "Spec", "run:aiScheduler", "id", "format", "filter"]
)
def test_a_property_that_the_rule_names_keeps_its_spelling(wire: str) -> None:
    result = imported_schemas({"Shelf": model(**{wire: TEXT})})
    assert result.schemas["Shelf"]["properties"] == {wire: TEXT}


def test_an_empty_string_in_an_enum_has_a_member() -> None:
    result = imported_schemas({"Login": {"type": "string", "enum": ["plain", ""]}})
    assert result.schemas["Login"]["enum"] == ["plain", ""]
    assert result.schemas["Login"]["x-enum-varnames"] == ["PLAIN", "EMPTY"]
    assert result.report.places("an empty string in an enum, to the member EMPTY") == ["Login"]


def test_operation_ids_that_are_equal_as_methods_are_numbered() -> None:
    result = imported(
        document(
            {
                "/a": {"post": operation("create_shelf")},
                "/b": {"post": operation("createShelf")},
                "/c": {"post": operation("CreateShelf")},
                "/d": {"post": operation("Create-Shelf", tags=["Orders"])},
            }
        )
    )
    names = {path: result.operation("post", path)["operationId"] for path in ("/a", "/b", "/c")}
    assert names == {
        "/a": "shelves.create_shelf",
        "/b": "shelves.create_shelf_0",
        "/c": "shelves.create_shelf_1",
    }
    assert result.operation("post", "/d")["operationId"] == "orders.create_shelf"
    assert result.report.places("an operation, to its method's name") == [
        "createShelf -> shelves.create_shelf_0",
        "CreateShelf -> shelves.create_shelf_1",
        "Create-Shelf -> orders.create_shelf",
    ]
