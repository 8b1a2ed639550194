"""What can change about models: their fields, their members, their names and places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runapy_tools.openapi import Schema
from runapy_tools.spec_diff.changes import Change

from .descriptions import (
    NUMBER,
    TEXT,
    answer,
    changes,
    difference,
    file,
    operation,
    reference,
    warehouse,
)

NULL = {"type": "null"}


def model(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


def enum(*members: str) -> Schema:
    return {"type": "string", "enum": list(members), "x-enum-varnames": [*members]}


CASES: dict[str, tuple[Schema, Schema, list[Change]]] = {
    "a field added": (
        model(id=TEXT),
        model(id=TEXT, row={"type": ["integer", "null"]}) | {"required": ["row"]},
        [
            Change(
                "added",
                "field",
                "row",
                after={"type": "integer", "nullable": True, "required": True},
            )
        ],
    ),
    "a field removed": (
        model(id=TEXT, row=NUMBER),
        model(id=TEXT),
        [Change("removed", "field", "row", before={"type": "integer", "required": False})],
    ),
    "a field's name on the wire": (
        model(**{"gpu-memory": NUMBER}),
        model(gpuMemory=NUMBER),
        [Change("renamed", "field", "gpuMemory", "", "gpu-memory", "gpuMemory")],
    ),
    "a field deprecated": (
        model(id=TEXT),
        model(id=TEXT | {"deprecated": True}),
        [Change("deprecated", "field", "id")],
    ),
    "a field no longer deprecated": (
        model(id=TEXT | {"deprecated": True}),
        model(id=TEXT),
        [Change("restored", "field", "id")],
    ),
    "a field required": (
        model(id=TEXT),
        model(id=TEXT) | {"required": ["id"]},
        [Change("changed", "field", "id", "required", False, True)],
    ),
    "a field that may be null": (
        model(id=TEXT, box=reference("Box")),
        model(id={"type": ["string", "null"]}, box={"anyOf": [reference("Box"), NULL]}),
        [
            Change("changed", "field", "id", "nullable", None, True),
            Change("changed", "field", "box", "nullable", None, True),
        ],
    ),
    "a field's type": (
        model(id=reference("Box"), of={"type": "object", "additionalProperties": TEXT}),
        model(id={"anyOf": [reference("Box"), TEXT, NULL]}, of={}),
        [
            Change("changed", "field", "id", "type", "Box", "Box or string"),
            Change("changed", "field", "id", "nullable", None, True),
            Change("changed", "field", "of", "type", "map of string", "anything"),
        ],
    ),
    "a field's marks": (
        model(id=TEXT),
        model(id=TEXT | {"readOnly": True}),
        [Change("changed", "field", "id", "readOnly", None, True)],
    ),
    "members": (
        enum("a", "b"),
        enum("c", "b"),
        [Change("added", "member", "c"), Change("removed", "member", "a")],
    ),
    "the order of members": (enum("a", "b"), enum("b", "a"), []),
    "the order of fields": (model(a=TEXT, b=TEXT), model(b=TEXT, a=TEXT), []),
    "the model deprecated": (
        model(id=TEXT),
        model(id=TEXT) | {"deprecated": True},
        [Change("deprecated", "model")],
    ),
    "alternatives": (
        {"anyOf": [reference("Box"), TEXT]},
        {"anyOf": [reference("Box"), NUMBER]},
        [Change("changed", "model", "", "type", "Box or string", "Box or integer")],
    ),
}


@pytest.mark.parametrize(("older", "newer", "expected"), CASES.values(), ids=CASES)
def test_a_change_is_seen(
    older: Schema, newer: Schema, expected: list[Change], tmp_path: Path
) -> None:
    box = {"Box": model(id=TEXT)}
    files = (warehouse(schemas={"Shelf": each, **box}) for each in (older, newer))
    assert changes(difference(tmp_path, *files)) == ({"Shelf": expected} if expected else {})


def answering(name: str, schema: Schema, **others: Schema) -> Any:
    """A description whose one operation answers with the model."""
    return warehouse(
        operation(responses={"200": answer(reference(name))}), {name: schema, **others}
    )


def test_models_come_and_go(tmp_path: Path) -> None:
    older, newer = answering("Shelf", model(id=TEXT)), answering("Rack", model(name=TEXT))
    assert changes(difference(tmp_path, older, newer)) == {
        "shelves.list_shelves": [Change("changed", "response", "200", "type", "Shelf", "Rack")],
        "Shelf": [Change("removed", "model")],
        "Rack": [Change("added", "model")],
    }


def test_a_model_in_the_place_of_one_much_like_it_is_renamed(tmp_path: Path) -> None:
    """What refers to it has not changed; what is inside it may have."""
    older = answering(
        "Shelf", model(id=TEXT, a=reference("BoxV1"), row=TEXT), BoxV1=model(lid=TEXT)
    )
    newer = answering("Rack", model(id=TEXT, a=reference("Box"), row=NUMBER), Box=model(lid=TEXT))
    assert changes(difference(tmp_path, older, newer)) == {
        "Rack": [
            Change("renamed", "model", before="Shelf", after="Rack"),
            Change("changed", "field", "row", "type", "string", "integer"),
        ],
        "Box": [Change("renamed", "model", before="BoxV1", after="Box")],
    }


def test_a_model_that_is_still_there_is_not_renamed(tmp_path: Path) -> None:
    shelf = model(id=TEXT)
    older = answering("Shelf", shelf)
    newer = answering("Rack", shelf, Shelf=shelf)
    assert changes(difference(tmp_path, older, newer)) == {
        "shelves.list_shelves": [Change("changed", "response", "200", "type", "Shelf", "Rack")],
        "Rack": [Change("added", "model")],
    }


def test_a_model_of_no_operation_is_renamed_where_one_says_all_the_same(tmp_path: Path) -> None:
    wide, narrow = model(a=TEXT, b=TEXT, c=TEXT), model(a=TEXT)
    older = warehouse(schemas={"Shelf": wide, "Box": narrow})
    newer = warehouse(schemas={"Rack": wide, "Crate": narrow})
    assert changes(difference(tmp_path, older, newer)) == {
        "Rack": [Change("renamed", "model", before="Shelf", after="Rack")],
        "Box": [Change("removed", "model")],
        "Crate": [Change("added", "model")],
    }


def test_a_model_of_another_file_has_moved_and_its_uses_have_not_changed(tmp_path: Path) -> None:
    shelf = {"Shelf": model(id=TEXT)}
    older = warehouse(operation(responses={"200": answer(reference("Shelf"))}), shelf)
    elsewhere = {"$ref": "common.yaml#/components/schemas/Shelf"}
    newer = {
        **warehouse(operation(responses={"200": answer(elsewhere)})),
        "common": file("common", schemas=shelf),
    }
    found = difference(tmp_path, older, newer)
    assert changes(found) == {
        "Shelf": [Change("moved", "model", "", "category", "warehouse", "common")]
    }
