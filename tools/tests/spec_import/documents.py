"""Small control-plane documents, and what the importer makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runapy_tools.openapi import Document, Schema
from runapy_tools.spec_import import convert
from runapy_tools.spec_import.report import Report

VERSION = "9.1"


@dataclass
class Imported:
    """Files by category, and the report."""

    files: dict[str, Document]
    report: Report

    @property
    def schemas(self) -> dict[str, Schema]:
        """The components of all files; their names are unique."""
        return {
            name: schema
            for file in self.files.values()
            for name, schema in file["components"]["schemas"].items()
        }

    def operation(self, method: str = "get", path: str = "/shelves") -> dict[str, Any]:
        """An operation's facts, whichever category it is in."""
        found = [
            file["paths"][path][method]
            for file in self.files.values()
            if method in file.get("paths", {}).get(path, {})
        ]
        assert len(found) == 1
        return dict(found[0])


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def answer(schema: Schema, media_type: str = "application/json") -> dict[str, Any]:
    """Responses with one success."""
    return {"200": {"description": "Well.", "content": {media_type: {"schema": schema}}}}


def operation(operation_id: str = "list_shelves", **facts: Any) -> dict[str, Any]:
    """A valid operation of the tag Shelves, which answers without a body unless told."""
    return {
        "operationId": operation_id,
        "tags": ["Shelves"],
        "responses": {"200": {"description": "Well."}},
        **facts,
    }


def document(
    paths: dict[str, Any] | None = None,
    schemas: dict[str, Schema] | None = None,
    *,
    openapi: str = "3.0.3",
    components: dict[str, Any] | None = None,
) -> Document:
    """A document of the categories Warehouse (tag Shelves) and Front Office (tag Orders)."""
    return {
        "openapi": openapi,
        "info": {"title": "A warehouse", "version": VERSION},
        "x-tagGroups": [
            {"name": "Warehouse", "tags": ["Shelves"]},
            {"name": "Front Office", "tags": ["Orders"]},
        ],
        "paths": paths if paths is not None else {"/shelves": {"get": operation()}},
        "components": {"schemas": schemas or {}, **(components or {})},
    }


def imported(source: Document) -> Imported:
    report = Report()
    return Imported(convert(source, VERSION, report), report)


def imported_schemas(schemas: dict[str, Schema], openapi: str = "3.0.3") -> Imported:
    """What becomes of components that are all alternatives of the one operation's answer."""
    union = {"anyOf": [reference(name) for name in schemas]}
    paths = {"/shelves": {"get": operation(responses=answer(union))}}
    return imported(document(paths, schemas, openapi=openapi))


def imported_property(schema: Schema, openapi: str = "3.0.3", **schemas: Schema) -> Imported:
    """What becomes of a schema as the property `part` of the component Shelf."""
    shelf = {"type": "object", "properties": {"part": schema}}
    return imported_schemas({"Shelf": shelf, **schemas}, openapi)


def part(result: Imported) -> Schema:
    """The property of `imported_property`, as it is in this project's description."""
    return dict(result.schemas["Shelf"]["properties"]["part"])
