"""What can change about an operation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runapy_tools.openapi import Document
from runapy_tools.spec_diff.changes import Change

from .descriptions import (
    NUMBER,
    TEXT,
    answer,
    body,
    changes,
    difference,
    file,
    operation,
    parameter,
    reference,
    warehouse,
)

NAME = "shelves.list_shelves"
SHELF = {"Shelf": {"type": "object", "properties": {"id": TEXT}}}
LETTERS = {"type": "string", "enum": ["a", "b"]}
NO_LETTER_A = {"type": "string", "enum": ["b", "c"]}


def with_parameter(*args: Any, **facts: Any) -> dict[str, Any]:
    return operation(parameters=[parameter(*args, **facts)])


FORM = "application/x-www-form-urlencoded"


def with_form(**properties: Any) -> dict[str, Any]:
    return operation(requestBody=body({"type": "object", "properties": properties}, "f", FORM))


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], list[Change]]] = {
    "nothing": (operation(), operation(), []),
    "deprecated": (
        operation(),
        operation(deprecated=True),
        [Change("deprecated", "operation")],
    ),
    "deprecated with a replacement": (
        operation(),
        operation(deprecated=True, **{"x-replacement": "racks.list_racks"}),
        [Change("deprecated", "operation", after="racks.list_racks")],
    ),
    "no longer deprecated": (
        operation(deprecated=True),
        operation(),
        [Change("restored", "operation")],
    ),
    "still deprecated": (operation(deprecated=True), operation(deprecated=True), []),
    "without a token": (
        operation(),
        operation(security=[]),
        [Change("changed", "operation", "", "needs a token", True, False)],
    ),
    "a parameter added": (
        operation(),
        with_parameter(schema=NUMBER | {"maximum": 9, "default": 3}),
        [
            Change(
                "added",
                "parameter",
                "limit",
                after={
                    "type": "integer",
                    "maximum": 9,
                    "default": 3,
                    "in": "query",
                    "required": False,
                },
            )
        ],
    ),
    "a parameter removed": (
        with_parameter(required=True),
        operation(),
        [
            Change(
                "removed",
                "parameter",
                "limit",
                before={"type": "integer", "in": "query", "required": True},
            )
        ],
    ),
    "a parameter in another place": (
        with_parameter(),
        with_parameter(where="header"),
        [
            Change(
                "added",
                "parameter",
                "limit",
                after={"type": "integer", "in": "header", "required": False},
            ),
            Change(
                "removed",
                "parameter",
                "limit",
                before={"type": "integer", "in": "query", "required": False},
            ),
        ],
    ),
    "a parameter's name on the wire": (
        with_parameter("page-limit"),
        with_parameter("page_limit"),
        [Change("renamed", "parameter", "page_limit", "", "page-limit", "page_limit")],
    ),
    "a parameter's name in the client": (
        with_parameter(client="limit"),
        with_parameter(client="var_limit"),
        [Change("renamed", "parameter", "limit", "client", "limit", "var_limit")],
    ),
    "a parameter deprecated": (
        with_parameter(),
        with_parameter(deprecated=True),
        [Change("deprecated", "parameter", "limit")],
    ),
    "a parameter required": (
        with_parameter(),
        with_parameter(required=True),
        [Change("changed", "parameter", "limit", "required", False, True)],
    ),
    "a parameter's type": (
        with_parameter(schema=TEXT),
        with_parameter(schema={"type": "string", "format": "uuid"}),
        [Change("changed", "parameter", "limit", "type", "string", "string (uuid)")],
    ),
    "a list's way to be written": (
        with_parameter(schema={"type": "array", "items": TEXT}, explode=True),
        with_parameter(schema={"type": "array", "items": TEXT}, explode=False),
        [Change("changed", "parameter", "limit", "explode", True, False)],
    ),
    "limits and a default": (
        with_parameter(schema=NUMBER | {"minimum": 1, "maximum": 9}),
        with_parameter(schema=NUMBER | {"maximum": 99, "default": 5}),
        [
            Change("changed", "parameter", "limit", "default", None, 5),
            Change("changed", "parameter", "limit", "maximum", 9, 99),
            Change("changed", "parameter", "limit", "minimum", 1, None),
        ],
    ),
    "the limits of a list's elements": (
        with_parameter(schema={"type": "array", "items": TEXT | {"pattern": "^a$"}}),
        with_parameter(schema={"type": "array", "items": TEXT | {"pattern": "^b$"}}),
        [Change("changed", "parameter", "limit", "items' pattern", "^a$", "^b$")],
    ),
    "the values of a parameter": (
        with_parameter(schema=LETTERS),
        with_parameter(schema=NO_LETTER_A),
        [
            Change("added", "member", "c", of="limit"),
            Change("removed", "member", "a", of="limit"),
        ],
    ),
    "the values of a list's elements": (
        with_parameter(schema={"type": "array", "items": LETTERS}),
        with_parameter(schema={"type": "array", "items": {"type": "string", "enum": ["a"]}}),
        [Change("removed", "member", "b", of="limit")],
    ),
    "values where there was any": (
        with_parameter(schema=TEXT),
        with_parameter(schema=LETTERS),
        [Change("changed", "member", "", "values", None, ["a", "b"], "limit")],
    ),
    "a body added": (
        operation(),
        operation(requestBody=body(reference("Shelf"))),
        [Change("added", "body", after={"application/json": "Shelf"})],
    ),
    "a body removed": (
        operation(requestBody=body(reference("Shelf"))),
        operation(),
        [Change("removed", "body", before={"application/json": "Shelf"})],
    ),
    "a body's model, name and need": (
        operation(requestBody=body(reference("Shelf"))),
        operation(requestBody=body(TEXT, "text") | {"required": True}),
        [
            Change("renamed", "body", before="shelf", after="text"),
            Change("changed", "body", "", "required", False, True),
            Change("changed", "body", "", "type", "Shelf", "string"),
        ],
    ),
    "the fields of a form": (
        with_form(user=TEXT),
        with_form(user=NUMBER, scope=TEXT),
        [
            Change("changed", "parameter", "user", "type", "string", "integer"),
            Change("added", "parameter", "scope", after={"type": "string", "required": False}),
        ],
    ),
    "an answer added, one removed": (
        operation(responses={"200": answer(), "409": answer()}),
        operation(responses={"200": answer(), "202": answer(reference("Shelf"))}),
        [
            Change("added", "response", "202", after={"application/json": "Shelf"}),
            Change("removed", "response", "409", before={}),
        ],
    ),
    "an answer's model": (
        operation(responses={"200": answer(reference("Shelf"))}),
        operation(responses={"200": answer({"type": "array", "items": reference("Shelf")})}),
        [Change("changed", "response", "200", "type", "Shelf", "list of Shelf")],
    ),
    "an answer's media type": (
        operation(responses={"200": answer(TEXT)}),
        operation(responses={"200": answer(TEXT, "text/plain")}),
        [Change("changed", "response", "200", "media types", ["application/json"], ["text/plain"])],
    ),
}


@pytest.mark.parametrize(("older", "newer", "expected"), CASES.values(), ids=CASES)
def test_a_change_is_seen(
    older: dict[str, Any], newer: dict[str, Any], expected: list[Change], tmp_path: Path
) -> None:
    found = difference(tmp_path, warehouse(older, SHELF), warehouse(newer, SHELF))
    assert changes(found) == ({NAME: expected} if expected else {})


def test_operations_come_and_go(tmp_path: Path) -> None:
    older, newer = warehouse(operation()), warehouse(operation(), method="post")
    found = difference(tmp_path, older, newer)
    assert {(each.endpoint, *each.changes) for each in found.entries} == {
        ("GET /shelves", Change("removed", "operation")),
        ("POST /shelves", Change("added", "operation")),
    }


@pytest.mark.parametrize(
    ("name", "kind"), [("shelves.get_shelves", "renamed"), ("racks.list_shelves", "moved")]
)
def test_a_method_with_another_name_is_the_same_operation(
    name: str, kind: Any, tmp_path: Path
) -> None:
    found = difference(tmp_path, warehouse(operation()), warehouse(operation(name)))
    assert changes(found) == {name: [Change(kind, "operation", before=NAME, after=name)]}


def test_a_path_whose_parameter_has_another_name_is_the_same_operation(tmp_path: Path) -> None:
    older, newer = (
        warehouse(with_parameter(name, TEXT, where="path"), path=f"/shelves/{{{name}}}/books")
        for name in ("id", "shelfId")
    )
    found = difference(tmp_path, older, newer)
    assert [each.endpoint for each in found.entries] == ["GET /shelves/{shelfId}/books"]
    assert changes(found) == {
        NAME: [Change("renamed", "parameter", "shelfId", "", "id", "shelfId")]
    }


def test_an_operation_of_another_category_has_moved(tmp_path: Path) -> None:
    def files(category: str) -> dict[str, Document]:
        empty = {each: file(each.title(), {}) for each in ("warehouse", "office")}
        return {**empty, category: file(category.title(), {"/shelves": {"get": operation()}})}

    found = difference(tmp_path, files("warehouse"), files("office"))
    assert [each.category for each in found.entries] == ["office"]
    assert changes(found) == {
        NAME: [Change("moved", "operation", "", "category", "warehouse", "office")]
    }
