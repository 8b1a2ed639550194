"""Small descriptions of control planes, as an import writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from runapy_tools import yaml_files
from runapy_tools.openapi import Document, Schema
from runapy_tools.spec_diff import diff
from runapy_tools.spec_diff.changes import Change, Difference

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def parameter(name: str = "limit", schema: Schema = NUMBER, **facts: Any) -> dict[str, Any]:
    where = facts.pop("where", "query")
    client = facts.pop("client", name.replace("-", "_").lower())
    return {"name": name, "in": where, "x-name": client, "required": False, **facts} | {
        "schema": schema
    }


def body(schema: Schema, name: str = "shelf", media_type: str = "application/json") -> Any:
    return {"x-name": name, "required": False, "content": {media_type: {"schema": schema}}}


def answer(schema: Schema | None = None, media_type: str = "application/json") -> Any:
    return {"description": "OK"} | ({"content": {media_type: {"schema": schema}}} if schema else {})


def operation(name: str = "shelves.list_shelves", **facts: Any) -> dict[str, Any]:
    return {"operationId": name, "tags": ["Shelves"], "responses": {"200": answer()}} | facts


def file(
    title: str, paths: dict[str, Any] | None = None, schemas: dict[str, Schema] | None = None
) -> Document:
    """A file of a category, or of models alone where there are no paths."""
    category = {"attribute": title.lower(), "class": title}
    of_a_category = {"x-category": category, "tags": [{"name": "Shelves"}], "paths": paths}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "9.1"},
        **(of_a_category if paths is not None else {}),
        "components": {"schemas": schemas or {}},
    }


def warehouse(
    facts: dict[str, Any] | None = None,
    schemas: dict[str, Schema] | None = None,
    *,
    method: str = "get",
    path: str = "/shelves",
) -> dict[str, Document]:
    """One category with one operation, and models."""
    paths = {} if facts is None else {path: {method: facts}}
    return {"warehouse": file("Warehouse", paths, schemas)}


def write(root: Path, version: str, files: dict[str, Document]) -> Path:
    folder = root / "spec" / version
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(yaml_files.write(content), encoding="utf-8")
    return folder


def difference(root: Path, older: dict[str, Document], newer: dict[str, Document]) -> Difference:
    write(root, "9.1", older)
    write(root, "9.2", newer)
    return diff(root, "9.1", "9.2")


def changes(found: Difference) -> dict[str, list[Change]]:
    """What changed, by the name of the operation or model."""
    return {entry.name: list(entry.changes) for entry in found.entries}
