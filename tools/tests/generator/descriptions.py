"""Descriptions of small APIs in this project's own vocabulary, for the generator to read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from runapy_tools import yaml_files
from runapy_tools.openapi import Schema
from runapy_tools.versions import OWN

VERSION = "9.1"


def reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(name: str) -> Schema:
    return {"anyOf": [reference(name), {"type": "null"}]}


def parameter(
    name: str, schema: Schema, place: str = "query", x_name: str | None = None, **facts: Any
) -> dict[str, Any]:
    required = place == "path"
    return {
        "name": name,
        "in": place,
        "x-name": x_name or name,
        "required": required,
        "schema": schema,
        **facts,
    }


def json_body(name: str, schema: Schema, required: bool = True) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"x-name": name, "required": required, "content": content}


def answers(schema: Schema | None = None, **media_types: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}} if schema else {}
    content.update(media_types)
    return {"200": {"description": "OK", **({"content": content} if content else {})}}


def operation(name: str, **facts: Any) -> dict[str, Any]:
    """An operation of the group `gadgets`."""
    return {
        "operationId": f"gadgets.{name}",
        "tags": ["Gadgets"],
        "responses": {"204": {"description": "No Content"}},
        **facts,
    }


def write_description(
    root: Path,
    paths: dict[str, Any],
    schemas: dict[str, Schema] | None = None,
    *,
    words: dict[str, Any] | None = None,
    common: dict[str, Schema] | None = None,
    unreached: dict[str, Schema] | None = None,
    package: str = "gadgets",
) -> None:
    """Write what `generate` reads: one category, a licence, words, core's version."""
    _write(root / "LICENSE", "A licence.\n")
    _write(root / "spec" / "releases.yaml", "first_patch: 3\npatches: {}\n")
    _write(root / OWN["runapy-core"], 'VERSION = "1.4.2"\n')
    folder = root / "spec" / VERSION
    category = {
        "openapi": "3.1.0",
        "info": {"title": "Gadget Shop", "version": VERSION},
        "x-category": {"attribute": package, "class": "GadgetShop"},
        "tags": [{"name": "Gadgets"}],
        "paths": paths,
        "components": {"schemas": schemas or {}},
    }
    _write(folder / f"{package}.yaml", yaml_files.write(category))
    for name, components in (("common", common or {}), ("unreached", unreached or {})):
        file = {
            "openapi": "3.1.0",
            "info": {"title": name, "version": VERSION},
            "components": {"schemas": components},
        }
        _write(folder / f"{name}.yaml", yaml_files.write(file))
    _write(root / "spec" / "words" / "gadgets.yaml", yaml_files.write(words or {}))


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
