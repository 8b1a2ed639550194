"""Since when something is there, and since when it is deprecated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runapy_tools.imported import imported_versions
from runapy_tools.openapi import Document, Schema
from runapy_tools.spec_diff.history import Since, history

from .descriptions import TEXT, body, file, operation, parameter, reference, warehouse, write

OLD = TEXT | {"deprecated": True}


def written(root: Path, *planes: dict[str, Document]) -> Path:
    # 9.10 is newer than 9.9, though it sorts before it as text.
    for position, files in enumerate(planes):
        write(root, f"9.{8 + position}", files)
    return root


def with_fields(**fields: Schema) -> dict[str, Document]:
    schema: Schema = {"type": "object", "properties": fields}
    return warehouse(operation(), {"Shelf": schema})


def with_parameters(*parameters: dict[str, Any], **facts: Any) -> dict[str, Document]:
    return warehouse(operation(parameters=list(parameters), **facts))


def test_what_was_always_there_and_what_is_new(tmp_path: Path) -> None:
    root = written(
        tmp_path, with_fields(a=TEXT), with_fields(a=TEXT, b=TEXT), with_fields(a=TEXT, b=TEXT)
    )
    found = history(root)
    assert found.versions == imported_versions(root) == ["9.8", "9.9", "9.10"]
    assert found.operations == {("GET", "/shelves"): Since("9.8")}
    assert found.models == {"Shelf": Since("9.8")}
    assert found.fields == {("Shelf", "a"): Since("9.8"), ("Shelf", "b"): Since("9.9")}


def test_what_is_gone_is_not_told_of(tmp_path: Path) -> None:
    root = written(tmp_path, with_fields(a=TEXT), warehouse())
    found = history(root)
    assert (found.operations, found.models, found.fields) == ({}, {}, {})


def test_an_interruption_begins_anew(tmp_path: Path) -> None:
    root = written(tmp_path, with_fields(a=TEXT), with_fields(), with_fields(a=TEXT))
    assert history(root).fields["Shelf", "a"] == Since("9.10")


def test_an_older_control_plane_knows_nothing_of_newer_ones(tmp_path: Path) -> None:
    root = written(tmp_path, with_fields(), with_fields(a=TEXT), with_fields(a=OLD))
    assert history(root, "9.9").fields == {("Shelf", "a"): Since("9.9")}
    assert history(root, "9.8").fields == {}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ((TEXT, OLD, OLD), Since("9.8", "9.9")),
        ((OLD, OLD, OLD), Since("9.8", "9.8")),
        ((OLD, TEXT, OLD), Since("9.8", "9.10")),
        ((OLD, OLD, TEXT), Since("9.8")),
    ],
    ids=["once", "always", "again", "no longer"],
)
def test_deprecation_is_told_of_while_it_lasts(
    fields: tuple[Schema, ...], expected: Since, tmp_path: Path
) -> None:
    root = written(tmp_path, *(with_fields(a=each) for each in fields))
    assert history(root).fields["Shelf", "a"] == expected


def alternatives(*schemas: Schema, **models: Schema) -> dict[str, Document]:
    """A model that is one of others."""
    objects = [{"type": "object", "properties": each} for each in schemas]
    named = {f"Shelf{position}": each for position, each in enumerate(objects)}
    shelf: Schema = {"anyOf": [*(reference(name) for name in named), {"type": "null"}]}
    return warehouse(operation(), {"Shelf": shelf, **named, **models})


def test_a_field_of_an_alternative_is_one_of_the_model(tmp_path: Path) -> None:
    fields = {"a": TEXT, "b": TEXT, "c": TEXT}
    root = written(
        tmp_path,
        with_fields(**fields),
        alternatives({"a": TEXT}, {"a": TEXT, "b": TEXT}),
        with_fields(**fields),
    )
    assert history(root).fields == {
        ("Shelf", "a"): Since("9.8"), ("Shelf", "b"): Since("9.8"), ("Shelf", "c"): Since("9.10"),
    }  # fmt: skip


def test_a_field_is_deprecated_where_each_alternative_says_so(tmp_path: Path) -> None:
    root = written(
        tmp_path,
        alternatives({"a": OLD, "b": OLD}, {"a": TEXT}),
        with_fields(a=OLD, b=OLD),
    )
    found = history(root).fields
    assert found == {("Shelf", "a"): Since("9.8", "9.9"), ("Shelf", "b"): Since("9.8", "9.8")}


def test_alternatives_have_no_fields_themselves(tmp_path: Path) -> None:
    root = written(tmp_path, with_fields(a=TEXT), alternatives({"a": TEXT}))
    assert history(root).fields == {("Shelf0", "a"): Since("9.9")}


def test_alternatives_that_go_in_a_circle(tmp_path: Path) -> None:
    choices: list[Schema] = [reference("Shelf"), {"properties": {"a": TEXT}}]
    circle = warehouse(operation(), {"Shelf": {"oneOf": choices}})
    root = written(tmp_path, circle, with_fields(a=TEXT))
    assert history(root).fields["Shelf", "a"] == Since("9.8")


def test_operations_and_models_can_be_deprecated(tmp_path: Path) -> None:
    shelf: Schema = {"type": "object", "properties": {}}
    root = written(
        tmp_path,
        warehouse(operation(), {"Shelf": shelf}),
        warehouse(operation(deprecated=True), {"Shelf": shelf | {"deprecated": True}}),
    )
    found = history(root)
    assert found.operations["GET", "/shelves"] == Since("9.8", "9.9")
    assert found.models["Shelf"] == Since("9.8", "9.9")


@pytest.mark.parametrize(
    "deprecated",
    [parameter(schema=OLD), parameter(deprecated=True)],
    ids=["its schema", "itself"],
)
def test_parameters(deprecated: dict[str, Any], tmp_path: Path) -> None:
    root = written(
        tmp_path, with_parameters(), with_parameters(parameter()), with_parameters(deprecated)
    )
    assert history(root).parameters == {("GET", "/shelves", "limit"): Since("9.9", "9.10")}


def test_the_fields_of_a_form_are_parameters(tmp_path: Path) -> None:
    form = {"type": "object", "properties": {"user": TEXT}}
    plane = with_parameters(requestBody=body(form, "f", "application/x-www-form-urlencoded"))
    root = written(tmp_path, with_parameters(), plane)
    assert history(root).parameters == {("GET", "/shelves", "user"): Since("9.9")}


def test_other_names_of_the_method_and_of_the_paths_parameter_change_nothing(
    tmp_path: Path,
) -> None:
    planes = [
        file("Warehouse", {f"/a/{{{name}}}": {"get": operation(f"shelves.{name}", parameters=[
            parameter(name, TEXT, where="path")
        ])}})
        for name in ("id", "shelfId")
    ]  # fmt: skip
    found = history(written(tmp_path, *({"warehouse": each} for each in planes)))
    assert found.operations == {("GET", "/a/{shelfId}"): Since("9.8")}
    assert found.parameters == {("GET", "/a/{shelfId}", "shelfId"): Since("9.8")}


def test_a_control_plane_that_was_not_imported(tmp_path: Path) -> None:
    root = written(tmp_path, with_fields())
    with pytest.raises(FileNotFoundError, match=r"holds no control plane 9\.9"):
        history(root, "9.9")
